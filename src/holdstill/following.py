"""References that change from frame to frame: the frame before, a graph of pairs, a mean of what was corrected.

Frames are compared in pairs, or one after the other, and the transforms against the first frame follow from all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import splu

from holdstill.contracts import (
    Chunk,
    Device,
    Engine,
    Estimates,
    Estimator,
    FloatArray,
    NoiseModel,
    Reference,
    Source,
    Verdict,
)  # fmt: skip
from holdstill.defects import Defects
from holdstill.errors import InputError
from holdstill.geometry.motions import find_motion
from holdstill.geometry.planes import PLANES
from holdstill.learning import Learned
from holdstill.plan import Plan
from holdstill.sampling import run_once
from holdstill.trajectory import Trajectory

__all__ = ["follow", "is_following", "lags_of"]

FOLLOWING = re.compile(r"pairs|rolling|previous(?::([1-9]\d*))?")
MAX_LAG = 32
ROLLING_FRAMES = 10
SOLVER_ROUNDS = 12
CUTOFF = 4.0
SETTLED_PX = 1e-7
# A frame's noise enters its differences to the frames before and after with opposite signs, so that it cancels in their
# sum; of the variance of a difference, this share does not (measured: 0.12 and 0.26 on two scenes).
INDEPENDENT = 0.25
EXACT_ERRORS = 400

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, eq=False)
class _Pairs:
    """Frame `later` registered to frame `earlier`: parameters, covariances and which of them are good."""

    earlier: NDArray[np.int64]
    later: NDArray[np.int64]
    estimates: Estimates

    @property
    def good(self) -> NDArray[np.bool_]:
        return np.array([verdict is Verdict.OK for verdict in self.estimates.verdicts], bool)


def is_following(reference: Any) -> bool:
    """Whether a reference is one of these strategies."""
    return isinstance(reference, str) and FOLLOWING.fullmatch(reference) is not None


def lags_of(reference: str, n_frames: int) -> tuple[int, ...]:
    """How many frames back each frame is compared: ``previous``, ``previous:n`` or ``pairs``; none for ``rolling``."""
    if reference == "pairs":
        return tuple(lag for lag in (1, 2, 4, 8, 16, MAX_LAG) if lag < n_frames)
    found = FOLLOWING.fullmatch(reference)
    if reference == "rolling" or found is None:
        return ()
    return (min(int(found.group(1) or 1), n_frames - 1),)


def follow(
    source: Source,
    estimator: Estimator,
    reference: str,
    learned: Learned,
    *,
    plan: Plan,
    channel: int,
    mask: NDArray[np.bool_] | None,
    device: Device,
    engine: Engine,
    progress: Progress,
) -> Estimates:
    """Transforms of all frames against the first.

    Parameters
    ----------
    source : Source
    estimator : Estimator
    reference : {"previous", "previous:n", "pairs", "rolling"}
    learned : Learned
        For its noise model and defects.
    plan : Plan
    channel : int
        The channel that steers.
    mask : ndarray of bool, ([z,] y, x), or None
    device : Device
    engine : Engine
    progress : callable (stage, done, total)
    """
    if estimator.motion in PLANES:
        raise InputError(f"motion {estimator.motion!r} knows no reference {reference!r}; take template, first or mean")
    noise, defects = learned.reference.noise, learned.defects
    job = _Comparison(source, estimator, noise, defects, channel, mask, device, lags_of(reference, plan.n_frames))
    if not job.lags:
        if engine.elsewhere:
            return run_once(engine, _Rolling(job, plan), plan.n_frames)
        return _rolling(job, plan, progress)
    parts = []
    for chunk, pairs in engine.map(job, plan.chunks()):
        parts.append(pairs)
        progress("estimate", chunk.stop, plan.n_frames)
    pairs, shape = _joined(parts), source.info.frame_shape
    if len(job.lags) > 1:
        return _solved(estimator.motion, pairs, shape, plan.n_frames)
    return _accumulated(estimator.motion, run_once(engine, _PastBadFrames(job, pairs)), shape, plan.n_frames)


@dataclass(frozen=True, eq=False)
class _Comparison:
    """Registers the frames of a chunk, each to those that stand `lags` before it."""

    source: Source
    estimator: Estimator
    noise: NoiseModel | None
    defects: Defects
    channel: int
    mask: NDArray[np.bool_] | None
    device: Device
    lags: tuple[int, ...]
    name = "compare"

    def read(self, start: int, stop: int) -> Any:
        """Frames of the steering channel with the camera's defects bridged for good."""
        frames = np.ascontiguousarray(self.source.read(start, stop, channel=self.channel)[:, 0])
        with self.defects.bridged(frames) as bridged:
            return bridged.copy() if len(self.defects) else bridged

    def reference(self, image: Any, n_averaged: float = 1.0) -> Reference:
        """A frame as the reference of others."""
        return Reference(image=np.asarray(image, np.float32), noise=self.noise, n_averaged=n_averaged, mask=self.mask)

    def __call__(self, chunk: Chunk) -> tuple[Chunk, _Pairs]:
        first = max(0, chunk.start - max(self.lags))
        frames = self.read(first, chunk.stop)
        by_reference: dict[int, list[int]] = {}
        for later in range(max(chunk.start, 1), chunk.stop):
            for earlier in {max(later - lag, 0) for lag in self.lags}:
                by_reference.setdefault(earlier, []).append(later)
        earlier_of, later_of, parts = [], [], []
        for earlier, laters in by_reference.items():
            state = self.estimator.prepare(self.reference(frames[earlier - first]), self.device)
            parts.append(self.estimator.estimate(state, frames[np.array(laters) - first], self.device))
            earlier_of += [earlier] * len(laters)
            later_of += laters
        n_params = len(find_motion(self.estimator.motion).identity(self.source.info.ndim))
        estimates = Estimates.join(parts) if parts else _nothing(n_params)
        return chunk, _Pairs(np.array(earlier_of, np.int64), np.array(later_of, np.int64), estimates)


