"""Where displacements map two points to one: how much of an area is left, cell by cell of a grid of control points."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np

from holdstill.contracts import ControlGrid, FloatArray

__all__ = ["Fold", "describe_fold", "find_areas", "find_least_areas"]

# frames whose derivatives are held at once have so many numbers
AT_A_TIME = 1 << 22


@dataclass(frozen=True)
class Fold:
    """A place of the reference near which a transform maps two points to one.

    Attributes
    ----------
    frame : int
    point : tuple of float
        ``([z,] y, x)`` of the reference, px: the corner of a cell of control points where least is left.
    area : float
        What is left of an area there, of a volume in 3D: zero or less.
    """

    frame: int
    point: tuple[float, ...]
    area: float


def describe_fold(fold: Fold) -> str:
    """In words: which frame, where, and what is left."""
    axes = "zyx"[-len(fold.point) :]
    where = ", ".join(f"{axis} {value:.0f}" for axis, value in zip(axes, fold.point, strict=True))
    return f"frame {fold.frame} at {where} (area left {fold.area:.2f})"


def find_least_areas(
    grid: ControlGrid, nodes: FloatArray, linear: FloatArray | None = None
) -> tuple[FloatArray, FloatArray]:
    """Least determinant of the derivative of each of n maps, and the control point at which it is found.

    Within a cell of a plane the determinant is linear, so that its corners tell; of a volume they tell nearly all.

    Parameters
    ----------
    grid : ControlGrid
    nodes : ndarray of float64, (n, n_moved, *counts)
        Displacements, px.
    linear : ndarray of float64, (n, ndim, ndim), optional
        Linear part that the displacements come on top of, by whose determinant areas are divided; default: one.

    Returns
    -------
    areas : ndarray of float64, (n,)
        What is left of an area where least is left; zero or less where two points are mapped to one.
    points : ndarray of float64, (n, ndim)
        ``([z,] y, x)`` px.
    """
    step = max(1, AT_A_TIME // max(int(np.prod(nodes.shape[1:])) * grid.ndim, 1))
    parts = [
        _find_least(grid, nodes[first : first + step], None if linear is None else linear[first : first + step])
        for first in range(0, len(nodes), step)
    ]
    if not parts:
        return np.zeros(0), np.zeros((0, grid.ndim))
    return np.concatenate([areas for areas, _ in parts]), np.concatenate([points for _, points in parts])


def find_areas(grid: ControlGrid, nodes: FloatArray) -> Iterator[FloatArray]:
    """What is left of areas in one corner of all cells after the other, (*cells), of one map, (n_moved, *counts) px."""
    for corner in product(*(range(min(count, 2)) for count in grid.counts)):
        yield _find_areas(grid, nodes[None], np.eye(grid.ndim)[None], corner)[0]


def _find_areas(grid: ControlGrid, nodes: FloatArray, base: FloatArray, corner: tuple[int, ...]) -> FloatArray:
    """Determinants of the derivatives of n maps in one corner of all cells, (n, *cells)."""
    n, ones = len(nodes), (1,) * grid.ndim
    rows = [[base[:, i, j].reshape(n, *ones) for j in range(grid.ndim)] for i in range(grid.ndim)]
    for k, i in enumerate(grid.moved):
        for j in range(grid.ndim):
            if grid.counts[j] > 1:
                rows[i][j] = rows[i][j] + _differentiate(grid, nodes[:, k], j, corner)
    return np.broadcast_to(_find_determinant(rows), (n, *grid.cells))


def _find_least(grid: ControlGrid, nodes: FloatArray, linear: FloatArray | None) -> tuple[FloatArray, FloatArray]:
    n = len(nodes)
    base = np.tile(np.eye(grid.ndim), (n, 1, 1)) if linear is None else linear
    least, points = np.full(n, np.inf), np.zeros((n, grid.ndim))
    for corner in product(*(range(min(count, 2)) for count in grid.counts)):
        found = _find_areas(grid, nodes, base, corner).reshape(n, -1)
        at = found.argmin(axis=1)
        areas = found[np.arange(n), at]
        cells = np.stack(np.unravel_index(at, grid.cells), axis=1) + corner
        better = areas < least
        least[better] = areas[better]
        points[better] = np.array(grid.origins) + cells[better] * np.array(grid.spacings)
    return least / np.linalg.det(base), points


def _differentiate(grid: ControlGrid, nodes: FloatArray, axis: int, corner: tuple[int, ...]) -> FloatArray:
    """Slope along an axis in the same corner of all cells, (n, *cells)."""
    slopes = np.diff(nodes, axis=axis + 1) / grid.spacings[axis]
    others = (
        slice(None) if other == axis else slice(step, step + cells)
        for other, (step, cells) in enumerate(zip(corner, grid.cells, strict=True))
    )
    return np.asarray(slopes[(slice(None), *others)], np.float64)


def _find_determinant(rows: list[list[FloatArray]]) -> FloatArray:
    """Of matrices whose entries are arrays, by their first rows; a hundred thousand at once."""
    if len(rows) == 1:
        return rows[0][0]
    total = np.zeros(())
    for j, entry in enumerate(rows[0]):
        minor = [[*row[:j], *row[j + 1 :]] for row in rows[1:]]
        total = total + (-1) ** j * entry * _find_determinant(minor)
    return np.asarray(total, np.float64)
