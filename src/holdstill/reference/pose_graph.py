"""Frames compared in pairs, and the transforms against the first frame that follow from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import splu

from holdstill.contracts import Estimates, FloatArray, Verdict
from holdstill.transforms.motions import find_motion
from holdstill.transforms.trajectory import Trajectory

__all__ = ["INDEPENDENT", "Pairs", "accumulate", "estimates_of", "join_pairs", "nothing", "solve"]

SOLVER_ROUNDS = 12
CUTOFF = 4.0
SETTLED_PX = 1e-7
# A frame's noise enters its differences to the frames before and after with opposite signs, so that it cancels in their
# sum; of the variance of a difference, this share does not (measured: 0.12 and 0.26 on two scenes).
INDEPENDENT = 0.25
EXACT_ERRORS = 400


@dataclass(frozen=True, eq=False)
class Pairs:
    """Frame `later` registered to frame `earlier`: parameters, covariances and which of them are good."""

    earlier: NDArray[np.int64]
    later: NDArray[np.int64]
    estimates: Estimates

    @property
    def good(self) -> NDArray[np.bool_]:
        """Which pairs were registered."""
        return np.array([verdict is Verdict.OK for verdict in self.estimates.verdicts], bool)


def nothing(n_params: int) -> Estimates:
    """Estimates of no pair."""
    empty = np.empty((0, n_params))
    return Estimates(parameters=empty, errors=empty, scores=np.empty(0), verdicts=())


def join_pairs(parts: Sequence[Pairs]) -> Pairs:
    """All pairs, in the order of their frames whatever the parts: sums over them depend on it in the last bit."""
    earlier, later = (np.concatenate([getattr(part, name) for part in parts]) for name in ("earlier", "later"))
    order = np.lexsort((earlier, later))
    return Pairs(earlier[order], later[order], Estimates.join([part.estimates for part in parts]).take(order))


def _compose(motion: str, later: FloatArray, earlier: FloatArray, shape: tuple[int, ...]) -> FloatArray:
    """Parameters of ``later o earlier``, both (n, n_params)."""
    return Trajectory.of(motion, later, shape).after(Trajectory.of(motion, earlier, shape)).parameters


def accumulate(motion: str, pairs: Pairs, shape: tuple[int, ...], n_frames: int) -> Estimates:
    """Each frame's transform is its own after that of the frame it was compared with; bad ones stand still."""
    identity = find_motion(motion).identity(len(shape))
    parameters = np.tile(identity, (n_frames, 1))
    covariances = np.zeros((n_frames, len(identity), len(identity)))
    scores, verdicts = np.ones(n_frames), [Verdict.OK] * n_frames
    steps = pairs.estimates.full_covariances
    own = np.zeros_like(covariances)
    for row in np.argsort(pairs.later, kind="stable"):
        earlier, later = int(pairs.earlier[row]), int(pairs.later[row])
        scores[later], verdicts[later] = pairs.estimates.scores[row], pairs.estimates.verdicts[row]
        parameters[later], covariances[later] = parameters[earlier], covariances[earlier]
        if verdicts[later] is Verdict.OK:
            step = pairs.estimates.parameters[row : row + 1]
            parameters[later] = _compose(motion, step, parameters[earlier : earlier + 1], shape)[0]
            covariances[later] = covariances[earlier] + INDEPENDENT * steps[row]
            own[later] = (1 - INDEPENDENT) * steps[row]
    return estimates_of(parameters, covariances + own, scores, tuple(verdicts))


def estimates_of(
    parameters: FloatArray, covariances: FloatArray, scores: FloatArray, verdicts: tuple[Verdict, ...]
) -> Estimates:
    """Of all frames, with the errors that their covariances tell."""
    errors = np.sqrt(np.einsum("nii->ni", covariances))
    return Estimates(parameters=parameters, errors=errors, scores=scores, verdicts=verdicts, covariances=covariances)


