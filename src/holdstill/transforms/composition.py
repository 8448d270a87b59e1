"""Two motions as one, and a motion the other way round, with their error bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from holdstill.contracts import FloatArray
from holdstill.errors import InputError
from holdstill.transforms.trajectory import CHAINED, Trajectory

__all__ = ["compose", "invert_motion", "shared"]


def invert_motion(trajectory: Trajectory, errors: FloatArray) -> tuple[Trajectory, FloatArray]:
    """From frame to reference, and the errors of its parameters. Raises InputError for bilinear motion."""
    if trajectory.motion.additive:
        return trajectory.inverse(), errors.copy()
    return trajectory.inverse(), _deviations(trajectory.propagated(Trajectory.inverse, _covariances(errors)))


def compose(
    first: Trajectory, first_errors: FloatArray, second: Trajectory, second_errors: FloatArray
) -> tuple[Trajectory, FloatArray, FloatArray]:
    """``first o second``: that of images corrected by `first`, then by `second`.

    Returns
    -------
    trajectory : Trajectory
        Of the wider motion of the two.
    errors : ndarray of float64, (n, n_params)
    corner_errors : ndarray of float64, (n,)
        Both as of independent measurements.

    Raises
    ------
    InputError
        Shapes or numbers of frames differ, or one of the motions cannot be chained.
    """
    if first.shape != second.shape:
        raise InputError(f"one result is of frames of {first.shape} px, the other of {second.shape}; they must agree")
    if len(second) == 1 < len(first):
        second = second.part(np.zeros(len(first), int))
        second_errors = np.repeat(second_errors, len(first), axis=0)
    if len(first) != len(second):
        raise InputError(f"one result has {len(first)} frames, the other {len(second)}; they must be as many, or 1")
    motion = _wider(first.motion.name, second.motion.name)
    left, right = first.widened(motion), second.widened(motion)
    both = left.after(right)
    if both.motion.additive:
        errors = np.hypot(first_errors, second_errors)
        return both, errors, both.corner_errors(_covariances(errors))
    covariances = first.propagated(lambda t: t.widened(motion).after(right), _covariances(first_errors))
    covariances = covariances + second.propagated(lambda t: left.after(t.widened(motion)), _covariances(second_errors))
    return both, _deviations(covariances), both.corner_errors(covariances)


def shared(
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
    parameters, sigma = np.stack([t.parameters for t in trajectories]), np.stack(list(errors))
    known = np.isfinite(sigma)
    weights = np.where(known, 1 / np.where(known, sigma, 1.0) ** 2, 0.0)
    total = weights.sum(axis=0)
    mean = np.divide((weights * parameters).sum(axis=0), total, out=parameters[0].copy(), where=total > 0)
    apart = np.abs(parameters - mean) / np.where(known, sigma, np.inf)
    times = np.arange(len(first))
    for column in range(mean.shape[1]):
        good = total[:, column] > 0
        if good.any():
            mean[~good, column] = np.interp(times[~good], times[good], mean[good, column])
    with np.errstate(divide="ignore"):
        spread = np.where(total > 0, 1 / np.sqrt(total), np.nan)
    middle = np.array([np.median(one[seen]) if seen.any() else np.inf for one, seen in zip(apart, known, strict=True)])
    return replace(first, parameters=mean), spread, middle


def _wider(first: str, second: str) -> str:
    if first == second:
        return first
    for name in (first, second):
        if name not in CHAINED:
            raise InputError(f"{name} motion cannot be chained with another; compose {', '.join(CHAINED)}")
    return max(first, second, key=CHAINED.index)


def _covariances(errors: FloatArray) -> FloatArray:
    return np.einsum("ni,ij->nij", errors**2, np.eye(errors.shape[1]))


def _deviations(covariances: FloatArray) -> FloatArray:
    return np.sqrt(np.einsum("nii->ni", covariances))
