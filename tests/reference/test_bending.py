"""How much frames bend is learned of a few of them, by several workers, whose number changes nothing."""

import threading
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pytest

from holdstill.contracts import Device, FloatArray, Frames, Reference
from holdstill.devices.cpu import CpuDevice
from holdstill.engines.threads import ThreadsEngine
from holdstill.reference.bending import learn_prior
from holdstill.reference.sample import Sample
from tests.reference.stubs import SHAPE, Reader, make_source

PLACES = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0]


@dataclass(frozen=True, kw_only=True)
class Bender(Reader):
    """The evidence of a frame is its level, and the prior what all of it comes to."""

    bends: ClassVar[bool] = True
    enough: int = 100
    meeting: Any = None

    def count_telling(self, shape: tuple[int, ...]) -> int:
        """See `Estimator.count_telling`."""
        return self.enough

    def weigh_priors(self, state: Any, frames: Frames, device: Device) -> FloatArray:
        """See `Estimator.weigh_priors`; waits for another worker where there is a place to meet."""
        if self.meeting is not None:
            self.meeting.wait()
        return np.median(frames.reshape(len(frames), -1), axis=1).astype(float)[:, None]

    def find_prior(self, state: Any, evidence: FloatArray) -> tuple[float, ...]:
        """See `Estimator.find_prior`."""
        return tuple(evidence[:, 0].tolist())


def learn(workers: int, **options: Any) -> tuple[float, ...]:
    sample, rows = Sample(make_source(PLACES), np.arange(len(PLACES))), np.arange(len(PLACES))
    reference = Reference(image=np.zeros(SHAPE, np.float32))
    return learn_prior(reference, sample, rows, Bender(**options), CpuDevice(), ThreadsEngine(workers)).prior


def test_two_workers_weigh_at_the_same_time_what_one_weighs() -> None:
    assert learn(1) == learn(2, meeting=threading.Barrier(2, timeout=30)) == tuple(PLACES)


@pytest.mark.parametrize(("enough", "told"), [(1, (3.0,)), (2, (3.0, 6.0)), (3, (3.0, 1.0, 6.0))])
def test_few_frames_are_weighed_where_few_tell(enough: int, told: tuple[float, ...]) -> None:
    assert learn(2, enough=enough) == told
