"""What a sample of frames teaches: reference, noise and defects, before the whole movie is read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Chunk, Device, Engine, Estimates, Estimator, Frames, NoiseModel, Reference
from holdstill.defects import Defects, find_defects
from holdstill.metrics import fit_noise
from holdstill.references import Sample, Strategy, batches, estimate_all, good_frames, guess_noise, nan_mean
from holdstill.trajectory import Trajectory

__all__ = ["Learned", "learn", "pack_learned", "unpack_learned"]

# frames on which the noise model is fitted; more change its two numbers by less than a percent
N_NOISE = 9
UNLIKELY = 1e-4
ALIKE = 0.5


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
        reference = Reference(image=image, noise=guess_noise(sample.frames), n_averaged=n_averaged, mask=mask)
        after, previous, rounds, good = image, None, 0, np.zeros(len(sample.frames), bool)
        while rounds < strategy.rounds:
            rounds += 1
            estimates = estimate_all(sample.frames, reference, estimator, device, engine)
            good = good_frames(estimates)
            if rounds == 1 and good.sum() < min(2, len(good)):
                reference = _without_guess(reference, sample.frames, estimator, device, engine)
                estimates = estimate_all(sample.frames, reference, estimator, device, engine)
                good = good_frames(estimates)
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
    # a frame is part of the mean, so that its residual has 1 - 1/n of its variance
    noise = _noise(frames, trajectory, after, device, share=1 - 1 / len(frames)) or reference.noise
    if not strategy.anchored:
        return replace(reference, noise=noise)
    return replace(reference, noise=noise, image=after, n_averaged=float(len(frames)))


def _without_guess(
    reference: Reference, frames: Frames, estimator: Estimator, device: Device, engine: Engine
) -> Reference:
    """The reference with the noise that frames show beside it, if two at least, or the only one, fit it as it is.

    The guess takes the finest detail for noise: wrong for drawings, simulations and what a camera samples too coarsely.
    """
    noise = replace(reference.noise or NoiseModel(), read_variance=UNLIKELY * guess_noise(frames).read_variance)
    estimates = estimate_all(frames, replace(reference, noise=noise, n_averaged=np.inf), estimator, device, engine)
    good = good_frames(estimates) & (estimates.scores > ALIKE)
    if good.sum() < min(2, len(good)):
        return reference
    found = Trajectory.of(estimator.motion, estimates.parameters[good], frames.shape[1:])
    shown = _noise(frames[good], found, reference.image, device, share=1 + 1 / reference.n_averaged)
    return replace(reference, noise=shown or noise)


def _noise(
    frames: Frames, trajectory: Trajectory, image: NDArray[np.float32], device: Device, share: float
) -> NoiseModel | None:
    """Noise model from what is left of frames, `share` of its variance, less an image moved onto them."""
    chosen = np.unique(np.linspace(0, len(frames) - 1, min(len(frames), N_NOISE)).astype(int))
    models = np.empty((len(chosen), *frames.shape[1:]), np.float32)
    images = np.broadcast_to(image, models.shape)
    trajectory.part(chosen).resample_back(device, images, fill=np.nan, out=models)
    return fit_noise(frames[chosen], models, share, np.issubdtype(frames.dtype, np.integer))


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
    for part_total, part_count in engine.map(add, batches(len(frames))):
        total += part_total
        count += part_count
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = total / count
    mean[count < max(2, 0.1 * len(frames))] = np.nan
    return mean.astype(np.float32)


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


def pack_learned(learned: Learned) -> dict[str, NDArray[Any]]:
    """As plain arrays, to be kept; what is None is left out."""
    reference, noise = learned.reference, learned.reference.noise
    arrays: dict[str, Any] = {
        "image": reference.image,
        "n_averaged": reference.n_averaged,
        "anchored": learned.anchored,
        "pixels": learned.defects.pixels,
        "neighbours": learned.defects.neighbours,
        "before": learned.before,
        "after": learned.after,
        "counts": (learned.rounds, learned.n_good),
    }
    if noise is not None:
        arrays["noise"] = (noise.gain, noise.read_variance, noise.offset)
    if reference.mask is not None:
        arrays["mask"] = reference.mask
    return {name: np.asarray(value) for name, value in arrays.items()}


def unpack_learned(arrays: dict[str, NDArray[Any]]) -> Learned:
    """What `pack_learned` packed."""
    noise = None
    if "noise" in arrays:
        gain, read_variance, offset = (float(value) for value in arrays["noise"])
        noise = NoiseModel(gain=gain, read_variance=read_variance, offset=offset)
    reference = Reference(
        image=arrays["image"], noise=noise, n_averaged=float(arrays["n_averaged"]), mask=arrays.get("mask")
    )
    rounds, n_good = (int(value) for value in arrays["counts"])
    return Learned(
        reference=reference, anchored=bool(arrays["anchored"]), defects=Defects(arrays["pixels"], arrays["neighbours"]),
        before=arrays["before"], after=arrays["after"], rounds=rounds, n_good=n_good,
    )  # fmt: skip