@dataclass(frozen=True, eq=False)
class _PastBadFrames:
    """Frames that did not fit the one before are compared with the last good one, so that one blank breaks no chain."""

    comparison: _Comparison
    pairs: _Pairs

    def __call__(self, chunk: Chunk) -> _Pairs:
        job, pairs = self.comparison, self.pairs
        earlier, good = pairs.earlier.copy(), dict(zip(pairs.later.tolist(), pairs.good.tolist(), strict=True))
        rows = [_row(pairs.estimates, row) for row in range(len(earlier))]
        for row in np.argsort(pairs.later, kind="stable"):
            later = int(pairs.later[row])
            last = next((frame for frame in range(later - 1, -1, -1) if good.get(frame, True)), 0)
            if good[later] or last == earlier[row]:
                continue
            state = job.estimator.prepare(job.reference(job.read(last, last + 1)[0]), job.device)
            rows[row], earlier[row] = job.estimator.estimate(state, job.read(later, later + 1), job.device), last
            good[later] = rows[row].verdicts[0] is Verdict.OK
        return _Pairs(earlier, pairs.later, Estimates.join(rows)) if rows else pairs


def _row(estimates: Estimates, row: int) -> Estimates:
    one = slice(row, row + 1)
    return Estimates(
        parameters=estimates.parameters[one], errors=estimates.errors[one], scores=estimates.scores[one],
        verdicts=estimates.verdicts[one], covariances=estimates.full_covariances[one],
    )  # fmt: skip


def _nothing(n_params: int) -> Estimates:
    empty = np.empty((0, n_params))
    return Estimates(parameters=empty, errors=empty, scores=np.empty(0), verdicts=())


def _joined(parts: Sequence[_Pairs]) -> _Pairs:
    return _Pairs(
        np.concatenate([part.earlier for part in parts]),
        np.concatenate([part.later for part in parts]),
        Estimates.join([part.estimates for part in parts]),
    )


def _composed(motion: str, later: FloatArray, earlier: FloatArray, shape: tuple[int, ...]) -> FloatArray:
    """Parameters of ``later o earlier``, both (n, n_params)."""
    return Trajectory.of(motion, later, shape).after(Trajectory.of(motion, earlier, shape)).parameters


