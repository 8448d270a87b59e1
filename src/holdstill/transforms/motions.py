"""Families of motion: their parameters, and what steps stay within a family. One row for each frame."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import scipy  # loads `scipy.spatial` when volumes are rotated: it takes 70 ms
from numpy.typing import NDArray

from holdstill.errors import InputError, UnknownName
from holdstill.transforms.planes import PLANES, moved_axes
from holdstill.transforms.warps import identity_warp, join, split

__all__ = ["MOTIONS", "Motion", "find_motion"]

FloatArray = NDArray[np.float64]


class Motion(ABC):
    """A family of transforms. Parameters begin with the shift of the frame's centre, ``([z,] y, x)`` in px."""

    name: ClassVar[str]
    kind: ClassVar[str] = "affine"
    ndims: ClassVar[tuple[int, ...]] = (2, 3)
    additive: ClassVar[bool] = False  # one transform after another has the sum of their parameters

    @abstractmethod
    def names(self, ndim: int) -> tuple[str, ...]:
        """Name of each parameter, with its unit where it has one."""

    @abstractmethod
    def warps(self, parameters: FloatArray, ndim: int) -> FloatArray:
        """Coefficients of the transforms with these parameters, (n, k)."""

    @abstractmethod
    def parameters(self, warps: FloatArray, ndim: int) -> FloatArray:
        """Parameters of the transforms with these coefficients, (n, n_params)."""

    def tangent(self, warps: FloatArray, ndim: int) -> FloatArray:
        """Derivative of the coefficients by the step that `moved` takes, (n, k, n_params)."""
        return np.broadcast_to(np.eye(warps.shape[1]), (len(warps), warps.shape[1], warps.shape[1]))

    def moved(self, warps: FloatArray, step: FloatArray, ndim: int) -> FloatArray:
        """Coefficients after a step (n, n_params), within the family."""
        return warps + step

    def identity(self, ndim: int) -> FloatArray:
        """Parameters of the map that changes nothing, (n_params,)."""
        return self.parameters(identity_warp(self.kind, ndim)[None], ndim)[0]

    def interpolate(self, before: FloatArray, after: FloatArray, shares: FloatArray, ndim: int) -> FloatArray:
        """Parameters of transforms at `shares`, (n,), of the way from some to others, each (n, n_params).

        Rotations take the shorter way round; below 0 and above 1 motion goes on as between.
        """
        return (1 - shares[:, None]) * before + shares[:, None] * after  # exact at both ends

    def check(self, ndim: int) -> None:
        """Raise InputError if there is no such motion in `ndim` dimensions."""
        if ndim not in self.ndims:
            known = ", ".join(name for name, motion in MOTIONS.items() if ndim in motion.ndims)
            if 3 in self.ndims:
                raise InputError(f"motion {self.name!r} is for volumes (z, y, x) only; here choose one of {known}")
            raise InputError(f"motion {self.name!r} is for planes (y, x) only; for volumes choose one of {known}")


def _shift_names(ndim: int) -> tuple[str, ...]:
    return tuple(f"shift_{axis}_px" for axis in "zyx"[-ndim:])


def _rotation_names(ndim: int) -> tuple[str, ...]:
    return ("rotation_rad",) if ndim == 2 else tuple(f"rotation_{axis}_rad" for axis in "zyx")


def _rotations(angles: FloatArray) -> FloatArray:
    """Rotation matrices: one angle turns y towards x; three make a rotation vector along (z, y, x)."""
    if angles.shape[1] == 1:
        c, s = np.cos(angles[:, 0]), np.sin(angles[:, 0])
        return np.stack([np.stack([c, -s], -1), np.stack([s, c], -1)], -2)
    return np.asarray(scipy.spatial.transform.Rotation.from_rotvec(angles).as_matrix(), np.float64).reshape(-1, 3, 3)


def _angles(rotations: FloatArray) -> FloatArray:
    if rotations.shape[-1] == 2:
        return np.arctan2(rotations[:, 1, 0], rotations[:, 0, 0])[:, None]
    return np.asarray(scipy.spatial.transform.Rotation.from_matrix(rotations).as_rotvec(), np.float64).reshape(-1, 3)


