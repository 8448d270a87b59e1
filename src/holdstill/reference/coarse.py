"""Learning on a binned copy of large frames: the rounds are for finding the way, which does not take all pixels.

Sixteen frames of 2,048 px took five seconds a round; binned to 512 px the rounds take a tenth of one, and frames as
they are one round in place of three.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Chunk, Device, Engine, Estimates, Reference
from holdstill.engines.threads import ThreadsEngine
from holdstill.io.array import ArraySource
from holdstill.methods.direct import Direct
from holdstill.reference.learning import Alignment, align_sample, average, centre
from holdstill.reference.sample import Sample, good_frames, guess_noise, mean_aligned, run_once
from holdstill.reference.strategies import Strategy
from holdstill.transforms.middle import Box, find_middle, measure_offset
from holdstill.transforms.motions import find_motion
from holdstill.transforms.trajectory import Trajectory

__all__ = ["align_large", "align_middle", "is_large"]

# frames of more px are binned until they have no more than that
LARGE_PX, COARSE_PX = 768**2, 768**2
# where fewer of the frames fit, the copy tells too little
NEARLY_ALL = 0.8
# Frames that lie so far apart make a mean of 0.95 of the contrast at the finest detail: sharp enough to end with.
SHARP_PX = 0.1


def is_large(sample: Sample, estimator: object) -> bool:
    """Whether a sample is to be learned on a binned copy first."""
    shape = sample.frame_shape
    if len(shape) != 2 or sample.frame_px <= LARGE_PX or not isinstance(estimator, Direct):
        return False
    return find_motion(estimator.motion, shape).count_parameters(2) == 2


def align_large(
    strategy: Strategy,
    sample: Sample,
    estimator: Direct,
    *,
    device: Device,
    engine: Engine,
    mask: NDArray[np.bool_] | None = None,
) -> Alignment:
    """What `align_sample` learns, begun on a binned copy; without one where that tells too little."""
    rough = run_once(engine, _Learning(sample, strategy, estimator, device, mask, engine.workers))
    rows = np.flatnonzero(good_frames(rough))
    if len(rows) < max(2, NEARLY_ALL * len(sample)):
        return align_sample(strategy, sample, estimator, device=device, engine=engine, mask=mask)
    found = centre(Trajectory.of(estimator.motion, rough.parameters[rows], sample.frame_shape), strategy, mask)
    begin = Reference(image=np.empty(0, np.float32), noise=guess_noise(sample, engine), mask=mask)
    begin, _ = average(sample, rows, found, begin, strategy, device, engine)
    return align_sample(
        strategy, sample, estimator, device=device, engine=engine, mask=mask, begin=begin, previous=rough,
        sharp_px=SHARP_PX,
    )  # fmt: skip


def align_middle(
    strategy: Strategy, sample: Sample, estimator: Direct, *, device: Device, engine: Engine
) -> Alignment | None:
    """What `align_sample` finds beside an image that is known, by the middle of the frames; None where it tells little.

    Noise, error bars and patterns are told by the middle of large frames anyway, and shifts of the sample serve only
    that: 12 frames of 2,048 px, compared whole, took a third of the time of a movie of 40.
    """
    box = find_middle(sample.frame_shape, COARSE_PX)
    part = strategy.crop(box)
    if part is None or sample.defects.contrast is not None or sample.defects.pattern is not None:
        return None
    found = run_once(engine, _Beside(sample, part, box, estimator, device, engine.workers))
    if len(found.rows) < max(2, NEARLY_ALL * len(sample)):
        return None
    offset = measure_offset(found.trajectory.shape, sample.frame_shape)
    trajectory = found.trajectory.rescale(np.ones(len(box)), -offset, sample.frame_shape)
    image, n_averaged = strategy.first_image(sample, estimator, device, engine)
    after = mean_aligned(sample, found.rows, trajectory, device, engine).image
    whole = Reference(image=image, noise=found.reference.noise, n_averaged=n_averaged)
    return replace(found, reference=whole, after=after, trajectory=trajectory)


@dataclass(frozen=True, eq=False)
class _Beside:
    """Job that aligns a `box` of all frames beside an image of it, next to the data."""

    sample: Sample
    strategy: Strategy
    box: Box
    estimator: Direct
    device: Device
    workers: int

    def __call__(self, everything: Chunk) -> Alignment:
        defects = self.sample.defects
        missing = None if defects.missing is None else defects.missing[self.box]
        frames = np.stack([self.sample.look(row)[self.box] for row in range(len(self.sample))])
        part = Sample(
            ArraySource(frames, axes="TYX"), np.arange(len(frames)), defects=replace(defects, missing=missing)
        )
        found = align_sample(
            self.strategy, part, self.estimator, device=self.device, engine=ThreadsEngine(self.workers)
        )
        part.forget()
        return replace(found, prepared=None)


@dataclass(frozen=True, eq=False)
class _Learning:
    """Job that learns on a binned copy, next to the data; shifts and error bars in px of the frames as they are."""

    sample: Sample
    strategy: Strategy
    estimator: Direct
    device: Device
    mask: NDArray[np.bool_] | None
    workers: int

    def __call__(self, everything: Chunk) -> Estimates:
        sample, shape = self.sample, self.sample.frame_shape
        factor = _choose_factor(shape)
        small = Sample(ArraySource(self._bin(factor), axes="TYX"), np.arange(len(sample)))
        estimator = replace(self.estimator, max_shift=_scale_limit(self.estimator.max_shift, 1 / factor))
        mask = None
        if self.mask is not None:
            mask = np.asarray(self.device.bin(self.mask[None].astype(np.uint8), (factor, factor))[0]) == 1
        found = align_sample(
            self.strategy, small, estimator, device=self.device, engine=ThreadsEngine(self.workers), mask=mask,
            sharp_px=SHARP_PX / factor,
        )  # fmt: skip
        small.forget()
        assert found.estimates is not None  # a template takes one round at least
        one = found.estimates
        return replace(one, parameters=factor * one.parameters, covariance=one.covariance.weigh(factor**2), bound=None)

    def _bin(self, factor: int) -> NDArray[np.float32]:
        """All frames binned, one at a time."""
        rows = np.arange(len(self.sample))[:, None]
        return np.concatenate(
            [np.asarray(self.device.bin(self.sample.read(row), (factor, factor)), np.float32) for row in rows]
        )


def _choose_factor(shape: tuple[int, ...]) -> int:
    factor = 1
    while np.prod(shape) / factor**2 > COARSE_PX:
        factor *= 2
    return factor


def _scale_limit(limit: float | tuple[float, ...] | None, factor: float) -> float | tuple[float, ...] | None:
    if limit is None:
        return None
    # less than 1 px would be warned of; the limit itself comes to bear on the frames as they are
    scaled = tuple(max(float(one) * factor, 1.0) if one else 0.0 for one in np.atleast_1d(limit))
    return scaled if np.ndim(limit) else scaled[0]
