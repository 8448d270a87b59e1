"""Whether every other frame tells the same pattern, and the same shifts beside it.

Error bars of single frames know nothing of what the pattern is off by, which all of them share. Made of half of the
frames it differs from that of all by about as much as that differs from the truth, as far as noise, or frames for which
the model does not hold, made it what it is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import FloatArray, NoiseModel, Reference
from holdstill.reference.prepared import PreparedEstimator
from holdstill.reference.separation import LEAST_FRAMES, SWEEPS, Model, Solver
from holdstill.transforms.trajectory import Trajectory

__all__ = ["Repetition", "repeat"]

Images = NDArray[np.float32]

# Rounds from the pattern of all frames on: a share of the way to where the half of them would settle.
ROUNDS = 3
# Of twelve movies the true error was 1.4 to 2.6 times what that showed, where it was more than noise makes of a frame.
COVERED = 1.5
# Made anew, halves put no frame so far off in eight movies that were right, 0.4 of the frames of one that was not.
FAR_PX, MOST_FAR = 1.0, 0.2


@dataclass(frozen=True)
class Repetition:
    """By how many px halves of the frames shift them otherwise, and the share of frames that lie over a px apart.

    `px` is of halves that begin with what all frames tell, `far` of those that begin anew; `error` is the bar of a
    frame, px.
    """

    px: float
    far: float
    error: float

    @property
    def contradicts(self) -> bool:
        """Whether every other frame tells something else."""
        return self.far > MOST_FAR or self.px > FAR_PX or self.error <= 0

    @property
    def covering(self) -> float:
        """By how much error bars are to grow, in units of such a bar."""
        return COVERED * self.px / self.error


def repeat(solver: Solver, frames: Images, model: Model) -> Repetition:
    """Find the shifts of frames by what every other of those that fit tells of pattern and specimen."""
    solver = replace(solver, varies=model.varies)
    whole, bar = _find_shifts(solver, frames, model)
    if len(model.rows) < 2 * LEAST_FRAMES:  # halves of so few tell nothing
        return Repetition(0.0, 0.0, bar)
    near, anew = [], []
    for part in (np.arange(0, len(model.rows), 2), np.arange(1, len(model.rows), 2)):
        rows, trajectory = model.rows[part], model.trajectory.part(part)
        again = solver.refine(frames[rows], np.arange(len(rows)), trajectory, model.pattern, ROUNDS)
        if again is not None:
            near.append(_find_shifts(solver, frames, again)[0] - whole)
        nothing = np.zeros(frames.shape[1:], np.float32)
        _, clean, image = solver.split(frames[rows], trajectory, nothing, SWEEPS + 2)
        anew.append(_find_shifts(solver, frames, Model(clean, rows, trajectory, image))[0] - whole)
    apart = np.abs(np.concatenate([_centre(one) for one in anew])).max(axis=1)
    told = np.isfinite(apart)
    far = float((apart[told] > FAR_PX).mean()) if told.any() else 1.0
    squares = np.square([_centre(one) for one in near])
    if len(near) < 2 or not np.isfinite(squares).any():
        return Repetition(np.inf, far, bar)
    return Repetition(float(np.sqrt(np.nanmean(squares))), far, bar)


def _find_shifts(solver: Solver, frames: Images, model: Model) -> tuple[FloatArray, float]:
    """Of all frames beside what a model says, (n, ndim), NaN where they do not fit; and a typical error bar, px."""
    reference = Reference(
        image=model.specimen, noise=NoiseModel(read_variance=solver.noise), n_averaged=float(len(model.rows))
    )
    estimates = PreparedEstimator(solver.estimator, reference, solver.device).estimate(frames - model.pattern)
    trajectory, good = Trajectory.of(solver.estimator.motion, estimates.parameters, frames.shape[1:]), estimates.good
    errors = trajectory.shift_errors(estimates.errors)[good]
    bar = float(np.sqrt(np.nanmean(np.median(errors, axis=0) ** 2))) if good.any() else 0.0
    return np.where(good[:, None], trajectory.shifts, np.nan), bar


def _centre(shifts: FloatArray) -> NDArray[np.float64]:
    """Without their common part."""
    known = np.isfinite(shifts).all(axis=1)
    return np.asarray(shifts - (np.median(shifts[known], axis=0) if known.any() else np.nan), np.float64)