def _rotate_between(before: FloatArray, after: FloatArray, shares: FloatArray) -> FloatArray:
    """Angles of rotations between others, by the shorter way round, as a wheel turns from one to the other."""
    if before.shape[1] == 1:
        return _wrap(before + shares[:, None] * _wrap(after - before))
    rotation = scipy.spatial.transform.Rotation
    first = rotation.from_rotvec(before)
    step = (first.inv() * rotation.from_rotvec(after)).as_rotvec()
    return np.asarray((first * rotation.from_rotvec(shares[:, None] * step)).as_rotvec(), np.float64)


def _wrap(angles: FloatArray) -> FloatArray:
    """The same angles within half a turn of none; those that are stay the same to the bit."""
    return angles - 2 * np.pi * np.rint(angles / (2 * np.pi))


def _generators(ndim: int) -> FloatArray:
    """Derivatives of the rotation matrix by its angles, at none."""
    if ndim == 2:
        return np.array([[[0.0, -1.0], [1.0, 0.0]]])
    made = np.zeros((3, 3, 3))
    for k in range(3):
        i, j = (k + 1) % 3, (k + 2) % 3
        made[k, i, j], made[k, j, i] = -1.0, 1.0
    return made


class _Translation(Motion):
    name = "translation"
    additive = True

    def names(self, ndim: int) -> tuple[str, ...]:
        return _shift_names(ndim)

    def warps(self, parameters: FloatArray, ndim: int) -> FloatArray:
        return join(parameters, np.broadcast_to(np.eye(ndim), (len(parameters), ndim, ndim)))

    def parameters(self, warps: FloatArray, ndim: int) -> FloatArray:
        return split(warps, ndim)[0].copy()

    def tangent(self, warps: FloatArray, ndim: int) -> FloatArray:
        made = np.zeros((warps.shape[1], ndim))
        made[np.arange(ndim) * (ndim + 1), np.arange(ndim)] = 1.0
        return np.broadcast_to(made, (len(warps), *made.shape))

    def moved(self, warps: FloatArray, step: FloatArray, ndim: int) -> FloatArray:
        shifts, linear = split(warps, ndim)
        return join(shifts + step, linear)


class _Rotating(Motion):
    """What rotates: its angles follow the shift."""

    def interpolate(self, before: FloatArray, after: FloatArray, shares: FloatArray, ndim: int) -> FloatArray:
        found = super().interpolate(before, after, shares, ndim)
        angles = slice(ndim, ndim + len(_rotation_names(ndim)))
        found[:, angles] = _rotate_between(before[:, angles], after[:, angles], shares)
        return found


class _Rigid(_Rotating):
    name = "rigid"
    scaled = False

    def names(self, ndim: int) -> tuple[str, ...]:
        return _shift_names(ndim) + _rotation_names(ndim) + (("scale",) if self.scaled else ())

    def warps(self, parameters: FloatArray, ndim: int) -> FloatArray:
        n_angles = len(_rotation_names(ndim))
        linear = _rotations(parameters[:, ndim : ndim + n_angles])
        if self.scaled:
            linear = linear * parameters[:, -1][:, None, None]
        return join(parameters[:, :ndim], linear)

    def parameters(self, warps: FloatArray, ndim: int) -> FloatArray:
        shifts, linear = split(warps, ndim)
        scales = np.abs(np.linalg.det(linear)) ** (1 / ndim)
        columns = [shifts, _angles(linear / scales[:, None, None])]
        return np.concatenate([*columns, scales[:, None]] if self.scaled else columns, axis=1)

    def tangent(self, warps: FloatArray, ndim: int) -> FloatArray:
        _, linear = split(warps, ndim)
        turned = np.einsum("kij,njl->nkil", _generators(ndim), linear)
        if self.scaled:
            turned = np.concatenate([turned, linear[:, None]], axis=1)
        made = np.zeros((len(warps), ndim, ndim + 1, ndim + turned.shape[1]))
        for axis in range(ndim):
            made[:, axis, 0, axis] = 1.0
        made[:, :, 1:, ndim:] = np.moveaxis(turned, 1, -1)
        return made.reshape(len(warps), -1, made.shape[-1])

    def moved(self, warps: FloatArray, step: FloatArray, ndim: int) -> FloatArray:
        shifts, linear = split(warps, ndim)
        n_angles = len(_rotation_names(ndim))
        linear = _rotations(step[:, ndim : ndim + n_angles]) @ linear
        if self.scaled:
            linear = linear * np.exp(step[:, -1])[:, None, None]
        return join(shifts + step[:, :ndim], linear)


