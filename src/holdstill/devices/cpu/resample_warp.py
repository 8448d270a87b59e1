"""Resampling at the points to which a map takes the pixels."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import FloatArray, Frames
from holdstill.devices.cpu.compiling import LANES, kernel, lanes
from holdstill.devices.cpu.mapping import codes, map_row
from holdstill.devices.cpu.sampling import place_row, resample_frames, sample_row

__all__ = ["resample_warp"]


@kernel
def _resample(
    kind: int, warp: Any, centre: Any, flat: Any, strides: Any, method: int, edge: int, fill: Any,
    rounded: bool, bounds: Any, shape: Any, out: Any
) -> int:  # fmt: skip
    """Equals `PlainDevice.resample_warp` to one grey level. `out` is (z, y, x), with one z in two dimensions."""
    ndim, n = len(shape), out.shape[2]
    m, dtype = lanes(n) + LANES, flat.dtype
    points, divisor, line = np.empty((ndim, n)), np.ones(n), np.empty(ndim - 1)
    index, fractions, inside = np.empty(n, np.int32), np.zeros((ndim, m), dtype), np.empty(n, np.bool_)
    planes, values, clamped = np.empty((6, m), dtype), np.empty(m, dtype), 0
    for z in range(out.shape[0]):
        for y in range(out.shape[1]):
            if ndim == 3:
                line[0] = z - centre[0]
            line[ndim - 2] = y - centre[ndim - 2]
            map_row(kind, warp, centre, line, points, divisor)
            place_row(points, shape, strides, edge, method, index, fractions, inside)
            clamped += sample_row(
                flat, strides, method, edge, fill, rounded, bounds, index, fractions, inside, planes, values, out[z, y]
            )
    return clamped


def resample_warp(
    frames: Frames, kind: str, warps: FloatArray, *, interpolation: str, edge: str, fill: float, out: Frames
) -> NDArray[np.int64]:
    """See `Device.resample_warp`."""
    centre = (np.array(frames.shape[1:]) - 1) / 2
    maps = np.ascontiguousarray(warps, np.float64)

    def sample(number: int, known: tuple[Any, ...], target: Frames) -> int:
        volume = target.reshape((1,) * (3 - target.ndim) + target.shape)
        given: tuple[Any, ...] = (codes[kind], maps[number], centre, *known, volume)
        return int(_resample(*given))

    return resample_frames(frames, sample, interpolation=interpolation, edge=edge, fill=fill, out=out)
