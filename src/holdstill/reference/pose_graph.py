"""Frames compared in pairs, and the transforms against the first frame that follow from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import splu

from holdstill.contracts import Covariance, CovarianceKind, Estimates, FloatArray, Verdict
from holdstill.transforms.motions import find_motion
from holdstill.transforms.trajectory import Trajectory

__all__ = ["INDEPENDENT", "Pairs", "accumulate", "find_weights", "join_pairs", "nothing", "solve"]

SOLVER_ROUNDS = 12
CUTOFF = 4.0
SETTLED_PX = 1e-7
# A frame's noise enters its differences to the frames before and after with opposite signs, so that it cancels in their
# sum; of the variance of a difference, this share does not (measured: 0.12 and 0.26 on two scenes).
INDEPENDENT = 0.25
EXACT_ERRORS = 400
# Variances of pairs, made up for what they overlap, grow by less than 1.2 from the next frame to the sixteenth where
# content stays, and by 1.5 to 21 to the fourth and the eighth where it comes and goes.
GROWN, ENOUGH_PAIRS = 1.35, 6
# Those pairs contradict the others by 0.5 to 1.2 error bars then. Where light bleaches, error bars grow alike, and
# nothing contradicts them: 0.06 of one.
CONTRADICTS = 0.3


@dataclass(frozen=True, eq=False)
class Pairs:
    """Frame `later` registered to frame `earlier`: parameters, covariances and which of them are good."""

    earlier: NDArray[np.int64]
    later: NDArray[np.int64]
    estimates: Estimates

    @property
    def good(self) -> NDArray[np.bool_]:
        """Which pairs were registered."""
        return self.estimates.good


def nothing(n_params: int) -> Estimates:
    """Estimates of no pair."""
    empty = np.empty((0, n_params))
    return Estimates(parameters=empty, covariance=Covariance.of_errors(empty), scores=np.empty(0), verdicts=())


def join_pairs(parts: Sequence[Pairs]) -> Pairs:
    """All pairs, in the order of their frames whatever the parts: sums over them depend on it in the last bit."""
    earlier, later = (np.concatenate([getattr(part, name) for part in parts]) for name in ("earlier", "later"))
    order = np.lexsort((earlier, later))
    return Pairs(earlier[order], later[order], Estimates.join([part.estimates for part in parts]).take(order))


def _compose(motion: str, later: FloatArray, earlier: FloatArray, shape: tuple[int, ...]) -> FloatArray:
    """Parameters of ``later o earlier``, both (n, n_params)."""
    return Trajectory.of(motion, later, shape).compose(Trajectory.of(motion, earlier, shape)).parameters


@dataclass(frozen=True, eq=False)
class _Chain:
    """Frames one after the other: where each was found, and where the next begin, since after a bad one all stands."""

    found: FloatArray
    standing: FloatArray
    covariance: Covariance
    scores: FloatArray
    verdicts: tuple[Verdict, ...]


def accumulate(motion: str, pairs: Pairs, shape: tuple[int, ...], n_frames: int) -> Estimates:
    """Each frame's transform is its own after that of the frame it was compared with; past bad ones it stands still."""
    chain = _link(motion, pairs, shape, n_frames)
    return Estimates(parameters=chain.found, covariance=chain.covariance, scores=chain.scores, verdicts=chain.verdicts)


def _link(motion: str, pairs: Pairs, shape: tuple[int, ...], n_frames: int) -> _Chain:
    """The chain of pairs, one for each frame but the first; steps add to the errors of all that follow."""
    standing = np.tile(find_motion(motion).identity(len(shape)), (n_frames, 1))
    found, scores, verdicts = standing.copy(), np.ones(n_frames), [Verdict.OK] * n_frames
    steps = pairs.estimates.covariance
    before, own = (np.zeros((n_frames, *steps.values.shape[1:])) for _ in range(2))
    for row in np.argsort(pairs.later, kind="stable"):
        earlier, later = int(pairs.earlier[row]), int(pairs.later[row])
        scores[later], verdicts[later] = pairs.estimates.scores[row], pairs.estimates.verdicts[row]
        standing[later], before[later] = standing[earlier], before[earlier]
        step = pairs.estimates.parameters[row : row + 1]
        found[later] = (
            _compose(motion, step, standing[earlier : earlier + 1], shape)[0] if np.isfinite(step).all() else np.nan
        )
        if verdicts[later] is Verdict.OK:
            standing[later] = found[later]
            before[later] = before[earlier] + INDEPENDENT * steps.values[row]
            own[later] = (1 - INDEPENDENT) * steps.values[row]
    return _Chain(found, standing, Covariance(steps.kind, before + own), scores, tuple(verdicts))


