"""What all sources and sinks check alike: ranges, shapes, dtypes, and which frames have come."""

from __future__ import annotations

from typing import Any

import imagecodecs
import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Frames, ImagesInfo
from holdstill.errors import FileError, InputError

__all__ = ["FrameLedger", "block_shape", "check_block", "check_dtype", "check_range", "crc32"]


def block_shape(info: ImagesInfo, n_frames: int, channel: int | None = None) -> tuple[int, ...]:
    """Shape of a block of frames: ``(n, n_channels or 1, [z,] y, x)``."""
    return (n_frames, info.n_channels if channel is None else 1, *info.frame_shape)


def check_range(info: ImagesInfo, start: int, stop: int, channel: int | None) -> None:
    """Raise InputError unless ``0 <= start <= stop <= n_frames`` and the channel exists."""
    if not 0 <= start <= stop <= info.n_frames:
        raise InputError(f"{info.name}: has frames 0 to {info.n_frames - 1}, not the range {start} to {stop}")
    if channel is not None and not 0 <= channel < info.n_channels:
        raise InputError(
            f"{info.name}: has no channel {channel}; the last of its {info.n_channels} is {info.n_channels - 1}"
        )


def check_block(info: ImagesInfo, start: int, frames: Frames) -> None:
    """Raise InputError unless `frames` may be written as frames ``start ...`` of images like `info`."""
    expected = block_shape(info, len(frames))
    if frames.shape != expected:
        raise InputError(f"{info.name}: cannot take a block of shape {frames.shape}; it should be {expected}")
    if frames.dtype != info.dtype:
        raise InputError(f"{info.name}: cannot take pixels of {frames.dtype}; they should be {info.dtype}")
    check_range(info, start, start + len(frames), None)


def check_dtype(dtype: np.dtype[Any], name: str) -> np.dtype[Any]:
    """Return `dtype` in native byte order if it is of real numbers, else raise InputError."""
    if dtype.kind not in "uif":
        raise InputError(f"{name}: pixels of type {dtype} cannot be registered; convert them to integers or floats")
    return dtype.newbyteorder("=")


def crc32(data: Any, value: int = 0) -> int:
    """CRC-32 of bytes, by libdeflate: at 18 GB/s where that of zlib runs at 3."""
    return int(imagecodecs.deflate_crc32(data, value))


class FrameLedger:
    """Remembers which frames were written, from whatever thread and in whatever order."""

    def __init__(self, info: ImagesInfo) -> None:
        self._name = info.name
        self._written: NDArray[np.bool_] = np.zeros(info.n_frames, bool)

    def mark(self, start: int, stop: int) -> None:
        """Note that frames ``start <= t < stop`` are there."""
        self._written[start:stop] = True

    def require_all(self) -> None:
        """Raise FileError if a frame is missing."""
        missing = np.flatnonzero(~self._written)
        if len(missing):
            shown = ", ".join(map(str, missing[:5])) + (", ..." if len(missing) > 5 else "")
            raise FileError(
                f"{self._name}: {len(missing)} of {len(self._written)} frames were never written ({shown}); "
                "write them before finishing"
            )
