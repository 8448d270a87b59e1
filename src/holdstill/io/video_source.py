"""Videos: AVI, MP4, MKV and what else FFmpeg decodes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Frames, ImagesInfo, Source
from holdstill.errors import AxesError, FileError
from holdstill.extras import require
from holdstill.io.axes import COLOURS
from holdstill.io.blocks import block_shape, check_range

__all__ = ["VideoSource"]

CACHE_BYTES = 64 << 20
DEEP = ("gray10", "gray12", "gray14", "gray16", "p010", "p016", "yuv420p10", "yuv422p10", "yuv444p10", "rgb48")


class VideoSource(Source):
    """Reads frames of a video, exactly by number whatever its key frames are.

    Frames are decoded in order by one decoder; those that were passed on the way to others are kept for a while, so
    that threads that read neighbouring ranges decode nothing twice.

    Parameters
    ----------
    path : str or path
    axes : str, optional
        ``TYX`` reads the brightness of a coloured video; ``TCYX`` its red, green and blue, the default.

    Raises
    ------
    FileError
        It holds no video, or cannot be decoded.
    AxesError
        The axes do not fit.
    MissingExtra
        PyAV is not installed.
    """

    def __init__(self, path: str | Path, *, axes: str | None = None) -> None:
        self._av = require("av", "video", f"reading {path}")
        self._path, self._axes = Path(path), axes
        try:
            self._container = self._av.open(str(path))
            self._stream = self._container.streams.video[0]
            self._times, self._keys = self._look_through()
        except (self._av.FFmpegError, IndexError, OSError) as error:
            raise FileError(f"{path}: holds no video that can be read ({error}); convert or export it again") from error
        context = self._stream.codec_context
        is_grey, deep = str(context.pix_fmt).startswith(("gray", "mono")), str(context.pix_fmt).startswith(DEEP)
        wanted = (axes or ("TYX" if is_grey else "TCYX")).upper()
        if wanted not in (("TYX",) if is_grey else ("TYX", "TCYX")):
            raise AxesError(f"{path}: axes={axes!r} does not fit a video; it is TYX, or TCYX where it has colours")
        self._format = ("gray16le" if deep else "gray") if wanted == "TYX" else ("rgb48le" if deep else "rgb24")
        channels, rate = (3,) if wanted == "TCYX" else (), self._stream.average_rate
        self.info = ImagesInfo(
            name=str(path), axes=wanted, shape=(len(self._times), *channels, context.height, context.width),
            dtype=np.dtype(np.uint16 if deep else np.uint8), frame_interval_s=float(1 / rate) if rate else None,
            channel_names=tuple(COLOURS) if channels else (), n_colours=len(COLOURS) if channels else 0,
        )  # fmt: skip
        self._frames: Iterator[tuple[int, NDArray[Any]]] = iter(())
        self._next = len(self._times)  # as after looking through it
        self._kept: OrderedDict[int, NDArray[Any]] = OrderedDict()
        self._lock = threading.Lock()

    def read(self, start: int, stop: int, *, channel: int | None = None) -> Frames:
        check_range(self.info, start, stop, channel)
        out = np.empty(block_shape(self.info, stop - start, channel), self.info.dtype)
        for row, number in enumerate(range(start, stop)):
            with self._lock:
                image = self._frame(number)
            out[row] = image if channel is None else image[channel : channel + 1]
        return out

    @property
    def files(self) -> tuple[Path, ...]:
        return (self._path,)

    def close(self) -> None:
        with self._lock:
            self._container.close()
            self._kept.clear()

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self._path.absolute(), self._axes)

    def _look_through(self) -> tuple[list[int], list[int]]:
        """Times of all frames in the order in which they are shown, and of those that can be decoded on their own."""
        times, keys = [], []
        for packet in self._container.demux(self._stream):
            if packet.size and packet.pts is not None:
                times.append(int(packet.pts))
                if packet.is_keyframe:
                    keys.append(int(packet.pts))
        if not times:
            raise FileError(f"{self._path}: holds no frames with a time; convert it again")
        return sorted(times), sorted(keys)

    def _frame(self, number: int) -> NDArray[Any]:
        """One frame, (channels, y, x)."""
        while number not in self._kept:
            ahead = number - self._next
            if ahead < 0 or any(self._times[self._next] < key <= self._times[number] for key in self._keys):
                self._seek(number)
            try:
                t, image = next(self._frames)
            except (StopIteration, self._av.FFmpegError) as error:
                raise FileError(f"{self._path}: frame {number} cannot be decoded ({error}); copy it again") from error
            self._next = t + 1
            self._kept[t] = image
            while len(self._kept) > 1 and len(self._kept) * image.nbytes > CACHE_BYTES:
                self._kept.popitem(last=False)
            if t > number and number not in self._kept:
                raise FileError(f"{self._path}: frame {number} is not there; convert the video again")
        return self._kept[number]

    def _seek(self, number: int) -> None:
        key = max((key for key in self._keys if key <= self._times[number]), default=self._times[0])
        self._container.seek(key, stream=self._stream, backward=True)
        self._frames = self._decode()
        self._next = min(number, self._number_of(key))

    def _decode(self) -> Iterator[tuple[int, NDArray[Any]]]:
        for frame in self._container.decode(self._stream):
            image = frame.to_ndarray(format=self._format)
            if frame.pts is not None:
                yield self._number_of(int(frame.pts)), image[None] if image.ndim == 2 else np.moveaxis(image, -1, 0)

    def _number_of(self, time: int) -> int:
        return int(np.searchsorted(self._times, time))


def _again(path: Path, axes: str | None) -> VideoSource:
    return VideoSource(path, axes=axes)
