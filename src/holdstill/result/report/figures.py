"""The figures of the report: traces as inline SVG whose colours follow the page, pictures as PNG."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import imagecodecs
import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter
from numpy.typing import NDArray

if TYPE_CHECKING:
    from holdstill.result.value import RegistrationValue

__all__ = ["drift", "errors", "means", "path", "rotation", "scores"]

# each stands for a variable of the style sheet, so that light, dark and paper have their own
TEXT, RULE, FLAG, SCORE = "#777777", "#888888", "#c99a06", "#5b5f97"
AXIS = {"z": "#7a8b2a", "y": "#1f6f8b", "x": "#c8553d"}
VARIABLES = {TEXT: "soft", RULE: "rule", FLAG: "flag", SCORE: "score"} | {c: f"axis-{n}" for n, c in AXIS.items()}
MAX_POINTS = 1500
MAX_MARKS = 400
DOTS_BELOW = 150
MIN_SPAN_PX = 0.1  # a path that is one point still gets an axis that can be read
GREY_RANGE = (0.5, 99.8)  # percentiles shown as black and white


@dataclass(frozen=True)
class _Trace:
    """At most `MAX_POINTS` steps of a trace: middle, mean and range of the frames of each, NaN where none counts."""

    times: NDArray[np.float64]
    mean: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    frames_per_step: int


def _steps(values: NDArray[np.float64]) -> _Trace:
    size = max(1, -(-len(values) // MAX_POINTS))
    n_steps = -(-len(values) // size)
    padded = np.full(n_steps * size, np.nan)
    padded[: len(values)] = values
    rows = padded.reshape(n_steps, size)
    known = np.isfinite(rows)
    counts = known.sum(axis=1)
    mean = np.where(counts > 0, np.where(known, rows, 0).sum(axis=1) / np.maximum(counts, 1), np.nan)
    low, high = (np.where(counts > 0, f.reduce(rows, axis=1), np.nan) for f in (np.fmin, np.fmax))
    times = np.minimum(np.arange(n_steps) * size + (size - 1) / 2, len(values) - 1)
    return _Trace(times, mean, low, high, size)


def _figure(width: float, height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasSVG(figure)
    figure.patch.set_visible(False)
    axes = figure.add_subplot()
    axes.patch.set_visible(False)
    for side, spine in axes.spines.items():
        spine.set_visible(side in ("left", "bottom"))
        spine.set_color(RULE)
    axes.tick_params(which="both", color=RULE, labelcolor=TEXT, labelsize=8)
    axes.grid(color=RULE, alpha=0.2, linewidth=0.6)
    return figure, axes


def _label(axes: Axes, x: str, y: str) -> None:
    axes.set_xlabel(x, color=TEXT, fontsize=8.5)
    axes.set_ylabel(y, color=TEXT, fontsize=8.5)


def _frames(axes: Axes, n_frames: int) -> None:
    """Whole, unabbreviated frame numbers along x."""
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=8, min_n_ticks=1))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    margin = max(0.5, 0.01 * n_frames)
    axes.set_xlim(-margin, n_frames - 1 + margin)


def _svg(figure: Figure, name: str, label: str) -> str:
    """The figure as an element of a page: ids of its own, colours by variable, text in the page's font."""
    buffer = io.StringIO()
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": name}):
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    text = buffer.getvalue()
    text = text[text.index("<svg") :].replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)
    for mark in ('id="', "url(#", 'href="#'):
        text = text.replace(mark, f"{mark}{name}-")
    for colour, variable in VARIABLES.items():
        text = text.replace(colour, f"var(--{variable})")
    return text


def _draw(axes: Axes, trace: _Trace, colour: str, label: str | None = None) -> None:
    marker = "o" if len(trace.times) < DOTS_BELOW else ""
    axes.plot(trace.times, trace.mean, color=colour, linewidth=1.2, marker=marker, markersize=2.4, label=label)
    if trace.frames_per_step > 1:
        axes.fill_between(trace.times, trace.low, trace.high, color=colour, alpha=0.3, linewidth=0)


def _mark(axes: Axes, flagged: NDArray[np.intp]) -> None:
    """A tick at the foot of the axes for each flagged frame, or for as many as can be told apart."""
    if len(flagged):
        chosen = flagged[np.unique(np.linspace(0, len(flagged) - 1, min(len(flagged), MAX_MARKS)).astype(int))]
        axes.plot(
            chosen, np.full(len(chosen), 0.025), "|", color=FLAG, markersize=7, markeredgewidth=1.2,
            transform=axes.get_xaxis_transform(), label="flagged",
        )  # fmt: skip


def _legend(axes: Axes) -> None:
    axes.legend(
        frameon=False, ncols=4, fontsize=8.5, labelcolor=TEXT, loc="lower right", bbox_to_anchor=(1, 1),
        borderaxespad=0.1, handlelength=1.4, columnspacing=1.4,
    )  # fmt: skip


def _plain_log(axes: Axes, values: NDArray[np.float64]) -> None:
    """A logarithmic scale round `values`, all above zero, whose ticks read 0.005, not 5 x 10^-3."""
    low, high = values.min() / 1.2, values.max() * 1.2
    axes.set_ylim(low, high)
    axes.set_yscale("log")
    if high < 8 * low:  # less than a decade has too few round powers
        axes.yaxis.set_major_locator(MaxNLocator(nbins=4))
    else:
        axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if high < 300 * low else (1,), numticks=9))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.yaxis.set_minor_formatter(NullFormatter())


