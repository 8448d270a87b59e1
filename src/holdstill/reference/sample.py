"""Frames from all over the movie, and what jobs make of them, batch by batch, next to the data."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Chunk, Device, Engine, Estimates, Frames, NoiseModel, Progress, Source, Verdict
from holdstill.reference.defects import NO_DEFECTS, Defects
from holdstill.reference.light import Light
from holdstill.reference.noise import white_noise
from holdstill.reference.prepared import PreparedEstimator
from holdstill.reference.sums import Sums, add_known, add_sums, average_halves
from holdstill.transforms.middle import find_middle
from holdstill.transforms.trajectory import Trajectory

__all__ = [
    "GREYS_PX",
    "Greys",
    "Mean",
    "Sample",
    "batches",
    "estimate_all",
    "good_frames",
    "greys_of",
    "guess_noise",
    "leave_out_blank",
    "mean_aligned",
    "mean_of",
    "noise_of",
    "run_once",
]  # fmt: skip

# frames of a batch; of large ones, of which a sample has few, half of them
BATCH, LARGE_PX = 16, 1 << 20
# frames of so many px in all are aligned by one call: four of 512 x 512 px take half the time of one after the other
TOGETHER_PX = 1 << 20
MAX_SAMPLES = 4  # that one process keeps frames of
N_GREYS, GREYS_PX = 5, 1 << 20

Result = TypeVar("Result")


@dataclass(frozen=True, eq=False)
class Mean:
    """Mean of some frames, ([z,] y, x), and half of what those of even and odd number differ by; NaN: not known.

    What both halves show is not in the difference, and their noise is as strong in it as in the mean.
    """

    image: NDArray[np.float32]
    difference: NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Sample:
    """Some frames of the registration channel; they are read where they are needed, and kept there for the next round.

    Attributes
    ----------
    source : Source
    indices : ndarray of int64, (n,)
        Which frames.
    channel : int
    defects : Defects
        What is taken out of the frames.
    keep_bytes : int
        How much of what was read one process keeps.
    key : str
        Tells the frames kept of this sample from those of others.
    """

    source: Source
    indices: NDArray[np.int64]
    channel: int = 0
    defects: Defects = NO_DEFECTS
    keep_bytes: int = 1 << 62
    key: str = field(default_factory=lambda: secrets.token_hex(8))

    def __len__(self) -> int:
        return len(self.indices)

    @property
    def frame_shape(self) -> tuple[int, ...]:
        """Shape of a frame, ([z,] y, x)."""
        return self.source.info.frame_shape

    @property
    def frame_px(self) -> int:
        """Pixels of a frame."""
        return int(np.prod(self.frame_shape))

    def read(self, rows: NDArray[np.int64]) -> Frames:
        """Those of the frames, (n, [z,] y, x), NaN where they tell nothing; the caller's to change."""
        frames = np.empty((len(rows), *self.frame_shape), self.source.info.dtype)
        for n, row in enumerate(rows):
            frames[n] = self._frame(int(self.indices[row]))
        return self.defects.view(frames)

    def look(self, row: int) -> Frames:
        """One of the frames as it was recorded, ([z,] y, x), not to be changed."""
        return self._frame(int(self.indices[row]))

    def take(self, most: int) -> Sample:
        """The same of so many frames at most, spread evenly."""
        rows = np.unique(np.linspace(0, len(self) - 1, min(len(self), most)).round().astype(np.int64))
        return self if len(rows) == len(self) else replace(self, indices=self.indices[rows])

    def forget(self) -> None:
        """Free what this process keeps."""
        _kept.clear(self.key)

    def _frame(self, index: int) -> Frames:
        frame = _kept.get(self.key, index)
        if frame is None:
            frame = self.source.read(index, index + 1, channel=self.channel)[0, 0]
            _kept.put(self.key, index, frame, self.keep_bytes)
        return frame


