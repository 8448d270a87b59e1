"""What each kind of part promises to the others, in one place.

Conventions, here and everywhere:

- Axes are a subset of ``T C Z Y X`` in that order; coordinates are array-index order ``(z, y, x)``, pixel centres at
  integers, float64.
- A block of frames has shape ``(n, c, y, x)`` or ``(n, c, z, y, x)``: frames first, then channels, then space, whatever
  axes the file lacks. A frame of one channel is ``(y, x)`` or ``(z, y, x)``.
- A transform maps a point of the reference to the point of the frame that shows the same content,
  ``frame(T(p)) = reference(p)``; a shift is ``T(p) - p``, so content that moved down by 3 rows has shift ``(+3, 0)``.
- Pixels are never rescaled; dtype in = dtype out.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Any, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "AXES",
    "Chunk",
    "Device",
    "DirectSums",
    "Engine",
    "Estimates",
    "Estimator",
    "ImagesInfo",
    "NoiseModel",
    "Reference",
    "Sink",
    "Source",
    "Spline",
    "Verdict",
]

AXES = "TCZYX"

Frames = NDArray[Any]
FloatArray = NDArray[np.float64]


class Verdict(StrEnum):
    """What became of one frame: ``ok``, or the reason why its own estimate was not used.

    A frame that is not ``ok`` gets its transform from its good neighbours in time, and is reported.
    """

    OK = "ok"
    BLANK = "blank"  # no signal: constant, all NaN, or nothing above the noise
    LOW_CONTRAST = "low_contrast"  # the error bar is above 0.5 px
    OUT_OF_RANGE = "out_of_range"  # at `max_shift`, or less than 25 % of the reference is in view
    SATURATED = "saturated"  # more than 5 % of the pixels stand at the top of the integer range
    MISMATCH = "mismatch"  # it shows something else than the reference


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
    """

    name: str
    axes: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    pixel_size_um: tuple[float | None, float | None, float | None] = (None, None, None)
    frame_interval_s: float | None = None
    channel_names: tuple[str, ...] = ()

    def length(self, axis: str) -> int:
        """Length of one axis, 1 where the images lack it."""
        return self.shape[self.axes.index(axis)] if axis in self.axes else 1

    @property
    def n_frames(self) -> int:
        """Number of frames."""
        return self.length("T")

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

    @property
    def frame_bytes(self) -> int:
        """Bytes of one frame with all its channels."""
        return int(np.prod(self.frame_shape)) * self.n_channels * self.dtype.itemsize


@dataclass(frozen=True)
class Chunk:
    """A range of frames ``start <= t < stop``: the unit of work."""

    start: int
    stop: int

    def __len__(self) -> int:
        return self.stop - self.start


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


class Sink(_Closing):
    """Takes ranges of frames, from any thread, in any order, and makes the target appear when all are there.

    Pixels go to a temporary name beside the target. `finish` renames it; `close` without `finish` removes it, so that
    nothing half-written ever looks whole.
    """

    info: ImagesInfo

    @abstractmethod
    def write(self, start: int, frames: Frames) -> None:
        """Store `frames`, (n, n_channels, [z,] y, x) in the sink's dtype, as frames ``start ... start + n - 1``."""

    @abstractmethod
    def finish(self) -> None:
        """Complete the target and give it its name. Raises FileError if frames are missing."""


Result = TypeVar("Result")


class Engine(ABC):
    """Maps a pure job over chunks. It knows chunks and results, no images."""

    @abstractmethod
    def map(self, job: Callable[[Chunk], Result], chunks: Iterable[Chunk]) -> Iterator[Result]:
        """Run ``job(chunk)`` for each chunk and yield the results in the order of the chunks.

        The first error of a job is raised and the chunks not yet begun are dropped. Jobs are idempotent: an engine may
        run one twice.
        """


@dataclass(frozen=True, kw_only=True)
class NoiseModel:
    """Variance of a pixel as a function of its expected value: ``gain * max(value - offset, 0) + read_variance``.

    Attributes
    ----------
    gain : float
        Grey levels per detected photon.
    read_variance : float
        Variance in the dark, grey levels squared; above zero.
    offset : float
        Grey level in the dark.
    """

    gain: float = 0.0
    read_variance: float = 1.0
    offset: float = 0.0

    def variance(self, values: FloatArray) -> FloatArray:
        """Variance of pixels whose expected values are `values`."""
        return self.gain * np.maximum(values - self.offset, 0.0) + self.read_variance


