"""Coefficients with which devices map points, for many frames at a time.

All arrays have one row for each frame. A map about the centre c of a frame, ``c = (shape - 1) / 2``, has coefficients,
for ``d = p - c`` and each output axis i:

- ``affine``: ``t_i, A_i0, A_i1, ...``, the map ``c + t + A d``;
- ``projective``: the same and then h, the map ``c + (t + A d) / (1 + h . d)``; two dimensions;
- ``bilinear``: ``t_i, A_i0, A_i1, b_i``, the map ``c + t + A d + b d_0 d_1``; two dimensions.
"""

from __future__ import annotations

import math
from itertools import product

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "corners",
    "flatten_each",
    "identity_warp",
    "invert_warps",
    "join",
    "make_matrices",
    "read_matrices",
    "rescale_matrices",
    "split",
]

FloatArray = NDArray[np.float64]


def identity_warp(kind: str, ndim: int) -> FloatArray:
    """Coefficients of the identity."""
    rows = np.hstack([np.zeros((ndim, 1)), np.eye(ndim)])
    if kind == "bilinear":
        rows = np.hstack([rows, np.zeros((ndim, 1))])
    extra = np.zeros(ndim if kind == "projective" else 0)
    return np.concatenate([rows.ravel(), extra])


def split(warps: FloatArray, ndim: int) -> tuple[FloatArray, FloatArray]:
    """Shift (n, ndim) and linear part (n, ndim, ndim) of affine coefficients."""
    rows = warps.reshape(len(warps), ndim, ndim + 1)
    return rows[:, :, 0], rows[:, :, 1:]


def join(shifts: FloatArray, linear: FloatArray) -> FloatArray:
    """Affine coefficients of shifts (n, ndim) and linear parts (n, ndim, ndim)."""
    return flatten_each(np.concatenate([shifts[:, :, None], linear], axis=2))


def flatten_each(rows: FloatArray) -> FloatArray:
    """What belongs to each frame in one row, (n, ...) to (n, p); there may be no frame, of which reshape knows no p."""
    return rows.reshape(len(rows), math.prod(rows.shape[1:]))


def make_matrices(warps: FloatArray, ndim: int) -> FloatArray:
    """Homogeneous matrices about the centre, (n, ndim + 1, ndim + 1), of affine or projective coefficients."""
    n_affine = ndim * (ndim + 1)
    shifts, linear = split(warps[:, :n_affine], ndim)
    made = np.zeros((len(warps), ndim + 1, ndim + 1))
    made[:, :-1, :-1], made[:, :-1, -1], made[:, -1, -1] = linear, shifts, 1.0
    if warps.shape[1] > n_affine:
        made[:, -1, :-1] = warps[:, n_affine:]
    return made


def read_matrices(found: FloatArray, kind: str) -> FloatArray:
    """Coefficients of homogeneous matrices about the centre."""
    scaled = found / found[:, -1:, -1:]
    warps = join(scaled[:, :-1, -1], scaled[:, :-1, :-1])
    return np.concatenate([warps, scaled[:, -1, :-1]], axis=1) if kind == "projective" else warps


def invert_warps(warps: FloatArray, kind: str, ndim: int) -> FloatArray:
    """Coefficients of the inverse maps; affine and projective ones have it in their family."""
    return read_matrices(np.asarray(np.linalg.inv(make_matrices(warps, ndim))), kind)


def rescale_matrices(found: FloatArray, factors: FloatArray, offset: FloatArray) -> FloatArray:
    """Matrices of the same maps for images whose pixel d lies at ``factors * d + offset``, about both centres."""
    frame = np.eye(len(factors) + 1)
    frame[:-1, :-1], frame[:-1, -1] = np.diag(factors), offset
    return np.asarray(np.linalg.inv(frame) @ found @ frame, np.float64)


def corners(shape: tuple[int, ...]) -> FloatArray:
    """Corners of a frame about its centre, (2^ndim, ndim) px."""
    return np.array(list(product(*((-(n - 1) / 2, (n - 1) / 2) for n in shape))))
