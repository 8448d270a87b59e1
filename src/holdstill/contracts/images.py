"""What images are, and who reads and writes them."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from holdstill.contracts.arrays import FloatArray, Frames
from holdstill.errors import FileError

__all__ = ["AXES", "Chunk", "ImagesInfo", "Segment", "Sink", "Source"]

AXES = "TCZYX"


@dataclass(frozen=True, kw_only=True)
class ImagesInfo:
    """What is known of a sequence without reading its pixels.

    Attributes
    ----------
    name : str
        What to call it in messages: the path, or ``"array"``.
    axes : str
        Axes that the pixels have, a subset of ``TCZYX`` in that order.
    shape : tuple of int
        Length of each of `axes`.
    dtype : numpy.dtype
        Type of the pixels.
    pixel_size_um : tuple of 3 (float or None)
        Size of a pixel along z, y, x in micrometres; None where the file does not say.
    frame_interval_s : float or None
        Seconds from one frame to the next.
    channel_names : tuple of str
        One for each channel, or empty.
    origin_um : tuple of 3 float
        Where the first pixel lies along z, y, x, as OME-Zarr places images beside each other; 0 where the file does not
        say.
    times_s : tuple of float
        When each frame was taken, where the file says it of each; they need not be regular.
    channel_colours : tuple of str
        ``RRGGBB``, one for each channel, or empty.
    bare_scales : tuple of (str, float, float)
        Letter, scale and origin of axes that have no unit.
    n_colours : int
        How many channels, from the first, are the colour samples of one picture: red, green and blue; 0 where each is
        a channel of its own.
    ome_xml : str
        What else the source's OME-XML said of this image, to be carried on.
    """

    name: str
    axes: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    pixel_size_um: tuple[float | None, float | None, float | None] = (None, None, None)
    frame_interval_s: float | None = None
    channel_names: tuple[str, ...] = ()
    origin_um: tuple[float, float, float] = (0.0, 0.0, 0.0)
    times_s: tuple[float, ...] = ()
    channel_colours: tuple[str, ...] = ()
    bare_scales: tuple[tuple[str, float, float], ...] = ()
    n_colours: int = 0
    ome_xml: str = field(default="", repr=False, compare=False)

    def length(self, axis: str) -> int:
        """Length of one axis, 1 where the images lack it."""
        return self.shape[self.axes.index(axis)] if axis in self.axes else 1

    @property
    def n_frames(self) -> int:
        """Number of frames."""
        return self.length("T")

    @property
    def frame_times(self) -> FloatArray | None:
        """When each frame was taken, s, (T,): as the file said of each, else from the interval; None if unknown."""
        if len(self.times_s) == self.n_frames:
            return np.array(self.times_s, np.float64)
        if self.frame_interval_s is None:
            return None
        return np.arange(self.n_frames, dtype=np.float64) * np.float64(self.frame_interval_s)

    @property
    def n_channels(self) -> int:
        """Number of channels."""
        return self.length("C")

    @property
    def frame_shape(self) -> tuple[int, ...]:
        """Shape of one frame of one channel: ``(y, x)`` or ``(z, y, x)``."""
        return tuple(self.length(axis) for axis in "ZYX" if axis in self.axes)

    @property
    def ndim(self) -> int:
        """Number of spatial axes, 2 or 3."""
        return len(self.frame_shape)

    def is_coarser(self, other: ImagesInfo) -> bool:
        """Whether `other` can be the same images in fewer pixels along y and x."""
        if other.axes != self.axes or other.dtype != self.dtype or min(other.shape) < 1:
            return False
        pairs = zip(self.axes, self.shape, other.shape, strict=True)
        return all(small < large if axis in "YX" else small == large for axis, large, small in pairs)

    @property
    def frame_bytes(self) -> int:
        """Bytes of one frame with all its channels."""
        return math.prod(self.frame_shape) * self.n_channels * self.dtype.itemsize


@dataclass(frozen=True)
class Chunk:
    """A range of frames ``start <= t < stop``: the unit of work."""

    start: int
    stop: int

    def __len__(self) -> int:
        return self.stop - self.start


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A piece of a file that is unpacked as a whole to read any pixel of it: a tile, a strip, a chunk.

    Attributes
    ----------
    unpacked : int
        Bytes of the largest one in memory.
    stored : int or None
        Bytes of the smallest one of these in the file; None if that is not known.
    """

    unpacked: int
    stored: int | None = None


