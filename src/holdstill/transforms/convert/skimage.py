"""scikit-image: 3 x 3 matrices on (x, y), that map points of the result to points of the input."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from holdstill.errors import InputError

__all__ = ["from_skimage", "to_skimage"]

SWAP = np.array([[0.0, 1, 0], [1, 0, 0], [0, 0, 1]])


def to_skimage(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """Matrix that ``skimage.transform.warp(frame, matrix)`` takes to give the corrected frame.

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
    >>> to_skimage(np.array([[1.0, 0, 3], [0, 1, 0], [0, 0, 1]]))
    array([[1., 0., 0.],
           [0., 1., 3.],
           [0., 0., 1.]])
    """
    if matrix.shape != (3, 3):
        raise InputError("scikit-image warps planes; for volumes use scipy.ndimage.affine_transform with t.matrix")
    return SWAP @ matrix @ SWAP


def from_skimage(matrix: ArrayLike) -> NDArray[np.float64]:
    """Matrix of a `Transform` from what ``skimage.transform.warp`` takes: an array, or a transform's ``params``."""
    given = np.asarray(matrix, np.float64)
    if given.shape != (3, 3):
        raise InputError(f"a scikit-image transform of planes is a 3 x 3 matrix, not one of shape {given.shape}")
    return np.asarray(SWAP @ given @ SWAP, np.float64)
