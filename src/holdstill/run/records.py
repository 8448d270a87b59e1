"""Records of Spark through the pipeline: estimated where they are, learned from a sample that is brought here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from holdstill.contracts import Chunk, Estimates
from holdstill.engines.plan import Plan
from holdstill.engines.records import Record, Records, pixels_of
from holdstill.engines.threads import ThreadsEngine
from holdstill.io.array import ArraySource
from holdstill.reference.defects import Defects
from holdstill.reference.prepared import PreparedEstimator
from holdstill.reference.sample import Sample
from holdstill.run.chunks import ChunkJob
from holdstill.run.pipeline import learn
from holdstill.run.settling import Outcome, find_first, settle
from holdstill.run.setup import Setup
from holdstill.transforms.motions import find_motion

__all__ = ["register_records"]

# nothing is written here, relative to no frame
NOWHERE = np.empty(0)


def register_records(records: Records, setup: Setup) -> Outcome:
    """Estimate the motion of every frame; the numbers are those of the same frames in a file."""
    motion = setup.estimator.motion
    here = replace(setup, engine=ThreadsEngine())
    learned = learn(records, here, _bring_sample(records, setup.plan))
    prepared = PreparedEstimator(setup.estimator, learned.reference, setup.device)
    job = _Estimating(prepared, learned.defects, records.times, setup.plan.chunk_frames)
    parts = records.engine.collect(records.rdd, job)
    times = np.concatenate([part_times for part_times, _ in parts])
    everything = Estimates.join([estimates for _, estimates in parts]).take(np.argsort(times))
    origin = find_motion(motion, records.info.frame_shape).identity(records.info.ndim)
    origin = np.array(learned.place) if learned.place else origin
    if learned.anchored:
        origin = find_first(everything, origin, records.info.frame_shape, motion)
    return settle(motion, records.info, everything, origin, learned, setup.treating, setup.estimator)


def _bring_sample(records: Records, plan: Plan) -> Sample:
    """Frames from all over the movie, brought here."""
    frames = records.frames([records.keys[t] for t in plan.sample()])
    return Sample(ArraySource(frames, axes=records.info.axes), np.arange(len(frames)))


@dataclass(frozen=True, eq=False)
class _Estimating:
    """Estimates of the records of a partition, some at a time as a chunk of a movie, with their numbers."""

    prepared: PreparedEstimator
    defects: Defects
    times: Mapping[Any, int]
    n_at_a_time: int
    name = "estimate"

    def __call__(self, records: Iterable[Record]) -> Iterator[tuple[list[int], Estimates]]:
        waiting: list[Record] = []
        for record in records:
            waiting.append(record)
            if len(waiting) == self.n_at_a_time:
                yield self._estimate(waiting)
                waiting = []
        if waiting:
            yield self._estimate(waiting)

    def _estimate(self, records: list[Record]) -> tuple[list[int], Estimates]:
        frames = np.stack([pixels_of(array) for _, array in records])
        source = ArraySource(frames, axes="T" + "ZYX"[-(frames.ndim - 1) :])
        _, found, _ = ChunkJob(source, self.prepared, 0, 0, NOWHERE, self.defects, None)(Chunk(0, len(frames)))
        return [self.times[key] for key, _ in records], found
