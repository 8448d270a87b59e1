"""Displacements given on a regular grid of control points."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from holdstill.contracts import ControlGrid, FloatArray
from holdstill.errors import InputError
from holdstill.transforms.pixelwise import PixelwiseTransform

__all__ = [
    "ACCURACY_PX",
    "DisplacementGrid",
    "differentiate",
    "displace",
    "displace_each",
    "edges_of_cells",
    "is_additive",
    "solve_inverse",
]

# what `DisplacementGrid.inverse` is right to
ACCURACY_PX = 1e-6
SETTLED_PX = 1e-10
NEWTON_STEPS, PLAIN_STEPS = 20, 500


def displace(grid: ControlGrid, nodes: FloatArray, points: FloatArray) -> FloatArray:
    """Displacements at `points`, (k, ndim) px, from those at the control points, (n, n_moved, *counts).

    Returns
    -------
    ndarray of float64, (n, k, n_moved)
    """
    cells = [grid.find_cells(axis, points[:, axis]) for axis in range(grid.ndim)]
    found = np.zeros((len(nodes), len(points), len(grid.moved)))
    for corner in product(*(range(min(count, 2)) for count in grid.counts)):
        weight = np.ones(len(points))
        for step, (_, share) in zip(corner, cells, strict=True):
            weight = weight * (share if step else 1 - share)
        found += weight[:, None] * np.moveaxis(nodes[_rows(cells, corner, 2)], 1, 2)
    return found


def displace_each(grid: ControlGrid, nodes: FloatArray, points: FloatArray) -> FloatArray:
    """As `displace`, at points of their own for each frame, (n, k, ndim) px."""
    cells = [grid.find_cells(axis, points[:, :, axis]) for axis in range(grid.ndim)]
    found, frames = np.zeros((*points.shape[:2], len(grid.moved))), np.arange(len(nodes))[:, None]
    for corner in product(*(range(min(count, 2)) for count in grid.counts)):
        weight = np.ones(points.shape[:2])
        for step, (_, share) in zip(corner, cells, strict=True):
            weight = weight * (share if step else 1 - share)
        around = tuple(before + step for step, (before, _) in zip(corner, cells, strict=True))
        found += weight[:, :, None] * np.moveaxis(nodes, 1, -1)[(frames, *around)]
    return found


def differentiate(grid: ControlGrid, nodes: FloatArray, points: FloatArray) -> FloatArray:
    """Derivatives of one frame's displacements, (n_moved, *counts), by the point: (k, n_moved, ndim)."""
    cells = [grid.find_cells(axis, points[:, axis]) for axis in range(grid.ndim)]
    found = np.zeros((len(points), len(grid.moved), grid.ndim))
    for corner in product(*(range(min(count, 2)) for count in grid.counts)):
        values = nodes[_rows(cells, corner, 1)].T
        for axis in range(grid.ndim):
            inside = _is_between(grid, axis, points[:, axis])
            slope = np.where(inside, (1.0 if corner[axis] else -1.0) / grid.spacings[axis], 0.0)
            for other, (_, share) in enumerate(cells):
                if other != axis:
                    slope = slope * (share if corner[other] else 1 - share)
            found[:, :, axis] += slope[:, None] * values
    return found


def _rows(cells: list[tuple[NDArray[np.intp], FloatArray]], corner: tuple[int, ...], n_before: int) -> Any:
    """Index of one of the control points around each point, after so many axes of other things."""
    around = (before + step for step, (before, _) in zip(corner, cells, strict=True))
    return (*(slice(None),) * n_before, *around)


def _is_between(grid: ControlGrid, axis: int, coordinates: FloatArray) -> NDArray[np.bool_]:
    """Whether coordinates lie between the outermost control points, where displacements vary."""
    places = grid.positions(axis)
    return (coordinates >= places[0]) & (coordinates <= places[-1]) & (grid.counts[axis] > 1)


def is_additive(grid: ControlGrid) -> bool:
    """Whether displacements are constant along the axes that they move points along: then they simply add up."""
    return all(grid.counts[axis] == 1 for axis in grid.moved)


def solve_inverse(grid: ControlGrid, nodes: FloatArray, points: FloatArray) -> FloatArray:
    """Points p of the reference, (k, ndim), that one frame's displacements take to `points`.

    By Newton steps, which end in the right cell of the grid at once, and where these go round in circles by repeated
    substitution. Where the displacements fold the image, it is one of several points. Raises InputError where nothing
    within `ACCURACY_PX` is found. What is NaN stays so.
    """
    known = np.isfinite(points).all(axis=1)
    if not known.all():
        found = np.full_like(points, np.nan)
        found[known] = solve_inverse(grid, nodes, points[known])
        return found
    moved, found = list(grid.moved), points.copy()
    for _ in range(NEWTON_STEPS):
        miss = _miss(grid, nodes, found, points)
        if not miss.size or np.abs(miss).max() < SETTLED_PX:
            return found
        jacobian = differentiate(grid, nodes, found)[:, :, moved] + np.eye(len(moved))
        singular = np.abs(np.linalg.det(jacobian)) < 1e-3
        jacobian[singular] = np.eye(len(moved))
        found[:, moved] -= np.linalg.solve(jacobian, miss[:, :, None])[:, :, 0]
    rest = np.flatnonzero(np.abs(_miss(grid, nodes, found, points)).max(axis=1) >= SETTLED_PX)
    slow = points[rest].copy()
    for _ in range(PLAIN_STEPS):
        slow[:, moved] -= _miss(grid, nodes, slow, points[rest])
    found[rest] = slow
    miss = np.abs(_miss(grid, nodes, found, points)).max(axis=1)
    if miss.max() > ACCURACY_PX:
        where = ", ".join(f"{value:.0f}" for value in points[int(miss.argmax())])
        raise InputError(
            f"no way back was found to the point ({where}) px of the frame: displacements tear or fold the image; "
            "take control points further apart, or smooth them"
        )
    return found


