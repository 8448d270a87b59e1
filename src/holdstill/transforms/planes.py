"""A shift of its own for each plane of a volume."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from holdstill.errors import InputError

__all__ = ["PLANES", "PlaneShifts", "moved_axes"]

# motion -> the axis that its planes are stacked along
PLANES = {"planes-z": 0, "planes-y": 1, "planes-x": 2}


def moved_axes(axis: int) -> tuple[int, int]:
    """The two axes along which planes stacked along `axis` shift."""
    first, second = (other for other in range(3) if other != axis)
    return first, second


@dataclass(frozen=True, eq=False)
class PlaneShifts:
    """Shifts each plane of a volume by its own ``shifts[k]``, between planes by what lies between.

    Parameters
    ----------
    axis : int
        The axis that the planes are stacked along: 0 for z.
    shifts : ndarray of float64, (n_planes, 2)
        Shift of each plane along the other two axes, in their order, px.

    Examples
    --------
    >>> PlaneShifts(0, np.array([[0.0, 0], [2, 0]])).map([[0, 5, 5], [0.5, 5, 5], [1, 5, 5]])
    array([[0. , 5. , 5. ],
           [0.5, 6. , 5. ],
           [1. , 7. , 5. ]])
    """

    axis: int
    shifts: NDArray[np.float64]

    @property
    def ndim(self) -> int:
        """Number of spatial axes: 3."""
        return 3

    @property
    def shift(self) -> NDArray[np.float64]:
        """Shift of the volume's centre, ``(z, y, x)`` in px."""
        return self._at(np.array([(len(self.shifts) - 1) / 2]))[0]

    @property
    def inverse(self) -> PlaneShifts:
        """The transform from points of the frame to points of the reference."""
        return PlaneShifts(self.axis, -self.shifts)

    def compose(self, other: PlaneShifts) -> PlaneShifts:
        """``self o other``. Raises InputError unless both shift the same planes."""
        if not isinstance(other, PlaneShifts) or (self.axis, len(self.shifts)) != (other.axis, len(other.shifts)):
            raise InputError("shifts of planes compose with shifts of the same planes only")
        return PlaneShifts(self.axis, self.shifts + other.shifts)

    def map(self, points: ArrayLike) -> NDArray[np.float64]:
        """Points of the frame that show what `points`, (n, 3), of the reference show; (n, 3) px."""
        given = np.asarray(points, np.float64)
        if given.ndim != 2 or given.shape[1] != 3:
            raise InputError(f"points must have shape (n, 3), not {given.shape}")
        return given + self._at(given[:, self.axis])

    def _at(self, places: NDArray[np.float64]) -> NDArray[np.float64]:
        """Shifts (n, 3) at places along the axis."""
        found, numbers = np.zeros((len(places), 3)), np.arange(len(self.shifts))
        for column, axis in enumerate(moved_axes(self.axis)):
            found[:, axis] = np.interp(places, numbers, self.shifts[:, column])
        return found
