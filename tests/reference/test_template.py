"""What a sample taught is kept, and comes back as it was."""

import io

import numpy as np
import pytest

from holdstill.contracts import NoiseModel, Reference, Verdict
from holdstill.devices.cpu import CpuDevice
from holdstill.engines.threads import ThreadsEngine
from holdstill.io.array import ArraySource
from holdstill.reference.contrast import Contrast
from holdstill.reference.defects import Defects
from holdstill.reference.learned import LearnedReference, pack_template, unpack_template
from holdstill.reference.learning import Alignment
from holdstill.reference.sample import Sample
from holdstill.reference.template import _show_aligned
from holdstill.transforms.trajectory import Trajectory

IMAGE = np.arange(12, dtype=np.float32).reshape(3, 4)


@pytest.mark.parametrize("rich", [False, True])
def test_a_template_survives_packing(rich: bool) -> None:
    reference = Reference(
        image=IMAGE, noise=NoiseModel(gain=0.5, read_variance=3.0, offset=-7.0) if rich else None, n_averaged=12.5,
        mask=IMAGE > 4 if rich else None, widening=1.5 if rich else 1.0,
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
    assert again.reference.widening == reference.widening
    assert (again.reference.mask is not None) == rich
    np.testing.assert_array_equal(again.reference.mask, reference.mask)
    np.testing.assert_array_equal(again.before, IMAGE + 1)
    np.testing.assert_array_equal(again.after, IMAGE + 2)
    assert (again.rounds, again.n_good, again.anchored) == (3, 40, rich)
    assert again.defects.describe() == defects.describe()
    assert (bool(again.defects), again.defects.doubt) == (rich, defects.doubt)


def test_of_frames_of_which_none_fits_evened_out_the_image_is_what_they_began_with() -> None:
    """Dust on a bright ground, at 5 photons: it ended in an IndexError."""
    frames = np.random.default_rng(2).poisson(5, (6, 32, 32)).astype(np.uint16)
    defects = Defects(contrast=Contrast(dark=0.0, softness=2.0))
    sample = Sample(ArraySource(frames, axes="TYX"), np.arange(6), defects=defects)
    reference = Reference(image=frames[0].astype(np.float32), noise=None)
    nothing = Alignment(
        reference=reference, after=reference.image, rows=np.zeros(0, np.int64), rounds=1,
        trajectory=Trajectory.of("translation", np.zeros((0, 2)), (32, 32)),
    )  # fmt: skip
    np.testing.assert_array_equal(_show_aligned(sample, nothing, CpuDevice(), ThreadsEngine(1)), reference.image)
