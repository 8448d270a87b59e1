"""What a smoothing spline in time expects of displacements: that their second or third differences are small.

Reference: G. Wahba, J. R. Stat. Soc. B 40, 364 (1978).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import FloatArray
from holdstill.methods.likelihood.banded import log_determinant
from holdstill.methods.likelihood.bending import FREE_PX

__all__ = ["find_log_determinant", "find_stiffest", "make_spline"]

# entries of a matrix over what is told beside them, at which a hundredth of that is lost by rounding
MOST_DIGITS = 1e13


def make_spline(times: FloatArray, cuts: NDArray[np.intp], order: int, stiffness: float, n_moved: int) -> FloatArray:
    """Inverse covariance of displacements at `times`, as a band; nothing joins those on either side of a cut.

    A divided difference over a span has a variance in proportion to it: that of the integral of white noise. A cut is
    the number of the first control point behind it.
    """
    n = len(times)
    width = max(order * n_moved, 2 * n_moved - 1) + 1
    band = np.zeros((n, n_moved, width))
    band[:, :, -1] = FREE_PX**-2
    if n <= order:
        return band.reshape(n * n_moved, width)
    begins, differences = np.arange(n - order), _difference(times, order)
    # a difference that begins at i needs all of i ... i + order on one side
    across = np.zeros(n + order + 1)
    np.add.at(across, np.maximum(cuts - order, 0), 1.0)
    np.add.at(across, cuts, -1.0)
    differences[across.cumsum()[begins] > 0] = 0.0
    for a in range(order + 1):
        for b in range(a + 1):
            product = stiffness * differences[:, a] * differences[:, b]
            band[begins + a, :, width - 1 - (a - b) * n_moved] += product[:, None]
    return band.reshape(n * n_moved, width)


def find_log_determinant(times: FloatArray, order: int, stiffness: float) -> float:
    """Of the inverse covariance of displacements along one axis: ``|s D'D + e| = e^order |s D D' + e|``."""
    n = len(times)
    if n <= order:
        return -2 * n * math.log(FREE_PX)
    differences, m = _difference(times, order), n - order
    band = np.zeros((m, order + 1))
    band[:, -1] = FREE_PX**-2
    for k in range(min(order, m - 1) + 1):  # rows i and i - k have order + 1 - k points in common
        product = (differences[k:, : order + 1 - k] * differences[: m - k, k:]).sum(axis=1)
        band[k:, order - k] += stiffness * product
    return float(log_determinant(band)) - 2 * order * math.log(FREE_PX)


def find_stiffest(times: FloatArray, order: int, light: float) -> float:
    """The largest stiffness beside which what the `light` tells of a control point, px^-2, is not lost by rounding."""
    return MOST_DIGITS * light / float(np.square(_difference(times, order)).max(initial=1.0))


def _difference(times: FloatArray, order: int) -> FloatArray:
    """Coefficients of divided differences of neighbouring points, (n - order, order + 1)."""
    points = times[np.arange(len(times) - order)[:, None] + np.arange(order + 1)]
    apart = points[:, :, None] - points[:, None, :] + np.eye(order + 1)
    spans = np.sqrt((points[:, -1] - points[:, 0]) / order)
    return np.asarray(math.factorial(order) / apart.prod(axis=2) * spans[:, None], np.float64)
