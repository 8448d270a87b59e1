"""What a sample of frames teaches: reference, noise and defects, before the whole movie is read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Chunk, Device, Engine, Estimates, Estimator, NoiseModel, Reference
from holdstill.reference.defects import Defects
from holdstill.reference.noise import fit_noise
from holdstill.reference.prepared import PreparedEstimator
from holdstill.reference.sample import Sample, estimate_all, good_frames, guess_noise, mean_aligned, mean_of, run_once
from holdstill.reference.strategies import Strategy
from holdstill.reference.survey import find_defects
from holdstill.transforms.trajectory import Trajectory

__all__ = ["LearnedReference", "build_reference", "pack_template", "unpack_template"]

# frames on which the noise model is fitted; more change its two numbers by less than a percent
N_NOISE = 9
SURVEY_LEAST, SURVEY_MOST, SURVEY_BYTES = 4, 32, 256 << 20
UNLIKELY = 1e-4
ALIKE = 0.5


@dataclass(frozen=True, kw_only=True, eq=False)
class LearnedReference:
    """What the sample taught.

    Attributes
    ----------
    reference : Reference
    anchored : bool
        True if shifts are to be given relative to the first good frame, as the reference has no place of its own.
    defects : Defects
        What is taken out of frames while motion is estimated.
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


