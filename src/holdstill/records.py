"""Spark collections of (key, array) records: one record a frame, in the order of the keys, worked on where they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Device, Estimates, Estimator, Frames, ImagesInfo, Source
from holdstill.defects import Defects
from holdstill.engines.spark import SparkEngine
from holdstill.engines.threads import ThreadsEngine
from holdstill.errors import InputError
from holdstill.geometry.motions import find_motion
from holdstill.io.array import ArraySource
from holdstill.learning import learn
from holdstill.pipeline import Outcome, settled, strategy_of
from holdstill.plan import Plan
from holdstill.preparing import Prepared
from holdstill.sampling import Sample, good_frames
from holdstill.trajectory import Trajectory
from holdstill.writing import Resampling

__all__ = ["Records", "check_options", "is_records"]

Record = tuple[Any, NDArray[Any]]

# what options are where nobody gave them, if not None or False
USUAL = {"device": "cpu", "engine": "threads"}


def is_records(images: Any) -> bool:
    """Whether images are a collection of Spark."""
    return type(images).__module__.startswith("pyspark.") and hasattr(images, "mapPartitions")


def check_options(**options: Any) -> None:
    """Raise InputError where an option was given that records know nothing of."""
    for name, value in options.items():
        usual = value is None or value is False or (isinstance(value, str) and value == USUAL.get(name))
        if not usual:
            raise InputError(
                f"records of Spark stay records, worked on where they are; {name} does not go with them, leave it out"
            )


class Records(Source):
    """Records of a Spark collection, numbered by their keys.

    Keys pass through the driver; of the pixels only the sample does from which a reference is learned.

    Parameters
    ----------
    rdd : pyspark.RDD
        Of (key, array); arrays ([z,] y, x), all of one shape and dtype.

    Raises
    ------
    InputError
        It is empty, holds something else, or keys are doubled or have no order.
    """

    def __init__(self, rdd: Any) -> None:
        self.rdd, self.engine = rdd, SparkEngine(at=rdd.context)
        keys = _sorted_keys(rdd)
        self.times = {key: t for t, key in enumerate(keys)}
        first = self.frames([keys[0]])[0]
        if first.ndim not in (2, 3):
            raise InputError(f"records: an array of shape {first.shape} is no frame; each should be ([z,] y, x)")
        axes = "T" + "ZYX"[-first.ndim :]
        self.info = ImagesInfo(name="records", axes=axes, shape=(len(keys), *first.shape), dtype=first.dtype)
        self.keys = keys

    def frames(self, keys: list[Any]) -> Frames:
        """Some of the frames, brought here, in the order of `keys`."""
        wanted = set(keys)
        found = dict(self.rdd.filter(lambda record: record[0] in wanted).collect())
        return np.stack([np.asarray(found[key]) for key in keys])

    def read(self, start: int, stop: int, *, channel: int | None = None) -> Frames:
        """See `Source.read`."""
        return self.frames(self.keys[start:stop])[:, None]

    def close(self) -> None:
        """Do nothing: the collection belongs to the caller."""

    def register(
        self,
        estimator: Estimator,
        reference: Any,
        *,
        plan: Plan,
        mask: NDArray[np.bool_] | None,
        device: Device,
    ) -> Outcome:
        """Estimate the motion of every frame; the numbers are those of the same frames in a file."""
        strategy = strategy_of(self, reference, 0)
        sample = ArraySource(self.frames([self.keys[t] for t in plan.sample()]), axes=self.info.axes)
        rows = np.arange(sample.info.n_frames)
        learned = learn(strategy, Sample(sample, rows), estimator, device=device, engine=ThreadsEngine(), mask=mask)
        prepared = Prepared(estimator, learned.reference, device)
        job = _Estimating(prepared, learned.defects, self.times, plan.chunk_frames)
        parts = self.engine.collected(self.rdd, job)
        times = np.concatenate([part_times for part_times, _ in parts])
        everything = Estimates.join([estimates for _, estimates in parts]).taken(np.argsort(times))
        origin = find_motion(estimator.motion, self.info.frame_shape).identity(self.info.ndim)
        good = np.flatnonzero(good_frames(everything))
        if learned.anchored and len(good):
            origin = everything.parameters[good[0]]
        return settled(estimator.motion, self.info, everything, origin, learned)

    def resampled(self, trajectory: Trajectory, resampling: Resampling, device: Device) -> Any:
        """A collection of the same keys with corrected frames, made when it is asked for."""
        return self.engine.mapped(self.rdd, _Resampling(trajectory, resampling, self.times, device))


def _sorted_keys(rdd: Any) -> list[Any]:
    try:
        keys = sorted(rdd.map(_key_of).collect())
    except TypeError as error:
        raise InputError(f"records: keys cannot be put in order ({error}); make them all numbers or tuples") from error
    if not keys:
        raise InputError("records: the collection is empty; there is nothing to register")
    if len(set(keys)) < len(keys):
        raise InputError(f"records: {len(keys) - len(set(keys))} keys stand for several frames; each should be its own")
    return keys


def _key_of(record: Record) -> Any:
    return record[0]


@dataclass(frozen=True, eq=False)
class _Estimating:
    """Estimates of the records of a partition, some at a time, with their numbers."""

    prepared: Prepared
    defects: Defects
    times: Mapping[Any, int]
    n_at_a_time: int
    name = "estimate"

    def __call__(self, records: Iterable[Record]) -> Iterator[tuple[list[int], Estimates]]:
        waiting: list[Record] = []
        for record in records:
            waiting.append(record)
            if len(waiting) == self.n_at_a_time:
                yield self._estimated(waiting)
                waiting = []
        if waiting:
            yield self._estimated(waiting)

    def _estimated(self, records: list[Record]) -> tuple[list[int], Estimates]:
        frames = np.stack([np.asarray(array) for _, array in records])
        with self.defects.bridged(frames):
            return [self.times[key] for key, _ in records], self.prepared.estimate(frames)


@dataclass(frozen=True, eq=False)
class _Resampling:
    """Each record corrected by its transform."""

    trajectory: Trajectory
    resampling: Resampling
    times: Mapping[Any, int]
    device: Device
    name = "apply"

    def __call__(self, records: Iterable[Record]) -> Iterator[Record]:
        how = self.resampling
        for key, array in records:
            frames = np.asarray(array)[None]
            out = np.empty_like(frames)
            self.trajectory.part([self.times[key]]).resample(
                self.device, frames, interpolation=how.interpolation, edge=how.edge, fill=how.fill, out=out
            )
            yield key, out[0] if how.crop is None else out[0][how.crop].copy()