def drift(registration: RegistrationValue) -> str:
    """Shift along each axis against the frame number, with one standard deviation on both sides."""
    figure, axes = _figure(8.4, 2.9)
    for axis, name in enumerate("zyx"[-len(registration.frame_shape) :]):
        trace = _steps(registration.shifts[:, axis])
        error = _steps(registration.errors[:, axis]).high
        _draw(axes, trace, AXIS[name], name)
        axes.fill_between(trace.times, trace.low - error, trace.high + error, color=AXIS[name], alpha=0.2, linewidth=0)
    _mark(axes, np.flatnonzero(~registration.ok))
    _label(axes, "frame", "shift (px)")
    _frames(axes, len(registration))
    _legend(axes)
    return _svg(figure, "drift", "Shift of each frame along each axis")


def rotation(registration: RegistrationValue) -> str:
    """Rotation against the frame number, with one standard deviation on both sides; empty for mere shifts."""
    names = registration.parameter_names
    turning = [(k, name) for k, name in enumerate(names) if name.startswith("rotation")]
    if not turning:
        return ""
    figure, axes = _figure(8.4, 2.2)
    for k, name in turning:
        axis = name.split("_")[1] if len(turning) > 1 else "z"
        trace = _steps(np.rad2deg(registration.parameters[:, k]))
        error = _steps(np.rad2deg(registration.errors[:, k])).high
        _draw(axes, trace, AXIS[axis], f"about {axis}" if len(turning) > 1 else None)
        axes.fill_between(trace.times, trace.low - error, trace.high + error, color=AXIS[axis], alpha=0.2, linewidth=0)
    _label(axes, "frame", "rotation (degrees)")
    _frames(axes, len(registration))
    if len(turning) > 1:
        _legend(axes)
    return _svg(figure, "rotation", "Rotation of each frame")


def path(registration: RegistrationValue) -> str:
    """The way of the frame in the y-x plane, coloured by time."""
    figure, axes = _figure(3.9, 4.0)
    y, x = registration.shifts[:, -2:].T
    chosen = np.unique(np.linspace(0, len(y) - 1, min(len(y), MAX_POINTS)).astype(int))
    chosen = chosen[np.isfinite(x[chosen] + y[chosen])]
    axes.plot(x[chosen], y[chosen], color=RULE, linewidth=0.6, alpha=0.6)
    points = axes.scatter(x[chosen], y[chosen], c=chosen, s=9, cmap="viridis", linewidths=0)
    bar = figure.colorbar(points, ax=axes, location="bottom", shrink=0.8, aspect=30, pad=0.03)
    bar.set_label("frame", color=TEXT, fontsize=8.5)
    bar.ax.tick_params(color=RULE, labelcolor=TEXT, labelsize=8)
    bar.locator = MaxNLocator(integer=True, nbins=4, min_n_ticks=1)
    bar.formatter = FuncFormatter(lambda value, _: f"{value:,.0f}")
    bar.outline.set_visible(False)
    axes.set_aspect("equal", adjustable="datalim")
    if len(chosen):
        axes.update_datalim([(x[chosen].mean() + side * MIN_SPAN_PX / 2, y[chosen].mean()) for side in (-1, 1)])
    axes.locator_params(nbins=6)
    axes.invert_yaxis()
    _label(axes, "x (px)", "y (px)")
    return _svg(figure, "path", "Path of the frames in the plane")


def errors(registration: RegistrationValue) -> str:
    """Error bar of each frame, on a logarithmic scale."""
    figure, axes = _figure(5.6, 2.2)
    for axis, name in enumerate("zyx"[-len(registration.frame_shape) :]):
        _draw(axes, _steps(registration.errors[:, axis]), AXIS[name], name)
    _label(axes, "frame", "error (px, 1 sd)")
    _frames(axes, len(registration))
    known = registration.shift_errors
    if np.any(known > 0):
        _plain_log(axes, known[known > 0])
    _legend(axes)
    return _svg(figure, "errors", "Error bar of each frame")


def scores(registration: RegistrationValue) -> str:
    """Correlation of each frame with the reference."""
    figure, axes = _figure(5.6, 2.2)
    _draw(axes, _steps(registration.scores), SCORE)
    _mark(axes, np.flatnonzero(~registration.ok))
    _label(axes, "frame", "correlation")
    _frames(axes, len(registration))
    return _svg(figure, "scores", "Correlation of each frame with the reference")


def means(registration: RegistrationValue) -> dict[str, str]:
    """Mean before and after as PNG data addresses, on one grey scale; empty without pictures."""
    found = {name: registration.images[name] for name in ("mean_before", "mean_after") if name in registration.images}
    finite = [image[np.isfinite(image)] for image in found.values()]
    if len(found) < 2 or not all(len(values) for values in finite):
        return {}
    low, high = np.percentile(np.concatenate(finite), GREY_RANGE)
    return {name: _png(image, float(low), float(high)) for name, image in found.items()}


def _png(image: NDArray[np.float32], low: float, high: float) -> str:
    levels = (np.nan_to_num(image, nan=low, posinf=high, neginf=low) - low) / max(high - low, 1e-30) * 255
    encoded = imagecodecs.png_encode(levels.clip(0, 255).round().astype(np.uint8))
    return "data:image/png;base64," + base64.b64encode(encoded).decode("ascii")
