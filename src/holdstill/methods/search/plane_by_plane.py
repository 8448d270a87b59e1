"""Volumes plane by plane: each plane along an axis is a movie of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from holdstill.contracts import Covariance, Device, Estimates, Frames, Reference, Verdict
from holdstill.errors import InputError
from holdstill.methods.likelihood.judged import JudgedEstimator, JudgedState
from holdstill.transforms.gaps import fill_gaps

__all__ = ["estimate_planes", "prepare_planes"]


def prepare_planes(
    estimator: JudgedEstimator, axis: int, reference: Reference, device: Device
) -> tuple[JudgedState, ...]:
    """What `estimator` prepares for each plane along `axis`. Raises InputError if the reference is not a volume."""
    if reference.image.ndim != 3:
        raise InputError(f"planes along axis {axis} need volumes (z, y, x); these frames are planes themselves")
    masks = [None] * reference.image.shape[axis] if reference.mask is None else np.moveaxis(reference.mask, axis, 0)
    return tuple(
        estimator.prepare(replace(reference, image=np.ascontiguousarray(image), mask=mask), device)
        for image, mask in zip(np.moveaxis(reference.image, axis, 0), masks, strict=True)
    )


def estimate_planes(
    estimator: JudgedEstimator, axis: int, states: Sequence[JudgedState], frames: Frames, device: Device
) -> Estimates:
    """Shifts of all planes of `frames`, (n, z, y, x); what cannot be registered lies between its good neighbours."""
    planes = [
        estimator.estimate(state, np.ascontiguousarray(frames.take(k, axis=axis + 1)), device)
        for k, state in enumerate(states)
    ]
    good = np.array([[verdict is Verdict.OK for verdict in plane.verdicts] for plane in planes]).T
    shifts = np.stack([plane.parameters for plane in planes], axis=1)
    errors = np.stack([plane.errors for plane in planes], axis=1)
    bounds = np.stack([plane.known_bound.errors for plane in planes], axis=1)
    scores = np.stack([plane.scores for plane in planes], axis=1)
    errors[~good] = np.nan
    for row in range(len(frames)):
        shifts[row] = fill_gaps(shifts[row], good[row])
    n_good = good.sum(axis=1)
    mean_scores = np.where(good, scores, 0).sum(axis=1) / np.maximum(n_good, 1)
    verdicts = tuple(
        Verdict.OK if n_good[row] else Counter(plane.verdicts[row] for plane in planes).most_common(1)[0][0]
        for row in range(len(frames))
    )
    return Estimates(
        parameters=shifts.reshape(len(frames), -1),
        covariance=Covariance.of_errors(errors.reshape(len(frames), -1)),
        scores=np.where(n_good > 0, mean_scores, scores.mean(axis=1)),
        verdicts=verdicts,
        bound=Covariance.of_errors(bounds.reshape(len(frames), -1)),
    )
