"""Where the reference comes from: one small class per strategy, and what all of them learn from a sample of frames."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import (
    Chunk,
    Device,
    Engine,
    Estimates,
    Estimator,
    Frames,
    NoiseModel,
    Reference,
    Verdict,
)  # fmt: skip
from holdstill.defects import Defects, find_defects
from holdstill.errors import InputError, UnknownName
from holdstill.metrics import fit_noise, white_noise
from holdstill.trajectory import Trajectory

__all__ = ["Given", "Index", "Learned", "Mean", "Median", "Strategy", "Template", "learn", "make_strategy"]

BATCH = 16
MAX_ROUNDS = 6
N_SEEDS = 5
# frames on which the noise model is fitted; more change its two numbers by less than a percent
N_NOISE = 9
# an image with less of a frame's noise variance is as good as free of noise
NOISE_FREE = 0.002


@dataclass(frozen=True, eq=False)
class Sample:
    """Frames of the steering channel from all over the movie: `frames` (n, [z,] y, x), `indices` (n,)."""

    frames: Frames
    indices: NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Learned:
    """What the sample taught.

    Attributes
    ----------
    reference : Reference
    anchored : bool
        True if shifts are to be given relative to the first good frame, as the reference has no place of its own.
    defects : Defects
        Pixels of the camera to be bridged while motion is estimated.
    before, after : ndarray of float32, ([z,] y, x)
        Mean of the sample as it is, and aligned.
    rounds : int
        How often the sample was aligned.
    n_good : int
        Frames of the sample that fit the reference.
    """

    reference: Reference
    anchored: bool
    defects: Defects
    before: NDArray[np.float32]
    after: NDArray[np.float32]
    rounds: int
    n_good: int


class Strategy(ABC):
    """A way to get a first reference from a sample."""

    anchored = False
    rounds = 1

    @abstractmethod
    def first_image(
        self, sample: Sample, estimator: Estimator, device: Device, engine: Engine
    ) -> tuple[NDArray[Any], float]:
        """Image to begin with and how many frames were averaged into it (inf: free of noise)."""


@dataclass(frozen=True)
class Index(Strategy):
    """One frame of the movie. `frame` is that frame of the steering channel, ([z,] y, x)."""

    frame: Any

    def first_image(
        self, sample: Sample, estimator: Estimator, device: Device, engine: Engine
    ) -> tuple[NDArray[Any], float]:
        """See `Strategy.first_image`."""
        return np.asarray(self.frame, np.float32), 1.0


@dataclass(frozen=True)
class Given(Strategy):
    """An image that the caller brings, brought to the frames' grey levels; its noise is measured beside theirs."""

    image: Any

    def first_image(
        self, sample: Sample, estimator: Estimator, device: Device, engine: Engine
    ) -> tuple[NDArray[Any], float]:
        """See `Strategy.first_image`. Raises InputError if the image has another shape than the frames."""
        image = np.asarray(self.image, np.float32)
        if image.shape != sample.frames.shape[1:]:
            raise InputError(
                f"the reference has shape {image.shape}, a frame {sample.frames.shape[1:]}; they must agree"
            )
        return _like_frames(image, sample.frames)


@dataclass(frozen=True)
class Mean(Strategy):
    """The mean of the sample as it is, blurred by the motion."""

    def first_image(
        self, sample: Sample, estimator: Estimator, device: Device, engine: Engine
    ) -> tuple[NDArray[Any], float]:
        """See `Strategy.first_image`."""
        return nan_mean(sample.frames), float(len(sample.frames))


@dataclass(frozen=True)
class Median(Strategy):
    """The median of the sample as it is: less moved by rare events than the mean."""

    def first_image(
        self, sample: Sample, estimator: Estimator, device: Device, engine: Engine
    ) -> tuple[NDArray[Any], float]:
        """See `Strategy.first_image`."""
        rows = [np.nanmedian(sample.frames[:, i], axis=0) for i in range(sample.frames.shape[1])]
        return np.stack(rows).astype(np.float32), float(len(sample.frames)) / 1.57


