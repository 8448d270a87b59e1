"""Frames that go on at the other side, as what is periodic does: resampled on a canvas of their own copies."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Device, FloatArray, Frames, Motion

__all__ = ["resample_wrapped"]

# a spline sees so many px beyond where it is asked; further ones change it by less than 1e-7
SEEN_PX = 14
# transforms are asked at every pixel how far they reach, of large frames at so many along each axis
N_POINTS = 513


def resample_wrapped(
    motion: Motion, device: Device, frames: Frames, parameters: FloatArray, *, interpolation: str, out: Frames
) -> NDArray[np.int64]:
    """Write each frame, (n, [z,] y, x), as the reference sees it into `out`; pixels clamped for each.

    One frame after the other, on a canvas as wide as it moves; whole turns round the frame are left out of shifts.
    """
    clamped, shape = np.zeros(len(frames), np.int64), np.array(frames.shape[1:])
    if parameters.shape[1] == len(shape):  # mere shifts
        parameters = parameters - np.round(np.nan_to_num(parameters) / shape) * shape
    for n, frame in enumerate(np.asarray(frames)):
        own = parameters[n : n + 1]
        if not np.isfinite(own).all():
            own = motion.identity(frame.ndim)[None]
        margins = _find_reach(motion, own, frame.shape) + SEEN_PX
        work = np.float32 if frame.dtype.itemsize <= 2 or frame.dtype == np.float32 else np.float64
        canvas = np.pad(frame.astype(work), [(margin, margin) for margin in margins], mode="wrap")[None]
        wider, there = motion.rescale(own, np.ones(frame.ndim), np.zeros(frame.ndim), frame.shape, canvas.shape[1:])
        moved = np.empty_like(canvas)
        wider.resample(device, canvas, there, interpolation=interpolation, edge="nearest", fill=0, out=moved)
        inside = moved[0][tuple(slice(m, m + size) for m, size in zip(margins, frame.shape, strict=True))]
        out[n], clamped[n] = _round(inside, out.dtype)
    return clamped


def _find_reach(motion: Motion, parameters: FloatArray, shape: tuple[int, ...]) -> NDArray[np.int64]:
    """How far a transform goes beyond the frame at most along each axis, whole px."""
    most = N_POINTS if len(shape) == 2 else N_POINTS // 8
    axes = [np.linspace(0, size - 1, min(size, most)) for size in shape]
    grid = np.stack([axis.ravel() for axis in np.meshgrid(*axes, indexing="ij")], axis=1)
    places = motion.map_points(parameters, grid, shape)[0]
    beyond = np.maximum(-places.min(axis=0), places.max(axis=0) - (np.array(shape) - 1))
    return np.asarray(np.ceil(np.maximum(beyond, 0)), np.int64)


def _round(values: NDArray[Any], dtype: np.dtype[Any]) -> tuple[NDArray[Any], int]:
    """Values as pixels of a type, and how many were clamped."""
    if dtype.kind == "f":
        return values.astype(dtype), 0
    limits, rounded = np.iinfo(dtype), np.rint(values)
    kept = np.clip(rounded, limits.min, limits.max)
    return kept.astype(dtype), int((kept != rounded).sum())