def solve(motion: str, pairs: Pairs, shape: tuple[int, ...], n_frames: int) -> Estimates:
    """Transforms that agree best with all pairs: weighted least squares, pairs that do not fit losing their weight."""
    good = pairs.good
    start = accumulate(motion, _nearest(pairs, good), shape, n_frames)
    parameters = start.parameters.copy()
    earlier, later = pairs.earlier[good], pairs.later[good]
    measured, errors = pairs.estimates.parameters[good], pairs.estimates.errors[good]
    robust, inverses = np.ones(len(earlier)), None
    for _ in range(SOLVER_ROUNDS):
        expected = Trajectory.of(motion, parameters[later], shape).relative_each(parameters[earlier])
        residual = measured - expected.parameters
        spread = np.maximum(1.4826 * np.median(np.abs(residual / errors)), 1.0)
        robust = (1 + ((residual / errors) ** 2).mean(axis=1) / (CUTOFF * spread) ** 2) ** -2
        step, inverses = np.zeros_like(parameters), []
        for k in range(parameters.shape[1]):
            weights = robust / errors[:, k] ** 2
            factor = splu(_laplacian(earlier, later, weights, n_frames))
            right = np.zeros(n_frames)
            np.add.at(right, later, weights * residual[:, k])
            np.add.at(right, earlier, -weights * residual[:, k])
            step[:, k] = factor.solve(right)
            inverses.append(factor)
        parameters += step - step[0]
        if np.abs(step).max() < SETTLED_PX:
            break
    variances = np.stack([_variances(factor, n_frames) for factor in inverses or []], axis=1)
    typical = np.median(errors, axis=0) ** 2 if len(errors) else np.full(parameters.shape[1], np.nan)
    covariances = np.einsum("ni,ij->nij", INDEPENDENT * variances + (1 - INDEPENDENT) * typical, np.eye(len(typical)))
    covariances[0] = 0.0
    verdicts, scores = _of_frames(pairs, n_frames)
    return estimates_of(parameters, covariances, scores, verdicts)


def _nearest(pairs: Pairs, good: NDArray[np.bool_]) -> Pairs:
    """For each frame its good pair with the nearest frame before it, or its nearest pair if none is good."""
    order = np.lexsort((pairs.later - pairs.earlier, ~good, pairs.later))
    _, first = np.unique(pairs.later[order], return_index=True)
    rows = order[first]
    return Pairs(pairs.earlier[rows], pairs.later[rows], pairs.estimates.take(rows))


def _of_frames(pairs: Pairs, n_frames: int) -> tuple[tuple[Verdict, ...], FloatArray]:
    """A frame is good if one of its pairs is; else it has the verdict of one of them. Scores: the best of its pairs."""
    verdicts: list[Verdict | None] = [None] * n_frames
    scores = np.full(n_frames, -1.0)
    found = pairs.estimates
    for earlier, later, verdict, score in zip(
        pairs.earlier.tolist(), pairs.later.tolist(), found.verdicts, found.scores.tolist(), strict=True
    ):
        for frame in (earlier, later):
            if verdict is Verdict.OK or verdicts[frame] is None:
                verdicts[frame] = verdict
            scores[frame] = max(scores[frame], score)
    return tuple(verdict or Verdict.OK for verdict in verdicts), scores


def _laplacian(
    earlier: NDArray[np.int64], later: NDArray[np.int64], weights: FloatArray, n_frames: int
) -> sparse.csc_matrix:
    """Normal matrix of differences; the first frame, and frames without a pair, are tied to where they are."""
    rows = np.concatenate([earlier, later, earlier, later])
    columns = np.concatenate([later, earlier, earlier, later])
    values = np.concatenate([-weights, -weights, weights, weights])
    ties = np.full(n_frames, 1e-9 * weights.max() if len(weights) else 1.0)
    ties[0] = 1e3 * weights.sum() if len(weights) else 1.0
    return sparse.csc_matrix((values, (rows, columns)), shape=(n_frames, n_frames)) + sparse.diags(ties, format="csc")


def _variances(factor: Any, n_frames: int) -> FloatArray:
    """Diagonal of the inverse; of long movies at some frames, and between them by interpolation."""
    chosen = np.unique(np.linspace(0, n_frames - 1, min(n_frames, EXACT_ERRORS)).astype(int))
    found = []
    for frame in chosen:
        unit = np.zeros(n_frames)
        unit[frame] = 1.0
        found.append(factor.solve(unit)[frame])
    return np.interp(np.arange(n_frames), chosen, found)
