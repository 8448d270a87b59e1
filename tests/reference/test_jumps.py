"""A jump that a template tells is one that frames on either side of it show without the template."""

import numpy as np
import pytest

from holdstill.contracts import Chunk, NoiseModel, Reference, Verdict
from holdstill.devices.cpu import CpuDevice
from holdstill.estimators import Direct
from holdstill.evaluation.presets import sparse
from holdstill.io.array import ArraySource
from holdstill.reference.jumps import Jumping
from holdstill.reference.learning import Alignment
from holdstill.reference.sample import Sample
from holdstill.transforms.trajectory import Trajectory

OFFSET = 100.0
PLACES = np.repeat([[0.0, 0.0], [30.0, -14.0]], 8, axis=0) + np.random.default_rng(3).normal(0, 0.4, (16, 2))


def judge(claimed: np.ndarray, actual: np.ndarray, seeds: tuple[int, int]) -> Verdict | None:
    """What is said of two specimens, eight dim frames each, that lie elsewhere than where a template has them."""
    rng, light = np.random.default_rng(5), 40.0
    specimens = [sparse((96, 96), seed=seed) for seed in np.repeat(seeds, 8)]
    frames = np.stack([scene.intensity(tuple(shift)) for scene, shift in zip(specimens, actual, strict=True)])
    recorded = (OFFSET + rng.poisson(light * frames)).astype(np.uint16)
    noise, rows = NoiseModel(gain=1.0, read_variance=1.0, offset=OFFSET), np.arange(16)
    image = np.asarray(OFFSET + light * frames[0], np.float32)
    found = Alignment(
        reference=Reference(image=image, noise=noise, n_averaged=16.0), after=image, rows=rows,
        trajectory=Trajectory.of("translation", claimed, image.shape), rounds=1,
    )  # fmt: skip
    sample = Sample(ArraySource(recorded, axes="TYX"), rows)
    return Jumping(sample, found, Direct(), CpuDevice())(Chunk(0, 1))


def test_a_stage_that_jumped_is_believed() -> None:
    assert judge(PLACES, PLACES, (1, 1)) is None


@pytest.mark.parametrize(
    ("actual", "seeds"), [(PLACES - PLACES.round(-1), (1, 1)), (PLACES, (1, 2))], ids=["it did not", "another specimen"]
)
def test_a_jump_that_its_frames_do_not_show_is_doubted(actual: np.ndarray, seeds: tuple[int, int]) -> None:
    """Of a movie whose content is exchanged 8 of 30 frames were 61 px off, ok."""
    assert judge(PLACES, actual, seeds) is Verdict.CONTENT_CHANGED


def test_nothing_is_asked_where_nothing_jumps() -> None:
    assert judge(PLACES - PLACES.round(-1), PLACES - PLACES.round(-1), (1, 2)) is None
