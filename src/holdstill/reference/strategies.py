"""Where the reference comes from: one small class per strategy."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Chunk, Device, Engine, Estimates, Estimator, Reference
from holdstill.errors import InputError, UnknownName
from holdstill.methods.search.unknown import fill_unknown
from holdstill.reference.defects import Defects, subtract_level
from holdstill.reference.prepared import PreparedEstimator
from holdstill.reference.sample import (
    GREYS_PX,
    Greys,
    Sample,
    estimate_all,
    good_frames,
    greys_of,
    guess_noise,
    mean_of,
    noise_of,
    run_once,
)  # fmt: skip
from holdstill.reference.survey import find_filled
from holdstill.transforms.middle import Box

__all__ = ["Beginning", "Given", "Index", "Mean", "Median", "Strategy", "Template", "make_strategy"]

MAX_ROUNDS = 6
N_SEEDS = 5
# a seed fits most of the others; with a mask, one of so many first frames does that fits so many
FITS_MOST, N_EARLY, FITS_SOME = 0.8, 8, 0.5
# an image with less of a frame's noise variance is as good as free of noise
NOISE_FREE = 0.002
# pixels are compared with others so far from them, and stand out if they are so much farther from their neighbours
BESIDE_PX, STANDS_OUT = 3, 2.0


@dataclass(frozen=True, eq=False)
class Beginning:
    """What the first round compares frames with, and what is known of some rows of the sample beside it already."""

    prepared: PreparedEstimator
    rows: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    estimates: Estimates | None = None

    def estimate(self, sample: Sample, engine: Engine) -> Estimates:
        """Estimates of the whole sample."""
        everything = np.arange(len(sample))
        others = np.setdiff1d(everything, self.rows)
        if self.estimates is None:
            return estimate_all(sample, everything, self.prepared, engine)
        if not len(others):
            return self.estimates
        both = Estimates.join([self.estimates, estimate_all(sample, others, self.prepared, engine)])
        return both.take(np.argsort(np.concatenate([self.rows, others])))


class Strategy(ABC):
    """A way to get a first reference from a sample."""

    anchored = False
    rounds = 1

    def begin(
        self, sample: Sample, estimator: Estimator, device: Device, engine: Engine, mask: NDArray[np.bool_] | None
    ) -> Beginning:
        """The first image with a guess at its noise, ready to be compared with."""
        image, n_averaged = self.first_image(sample, estimator, device, engine)
        noise = guess_noise(sample, engine)
        reference = Reference(image=image, noise=noise, n_averaged=n_averaged, mask=mask)
        return Beginning(PreparedEstimator(estimator, reference, device))

    def crop(self, box: Box) -> Strategy | None:
        """The same for a part of the frames; None where the first image is made of the frames themselves."""
        return None

    @abstractmethod
    def first_image(
        self, sample: Sample, estimator: Estimator, device: Device, engine: Engine
    ) -> tuple[NDArray[Any], float]:
        """Image to begin with and how many frames were averaged into it (inf: free of noise)."""


@dataclass(frozen=True)
class Index(Strategy):
    """One frame of the movie. `frame` is that frame of the registration channel, ([z,] y, x)."""

    frame: Any

    def first_image(
        self, sample: Sample, estimator: Estimator, device: Device, engine: Engine
    ) -> tuple[NDArray[Any], float]:
        """See `Strategy.first_image`."""
        return sample.defects.view(np.asarray(self.frame)[None])[0].astype(np.float32), 1.0

    def crop(self, box: Box) -> Strategy:
        """See `Strategy.crop`."""
        return Index(np.asarray(self.frame)[box])


@dataclass(frozen=True)
class Given(Strategy):
    """An image that the caller brings, brought to the frames' grey levels; its noise is measured beside theirs."""

    image: Any

    def first_image(
        self, sample: Sample, estimator: Estimator, device: Device, engine: Engine
    ) -> tuple[NDArray[Any], float]:
        """See `Strategy.first_image`. Raises InputError if the image has another shape than the frames."""
        return self._match_greys(sample, greys_of(sample, engine))

    def begin(
        self, sample: Sample, estimator: Estimator, device: Device, engine: Engine, mask: NDArray[np.bool_] | None
    ) -> Beginning:
        """See `Strategy.begin`; grey levels and noise of frames are measured once."""
        frames = greys_of(sample, engine)
        image, n_averaged = self._match_greys(sample, frames)
        reference = Reference(image=image, noise=noise_of(frames), n_averaged=n_averaged, mask=mask)
        return Beginning(PreparedEstimator(estimator, reference, device))

    def crop(self, box: Box) -> Strategy | None:
        """See `Strategy.crop`; an image of another shape than the frames is refused later."""
        image = np.asarray(self.image)
        return Given(image[box]) if image.ndim == len(box) else None

    def _match_greys(self, sample: Sample, frames: list[Greys]) -> tuple[NDArray[np.float32], float]:
        image = np.asarray(self.image)
        if image.shape != sample.frame_shape:
            raise InputError(f"the reference has shape {image.shape}, a frame {sample.frame_shape}; they must agree")
        filled = find_filled(image)
        values = subtract_level(image, sample.defects.level).astype(np.float32)
        # a border that was filled in is no specimen, neither in frames nor in a mean of registered ones
        left_out = np.zeros(image.shape, bool) if filled is None else image == filled
        seen = _find_seen(values, sample.defects)
        return _like_frames(np.where(left_out | seen, np.float32(np.nan), values), frames)


