"""Records of a partition through the pipeline, without a cluster."""

import pickle

import numpy as np

from holdstill.contracts import Reference, Verdict
from holdstill.devices.plain import PlainDevice
from holdstill.reference.defects import Defects
from holdstill.reference.prepared import PreparedEstimator
from holdstill.run.records import _Estimating
from tests.reference.stubs import BLANK, SHAPE, Reader


def test_records_are_estimated_some_at_a_time_as_chunks_of_a_movie() -> None:
    """In any order, with the numbers of their keys; what movies in files are spared and told of, they are too."""
    places = {"c": 5.0, "a": 2.0, "e": BLANK, "b": 3.0, "d": 4.0}
    records = [(key, np.full(SHAPE, place, np.float32)) for key, place in places.items()]
    reference = Reference(image=np.ones(SHAPE, np.float32))
    defects = Defects(pattern=np.full(SHAPE, 1.0, np.float32), widening=2.0, doubt=Verdict.CONTENT_CHANGED)
    times = {key: t for t, key in enumerate("abcde")}
    job = _Estimating(PreparedEstimator(Reader(reach=2.5), reference, PlainDevice()), defects, times, 2)
    parts = list(pickle.loads(pickle.dumps(job))(iter(records)))
    assert [numbers for numbers, _ in parts] == [[2, 0], [4, 1], [3]]
    # each frame less the pattern and the reference: its place less two; beyond 2.5 it is not good, and not doubted
    assert [found.parameters[:, 0].tolist() for _, found in parts][::2] == [[3.0, 0.0], [2.0]]
    told = [verdict for _, found in parts for verdict in found.verdicts]
    assert told[:2] == [Verdict.MISMATCH, Verdict.CONTENT_CHANGED]
    assert told[3:] == [Verdict.CONTENT_CHANGED] * 2
    np.testing.assert_allclose(parts[0][1].errors, [[0.2, 0.4]] * 2)