@dataclass(frozen=True)
class Template(Strategy):
    """Learned: a seed frame, then align, average what fits, repeat (arXiv:1809.05583)."""

    anchored = True
    rounds = MAX_ROUNDS

    def first_image(
        self, sample: Sample, estimator: Estimator, device: Device, engine: Engine
    ) -> tuple[NDArray[Any], float]:
        """The frame of a few spread candidates that most others fit."""
        n = len(sample.frames)
        candidates = np.unique((np.array([0.5, 0.25, 0.75, 0.05, 0.95])[:N_SEEDS] * (n - 1)).astype(int))
        others = np.unique(np.linspace(0, n - 1, min(n, 24)).astype(int))
        best, most = int(candidates[0]), -1
        for candidate in candidates:
            image = sample.frames[candidate].astype(np.float32)
            seed = Reference(image=image, noise=_guess_noise(sample.frames), n_averaged=1.0)
            estimates = _estimate(sample.frames[others], seed, estimator, device, engine)
            good = sum(verdict is Verdict.OK for verdict in estimates.verdicts)
            if good > most:
                best, most = int(candidate), good
            if good >= 0.8 * len(others):
                break
        return sample.frames[best].astype(np.float32), 1.0


def _like_frames(image: NDArray[np.float32], frames: Frames) -> tuple[NDArray[np.float32], float]:
    """The image in the frames' grey levels, and how many frames' noise it has (inf: none).

    A single frame taken for free of noise made error bars a third of what they should be.
    """
    few = frames[np.unique(np.linspace(0, len(frames) - 1, 5).astype(int))]
    noise, own = float(np.median([white_noise(frame) for frame in few])), white_noise(image)
    with np.errstate(invalid="ignore"):
        contrasts = [np.nanvar(frame, dtype=np.float64) for frame in few if np.isfinite(frame).any()]
        contrast = float(np.median(contrasts)) - noise if contrasts else 0.0
        gain = np.sqrt(contrast / (np.nanvar(image, dtype=np.float64) - own)) if contrast > 0 else np.nan
    if not (np.isfinite(gain) and gain > 0):
        return image, np.inf
    level = float(np.median([np.nanmean(frame, dtype=np.float64) for frame in few if np.isfinite(frame).any()]))
    scaled = (gain * (image - np.nanmean(image, dtype=np.float64)) + level).astype(np.float32)
    share = gain**2 * own / noise if noise > 0 else 0.0
    return scaled, 1 / share if share > NOISE_FREE else np.inf


def make_strategy(reference: Any) -> Strategy:
    """Strategy for what a caller gives as `reference`, indices apart: a name or an image.

    Raises
    ------
    UnknownName
        There is no strategy of that name.
    """
    if not isinstance(reference, str):
        return Given(reference)
    strategies: dict[str, type[Strategy]] = {"template": Template, "mean": Mean, "median": Median}
    if reference not in strategies:
        names = ", ".join(["first", *strategies, "previous", "pairs", "rolling"])
        raise UnknownName(
            f"there is no reference strategy {reference!r}; choose one of {names}, a frame number or an image"
        )
    return strategies[reference]()


def nan_mean(frames: Frames) -> NDArray[np.float32]:
    """Mean over the frames, NaN left out; NaN where nothing is known."""
    if not np.issubdtype(frames.dtype, np.floating):
        return np.add.reduce(frames, axis=0, dtype=np.float64).astype(np.float32) / np.float32(len(frames))
    known = np.isfinite(frames)
    with np.errstate(invalid="ignore"):
        return (np.where(known, frames, 0).sum(axis=0, dtype=np.float64) / known.sum(axis=0)).astype(np.float32)


def learn(
    strategy: Strategy,
    sample: Sample,
    estimator: Estimator,
    *,
    device: Device,
    engine: Engine,
    mask: NDArray[np.bool_] | None = None,
) -> Learned:
    """Learn reference and noise from a sample.

    Parameters
    ----------
    strategy : Strategy
    sample : Sample
    estimator : Estimator
    device : Device
    engine : Engine
    mask : ndarray of bool, ([z,] y, x), optional
        True where reference pixels count.
    """
    before = nan_mean(sample.frames)
    defects = find_defects(before)
    with defects.bridged(sample.frames):
        image, n_averaged = strategy.first_image(sample, estimator, device, engine)
        reference = Reference(image=image, noise=_guess_noise(sample.frames), n_averaged=n_averaged, mask=mask)
        after, previous, rounds, good = image, None, 0, np.zeros(len(sample.frames), bool)
        while rounds < strategy.rounds:
            rounds += 1
            estimates = _estimate(sample.frames, reference, estimator, device, engine)
            good = np.array([verdict is Verdict.OK for verdict in estimates.verdicts])
            if good.sum() < 2:
                break
            found = Trajectory.of(estimator.motion, estimates.parameters[good], sample.frames.shape[1:])
            found, frames = _centred(found, strategy), sample.frames[good]
            after = _average(frames, found, device, engine)
            reference = _improved(reference, frames, found, after, strategy, device)
            if _settled(estimates, previous, good):
                break
            previous = estimates
    return Learned(
        reference=reference, anchored=strategy.anchored, defects=defects, before=before, after=after, rounds=rounds,
        n_good=int(good.sum()),
    )  # fmt: skip


