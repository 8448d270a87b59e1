"""What stands still in the frame, told from what moves: ``frame_t = pattern + specimen moved by s_t``.

A fixed pattern of high contrast tells more about zero shift than a dim specimen does about its own. Where a sample
shows signs of one, pattern and specimen are solved for in turn, and that model is taken if it explains frames that it
was not made from better than the specimen alone does. Where nothing that moves explains them better than their
unaligned mean, the movie is doubtful.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Chunk, Device, Estimator, FloatArray, Verdict
from holdstill.reference.learning import Alignment
from holdstill.reference.noise import white_noise
from holdstill.reference.sample import Sample
from holdstill.reference.separation import LEAST_FRAMES, Solver, loss, mean_known, residuals, show

__all__ = ["Separating", "Split"]

MOST_FRAMES, LOOK_FRAMES, MOST_BYTES = 40, 12, 512 << 20
# Signs of a pattern, in units of what noise alone makes: how little aligning gains over the mean (0.01 to 4 in clean
# movies), how much is left (1.0 to 1.1), how uneven its profiles over rows and columns are, and frames that do not fit.
LITTLE_GAIN, MUCH_LEFT, UNEVEN, UNFIT = 0.03, 1.25, 3.3, 0.1
# What a template explains better than the mean by two standard errors is left as it is.
# A model is taken if it lowers the loss by so much, and by so many standard errors; on clean movies pattern and
# specimen together raise it by 0.003.
GAIN, SURELY, LIKELY = 0.002, 5.0, 2.0
# Blocks of so many px of what the mean leaves vary by so much more than white noise does: something moves, or shines.
BLOCK_PX, RESTLESS = 4, 1.1
STILL_PX = 1.0


@dataclass(frozen=True, eq=False)
class Split:
    """What was found: a `pattern` to be taken off all frames, a `doubt` about all of them, or neither."""

    pattern: NDArray[np.float32] | None = None
    doubt: Verdict | None = None


@dataclass(frozen=True, eq=False)
class Separating:
    """Job that looks for a fixed pattern in a sample that was aligned without one."""

    sample: Sample
    found: Alignment
    before: NDArray[np.float32]
    estimator: Estimator
    device: Device

    def __call__(self, everything: Chunk) -> Split:
        size = 4 * int(np.prod(self.sample.frame_shape))
        most = min(MOST_FRAMES, MOST_BYTES // size)
        if min(most, len(self.sample)) < LEAST_FRAMES or self.found.reference.mask is not None:
            return Split()
        solver = Solver(self.estimator, self.device, self._noise())
        if solver.noise <= 0 or not self._is_suspicious(solver):
            return Split()
        return self._separate(solver, most)

    def _noise(self) -> float:
        """Variance of a pixel's noise: of what is white in it, or of what most residuals show if that is more.

        Differences of frames hold no pattern; but smoothed frames have next to no white noise.
        """
        rows = np.linspace(0, len(self.sample) - 1, 4).astype(np.int64)
        frames = self.sample.read(rows).astype(np.float32)
        white = float(np.median([white_noise(step) for step in np.diff(frames, axis=0)])) / 2
        left = residuals(frames, self.before[None])
        if len(self.found.rows) >= LEAST_FRAMES:
            chosen = np.linspace(0, len(self.found.rows) - 1, 4).astype(np.int64)
            shown = show(self.device, self.found.after, self.found.trajectory.part(chosen))
            left = residuals(self.sample.read(self.found.rows[chosen]).astype(np.float32), shown)
        return max(white, float(1.4826 * np.nanmedian(np.abs(left))) ** 2)

    def _is_suspicious(self, solver: Solver) -> bool:
        rows = self.found.rows
        if len(rows) < max(LEAST_FRAMES, (1 - UNFIT) * len(self.sample)):
            return True
        chosen = np.unique(np.linspace(0, len(rows) - 1, LOOK_FRAMES).astype(int))
        frames = self.sample.read(rows[chosen]).astype(np.float32)
        models = show(self.device, self.found.after, self.found.trajectory.part(chosen))
        left, still = residuals(frames, models), residuals(frames, self.before[None])
        gain = float(loss(still, solver.noise).mean() - loss(left, solver.noise).mean())
        rest = mean_known(left)
        axes = range(rest.ndim - 2, rest.ndim)
        uneven = any(_is_uneven(rest, axis, solver.noise / len(chosen)) for axis in axes)
        return uneven or gain < LITTLE_GAIN or float(loss(left, solver.noise).mean()) > MUCH_LEFT

    def _separate(self, solver: Solver, most: int) -> Split:
        rows = np.unique(np.linspace(0, len(self.sample) - 1, most).astype(np.int64))
        frames = self.sample.read(rows).astype(np.float32)
        still = solver.loss_of_mean(frames)
        among = np.isin(self.found.rows, rows)
        alone = np.full(len(rows), np.inf)
        if among.sum() >= LEAST_FRAMES:
            fitting = np.isin(rows, self.found.rows[among])
            trajectory = self.found.trajectory.part(np.flatnonzero(among))
            alone[fitting] = solver.loss_of_specimen(frames[fitting], trajectory)
        model = solver.solve(frames)
        if model is not None:
            both = np.full(len(rows), np.inf)
            both[model.rows] = solver.loss_of_both(frames[model.rows], model.trajectory)
            if _is_better(both, np.minimum(still, alone)):
                return Split(pattern=model.pattern)
        if _is_better(alone, still, LIKELY) or (among.sum() >= (1 - UNFIT) * len(rows) and self._stands_still()):
            return Split()
        return Split(doubt=self._doubt(frames, solver.noise))

    def _stands_still(self) -> bool:
        """Whether frames were found in one place: a specimen that stays and shines on its own is not doubted."""
        return bool(np.ptp(self.found.trajectory.shifts, axis=0).max() < STILL_PX)

    def _doubt(self, frames: NDArray[np.float32], noise: float) -> Verdict | None:
        """None if noise is all that the mean leaves: nothing moves; else what moves was not found."""
        mean = mean_known(frames)
        left = self.device.bin(residuals(frames, mean[None]), _blocks(frames.shape[1:]))
        restless = float(np.nanmean(loss(left, noise / float(np.prod(_blocks(frames.shape[1:]))))))
        if restless <= RESTLESS:
            return None
        still = float(np.nanvar(self.device.bin(mean[None], _blocks(mean.shape))))
        return Verdict.STATIC_PATTERN if still > float(np.nanvar(left)) else Verdict.CONTENT_CHANGED


def _blocks(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(min(BLOCK_PX, size) if axis >= len(shape) - 2 else 1 for axis, size in enumerate(shape))


def _is_better(losses: FloatArray, others: FloatArray, surely: float = SURELY) -> bool:
    """Whether losses of most frames are lower than others by more than chance, where both are known.

    A frame with a flash, or one that is lost, does not decide for the others: its gain counts as three deviations.
    """
    gain = (others - losses)[np.isfinite(losses) & np.isfinite(others)]
    if len(gain) < LEAST_FRAMES:
        return bool(np.isfinite(losses).sum() >= LEAST_FRAMES > np.isfinite(others).sum())
    middle = np.median(gain)
    far = 3 * 1.4826 * np.median(np.abs(gain - middle))
    gain = np.clip(gain, middle - far, middle + far)
    return bool(gain.mean() > max(GAIN, surely * gain.std() / np.sqrt(len(gain))))


def _is_uneven(rest: NDArray[np.float32], axis: int, variance: float) -> bool:
    """Whether the profile along an axis varies more than noise of that variance a pixel lets it."""
    others = tuple(n for n in range(rest.ndim) if n != axis)
    known = np.isfinite(rest)
    count = known.sum(axis=others)
    profile = np.where(known, rest, 0).sum(axis=others, dtype=np.float64) / np.maximum(count, 1)
    told = count > 0.5 * count.max()
    chi_square = np.mean((profile[told] - profile[told].mean()) ** 2 * count[told]) / variance
    return bool(chi_square > 1 + UNEVEN * np.sqrt(2 / told.sum()))