class _Similarity(_Rigid):
    name = "similarity"
    scaled = True


class _Affine(_Rotating):
    """Linear part ``R S (1 + K)``: rotation, then scales along the axes, then shears (upper triangle of K)."""

    name = "affine"

    def names(self, ndim: int) -> tuple[str, ...]:
        axes = "zyx"[-ndim:]
        scales = tuple(f"scale_{axis}" for axis in axes)
        shears = tuple(f"shear_{a}{b}" for i, a in enumerate(axes) for b in axes[i + 1 :])
        return _shift_names(ndim) + _rotation_names(ndim) + scales + shears

    def warps(self, parameters: FloatArray, ndim: int) -> FloatArray:
        n_angles = len(_rotation_names(ndim))
        rotations = _rotations(parameters[:, ndim : ndim + n_angles])
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
        scales = np.einsum("nii->ni", upper)
        rows, columns = np.triu_indices(ndim, 1)
        with np.errstate(invalid="ignore", divide="ignore"):
            shears = upper[:, rows, columns] / scales[:, rows]
        return np.concatenate([shifts, _angles(rotations), scales, shears], axis=1)


class _Projective(_Rotating):
    """The affine parameters, and h in 1/px."""

    name = "projective"
    kind = "projective"
    ndims = (2,)

    def names(self, ndim: int) -> tuple[str, ...]:
        return (*MOTIONS["affine"].names(ndim), "tilt_y_per_px", "tilt_x_per_px")

    def warps(self, parameters: FloatArray, ndim: int) -> FloatArray:
        return np.concatenate([MOTIONS["affine"].warps(parameters[:, :-2], ndim), parameters[:, -2:]], axis=1)

    def parameters(self, warps: FloatArray, ndim: int) -> FloatArray:
        return np.concatenate([MOTIONS["affine"].parameters(warps[:, :-2], ndim), warps[:, -2:]], axis=1)


class _Bilinear(Motion):
    """Eight coefficients as they are: those of y, then those of x; its shifts come first."""

    name = "bilinear"
    kind = "bilinear"
    ndims = (2,)
    order = (0, 4, 1, 2, 3, 5, 6, 7)

    def names(self, ndim: int) -> tuple[str, ...]:
        terms = ("y", "x", "yx_per_px")
        return _shift_names(ndim) + tuple(f"{axis}_by_{term}" for axis in "yx" for term in terms)

    def warps(self, parameters: FloatArray, ndim: int) -> FloatArray:
        return parameters[:, np.argsort(self.order)]

    def parameters(self, warps: FloatArray, ndim: int) -> FloatArray:
        return warps[:, self.order]

    def tangent(self, warps: FloatArray, ndim: int) -> FloatArray:
        return np.broadcast_to(np.eye(8)[:, self.order], (len(warps), 8, 8))

    def moved(self, warps: FloatArray, step: FloatArray, ndim: int) -> FloatArray:
        return warps + step[:, np.argsort(self.order)]


@dataclass(frozen=True)
class _Planes(Motion):
    """Two shifts for each plane of a volume; see `holdstill.transforms.planes`."""

    name: str  # type: ignore[misc]
    count: int

    kind = "planes"
    ndims = (3,)
    additive = True

    def names(self, ndim: int) -> tuple[str, ...]:
        axes = ["zyx"[axis] for axis in moved_axes(PLANES[self.name])]
        return tuple(f"plane_{k}_shift_{axis}_px" for k in range(self.count) for axis in axes)

    def warps(self, parameters: FloatArray, ndim: int) -> FloatArray:
        return parameters

    def parameters(self, warps: FloatArray, ndim: int) -> FloatArray:
        return warps

    def identity(self, ndim: int) -> FloatArray:
        return np.zeros(2 * self.count)


MOTIONS: dict[str, Motion] = {
    motion.name: motion for motion in (_Translation(), _Rigid(), _Similarity(), _Affine(), _Projective(), _Bilinear())
}


def find_motion(name: str, shape: tuple[int, ...] = ()) -> Motion:
    """The family of that name, of planes for that shape of volume. Raises UnknownName, naming those that exist."""
    if name in PLANES:
        return _Planes(name, shape[PLANES[name]] if len(shape) == 3 else 0)
    if name not in MOTIONS:
        raise UnknownName(f"there is no motion {name!r}; choose one of {', '.join([*MOTIONS, *PLANES])}")
    return MOTIONS[name]
