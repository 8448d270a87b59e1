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
from holdstill.reference.separation import LEAST_FRAMES, MANY_SWEEPS, ROUNDS, SWEEPS, Model, Solver
from holdstill.transforms.trajectory import Trajectory

__all__ = ["COVERED", "Repetition", "repeat", "settle"]

Images = NDArray[np.float32]

# Rounds from the pattern of all frames on: a share of the way to where the half of them would settle.
FEW_ROUNDS = 3
# Of twelve movies the true error was 1.4 to 2.6 times what that showed, where it was more than noise makes of a frame.
COVERED = 1.5
# Made anew, halves put no frame so far off in eight movies that were right, 0.4 of the frames of one that was not.
FAR_PX, MOST_FAR = 1.0, 0.2
# Shaded movies stood at 0.6 of their motion after the first rounds, 1.0 to 1.2 px off, and at 0.95 to 1.0 after 32
# more; others moved by a tenth of a bar. Each time less is left to go, by MOST_LEFT at most.
SETTLED_BARS, MOST_TIMES, MOST_LEFT = 0.3, 8, 0.9


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

    def join(self, other: Repetition) -> Repetition:
        """The worse of both, by the error bar of the other."""
        return Repetition(max(self.px, other.px), max(self.far, other.far), other.error)


def repeat(solver: Solver, frames: Images, model: Model) -> Repetition:
    """Find the shifts of frames by what every other of those that fit tells of pattern and specimen."""
    solver = replace(solver, varies=model.varies)
    whole, bar = _find_shifts(solver, frames, model)
    if len(model.rows) < 2 * LEAST_FRAMES:  # halves of so few tell nothing
        return Repetition(0.0, 0.0, bar)
    near = []
    for rows, trajectory in _halve(model):
        again = solver.refine(frames[rows], np.arange(len(rows)), trajectory, model.pattern, FEW_ROUNDS)
        if again is not None:
            near.append(_find_shifts(solver, frames, again)[0] - whole)
    far = _measure_far(solver, frames, model, whole, SWEEPS + 2)
    if far > MOST_FAR:
        far = _measure_far(solver, frames, model, whole, MANY_SWEEPS)
    squares = np.square([_centre(one) for one in near])
    if len(near) < 2 or not np.isfinite(squares).any():
        return Repetition(np.inf, far, bar)
    return Repetition(float(np.sqrt(np.nanmean(squares))), far, bar)


def _measure_far(solver: Solver, frames: Images, model: Model, whole: FloatArray, sweeps: int) -> float:
    """The share of frames that halves, begun with nothing, shift by over a px otherwise than the `whole` does."""
    anew, nothing = [], np.zeros(frames.shape[1:], np.float32)
    for rows, trajectory in _halve(model):
        _, clean, image = solver.split(frames[rows], trajectory, nothing, sweeps)
        anew.append(_find_shifts(solver, frames, Model(clean, rows, trajectory, image))[0] - whole)
    apart = np.abs(np.concatenate([_centre(one) for one in anew])).max(axis=1)
    told = np.isfinite(apart)
    return float((apart[told] > FAR_PX).mean()) if told.any() else 1.0


def _halve(model: Model) -> list[tuple[NDArray[np.intp], Trajectory]]:
    """Every other of the frames that fit, and the rest, and where they are."""
    halves = np.arange(0, len(model.rows), 2), np.arange(1, len(model.rows), 2)
    return [(model.rows[part], model.trajectory.part(part)) for part in halves]


def settle(solver: Solver, frames: Images, model: Model) -> tuple[Model, float]:
    """Go on with a model until its shifts move by less than their error bars, and by how many px they still would.

    Something that holds frames back lets go of them slowly: by a constant share from round to round. 0 px, and the same
    model, where it was settled before.
    """
    solver = replace(solver, varies=model.varies)
    enough, last, left = SETTLED_BARS * _find_shifts(solver, frames, model)[1], np.inf, 0.0
    for turn in range(MOST_TIMES):
        after = solver.refine(frames, model.rows, model.trajectory, model.pattern, ROUNDS)
        moved = 0.0 if after is None else _measure_move(model, after)
        if after is None or (turn == 0 and moved < enough):
            break
        slowing = min(moved / last, MOST_LEFT) if turn else MOST_LEFT
        model, last, left = after, moved, moved * slowing / (1 - slowing)
        if moved < enough:
            break
    return model, left


def _measure_move(model: Model, other: Model) -> float:
    """By how many px shifts of frames that both place lie apart, root mean square, their common part taken off."""
    both = np.intersect1d(model.rows, other.rows)
    one, two = (part.trajectory.shifts[np.isin(part.rows, both)] for part in (model, other))
    return float(np.sqrt(np.mean(np.square(_centre(two - one))))) if len(both) else np.inf


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
