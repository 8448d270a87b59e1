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
from holdstill.io import require_frames, require_sequence
from holdstill.io.array import ArraySource
from holdstill.io.blocks import check_dtype
from holdstill.learning import learn
from holdstill.pipeline import Outcome, settled, strategy_of
from holdstill.plan import Plan
from holdstill.preparing import Prepared
from holdstill.sampling import Sample, good_frames, has_contrast
from holdstill.trajectory import Trajectory
from holdstill.writing import Resampling

__all__ = ["Records", "check_options", "is_records"]

Record = tuple[Any, NDArray[Any]]

NAME = "records"  # in messages
SHORT = 60
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

    Keys, shapes and dtypes pass through the driver; of the pixels only the sample does from which a reference is
    learned.

    Parameters
    ----------
    rdd : pyspark.RDD
        Of (key, array); arrays ([z,] y, x), all of one shape and dtype.

    Raises
    ------
    InputError
        It is empty, holds something else or arrays that are not alike, or keys are doubled or have no order.
    EngineError
        It cannot be computed.
    """

    def __init__(self, rdd: Any) -> None:
        self.rdd, self.engine = rdd, SparkEngine(at=rdd.context)
        found = self.engine.gathered(rdd.map(_looked_at), "look")
        for complaint, _, dtype in found:
            if not dtype:
                raise InputError(f"records: {complaint}; each should be (key, array)")
        self.keys = _sorted_keys([key for key, _, _ in found])
        self.times = {key: t for t, key in enumerate(self.keys)}
        self.info = _info_of(found, self.keys)

    def frames(self, keys: list[Any]) -> Frames:
        """Some of the frames, brought here, in the order of `keys`."""
        wanted = set(keys)
        found = dict(self.engine.gathered(self.rdd.filter(lambda record: record[0] in wanted), "read"))
        return np.stack([_pixels(found[key]) for key in keys])

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
        require_frames(self.info)
        require_sequence(self.info)
        find_motion(estimator.motion).check(self.info.ndim)
        strategy = strategy_of(self, reference, 0)
        sample, threads = self._sample(plan), ThreadsEngine()
        if not has_contrast(sample, threads, _silent):
            raise InputError(f"{self.info.name}: all pixels of the movie are equal; there is nothing to register")
        learned = learn(strategy, sample, estimator, device=device, engine=threads, mask=mask)
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

    def _sample(self, plan: Plan) -> Sample:
        """Frames from all over the movie, brought here."""
        frames = self.frames([self.keys[t] for t in plan.sample()])
        return Sample(ArraySource(frames, axes=self.info.axes), np.arange(len(frames)))

    def resampled(self, trajectory: Trajectory, resampling: Resampling, device: Device) -> Any:
        """A collection of the same keys with corrected frames, made when it is asked for."""
        return self.engine.mapped(self.rdd, _Resampling(trajectory, resampling, self.times, device))


def _looked_at(record: Any) -> tuple[Any, tuple[int, ...], str]:
    """Key, shape and dtype of a record; of what is none a complaint in place of the key, and no dtype."""
    if not isinstance(record, (tuple, list)) or len(record) != 2:
        return f"{_short(record)} is no record", (), ""
    try:
        array = np.asarray(record[1])
    except ValueError:  # lists that are no array
        array = np.asarray(None)
    if array.dtype.kind == "O":
        return f"what key {_short(record[0])} stands for is no array but {type(record[1]).__name__}", (), ""
    return record[0], array.shape, array.dtype.newbyteorder("=").str


def _info_of(found: list[tuple[Any, tuple[int, ...], str]], keys: list[Any]) -> ImagesInfo:
    """What records are together, if they are alike."""
    first, *others = keys
    kinds = {key: (shape, np.dtype(dtype)) for key, shape, dtype in found}
    shape, dtype = kinds[first]
    if len(shape) not in (2, 3):
        raise InputError(f"records: an array of shape {shape} is no frame; each should be ([z,] y, x)")
    for key in others:
        if kinds[key] != kinds[first]:
            raise InputError(
                f"records: the frame of key {_short(key)} is {kinds[key][1]} of shape {kinds[key][0]}, that of "
                f"{_short(first)} {dtype} of shape {shape}; make all of one shape and dtype"
            )
    axes = "T" + "ZYX"[-len(shape) :]
    return ImagesInfo(name=NAME, axes=axes, shape=(len(keys), *shape), dtype=check_dtype(dtype, NAME))


def _sorted_keys(keys: list[Any]) -> list[Any]:
    if not keys:
        raise InputError("records: the collection is empty; there is nothing to register")
    try:
        doubled = len(keys) - len(set(keys))
        unequal = [key for key in keys if not _equals_itself(key)]
        ordered = sorted(keys)
    except (TypeError, ValueError) as error:
        raise InputError(f"records: keys cannot be put in order ({error}); make them all numbers or tuples") from error
    if unequal:
        raise InputError(f"records: {len(unequal)} keys are not a number (NaN) and have no place; give each its own")
    if doubled:
        raise InputError(f"records: {doubled} keys stand for several frames; each should be its own")
    return ordered


def _equals_itself(key: Any) -> bool:
    """Whether a key is none, and holds none, of those that are NaN."""
    return all(map(_equals_itself, key)) if isinstance(key, tuple) else bool(key == key)


def _short(value: Any) -> str:
    """What a value is, within a line."""
    text = " ".join(repr(value).split())
    return text if len(text) <= SHORT else f"{text[:SHORT]}..."


def _pixels(array: Any) -> Frames:
    """The array of a record, in the byte order of this machine."""
    array = np.asarray(array)
    return np.asarray(array, array.dtype.newbyteorder("="))


def _silent(stage: str, done: int, total: int) -> None:
    """No progress wanted."""


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
        frames = np.stack([_pixels(array) for _, array in records])
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
            frames = _pixels(array)[None]
            out = np.empty_like(frames)
            self.trajectory.part([self.times[key]]).resample(
                self.device, frames, interpolation=how.interpolation, edge=how.edge, fill=how.fill, out=out
            )
            yield key, out[0] if how.crop is None else out[0][how.crop].copy()