def _centred(trajectory: Trajectory, strategy: Strategy) -> Trajectory:
    """Moved by whole px to the middle of the motion, where a template sees most; the others stay."""
    if not strategy.anchored:
        return trajectory
    return trajectory.shifted(np.round(np.median(trajectory.shifts, axis=0)))


def _improved(
    reference: Reference,
    frames: Frames,
    trajectory: Trajectory,
    after: NDArray[np.float32],
    strategy: Strategy,
    device: Device,
) -> Reference:
    """The reference with the noise that good frames show and, for a template, with their mean as its image."""
    noise = _noise(frames, trajectory, after, device) or reference.noise
    if not strategy.anchored:
        return replace(reference, noise=noise)
    return replace(reference, noise=noise, image=after, n_averaged=float(len(frames)))


def _guess_noise(frames: Frames) -> NoiseModel:
    """A first guess: what the finest detail of a few frames shows, as a variance that is the same everywhere."""
    few = frames[np.unique(np.linspace(0, len(frames) - 1, 5).astype(int))]
    variance = float(np.median([white_noise(frame) for frame in few]))
    return NoiseModel(read_variance=max(variance, 1e-6))


def _estimate(frames: Frames, reference: Reference, estimator: Estimator, device: Device, engine: Engine) -> Estimates:
    state = estimator.prepare(reference, device)

    def job(batch: Chunk) -> Estimates:
        return estimator.estimate(state, frames[batch.start : batch.stop], device)

    return Estimates.join(list(engine.map(job, _batches(len(frames)))))


def _noise(frames: Frames, trajectory: Trajectory, mean: NDArray[np.float32], device: Device) -> NoiseModel | None:
    """Noise model from what is left of frames when their own mean, moved onto them, is subtracted."""
    chosen = np.unique(np.linspace(0, len(frames) - 1, min(len(frames), N_NOISE)).astype(int))
    models = np.empty((len(chosen), *frames.shape[1:]), np.float32)
    images = np.broadcast_to(mean, models.shape)
    trajectory.part(chosen).resample_back(device, images, fill=np.nan, out=models)
    # a frame is part of the mean, so that its residual has 1 - 1/n of its variance
    return fit_noise(frames[chosen], models, 1 - 1 / len(frames), np.issubdtype(frames.dtype, np.integer))


def _average(frames: Frames, trajectory: Trajectory, device: Device, engine: Engine) -> NDArray[np.float32]:
    """Mean of aligned frames; NaN where less than a tenth of them, or less than two, look."""

    def add(batch: Chunk) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
        aligned = np.empty((len(batch), *frames.shape[1:]), np.float32)
        rows = slice(batch.start, batch.stop)
        trajectory.part(rows).resample(
            device, frames[rows], interpolation="cubic", edge="constant", fill=np.nan, out=aligned
        )
        known = np.isfinite(aligned)
        aligned[~known] = 0
        return aligned.sum(axis=0, dtype=np.float32), known.sum(axis=0, dtype=np.int32)

    total, count = np.zeros(frames.shape[1:]), np.zeros(frames.shape[1:], np.int32)
    for part_total, part_count in engine.map(add, _batches(len(frames))):
        total += part_total
        count += part_count
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = total / count
    mean[count < max(2, 0.1 * len(frames))] = np.nan
    return mean.astype(np.float32)


def _batches(n: int) -> list[Chunk]:
    return [Chunk(start, min(start + BATCH, n)) for start in range(0, n, BATCH)]


def _settled(estimates: Estimates, previous: Estimates | None, good: NDArray[np.bool_]) -> bool:
    """Whether the shifts, their common part apart, moved by less than their error bars in the round before.

    Those hold the noise of the reference of that round too: coming from a seed frame, one more round is enough.
    """
    if previous is None:
        return False
    change = (estimates.parameters - previous.parameters)[good]
    change = change - np.median(change, axis=0)
    errors = previous.errors[good]
    known = np.isfinite(errors).any(axis=0)
    return bool((np.sqrt(np.mean(change**2, axis=0))[known] < np.nanmedian(errors[:, known], axis=0)).all())