class _Kept:
    """Frames of the samples that are in use, each apart: two registrations in one process disturb each other not.

    Of each sample the oldest frames go first; of samples that nobody frees, as on workers, those longest unused.
    """

    def __init__(self) -> None:
        self._samples: OrderedDict[str, OrderedDict[int, Frames]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: str, index: int) -> Frames | None:
        with self._lock:
            frames = self._samples.get(key)
            if frames is None:
                return None
            self._samples.move_to_end(key)
            return frames.get(index)

    def put(self, key: str, index: int, frame: Frames, limit: int) -> None:
        with self._lock:
            frames = self._samples.setdefault(key, OrderedDict())
            self._samples.move_to_end(key)
            frames[index] = frame
            while sum(one.nbytes for one in frames.values()) > limit:
                frames.popitem(last=False)
            while len(self._samples) > MAX_SAMPLES:
                self._samples.popitem(last=False)

    def clear(self, key: str) -> None:
        with self._lock:
            self._samples.pop(key, None)


_kept = _Kept()


def batches(n: int, frame_px: int) -> list[Chunk]:
    """Ranges of a few frames each of so many px, together n; they begin with even ones."""
    size = BATCH if frame_px <= LARGE_PX else min(BATCH, max(2, -(-n // 4) * 2))
    return [Chunk(start, min(start + size, n)) for start in range(0, n, size)]


def run_once(engine: Engine, job: Callable[[Chunk], Result], n: int = 1) -> Result:
    """One job over all of n, on one worker."""
    [result] = engine.map(job, [Chunk(0, n)])
    return result


def leave_out_blank(sample: Sample, engine: Engine, progress: Progress) -> Sample | None:
    """Read the sample; of its frames those in which two pixels differ. None where it holds no two pixels that do.

    What shows nothing, as frames that could not be read, tells nothing of patterns either, and fits none. Where frames
    differ only from each other, all stay.
    """
    ranges = []
    for batch, some in engine.map(_Looking(sample), batches(len(sample), sample.frame_px)):
        ranges += some
        progress("sample", batch.stop, len(sample))
    low, high = np.array(ranges).T
    with np.errstate(invalid="ignore"):
        if not np.fmax.reduce(high) > np.fmin.reduce(low):
            return None
        shows = high > low
    return sample if shows.all() or not shows.any() else replace(sample, indices=sample.indices[shows])


@dataclass(frozen=True, eq=False)
class _Looking:
    """Least and largest known pixel of each frame of a batch."""

    sample: Sample

    def __call__(self, batch: Chunk) -> tuple[Chunk, list[tuple[Any, Any]]]:
        frames = [self.sample.look(row) for row in range(batch.start, batch.stop)]
        whole = np.issubdtype(frames[0].dtype, np.integer)
        least, most = (np.minimum, np.maximum) if whole else (np.fmin, np.fmax)
        with np.errstate(invalid="ignore"):
            return batch, [(least.reduce(one, axis=None), most.reduce(one, axis=None)) for one in frames]


def mean_of(sample: Sample, engine: Engine) -> NDArray[np.float32]:
    """Mean over the frames as they are, NaN left out; NaN where nothing is known."""
    total, count = engine.reduce(_Summing(sample), add_sums, batches(len(sample), sample.frame_px))
    with np.errstate(invalid="ignore"):
        return np.asarray(total / count, np.float32)


def mean_aligned(
    sample: Sample, rows: NDArray[np.int64], trajectory: Trajectory, device: Device, engine: Engine,
    interpolation: str = "cubic", least: float = 0.0, light: Light | None = None,
) -> Mean:  # fmt: skip
    """Mean of aligned frames, of light as bright as on average; not known where less than `least` of them look.

    Nor where less than a tenth, or less than two, do.
    """
    job = _Aligning(sample, rows, trajectory, device, interpolation, light)
    totals, counts = engine.reduce(job, add_sums, batches(len(rows), sample.frame_px))
    return Mean(*average_halves(totals, counts, max(2, 0.1 * len(rows), least)))


@dataclass(frozen=True, eq=False)
class _Summing:
    """Sum of the known pixels of a batch, and how many they are."""

    sample: Sample

    def __call__(self, batch: Chunk) -> Sums:
        frames = self.sample.read(np.arange(batch.start, batch.stop))
        if not np.issubdtype(frames.dtype, np.floating):
            total = np.add.reduce(frames, axis=0, dtype=np.float64)
            return total, np.full(total.shape, len(frames), np.int32)
        known = np.isfinite(frames)
        return np.where(known, frames, 0).sum(axis=0, dtype=np.float64), known.sum(axis=0, dtype=np.int32)


@dataclass(frozen=True, eq=False)
class _Aligning:
    """Sums of the aligned frames of a batch, those of even and odd number apart, (2, [z,] y, x), and their counts."""

    sample: Sample
    rows: NDArray[np.int64]
    trajectory: Trajectory
    device: Device
    interpolation: str
    light: Light | None

    def __call__(self, batch: Chunk) -> Sums:
        # of large frames one at a time: memory touched for the first time costs more than the work; else calls do
        shape, most = self.sample.frame_shape, max(1, TOGETHER_PX // self.sample.frame_px)
        totals, counts = (
            np.zeros((2, *shape), np.float32),
            np.zeros((2, *shape), np.float32 if self.light else np.uint8),
        )
        aligned = np.empty((most, *shape), np.float32)
        for first in range(batch.start, batch.stop, most):
            rows = np.arange(first, min(first + most, batch.stop))
            here = aligned[: len(rows)]
            self.trajectory.part(rows).resample(
                self.device, self.sample.read(self.rows[rows]), interpolation=self.interpolation,
                edge="constant", fill=np.nan, out=here,
            )  # fmt: skip
            gains = np.ones(len(rows)) if self.light is None else self.light.gains[rows]
            if self.light is not None:
                here -= self.light.offsets[rows].reshape(-1, *(1,) * len(shape)).astype(np.float32)
            for n, row in enumerate(rows - batch.start):
                add_known(here[n], totals[row % 2], counts[row % 2], gains[n])
        return totals, counts


def estimate_all(
    sample: Sample, rows: NDArray[np.int64], prepared: PreparedEstimator, engine: Engine, *, exactly: bool = False
) -> Estimates:
    """Estimates of some frames, batch by batch; of large ones good enough to average them, if not asked `exactly`."""
    job = _Estimating(sample, rows, prepared, exactly or sample.frame_px <= LARGE_PX)
    return Estimates.join(list(engine.map(job, batches(len(rows), sample.frame_px))))


@dataclass(frozen=True, eq=False)
class _Estimating:
    sample: Sample
    rows: NDArray[np.int64]
    prepared: PreparedEstimator
    exactly: bool

    def __call__(self, batch: Chunk) -> Estimates:
        frames = self.sample.read(self.rows[batch.start : batch.stop])
        return self.prepared.estimate(frames) if self.exactly else self.prepared.estimate_roughly(frames)


def good_frames(estimates: Estimates) -> NDArray[np.bool_]:
    """Which frames were registered, (n,)."""
    return np.array([verdict is Verdict.OK for verdict in estimates.verdicts], bool)


@dataclass(frozen=True)
class Greys:
    """Of one image: variance of its white noise, variance of all, mean; NaN of an image of which nothing is known."""

    noise: float
    variance: float
    level: float

    @classmethod
    def of(cls, image: Frames) -> Greys:
        """Measure an image, ([z,] y, x), by its middle where it is large."""
        image = image[find_middle(image.shape, GREYS_PX)]
        known = image[np.isfinite(image)]
        if not known.size:
            return cls(white_noise(image), np.nan, np.nan)
        return cls(white_noise(image), float(known.var(dtype=np.float64)), float(known.mean(dtype=np.float64)))


def greys_of(sample: Sample, engine: Engine) -> list[Greys]:
    """Of a few frames from all over the sample."""
    rows = np.unique(np.linspace(0, len(sample) - 1, N_GREYS).astype(int))
    return list(engine.map(_Measuring(sample, rows), [Chunk(n, n + 1) for n in range(len(rows))]))


@dataclass(frozen=True, eq=False)
class _Measuring:
    sample: Sample
    rows: NDArray[np.int64]

    def __call__(self, one: Chunk) -> Greys:
        return Greys.of(self.sample.read(self.rows[one.start : one.stop])[0])


def guess_noise(sample: Sample, engine: Engine) -> NoiseModel:
    """A first guess: what the finest detail of a few frames shows, as a variance that is the same everywhere."""
    return noise_of(greys_of(sample, engine))


def noise_of(frames: Sequence[Greys]) -> NoiseModel:
    """The guess that some frames make."""
    return NoiseModel(read_variance=max(float(np.median([greys.noise for greys in frames])), 1e-6))
