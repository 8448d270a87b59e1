"""Where the reference comes from: one small class per strategy."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
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
from holdstill.errors import InputError, UnknownName
from holdstill.metrics import white_noise

__all__ = [
    "Given", "Index", "Mean", "Median", "Sample", "Strategy", "Template", "batches", "estimate_all", "good_frames",
    "guess_noise", "make_strategy", "nan_mean",
]  # fmt: skip

BATCH = 16
MAX_ROUNDS = 6
N_SEEDS = 5
# an image with less of a frame's noise variance is as good as free of noise
NOISE_FREE = 0.002


@dataclass(frozen=True, eq=False)
class Sample:
    """Frames of the steering channel from all over the movie: `frames` (n, [z,] y, x), `indices` (n,)."""

    frames: Frames
    indices: NDArray[np.int64]


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
            seed = Reference(image=image, noise=guess_noise(sample.frames), n_averaged=1.0)
            estimates = estimate_all(sample.frames[others], seed, estimator, device, engine)
            good = int(good_frames(estimates).sum())
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
    few = few[[np.isfinite(frame).any() for frame in few]]
    if not len(few) or not np.isfinite(image).any():
        return image, np.inf
    (noise, contrast, level), (own_noise, own_contrast, own_level) = (_greys(few), _greys(image[None]))
    if min(contrast, own_contrast) > 0:
        gain = np.sqrt(contrast / own_contrast)
    else:
        gain = np.sqrt(noise / own_noise) if own_noise > 0 else 1.0
    share = gain**2 * own_noise / noise if noise > 0 else 0.0
    scaled = (gain * (image - own_level) + level).astype(np.float32)
    return scaled, 1 / share if share > NOISE_FREE else np.inf


def _greys(images: Frames) -> tuple[float, float, float]:
    """Medians over images: variance of the noise, variance above it (0 if nothing stands out), and mean."""
    noise = float(np.median([white_noise(image) for image in images]))
    variance = float(np.median([np.nanvar(image, dtype=np.float64) for image in images]))
    level = float(np.median([np.nanmean(image, dtype=np.float64) for image in images]))
    # the noise is known from a 25th of the pixels
    doubt = 3 * np.sqrt(2 * 25 / images[0].size) * noise
    return noise, variance - noise if variance - noise > doubt else 0.0, level


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


def guess_noise(frames: Frames) -> NoiseModel:
    """A first guess: what the finest detail of a few frames shows, as a variance that is the same everywhere."""
    few = frames[np.unique(np.linspace(0, len(frames) - 1, 5).astype(int))]
    variance = float(np.median([white_noise(frame) for frame in few]))
    return NoiseModel(read_variance=max(variance, 1e-6))


def good_frames(estimates: Estimates) -> NDArray[np.bool_]:
    """Which frames were registered, (n,)."""
    return np.array([verdict is Verdict.OK for verdict in estimates.verdicts], bool)


def estimate_all(
    frames: Frames, reference: Reference, estimator: Estimator, device: Device, engine: Engine
) -> Estimates:
    """Estimates of all frames, (n, [z,] y, x), batch by batch."""
    state = estimator.prepare(reference, device)

    def job(batch: Chunk) -> Estimates:
        return estimator.estimate(state, frames[batch.start : batch.stop], device)

    return Estimates.join(list(engine.map(job, batches(len(frames)))))


def batches(n: int) -> list[Chunk]:
    """Ranges of a few frames each, together n."""
    return [Chunk(start, min(start + BATCH, n)) for start in range(0, n, BATCH)]
