"""One self-contained page: no scripts, nothing loaded from elsewhere, every name escaped."""

from __future__ import annotations

from collections import Counter
from html import escape
from pathlib import PurePath
from typing import Any

import numpy as np

from holdstill.metrics import crispness
from holdstill.report import figures
from holdstill.report.methods import methods, references
from holdstill.report.style import CSS

__all__ = ["render"]

MAX_FLAGGED = 200
MEANINGS = {
    "blank": "no signal, or nothing that matches the reference",
    "low_contrast": "error bar above 0.5 px",
    "out_of_range": "beyond the largest shift, or less than 25 % of the reference in view",
    "saturated": "more than 5 % of the pixels at the top of the range",
    "mismatch": "shows something else than the reference",
}

TRACES = {
    "drift": "Shift of each frame against the reference; the band is one standard deviation. A jump in one frame "
    "alone deserves a look, as does a band that widens.",
    "errors": "How well each frame is known. Half the light costs a factor of 1.4; a single high frame is out of "
    "focus, moved while it was exposed, or shows something else.",
    "scores": "Correlation after alignment. In dim movies it is low everywhere; what counts is a frame that falls "
    "below its neighbours.",
    "path": "The way in the plane, dark to bright in time.",
}


def render(registration: Any) -> str:
    """The report of a `Registration` as HTML."""
    name = escape(PurePath(str(registration.provenance.get("input", "images"))).name)
    body = [
        f"<header><p class=brand>holdstill</p><h1>{name}</h1><p>{_verdict_line(registration)}</p></header>",
        _numbers(registration),
        _pictures(registration),
        _traces(registration) if len(registration) else "",
        _flagged(registration),
        f"<section><h2>Methods</h2><p class=prose>{escape(methods(registration))}</p><ol class=refs>",
        *(f"<li>{escape(text)}</li>" for text in references()),
        "</ol></section>",
        _provenance(registration),
    ]
    viewport = '<meta name="viewport" content="width=device-width, initial-scale=1">'
    head = f'<head><meta charset="utf-8">{viewport}<title>{name}</title><style>{CSS}</style></head>'
    return f'<!DOCTYPE html>\n<html lang="en">{head}<body><main>{"".join(body)}</main></body></html>\n'


def _verdict_line(registration: Any) -> str:
    flagged = int((~registration.ok).sum())
    total = len(registration)
    if not flagged:
        return f"All {total:,} frames were registered."
    return (
        f"{total - flagged:,} of {total:,} frames were registered; {flagged:,} took their shift from their neighbours."
    )


def _numbers(registration: Any) -> str:
    good, shifts = registration.ok, registration.shifts
    names = "zyx"[-len(registration.frame_shape) :]
    spans = np.ptp(shifts[good], axis=0) if good.any() else np.zeros(len(names))
    median = np.median(registration.errors[good], axis=0) if good.any() else np.full(len(names), np.nan)
    sizes = registration.pixel_size_um[-len(names) :]
    cells = {
        "frames": (f"{len(registration):,}", " x ".join(str(n) for n in registration.frame_shape) + " px"),
        "range of drift": (
            " x ".join(f"{span:.2f}" for span in spans) + " px", _um(spans, sizes) or " x ".join(names),
        ),
        "median error bar": (f"{np.max(median):.4f} px" if good.any() else "unknown", _um(median, sizes) or "1 sd"),
        "frames flagged": (f"{int((~good).sum()):,}", _reasons(registration)),
        "pixels clamped": (f"{registration.clamped:,}", "to the range of the dtype"),
    }  # fmt: skip
    items = (
        f"<div><dt>{label}</dt><dd>{value}<small>{escape(note)}</small></dd></div>"
        for label, (value, note) in cells.items()
    )
    return f"<dl class=numbers>{''.join(items)}</dl>"


def _um(values: Any, sizes: tuple[float | None, ...]) -> str:
    if any(size is None for size in sizes) or not np.isfinite(values).all():
        return ""
    return " x ".join(f"{value * float(size or 0):.3g}" for value, size in zip(values, sizes, strict=True)) + " um"


def _reasons(registration: Any) -> str:
    counts = Counter(verdict.value for verdict in registration.verdicts if verdict.value != "ok")
    return ", ".join(f"{count:,} {reason}" for reason, count in counts.most_common()) or "none"


def _pictures(registration: Any) -> str:
    pictures = figures.means(registration)
    if not pictures:
        return ""
    before, after = (crispness(registration.images[name]) for name in ("mean_before", "mean_after"))
    parts = [
        f'<figure><img src="{pictures[key]}" alt="{label}"><figcaption><b>{label}.</b> {note}</figcaption></figure>'
        for key, label, note in (
            ("mean_before", "Mean before", f"Crispness {before:,.0f}. Motion blurs what is fixed in the specimen."),
            (
                "mean_after",
                "Mean after",
                f"Crispness {after:,.0f}. What held still is sharp; what is blurred moved by itself.",
            ),
        )
    ]
    return f"<section><h2>Before and after</h2><div class=pair>{''.join(parts)}</div></section>"


def _traces(registration: Any) -> str:
    parts = (
        _figure(figures.drift(registration), "Drift", TRACES["drift"]),
        _figure(figures.errors(registration), "Error bars", TRACES["errors"]),
        _figure(figures.scores(registration), "Agreement with the reference", TRACES["scores"]),
        _figure(figures.path(registration), "Path", TRACES["path"], "small"),
    )
    return f"<section><h2>Motion</h2>{''.join(parts)}</section>"


def _figure(svg: str, title: str, note: str, kind: str = "wide") -> str:
    return f'<figure class="{kind}">{svg}<figcaption><b>{title}.</b> {note}</figcaption></figure>'


def _flagged(registration: Any) -> str:
    flagged = np.flatnonzero(~registration.ok)
    if not len(flagged):
        return ""
    rows = []
    for frame in flagged[:MAX_FLAGGED]:
        reason = registration.verdicts[frame].value
        shift = ", ".join(f"{value:+.2f}" for value in registration.shifts[frame])
        rows.append(f"<tr><td>{frame}</td><td>{reason}</td><td>{MEANINGS.get(reason, '')}</td><td>{shift}</td></tr>")
    more = (
        f"<p>The first {MAX_FLAGGED} of {len(flagged):,}; drift.csv has them all.</p>"
        if len(flagged) > MAX_FLAGGED
        else ""
    )
    head = "<tr><th>frame</th><th>verdict</th><th>meaning</th><th>shift used (px)</th></tr>"
    return (
        f"<section><h2>Flagged frames</h2><div class=scroll><table>{head}{''.join(rows)}</table></div>{more}</section>"
    )


def _provenance(registration: Any) -> str:
    rows = "".join(
        f"<tr><th>{escape(str(key).replace('_', ' '))}</th><td>{escape(_plain(value))}</td></tr>"
        for key, value in registration.provenance.items()
    )
    return f"<section><h2>What was done</h2><div class=scroll><table class=provenance>{rows}</table></div></section>"


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_plain(item)}" for key, item in value.items())
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list):
        return " x ".join(_plain(item) for item in value)
    return "-" if value is None else str(value)
