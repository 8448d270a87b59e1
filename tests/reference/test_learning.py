"""How a sample is aligned and averaged."""

from typing import Any

import numpy as np
import pytest

from holdstill.contracts import NoiseModel, Reference
from holdstill.devices.cpu import CpuDevice
from holdstill.engines.threads import ThreadsEngine
from holdstill.reference import learning
from holdstill.reference.learning import _without_guess
from holdstill.reference.prepared import PreparedEstimator
from holdstill.reference.sample import Sample, estimate_all
from tests.reference.stubs import SHAPE, Reader, make_source


@pytest.mark.parametrize(
    ("places", "tried", "is_trusted"),
    [([5.0] * 40, [4, 12], True), ([900.0 + n for n in range(40)], [4], False), ([5.0, 5.0, 900.0], [3], True)],
)
def test_where_none_of_a_few_frames_is_free_of_noise_the_others_are_not_tried(
    monkeypatch: pytest.MonkeyPatch, places: list[float], tried: list[int], is_trusted: bool
) -> None:
    """Each of 48 frames of noise took half a second to be looked for at all angles."""
    counts: list[int] = []

    def count(sample: Sample, rows: Any, prepared: PreparedEstimator, engine: ThreadsEngine) -> Any:
        counts.append(len(rows))
        return estimate_all(sample, rows, prepared, engine)

    monkeypatch.setattr(learning, "estimate_all", count)
    reference = Reference(image=np.full(SHAPE, 5.0, np.float32), noise=NoiseModel(read_variance=9.0), n_averaged=1.0)
    prepared = PreparedEstimator(Reader(reach=1.0), reference, CpuDevice())
    sample = Sample(make_source(places), np.arange(len(places)))
    found = _without_guess(reference, sample, prepared, ThreadsEngine(1))
    assert counts == tried
    assert (found is not reference) == is_trusted