@dataclass(frozen=True, kw_only=True, eq=False)
class Reference:
    """What frames are compared with.

    Attributes
    ----------
    image : ndarray of float32, ([z,] y, x)
        Expected pixel values. NaN where nothing is known.
    noise : NoiseModel or None
        Noise of one frame; None: to be estimated from the frame and the reference.
    n_averaged : float
        How many frames of that noise were averaged into the image; ``inf`` for an image without noise.
    mask : ndarray of bool, ([z,] y, x), or None
        True where reference pixels count.
    """

    image: NDArray[np.float32]
    noise: NoiseModel | None = None
    n_averaged: float = np.inf
    mask: NDArray[np.bool_] | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Estimates:
    """What an estimator found for n frames. A frame that cannot be registered is data, not an exception.

    Attributes
    ----------
    parameters : ndarray of float64, (n, n_params)
        Parameters of the motion; for a translation the shift in px, ``([z,] y, x)``.
    errors : ndarray of float64, (n, n_params)
        One standard deviation of each parameter; NaN where none could be given.
    scores : ndarray of float64, (n,)
        Correlation with the reference in the overlap, after alignment.
    verdicts : tuple of Verdict
        One for each frame.
    """

    parameters: FloatArray
    errors: FloatArray
    scores: FloatArray
    verdicts: tuple[Verdict, ...]

    def __len__(self) -> int:
        return len(self.parameters)

    @classmethod
    def join(cls, parts: Sequence[Estimates]) -> Estimates:
        """Concatenate along the frames."""
        return cls(
            parameters=np.concatenate([part.parameters for part in parts]),
            errors=np.concatenate([part.errors for part in parts]),
            scores=np.concatenate([part.scores for part in parts]),
            verdicts=tuple(verdict for part in parts for verdict in part.verdicts),
        )


@dataclass(frozen=True, eq=False)
class DirectSums:
    """Sums over the overlap of n frames with one reference, from which a Gauss-Newton step is solved.

    The model of pixel q is ``m = gain * R(q - shift) + offset``; its columns are ``J = (dR/dz, dR/dy, dR/dx, R, 1)``
    (without dz in two dimensions), its residual ``r = frame(q) - m``, its weight w the inverse variance times a
    robust factor.

    Attributes
    ----------
    normal : ndarray of float64, (n, p, p)
        ``sum w J J^T``; p is the number of columns.
    right : ndarray of float64, (n, p)
        ``sum w J r``.
    squares : ndarray of float64, (n,)
        ``sum w r^2``.
    count : ndarray of float64, (n,)
        ``sum w * variance``: number of pixels that count, robust factors included.
    """

    normal: FloatArray
    right: FloatArray
    squares: FloatArray
    count: FloatArray


@dataclass(frozen=True, eq=False)
class Spline:
    """A reference as coefficients of a cubic B-spline, ready to be evaluated at any shift.

    Attributes
    ----------
    coefficients : ndarray of float32, ([z + 4,] y + 4, x + 4)
        Mirrored by two pixels beyond each border (not along z in two dimensions).
    mask : ndarray of uint8, ([z,] y, x)
        1 where the reference counts.
    """

    coefficients: NDArray[np.float32]
    mask: NDArray[np.uint8]


class Device(ABC):
    """Where pixels are crunched: a handful of primitives, on which estimators are written.

    `frames` is (n, [z,] y, x) of any real dtype; arrays are not changed unless they are called `out`.
    """

    name: str

    @abstractmethod
    def bin(self, frames: Frames, factors: tuple[int, ...]) -> NDArray[np.float32]:
        """Mean over blocks of `factors` pixels along each spatial axis; what is left over at the far ends is dropped.

        NaN does not count; a block of NaN alone gives NaN.
        """

    @abstractmethod
    def direct_sums(
        self,
        frames: Frames,
        spline: Spline,
        shifts: FloatArray,
        gains: FloatArray,
        offsets: FloatArray,
        noise: NoiseModel,
        cutoffs: FloatArray,
    ) -> DirectSums:
        """Sums of a Gauss-Newton step for each frame over its overlap with the reference.

        `shifts` is (n, ndim) px, `gains`, `offsets` and `cutoffs` (n,). The weight of a pixel is
        ``1 / (v * (1 + r^2 / (v * cutoff^2))^2)`` with v the variance that `noise` gives for the model's value
        (Geman-McClure); ``cutoff = inf`` is plain least squares. NaN pixels do not count.
        """

    @abstractmethod
    def overlap_correlation(
        self, frames: NDArray[np.float32], reference: NDArray[np.float32], shifts: NDArray[np.int64]
    ) -> FloatArray:
        """Pearson correlation of each frame with the reference in their overlap at whole-pixel shifts.

        `shifts` is (n, k, ndim), the result (n, k); where less than two pixels overlap or one side is constant, -1.
        """

    @abstractmethod
    def resample_shift(
        self, frames: Frames, shifts: FloatArray, *, interpolation: str, edge: str, fill: float, out: Frames
    ) -> NDArray[np.int64]:
        """Write ``frame(p + shift)`` for each pixel p into `out` and return how many pixels of each were clamped.

        `out` is (n, [z,] y, x); an integer `out` is rounded and clamped to its range. NaN pixels do not spread: a point
        is NaN where its nearest pixel is, else the NaN neighbours are left out of the weighted mean.
        """


@dataclass(frozen=True, kw_only=True)
class Estimator(ABC):
    """Finds the transform of each frame to one reference, in two pure steps. Settings are the fields."""

    @abstractmethod
    def prepare(self, reference: Reference, device: Device) -> Any:
        """What depends on the reference alone, made once; picklable, and treated as read-only by `estimate`."""

    @abstractmethod
    def estimate(self, state: Any, frames: Frames, device: Device) -> Estimates:
        """Transforms of `frames`, (n, [z,] y, x), each on its own: the result of one does not depend on the others."""
