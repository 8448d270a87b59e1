"""An affine map and what bends beyond it: displacements between unlike sections."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from holdstill.contracts import ControlGrid, FloatArray
from holdstill.errors import InputError
from holdstill.transforms.grids import ACCURACY_PX, differentiate, displace, edges_of_cells
from holdstill.transforms.pixelwise import PixelwiseTransform

__all__ = ["BentAffine", "seek_back", "unbend"]

NEWTON_STEPS, SETTLED_PX = 60, 1e-9


@dataclass(frozen=True, eq=False)
class BentAffine(PixelwiseTransform):
    """``T(p) = c + t + L (p - c) + u(p)``: u lies between the displacements of control points, constant beyond them.

    Parameters
    ----------
    grid : ControlGrid
        All axes are moved.
    linear : ndarray of float64, (ndim, ndim)
    shift_px : ndarray of float64, (ndim,)
    displacements : ndarray of float64, (ndim, *counts)
        Of the control points, px.
    centre : ndarray of float64, (ndim,)
        Middle of the reference, px.
    is_inverse : bool
        Map points of the frame to points of the reference instead.

    Examples
    --------
    >>> grid = ControlGrid(counts=(2, 2), origins=(0, 0), spacings=(10, 10), moved=(0, 1))
    >>> turned = BentAffine(grid, np.array([[0.0, -1], [1, 0]]), np.zeros(2), np.zeros((2, 2, 2)), np.zeros(2))
    >>> turned.map([[3.0, 0.0]])
    array([[0., 3.]])
    """

    grid: ControlGrid
    linear: FloatArray
    shift_px: FloatArray
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
    def inverse(self) -> BentAffine:
        """The way back, right to 1e-6 px where the map does not fold, see `smallest_determinant`."""
        return replace(self, is_inverse=not self.is_inverse)

    @property
    def smallest_determinant(self) -> float:
        """Of the derivative of the map over its affine part's: how much of an area is left; below zero it folds."""
        places = [edges_of_cells(self.grid, axis) for axis in range(self.ndim)]
        points = np.stack(np.meshgrid(*places, indexing="ij"), axis=-1).reshape(-1, self.ndim)
        jacobian = self.linear + differentiate(self.grid, self.displacements, points)
        return float((np.linalg.det(jacobian) / np.linalg.det(self.linear)).min())

    def map(self, points: ArrayLike) -> FloatArray:
        given = np.asarray(points, np.float64)
        if given.ndim != 2 or given.shape[1] != self.ndim:
            raise InputError(f"points must have shape (n, {self.ndim}), not {given.shape}")
        return unbend(self, given) if self.is_inverse else _bend(self, given)

    def bends(self, axis: int) -> FloatArray:
        return self.grid.positions(axis) if self.grid.counts[axis] > 1 else np.empty(0)


def _bend(way: BentAffine, points: FloatArray) -> FloatArray:
    straight = (points - way.centre) @ way.linear.T + way.shift_px + way.centre
    return np.asarray(straight + displace(way.grid, way.displacements[None], points)[0], np.float64)


def unbend(way: BentAffine, points: FloatArray) -> FloatArray:
    """Points of the reference that the map takes to `points`, (k, ndim), by Newton steps from the affine part.

    Raises InputError where none within 1e-6 px is found.
    """
    found, miss = seek_back(way, points)
    if (miss > ACCURACY_PX).any():  # NaN, what is not known, is no miss
        raise InputError("no way back was found: these displacements fold the image; smooth them")
    return found


def seek_back(way: BentAffine, points: FloatArray, settled_px: float = SETTLED_PX) -> tuple[FloatArray, FloatArray]:
    """The same without complaint: what was found, and by how much the map of it misses `points`, (k,) px.

    A step that does not bring a point nearer is halved: from cell to cell slopes jump, and whole ones may go round in
    circles.
    """
    back = np.linalg.inv(way.linear)
    found = (points - way.shift_px - way.centre) @ back.T + way.centre
    miss = np.linalg.norm(_bend(way, found) - points, axis=1)
    share = np.ones(len(points))
    for _ in range(NEWTON_STEPS):
        rows = np.flatnonzero(miss >= settled_px)
        if not len(rows):
            break
        jacobian = way.linear + differentiate(way.grid, way.displacements, found[rows])
        jacobian[np.abs(np.linalg.det(jacobian)) < 1e-3 * abs(np.linalg.det(way.linear))] = way.linear
        step = np.linalg.solve(jacobian, (_bend(way, found[rows]) - points[rows])[:, :, None])[:, :, 0]
        tried = found[rows] - share[rows, None] * step
        off = np.linalg.norm(_bend(way, tried) - points[rows], axis=1)
        better = off < miss[rows]
        found[rows[better]], miss[rows[better]] = tried[better], off[better]
        share[rows] = np.where(better, np.minimum(2 * share[rows], 1.0), share[rows] / 2)
    return np.asarray(found, np.float64), miss