@dataclass(frozen=True)
class Mean(Strategy):
    """The mean of the sample as it is, blurred by the motion."""

    def first_image(
        self, sample: Sample, estimator: Estimator, device: Device, engine: Engine
    ) -> tuple[NDArray[Any], float]:
        """See `Strategy.first_image`."""
        return mean_of(sample, engine), float(len(sample))


@dataclass(frozen=True)
class Median(Strategy):
    """The median of the sample as it is: less moved by rare events than the mean."""

    def first_image(
        self, sample: Sample, estimator: Estimator, device: Device, engine: Engine
    ) -> tuple[NDArray[Any], float]:
        """See `Strategy.first_image`."""
        return run_once(engine, _Middle(sample), len(sample)), float(len(sample)) / 1.57


@dataclass(frozen=True)
class Template(Strategy):
    """Learned: a seed frame, then align, average what fits, repeat (arXiv:1809.05583)."""

    anchored = True
    rounds = MAX_ROUNDS

    def first_image(
        self, sample: Sample, estimator: Estimator, device: Device, engine: Engine
    ) -> tuple[NDArray[Any], float]:
        """The frame of a few spread candidates that most others fit."""
        return self._find_seed(sample, estimator, device, engine).prepared.reference.image, 1.0

    def begin(
        self, sample: Sample, estimator: Estimator, device: Device, engine: Engine, mask: NDArray[np.bool_] | None
    ) -> Beginning:
        """See `Strategy.begin`: with what the search for that frame found out."""
        return self._find_seed(sample, estimator, device, engine, mask)

    def _find_seed(
        self, sample: Sample, estimator: Estimator, device: Device, engine: Engine,
        mask: NDArray[np.bool_] | None = None,
    ) -> Beginning:  # fmt: skip
        """The first of a few candidates that most others fit; with a mask, of early ones: it is of the first frame."""
        n = len(sample)
        if mask is None:
            candidates = np.unique((np.array([0.5, 0.25, 0.75, 0.05, 0.95])[:N_SEEDS] * (n - 1)).astype(int))
        else:
            candidates = np.arange(min(N_EARLY, n))
        others = np.unique(np.linspace(0, n - 1, min(n, 24)).astype(int))
        found: list[tuple[int, Beginning]] = []
        noise = guess_noise(sample, engine)
        for candidate in candidates:
            image = run_once(engine, _One(sample, int(candidate)))
            prepared = PreparedEstimator(
                estimator, Reference(image=image, noise=noise, n_averaged=1.0, mask=mask), device
            )
            estimates = estimate_all(sample, others, prepared, engine)
            seed = int(good_frames(estimates).sum()), Beginning(prepared, others, estimates)
            found = [max([*found, seed], key=lambda one: one[0])]  # of equals the first
            if seed[0] >= (FITS_MOST if mask is None else FITS_SOME) * len(others):
                break
        return found[0][1]


