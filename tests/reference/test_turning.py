"""All frames tell together that dim ones turn or bend, of which halves of single frames tell nothing."""

import numpy as np
import pytest

from holdstill.contracts import Chunk, NoiseModel, Reference, Verdict
from holdstill.devices.cpu import CpuDevice
from holdstill.evaluation.stress.base import OFFSET, Setting
from holdstill.evaluation.stress.suite import SCENES
from holdstill.io.array import ArraySource
from holdstill.reference.learning import Alignment
from holdstill.reference.sample import Sample
from holdstill.reference.turning import Turning, goes_on
from holdstill.transforms.trajectory import Trajectory


def judge(name: str, seed: int) -> Verdict | None:
    """What is said of dim frames that are where they should be, as far as a shift puts them there."""
    setting = Setting(photons=5.0, n_frames=30, size=128, seed=seed)
    scene = SCENES[name](setting)
    trajectory = Trajectory.of("translation", scene.truth.mean(axis=1), setting.shape)
    aligned = np.empty(scene.frames.shape, np.float32)
    trajectory.resample(
        CpuDevice(), scene.frames.astype(np.float32), interpolation="cubic", edge="constant", fill=np.nan, out=aligned
    )
    mean = np.nanmean(aligned, axis=0).astype(np.float32)
    noise = NoiseModel(gain=1.0, read_variance=4.1, offset=OFFSET)
    rows = np.arange(len(aligned))
    found = Alignment(
        reference=Reference(image=mean, noise=noise, n_averaged=float(len(rows))), after=mean, rows=rows,
        trajectory=trajectory, rounds=1,
    )  # fmt: skip
    return Turning(Sample(ArraySource(scene.frames, axes="TYX"), rows), found, CpuDevice())(Chunk(0, 1))


@pytest.mark.parametrize("name", ["beyond/rotation", "beyond/non_rigid"])
@pytest.mark.parametrize("seed", [21, 22])
def test_dim_frames_that_turn_or_bend_are_told(name: str, seed: int) -> None:
    """As translations they were ok, up to 12 px off."""
    assert judge(name, seed) is Verdict.CONTENT_CHANGED


@pytest.mark.parametrize("name", ["clean/spots", "moving/own_walk", "calcium/mild", "still/shading"])
def test_dim_frames_that_move_as_one_are_not_doubted(name: str) -> None:
    assert judge(name, 21) is None


def test_maps_that_are_noise_or_stay_as_they_are_say_nothing() -> None:
    rng = np.random.default_rng(0)
    noise, errors = rng.normal(0, 1, (24, 4)), np.ones((24, 4))
    wave = np.sin(np.linspace(0, 6, 24))[:, None]
    assert not goes_on(noise, errors)
    assert not goes_on(noise + 50.0, errors)
    assert goes_on(noise + 4 * wave, errors)
    # sure, and next to nothing
    assert not goes_on(0.1 * (noise / 10 + wave), errors / 100)
    assert not goes_on(np.full((24, 4), np.nan), errors)
