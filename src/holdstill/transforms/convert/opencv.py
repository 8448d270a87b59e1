"""OpenCV: 2 x 3 or 3 x 3 matrices on (x, y), used with ``WARP_INVERSE_MAP``."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from holdstill.contracts import AnyTransform
from holdstill.errors import InputError
from holdstill.transforms.convert.pixels import map_pixels
from holdstill.transforms.convert.skimage import from_skimage, to_skimage

__all__ = ["from_opencv", "maps_to_opencv", "to_opencv"]


def to_opencv(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Matrix for ``cv2.warpAffine``, (2, 3), or, of a projective transform, ``cv2.warpPerspective``, (3, 3).

    Both with ``flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP``. OpenCV rounds coordinates to 1/32 px.

    Parameters
    ----------
    matrix : ndarray of float64, (3, 3)
        Of a `Transform`, on ``(y, x, 1)``.

    Raises
    ------
    InputError
        The transform is one of volumes.

    Examples
    --------
    >>> to_opencv(np.array([[1.0, 0, 3], [0, 1, 0], [0, 0, 1]]))
    array([[1., 0., 0.],
           [0., 1., 3.]])
    """
    if matrix.shape != (3, 3):
        raise InputError("OpenCV warps planes; for volumes use scipy.ndimage.affine_transform with t.matrix")
    swapped = to_skimage(matrix / matrix[2, 2])
    return swapped if swapped[2, :2].any() else swapped[:2]


def maps_to_opencv(transform: AnyTransform, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """``map_x, map_y`` of ``cv2.remap(frame, map_x, map_y, cv2.INTER_LINEAR)``, (2, *shape) px.

    Raises InputError for transforms of volumes.
    """
    if len(shape) != 2:
        raise InputError("OpenCV warps planes; for volumes use scipy.ndimage.map_coordinates with t.to_skimage()")
    return np.ascontiguousarray(map_pixels(transform, shape)[::-1], np.float32)


def from_opencv(matrix: ArrayLike) -> NDArray[np.float64]:
    """Matrix of a `Transform` from one that OpenCV uses with ``WARP_INVERSE_MAP``, (2, 3) or (3, 3)."""
    given = np.asarray(matrix, np.float64)
    return from_skimage(np.vstack([given, [0, 0, 1]]) if given.shape == (2, 3) else given)