class _Closing(ABC):
    @abstractmethod
    def close(self) -> None:
        """Release files; calling it twice does no harm."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class Source(_Closing):
    """Reads ranges of frames, from any thread, in any order, never the whole.

    A source that stands for a file can be pickled: it opens the file again where it arrives.
    """

    info: ImagesInfo

    @property
    def files(self) -> tuple[Path, ...]:
        """All files, and folders with what lies below them, that frames are read from; none for memory.

        They are what a target must not replace, and what an interrupted job must find unchanged.
        """
        return ()

    @property
    def stored_bytes(self) -> int | None:
        """Bytes that hold the pixels where they are stored, None if that is not known."""
        return None

    @property
    def segment(self) -> Segment | None:
        """What is unpacked at once; None where pixels lie in the file as in memory, or that is not known."""
        return None

    @property
    def block_bytes(self) -> int:
        """Bytes that reading one frame takes in memory beside the frame itself."""
        return 0 if self.segment is None else self.segment.unpacked

    def unreadable(self, start: int, stop: int) -> tuple[int, ...]:
        """Which of the frames ``start <= t < stop``, read before, could not be read and were left blank."""
        return ()

    def check_travels(self) -> None:
        """Raise InputError if no other process can read these frames: they are nowhere but in the memory of this."""

    @abstractmethod
    def read(self, start: int, stop: int, *, channel: int | None = None) -> Frames:
        """Frames ``start <= t < stop``, all channels or one, as a fresh array that the caller may change.

        Parameters
        ----------
        start, stop : int
            Range of frames, ``0 <= start <= stop <= n_frames``.
        channel : int, optional
            Read this channel alone.

        Returns
        -------
        ndarray, (stop - start, n_channels or 1, [z,] y, x)
            In the dtype of the images, native byte order, C-contiguous.

        Raises
        ------
        FileError
            A page or chunk is damaged or cut short; the text names the file and the frame.
        """

    def peek(self, start: int, stop: int, *, channel: int | None = None) -> Frames:
        """The same as `read` gives, not to be changed: where frames lie in memory, without a copy."""
        return self.read(start, stop, channel=channel)

    def read_window(self, frame: int, rows: slice, columns: slice, *, channel: int = 0) -> Frames:
        """A window of one frame of planes, for frames larger than memory; here the frame is read whole and cut.

        Parameters
        ----------
        frame : int
        rows, columns : slice
            With start and stop, within the frame.
        channel : int

        Returns
        -------
        ndarray, (rows, columns)
            In the dtype of the images, native byte order, C-contiguous.

        Raises
        ------
        FileError
            As `read`.
        """
        return np.ascontiguousarray(self.read(frame, frame + 1, channel=channel)[0, 0][..., rows, columns])

    def read_region(self, rows: slice, columns: slice) -> Frames:
        """A window of the only frame of planes with all its channels, (channels, rows, columns); see `read_window`."""
        channels = range(self.info.n_channels)
        return np.stack([self.read_window(0, rows, columns, channel=channel) for channel in channels])

    @property
    def coarser(self) -> tuple[Source, ...]:
        """The same images in fewer pixels, from many to few, where the file is a pyramid; they close with this one.

        Each has the axes, dtype, frames, channels and planes of this one.
        """
        return ()

    @property
    def rows_together(self) -> int:
        """Rows of a frame that `read_window` decodes together, whatever it is asked for: 1 where any row is free."""
        return self.info.frame_shape[-2]


class Sink(_Closing):
    """Takes ranges of frames, from any thread, in any order, and makes the target appear when all are there.

    Pixels go to a workspace beside the target. `finish` gives them its name; `close` without `finish` removes them, so
    that nothing half-written ever looks whole. In a workspace of the caller `close` leaves them, to be gone on with,
    and `finish` only completes them: the caller publishes them with what belongs to them.

    Attributes
    ----------
    frames_per_block : int
        Frames that are stored together: ranges aligned with it are written as they come.
    """

    info: ImagesInfo
    frames_per_block: int = 1

    @abstractmethod
    def write(self, start: int, frames: Frames) -> None:
        """Store `frames`, (n, n_channels, [z,] y, x) in the sink's dtype, as frames ``start ... start + n - 1``."""

    def lend(self, start: int, stop: int) -> Frames | None:
        """Memory in which frames ``start <= t < stop``, (n, n_channels, [z,] y, x), can be made before `write` gets it.

        None where there is none: they are made anywhere, and `write` copies them.
        """
        return None

    def sync(self) -> None:
        """Wait until all that was stored is on the disk, so that it survives a power cut."""

    def checksum(self, start: int, stop: int) -> int | None:
        """What frames ``start <= t < stop`` can be verified by later; None while they wait for the rest of a block."""
        return None

    def recall(self, start: int, stop: int, checksum: int) -> bool:
        """Whether frames that an interrupted job stored are still there, and undamaged; then they count as written."""
        return False

    def share(self) -> Sink:
        """A small, picklable sink that stores frames of this one's target from another process.

        It takes whole blocks, ranges aligned with `frames_per_block`, and may be given one twice. This sink learns of
        them by `mark`, and alone finishes.

        Raises
        ------
        FileError
            Several processes cannot write this format at once.
        """
        raise FileError(
            f"{self.info.name}: several processes cannot write such a target at once; write OME-Zarr, OUT.ome.zarr, or "
            "take engine='threads'"
        )

    def mark(self, start: int, stop: int) -> None:
        """Note that a shared sink stored frames ``start <= t < stop``."""

    def note_shifts(self, shifts: FloatArray) -> None:
        """Learn how far the centre of each frame had moved, (T, ndim) px; formats that have a place for it keep it."""

    @abstractmethod
    def finish(self) -> None:
        """Complete the target and give it its name. Raises FileError if frames are missing."""
