"""Shift and rotation, without and with one scale."""

from __future__ import annotations

import numpy as np

from holdstill.contracts import FloatArray, Motion
from holdstill.transforms.motions.rotations import (
    RotatingFamily,
    differentiate_rotation,
    find_angles,
    make_rotations,
    rotation_names,
)
from holdstill.transforms.motions.translation import shift_names
from holdstill.transforms.motions.warp import MatrixFamily, find_matrix_motion
from holdstill.transforms.warps import join, split

__all__ = ["Rigid", "Similarity"]

# a step to so much another scale has lost its way; what follows need not overflow
MOST_LOG = 20.0


class Rigid(RotatingFamily, MatrixFamily):
    """Shift and rotation."""

    name = "rigid"
    lifted = "rigid"
    holds: tuple[str, ...] = ("translation",)
    scaled = False
    keeps_size = True

    def names(self, ndim: int) -> tuple[str, ...]:
        return shift_names(ndim) + rotation_names(ndim) + (("scale",) if self.scaled else ())

    def warps(self, parameters: FloatArray, ndim: int) -> FloatArray:
        n_angles = len(rotation_names(ndim))
        linear = make_rotations(parameters[:, ndim : ndim + n_angles])
        if self.scaled:
            linear = linear * parameters[:, -1][:, None, None]
        return join(parameters[:, :ndim], linear)

    def parameters(self, warps: FloatArray, ndim: int) -> FloatArray:
        shifts, linear = split(warps, ndim)
        scales = np.abs(np.linalg.det(linear)) ** (1 / ndim)
        columns = [shifts, find_angles(linear / scales[:, None, None])]
        return np.concatenate([*columns, scales[:, None]] if self.scaled else columns, axis=1)

    def tangent(self, warps: FloatArray, ndim: int) -> FloatArray:
        _, linear = split(warps, ndim)
        turned = np.einsum("kij,njl->nkil", differentiate_rotation(ndim), linear)
        if self.scaled:
            turned = np.concatenate([turned, linear[:, None]], axis=1)
        made = np.zeros((len(warps), ndim, ndim + 1, ndim + turned.shape[1]))
        for axis in range(ndim):
            made[:, axis, 0, axis] = 1.0
        made[:, :, 1:, ndim:] = np.moveaxis(turned, 1, -1)
        return made.reshape(len(warps), -1, made.shape[-1])

    def step(self, warps: FloatArray, step: FloatArray, ndim: int) -> FloatArray:
        shifts, linear = split(warps, ndim)
        n_angles = len(rotation_names(ndim))
        linear = make_rotations(step[:, ndim : ndim + n_angles]) @ linear
        if self.scaled:
            linear = linear * np.exp(np.clip(step[:, -1], -MOST_LOG, MOST_LOG))[:, None, None]
        return join(shifts + step[:, :ndim], linear)

    def fit_points(self, fixed: FloatArray, moving: FloatArray) -> FloatArray:
        """See `MatrixFamily.fit_points`; Umeyama, IEEE PAMI 13:376 (1991)."""
        matrix = np.eye(3)
        a, b = fixed - fixed.mean(axis=0), moving - moving.mean(axis=0)
        left, singular, right = np.linalg.svd(b.T @ a)
        signs = np.array([1.0, np.sign(np.linalg.det(left @ right))])
        scale = float((singular * signs).sum()) / max(float((a**2).sum()), 1e-12) if self.scaled else 1.0
        matrix[:2, :2] = scale * (left * signs) @ right
        matrix[:2, 2] = moving.mean(axis=0) - matrix[:2, :2] @ fixed.mean(axis=0)
        return matrix

    def rescale(
        self,
        parameters: FloatArray,
        factors: FloatArray,
        offset: FloatArray,
        shape: tuple[int, ...],
        target: tuple[int, ...],
    ) -> tuple[Motion, FloatArray]:
        """See `Motion.rescale`; a rotation of frames that shrink more along one axis than another is affine."""
        if len(set(factors.tolist())) == 1:
            return super().rescale(parameters, factors, offset, shape, target)
        wide = find_matrix_motion("affine")
        return wide.rescale(wide.embed(self, parameters, len(shape)), factors, offset, shape, target)


class Similarity(Rigid):
    """Shift, rotation and one scale. A volume's z keeps its scale, so that lifted it is affine."""

    name = "similarity"
    lifted = "affine"
    holds: tuple[str, ...] = ("translation", "rigid")
    scaled = True
    keeps_size = False
