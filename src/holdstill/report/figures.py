"""The figures of the report, as inline SVG or PNG."""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from numpy.typing import NDArray

__all__ = ["drift", "errors", "means", "path", "scores"]

COLOURS = {"z": "#7a8b2a", "y": "#1f6f8b", "x": "#c8553d"}
MAX_POINTS = 1500
STYLE = {"font.size": 9, "svg.fonttype": "none"}


def _figure(height: float, width: float = 6.6) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasSVG(figure)
    figure.patch.set_alpha(0)
    axes = figure.add_subplot()
    _calm(axes)
    return figure, axes


def _calm(axes: Axes) -> None:
    axes.patch.set_alpha(0)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color("#888888")
    axes.tick_params(which="both", colors="#777777", labelsize=8)
    axes.xaxis.label.set_color("#777777")
    axes.yaxis.label.set_color("#777777")
    axes.grid(color="#888888", alpha=0.18, linewidth=0.6)


def _svg(figure: Figure) -> str:
    buffer = io.StringIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    text = buffer.getvalue()
    return text[text.index("<svg") :]


def _thin(values: NDArray[np.float64]) -> list[NDArray[np.intp]]:
    """Indices of each point to draw: all of a short trace, else blocks whose extremes are drawn."""
    return np.array_split(np.arange(len(values)), min(len(values), MAX_POINTS))


def _envelope(axes: Axes, values: NDArray[np.float64], colour: str, label: str | None = None) -> None:
    """A trace of any length in at most `MAX_POINTS` steps; each step shows the range of its frames."""
    blocks = _thin(values)
    times = np.array([block.mean() for block in blocks])
    with np.errstate(invalid="ignore"):
        low = np.array([np.fmin.reduce(values[block]) for block in blocks])
        high = np.array([np.fmax.reduce(values[block]) for block in blocks])
    axes.plot(times, (low + high) / 2, color=colour, linewidth=1.2, label=label)
    if len(blocks) < len(values):
        axes.fill_between(times, low, high, color=colour, alpha=0.35, linewidth=0)


def _mark(axes: Axes, flagged: NDArray[np.intp]) -> None:
    """A tick at the foot of the axes for each flagged frame."""
    chosen = (
        flagged[np.unique(np.linspace(0, len(flagged) - 1, min(len(flagged), 400)).astype(int))] if len(flagged) else []
    )
    for index, time in enumerate(chosen):
        axes.axvline(time, 0, 0.05, color="#d1495b", linewidth=1, label="flagged frame" if index == 0 else None)


def drift(registration: Any) -> str:
    """Shift along each axis against the frame number, with one standard deviation on both sides."""
    figure, axes = _figure(2.9)
    shifts, names = registration.shifts, "zyx"[-len(registration.frame_shape) :]
    for axis, name in enumerate(names):
        _envelope(axes, shifts[:, axis], COLOURS[name], name)
        blocks = _thin(shifts)
        times = [block.mean() for block in blocks]
        middle = np.array([shifts[block, axis].mean() for block in blocks])
        with np.errstate(invalid="ignore"):
            error = np.array([np.fmax.reduce(registration.errors[block, axis]) for block in blocks])
        axes.fill_between(times, middle - error, middle + error, color=COLOURS[name], alpha=0.25, linewidth=0)
    _mark(axes, np.flatnonzero(~registration.ok))
    axes.set(xlabel="frame", ylabel="shift (px)")
    axes.margins(x=0.01)
    axes.legend(frameon=False, ncols=4, fontsize=8, labelcolor="#777777", loc="best")
    return _svg(figure)


def path(registration: Any) -> str:
    """The way of the frame in the y-x plane, coloured by time."""
    figure, axes = _figure(3.2, 3.6)
    shifts = registration.shifts[:, -2:]
    chosen = np.unique(np.linspace(0, len(shifts) - 1, min(len(shifts), MAX_POINTS)).astype(int))
    axes.plot(shifts[chosen, 1], shifts[chosen, 0], color="#999999", linewidth=0.6, alpha=0.6)
    points = axes.scatter(shifts[chosen, 1], shifts[chosen, 0], c=chosen, s=9, cmap="viridis", linewidths=0)
    bar = figure.colorbar(points, ax=axes, shrink=0.8)
    bar.set_label("frame", color="#777777")
    bar.ax.tick_params(colors="#777777", labelsize=7)
    axes.set(xlabel="x (px)", ylabel="y (px)", aspect="equal", adjustable="datalim")
    axes.invert_yaxis()
    return _svg(figure)


def errors(registration: Any) -> str:
    """Error bar of each frame, on a logarithmic scale."""
    figure, axes = _figure(2.2)
    for axis, name in enumerate("zyx"[-len(registration.frame_shape) :]):
        values = registration.errors[:, axis]
        if np.isfinite(values).any():
            _envelope(axes, values, COLOURS[name], name)
    if np.isfinite(registration.errors).any():
        axes.set_yscale("log")
    axes.set(xlabel="frame", ylabel="error (px, 1 sd)")
    axes.margins(x=0.01)
    return _svg(figure)


def scores(registration: Any) -> str:
    """Correlation with the reference of each frame."""
    figure, axes = _figure(2.2)
    _envelope(axes, registration.scores, "#5b5f97")
    _mark(axes, np.flatnonzero(~registration.ok))
    axes.set(xlabel="frame", ylabel="correlation")
    axes.margins(x=0.01)
    return _svg(figure)


def means(registration: Any) -> dict[str, str]:
    """Mean before and after as PNG data addresses, on one grey scale; empty without pictures."""
    found = {name: registration.images[name] for name in ("mean_before", "mean_after") if name in registration.images}
    finite = [image[np.isfinite(image)] for image in found.values()]
    if len(found) < 2 or not all(len(values) for values in finite):
        return {}
    low, high = np.percentile(np.concatenate(finite), [0.5, 99.8])
    return {name: _png(image, float(low), float(high)) for name, image in found.items()}


def _png(image: NDArray[np.float32], low: float, high: float) -> str:
    figure = Figure(figsize=(image.shape[1] / 100, image.shape[0] / 100), dpi=100)
    figure.figimage(np.nan_to_num(image, nan=low), cmap="gray", vmin=low, vmax=max(high, low + 1e-9))
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=100)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode("ascii")
