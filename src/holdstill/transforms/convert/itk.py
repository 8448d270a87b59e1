"""ITK and SimpleITK: points of the fixed image to points of the moving one, x first, in physical units."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from holdstill.contracts import AnyTransform
from holdstill.errors import InputError
from holdstill.extras import require
from holdstill.transforms.convert.pixels import displace_pixels

__all__ = ["field_to_itk", "from_itk", "list_displacements", "to_itk"]


def _reverse_axes(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    """A homogeneous matrix with its axes in the other order."""
    order = [*range(len(matrix) - 2, -1, -1), len(matrix) - 1]
    return np.asarray(matrix[np.ix_(order, order)], np.float64)


def _scale(matrix: NDArray[np.float64], sizes: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same map for points whose coordinates are multiplied by `sizes`."""
    scale = np.diag([*sizes, 1.0])
    return np.asarray(scale @ matrix @ np.linalg.inv(scale), np.float64)


def _sizes(spacing: ArrayLike | None, ndim: int) -> NDArray[np.float64]:
    sizes = np.ones(ndim) if spacing is None else np.asarray(spacing, np.float64)
    if sizes.shape != (ndim,) or not (sizes > 0).all():
        raise InputError(f"spacing must be {ndim} positive numbers, one for each of ([z,] y, x), not {spacing!r}")
    return sizes


def to_itk(matrix: NDArray[np.float64], spacing: ArrayLike | None = None) -> Any:
    """A ``SimpleITK.AffineTransform`` with which ``SimpleITK.Resample(frame, reference, transform)`` corrects.

    Parameters
    ----------
    matrix : ndarray of float64, (ndim + 1, ndim + 1)
        Of a `Transform`, on ``([z,] y, x, 1)``.
    spacing : array_like of float, (ndim,), optional
        Size of a pixel ``([z,] y, x)`` as the images have it; the origin is taken as zero. Default 1.

    Raises
    ------
    InputError
        The transform is projective, or the spacing does not fit.
    MissingExtra
        SimpleITK is not installed.

    Examples
    --------
    >>> to_itk(np.array([[1.0, 0, 3], [0, 1, 0], [0, 0, 1]])).TransformPoint((10, 10))  # doctest: +SKIP
    (10.0, 13.0)
    """
    ndim = len(matrix) - 1
    if np.abs(matrix[-1, :-1]).max() > 0:
        raise InputError("ITK has no projective transform of points; export an affine one, or use to_skimage")
    found = _reverse_axes(_scale(matrix / matrix[-1, -1], _sizes(spacing, ndim)))
    transform = require("SimpleITK", "itk", "to_itk").AffineTransform(ndim)
    transform.SetMatrix(found[:-1, :-1].ravel().tolist())
    transform.SetTranslation(found[:-1, -1].tolist())
    return transform


def list_displacements(
    transform: AnyTransform, shape: tuple[int, ...], dtype: DTypeLike = np.float64
) -> NDArray[np.floating]:
    """What a displacement field of ITK holds, of any transform: (*shape, ndim) px, x first, at each pixel."""
    return displace_pixels(transform, shape, dtype)[..., ::-1]


def field_to_itk(transform: AnyTransform, shape: tuple[int, ...], spacing: ArrayLike | None = None) -> Any:
    """A ``SimpleITK.DisplacementFieldTransform`` with which ``SimpleITK.Resample`` corrects, as `to_itk` has it.

    ITK interpolates linearly between the pixels of the reference, of that shape, and displaces nothing beyond them.
    """
    itk, sizes = require("SimpleITK", "itk", "to_itk"), _sizes(spacing, len(shape))[::-1]
    field = itk.GetImageFromArray(list_displacements(transform, shape) * sizes, isVector=True)
    field.SetSpacing(sizes.tolist())
    return itk.DisplacementFieldTransform(field)


def from_itk(transform: Any, spacing: ArrayLike | None = None) -> NDArray[np.float64]:
    """Matrix of a `Transform` from a linear SimpleITK transform of fixed to moving points.

    It is found by mapping points, so that any class will do; one that is not linear raises InputError.
    """
    ndim = int(transform.GetDimension())
    origin = np.array(transform.TransformPoint([0.0] * ndim))
    columns = [np.array(transform.TransformPoint(unit.tolist())) - origin for unit in np.eye(ndim)]
    far = np.array(transform.TransformPoint([100.0] * ndim))
    linear = np.stack(columns, axis=1)
    if not np.allclose(far, linear @ np.full(ndim, 100.0) + origin, atol=1e-6 * max(1.0, np.abs(far).max())):
        raise InputError("the ITK transform is not linear; only translations to affine maps have a matrix")
    found = np.eye(ndim + 1)
    found[:-1, :-1], found[:-1, -1] = linear, origin
    return _scale(_reverse_axes(found), 1 / _sizes(spacing, ndim))
