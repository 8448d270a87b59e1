"""A displacement for each of some scan lines: specimens that move while a frame is scanned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from holdstill.contracts import ControlGrid, Motion
from holdstill.errors import InputError, UnknownName
from holdstill.transforms.motions.piecewise import LEAST_SPACING_PX, SPACING_PX, PiecewiseMotion

__all__ = ["LINES", "LINE_AXES", "LinesMotion", "make_lines", "name_lines"]

LINES = "lines"
# the axis that a line runs along, and the one along which lines follow each other
LINE_AXES = {"x": 0, "y": 1}


def name_lines(grid: float | tuple[float, ...], line_axis: str = "x") -> str:
    """Name of the motion that has a control point every `grid` lines, which run along `line_axis`."""
    if line_axis not in LINE_AXES:
        raise InputError(f"line_axis is the axis that a scanned line runs along, x (rows) or y, not {line_axis!r}")
    if not isinstance(grid, int | float | np.number) or not LEAST_SPACING_PX <= grid < np.inf:
        raise InputError(
            f"grid is the number of lines between control points, at least {LEAST_SPACING_PX:g}, not {grid!r}"
        )
    return f"{LINES}:{float(grid):g}" + ("@y" if line_axis == "y" else "")


def make_lines(shape: tuple[int, ...], detail: str = "") -> Motion:
    """The motion for a shape of frame; `detail` is how many lines there are from one control point to the next.

    After an ``@`` stands the axis that lines run along, where that is not x.
    """
    distance, _, axis = detail.partition("@")
    try:
        spacing = float(distance) if distance else SPACING_PX
    except ValueError:
        spacing = np.nan
    if not LEAST_SPACING_PX <= spacing < np.inf or axis not in ("", "y"):
        raise UnknownName(
            f"there is no motion '{LINES}:{detail}'; take {LINES!r} with grid=64, the lines between points"
        )
    along = LINE_AXES[axis or "x"]
    spacings = tuple(spacing if k == along else np.inf for k in range(len(shape)))
    return LinesMotion(name_lines(spacing, axis or "x"), ControlGrid.spanning(shape, spacings))


@dataclass(frozen=True)
class LinesMotion(PiecewiseMotion):
    """Control points along the lines of a plane, rows or columns, which were scanned one after the other."""

    ndims = (2,)
