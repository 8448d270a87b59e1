"""How control points move over the frames: a small chart of each, where its point lies in the frame."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from holdstill.contracts import ControlGrid, FloatArray
from holdstill.result.look import spread
from holdstill.result.report.traces import thin
from holdstill.result.wording import count
from holdstill.transforms.motions.grid import GridMotion

if TYPE_CHECKING:
    from holdstill.result.value import RegistrationValue

__all__ = ["draw_control_points"]

# charts along each axis of the frame at most, steps of each trace, and the sizes of a row of charts
MOST_ALONG, STEPS = 6, 60
WIDTH, HEIGHT, GAP = 630, 60, 6
LEAST_PX = 0.005


def draw_control_points(registration: RegistrationValue) -> str:
    """A figure of how control points move beside the mean of all; empty where there are none, or nothing bends.

    Of volumes in the middle plane.
    """
    motion = registration.trajectory.motion
    if not isinstance(motion, GridMotion) or registration.ok.sum() < 2:
        return ""
    rows, columns = (spread(n, MOST_ALONG) for n in motion.grid.counts[-2:])
    moves, errors = _measure(registration, motion, rows, columns)
    pairs = [(row, column) for row in range(len(rows)) for column in range(len(columns))]
    reach = max(_find_reach(moves[:, :, row, column]) for row, column in pairs)
    if len(pairs) < 2 or reach < LEAST_PX:
        return ""
    axes = ["zyx"[-motion.grid.ndim :][axis] for axis in motion.grid.moved]
    places = motion.grid.positions(motion.grid.ndim - 2), motion.grid.positions(motion.grid.ndim - 1)
    width = (WIDTH + GAP) / len(columns) - GAP
    panels = "".join(
        f'<g transform="translate({column * (width + GAP):g} {row * (HEIGHT + GAP)})">'
        f"<title>y {places[0][rows[row]]:.0f}, x {places[1][columns[column]]:.0f} px</title>"
        f"{_draw_panel(moves[:, :, row, column], errors[:, :, row, column], reach, axes, width)}</g>"
        for row, column in pairs
    )
    height = len(rows) * (HEIGHT + GAP) - GAP
    label = "How control points move over the frames"
    svg = f'<svg role="img" aria-label="{label}" viewBox="0 0 {WIDTH} {height}">{panels}</svg>'
    return f"<figure class=points>{svg}{_describe(axes, len(pairs), motion.grid, reach, len(moves))}</figure>"


def _describe(axes: list[str], n_drawn: int, grid: ControlGrid, reach: float, n_frames: int) -> str:
    names = [f'<span class="on-{axis}">{axis}</span>' for axis in axes]
    along = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    n, together = math.prod(grid.counts), -(-n_frames // STEPS)
    planes = f" in the plane at z {grid.positions(0)[grid.counts[0] // 2]:.0f} px" if grid.ndim == 3 else ""
    bands = "reach one error bar to both sides"
    if together > 1:
        bands = f"hold all of these frames and one error bar more; lines are means of {together}"
    return (
        f"<figcaption><b>Control points.</b> Shifts along {along} of {count(n_drawn, 'control point')}"
        f"{f' of {n:,}' if n > n_drawn else ''}{planes} beside the mean of all, over the frames, each drawn where its "
        f"point lies; from top to bottom a chart spans {2 * reach:.2f} px, and bands {bands}.</figcaption>"
    )


def _find_reach(moves: FloatArray) -> float:
    """The furthest that a control point goes from zero, px."""
    return float(np.nanmax(np.abs(moves), initial=0.0))


def _measure(
    registration: RegistrationValue, motion: GridMotion, rows: list[int], columns: list[int]
) -> tuple[FloatArray, FloatArray]:
    """Shifts of some control points beside the mean of all, and error bars, (n, n_moved, rows, columns) px."""
    moves = motion.nodes(np.where(registration.ok[:, None], registration.parameters, np.nan))
    moves -= moves.mean(axis=tuple(range(2, moves.ndim)), keepdims=True)
    both = []
    for values in (moves, motion.nodes(np.asarray(registration.errors))):
        middle = values if values.ndim == 4 else values[:, :, values.shape[2] // 2]
        both.append(middle[:, :, rows][:, :, :, columns])
    return both[0], both[1]


def _draw_panel(moves: FloatArray, errors: FloatArray, reach: float, axes: list[str], width: float) -> str:
    """The chart of a control point."""
    lines = "".join(_draw_line(moves[:, k], errors[:, k], reach, axis, width) for k, axis in enumerate(axes))
    return f'<rect width="{width:g}" height="{HEIGHT}"/><path class=zero d="M0 {HEIGHT / 2}H{width:g}"/>{lines}'


def _draw_line(moves: FloatArray, errors: FloatArray, reach: float, axis: str, width: float) -> str:
    """The trace of a control point along one axis, and the band that frames and their error bars reach over."""
    trace = thin(moves, np.where(np.isfinite(moves), errors, np.nan), most=STEPS)
    x = (trace.times + 0.5) * width / len(moves)
    middle, low, high = (
        HEIGHT / 2 * (1 - np.clip(np.nan_to_num(values / reach, nan=2.0), -1, 1))
        for values in (trace.mean, trace.low, trace.high)
    )
    known = np.isfinite(trace.mean)
    runs = np.split(np.arange(len(x)), np.flatnonzero(np.diff(known)) + 1)
    line = band = ""
    for run in (one for one in runs if known[one[0]]):
        there_and_back = np.r_[x[run], x[run][::-1]], np.r_[high[run], low[run][::-1]]
        line += _join(x[run], middle[run])
        band += _join(*there_and_back) + "Z"
    return f'<path class="band of-{axis}" d="{band}"/><path class="of-{axis}" d="{line}"/>'


def _join(x: FloatArray, y: FloatArray) -> str:
    """A path through points; a single one is a line of no length, which round ends make a dot."""
    if len(x) == 1:
        return f"M{x[0]:.1f} {y[0]:.1f}h0"
    return "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in zip(x, y, strict=True))
