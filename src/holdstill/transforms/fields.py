"""An affine map and what bends beyond it: displacements between unlike sections."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from holdstill.contracts import AnyTransform, ControlGrid, FloatArray
from holdstill.errors import InputError
from holdstill.transforms.grids import ACCURACY_PX, differentiate, displace, edges_of_cells

__all__ = ["BentAffine", "unbend"]

NEWTON_STEPS, SETTLED_PX = 30, 1e-9


@dataclass(frozen=True, eq=False)
class BentAffine(AnyTransform):
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
    back = np.linalg.inv(way.linear)
    found = (points - way.shift_px - way.centre) @ back.T + way.centre
    for step in range(NEWTON_STEPS):
        miss = _bend(way, found) - points
        if not miss.size or np.abs(miss).max() < SETTLED_PX:
            return np.asarray(found, np.float64)
        if step < NEWTON_STEPS // 2:
            jacobian = way.linear + differentiate(way.grid, way.displacements, found)
            jacobian[np.abs(np.linalg.det(jacobian)) < 1e-3 * abs(np.linalg.det(way.linear))] = way.linear
            found = found - np.linalg.solve(jacobian, miss[:, :, None])[:, :, 0]
        else:  # steps that go round in circles between cells come to rest this way
            found = found - miss @ back.T
    if np.abs(_bend(way, found) - points).max() > ACCURACY_PX:
        raise InputError("no way back was found: these displacements fold the image; smooth them")
    return np.asarray(found, np.float64)
