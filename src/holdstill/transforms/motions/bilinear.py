"""StackReg's fifth model. One after another is not bilinear, nor is the way back."""

from __future__ import annotations

from itertools import product

import numpy as np

from holdstill.contracts import FloatArray
from holdstill.errors import InputError
from holdstill.transforms.bilinear import Bilinear
from holdstill.transforms.mapping import map_points
from holdstill.transforms.motions.translation import shift_names
from holdstill.transforms.motions.warp import WarpFamily, centre_of
from holdstill.transforms.warps import flatten_each

__all__ = ["BilinearMotion"]

CHAINLESS = "bilinear transforms cannot be chained; choose affine or projective, or another reference"


class BilinearMotion(WarpFamily):
    """Eight coefficients as they are: those of y, then those of x; its shifts come first."""

    name = "bilinear"
    kind = "bilinear"
    ndims = (2,)
    order = (0, 4, 1, 2, 3, 5, 6, 7)

    def names(self, ndim: int) -> tuple[str, ...]:
        terms = ("y", "x", "yx_per_px")
        return shift_names(ndim) + tuple(f"{axis}_by_{term}" for axis in "yx" for term in terms)

    def warps(self, parameters: FloatArray, ndim: int) -> FloatArray:
        return parameters[:, np.argsort(self.order)]

    def parameters(self, warps: FloatArray, ndim: int) -> FloatArray:
        return warps[:, self.order]

    def tangent(self, warps: FloatArray, ndim: int) -> FloatArray:
        return np.broadcast_to(np.eye(8)[:, self.order], (len(warps), 8, 8))

    def step(self, warps: FloatArray, step: FloatArray, ndim: int) -> FloatArray:
        return warps + step[:, np.argsort(self.order)]

    def map_about_centre(self, warps: FloatArray, points: FloatArray) -> FloatArray:
        t, a, b = _split(warps)
        mixed = points[:, 0] * points[:, 1]
        return t[:, None] + np.einsum("nij,mj->nmi", a, points) + mixed[None, :, None] * b[:, None]

    def rescale_warps(self, warps: FloatArray, factors: FloatArray, offset: FloatArray) -> FloatArray:
        t, a, b = _split(warps)
        (f0, f1), (e0, e1) = factors, offset
        constant = t + a @ offset + b * (e0 * e1) - offset
        linear = np.stack([a[:, :, 0] * f0 + b * (f0 * e1), a[:, :, 1] * f1 + b * (e0 * f1)], axis=2)
        rows = np.concatenate([constant[:, :, None], linear, (b * (f0 * f1))[:, :, None]], axis=2)
        return flatten_each(rows / factors[:, None])

    def invert_warps(self, warps: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        """The bilinear maps nearest to the inverses at nine points of the frame."""
        grid = np.array(list(product(*((-half, 0.0, half) for half in np.array(shape) / 2)))).T
        rows = []
        for warp in warps:
            there = map_points("bilinear", warp, grid)
            basis = np.stack([np.ones_like(there[0]), there[0], there[1], there[0] * there[1]], axis=1)
            rows.append(np.linalg.lstsq(basis, grid.T, rcond=None)[0].T.ravel())
        return np.array(rows).reshape(len(warps), 8)

    def orient(self, warps: FloatArray, ndim: int) -> FloatArray:
        return warps

    def widen_affine(self, warps: FloatArray) -> FloatArray:
        rows = warps.reshape(len(warps), 2, 3)
        return np.concatenate([rows, np.zeros((len(rows), 2, 1))], axis=2).reshape(len(rows), 8)

    def transform(self, parameters: FloatArray, shape: tuple[int, ...]) -> Bilinear:
        return Bilinear(self.warps(parameters[None], 2)[0], centre_of(shape))

    def invert(self, parameters: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        raise InputError("the inverse of a bilinear transform is none; map points with reg[t].inverse instead")

    def compose(self, outer: FloatArray, inner: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        raise InputError(CHAINLESS)

    def check_sequential(self, reference: str) -> None:
        raise InputError(CHAINLESS)

    def relative_to(self, parameters: FloatArray, origins: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        """The parameters as they are: what is relative to a bilinear transform is not one."""
        return parameters

    def shift_reference(self, parameters: FloatArray, shift: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        """The parameters as they are, as for `relative_to`."""
        return parameters


def _split(warps: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Shift (n, 2), linear part (n, 2, 2) and factors of y x, (n, 2)."""
    rows = warps.reshape(len(warps), 2, 4)
    return rows[:, :, 0], rows[:, :, 1:3], rows[:, :, 3]
