"""Two motions as one, and a motion the other way round, with their error bars."""

from __future__ import annotations

import numpy as np

from holdstill.contracts import FloatArray
from holdstill.errors import InputError
from holdstill.trajectory import CHAINED, Trajectory

__all__ = ["composed", "inverted"]


def inverted(trajectory: Trajectory, errors: FloatArray) -> tuple[Trajectory, FloatArray]:
    """From frame to reference, and the errors of its parameters. Raises InputError for bilinear motion."""
    if trajectory.motion.additive:
        return trajectory.inverse(), errors.copy()
    return trajectory.inverse(), _deviations(trajectory.propagated(Trajectory.inverse, _covariances(errors)))


def composed(
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
