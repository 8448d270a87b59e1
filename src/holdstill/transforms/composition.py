"""Two motions as one, and a motion the other way round, with their error bars."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Candidates, Covariance, FloatArray, Motion
from holdstill.errors import InputError
from holdstill.transforms.gaps import fill_gaps
from holdstill.transforms.motions import CHAINED
from holdstill.transforms.repair import repair
from holdstill.transforms.trajectory import Trajectory

__all__ = ["change_candidates", "change_known", "compose", "compose_known", "share_motion"]


def change_known(
    change: Callable[[Trajectory], Trajectory], trajectory: Trajectory, *covariances: Covariance
) -> tuple[Trajectory, list[Covariance]]:
    """``change(trajectory)`` and what becomes of covariances; frames with unknown parameters, NaN, disturb no other.

    They stay unknown.
    """
    complete, known = _complete(trajectory)
    changed = change(complete)
    moved = replace(changed, parameters=np.where(known[:, None], changed.parameters, np.nan))
    return moved, [one.hide(~known) for one in complete.propagate(change, *covariances)]


def change_candidates(
    change: Callable[[Trajectory], Trajectory], trajectory: Trajectory, candidates: Candidates | None
) -> Candidates | None:
    """Places of some frames after a change that is the same for all; `trajectory` tells their motion and shape."""
    if candidates is None or not len(candidates):
        return None
    places = replace(trajectory, parameters=candidates.parameters, phases=None)
    return replace(candidates, parameters=change(places).parameters)


def compose(
    first: Trajectory,
    first_covariances: Sequence[Covariance],
    second: Trajectory,
    second_covariances: Sequence[Covariance],
) -> tuple[Trajectory, list[Covariance]]:
    """``first o second``: that of images corrected by `first`, then by `second`.

    Parameters
    ----------
    first, second : Trajectory
        As long, or the second of length 1.
    first_covariances, second_covariances : sequence of Covariance
        Of their parameters, of as many kinds in both: of the estimates, of their bounds.

    Returns
    -------
    trajectory : Trajectory
        Of the wider motion of the two.
    covariances : list of Covariance
        Of its parameters, as of independent measurements.

    Raises
    ------
    InputError
        Shapes or numbers of frames differ, or one of the motions cannot be chained.
    """
    if first.shape != second.shape:
        raise InputError(f"one result is of frames of {first.shape} px, the other of {second.shape}; they must agree")
    if len(second) == 1 < len(first):
        second = second.part(np.zeros(len(first), int))
        second_covariances = [one.take(np.zeros(len(first), int)) for one in second_covariances]
    if len(first) != len(second):
        raise InputError(f"one result has {len(first)} frames, the other {len(second)}; they must be as many, or 1")
    motion = _find_wider(first.motion, second.motion)
    left, right = first.widen(motion), second.widen(motion)
    of_first = first.propagate(lambda t: t.widen(motion).compose(right), *first_covariances)
    of_second = second.propagate(lambda t: left.compose(t.widen(motion)), *second_covariances)
    return left.compose(right), [one + other for one, other in zip(of_first, of_second, strict=True)]


def compose_known(first: Trajectory, second: Trajectory) -> Trajectory:
    """``first o second`` as in `compose`; unknown, NaN, where one of the two is."""
    left, left_known = _complete(first)
    right, right_known = _complete(second)
    both, _ = compose(left, (), right, ())
    return replace(both, parameters=np.where((left_known & right_known)[:, None], both.parameters, np.nan))


def _complete(trajectory: Trajectory) -> tuple[Trajectory, NDArray[np.bool_]]:
    """The same with the identity where parameters are not known, and which are, (n,)."""
    known = np.asarray(np.isfinite(trajectory.parameters).all(axis=1))
    parameters = np.where(known[:, None], trajectory.parameters, trajectory.motion.identity(trajectory.ndim))
    return replace(trajectory, parameters=parameters), known


def share_motion(
    trajectories: Sequence[Trajectory], errors: Sequence[FloatArray]
) -> tuple[Trajectory, FloatArray, FloatArray]:
    """One motion for several positions that move together: the mean, weighted by one over the variances.

    Returns
    -------
    trajectory : Trajectory
    errors : ndarray of float64, (T, n_params)
        NaN where no position has an estimate; those parameters are interpolated in time.
    apart : ndarray of float64, (n_positions,)
        By how many of its error bars each position lies off, in the median.

    Raises
    ------
    InputError
        Motions, shapes or numbers of frames differ.
    """
    first = trajectories[0]
    for other in trajectories[1:]:
        if (other.motion.name, other.shape, len(other)) != (first.motion.name, first.shape, len(first)):
            raise InputError("positions that share one motion need frames of one shape, and as many of them")
    near = [first.motion.approach(t.parameters, first.parameters, first.ndim) for t in trajectories]
    parameters, sigma = np.stack(near), np.stack(list(errors))
    known = np.isfinite(sigma)
    weights = np.where(known, 1 / np.where(known, sigma, 1.0) ** 2, 0.0)
    total = weights.sum(axis=0)
    mean = np.divide((weights * parameters).sum(axis=0), total, out=parameters[0].copy(), where=total > 0)
    apart = np.abs(parameters - mean) / np.where(known, sigma, np.inf)
    mean = _bridge(replace(first, parameters=mean), total > 0).parameters
    with np.errstate(divide="ignore"):
        spread = np.where(total > 0, 1 / np.sqrt(total), np.nan)
    middle = np.array([np.median(one[seen]) if seen.any() else np.inf for one, seen in zip(apart, known, strict=True)])
    return replace(first, parameters=mean), spread, middle


def _bridge(trajectory: Trajectory, known: NDArray[np.bool_]) -> Trajectory:
    """Parameters that are not `known`, (n, n_params), between those before and after; of whole frames, transforms."""
    filled = replace(trajectory, parameters=fill_gaps(trajectory.parameters, known))
    return repair(filled, np.asarray(known.any(axis=1))) if known.any() else filled


def _find_wider(first: Motion, second: Motion) -> Motion:
    """The motion that holds the transforms of both."""
    if first.name == second.name or second.name in first.holds:
        return first
    if first.name in second.holds:
        return second
    name = next(motion.name for motion in (first, second) if motion.name not in CHAINED)
    raise InputError(f"{name} motion cannot be chained with another; compose {', '.join(CHAINED)}")
