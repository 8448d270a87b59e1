"""A linear transform of points in homogeneous coordinates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from holdstill.contracts import AnyTransform
from holdstill.errors import InputError
from holdstill.transforms.convert.itk import from_itk, to_itk
from holdstill.transforms.convert.opencv import from_opencv, to_opencv
from holdstill.transforms.convert.skimage import from_skimage, to_skimage

__all__ = ["Transform"]


@dataclass(frozen=True, eq=False)
class Transform(AnyTransform):
    """Maps a point of the reference to the point of the frame that shows the same content.

    Parameters
    ----------
    matrix : ndarray of float64, (ndim + 1, ndim + 1)
        Homogeneous matrix, acting on columns ``([z,] y, x, 1)`` in px.
    centre : ndarray of float64, (ndim,), optional
        Middle of the frame, ``(shape - 1) / 2``, ``([z,] y, x)`` in px: where `shift` is told. A matrix alone does not
        know it; results of registrations do.

    Raises
    ------
    InputError
        The matrix is not square, not 3 x 3 or 4 x 4, or not finite; the centre has another number of axes.

    Examples
    --------
    >>> Transform.from_shift([3, 0]).map([[10, 10]])
    array([[13., 10.]])
    """

    matrix: NDArray[np.float64]
    centre: NDArray[np.float64] | None = None

    def __post_init__(self) -> None:
        """Check matrix and centre and make them read-only."""
        matrix = np.array(self.matrix, np.float64)
        if matrix.shape not in ((3, 3), (4, 4)) or not np.isfinite(matrix).all():
            raise InputError(f"a transform needs a finite 3 x 3 or 4 x 4 matrix, not one of shape {matrix.shape}")
        matrix.setflags(write=False)
        object.__setattr__(self, "matrix", matrix)
        if self.centre is not None:
            centre = np.array(self.centre, np.float64)
            if centre.shape != (len(matrix) - 1,) or not np.isfinite(centre).all():
                raise InputError(f"the centre of a frame is {len(matrix) - 1} finite numbers, not {self.centre!r}")
            centre.setflags(write=False)
            object.__setattr__(self, "centre", centre)

    @classmethod
    def from_shift(cls, shift: ArrayLike, centre: ArrayLike | None = None) -> Transform:
        """The translation by `shift`, ``([z,] y, x)`` in px, of frames with that `centre`."""
        values = np.asarray(shift, np.float64)
        matrix = np.eye(len(values) + 1)
        matrix[:-1, -1] = values
        return cls(matrix, _as_centre(centre))

    @property
    def ndim(self) -> int:
        """Number of spatial axes, 2 or 3."""
        return len(self.matrix) - 1

    @property
    def is_affine(self) -> bool:
        """Whether it keeps parallels parallel, that is, no projective part."""
        return not self.matrix[-1, :-1].any()

    @property
    def shift(self) -> NDArray[np.float64]:
        """Where the frame's centre goes, less the centre, ``([z,] y, x)`` in px: what ``reg.shifts`` tells.

        Raises InputError where that depends on the place, since it rotates or scales, and no `centre` is known.
        """
        scaled = self.matrix / self.matrix[-1, -1]
        if self.centre is not None:
            return self.map(self.centre[None])[0] - self.centre
        if not np.array_equal(scaled[:, :-1], np.eye(self.ndim + 1)[:, :-1]):
            raise InputError(
                "each point shifts differently under this transform; give Transform the centre of a frame, "
                "(shape - 1) / 2, or ask where a point goes with map"
            )
        return scaled[:-1, -1]

    @property
    def inverse(self) -> Transform:
        """The transform from points of the frame to points of the reference."""
        return Transform(np.linalg.inv(self.matrix).astype(np.float64), self.centre)

    def map(self, points: ArrayLike) -> NDArray[np.float64]:
        """Points of the frame that show what `points` of the reference show.

        Parameters
        ----------
        points : array_like, (n, ndim)
            Coordinates ``([z,] y, x)`` in px, pixel centres at integers.

        Returns
        -------
        ndarray of float64, (n, ndim)
        """
        given = np.asarray(points, np.float64)
        if given.ndim != 2 or given.shape[1] != self.ndim:
            raise InputError(f"points must have shape (n, {self.ndim}), not {given.shape}")
        homogeneous = given @ self.matrix[:, :-1].T + self.matrix[:, -1]
        return homogeneous[:, :-1] / homogeneous[:, -1:]

    def compose(self, other: Transform) -> Transform:
        """The transform that applies `other` first, and this one to its result; it keeps the centre of `other`."""
        if other.ndim != self.ndim:
            raise InputError(f"cannot compose transforms of {self.ndim} and {other.ndim} axes")
        return Transform(self.matrix @ other.matrix, self.centre if other.centre is None else other.centre)

    def to_skimage(self) -> NDArray[np.float64]:
        """Matrix (3, 3) on (x, y, 1): ``skimage.transform.warp(frame, t.to_skimage())`` corrects the frame."""
        return to_skimage(self.matrix)

    def to_opencv(self) -> NDArray[np.float64]:
        """Matrix (2, 3), or (3, 3) if projective, on (x, y, 1), for OpenCV with ``WARP_INVERSE_MAP``."""
        return to_opencv(self.matrix)

    def to_itk(self, spacing: ArrayLike | None = None) -> Any:
        """SimpleITK transform of fixed to moving points; `spacing` is the size of a pixel, ``([z,] y, x)``."""
        return to_itk(self.matrix, spacing)

    @classmethod
    def from_skimage(cls, matrix: ArrayLike, centre: ArrayLike | None = None) -> Transform:
        """The transform that `to_skimage` gives `matrix` for, of frames with that `centre`, ``(y, x)`` in px."""
        return cls(from_skimage(matrix), _as_centre(centre))

    @classmethod
    def from_opencv(cls, matrix: ArrayLike, centre: ArrayLike | None = None) -> Transform:
        """The transform that `to_opencv` gives `matrix` for, of frames with that `centre`, ``(y, x)`` in px."""
        return cls(from_opencv(matrix), _as_centre(centre))

    @classmethod
    def from_itk(cls, transform: Any, spacing: ArrayLike | None = None, centre: ArrayLike | None = None) -> Transform:
        """The transform that `to_itk` gives `transform` for, of any linear class of SimpleITK; `centre` is in px."""
        return cls(from_itk(transform, spacing), _as_centre(centre))


def _as_centre(centre: ArrayLike | None) -> NDArray[np.float64] | None:
    return None if centre is None else np.asarray(centre, np.float64)