def build_reference(
    strategy: Strategy,
    sample: Sample,
    estimator: Estimator,
    *,
    device: Device,
    engine: Engine,
    mask: NDArray[np.bool_] | None = None,
) -> LearnedReference:
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
    defects = run_once(engine, _Surveying(sample))
    sample = replace(sample, defects=defects)
    before = mean_of(sample, engine)
    image, n_averaged = strategy.first_image(sample, estimator, device, engine)
    reference = Reference(image=image, noise=guess_noise(sample, engine), n_averaged=n_averaged, mask=mask)
    after, previous, rounds, good = image, None, 0, np.zeros(len(sample), bool)
    while rounds < strategy.rounds:
        rounds += 1
        prepared = PreparedEstimator(estimator, reference, device)
        estimates = estimate_all(sample, np.arange(len(sample)), prepared, engine)
        good = good_frames(estimates)
        if rounds == 1 and good.sum() < min(2, len(good)):
            reference = _without_guess(reference, sample, prepared, engine)
            prepared = PreparedEstimator(estimator, reference, device)
            estimates = estimate_all(sample, np.arange(len(sample)), prepared, engine)
            good = good_frames(estimates)
        if good.sum() < 2:
            break
        found, rows = (
            Trajectory.of(estimator.motion, estimates.parameters[good], sample.frame_shape),
            np.flatnonzero(good),
        )
        found = _centre(found, strategy)
        after = mean_aligned(sample, rows, found, prepared, engine)
        reference = _improve(reference, _Residuals(sample, rows, found, after, device), strategy, engine)
        if _has_settled(estimates, previous, good):
            break
        previous = estimates
    sample.forget()
    return LearnedReference(
        reference=reference, anchored=strategy.anchored, defects=defects, before=before, after=after, rounds=rounds,
        n_good=int(good.sum()),
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Surveying:
    """Defects that a few frames from all over a sample show."""

    sample: Sample

    def __call__(self, everything: Chunk) -> Defects:
        size = int(np.prod(self.sample.frame_shape)) * self.sample.source.info.dtype.itemsize
        most = min(len(self.sample), max(SURVEY_LEAST, min(SURVEY_MOST, SURVEY_BYTES // size)))
        return find_defects(self.sample.read(np.unique(np.linspace(0, len(self.sample) - 1, most).astype(np.int64))))


def _centre(trajectory: Trajectory, strategy: Strategy) -> Trajectory:
    """Moved by whole px to the middle of the motion, where a template sees most; the others stay."""
    if not strategy.anchored:
        return trajectory
    return trajectory.shift_reference(np.round(np.median(trajectory.shifts, axis=0)))


def _improve(reference: Reference, residuals: _Residuals, strategy: Strategy, engine: Engine) -> Reference:
    """The reference with the noise that good frames show and, for a template, with their mean as its image."""
    # a frame is part of the mean, so that its residual has 1 - 1/n of its variance
    n_averaged = len(residuals.rows)
    noise = run_once(engine, replace(residuals, share=1 - 1 / n_averaged)) or reference.noise
    if not strategy.anchored:
        return replace(reference, noise=noise)
    return replace(reference, noise=noise, image=residuals.image, n_averaged=float(n_averaged))


def _without_guess(reference: Reference, sample: Sample, prepared: PreparedEstimator, engine: Engine) -> Reference:
    """The reference with the noise that frames show beside it, if two at least, or the only one, fit it as it is.

    The guess takes the finest detail for noise: wrong for drawings, simulations and what a camera samples too coarsely.
    """
    estimator, device = prepared.estimator, prepared.device
    guess = guess_noise(sample, engine).read_variance
    noise = replace(reference.noise or NoiseModel(), read_variance=UNLIKELY * guess)
    trusting = PreparedEstimator(estimator, replace(reference, noise=noise, n_averaged=np.inf), device)
    estimates = estimate_all(sample, np.arange(len(sample)), trusting, engine)
    good = good_frames(estimates) & (estimates.scores > ALIKE)
    if good.sum() < min(2, len(good)):
        return reference
    found = Trajectory.of(estimator.motion, estimates.parameters[good], sample.frame_shape)
    residuals = _Residuals(sample, np.flatnonzero(good), found, reference.image, device)
    shown = run_once(engine, replace(residuals, share=1 + 1 / reference.n_averaged))
    return replace(reference, noise=shown or noise)


@dataclass(frozen=True, eq=False)
class _Residuals:
    """Noise model from what is left of some frames, `share` of its variance, less an image moved onto them."""

    sample: Sample
    rows: NDArray[np.int64]
    trajectory: Trajectory
    image: NDArray[np.float32]
    device: Device
    share: float = 1.0

    def __call__(self, chunk: Chunk) -> NoiseModel | None:
        chosen = np.unique(np.linspace(0, len(self.rows) - 1, min(len(self.rows), N_NOISE)).astype(int))
        frames = self.sample.read(self.rows[chosen])
        models = np.empty(frames.shape, np.float32)
        images = np.broadcast_to(self.image, models.shape)
        self.trajectory.part(chosen).resample_back(self.device, images, fill=np.nan, out=models)
        return fit_noise(frames, models, self.share, np.issubdtype(frames.dtype, np.integer))


def _has_settled(estimates: Estimates, previous: Estimates | None, good: NDArray[np.bool_]) -> bool:
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


def pack_template(learned: LearnedReference) -> dict[str, NDArray[Any]]:
    """As plain arrays, to be kept; what is None is left out."""
    reference, noise = learned.reference, learned.reference.noise
    arrays: dict[str, Any] = {
        "image": reference.image,
        "n_averaged": reference.n_averaged,
        "anchored": learned.anchored,
        "before": learned.before,
        "after": learned.after,
        "counts": (learned.rounds, learned.n_good),
    }
    if noise is not None:
        arrays["noise"] = (noise.gain, noise.read_variance, noise.offset)
    if reference.mask is not None:
        arrays["mask"] = reference.mask
    arrays |= {f"defects {name}": value for name, value in learned.defects.pack().items()}
    return {name: np.asarray(value) for name, value in arrays.items()}


def unpack_template(arrays: dict[str, NDArray[Any]]) -> LearnedReference:
    """What `pack_template` packed."""
    noise = None
    if "noise" in arrays:
        gain, read_variance, offset = (float(value) for value in arrays["noise"])
        noise = NoiseModel(gain=gain, read_variance=read_variance, offset=offset)
    reference = Reference(
        image=arrays["image"], noise=noise, n_averaged=float(arrays["n_averaged"]), mask=arrays.get("mask")
    )
    defects = {name.removeprefix("defects "): array for name, array in arrays.items() if name.startswith("defects ")}
    rounds, n_good = (int(value) for value in arrays["counts"])
    return LearnedReference(
        reference=reference, anchored=bool(arrays["anchored"]), defects=Defects.unpack(defects),
        before=arrays["before"], after=arrays["after"], rounds=rounds, n_good=n_good,
    )  # fmt: skip
