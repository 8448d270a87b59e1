"""Mean over blocks of pixels; equals `PlainDevice.bin` within 1e-6 relative."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from holdstill.devices.gpu.frames import Held, Images, images_of, kind_of, row_words
from holdstill.devices.gpu.machine import Call, Machine, in_batches
from holdstill.errors import DeviceFull

__all__ = ["bin_frames"]

ROWS = 8


def bin_frames(machine: Machine, frames: Any, factors: tuple[int, ...]) -> Any:
    """See `Device.bin`; held frames give held ones."""
    shape = tuple(length // factor for length, factor in zip(frames.shape[1:], factors, strict=True))
    if isinstance(frames, Held):
        return _bin_uploaded(machine, frames, factors, shape)
    out = np.empty((len(frames), *shape), np.float32)

    def run(part: slice) -> None:
        with machine.call() as call:
            call.read(_bin_batch(call, frames, part, factors, shape), out[part].shape, np.float32, out[part])

    if out.size:
        per_frame = 4 * math.prod(frames.shape[1:-1]) * row_words(frames.shape[-1], kind_of(frames.dtype))
        in_batches(len(frames), machine.batch_bytes // max(per_frame, 1), run)
    return out


def _bin_uploaded(machine: Machine, frames: Held, factors: tuple[int, ...], shape: tuple[int, ...]) -> Any:
    """All at once, to be held; where there is no room for that, in batches that are not."""
    try:
        with machine.call() as call:
            buffer = _bin_batch(call, frames, slice(None), factors, shape)
            images = Images(buffer, (len(frames), *(1,) * (3 - len(shape)), *shape), "f4")  # type: ignore[arg-type]
            call.submit()
            call.keep(buffer, images)
    except DeviceFull:
        return bin_frames(machine, np.asarray(frames), factors)
    return Held(machine, images, np.float32, len(shape), np.arange(len(frames)))


def _bin_batch(call: Call, frames: Any, part: slice, factors: tuple[int, ...], shape: tuple[int, ...]) -> Any:
    images, rows = images_of(call, frames, part)
    flat = (1,) * (3 - len(shape))
    target = np.array([*flat, *shape, *flat, *factors], np.uint32)
    means = call.empty(4 * len(rows) * math.prod(shape))
    kernel = call.machine.kernel("bin", KIND=images.kind, ROWS=ROWS)
    groups = (-(-shape[-1] // 64), -(-math.prod(shape[:-1]) // ROWS), len(rows))
    call.run(kernel, [images.buffer, call.put(images.size), call.put(rows), call.put(target), means], groups)
    return means
