"""References that change from frame to frame: the frame before, a graph of pairs, a mean of what was corrected.

Frames are compared in pairs, or one after the other, and the transforms against the first frame follow from all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import (
    Chunk,
    Covariance,
    Device,
    Engine,
    Estimates,
    Estimator,
    NoiseModel,
    Progress,
    Reference,
    Source,
    Verdict,
)  # fmt: skip
from holdstill.engines.plan import Plan
from holdstill.methods.direct import Direct
from holdstill.reference.broken_rows import find_broken
from holdstill.reference.defects import Defects
from holdstill.reference.kinds import FOLLOWING
from holdstill.reference.learned import LearnedReference
from holdstill.reference.neighbour_halves import doubt_halves
from holdstill.reference.neighbour_widening import NeighbourWidening, RollingWidening, widen_pairs
from holdstill.reference.pose_graph import INDEPENDENT, Pairs, accumulate, join_pairs, nothing, solve
from holdstill.reference.sample import run_once
from holdstill.transforms.motions import find_motion
from holdstill.transforms.trajectory import Trajectory

__all__ = ["add_drift", "follow", "lags_of"]

MAX_LAG = 32
ROLLING_FRAMES = 10
# beside a rolling mean, error bars are measured on about so many frames
MEASURED = 24


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
    learned: LearnedReference,
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
    learned : LearnedReference
        For its noise model and defects.
    plan : Plan
    channel : int
        The registration channel.
    mask : ndarray of bool, ([z,] y, x), or None
    device : Device
    engine : Engine
    progress : callable (stage, done, total)
    """
    find_motion(estimator.motion).check_sequential(reference)
    noise, defects = learned.reference.noise, learned.defects
    job = _Comparison(source, estimator, noise, defects, channel, mask, device, lags_of(reference, plan.n_frames))
    found = _follow(job, plan, engine, progress)
    doubting = doubt_halves(job, min(job.lags, default=1), plan.n_frames)
    doubt = None if doubting is None else run_once(engine, doubting, plan.n_frames)
    if doubt is None:
        return found
    return replace(found, verdicts=tuple(doubt if one is Verdict.OK else one for one in found.verdicts))


def _follow(job: _Comparison, plan: Plan, engine: Engine, progress: Progress) -> Estimates:
    """Transforms of all frames against the first, whatever may be said of all of them."""
    source, estimator = job.source, job.estimator
    if not job.lags:
        if engine.is_distributed:
            return run_once(engine, _Rolling(job, plan), plan.n_frames)
        return _rolling(job, plan, progress)
    parts = []
    for chunk, pairs in engine.map(job, plan.chunks()):
        parts.append(pairs)
        progress("estimate", chunk.stop, plan.n_frames)
    pairs, shape = join_pairs(parts), source.info.frame_shape
    if len(job.lags) == 1:
        pairs = run_once(engine, _PastBadFrames(job, pairs))
    if isinstance(estimator, Direct):
        pairs = widen_pairs(pairs, run_once(engine, NeighbourWidening(job, estimator.motion, pairs), plan.n_frames))
    join = accumulate if len(job.lags) == 1 else solve
    return join(estimator.motion, pairs, shape, plan.n_frames)


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
        """Frames of the registration channel without the defects."""
        return self.look(start, stop)[0]

    def look(self, start: int, stop: int) -> tuple[Any, NDArray[np.bool_]]:
        """The same, and which of them have rows that are noise, (n,): what is compared with those tells nothing."""
        frames = np.ascontiguousarray(self.source.read(start, stop, channel=self.channel)[:, 0])
        steps = self.defects.steps
        broken = np.zeros(len(frames), bool) if steps is None else find_broken(frames, steps)
        return self.defects.view(frames), broken

    def reference(self, image: Any, n_averaged: float = 1.0) -> Reference:
        """A frame as the reference of others."""
        return Reference(image=np.asarray(image, np.float32), noise=self.noise, n_averaged=n_averaged, mask=self.mask)

    def __call__(self, chunk: Chunk) -> tuple[Chunk, Pairs]:
        first = max(0, chunk.start - max(self.lags))
        frames, broken = self.look(first, chunk.stop)
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
        estimates = Estimates.join(parts) if parts else nothing(n_params)
        earlier_frames, later_frames = np.array(earlier_of, np.int64), np.array(later_of, np.int64)
        estimates = _mark_corrupted(estimates, broken[earlier_frames - first] | broken[later_frames - first])
        return chunk, Pairs(earlier_frames, later_frames, estimates)


