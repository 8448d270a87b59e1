"""Align a sample, average what fits, repeat: the reference as it comes out of a strategy."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Chunk, Device, Engine, Estimates, Estimator, NoiseModel, Reference
from holdstill.devices.interpolation import bridge
from holdstill.methods.likelihood.denoise import denoise, denoise_reference, floor_noise, measure_power
from holdstill.methods.likelihood.interpolants import predict_bias
from holdstill.reference.bending import learn_prior
from holdstill.reference.brightness import measure_light
from holdstill.reference.noise import fit_line, join_lines
from holdstill.reference.prepared import PreparedEstimator
from holdstill.reference.sample import (
    Mean,
    Sample,
    estimate_all,
    good_frames,
    guess_noise,
    mean_aligned,
)  # fmt: skip
from holdstill.reference.strategies import Beginning, Strategy
from holdstill.transforms.middle import find_middle, move_to_middle
from holdstill.transforms.trajectory import Trajectory

__all__ = ["Alignment", "align_sample", "average", "centre", "is_noise_alone"]

# frames on which the noise model is fitted; more change its two numbers by less than a percent
N_NOISE, NOISE_PX = 9, 1024**2
# two halves of so many frames tell the noise of their mean, on at most so many px, most of them known
LEAST_AVERAGED, POWER_PX, MOSTLY, LEAST_SIDE_PX = 8, 512**2, 0.5, 24
# frames that are looked at to see whether they are free of noise; where none of the first few is, the others are not
# either: each of 48 frames of noise took 0.5 s to be looked for at all angles
N_TRUSTED, N_TRIED = 16, 4
UNLIKELY = 1e-4
ALIKE = 0.5
# where a spline would be so far off, four taps blur what a template is made of: photographs learned their template to
# 0.004 px, with six taps to 0.0005; the middle of an image tells
SHARP_PX, TOLD_PX = 1e-3, 1 << 16
# of the frames, for a place in a template
ENOUGH = 0.3
# of the noise's variance; less its noise, an image of noise alone showed 0.0025 of it at most
LEAST_SHOWN = 0.01


@dataclass(frozen=True, kw_only=True, eq=False)
class Alignment:
    """A sample aligned to the reference that was made of it.

    Attributes
    ----------
    reference : Reference
    after : ndarray of float32, ([z,] y, x)
        Mean of the aligned frames.
    rows : ndarray of int64, (n,)
        Which frames of the sample fit.
    trajectory : Trajectory
        Of those, against the reference.
    rounds : int
        How often the sample was aligned.
    estimates : Estimates or None
        Of all frames of the sample, from the last of these rounds.
    prepared : PreparedEstimator or None
        Ready to compare frames with the reference.
    """

    reference: Reference
    after: NDArray[np.float32]
    rows: NDArray[np.int64]
    trajectory: Trajectory
    rounds: int
    estimates: Estimates | None = None
    prepared: PreparedEstimator | None = None


def align_sample(
    strategy: Strategy,
    sample: Sample,
    estimator: Estimator,
    *,
    device: Device,
    engine: Engine,
    mask: NDArray[np.bool_] | None = None,
    begin: Reference | None = None,
    previous: Estimates | None = None,
    sharp_px: float = 0.0,
) -> Alignment:
    """Learn reference and noise from a sample, less its defects.

    `begin` is the reference that is there already, and `previous` what is known of all frames. Shifts that change by
    less than `sharp_px` from one round to the next are as good as settled, whatever their error bars.
    """
    seed = None if begin is None else Beginning(PreparedEstimator(estimator, begin, device))
    first = seed or strategy.begin(sample, estimator, device, engine, mask)
    reference, rounds = first.prepared.reference, 0
    after, estimates = reference.image, None
    rows, found = np.zeros(0, np.int64), _follow(estimator, np.zeros((0, 0)), sample)
    # one round more with what bends, which is told once the noise is known
    while rounds < strategy.rounds + bool(reference.prior):
        rounds += 1
        estimates = first.estimate(sample, engine)
        if rounds == 1 and _is_guess_doubtful(reference, estimates):
            trusting = _without_guess(reference, sample, first.prepared, engine)
            if trusting is not reference:
                reference = trusting
                first = Beginning(PreparedEstimator(estimator, reference, device))
                estimates = first.estimate(sample, engine)
        good = good_frames(estimates)
        rows = np.flatnonzero(good)
        found = _follow(estimator, estimates.parameters[good], sample)
        if len(rows) > 1:
            found = centre(found, strategy, reference.mask)
            reference, after = average(sample, rows, found, reference, strategy, device, engine, estimator.bends)
        reference = learn_prior(reference, sample, rows, estimator, device, engine)
        if reference is not first.prepared.reference:
            first = Beginning(PreparedEstimator(estimator, reference, device))
        if len(rows) < 2 or _has_settled(estimates, previous, good, sharp_px):
            break
        previous = estimates
    return Alignment(
        reference=reference, after=after, rows=rows, trajectory=found, rounds=rounds, estimates=estimates,
        prepared=first.prepared,
    )  # fmt: skip


def is_noise_alone(found: Alignment) -> bool:
    """Whether no frame but the one that all were compared with fits, and that shows nothing above its noise.

    It lies on itself, as anything does: of 16 movies of noise alone 6 had a frame that was ok.
    """
    return len(found.rows) == 1 and _shows_nothing(found.reference)


def _shows_nothing(reference: Reference) -> bool:
    """Whether nothing of an image is left beside what is taken for its noise."""
    if reference.noise is None:
        return False
    denoised = denoise_reference(reference, floor_noise(reference))
    shown = denoised.image[denoised.counts].astype(np.float64)
    level = shown.mean(keepdims=True)
    return bool(shown.size and shown.var() < LEAST_SHOWN * float(reference.noise.variance(level)[0]))


def _is_guess_doubtful(reference: Reference, estimates: Estimates) -> bool:
    """Whether the noise that was guessed may be detail: hardly a frame fits, or at most half do where nothing shows."""
    n, n_good = len(estimates), good_frames(estimates).sum()
    return bool(n_good < min(2, n)) or (bool(n_good <= max(1, n // 2)) and _shows_nothing(reference))


def average(
    sample: Sample,
    rows: NDArray[np.int64],
    found: Trajectory,
    reference: Reference,
    strategy: Strategy,
    device: Device,
    engine: Engine,
    bends: bool = False,
) -> tuple[Reference, NDArray[np.float32]]:
    """The reference as frames `rows`, aligned, show it, and their mean; where motion `bends`, of light that is even."""
    interpolation = _choose_interpolation(reference) if strategy.anchored else "cubic"
    least = _count_enough(reference, len(rows)) if strategy.anchored else 0.0
    mean = mean_aligned(sample, rows, found, device, engine, interpolation, least)
    # what moves as a whole follows no edge at a border: it was as exact without, and stuck beads that blink were lost
    light = measure_light(sample, rows, found, mean.image, device, engine) if strategy.anchored and bends else None
    if light is not None:
        mean = mean_aligned(sample, rows, found, device, engine, interpolation, least, light)
    return _improve(reference, _Residuals(sample, rows, found, mean.image, device), mean, strategy, engine), mean.image


def _count_enough(reference: Reference, n: int) -> float:
    """Of how many of n frames the mean has less noise than the specimen has contrast, or the largest share asked.

    Fewer show their own noise, and the very frame that is compared with it: of five photons within a border of zeros
    frames were 1.4 to 1.7 times the bound off, at error bars half as wide, where a tenth of them was enough.
    """
    known = reference.image[np.isfinite(reference.image)]
    if reference.noise is None or not known.size:
        return 0.0
    noise = float(reference.noise.variance(known.mean(keepdims=True, dtype=np.float64))[0])
    contrast = float(known.var(dtype=np.float64)) - noise / reference.n_averaged
    return min(noise / max(contrast, 1e-30), ENOUGH * n)


def _choose_interpolation(reference: Reference) -> str:
    """How frames are resampled for their mean: by the longer kernel where the finest detail is no noise."""
    image = np.asarray(reference.image, np.float32)[find_middle(reference.image.shape, TOLD_PX)]
    known = np.isfinite(image)
    if not known.any():
        return "cubic"
    filled = image if known.all() else bridge(image, known)
    if reference.noise is not None and np.isfinite(reference.n_averaged):
        level = np.array([filled.mean(dtype=np.float64)])
        filled, _ = denoise(filled, float(reference.noise.variance(level)[0]) / reference.n_averaged)
    return "lanczos" if (predict_bias(filled) > SHARP_PX).any() else "cubic"


def _follow(estimator: Estimator, parameters: NDArray[np.float64], sample: Sample) -> Trajectory:
    return Trajectory.of(estimator.motion, parameters, sample.frame_shape)


def centre(trajectory: Trajectory, strategy: Strategy, mask: NDArray[np.bool_] | None) -> Trajectory:
    """Moved by whole px to the middle of the motion, where a template sees most; the others stay.

    As does what a mask was drawn on, the first frame: in the middle of a drift of 39 px it counted 19 px beside.
    """
    if not strategy.anchored or mask is not None:
        return trajectory
    return trajectory.shift_reference(np.round(np.median(trajectory.shifts, axis=0)))


def _improve(reference: Reference, residuals: _Residuals, mean: Mean, strategy: Strategy, engine: Engine) -> Reference:
    """The reference with the noise that good frames show and, for a template, with their mean as its image."""
    # a frame is part of the mean, so that its residual has 1 - 1/n of its variance
    n_averaged = len(residuals.rows)
    noise = _measure_model(replace(residuals, share=1 - 1 / n_averaged), engine) or reference.noise
    if not strategy.anchored:
        return replace(reference, noise=noise)
    return replace(
        reference,
        noise=noise,
        image=mean.image,
        n_averaged=float(n_averaged),
        noise_power=_measure_noise(mean, n_averaged),
    )


def _measure_noise(mean: Mean, n_averaged: int) -> NDArray[np.float64] | None:
    """Power of a mean's noise in rings of frequency, of the middle of its planes; None where too little tells.

    What was smoothed, compressed, or interpolated on the way has noise of another colour than white.
    """
    depth, plane = mean.difference.shape[:-2], mean.difference.shape[-2:]
    whole = tuple(slice(n) for n in depth)
    part = mean.difference[whole + find_middle(plane, POWER_PX // math.prod(depth))]
    known = np.isfinite(part)
    if n_averaged < LEAST_AVERAGED or known.mean() < MOSTLY or min(part.shape[-2:]) < LEAST_SIDE_PX:
        return None
    filled = np.where(known, part, 0).astype(np.float32)
    return measure_power(filled - filled.mean()) / float(known.mean())


def _without_guess(reference: Reference, sample: Sample, prepared: PreparedEstimator, engine: Engine) -> Reference:
    """The reference with the noise that frames show beside it, if two at least, or the only one, fit it as it is.

    The guess takes the finest detail for noise: wrong for drawings, simulations and what a camera samples too coarsely.
    """
    estimator, device = prepared.estimator, prepared.device
    guess = guess_noise(sample, engine).read_variance
    noise = replace(reference.noise or NoiseModel(), read_variance=UNLIKELY * guess)
    trusting = PreparedEstimator(estimator, replace(reference, noise=noise, n_averaged=np.inf), device)
    rows = np.unique(np.linspace(0, len(sample) - 1, min(len(sample), N_TRUSTED)).astype(np.int64))
    step = N_TRUSTED // N_TRIED if len(rows) == N_TRUSTED else 1
    few, others = rows[::step], np.delete(rows, np.s_[::step])
    estimates = estimate_all(sample, few, trusting, engine)
    if len(others) and not (good_frames(estimates) & (estimates.scores > ALIKE)).any():
        return reference
    if len(others):
        both = Estimates.join([estimates, estimate_all(sample, others, trusting, engine)])
        estimates = both.take(np.argsort(np.concatenate([few, others])))
    good = good_frames(estimates) & (estimates.scores > ALIKE)
    if good.sum() < min(2, len(good)):
        return reference
    found = Trajectory.of(estimator.motion, estimates.parameters[good], sample.frame_shape)
    residuals = _Residuals(sample, rows[good], found, reference.image, device)
    shown = _measure_model(replace(residuals, share=1 + 1 / reference.n_averaged), engine)
    return replace(reference, noise=shown or noise)


@dataclass(frozen=True, eq=False)
class _Residuals:
    """Job: how noise grows with light in what is left of one frame, `share` of its variance, less an image moved there.

    The frames are some of `rows`, one after the other.
    """

    sample: Sample
    rows: NDArray[np.int64]
    trajectory: Trajectory
    image: NDArray[np.float32]
    device: Device
    share: float = 1.0

    def __call__(self, one: Chunk) -> tuple[float, float, float] | None:
        row = self.chosen[one.start]
        box = find_middle(self.sample.frame_shape, NOISE_PX)
        frame = self.sample.read(self.rows[row : row + 1])[0][box]
        model = np.empty((1, *frame.shape), np.float32)
        part = move_to_middle(self.trajectory.part([row]), box)
        part.resample_back(self.device, self.image[box][None], fill=np.nan, out=model)
        return fit_line(frame, model[0], self.share)

    @property
    def chosen(self) -> NDArray[np.intp]:
        """Which of the rows are looked at."""
        return np.unique(np.linspace(0, len(self.rows) - 1, min(len(self.rows), N_NOISE)).astype(np.intp))

    @property
    def is_whole(self) -> bool:
        """Whether frames, as they are compared, are whole numbers."""
        return not self.sample.defects and self.sample.source.info.dtype.kind in "iu"


def _measure_model(residuals: _Residuals, engine: Engine) -> NoiseModel | None:
    """The noise model that some frames show; None if too few pixels overlap."""
    frames = [Chunk(n, n + 1) for n in range(len(residuals.chosen))]
    return join_lines(list(engine.map(residuals, frames)), residuals.is_whole)


def _has_settled(estimates: Estimates, previous: Estimates | None, good: NDArray[np.bool_], sharp_px: float) -> bool:
    """Whether the shifts, their common part apart, moved by less than their error bars in the round before.

    Those hold the noise of the reference of that round too: coming from a seed frame, one more round is enough.
    """
    if previous is None:
        return False
    change = (estimates.parameters - previous.parameters)[good]
    change = change - np.median(change, axis=0)
    errors = previous.errors[good]
    known = np.isfinite(errors).any(axis=0)
    enough = np.maximum(np.nanmedian(errors[:, known], axis=0), sharp_px)
    return bool((np.sqrt(np.mean(change**2, axis=0))[known] < enough).all())
