"""Sums of axis-aligned Gaussians, each drawn on its own window."""

from __future__ import annotations

import math

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["REACH_SIGMAS", "draw_blobs"]

FloatArray = NDArray[np.float64]

REACH_SIGMAS = 7.0  # a Gaussian is 2e-11 of its peak there: the cut shows in no numerical derivative


def _fill_profile(profile: FloatArray, centre: float, sigma: float, reach: float, derivative: bool) -> tuple[int, int]:
    """Write one Gaussian, or its derivative, into `profile`; return the range of pixels that it touches."""
    first = max(0, math.ceil(centre - reach * sigma))
    stop = min(len(profile), math.floor(centre + reach * sigma) + 1)
    for i in range(first, stop):
        u = (i - centre) / sigma
        value = math.exp(-0.5 * u * u)
        profile[i] = -u / sigma * value if derivative else value
    return first, stop


_fill = njit(cache=True, nogil=True)(_fill_profile)


def _add_blobs(
    image: FloatArray, centres: FloatArray, sigmas: FloatArray, weights: FloatArray, reach: float, axis: int
) -> None:
    """Add blobs to `image` (z, y, x): equals the sum of ``weight * exp(-|(p - centre) / sigma|^2 / 2)``, to 1e-10."""
    along_z, along_y, along_x = np.empty(image.shape[0]), np.empty(image.shape[1]), np.empty(image.shape[2])
    for k in range(len(weights)):
        z0, z1 = _fill(along_z, centres[k, 0], sigmas[k, 0], reach, axis == 0)
        y0, y1 = _fill(along_y, centres[k, 1], sigmas[k, 1], reach, axis == 1)
        x0, x1 = _fill(along_x, centres[k, 2], sigmas[k, 2], reach, axis == 2)
        for z in range(z0, z1):
            for y in range(y0, y1):
                height = weights[k] * along_z[z] * along_y[y]
                for x in range(x0, x1):
                    image[z, y, x] += height * along_x[x]


_add = njit(cache=True, nogil=True, fastmath=True)(_add_blobs)


def draw_blobs(
    shape: tuple[int, ...],
    centres: FloatArray,
    sigmas: FloatArray,
    weights: FloatArray,
    *,
    derivative_axis: int | None = None,
) -> FloatArray:
    """Sum of Gaussians on a pixel grid, or its derivative along one axis.

    Parameters
    ----------
    shape : tuple of int
        Shape ``([z,] y, x)`` of the image.
    centres, sigmas : ndarray of float64, (n, ndim)
        Centre and standard deviation of each Gaussian, px, in the order of `shape`.
    weights : ndarray of float64, (n,)
        Height of each peak.
    derivative_axis : int, optional
        Return the derivative with respect to the pixel coordinate along this axis of `shape`.

    Returns
    -------
    ndarray of float64, `shape`
        Each Gaussian is cut at `REACH_SIGMAS` standard deviations.
    """
    lead = 3 - len(shape)
    image = np.zeros((1,) * lead + tuple(shape))
    centres_zyx = np.pad(centres, ((0, 0), (lead, 0)))
    sigmas_zyx = np.pad(sigmas, ((0, 0), (lead, 0)), constant_values=1.0)
    axis = -1 if derivative_axis is None else derivative_axis % len(shape) + lead
    _add(image, centres_zyx, sigmas_zyx, weights, REACH_SIGMAS, axis)
    return image.reshape(shape)