@dataclass(frozen=True, eq=False)
class _PastBadFrames:
    """Frames that did not fit the one before are compared with the last good one, so that one blank breaks no chain.

    Frames at the beginning that show nothing, as before a shutter opens, are left behind: the chain begins with the
    first that can be found in itself.
    """

    comparison: _Comparison
    pairs: Pairs

    def __call__(self, chunk: Chunk) -> Pairs:
        pairs, empty = self.pairs, self._find_empty()
        later = np.concatenate([np.zeros(min(len(empty), 1), np.int64), pairs.later])
        earlier = np.concatenate([np.zeros(min(len(empty), 1), np.int64), pairs.earlier])
        rows = empty[:1] + [pairs.estimates.take([row]) for row in range(len(pairs.later))]
        if not rows:
            return pairs
        good = {0: not empty} | dict(zip(pairs.later.tolist(), pairs.good.tolist(), strict=True))
        for row in np.argsort(later, kind="stable"):
            frame = int(later[row])
            last = next((one for one in range(frame - 1, -1, -1) if good[one]), None)
            if good[frame] or last == earlier[row]:
                continue
            if last is not None:
                rows[row], earlier[row] = self._compare(last, frame), last
            elif frame <= len(empty):
                rows[row], earlier[row] = empty[frame] if frame < len(empty) else self._begin(rows[row]), 0
            good[frame] = rows[row].verdicts[0] is Verdict.OK
        return Pairs(earlier, later, Estimates.join(rows))

    def _compare(self, earlier: int, later: int) -> Estimates:
        """One frame registered to another."""
        job = self.comparison
        (before, is_broken), (frame, is_bad) = (job.look(one, one + 1) for one in (earlier, later))
        state = job.estimator.prepare(job.reference(before[0]), job.device)
        return _mark_corrupted(job.estimator.estimate(state, frame, job.device), is_broken | is_bad)

    def _find_empty(self) -> list[Estimates]:
        """Frames from the first on that are not found in themselves; none where another was found in the first."""
        empty: list[Estimates] = []
        if self.pairs.good[self.pairs.earlier == 0].any():
            return empty
        for frame in range(int(self.pairs.later.max(initial=0)) + 1):
            found = self._compare(frame, frame)
            if found.verdicts[0] is Verdict.OK:
                return empty
            empty.append(found)
        return empty

    def _begin(self, like: Estimates) -> Estimates:
        """Where the chain begins: nothing moved, for sure."""
        shape = self.comparison.source.info.frame_shape
        identity = find_motion(self.comparison.estimator.motion).identity(len(shape))
        covariance = replace(like.covariance, values=np.zeros_like(like.covariance.values))
        return replace(
            like, parameters=identity[None], covariance=covariance, scores=np.ones(1), verdicts=(Verdict.OK,)
        )


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
    last: tuple[Any, Trajectory] | None = None
    n_joined, step = 0, max(1, plan.n_frames // MEASURED)
    parts: list[Estimates] = []
    measured = RollingWidening(job.device, is_asked=isinstance(job.estimator, Direct))
    for chunk in plan.chunks():
        frames, broken = job.look(chunk.start, chunk.stop)
        for row, frame in enumerate(frames):
            if last is None:  # what shows nothing, as before a shutter opens, is no beginning
                average = frame.astype(np.float32)
            count = min(max(n_joined, 1), ROLLING_FRAMES)
            beside = job.reference(average, count)
            state = job.estimator.prepare(beside, job.device)
            found = _mark_corrupted(job.estimator.estimate(state, frame[None], job.device), broken[row : row + 1])
            parts.append(found)
            if found.verdicts[0] is Verdict.OK:
                place = Trajectory.of(motion, found.parameters, shape)
                if last is not None and (chunk.start + row) % step == 0:
                    measured.add(beside, job.reference(last[0]), frame, place, place.relative_to(last[1].parameters[0]))
                n_joined, last = n_joined + 1, (frame, place)
                average = _update_mean(average, frame, place, job.device, count)
        progress("estimate", chunk.stop, plan.n_frames)
    found = Estimates.join(parts)
    widened = replace(found, covariance=found.covariance.weigh(measured.factor**2))
    return add_drift(widened, measured.renewed)


def _mark_corrupted(found: Estimates, broken: NDArray[np.bool_]) -> Estimates:
    """The same, `corrupted` where one of the frames is broken."""
    if not broken.any():
        return found
    verdicts = (Verdict.CORRUPTED if bad else one for bad, one in zip(broken, found.verdicts, strict=True))
    return replace(found, verdicts=tuple(verdicts))


def add_drift(found: Estimates, renewed: float = 0.0) -> Estimates:
    """The error bars of frames that are each registered to a mean that they then join.

    That mean drifts by what each frame that joined it was wrong, as far as frames do not share it: by the share that
    the frame has in the mean or, where content comes and goes, all the way. Where the mean begins nothing moved, for
    sure. A bound is not known.

    Parameters
    ----------
    found : Estimates
        Beside the mean as it was.
    renewed : float
        How much of what a frame is told by is not in all of the mean, 0 to 1.
    """
    joined = np.cumsum(found.good)
    shares = np.maximum(1.0 / np.clip(joined, 1, ROLLING_FRAMES) ** 2, renewed)
    weights = np.where(found.good & (joined > 1), INDEPENDENT * shares, 0.0)
    drift = found.covariance.hide(~found.good).weigh(weights).accumulate()
    before = Covariance(drift.kind, np.concatenate([np.zeros_like(drift.values[:1]), drift.values[:-1]]))
    own = found.covariance.weigh(np.where(found.good & (joined == 1), 0.0, 1.0))
    return replace(found, covariance=own + before, bound=None)


def _update_mean(
    average: NDArray[np.float32], frame: Any, trajectory: Trajectory, device: Device, count: int
) -> NDArray[np.float32]:
    """The moving average with one more corrected frame; where the frame shows nothing it stays."""
    aligned = np.empty((1, *frame.shape), np.float32)
    trajectory.resample(device, frame[None], interpolation="cubic", edge="constant", fill=np.nan, out=aligned)
    share = np.float32(1 / min(count + 1, ROLLING_FRAMES))
    return np.where(np.isfinite(aligned[0]), average + share * (aligned[0] - average), average).astype(np.float32)
