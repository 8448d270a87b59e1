"""Frames whose odd rows are displaced along x, resampled once: even and odd rows by transforms of their own.

Resampling is linear in the pixels, so that the sum of a frame with its odd rows at zero and of one with its even rows
at zero is the whole frame; each part is sampled where its rows show the point that is asked for.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from holdstill.contracts import Device, FloatArray, Frames, Motion
from holdstill.transforms.motions import find_motion

__all__ = ["resample_scanned"]

# as exact as the devices: float32 holds 16-bit pixels
WIDE = (np.int32, np.uint32, np.int64, np.uint64, np.float64)
# of the weight that known pixels have where the result is known
LEAST_WEIGHT = 0.5


def resample_scanned(
    motion: Motion,
    device: Device,
    frames: Frames,
    parameters: FloatArray,
    phases: FloatArray,
    *,
    interpolation: str,
    edge: str,
    fill: float,
    out: Frames,
) -> np.ndarray[Any, np.dtype[np.int64]]:
    """As `Motion.resample`, of frames whose odd rows show the specimen at larger x by `phases`, (n,) px.

    Raises InputError where the motion does not hold a shift.
    """
    shape = frames.shape[1:]
    moved = motion.compose(_shift_along_x(motion, phases, shape), parameters, shape)
    work = np.float64 if frames.dtype in WIDE or out.dtype in WIDE else np.float32
    settings: dict[str, Any] = {"interpolation": interpolation, "edge": edge, "fill": np.nan}

    def add_parts(values: Frames) -> Frames:
        total = np.zeros(frames.shape, work)
        for first, rows in ((1, parameters), (0, moved)):
            part, found = values.astype(work), np.empty(frames.shape, work)
            part[..., first::2, :] = 0
            motion.resample(device, part, rows, **settings, out=found)
            total += found
        return total

    known = np.isfinite(frames)
    if known.all():
        total = add_parts(frames)
    else:
        weight = add_parts(known)
        with np.errstate(invalid="ignore", divide="ignore"):
            total = add_parts(np.where(known, frames, 0)) / weight
        total[weight < LEAST_WEIGHT] = np.nan
        outside = np.isnan(weight)
        total[outside] = fill
        out[...] = total
        return np.zeros(len(frames), np.int64)
    total[np.isnan(total)] = fill
    return _store(total, out)


def _shift_along_x(motion: Motion, phases: FloatArray, shape: tuple[int, ...]) -> FloatArray:
    """Parameters of shifts along x alone."""
    shifts = np.zeros((len(phases), len(shape)))
    shifts[:, -1] = phases
    return motion.embed(find_motion("translation"), shifts, len(shape))


def _store(values: Frames, out: Frames) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Rounded and clamped to the type of `out`; how many pixels of each frame were clamped."""
    if not np.issubdtype(out.dtype, np.integer):
        out[...] = values
        return np.zeros(len(values), np.int64)
    limits = np.iinfo(out.dtype)
    high = values.dtype.type(limits.max)
    if int(high) > limits.max:
        high = np.nextafter(high, values.dtype.type(0))
    np.rint(values, out=values)
    beyond = (values < limits.min) | (values > limits.max)
    out[...] = np.clip(values, limits.min, high)
    return np.asarray(beyond.reshape(len(values), -1).sum(axis=1), np.int64)
