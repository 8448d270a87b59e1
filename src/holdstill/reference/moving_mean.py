"""The mean of frames that move, as a reference: a blurred one, which none of them agrees with.

Error bars beside it are those of a sharp picture, too small tenfold. A template learned from the same frames says where
they are in respect of each other to a twentieth of that; where the mean has its place among them is known exactly.
"""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Device, Engine, Estimates, Estimator
from holdstill.devices.cpu.compiling import kernel
from holdstill.reference.learned import LearnedReference
from holdstill.reference.sample import Sample, estimate_all, good_frames
from holdstill.reference.strategies import Given, Mean, Median, Strategy, Template
from holdstill.reference.template import build_reference
from holdstill.transforms.motions import find_motion

__all__ = ["choose_frames", "learn_reference"]

# a mean is blurred if frames moved by more, px, or fewer agree with it; a template must agree with so many
SHARP_PX, NEARLY_ALL, LEAST_FRAMES = 1.0, 0.8, 8
# so well does an image agree with the mean of the sample if it is that of the movie, and so much less steep than a
# template is it where it is blurred
SAME, LESS_STEEP = 0.97, 0.85
# correlations that differ by rounding alone, and squares of what is flat
ALIKE, FLAT = 1e-6, 1e-14
LEAST_CONTENT = 0.5
# what lacks less than this share of what noise takes away has the same noise
OF_NOISE = 0.25
# beside a known reference so many pixels tell noise and defects, in so many frames at least
KNOWN_PX, KNOWN_FRAMES = 1 << 23, 16


def learn_reference(
    strategy: Strategy,
    sample: Sample,
    estimator: Estimator,
    *,
    few: Sample,
    device: Device,
    engine: Engine,
    mask: NDArray[np.bool_] | None = None,
    lasting: bool = True,
) -> LearnedReference:
    """As `build_reference` of those `few`; a mean of moving frames makes way for a template of all, with a warning.

    Of shifts only, without a mask, and where nearly all frames agree with the template, which is sharper.
    """
    everything, sample = sample, few
    learned = build_reference(strategy, sample, estimator, device=device, engine=engine, mask=mask, lasting=lasting)
    ndim = len(sample.frame_shape)
    is_shift = find_motion(estimator.motion, sample.frame_shape).count_parameters(ndim) == ndim
    if mask is not None or not is_shift or len(sample) < LEAST_FRAMES:
        return learned
    if not _is_moving_mean(strategy, learned, len(sample)) or not _is_blurred(
        learned, sample, estimator, device, engine
    ):
        return learned
    sample = everything
    sharp = build_reference(Template(), sample, estimator, device=device, engine=engine)
    if sharp.n_good < NEARLY_ALL * len(sample):
        return learned
    if isinstance(strategy, Given) and not (_shares_noise(learned, len(sample)) or _is_sharper(sharp, learned)):
        return learned
    warnings.warn(
        "the reference is the mean of frames that move, which blurs it; they were compared with a template learned "
        'from them, at its place (reference="template" does so from the start)',
        stacklevel=2,
    )
    place = _find_mean(sharp, sample, estimator, device, engine)
    return replace(sharp, before=learned.before, anchored=False, place=place)


