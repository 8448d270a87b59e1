"""Resampling by a shift; equals `PlainDevice.resample_shift` to one grey level, floats to 1e-6 of the largest."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import FloatArray, Frames
from holdstill.devices.gpu.machine import Machine
from holdstill.devices.gpu.mapping import FAR, finite, overlaps
from holdstill.devices.gpu.resample import TAPS, check_names, resample
from holdstill.devices.interpolation import tap_weights
from holdstill.transforms.coverage import BORDER_PX

__all__ = ["resample_shift"]

MOVE = np.dtype(
    [
        ("frame", "u4"), ("firsts", "i4", 3), ("nearest", "i4", 3), ("starts", "i4", 3), ("stops", "i4", 3),
        ("weights", "f4", 18),
    ]
)  # fmt: skip


def resample_shift(
    machine: Machine, frames: Any, shifts: FloatArray, *, interpolation: str, edge: str, fill: float, out: Frames
) -> NDArray[np.int64]:
    """See `Device.resample_shift`."""
    check_names(interpolation, edge)
    shifts = np.clip(finite(shifts), -FAR, FAR)
    rows = _rows(out.shape[1:], shifts, interpolation)
    still = ~shifts.any(axis=1) if frames.dtype == out.dtype else np.zeros(len(shifts), bool)
    clamped = np.zeros(len(out), np.int64)
    if still.any():
        out[still] = np.asarray(frames[still])  # bit for bit, minus zero and 64-bit integers too
        moving = np.flatnonzero(~still)
        part = np.empty((len(moving), *out.shape[1:]), out.dtype)
        settings: dict[str, Any] = {"interpolation": interpolation, "edge": edge, "fill": fill, "out": part}
        clamped[moving] = resample(machine, frames[moving], "resample_shift", rows[moving], {}, **settings)
        out[moving] = part
        return clamped
    settings = {"interpolation": interpolation, "edge": edge, "fill": fill, "out": out}
    return resample(machine, frames, "resample_shift", rows, {}, **settings)


def _rows(shape: tuple[int, ...], shifts: FloatArray, interpolation: str) -> NDArray[Any]:
    """What the kernel has to know of each frame."""
    rows, flat, taps = np.zeros(len(shifts), MOVE), 3 - len(shape), TAPS[interpolation]
    rows["stops"], rows["weights"][:, 0] = 1, 1  # in two dimensions there is one plane
    for axis, length in enumerate(shape, flat):
        along = shifts[:, axis - flat]
        first, weights = tap_weights(interpolation, along)
        rows["firsts"][:, axis], rows["nearest"][:, axis] = first, np.floor(along + 0.5)
        rows["weights"][:, 6 * axis : 6 * axis + taps] = weights
        # both edges reach a little further, see `BORDER_PX`
        rows["starts"][:, axis] = overlaps(length, -along - BORDER_PX)[0]
        rows["stops"][:, axis] = overlaps(length, -along + BORDER_PX)[1]
    return rows
