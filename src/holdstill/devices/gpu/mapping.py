"""Coefficients of maps as the kernels read them, see mapping.wgsl."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import FloatArray
from holdstill.errors import InputError

__all__ = ["FAR", "WARPS", "finite", "map_rows", "overlaps"]

WARPS = {"affine": 0, "projective": 1, "bilinear": 2}
# beyond this, a point is as far away as any other
FAR = 1e6
# bits of a float32, less nine, are those of the largest coordinate: 32,768 px
HIGH_BITS = 9

# a vec3 of WGSL takes the room of four; z, y, x and nothing
VECTORS = ("rest", "high_z", "high_y", "high_x", "low_z", "low_y", "low_x", "shift", "extra")
MAP = np.dtype(
    [("frame", "u4"), ("gain", "f4"), ("offset", "f4"), ("cut", "f4"), ("whole", "i4", 4)]
    + [(name, "f4", 4) for name in VECTORS]
)


def map_rows(kind: str, warps: FloatArray, shape: tuple[int, ...]) -> NDArray[Any]:
    """A row for each map of frames of `shape`; frames, gains, offsets and cuts are left to be filled in.

    Raises
    ------
    InputError
        A coefficient is not finite.
    """
    warps = finite(warps)
    ndim, first = len(shape), 3 - len(shape)
    width = ndim + 2 if kind == "bilinear" else ndim + 1
    table = warps[:, : ndim * width].reshape(len(warps), ndim, width)
    centre = (np.array(shape) - 1) / 2
    linear = np.zeros((len(warps), 3, 3))
    linear[:, first:, first:] = table[:, :, 1 : ndim + 1]
    rows = np.zeros(len(warps), MAP)
    origin = np.zeros((len(warps), 3))
    origin[:, first:] = centre + table[:, :, 0] - linear[:, first:, first:] @ centre
    origin = np.clip(origin, -FAR, FAR)
    high = _leading(linear)
    rows["whole"][:, :3] = np.floor(origin)
    rows["rest"][:, :3] = origin - np.floor(origin)
    for axis, name in enumerate("zyx"):
        rows[f"high_{name}"][:, :3] = high[:, :, axis]
        rows[f"low_{name}"][:, :3] = linear[:, :, axis] - high[:, :, axis]
    rows["shift"][:, first:3] = table[:, :, 0]
    if kind == "bilinear":
        rows["extra"][:, 1:3] = table[:, :, 3]
    elif kind == "projective":
        rows["extra"][:, 1:3] = warps[:, -2:]
    return rows


def overlaps(length: int, shifts: FloatArray) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Range of the pixels q of a frame for which ``0 <= q - shift <= length - 1``, for each shift."""
    starts = np.maximum(np.ceil(shifts), 0).astype(np.int64)
    stops = np.minimum(np.floor(length - 1 + shifts) + 1, length).astype(np.int64)
    return starts, np.maximum(starts, stops)


def finite(coefficients: FloatArray) -> FloatArray:
    """As float64. Raises InputError where one is not finite."""
    values = np.asarray(coefficients, np.float64)
    bad = np.flatnonzero(~np.isfinite(values).all(axis=1))
    if len(bad):
        raise InputError(f"the transform of frame {bad[0]} of the batch is {values[bad[0]]}; give finite numbers")
    return values


def _leading(values: FloatArray) -> FloatArray:
    """Values rounded to their first bits."""
    mantissas, exponents = np.frexp(values)
    return np.ldexp(np.round(np.ldexp(mantissas, HIGH_BITS)), exponents - HIGH_BITS)
