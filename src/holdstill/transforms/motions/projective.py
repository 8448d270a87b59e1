"""Affine maps with a tilt: views of a plane from elsewhere."""

from __future__ import annotations

import numpy as np

from holdstill.contracts import FloatArray
from holdstill.transforms.motions.affine import Affine
from holdstill.transforms.motions.warp import solve_points

__all__ = ["Projective"]


class Projective(Affine):
    """The affine parameters, and h in 1/px."""

    name = "projective"
    kind = "projective"
    ndims = (2,)
    lifted = ""
    holds: tuple[str, ...] = ("translation", "rigid", "similarity", "affine")

    def names(self, ndim: int) -> tuple[str, ...]:
        return (*super().names(ndim), "tilt_y_per_px", "tilt_x_per_px")

    def warps(self, parameters: FloatArray, ndim: int) -> FloatArray:
        return np.concatenate([super().warps(parameters[:, :-2], ndim), parameters[:, -2:]], axis=1)

    def parameters(self, warps: FloatArray, ndim: int) -> FloatArray:
        return np.concatenate([super().parameters(warps[:, :-2], ndim), warps[:, -2:]], axis=1)

    def fit_points(self, fixed: FloatArray, moving: FloatArray) -> FloatArray:
        basis, zeros = np.column_stack([fixed, np.ones(len(fixed))]), np.zeros((len(fixed), 3))
        tilts = [-moving[:, [axis]] * fixed for axis in range(2)]
        return solve_points([np.hstack([basis, zeros, tilts[0]]), np.hstack([zeros, basis, tilts[1]])], moving)

    def widen_affine(self, warps: FloatArray) -> FloatArray:
        return np.pad(warps, ((0, 0), (0, 2)))
