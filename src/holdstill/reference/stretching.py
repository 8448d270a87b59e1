"""Whether frames moved further than was found: what stands still in the frame holds all of them back alike.

Beside a pattern that was taken for a part of the specimen each frame is found at a share of its motion, and looks well
there. Pattern and specimen, solved for together, explain frames better at twice the motion if that is closer to the
truth: one number for all frames tells what no single frame does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import FloatArray
from holdstill.reference.losses import count_sigmas
from holdstill.reference.residuals import CAP
from holdstill.reference.separation import ROUNDS, Model, Solver
from holdstill.transforms.trajectory import Trajectory

__all__ = ["Held", "Stretch", "find_held", "solve_held", "stretch"]

Images = NDArray[np.float32]

FACTORS = (1.25, 2.0)
# Of 45 movies that were right, whatever disturbed them, and moved by a px and more at most 4.0 standard errors; of held
# ones 4.5 to 17. Where hardly anything moves 5 to 19: pattern and specimen cannot be told apart there, and nothing slow
# is left, so that nobody asks.
SURELY = 4.5
# up to 32 times; shifts smaller than that beside their noise tell no direction
MOST_STEPS = 5


@dataclass(frozen=True, eq=False)
class Stretch:
    """The trajectory at which other frames explain each frame best, and how surely better than as it was found."""

    trajectory: Trajectory
    sigmas: float

    @property
    def is_sure(self) -> bool:
        """Whether something holds the frames back."""
        return self.sigmas > SURELY


@dataclass(frozen=True, eq=False)
class Held:
    """Which rows of the frames were held back, and where they go on to."""

    rows: NDArray[np.intp]
    trajectory: Trajectory


def find_held(solver: Solver, frames: Images, rows: NDArray[np.intp], trajectory: Trajectory) -> Held | None:
    """Where those rows of the frames, found along a trajectory, go on to; None where nothing holds them back."""
    found = stretch(solver, frames[rows], trajectory)
    return Held(rows, found.trajectory) if found.is_sure else None


def solve_held(solver: Solver, frames: Images, held: Held | None, still: FloatArray) -> Model | None:
    """Pattern and specimen begun with nothing or, if that explains frames better, with where held ones go on to.

    A frame that does not fit is explained by what stays `still`: its losses, (n,).
    """
    model = solver.solve(frames)
    if held is None:
        return model
    nothing = np.zeros(frames.shape[1:], np.float32)
    other = solver.refine(frames, held.rows, held.trajectory, nothing, ROUNDS)
    losses = [still.copy(), still.copy()]
    for values, one in zip(losses, (model, other), strict=True):
        if one is not None:
            values[one.rows] = solver.loss_of_model(frames, one)
    return other if np.median(losses[0] - losses[1]) > 0 else model


def stretch(solver: Solver, frames: Images, trajectory: Trajectory) -> Stretch:
    """Multiply the shifts of frames, (n, y, x), along both axes or one of them, as long as that explains them better.

    Each half of the frames is explained by pattern and specimen of the other half.
    """
    left, sigmas = solver.residuals_of_both(frames, trajectory), -np.inf
    for step in range(MOST_STEPS):
        paths = [_multiply(trajectory, factors) for factors in _list_factors()]
        others = [solver.residuals_of_both(frames, path) for path in paths]
        gains = [_compare(left, other, solver.noise) for other in others]
        best = int(np.argmax([count_sigmas(gain) for gain in gains]))
        surely = count_sigmas(gains[best])
        if surely > SURELY:
            # the further apart shifts lie, the less noise have pattern and specimen in common, wherever those are
            decoy = solver.residuals_of_both(frames, _mislead(trajectory, paths[best]))
            surely = min(surely, count_sigmas(_compare(decoy, others[best], solver.noise)))
        sigmas = surely if step == 0 else sigmas
        if surely <= SURELY:
            break
        trajectory, left = paths[best], others[best]
    return Stretch(trajectory, sigmas)


def _list_factors() -> list[tuple[float, ...]]:
    """Along both axes alike, or along one."""
    return [tuple(factor if on else 1.0 for on in axes) for factor in FACTORS for axes in ((1, 1), (1, 0), (0, 1))]


def _multiply(trajectory: Trajectory, factors: tuple[float, ...]) -> Trajectory:
    middle = np.median(trajectory.shifts, axis=0)
    return _replace(trajectory, middle + np.array(factors) * (trajectory.shifts - middle))


def _mislead(trajectory: Trajectory, path: Trajectory) -> Trajectory:
    """As far from a trajectory as a path is, each frame in the direction of another."""
    order = np.random.default_rng(0).permutation(len(trajectory))
    return _replace(trajectory, trajectory.shifts + (path.shifts - trajectory.shifts)[order])


def _replace(trajectory: Trajectory, shifts: FloatArray) -> Trajectory:
    return Trajectory(trajectory.motion, shifts, trajectory.shape)


def _compare(left: Images, other: Images, noise: float) -> FloatArray:
    """By how much less is left in the other case of each frame, (n,), of pixels that are known in both."""
    gains = np.zeros(len(left))
    for n, pair in enumerate(zip(left, other, strict=True)):
        one, two = (np.minimum(np.square(image, dtype=np.float64) / noise, CAP) for image in pair)
        known = np.isfinite(one) & np.isfinite(two)
        gains[n] = float((one - two)[known].mean()) if known.any() else 0.0
    return gains
