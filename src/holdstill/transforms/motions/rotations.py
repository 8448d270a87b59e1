"""Rotations of frames by angles: one turns y towards x, three make a rotation vector along (z, y, x)."""

from __future__ import annotations

import numpy as np
import scipy  # loads `scipy.spatial` when volumes are rotated: it takes 70 ms

from holdstill.contracts import FloatArray
from holdstill.transforms.motions.family import Family

__all__ = ["RotatingFamily", "differentiate_rotation", "find_angles", "make_rotations", "rotation_names"]


def rotation_names(ndim: int) -> tuple[str, ...]:
    """Names of the angles, with their unit."""
    return ("rotation_rad",) if ndim == 2 else tuple(f"rotation_{axis}_rad" for axis in "zyx")


def make_rotations(angles: FloatArray) -> FloatArray:
    """Rotation matrices (n, ndim, ndim) of angles, (n, 1) or (n, 3)."""
    if angles.shape[1] == 1:
        c, s = np.cos(angles[:, 0]), np.sin(angles[:, 0])
        return np.stack([np.stack([c, -s], -1), np.stack([s, c], -1)], -2)
    return np.asarray(scipy.spatial.transform.Rotation.from_rotvec(angles).as_matrix(), np.float64).reshape(-1, 3, 3)


def find_angles(rotations: FloatArray) -> FloatArray:
    """Angles of rotation matrices, (n, 1) or (n, 3)."""
    if rotations.shape[-1] == 2:
        return np.arctan2(rotations[:, 1, 0], rotations[:, 0, 0])[:, None]
    return np.asarray(scipy.spatial.transform.Rotation.from_matrix(rotations).as_rotvec(), np.float64).reshape(-1, 3)


def differentiate_rotation(ndim: int) -> FloatArray:
    """Derivatives of the rotation matrix by its angles, at none: (n_angles, ndim, ndim)."""
    if ndim == 2:
        return np.array([[[0.0, -1.0], [1.0, 0.0]]])
    made = np.zeros((3, 3, 3))
    for k in range(3):
        i, j = (k + 1) % 3, (k + 2) % 3
        made[k, i, j], made[k, j, i] = -1.0, 1.0
    return made


class RotatingFamily(Family):
    """What rotates: its angles follow the shift."""

    def interpolate(self, before: FloatArray, after: FloatArray, shares: FloatArray, ndim: int) -> FloatArray:
        found = super().interpolate(before, after, shares, ndim)
        angles = slice(ndim, ndim + len(rotation_names(ndim)))
        found[:, angles] = _rotate_between(before[:, angles], after[:, angles], shares)
        return found

    def approach(self, parameters: FloatArray, near: FloatArray, ndim: int) -> FloatArray:
        found = parameters.copy()
        angles = slice(ndim, ndim + len(rotation_names(ndim)))
        found[:, angles] = _approach(parameters[:, angles], near[:, angles])
        return found


def _approach(angles: FloatArray, near: FloatArray) -> FloatArray:
    """The same rotations by whole turns more or less, as near to others as can be."""
    if angles.shape[1] == 1:
        return near + _wrap(angles - near)
    lengths = np.linalg.norm(angles, axis=1, keepdims=True)
    axes = np.divide(angles, lengths, out=np.zeros_like(angles), where=lengths > 0)
    turns = np.rint(((near - angles) * axes).sum(axis=1, keepdims=True) / (2 * np.pi))
    return angles + 2 * np.pi * turns * axes


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
