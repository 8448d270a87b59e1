"""Families that devices know by coefficients, see `holdstill.transforms.warps`."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Device, FloatArray, Frames, Motion
from holdstill.errors import InputError
from holdstill.transforms.motions.family import Family
from holdstill.transforms.motions.registry import MOTIONS
from holdstill.transforms.transform import Transform
from holdstill.transforms.warps import identity_warp, invert_warps, make_matrices, read_matrices, rescale_matrices

__all__ = ["MatrixFamily", "WarpFamily", "centre_of", "find_matrix_motion", "find_warp_motion", "solve_points"]


def centre_of(shape: tuple[int, ...]) -> FloatArray:
    """Middle of a frame, ``(shape - 1) / 2`` px."""
    return (np.array(shape, np.float64) - 1) / 2


def solve_points(rows: Sequence[FloatArray], moving: FloatArray) -> FloatArray:
    """Matrix, (3, 3), of the least squares of equations in its first six or eight numbers, one each for y and x."""
    found = np.linalg.lstsq(np.concatenate(rows), moving.T.ravel(), rcond=None)[0]
    return np.append(found, [0.0, 0.0, 1.0][len(found) - 6 :]).reshape(3, 3)


class WarpFamily(Family):
    """A family whose transforms are maps of a `kind` that devices know, with coefficients (n, k) about the centre.

    Parameters begin with the shift of the frame's centre, ``([z,] y, x)`` in px.
    """

    kind: str = "affine"
    shifts_only = False  # all points of a frame alike
    keeps_size = False  # distances between points

    @abstractmethod
    def warps(self, parameters: FloatArray, ndim: int) -> FloatArray:
        """Coefficients of the transforms with these parameters, (n, k)."""

    @abstractmethod
    def parameters(self, warps: FloatArray, ndim: int) -> FloatArray:
        """Parameters of the transforms with these coefficients, (n, n_params)."""

    @abstractmethod
    def map_about_centre(self, warps: FloatArray, points: FloatArray) -> FloatArray:
        """Where maps with coefficients take m `points`, (m, ndim), all about the centre; (n, m, ndim)."""

    @abstractmethod
    def rescale_warps(self, warps: FloatArray, factors: FloatArray, offset: FloatArray) -> FloatArray:
        """Coefficients for images whose pixel d lies at ``factors * d + offset``, about both centres."""

    @abstractmethod
    def invert_warps(self, warps: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        """Coefficients, of the same kind, of the maps from frame to reference, or those that come nearest to them."""

    @abstractmethod
    def orient(self, warps: FloatArray, ndim: int) -> FloatArray:
        """Coefficients of transforms as those that `Device.warp_sums` takes, and these as those of transforms."""

    @abstractmethod
    def widen_affine(self, warps: FloatArray) -> FloatArray:
        """Coefficients of this kind for those of affine maps, (n, ndim * (ndim + 1))."""

    def tangent(self, warps: FloatArray, ndim: int) -> FloatArray:
        """Derivative of the coefficients by the step that `step` takes, (n, k, n_params)."""
        return np.broadcast_to(np.eye(warps.shape[1]), (len(warps), warps.shape[1], warps.shape[1]))

    def step(self, warps: FloatArray, step: FloatArray, ndim: int) -> FloatArray:
        """Coefficients after a step (n, n_params), within the family."""
        return warps + step

    def identity(self, ndim: int) -> FloatArray:
        return self.parameters(identity_warp(self.kind, ndim)[None], ndim)[0]

    def map_points(self, parameters: FloatArray, points: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        centre = centre_of(shape)
        return self.map_about_centre(self.warps(parameters, len(shape)), points - centre) + centre

    def rescale(
        self,
        parameters: FloatArray,
        factors: FloatArray,
        offset: FloatArray,
        shape: tuple[int, ...],
        target: tuple[int, ...],
    ) -> tuple[Motion, FloatArray]:
        ndim = len(shape)
        return self, self.parameters(self.rescale_warps(self.warps(parameters, ndim), factors, offset), ndim)

    def resample(
        self, device: Device, frames: Frames, parameters: FloatArray, *, out: Frames, **settings: Any
    ) -> NDArray[np.int64]:
        warps = self.warps(parameters, out.ndim - 1)
        return device.resample_warp(frames, self.kind, warps, **settings, out=out)

    def resample_back(
        self, device: Device, images: Frames, parameters: FloatArray, *, out: Frames, **settings: Any
    ) -> NDArray[np.int64]:
        warps = self.invert_warps(self.warps(parameters, out.ndim - 1), out.shape[1:])
        return device.resample_warp(images, self.kind, warps, **settings, out=out)


class MatrixFamily(WarpFamily):
    """Linear maps of homogeneous coordinates: one after another, and the way back, are of the family too."""

    lifted: str = ""  # the motion of a volume all of whose planes move so

    def map_about_centre(self, warps: FloatArray, points: FloatArray) -> FloatArray:
        found = make_matrices(warps, points.shape[1])
        homogeneous = np.einsum("nij,mj->nmi", found[:, :, :-1], points) + found[:, None, :, -1]
        return homogeneous[..., :-1] / homogeneous[..., -1:]

    def rescale_warps(self, warps: FloatArray, factors: FloatArray, offset: FloatArray) -> FloatArray:
        return read_matrices(rescale_matrices(make_matrices(warps, len(factors)), factors, offset), self.kind)

    def invert_warps(self, warps: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        return invert_warps(warps, self.kind, len(shape))

    def orient(self, warps: FloatArray, ndim: int) -> FloatArray:
        return invert_warps(warps, self.kind, ndim)

    def widen_affine(self, warps: FloatArray) -> FloatArray:
        return warps

    def matrices(self, parameters: FloatArray, ndim: int) -> FloatArray:
        """Homogeneous matrices about the centre, (n, ndim + 1, ndim + 1)."""
        return make_matrices(self.warps(parameters, ndim), ndim)

    def of_matrices(self, matrices: FloatArray) -> FloatArray:
        """Parameters of homogeneous matrices about the centre, or of those that come nearest to them."""
        return self.parameters(read_matrices(matrices, self.kind), matrices.shape[1] - 1)

    def fit_points(self, fixed: FloatArray, moving: FloatArray) -> FloatArray:
        """Matrix, (3, 3), that takes points `fixed` of a plane nearest to `moving`, both (k, 2) about the centre.

        Points that determine it at all are half as many as there are parameters.
        """
        basis, zeros = np.column_stack([fixed, np.ones(len(fixed))]), np.zeros((len(fixed), 3))
        rows = [np.hstack([basis, zeros]), np.hstack([zeros, basis])]
        return solve_points(rows, moving)

    def transform(self, parameters: FloatArray, shape: tuple[int, ...]) -> Transform:
        centre, ndim = centre_of(shape), len(shape)
        there, back = np.eye(ndim + 1), np.eye(ndim + 1)
        there[:-1, -1], back[:-1, -1] = centre, -centre
        return Transform(there @ self.matrices(parameters[None], ndim)[0] @ back, centre)

    def invert(self, parameters: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        return self.of_matrices(np.asarray(np.linalg.inv(self.matrices(parameters, len(shape))), np.float64))

    def compose(self, outer: FloatArray, inner: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        return self.of_matrices(self.matrices(outer, len(shape)) @ self.matrices(inner, len(shape)))

    def relative_to(self, parameters: FloatArray, origins: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        inverses = np.linalg.inv(self.matrices(np.atleast_2d(origins), len(shape)))
        return self.of_matrices(self.matrices(parameters, len(shape)) @ inverses)

    def shift_reference(self, parameters: FloatArray, shift: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        moved = np.eye(len(shape) + 1)
        moved[:-1, -1] = -np.asarray(shift, np.float64)
        return self.of_matrices(self.matrices(parameters, len(shape)) @ moved)

    def embed(self, motion: Motion, parameters: FloatArray, ndim: int) -> FloatArray:
        if motion.name not in self.holds:
            return super().embed(motion, parameters, ndim)
        return self.of_matrices(find_matrix_motion(motion.name).matrices(parameters, ndim))

    def lift(self, parameters: FloatArray) -> tuple[Motion, FloatArray]:
        if not self.lifted:
            return super().lift(parameters)
        whole = np.broadcast_to(np.eye(4), (len(parameters), 4, 4)).copy()
        whole[:, 1:, 1:] = self.matrices(parameters, 2)
        motion = find_matrix_motion(self.lifted)
        return motion, motion.of_matrices(whole)


def find_warp_motion(name: str) -> WarpFamily:
    """The family of that name, for those who compute with its coefficients. Raises InputError if it has none."""
    motion = MOTIONS.get(name)
    if not isinstance(motion, WarpFamily):
        known = ", ".join(name for name, other in MOTIONS.items() if isinstance(other, WarpFamily))
        raise InputError(f"motion {name!r} has no coefficients; choose one of {known}")
    return motion


def find_matrix_motion(name: str) -> MatrixFamily:
    """The family of that name, for those who compute with its matrices. Raises InputError if it has none."""
    motion = MOTIONS.get(name)
    if not isinstance(motion, MatrixFamily):
        known = ", ".join(name for name, other in MOTIONS.items() if isinstance(other, MatrixFamily))
        raise InputError(f"motion {name!r} has no matrices; choose one of {known}")
    return motion
