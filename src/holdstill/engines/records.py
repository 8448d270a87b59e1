"""Spark collections of (key, array) records: one record a frame, in the order of the keys, worked on where they are."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Frames, ImagesInfo, Source
from holdstill.engines.spark import SparkEngine
from holdstill.errors import InputError
from holdstill.io.array import compute_as
from holdstill.io.blocks import check_dtype

__all__ = ["Record", "Records", "is_records", "pixels_of", "refuse_options"]

Record = tuple[Any, NDArray[Any]]

NAME = "records"  # in messages
SHORT = 60
# what options are where nobody gave them, if not None or False
USUAL = {"device": "cpu", "engine": "threads"}


def is_records(images: Any) -> bool:
    """Whether images are a collection of Spark."""
    return type(images).__module__.startswith("pyspark.") and hasattr(images, "mapPartitions")


def refuse_options(**options: Any) -> None:
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
        found = self.engine.gather(rdd.map(_inspect_record), "look")
        for complaint, _, dtype in found:
            if not dtype:
                raise InputError(f"records: {complaint}; each should be (key, array)")
        self.keys = _sort_keys([key for key, _, _ in found])
        self.times = {key: t for t, key in enumerate(self.keys)}
        self.info = _info_of(found, self.keys)

    def frames(self, keys: list[Any]) -> Frames:
        """Some of the frames, brought here, in the order of `keys`."""
        wanted = set(keys)
        found = dict(self.engine.gather(self.rdd.filter(lambda record: record[0] in wanted), "read"))
        return np.stack([pixels_of(found[key]) for key in keys])

    def read(self, start: int, stop: int, *, channel: int | None = None) -> Frames:
        """See `Source.read`."""
        return self.frames(self.keys[start:stop])[:, None]

    def close(self) -> None:
        """Do nothing: the collection belongs to the caller."""


def _inspect_record(record: Any) -> tuple[Any, tuple[int, ...], str]:
    """Key, shape and dtype of a record; of what is none a complaint in place of the key, and no dtype."""
    if not isinstance(record, (tuple, list)) or len(record) != 2:
        return f"{_short(record)} is not a record", (), ""
    try:
        array = np.asarray(record[1])
    except ValueError:  # lists that are no array
        array = np.asarray(None)
    if array.dtype.kind == "O":
        return f"what key {_short(record[0])} stands for is not an array but {type(record[1]).__name__}", (), ""
    return record[0], array.shape, array.dtype.newbyteorder("=").str


def _info_of(found: list[tuple[Any, tuple[int, ...], str]], keys: list[Any]) -> ImagesInfo:
    """What records are together, if they are alike."""
    first, *others = keys
    kinds = {key: (shape, np.dtype(dtype)) for key, shape, dtype in found}
    shape, dtype = kinds[first]
    if len(shape) not in (2, 3):
        raise InputError(f"records: an array of shape {shape} is not a frame; each should be ([z,] y, x)")
    for key in others:
        if kinds[key] != kinds[first]:
            raise InputError(
                f"records: the frame of key {_short(key)} is {kinds[key][1]} of shape {kinds[key][0]}, that of "
                f"{_short(first)} {dtype} of shape {shape}; make all of one shape and dtype"
            )
    axes = "T" + "ZYX"[-len(shape) :]
    return ImagesInfo(name=NAME, axes=axes, shape=(len(keys), *shape), dtype=check_dtype(compute_as(dtype), NAME))


def _sort_keys(keys: list[Any]) -> list[Any]:
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


def pixels_of(array: Any) -> Frames:
    """The array of a record as a type that is computed with, in the byte order of this machine."""
    array = np.asarray(array)
    return np.asarray(array, compute_as(array.dtype))
