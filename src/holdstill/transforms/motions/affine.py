"""Shift, rotation, scales and shears."""

from __future__ import annotations

import numpy as np

from holdstill.contracts import FloatArray
from holdstill.transforms.motions.rotations import RotatingFamily, find_angles, make_rotations, rotation_names
from holdstill.transforms.motions.translation import shift_names
from holdstill.transforms.motions.warp import MatrixFamily
from holdstill.transforms.warps import join, split

__all__ = ["Affine"]


class Affine(RotatingFamily, MatrixFamily):
    """Linear part ``R S (1 + K)``: rotation, then scales along the axes, then shears (upper triangle of K)."""

    name = "affine"
    lifted = "affine"
    holds: tuple[str, ...] = ("translation", "rigid", "similarity")

    def names(self, ndim: int) -> tuple[str, ...]:
        axes = "zyx"[-ndim:]
        scales = tuple(f"scale_{axis}" for axis in axes)
        shears = tuple(f"shear_{a}{b}" for i, a in enumerate(axes) for b in axes[i + 1 :])
        return shift_names(ndim) + rotation_names(ndim) + scales + shears

    def warps(self, parameters: FloatArray, ndim: int) -> FloatArray:
        n_angles = len(rotation_names(ndim))
        rotations = make_rotations(parameters[:, ndim : ndim + n_angles])
        scales = parameters[:, ndim + n_angles : 2 * ndim + n_angles]
        upper = np.zeros((len(parameters), ndim, ndim))
        upper[:, np.arange(ndim), np.arange(ndim)] = 1.0
        rows, columns = np.triu_indices(ndim, 1)
        upper[:, rows, columns] = parameters[:, 2 * ndim + n_angles :]
        return join(parameters[:, :ndim], rotations @ (scales[:, :, None] * upper))

    def parameters(self, warps: FloatArray, ndim: int) -> FloatArray:
        shifts, linear = split(warps, ndim)
        rotations, upper = np.linalg.qr(linear)
        signs = np.sign(np.einsum("nii->ni", upper))
        signs = np.where(signs == 0, 1.0, signs)
        rotations, upper = rotations * signs[:, None, :], upper * signs[:, :, None]
        # what is mirrored has a last scale below zero: rotations mirror nothing
        facing = np.sign(np.linalg.det(rotations))
        rotations[:, :, -1] *= facing[:, None]
        upper[:, -1, :] *= facing[:, None]
        scales = np.einsum("nii->ni", upper)
        rows, columns = np.triu_indices(ndim, 1)
        with np.errstate(invalid="ignore", divide="ignore"):
            shears = upper[:, rows, columns] / scales[:, rows]
        return np.concatenate([shifts, find_angles(rotations), scales, shears], axis=1)
