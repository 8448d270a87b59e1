"""Maps of points by coefficients, see `holdstill.transforms.warps`; the readable version. Pure numbers, no images."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["KINDS", "bilinear_jacobian", "map_points", "unmap_points", "warp_columns"]

KINDS = ("affine", "projective", "bilinear")
NEWTON_STEPS = 8

FloatArray = NDArray[np.float64]


def _basis(kind: str, d: FloatArray) -> FloatArray:
    """Functions of d, (ndim, ...), that the coefficients of one axis multiply."""
    terms = [np.ones_like(d[:1]), d]
    if kind == "bilinear":
        terms.append(d[:1] * d[1:])
    return np.concatenate(terms)


def _divisor(kind: str, warp: FloatArray, d: FloatArray) -> FloatArray:
    if kind != "projective":
        return np.ones_like(d[0])
    return 1 + np.tensordot(warp[-len(d) :], d, 1)


def map_points(kind: str, warp: FloatArray, d: FloatArray) -> FloatArray:
    """Where a map takes points; all relative to the centre, (ndim, ...)."""
    basis = _basis(kind, d)
    rows = warp[: len(d) * len(basis)].reshape(len(d), len(basis))
    return np.tensordot(rows, basis, 1) / _divisor(kind, warp, d)


def unmap_points(warp: FloatArray, q: FloatArray) -> FloatArray:
    """Points that a bilinear map takes to `q`, by Newton steps from its affine part."""
    d = q.copy()
    for _ in range(NEWTON_STEPS):
        jacobian = bilinear_jacobian(warp, d)
        d = d - np.einsum("ij...,j...->i...", _inverse(jacobian), map_points("bilinear", warp, d) - q)
    return d


def bilinear_jacobian(warp: FloatArray, d: FloatArray) -> FloatArray:
    """Derivative of a bilinear map by the point, (2, 2, ...)."""
    rows = warp.reshape(2, 4)
    return np.stack([np.stack([row[1] + row[3] * d[1], row[2] + row[3] * d[0]]) for row in rows])


def _inverse(m: FloatArray) -> FloatArray:
    determinant = m[0, 0] * m[1, 1] - m[0, 1] * m[1, 0]
    return np.stack([np.stack([m[1, 1], -m[0, 1]]), np.stack([-m[1, 0], m[0, 0]])]) / determinant


def warp_columns(kind: str, warp: FloatArray, q: FloatArray) -> tuple[FloatArray, list[FloatArray]]:
    """W(q), relative to the centre, and how each coefficient moves it.

    Returns
    -------
    points : ndarray, (ndim, ...)
    moves : list of (ndim, ...) arrays
    """
    ndim = len(q)
    if kind == "bilinear":
        points = unmap_points(warp, q)
        inverse, basis = _inverse(bilinear_jacobian(warp, points)), _basis(kind, points)
        return points, [-inverse[:, axis] * term for axis in range(2) for term in basis]
    points, divisor = map_points(kind, warp, q), _divisor(kind, warp, q)
    unit = np.eye(ndim).reshape(ndim, ndim, *(1 for _ in q.shape[1:]))
    moves = [unit[axis] * (term / divisor) for axis in range(ndim) for term in _basis(kind, q)]
    if kind == "projective":
        moves += [-points * (component / divisor) for component in q]
    return points, moves
