"""The figures of the report: traces as inline SVG whose colours follow the page, pictures as PNG."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import imagecodecs
import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator
from numpy.typing import NDArray

from holdstill.devices.cpu import CpuDevice
from holdstill.result.report.traces import MAX_POINTS, Chart, Line

if TYPE_CHECKING:
    from holdstill.result.value import RegistrationValue

__all__ = ["COLOURS", "chart", "draw_chart", "grey", "mix", "path", "ratios", "shrink", "weave"]

# each stands for a variable of the style sheet, so that light, dark and paper have their own
TEXT, RULE, FLAG, SCORE = "#777777", "#888888", "#c99a06", "#5b5f97"
COLOURS = {"axis-z": "#7a8b2a", "axis-y": "#1f6f8b", "axis-x": "#c8553d", "soft": TEXT, "accent": "#1f6f8c"}
VARIABLES = {RULE: "rule", FLAG: "flag", SCORE: "score"} | {colour: name for name, colour in COLOURS.items()}
DOTS_BELOW = 150
MIN_SPAN_PX = 0.1  # a path that is one point still gets an axis that can be read
GREY_RANGE = (0.5, 99.8)  # percentiles shown as black and white


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


def _number_frames(axes: Axes, n_frames: int) -> None:
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


def _draw(axes: Axes, line: Line, colour: str) -> None:
    trace, marker = line.trace, "o" if len(line.trace.times) < DOTS_BELOW else ""
    style = (0, line.dash) if line.dash else "-"
    axes.plot(trace.times, trace.mean, color=colour, lw=1.2, ls=style, marker=marker, ms=2.4, label=line.name)
    if line.banded:
        axes.fill_between(trace.times, trace.low, trace.high, color=colour, alpha=0.25, linewidth=0)


def _mark(axes: Axes, flagged: NDArray[np.intp]) -> None:
    """A tick at the foot of the axes for each flagged frame, or for as many as can be told apart."""
    if len(flagged):
        axes.plot(
            flagged, np.full(len(flagged), 0.025), "|", color=FLAG, markersize=7, markeredgewidth=1.2,
            transform=axes.get_xaxis_transform(), label="flagged",
        )  # fmt: skip


def _legend(axes: Axes) -> None:
    axes.legend(
        frameon=False, ncols=4, fontsize=8.5, labelcolor=TEXT, loc="lower right", bbox_to_anchor=(1, 1),
        borderaxespad=0.1, handlelength=1.4, columnspacing=1.4,
    )  # fmt: skip


def chart(content: Chart) -> str:
    """A chart over the frames as a picture: for paper, and for whom runs no scripts."""
    figure, axes = _figure(8.4, content.height / 100)
    draw_chart(axes, content, COLOURS)
    _label(axes, "frame", content.label)
    return _svg(figure, content.name, f"{content.label} of each frame")


def draw_chart(axes: Axes, content: Chart, colours: Mapping[str, str]) -> None:
    """Draw the lines of a chart and its flagged frames."""
    for line in content.lines:
        _draw(axes, line, colours[line.colour])
    low, high = axes.dataLim.intervaly
    if 0 <= high - low < content.least:  # without any value it is infinite
        axes.set_ylim(low - content.least / 2, high + content.least / 2)
    _mark(axes, content.flagged)
    _number_frames(axes, content.n_frames)
    _legend(axes)


def ratios(registration: RegistrationValue) -> str:
    """Histogram of errors over what the light allowed at least; empty where the bound is not known."""
    errors, bounds = registration.errors, registration.bounds
    known = np.isfinite(errors) & np.isfinite(bounds) & (bounds > 0)
    if not known.any():
        return ""
    values = errors[known] / bounds[known]
    figure, axes = _figure(5.6, 2.2)
    top = min(float(np.percentile(values, 99.5)) * 1.05, 10 * float(np.median(values)))
    axes.hist(
        values, bins=np.linspace(min(0.9, float(values.min())), max(1.1, top), 40).tolist(), color=SCORE, alpha=0.85
    )
    axes.axvline(1, color=TEXT, linewidth=1, linestyle=(0, (4, 3)))
    _label(axes, "error bar / Cramér-Rao bound", "values")
    return _svg(figure, "ratios", "Histogram of error bars over the Cramér-Rao bound")


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


def grey(*images: NDArray[np.float32], like: Sequence[NDArray[np.float32]] = ()) -> list[str]:
    """Pictures as PNG data addresses, on one grey scale, that of `like`; empty where nothing is known of one."""
    finite = [image[np.isfinite(image)] for image in (like or images)]
    if not finite or not all(len(values) for values in finite):
        return []
    low, high = np.percentile(np.concatenate(finite), GREY_RANGE)
    return [_png(_levels(image, float(low), float(high))) for image in images]


def mix(magenta: NDArray[np.float32], green: NDArray[np.float32]) -> str:
    """Two pictures over each other, each on its own scale: grey where they agree."""
    red, other = (_own_levels(image) for image in (magenta, green))
    return _png(np.stack([red, other, red], axis=-1))


def weave(first: NDArray[np.float32], second: NDArray[np.float32]) -> str:
    """A checkerboard of two pictures, each on its own scale."""
    side = max(8, min(first.shape) // 8)
    odd = np.add.outer(*(np.arange(length) // side for length in first.shape)) % 2 == 1
    return _png(np.where(odd, _own_levels(second), _own_levels(first)))


def shrink(image: NDArray[np.float32], largest: int) -> NDArray[np.float32]:
    """The picture binned to at most so many px along each axis."""
    factor = max(1, -(-max(image.shape) // largest))
    if factor == 1 or min(image.shape) < factor:
        return image
    return np.asarray(CpuDevice().bin(np.ascontiguousarray(image)[None], (factor, factor))[0], np.float32)


def _own_levels(image: NDArray[np.float32]) -> NDArray[np.uint8]:
    known = image[np.isfinite(image)]
    low, high = np.percentile(known, GREY_RANGE) if len(known) else (0.0, 1.0)
    return _levels(image, float(low), float(high))


def _levels(image: NDArray[np.float32], low: float, high: float) -> NDArray[np.uint8]:
    levels = (np.nan_to_num(image, nan=low, posinf=high, neginf=low) - low) / max(high - low, 1e-30) * 255
    return np.asarray(levels.clip(0, 255).round(), np.uint8)


def _png(levels: NDArray[np.uint8]) -> str:
    return "data:image/png;base64," + base64.b64encode(imagecodecs.png_encode(levels)).decode("ascii")