def choose_frames(strategy: Strategy, sample: Sample) -> Sample:
    """Of a sample what noise and defects are told by, where the reference is known: a quarter of 512 x 512 px."""
    if not isinstance(strategy, Given):
        return sample
    return sample.take(max(KNOWN_FRAMES, -(-KNOWN_PX // sample.frame_px)))


def _is_moving_mean(strategy: Strategy, learned: LearnedReference, n_frames: int) -> bool:
    """Whether the reference is the mean, or the median, of the frames as they are.

    A frame of a smooth picture is much like the mean of frames that move a little, and more like that of aligned ones.
    """
    if isinstance(strategy, (Mean, Median)):
        return True
    image, mean = np.asarray(learned.reference.image), learned.before
    known = np.isfinite(image) & np.isfinite(mean)
    if not isinstance(strategy, Given) or known.sum() < 2 or image[known].std() == 0 or mean[known].std() == 0:
        return False
    likeness = _correlate(image, mean)
    same = likeness > SAME * np.sqrt(_share_of_content(mean[known], learned, n_frames))
    # where no frame was placed the aligned mean is the reference itself
    return bool(same and likeness > _correlate(image, learned.after) - ALIKE)


def _shares_noise(learned: LearnedReference, n_frames: int) -> bool:
    """Whether the reference is more like the mean of so many frames than their noise allows anything else to be."""
    image, mean = np.asarray(learned.reference.image), learned.before
    known = np.isfinite(image) & np.isfinite(mean)
    lacks = 1 - np.sqrt(_share_of_content(mean[known], learned, n_frames))
    return bool(1 - _correlate(image, mean) < OF_NOISE * lacks)


def _correlate(one: NDArray[np.floating], other: NDArray[np.floating]) -> float:
    """Of what both images know; 0 where one of them shows nothing."""
    flat = (np.ascontiguousarray(image, np.float32).reshape(-1) for image in (one, other))
    return float(_correlate_known(*flat))


@kernel
def _correlate_known(one: Any, other: Any) -> float:
    """Sums in float64, of pixels less their mean: a sixth of the time of `corrcoef` of 2,048 x 2,048 px."""
    infinite = np.float32(np.inf)
    count = total_one = total_other = 0.0
    for i in range(one.size):
        known = abs(one[i]) < infinite and abs(other[i]) < infinite
        count += 1.0 if known else 0.0
        total_one += np.float64(one[i]) if known else 0.0
        total_other += np.float64(other[i]) if known else 0.0
    mean_one, mean_other = total_one / max(count, 1.0), total_other / max(count, 1.0)
    squares_one = squares_other = products = 0.0
    for i in range(one.size):
        known = abs(one[i]) < infinite and abs(other[i]) < infinite
        x, y = (one[i] - mean_one if known else 0.0), (other[i] - mean_other if known else 0.0)
        squares_one += x * x
        squares_other += y * y
        products += x * y
    # rounding leaves something of what is the same everywhere
    least_one, least_other = FLAT * count * mean_one**2, FLAT * count * mean_other**2
    shows = squares_one > least_one and squares_other > least_other
    return products / np.sqrt(squares_one * squares_other) if shows else 0.0


def _share_of_content(mean: NDArray[np.floating], learned: LearnedReference, n_frames: int) -> float:
    """Of the variance of the mean of so many frames what is not their noise; half of it at least is believed."""
    noise = learned.reference.noise
    if noise is None:
        return 1.0
    variance = float(noise.variance(mean.astype(np.float64)).mean()) / n_frames
    return min(max(1 - variance / float(mean.var(dtype=np.float64)), LEAST_CONTENT), 1.0)


def _is_sharper(one: LearnedReference, other: LearnedReference) -> bool:
    """As frames were recorded: flattened ones are steeper than any of them."""
    return _measure_steepness(other.reference.image) < LESS_STEEP * _measure_steepness(one.after)


def _measure_steepness(image: NDArray[np.floating]) -> float:
    """Mean square of the slopes of an image over its variance, NaN left out."""
    slopes = sum(float(np.nanmean(np.diff(image, axis=axis) ** 2)) for axis in range(image.ndim))
    return slopes / max(float(np.nanvar(image)), 1e-30)


def _is_blurred(
    learned: LearnedReference, sample: Sample, estimator: Estimator, device: Device, engine: Engine
) -> bool:
    if learned.defects.doubt is not None or learned.n_good < NEARLY_ALL * len(sample):
        return True
    shifts = _estimate(learned, sample, estimator, device, engine).parameters
    return bool(np.sqrt(np.nanvar(shifts, axis=0).sum()) > SHARP_PX)


def _estimate(
    learned: LearnedReference, sample: Sample, estimator: Estimator, device: Device, engine: Engine
) -> Estimates:
    seen = replace(sample, defects=learned.defects)
    prepared = learned.prepare(estimator, device)
    found = estimate_all(seen, np.arange(len(sample)), prepared, engine, exactly=True)
    sample.forget()
    return found


def _find_mean(
    learned: LearnedReference, sample: Sample, estimator: Estimator, device: Device, engine: Engine
) -> tuple[float, ...]:
    """Where the mean of the frames as they are has its place beside a template: their shifts from there sum up to 0."""
    estimates = _estimate(learned, sample, estimator, device, engine)
    centre = estimates.parameters[good_frames(estimates)].mean(axis=0)
    return tuple(float(shift) for shift in centre)
