"""From a peak on whole pixels to one between them, by what stands around it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import FloatArray
from holdstill.errors import UnknownName

__all__ = ["SUBPIXEL", "around", "between"]

SUBPIXEL = ("none", "com", "parabola", "gaussian")


def around(surfaces: NDArray[np.float32], peaks: NDArray[np.int64], circular: bool = False) -> FloatArray:
    """The 3 x 3 (x 3) values about `peaks`, (n, ndim), of `surfaces`, (n, ...); those beyond the border repeat it."""
    n, ndim = peaks.shape
    steps = np.stack(np.meshgrid(*[np.arange(-1, 2)] * ndim, indexing="ij"), axis=-1).reshape(-1, ndim)
    cells = peaks[:, None] + steps
    shape = np.array(surfaces.shape[1:])
    cells = cells % shape if circular else np.clip(cells, 0, shape - 1)
    values = surfaces[(np.arange(n)[:, None], *np.moveaxis(cells, -1, 0))]
    return values.reshape(n, *(3,) * ndim).astype(np.float64)


def between(values: FloatArray, method: str) -> FloatArray:
    """Sub-pixel offsets (n, ndim) of peaks in the middle of `values`, (n, 3, 3[, 3]).

    Parameters
    ----------
    values : ndarray
    method : {"none", "com", "parabola", "gaussian"}
        Centre of mass; parabola through three points along each axis; the same through their logarithms where
        they have any.

    Raises
    ------
    UnknownName
        There is no such method.
    """
    ndim = values.ndim - 1
    if method not in SUBPIXEL:
        raise UnknownName(f"there is no sub-pixel method {method!r}; choose one of {', '.join(SUBPIXEL)}")
    if method == "none":
        return np.zeros((len(values), ndim))
    axes = range(1, ndim + 1)
    if method == "com":
        weights = values - values.min(axis=tuple(axes), keepdims=True)
        total = np.maximum(weights.sum(axis=tuple(axes)), 1e-30)
        sums = [weights.sum(axis=tuple(other for other in axes if other != axis)) for axis in axes]
        return np.stack([(line[:, 2] - line[:, 0]) / total for line in sums], axis=1)
    return np.stack([_parabola(values, axis, method == "gaussian") for axis in range(ndim)], axis=1)


def _parabola(values: FloatArray, axis: int, logarithmic: bool) -> FloatArray:
    middle = [slice(None)] + [1] * (values.ndim - 1)
    low, mid, high = (values[(*middle[: axis + 1], k, *middle[axis + 2 :])] for k in range(3))
    if logarithmic:
        positive = np.minimum(np.minimum(low, mid), high) > 0
        low, mid, high = (
            np.where(positive, np.log(np.where(positive, value, 1.0)), value) for value in (low, mid, high)
        )
    curvature = low - 2 * mid + high
    with np.errstate(invalid="ignore", divide="ignore"):
        offset = 0.5 * (low - high) / curvature
    return np.where(curvature < 0, np.clip(offset, -0.5, 0.5), 0.0)
