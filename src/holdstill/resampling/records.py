"""Records of Spark, corrected where they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from holdstill.contracts import Device
from holdstill.engines.records import Record, Records, pixels_of
from holdstill.resampling.settings import Resampling
from holdstill.transforms.trajectory import Trajectory

__all__ = ["resample_records"]


def resample_records(records: Records, trajectory: Trajectory, resampling: Resampling, device: Device) -> Any:
    """A collection of the same keys with corrected frames, made when it is asked for."""
    return records.engine.map_partitions(records.rdd, _Resampling(trajectory, resampling, records.times, device))


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
            frames = how.convert(pixels_of(array)[None])
            out = np.empty_like(frames)
            self.trajectory.part([self.times[key]]).resample(
                self.device, frames, interpolation=how.interpolation, edge=how.edge, fill=how.fill, out=out
            )
            yield key, out[0] if how.box is None else out[0][how.box].copy()
