"""One self-contained page: no scripts, nothing loaded from elsewhere, every name escaped."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from html import escape
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import numpy as np

from holdstill.reference.noise import crispness
from holdstill.result.report import figures
from holdstill.result.report.methods import methods, references
from holdstill.result.report.style import CSS

if TYPE_CHECKING:
    from holdstill.result.value import RegistrationValue

__all__ = ["render"]

MAX_FLAGGED = 200
TRACES = {
    "drift": "Shift of each frame against the reference; the band is one standard deviation. A jump in one frame "
    "alone deserves a look, as does a band that widens.",
    "rotation": "About the centre of the frame; positive turns the content counter-clockwise as displayed.",
    "errors": "How well each frame is known. Half the light costs a factor of 1.4; a single high frame is out of "
    "focus, moved while it was exposed, or shows something else.",
    "scores": "Correlation after alignment. In dim movies it is low everywhere; what counts is a frame that falls "
    "below its neighbours.",
    "path": "The way in the plane, from dark to bright in time. A compact cloud is jitter, a line is drift.",
}


def render(registration: RegistrationValue) -> str:
    """The report of a `Registration` as HTML."""
    name = escape(PurePath(str(registration.provenance.get("input", "images"))).name)
    body = [
        f"<header><p class=brand>holdstill</p><h1>{name}</h1><p>{_verdict_line(registration)}</p></header>",
        _numbers(registration),
        _pictures(registration),
        _traces(registration) if len(registration) else "",
        _list_flagged(registration),
        f"<section><h2>Methods</h2><p class=prose>{escape(methods(registration))}</p><ol class=refs>",
        *(f"<li>{escape(text)}</li>" for text in references()),
        "</ol></section>",
        _provenance(registration),
    ]
    viewport = '<meta name="viewport" content="width=device-width, initial-scale=1">'
    head = f'<head><meta charset="utf-8">{viewport}<title>{name}</title><style>{CSS}</style></head>'
    return f'<!DOCTYPE html>\n<html lang="en">{head}<body><main>{"".join(body)}</main></body></html>\n'


def _verdict_line(registration: RegistrationValue) -> str:
    flagged, total = int((~registration.ok).sum()), len(registration)
    if flagged == total:
        return "None of the frames could be registered." if total else "There were no frames."
    if not flagged:
        return f"All {total:,} frames were registered." if total > 1 else "The frame was registered."
    return f"{total - flagged:,} of {total:,} frames were registered; {flagged:,} took their shift from neighbours."


def _numbers(registration: RegistrationValue) -> str:
    items = (
        f"<div><dt>{label}</dt><dd>{value}<small>{escape(note)}</small></dd></div>"
        for label, value, note in _headlines(registration)
    )
    return f"<dl class=numbers>{''.join(items)}</dl>"


def _headlines(registration: RegistrationValue) -> Iterator[tuple[str, str, str]]:
    """Label, number and note of what to know first."""
    good = registration.ok
    moved = registration.shifts[good & np.isfinite(registration.shifts).all(axis=1)]
    names = "zyx"[-len(registration.frame_shape) :]
    spans = np.ptp(moved, axis=0) if len(moved) else np.full(len(names), np.nan)
    known = registration.shift_errors[np.isfinite(registration.errors).all(axis=1)]
    median = np.median(known, axis=0) if len(known) else np.full(len(names), np.nan)
    sizes = registration.pixel_size_um[-len(names) :]
    yield "frames", f"{len(good):,}", _times(registration.frame_shape, "d") + " px"
    spread = _times(spans, ".2f" if max(spans) < 10 else ".1f") if len(moved) else "unknown"
    yield "range of drift, px", spread, _um(spans, sizes, ".3g") or f"along {', '.join(names)}"
    error = (f"{np.max(median):.4f}" if np.max(median) >= 0.0001 else "&lt; 0.0001") if len(known) else "unknown"
    yield "median error bar, px", error, _um(median, sizes, ".2g") or _error_note(registration)
    yield "frames flagged", f"{int((~good).sum()):,}", _reasons(registration)
    dtype = registration.provenance.get("dtype", "the dtype")
    yield "pixels clamped", f"{registration.clamped:,}", f"to the range of {dtype}"


def _error_note(registration: RegistrationValue) -> str:
    corners = registration.corner_errors[np.isfinite(registration.corner_errors)]
    if registration.motion == "translation" or not len(corners):
        return "one standard deviation"
    return f"of the centre; {np.median(corners):.3g} at the corners"


def _um(values: Any, sizes: tuple[float | None, ...], form: str) -> str:
    if any(size is None for size in sizes) or not np.isfinite(values).all():
        return ""
    return _times([value * float(size or 0) for value, size in zip(values, sizes, strict=True)], form) + " µm"


def _times(numbers: Any, form: str) -> str:
    return " × ".join(format(number, form) for number in numbers)


def _reasons(registration: RegistrationValue) -> str:
    counts = Counter(verdict.value for verdict in registration.verdicts if verdict.value != "ok")
    return ", ".join(f"{count:,} {reason}" for reason, count in counts.most_common()) or "none"


def _pictures(registration: RegistrationValue) -> str:
    pictures = figures.means(registration)
    if not pictures:
        return ""
    before, after = (crispness(registration.images[name]) for name in ("mean_before", "mean_after"))
    projected = " Maximum along z." if len(registration.frame_shape) == 3 else ""
    gain = f", {after / before:.2f} times that before" if before > 0 else ""
    notes = {
        "mean_before": ("Mean before", f"Crispness {before:,.4g}. Motion blurs what is fixed in the specimen."),
        "mean_after": (
            "Mean after", f"Crispness {after:,.4g}{gain}. What held still is sharp; what is blurred moved by itself.",
        ),
    }  # fmt: skip
    parts = [
        f'<figure><img src="{pictures[key]}" alt="{label}"><figcaption><b>{label}.</b>{projected} {note}</figcaption>'
        "</figure>"
        for key, (label, note) in notes.items()
    ]
    return f"<section><h2>Before and after</h2><div class=pair>{''.join(parts)}</div></section>"


def _traces(registration: RegistrationValue) -> str:
    drift = _figure(figures.drift(registration), "Drift", TRACES["drift"], "drift")
    path = _figure(figures.path(registration), "Path", TRACES["path"], "path")
    known = np.isfinite(registration.errors).any()
    errors = _figure(figures.errors(registration), "Error bars", TRACES["errors"]) if known else ""
    scores = _figure(figures.scores(registration), "Agreement with the reference", TRACES["scores"])
    turned = figures.rotation(registration)
    if turned:
        drift += _figure(turned, "Rotation", TRACES["rotation"], "drift")
    return f"<section><h2>Motion</h2>{drift}<div class=motion>{path}<div>{errors}{scores}</div></div></section>"


def _figure(svg: str, title: str, note: str, kind: str = "trace") -> str:
    return f'<figure class="{kind}">{svg}<figcaption><b>{title}.</b> {note}</figcaption></figure>'


def _list_flagged(registration: RegistrationValue) -> str:
    flagged = np.flatnonzero(~registration.ok)
    if not len(flagged):
        return ""
    rows = []
    for frame in flagged[:MAX_FLAGGED]:
        verdict = registration.verdicts[frame]
        shift = ", ".join(f"{value:+.2f}" for value in registration.shifts[frame])
        rows.append(f"<tr><td>{frame}</td><td>{verdict.value}</td><td>{verdict.reason}</td><td>{shift}</td></tr>")
    more = f" These are the first {MAX_FLAGGED} of {len(flagged):,}." if len(flagged) > MAX_FLAGGED else ""
    note = f"<p class=note>Frames are counted from 0.{more} The table beside the movie (drift.csv) has every frame.</p>"
    head = "<tr><th>frame</th><th>verdict</th><th>meaning</th><th>shift used (px)</th></tr>"
    return (
        f"<section><h2>Flagged frames</h2><div class=scroll><table>{head}{''.join(rows)}</table></div>{note}</section>"
    )


def _provenance(registration: RegistrationValue) -> str:
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
        return " × ".join(_plain(item) for item in value)
    return "-" if value is None else str(value)
