"""Whether both halves of the frames say the same: the model holds, and so do the error bars.

What turns, bends or moves in parts is shifted differently in each half, however well the whole seems to fit; and how
far halves of a specimen that moves as one lie apart tells what error bars are worth, whatever the noise is like.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from holdstill.contracts import Chunk, Device, Estimator, FloatArray, Reference, Verdict
from holdstill.methods.likelihood.denoise import measure_colour
from holdstill.reference.cropping import crop_to_middle
from holdstill.reference.learning import Alignment
from holdstill.reference.prepared import PreparedEstimator
from holdstill.reference.sample import Sample
from holdstill.transforms.trajectory import Trajectory

__all__ = ["FAR", "FAR_PX", "LEAST_PX", "Apart", "Doubting", "Halves", "Halving", "compare_halves", "judge_halves"]
__all__ += ["measure_spread", "tell_far"]

# A template that fits fewer than so many frames, and tells them to no better than so many px, holds what frames have in
# common by chance: cells that flash at 5 photons were taken for one another, up to 57 px apart.
FIT, FAINT_PX, SOME = 0.5, 0.2, 9
LEAST_PX, LEAST_FRAMES, MOST_FRAMES, MOST_BYTES, SEEN_PX = 24, 6, 16, 128 << 20, 768**2
# along one axis, halves of most frames lie so many px apart, and so many times what their error bars say
FAR_PX, FAR = 0.5, 2.5
# of fewer frames than LEAST_FRAMES, down to so many, halves must lie so many error bars apart; they widen nothing
FEW_FRAMES, FAR_OF_FEW = 3, 5.0
# beside few frames a half that holds little stands where noise would have it, by error bars that noise makes small:
# cells lay 2 to 4 px off in a dark half, at a stated 0.03. What most tiles hold, less what is finer than SMOOTH_PX.
FEW_AVERAGED, AS_TELLING, TILE_PX, SMOOTH_PX, MOST_TILES = 6, 0.1, 16, 2.0, 0.75
# Beside many frames a half need only hold so many times what their noise makes of the squares of slopes: an empty one
# lay 0.5 to 5 px off at a stated 0.1, and movies that drifted by 27 px were refused, found to 0.04.
BEYOND_NOISE = 4.0
# 64 differences tell their spread to 9 %
SURELY, MOST = 1.35, 4.0


@dataclass(frozen=True)
class Halves:
    """By how much error bars are to grow, 1 where nothing shows, and what is to be said of all frames."""

    widening: float = 1.0
    doubt: Verdict | None = None


@dataclass(frozen=True, eq=False)
class Apart:
    """By how much halves of frames lie apart, (n, axes in the plane), px, with their error bars, (n, axes).

    More than `far_px` is far; `colour` is by how much the colour of the noise widens error bars, None: not measured.
    """

    apart: FloatArray
    errors: FloatArray
    far_px: float
    colour: float | None


@dataclass(frozen=True, eq=False)
class Halving:
    """Job that registers some frames of an aligned sample by both halves of their reference, along an `axis`.

    Of the axes of a frame, -2 or -1. None where frames are too few, or too small.
    """

    sample: Sample
    found: Alignment
    estimator: Estimator
    device: Device
    axis: int

    def __call__(self, everything: Chunk) -> Apart | None:
        part, shape = self, self.sample.frame_shape
        if np.prod(shape) > SEEN_PX:
            sample, found, _ = crop_to_middle(self.sample, self.found, SEEN_PX, MOST_FRAMES)
            part = replace(self, sample=sample, found=found)
        # halves of the middle lie closer to each other than those of the whole
        return part._compare(FAR_PX * min(part.sample.frame_shape[-2:]) / min(shape[-2:]))

    def _compare(self, far_px: float) -> Apart | None:
        rows, shape = self.found.rows, self.sample.frame_shape
        most = min(MOST_FRAMES, MOST_BYTES // (4 * int(np.prod(shape))))
        if min(len(rows), most) < FEW_FRAMES or min(shape[-2:]) < 2 * LEAST_PX:
            return None
        chosen = rows[np.unique(np.linspace(0, len(rows) - 1, most).astype(int))]
        frames, axis = self.sample.read(chosen), len(shape) + self.axis
        found = compare_halves(self._take_reference(), frames, self.estimator, self.device, axis)
        return Apart(*found, far_px, measure_colour(self.found.reference))

    def _take_reference(self) -> Reference:
        """The mean of the aligned frames in place of fewer: in a half that holds little, one frame's noise decided.

        Cells beside a single frame were all refused, though found to 0.06 px: one half stood 2 px off by its noise.
        """
        reference, n = self.found.reference, len(self.found.rows)
        if reference.n_averaged >= n or n < LEAST_FRAMES:
            return reference
        return replace(reference, image=self.found.after, n_averaged=float(n), noise_power=None)


def judge_halves(parts: Sequence[Apart | None], widening: float, covering: float) -> Halves:
    """What halves along each axis say.

    `widening` is by how much error bars are too small as far as is known, `covering` what they grow by for motion that
    is missing, in units of such a bar.
    """
    ratios, is_far = [], False
    for part in parts:
        if part is None:
            continue
        white = widening if part.colour is None else min(widening, max(part.colour, 1.0))
        known, least = (float(np.hypot(factor, covering)) for factor in (widening, white))
        both = np.isfinite(part.errors).all(axis=1)
        enough = both.sum() >= LEAST_FRAMES
        if both.sum() >= FEW_FRAMES:
            far, errors = np.abs(part.apart[both]), part.errors[both]
            # what moves in parts widens the error bars of the whole; the colour of noise is what may explain it
            unlikely = measure_spread(far / (least * errors))
            limit = FAR if enough else FAR_OF_FEW
            is_far |= bool(((np.median(far, axis=0) > part.far_px) & (unlikely > limit)).any())
        if enough:
            ratios.append((far / (known * errors)).ravel())
    spread = float(measure_spread(np.concatenate(ratios))) if ratios else 1.0
    return Halves(min(spread, MOST) if spread > SURELY else 1.0, Verdict.CONTENT_CHANGED if is_far else None)


def tell_far(parts: Sequence[Apart | None]) -> bool:
    """Whether halves along each axis tell by themselves if they are far apart: to so many error bars."""
    for part in parts:
        errors = np.zeros((0, 2)) if part is None else part.errors[np.isfinite(part.errors).all(axis=1)]
        if len(errors) < LEAST_FRAMES or FAR * float(np.median(errors, axis=0).max()) > FAR_PX:
            return False
    return True


@dataclass(frozen=True, eq=False)
class Doubting:
    """Job: LOW_CONTRAST where a template fits fewer than half of the frames, and single frames tell little by it."""

    sample: Sample
    found: Alignment
    estimator: Estimator
    device: Device

    def __call__(self, everything: Chunk) -> Verdict | None:
        rows, sample = self.found.rows, self.sample
        if not 0 < len(rows) < FIT * len(sample) or len(sample) < LEAST_FRAMES:
            return None
        chosen = rows[np.unique(np.linspace(0, len(rows) - 1, SOME).astype(int))]
        estimates = PreparedEstimator(self.estimator, self.found.reference, self.device).estimate(sample.read(chosen))
        trajectory = Trajectory.of(self.estimator.motion, estimates.parameters, sample.frame_shape)
        errors = trajectory.shift_errors(estimates.errors)[estimates.good, -2:]
        return Verdict.LOW_CONTRAST if not len(errors) or np.median(errors) > FAINT_PX else None


def measure_spread(ratios: FloatArray) -> FloatArray:
    """Standard deviation of ratios, (n, ...), about zero, that few of them do not decide."""
    return np.asarray(1.4826 * np.median(np.abs(ratios), axis=0))


def compare_halves(
    reference: Reference, frames: NDArray[np.generic], estimator: Estimator, device: Device, axis: int
) -> tuple[FloatArray, FloatArray]:
    """By how much the shifts of two halves of frames differ, (n, axes in the plane), and its error; NaN if one failed.

    Parameters
    ----------
    reference : Reference
    frames : ndarray, (n, [z,] y, x)
    estimator : Estimator
    device : Device
    axis : int
        Of a frame, the one that is cut in two.
    """
    first = np.moveaxis(np.zeros(reference.image.shape, bool), axis, 0)
    first[: _find_middle(reference, axis)] = True
    first = np.moveaxis(first, 0, axis)
    (one, its_error), (other, others) = (
        _register_part(reference, frames, part, estimator, device) for part in (first, ~first)
    )
    return one - other, np.where(_tell_alike(reference, first), np.hypot(its_error, others), np.nan)


def _register_part(
    reference: Reference, frames: NDArray[np.generic], part: NDArray[np.bool_], estimator: Estimator, device: Device
) -> tuple[FloatArray, FloatArray]:
    """Shifts of frames in the plane, and their errors, by one part of the reference."""
    mask = part if reference.mask is None else part & reference.mask
    if not np.isfinite(reference.image[mask]).any():
        unknown = np.full((len(frames), 2), np.nan)
        return unknown, unknown
    estimates = PreparedEstimator(estimator, replace(reference, mask=mask), device).estimate(frames)
    trajectory = Trajectory.of(estimator.motion, estimates.parameters, reference.image.shape)
    errors = np.where(estimates.good[:, None], trajectory.shift_errors(estimates.errors), np.nan)
    return trajectory.shifts[:, -2:], errors[:, -2:]


def _tell_alike(reference: Reference, first: NDArray[np.bool_]) -> bool:
    """Whether a half holds about as much contrast as the other, noise left aside; of many frames, more than noise."""
    image = reference.image
    level = float(np.nanmean(image))
    known = np.where(np.isfinite(image), image, level).astype(float)
    smooth = ndimage.gaussian_filter(known, SMOOTH_PX)
    slopes = sum(np.gradient(smooth, axis=axis) ** 2 for axis in (-2, -1))
    held = ndimage.uniform_filter(slopes, TILE_PX)
    one, other = (float(np.quantile(held[part], MOST_TILES)) for part in (first, ~first))
    if reference.n_averaged < FEW_AVERAGED:
        return min(one, other) >= AS_TELLING * max(one, other)
    if reference.noise is None:
        return True
    white = float(reference.noise.variance(np.array([level]))[0]) / reference.n_averaged
    return min(one, other) > BEYOND_NOISE * white / (4 * np.pi * SMOOTH_PX**4)


def _find_middle(reference: Reference, axis: int) -> int:
    """Where an axis is cut so that half of what counts lies on each side: a mask may leave little of one half."""
    shape = reference.image.shape
    if reference.mask is None:
        return int(shape[axis]) // 2
    counts = np.cumsum(np.moveaxis(reference.mask, axis, 0).reshape(shape[axis], -1).sum(axis=1))
    return int(np.searchsorted(counts, counts[-1] / 2)) + 1