def _miss(grid: ControlGrid, nodes: FloatArray, found: FloatArray, points: FloatArray) -> FloatArray:
    moved = list(grid.moved)
    return found[:, moved] + displace(grid, nodes[None], found)[0] - points[:, moved]


@dataclass(frozen=True, eq=False)
class DisplacementGrid(PixelwiseTransform):
    """Displaces points by what lies between the displacements of the control points around them.

    Interpolation is linear along each axis; beyond the outermost control points displacements stay as they are there.

    Parameters
    ----------
    grid : ControlGrid
    displacements : ndarray of float64, (n_moved, [z,] y, x)
        Of each control point along each axis of ``grid.moved``, px.
    centre : ndarray of float64, (ndim,)
        Middle of the frame, px: where `shift` is told.
    is_inverse : bool
        Map points of the frame to points of the reference instead.

    Examples
    --------
    >>> grid = ControlGrid(counts=(2, 1, 1), origins=(0, 0, 0), spacings=(1, 1, 1), moved=(1, 2))
    >>> planes = DisplacementGrid(grid, np.array([[0.0, 2], [0, 0]]).reshape(2, 2, 1, 1), np.zeros(3))
    >>> planes.map([[0, 5, 5], [0.5, 5, 5], [1, 5, 5]])
    array([[0. , 5. , 5. ],
           [0.5, 6. , 5. ],
           [1. , 7. , 5. ]])
    """

    grid: ControlGrid
    displacements: FloatArray
    centre: FloatArray
    is_inverse: bool = False

    @property
    def ndim(self) -> int:
        return self.grid.ndim

    @property
    def shift(self) -> FloatArray:
        return np.asarray(self.map(self.centre[None])[0] - self.centre, np.float64)

    @property
    def inverse(self) -> DisplacementGrid:
        """The way back: exact where displacements do not vary along the moved axes, else right to 1e-6 px.

        Where the image folds, see `smallest_determinant`, it leads to one of the points that lie there.
        """
        if is_additive(self.grid):
            return replace(self, displacements=-self.displacements)
        return replace(self, is_inverse=not self.is_inverse)

    @property
    def smallest_determinant(self) -> float:
        """Of the derivative of the map, over all cells' corners: how much of an area is left; below zero it folds."""
        places = [edges_of_cells(self.grid, axis) for axis in range(self.ndim)]
        points = np.stack(np.meshgrid(*places, indexing="ij"), axis=-1).reshape(-1, self.ndim)
        jacobian = np.tile(np.eye(self.ndim), (len(points), 1, 1))
        jacobian[:, list(self.grid.moved)] += differentiate(self.grid, self.displacements, points)
        return float(np.linalg.det(jacobian).min())

    def map(self, points: ArrayLike) -> FloatArray:
        given = np.array(points, np.float64)
        if given.ndim != 2 or given.shape[1] != self.ndim:
            raise InputError(f"points must have shape (n, {self.ndim}), not {given.shape}")
        if self.is_inverse:
            return solve_inverse(self.grid, self.displacements, given)
        given[:, list(self.grid.moved)] += displace(self.grid, self.displacements[None], given)[0]
        return given

    def compose(self, other: DisplacementGrid) -> DisplacementGrid:
        """``self o other`` on the same control points, exact there. Raises InputError unless both have the same."""
        if not isinstance(other, DisplacementGrid) or self.grid != other.grid:
            raise InputError("displacements compose with those of the same control points only")
        points = self.grid.points()
        moves = (self.map(other.map(points)) - points)[:, list(self.grid.moved)]
        return replace(other, displacements=moves.T.reshape(other.displacements.shape), is_inverse=False)

    def bends(self, axis: int) -> FloatArray:
        return self.grid.positions(axis) if self.grid.counts[axis] > 1 else np.empty(0)


def edges_of_cells(grid: ControlGrid, axis: int) -> FloatArray:
    """Coordinates on either side of each control point along an axis, where derivatives jump."""
    places, step = grid.positions(axis), 1e-9 * grid.spacings[axis]
    return np.sort(np.concatenate([places - step, places + step]))
