"""One self-contained page: nothing is loaded from elsewhere, every name is escaped, and it reads without its script."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import escape
from importlib.resources import files
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import numpy as np

from holdstill.result.advice import DIFFERENT, advise_clamped, answer
from holdstill.result.report import figures, pictures
from holdstill.result.report.bending import draw_bending
from holdstill.result.report.control_points import draw_control_points
from holdstill.result.report.methods import methods, references, repeat_command, repeat_python
from holdstill.result.report.style import CSS
from holdstill.result.report.traces import Chart, list_charts
from holdstill.result.wording import count, describe_turn

if TYPE_CHECKING:
    from holdstill.result.components import PcShifts
    from holdstill.result.review import Review
    from holdstill.result.value import RegistrationValue

__all__ = ["render"]

# whatever stands in the page, nobody is asked
POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'"
)
CAPTIONS = {
    "drift": ("Drift", "Shift of each frame against the reference; the band is one standard deviation. A jump in one "
              "frame alone deserves a look, as does a band that widens."),
    "rotation": ("Rotation", "About the centre of the frame; positive turns the content counter-clockwise as "
                 "displayed. The band is one standard deviation."),
    "scale": ("Scale", "Above 1, the frame shows the specimen larger than the reference does. The band is one standard "
              "deviation."),
    "agreement": ("Agreement with the mean", "Correlation of each frame with the mean of the frames, where every good "
                  "frame shows something: before and after, the number that the field quotes. Where photons are few "
                  "it is low before and after; what counts is that it rises, and that no frame falls below others."),
}  # fmt: skip
HOW = "Drag to zoom, double-click for all; with Ctrl or Shift the wheel zooms or pans. Keys: + − ← → Home."


def render(registration: RegistrationValue, review: Review | None = None, *, why_not: str = "") -> str:
    """The report of a `Registration` as HTML.

    Parameters
    ----------
    registration : RegistrationValue
    review : Review, optional
        What the pixels show.
    why_not : str
        Why there is no review, for the page to say.
    """
    name = escape(_name(registration))
    found = answer(registration, review)
    several = len(registration) > 1
    charts = list_charts(registration, review) if several else []
    bent = draw_bending(registration) if several else ""
    bent += draw_control_points(registration) if several else ""
    body = [
        f"<header><p class=brand>holdstill</p><h1>{name}</h1>"
        f'<p class="answer {found.level.value}">{escape(found.sentence)}</p></header>',
        _numbers(registration, review),
        pictures.compare(registration, review, why_not) if several else pictures.overlay(registration),
        pictures.list_flagged(registration, review),
        _section("Motion", "".join(map(_figure, charts)) + _side_by_side(registration, bool(bent)) + bent)
        if several
        else "",
        pictures.kymographs(review) if review is not None else "",
        pictures.weights(registration),
        _methods(registration),
        _provenance(registration),
    ]
    viewport = '<meta name="viewport" content="width=device-width, initial-scale=1">'
    policy = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    style, script = (_read_part(f"report.{kind}") for kind in ("css", "js"))
    data = "".join(
        f'<script type="application/json" id="data-{chart.name}">{_json(chart.as_plain())}</script>' for chart in charts
    )
    head = f'<meta charset="utf-8">{policy}{viewport}<title>{name} - holdstill</title><style>{style}{CSS}</style>'
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head>{head}</head><body><main>{"".join(body)}</main>{data}'
        f"<script>{script}</script></body></html>\n"
    )


def _name(registration: RegistrationValue) -> str:
    """What the images are called: their file, or what they are where there is none; of a pair both."""
    given = _last_part(registration.provenance.get("input", "images"))
    fixed = registration.provenance.get("fixed")
    if given == "array":
        given = "Image in memory" if len(registration) == 1 else "Movie in memory"
    if len(registration) != 1 or not isinstance(fixed, str):
        return given
    return f"{given}, aligned with {'an image in memory' if fixed == 'array' else _last_part(fixed)}"


def _last_part(name: Any) -> str:
    return PurePath(str(name)).name or str(name)


def _read_part(name: str) -> str:
    return files("holdstill.result.report").joinpath("page", name).read_text(encoding="utf-8").strip()


def _json(content: Any) -> str:
    """JSON that cannot end the element it stands in."""
    return json.dumps(content, allow_nan=False, separators=(",", ":")).replace("<", "\\u003c")


def _section(title: str, content: str) -> str:
    return f"<section><h2>{title}</h2>{content}</section>" if content else ""


def _numbers(registration: RegistrationValue, review: Review | None) -> str:
    items = (
        f"<div><dt>{label}</dt><dd>{value}<small>{pictures.mark_options(note)}</small></dd></div>"
        for label, value, note in (
            _headlines(registration, review) if len(registration) != 1 else _of_pair(registration)
        )
    )
    return f"<dl class=numbers>{''.join(items)}</dl>"


def _headlines(registration: RegistrationValue, review: Review | None) -> Iterator[tuple[str, str, str]]:
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
    yield "range of drift, px", spread, _um(np.round(spans, 3), sizes, ".3g") or f"along {', '.join(names)}"
    if review is not None:
        yield from _of_pixels(review)
    error = (f"{np.max(median):.4f}" if np.max(median) >= 0.0001 else "&lt; 0.0001") if len(known) else "unknown"
    yield "error bar, px", error, _um(median, sizes, ".2g") or _error_note(registration)
    yield "frames flagged", f"{int((~good).sum()):,}", pictures.reasons(registration)
    yield "pixels clamped", f"{registration.clamped:,}", advise_clamped(registration) or "to the range of the dtype"


def _of_pixels(review: Review) -> Iterator[tuple[str, str, str]]:
    if review.good.sum() < 2:
        return  # nothing was corrected of which a gain could be told: one frame agrees with itself
    before, after = review.agreement
    note = f"{_correlation(before)} before (median of {count(int(review.good.sum()), 'good frame')})"
    yield "agreement with the mean", _correlation(after), note
    if review.gain >= -DIFFERENT:  # else frames agree less than before, and what is crisper is not the specimen
        note = f"{review.crispness_before:,.0f} before: norm of the gradient"
        yield "crispness of the mean", f"{review.crispness_after:,.0f}", note
    left = review.residual_px
    if np.isfinite(left):
        shown = f"{left:.3f}" if left >= 0.001 else "&lt; 0.001"
        yield "motion left, px", shown, "from frame to frame, agreed upon by two halves of the pixels"
    if review.pc_shifts is not None and np.isfinite(review.pc_shifts.after).any():
        yield from _of_components(review.pc_shifts)


def _of_components(found: PcShifts) -> Iterator[tuple[str, str, str]]:
    note = f"mean of 30 principal components, largest {np.nanmax(found.after):.2f}"
    if np.isfinite(found.before).any():
        note += f"; before {np.nanmean(found.before):.3f}, largest {np.nanmax(found.before):.2f}"
    yield "PC shifts, px", f"{np.nanmean(found.after):.3f}", note


# parameters of one transform that are shown one by one: those of an affine map of volumes
MOST_SHOWN = 12
# factor, unit and format of a parameter, by how its name ends
PARAMETERS = {
    "_rad": (180 / np.pi, "°", ".4f"), "_per_px": (1.0, " per px", ".3g"), "_px": (1.0, " px", ".4f"),
    "": (1.0, "", ".5f"),
}  # fmt: skip


def _of_pair(registration: RegistrationValue) -> Iterator[tuple[str, str, str]]:
    """Each parameter of one transform, with its error; of one with many what they come to."""
    if len(registration.parameter_names) > MOST_SHOWN:
        yield from _of_bent_pair(registration)
    else:
        yield from _of_parameters(registration)
    corner = registration.corner_errors[0]
    yield (
        "corners",
        f"{corner:.3g} px" if np.isfinite(corner) else "unknown",
        "one standard deviation of where they come to lie",
    )
    yield "correlation", _correlation(float(registration.scores[0])), "of the two images, aligned"


def _of_bent_pair(registration: RegistrationValue) -> Iterator[tuple[str, str, str]]:
    shift, turn = registration.shifts[0], describe_turn(registration.trajectory)
    where = ", ".join(f"{value:.2f}" for value in shift)
    yield "shift of the centre, px", where, f"along {', '.join('zyx'[-len(shift) :])}"
    if "angle_deg" in turn:
        mirrored = "after it was mirrored along x" if turn.get("mirrored") else "about the centre"
        yield "turned by", f"{turn['angle_deg']:.2f}°", mirrored
    if "scale" in turn:
        yield "scale", f"{turn['scale']:.4f}", "above 1, the image shows the specimen larger than the fixed one does"
    if "bent_px" in turn:
        yield "bent by", f"{turn['bent_px']:.2f} px", "root mean square of what an affine map leaves"
    area = registration.provenance.get("smallest_jacobian")
    if isinstance(area, float):
        yield "smallest Jacobian", f"{area:.2f}", "what bending leaves of an area where it shrinks most"


def _of_parameters(registration: RegistrationValue) -> Iterator[tuple[str, str, str]]:
    values, errors = registration.parameters[0], registration.errors[0]
    for name, value, error in zip(registration.parameter_names, values, errors, strict=True):
        label, factor, unit, form = next(
            (name.removesuffix(ending), *how) for ending, how in PARAMETERS.items() if name.endswith(ending)
        )
        label = label.replace("_", " ")
        bar = f"± {error * factor:.2g}{unit}" if np.isfinite(error) else "error not known"
        shown = f"{value * factor:{form}}{unit}" if np.isfinite(value) else "unknown"
        yield escape(label), shown, bar


def _correlation(value: float) -> str:
    return f"{value:.3f}" if np.isfinite(value) else "unknown"


def _error_note(registration: RegistrationValue) -> str:
    corners = registration.corner_errors[np.isfinite(registration.corner_errors)]
    if registration.motion == "translation" or not len(corners):
        return "median of one standard deviation: noise only"
    return f"of the centre; {np.median(corners):.3g} at the corners: noise only"


def _um(values: Any, sizes: tuple[float | None, ...], form: str) -> str:
    if any(size is None for size in sizes) or not np.isfinite(values).all():
        return ""
    return _times([value * float(size or 0) for value, size in zip(values, sizes, strict=True)], form) + " µm"


def _times(numbers: Any, form: str) -> str:
    return " × ".join(format(number, form) for number in numbers)


def _figure(chart: Chart) -> str:
    title, note = CAPTIONS[chart.name]
    step = chart.lines[0].trace.frames_per_step
    thinned = f" Each point stands for {step:,} frames, the band for their range." if step > 1 else ""
    label = f"{title}, interactive. {HOW}"
    place = f'<div class=chart data-chart="{chart.name}" tabindex=0 role=group aria-label="{label}"></div>'
    return (
        f'<figure id="{chart.name}"><div class=static>{figures.chart(chart)}</div>{place}'
        f"<figcaption><b>{title}.</b> {note}{thinned} <span class=how>{HOW}</span></figcaption></figure>"
    )


def _side_by_side(registration: RegistrationValue, bends: bool) -> str:
    path = _plain_figure(
        figures.path(registration), "Path",
        "The way in the plane, from dark to bright in time. A compact cloud is jitter, a line is drift.", "path",
    )  # fmt: skip
    svg = figures.ratios(registration)
    ratios = "" if not svg else _plain_figure(
        svg, "Error bars over the bound",
        "How far above the least that the light allows (Cramér and Rao; the dashed line) the error bars stand. "
        "Both count noise only: neither knows of a specimen that deforms."
        + (" Below it, control points borrow from their neighbours." if bends else ""), "ratios",
    )  # fmt: skip
    return f"<p id=pointed class=note role=status></p><div class=motion>{path}{ratios}</div>"


def _plain_figure(svg: str, title: str, note: str, kind: str) -> str:
    return f'<figure class="{kind}">{svg}<figcaption><b>{title}.</b> {note}</figcaption></figure>'


def _methods(registration: RegistrationValue) -> str:
    cited = "".join(f"<li>{escape(text)}</li>" for text in references(registration))
    copy = "<button type=button data-copy=methods hidden>Copy</button>"
    text = f"<p class=prose id=methods>{escape(methods(registration))}</p>{copy}<ol class=refs>{cited}</ol>"
    again = ""
    for title, code in (("As a command", repeat_command(registration)), ("In Python", repeat_python(registration))):
        if code:
            again += f"<h3>{title}</h3><pre tabindex=0><code>{pictures.mark_options(code)}</code></pre>"
    return _section("Methods", text) + _section("Do it again", again)


def _provenance(registration: RegistrationValue) -> str:
    known = {"motion": registration.family, "frames": count(len(registration), "frame"), **registration.provenance}
    rows = "".join(
        f"<tr><th scope=row>{escape(str(key).replace('_', ' '))}</th><td>{escape(_plain(value))}</td></tr>"
        for key, value in known.items()
    )
    return _section("What was done", f"<div class=scroll tabindex=0><table class=provenance>{rows}</table></div>")


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{key} {_plain(item)}" for key, item in value.items()) or "-"
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list):
        joint = " × " if all(isinstance(item, (int, float)) for item in value) else "; "
        return joint.join(_plain(item) for item in value) or "-"
    return "-" if value is None else str(value)
