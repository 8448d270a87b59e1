"""A displacement for each of some scan lines: specimens that move while a frame is scanned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from holdstill.contracts import ControlGrid, Motion
from holdstill.errors import InputError, UnknownName
from holdstill.transforms.motions.piecewise import LEAST_SPACING_PX, SPACING_PX, PiecewiseMotion

__all__ = ["LINES", "LinesMotion", "make_lines", "name_lines"]

LINES = "lines"


def name_lines(grid: float | tuple[float, ...]) -> str:
    """Name of the motion that has a control point every `grid` lines."""
    if not isinstance(grid, int | float | np.number) or not LEAST_SPACING_PX <= grid < np.inf:
        raise InputError(
            f"grid is the number of lines between control points, at least {LEAST_SPACING_PX:g}, not {grid!r}"
        )
    return f"{LINES}:{float(grid):g}"


def make_lines(shape: tuple[int, ...], detail: str = "") -> Motion:
    """The motion for a shape of frame; `detail` is how many lines there are from one control point to the next."""
    try:
        spacing = float(detail) if detail else SPACING_PX
    except ValueError:
        spacing = np.nan
    if not LEAST_SPACING_PX <= spacing < np.inf:
        raise UnknownName(
            f"there is no motion '{LINES}:{detail}'; take {LINES!r} with grid=64, the lines between points"
        )
    spacings = (spacing, *(np.inf for _ in shape[1:])) if shape else ()
    return LinesMotion(name_lines(spacing), ControlGrid.spanning(shape, spacings))


@dataclass(frozen=True)
class LinesMotion(PiecewiseMotion):
    """Control points along the lines of a plane, rows, which were scanned one after the other."""

    ndims = (2,)