def _accumulated(motion: str, pairs: _Pairs, shape: tuple[int, ...], n_frames: int) -> Estimates:
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
            parameters[later] = _composed(motion, step, parameters[earlier : earlier + 1], shape)[0]
            covariances[later] = covariances[earlier] + INDEPENDENT * steps[row]
            own[later] = (1 - INDEPENDENT) * steps[row]
    return _estimates(parameters, covariances + own, scores, tuple(verdicts))


def _estimates(
    parameters: FloatArray, covariances: FloatArray, scores: FloatArray, verdicts: tuple[Verdict, ...]
) -> Estimates:
    errors = np.sqrt(np.einsum("nii->ni", covariances))
    return Estimates(parameters=parameters, errors=errors, scores=scores, verdicts=verdicts, covariances=covariances)


def _solved(motion: str, pairs: _Pairs, shape: tuple[int, ...], n_frames: int) -> Estimates:
    """Transforms that agree best with all pairs: weighted least squares, pairs that do not fit losing their weight."""
    good = pairs.good
    start = _accumulated(motion, _nearest(pairs, good), shape, n_frames)
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
    return _estimates(parameters, covariances, scores, verdicts)


def _nearest(pairs: _Pairs, good: NDArray[np.bool_]) -> _Pairs:
    """For each frame its good pair with the nearest frame before it, or its nearest pair if none is good."""
    order = np.lexsort((pairs.later - pairs.earlier, ~good, pairs.later))
    _, first = np.unique(pairs.later[order], return_index=True)
    rows = order[first]
    found = pairs.estimates
    chosen = Estimates(
        parameters=found.parameters[rows], errors=found.errors[rows], scores=found.scores[rows],
        verdicts=tuple(found.verdicts[row] for row in rows), covariances=found.full_covariances[rows],
    )  # fmt: skip
    return _Pairs(pairs.earlier[rows], pairs.later[rows], chosen)


def _of_frames(pairs: _Pairs, n_frames: int) -> tuple[tuple[Verdict, ...], FloatArray]:
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


@dataclass(frozen=True, eq=False)
class _Rolling:
    """All frames one after the other, by one worker."""

    comparison: _Comparison
    plan: Plan
    name = "rolling"

    def __call__(self, everything: Chunk) -> Estimates:
        return _rolling(self.comparison, self.plan, lambda stage, done, total: None)


def _rolling(job: _Comparison, plan: Plan, progress: Progress) -> Estimates:
    """One after the other: each frame is registered to the mean of the last corrected ones, which it then joins."""
    motion, shape = job.estimator.motion, job.source.info.frame_shape
    average: NDArray[np.float32] = np.empty(0, np.float32)
    parts: list[Estimates] = []
    for chunk in plan.chunks():
        for frame in job.read(chunk.start, chunk.stop):
            if not len(average):
                average = frame.astype(np.float32)
            count = min(max(len(parts), 1), ROLLING_FRAMES)
            state = job.estimator.prepare(job.reference(average, count), job.device)
            found = job.estimator.estimate(state, frame[None], job.device)
            parts.append(found)
            if found.verdicts[0] is Verdict.OK:
                average = _updated(average, frame, Trajectory.of(motion, found.parameters, shape), job.device, count)
        progress("estimate", chunk.stop, plan.n_frames)
    found = Estimates.join(parts)
    # the reference drifts by what each frame that joined it was wrong
    joined = np.array([verdict is Verdict.OK for verdict in found.verdicts], float)
    drift = INDEPENDENT * (np.nan_to_num(found.full_covariances) * joined[:, None, None]).cumsum(axis=0)
    covariances = found.full_covariances + np.concatenate([np.zeros_like(drift[:1]), drift[:-1]])
    return _estimates(found.parameters, covariances, found.scores, found.verdicts)


def _updated(
    average: NDArray[np.float32], frame: Any, trajectory: Trajectory, device: Device, count: int
) -> NDArray[np.float32]:
    """The moving average with one more corrected frame; where the frame shows nothing it stays."""
    aligned = np.empty((1, *frame.shape), np.float32)
    trajectory.resample(device, frame[None], interpolation="cubic", edge="constant", fill=np.nan, out=aligned)
    share = np.float32(1 / min(count + 1, ROLLING_FRAMES))
    return np.where(np.isfinite(aligned[0]), average + share * (aligned[0] - average), average).astype(np.float32)