def solve(motion: str, pairs: Pairs, shape: tuple[int, ...], n_frames: int) -> Estimates:
    """Transforms that agree best with all pairs: weighted least squares, pairs that do not fit losing their weight."""
    good = pairs.good
    chain = _link(motion, _nearest(pairs, good), shape, n_frames)
    parameters = chain.standing.copy()
    earlier, later = pairs.earlier[good], pairs.later[good]
    measured, errors = pairs.estimates.parameters[good], pairs.estimates.errors[good]
    verdicts, scores = _of_frames(pairs, n_frames)
    bad = [verdict is not Verdict.OK for verdict in verdicts]
    if not good.any():
        return Estimates(parameters=chain.found, covariance=chain.covariance, scores=scores, verdicts=verdicts)
    inverses = None
    for number in range(SOLVER_ROUNDS):
        expected = Trajectory.of(motion, parameters[later], shape).relative_to(parameters[earlier])
        residual = measured - expected.parameters
        # the start may rest on a wrong pair, which all others contradict: in the first round they outvote it
        robust = find_weights(residual / errors) if number else np.ones(len(earlier))
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
    typical = np.median(errors, axis=0) ** 2
    variances = _find_independent(residual / errors, n_frames) * variances + (1 - INDEPENDENT) * typical
    variances += np.arange(n_frames)[:, None] * measure_turnover(motion, pairs, shape, residual)
    variances[0] = 0.0
    parameters[bad] = chain.found[bad]
    covariance = Covariance(CovarianceKind.DIAGONAL, variances)
    return Estimates(parameters=parameters, covariance=covariance, scores=scores, verdicts=verdicts)


def _find_independent(off: FloatArray, n_frames: int) -> float:
    """Share of the variance of pairs that does not cancel, from by how many error bars they contradict each other.

    What cancels shows in no contradiction. Frames that were interpolated contradict each other by 0.9 to 1.3 error
    bars, others by less than 0.4: their error bars were too small by 1.7.
    """
    redundant = len(off) - n_frames + 1
    if redundant < n_frames:
        return INDEPENDENT
    shown = float(1.4826 * np.median(np.abs(off[np.isfinite(off)]))) if np.isfinite(off).any() else 0.0
    return max(INDEPENDENT, shown**2 * len(off) / redundant)


def measure_turnover(motion: str, pairs: Pairs, shape: tuple[int, ...], off: FloatArray) -> FloatArray:
    """By how much the variance of parameters grows with each frame, (n_params,), as content comes and goes; else 0.

    `off`, (good pairs, n_params), is by how much pairs contradict the others. What is no longer there, and what was not
    there yet, pulls at all pairs that span it alike: in a graph it does not cancel but adds up, as a walk does. Pairs
    that span more frames show by how much: a movie that exchanges its content within 15 frames was off by 0.1 to
    0.7 px after 30, at a stated 0.08.
    """
    lags, good = pairs.later - pairs.earlier, pairs.good
    known, counts = np.unique(lags[good], return_counts=True)
    known = known[counts >= ENOUGH_PAIRS]
    if len(known) < 2:
        return np.zeros(pairs.estimates.parameters.shape[1])
    short, long = known[0], known[-1]
    contradiction = np.abs(off / pairs.estimates.errors[good])[lags[good] == long]
    if 1.4826 * np.median(contradiction) < CONTRADICTS:
        return np.zeros(pairs.estimates.parameters.shape[1])
    near, far = (_measure_variance(motion, pairs, np.flatnonzero(good & (lags == lag)), shape) for lag in (short, long))
    grown = np.maximum(far - near, 0.0) / (long - short)
    return np.asarray(grown if np.mean(far / np.maximum(near, 1e-300)) > GROWN else 0 * grown)


def _measure_variance(motion: str, pairs: Pairs, rows: NDArray[np.intp], shape: tuple[int, ...]) -> FloatArray:
    """Of the parameters of a typical pair, (n_params,), if its frames overlapped all over."""
    shifts = np.abs(Trajectory.of(motion, pairs.estimates.parameters[rows], shape).shifts)
    overlap = np.prod(np.maximum(1 - shifts / np.array(shape), 0.0), axis=1)
    return np.asarray(np.median(pairs.estimates.errors[rows] ** 2 * overlap[:, None], axis=0))


def find_weights(off: FloatArray) -> FloatArray:
    """Weights of pairs that are `off` by so many of their error bars, (n, n_params): next to none for outliers."""
    spread = np.maximum(1.4826 * np.median(np.abs(off)), 1.0)
    return np.asarray((1 + (off**2).mean(axis=1) / (CUTOFF * spread) ** 2) ** -2)


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
