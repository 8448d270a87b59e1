"""What a sample taught is kept, and comes back as it was."""

import io

import numpy as np
import pytest

from holdstill.contracts import NoiseModel, Reference, Verdict
from holdstill.reference.defects import Defects
from holdstill.reference.template import LearnedReference, pack_template, unpack_template

IMAGE = np.arange(12, dtype=np.float32).reshape(3, 4)


@pytest.mark.parametrize("rich", [False, True])
def test_a_template_survives_packing(rich: bool) -> None:
    reference = Reference(
        image=IMAGE, noise=NoiseModel(gain=0.5, read_variance=3.0, offset=-7.0) if rich else None, n_averaged=12.5,
        mask=IMAGE > 4 if rich else None,
    )  # fmt: skip
    defects = (
        Defects(missing=IMAGE > 10, rails=(0.0,), widening=1.5, doubt=Verdict.STATIC_PATTERN) if rich else Defects()
    )
    learned = LearnedReference(
        reference=reference, anchored=rich, defects=defects, before=IMAGE + 1, after=IMAGE + 2, rounds=3, n_good=40
    )
    stored = io.BytesIO()
    np.savez(stored, allow_pickle=False, **pack_template(learned))
    stored.seek(0)
    again = unpack_template(dict(np.load(stored, allow_pickle=False)))
    np.testing.assert_array_equal(again.reference.image, IMAGE)
    assert (again.reference.noise, again.reference.n_averaged) == (reference.noise, 12.5)
    assert (again.reference.mask is not None) == rich
    np.testing.assert_array_equal(again.reference.mask, reference.mask)
    np.testing.assert_array_equal(again.before, IMAGE + 1)
    np.testing.assert_array_equal(again.after, IMAGE + 2)
    assert (again.rounds, again.n_good, again.anchored) == (3, 40, rich)
    assert again.defects.describe() == defects.describe()
    assert (bool(again.defects), again.defects.doubt) == (rich, defects.doubt)
