"""A bilinear transform of the plane: the fifth model of StackReg (Thevenaz, Ruttimann and Unser 1998)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from holdstill.errors import InputError
from holdstill.transforms.mapping import map_points, unmap_points
from holdstill.transforms.pixelwise import PixelwiseTransform

__all__ = ["Bilinear"]


@dataclass(frozen=True, eq=False)
class Bilinear(PixelwiseTransform):
    """Maps a point p of the reference to ``c + t + A d + b d_y d_x`` of the frame, with ``d = p - c``.

    Parameters
    ----------
    coefficients : ndarray of float64, (8,)
        ``t_y, A_yy, A_yx, b_y, t_x, A_xy, A_xx, b_x``.
    centre : ndarray of float64, (2,)
        c, px.
    is_inverse : bool
        Map points of the frame to points of the reference instead.

    Examples
    --------
    >>> Bilinear(np.array([3.0, 1, 0, 0, 0, 0, 1, 0]), np.zeros(2)).map([[10, 10]])
    array([[13., 10.]])
    """

    coefficients: NDArray[np.float64]
    centre: NDArray[np.float64]
    is_inverse: bool = False

    @property
    def ndim(self) -> int:
        """Number of spatial axes: 2."""
        return 2

    @property
    def shift(self) -> NDArray[np.float64]:
        """Where the centre goes, less the centre, ``(y, x)`` in px."""
        return self.map(self.centre[None])[0] - self.centre

    @property
    def inverse(self) -> Bilinear:
        """The transform the other way round; it is not bilinear itself, and followed by Newton steps."""
        return Bilinear(self.coefficients, self.centre, not self.is_inverse)

    def map(self, points: ArrayLike) -> NDArray[np.float64]:
        """Points of the frame that show what `points`, (n, 2), of the reference show; (n, 2) px."""
        given = np.asarray(points, np.float64)
        if given.ndim != 2 or given.shape[1] != 2:
            raise InputError(f"points must have shape (n, 2), not {given.shape}")
        d = (given - self.centre).T
        moved = unmap_points(self.coefficients, d) if self.is_inverse else map_points("bilinear", self.coefficients, d)
        return moved.T + self.centre
