"""Mean over blocks of pixels."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.devices.cpu.compiling import divide, lean_kernel, part, widest_vectors

__all__ = ["bin_frames"]


@part
def _add_known(row: Any, total: Any, count: Any) -> None:
    for x in range(total.size):
        value = np.float32(row[x])
        known = value == value  # False for NaN
        total[x] += value if known else np.float32(0)
        count[x] += np.float32(1) if known else np.float32(0)


@part
def _add(row: Any, total: Any) -> None:
    for x in range(total.size):
        total[x] += np.float32(row[x])


@part
def _has_nan(total: Any) -> bool:
    """Whether a row of sums holds a NaN; their sum is one then, and is made in vectors."""
    value = np.float32(0)
    for x in range(total.size):
        value += total[x]
    return bool(value != value)


@part
def _divide(total: Any, count: Any, factor: int, out: Any) -> None:
    for x in range(out.size):
        value = weight = np.float32(0)
        for k in range(factor):
            value += total[x * factor + k]
            weight += count[x * factor + k]
        out[x] = value / weight


@part
def _halve(total: Any, scale: Any, out: Any) -> None:
    for x in range(out.size):
        out[x] = (total[2 * x] + total[2 * x + 1]) * scale


@part
def _shrink(total: Any, scale: Any, factor: int, out: Any) -> None:
    for x in range(out.size):
        value = np.float32(0)
        for k in range(factor):
            value += total[x * factor + k]
        out[x] = value * scale


@lean_kernel
def _bin(
    whole: Any, real: Any, factor_z: int, factor_y: int, factor_x: int, total: Any, count: Any, out: Any
) -> None:  # fmt: skip
    """Equals `PlainDevice.bin` within 1e-6 relative. Rows are added at full width first, which runs in vectors.

    One of the two kinds of images is empty, see `divide`; `total` and `count` are room for a row.
    """
    widest_vectors()
    may_be_nan = whole.shape[0] == 0
    scale = np.float32(1) / np.float32(factor_z * factor_y * factor_x)
    for n in range(out.shape[0]):
        for z in range(out.shape[1]):
            for y in range(out.shape[2]):
                total[:] = 0
                for k in range(factor_z):
                    for j in range(factor_y):
                        if may_be_nan:
                            _add(real[n, z * factor_z + k, y * factor_y + j], total)
                        else:
                            _add(whole[n, z * factor_z + k, y * factor_y + j], total)
                if may_be_nan and _has_nan(total):
                    total[:] = 0
                    count[:] = 0
                    for k in range(factor_z):
                        for j in range(factor_y):
                            _add_known(real[n, z * factor_z + k, y * factor_y + j], total, count)
                    _divide(total, count, factor_x, out[n, z, y])
                elif factor_x == 2:
                    _halve(total, scale, out[n, z, y])
                else:
                    _shrink(total, scale, factor_x, out[n, z, y])


def bin_frames(frames: NDArray[Any], factors: tuple[int, ...]) -> NDArray[np.float32]:
    """See `Device.bin`; `frames` of a dtype that kernels take."""
    shape = tuple(length // factor for length, factor in zip(frames.shape[1:], factors, strict=True))
    out = np.empty((len(frames), *shape), np.float32)
    volumes, made = (frames[:, None], out[:, None]) if len(shape) == 2 else (frames, out)
    *above, factor_y, factor_x = factors
    total, count = np.empty((2, out.shape[-1] * factor_x), np.float32)
    _bin(*divide(volumes), math.prod(above), factor_y, factor_x, total, count, made)
    return out