@dataclass(frozen=True, eq=False)
class _One:
    """One frame of a sample."""

    sample: Sample
    row: int

    def __call__(self, chunk: Chunk) -> NDArray[np.float32]:
        return self.sample.read(np.array([self.row]))[0].astype(np.float32)


@dataclass(frozen=True, eq=False)
class _Middle:
    """The median of all frames of a sample, made by one worker: it needs all of them at once."""

    sample: Sample

    def __call__(self, everything: Chunk) -> NDArray[np.float32]:
        frames = self.sample.read(np.arange(len(everything)))
        rows = [np.nanmedian(frames[:, i], axis=0) for i in range(frames.shape[1])]
        return np.stack(rows).astype(np.float32)


def _find_seen(image: NDArray[np.float32], defects: Defects) -> NDArray[np.bool_]:
    """Which pixels tell nothing in an image, as they tell nothing in frames: those of the same camera.

    Its hot pixels held a movie back by 0.4 px, ok, beside one of its own frames. What lies as near to its neighbours as
    other pixels do is the specimen.
    """
    none = np.zeros(image.shape, bool)
    found = np.isin(image, defects.rails) if defects.rails else none
    if defects.missing is not None:
        found = found | defects.missing
    known = np.isfinite(image)
    found = found & known
    if not found.any():
        return none
    aside = np.roll(found, (BESIDE_PX,) * image.ndim, tuple(range(image.ndim))) & ~found & known
    if not aside.any():
        return found
    left, usual = (
        np.median(np.abs(fill_unknown(np.where(at, np.float32(np.nan), image)[None])[0] - image)[at])
        for at in (found, aside)
    )
    return found if left > STANDS_OUT * usual else none


def _like_frames(image: NDArray[np.float32], frames: list[Greys]) -> tuple[NDArray[np.float32], float]:
    """The image in the frames' grey levels, and how many frames' noise it has (inf: none).

    A single frame taken for free of noise made error bars a third of what they should be.
    """
    known = [greys for greys in frames if np.isfinite(greys.level)]
    if not known or not np.isfinite(image).any():
        return image, np.inf
    (noise, contrast, level), (own_noise, own_contrast, own_level) = (
        _typical(known, min(image.size, GREYS_PX)), _typical([Greys.of(image)], min(image.size, GREYS_PX))
    )  # fmt: skip
    # where single frames are too dim to show their contrast, nothing tells that the grey levels are others
    gain = np.sqrt(contrast / own_contrast) if min(contrast, own_contrast) > 0 else 1.0
    share = gain**2 * own_noise / noise if noise > 0 else 0.0
    scaled = (gain * (image - own_level) + level).astype(np.float32)
    return scaled, 1 / share if share > NOISE_FREE else np.inf


def _typical(images: list[Greys], size: int) -> tuple[float, float, float]:
    """Medians over images: variance of the noise, variance above it (0 if nothing stands out), and mean."""
    noise, variance, level = np.median([(one.noise, one.variance, one.level) for one in images], axis=0)
    # the noise is known from a 25th of the pixels
    doubt = 3 * np.sqrt(2 * 25 / size) * noise
    return float(noise), float(variance - noise) if variance - noise > doubt else 0.0, float(level)


def make_strategy(reference: Any) -> Strategy:
    """Strategy for what a caller gives as `reference`, indices apart: a name or an image.

    Raises
    ------
    UnknownName
        There is no strategy of that name.
    """
    strategies: dict[str, type[Strategy]] = {"template": Template, "mean": Mean, "median": Median}
    if not isinstance(reference, str) and np.ndim(reference) > 0:
        return Given(reference)
    if not isinstance(reference, str) or reference not in strategies:
        names = ", ".join(["first", *strategies, "previous", "pairs", "rolling"])
        raise UnknownName(
            f"there is no reference strategy {reference!r}; choose one of {names}, a frame number or an image"
        )
    return strategies[reference]()
