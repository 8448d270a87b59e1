"""Where each pixel goes: what maps without a matrix are told by to programs that know no control points."""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike, NDArray

from holdstill.contracts import AnyTransform, FloatArray

__all__ = ["displace_pixels", "map_pixels"]

# pixels that are mapped at once
MOST_POINTS = 1 << 20


def displace_pixels(
    transform: AnyTransform, shape: tuple[int, ...], dtype: DTypeLike = np.float64
) -> NDArray[np.floating]:
    """``T(p) - p`` of each pixel of a reference of that shape, (*shape, ndim) px, ``([z,] y, x)``."""
    found = np.empty((*shape, len(shape)), dtype)
    rows = max(1, MOST_POINTS // max(int(np.prod(shape[1:])), 1))
    for top in range(0, shape[0], rows):
        places = np.indices((min(rows, shape[0] - top), *shape[1:]), np.float64)
        places[0] += top
        points = places.reshape(len(shape), -1).T
        found[top : top + rows] = (transform.map(points) - points).reshape(-1, *shape[1:], len(shape))
    return found


def map_pixels(transform: AnyTransform, shape: tuple[int, ...]) -> FloatArray:
    """``T(p)`` of each pixel, (ndim, *shape) px, ``([z,] y, x)``."""
    return np.asarray(np.moveaxis(displace_pixels(transform, shape), -1, 0) + np.indices(shape), np.float64)
