"""All frames tell together that dim ones turn or bend, of which halves of single frames tell nothing."""

import numpy as np
import pytest

from holdstill.contracts import Chunk, NoiseModel, Reference, Verdict
from holdstill.devices.cpu import CpuDevice
from holdstill.engines.threads import ThreadsEngine
from holdstill.evaluation.stress.base import OFFSET, Setting
from holdstill.evaluation.stress.suite import SCENES
from holdstill.io.array import ArraySource
from holdstill.methods.direct import Direct
from holdstill.reference.learning import Alignment
from holdstill.reference.sample import Sample
from holdstill.reference.template import _examine, _Learning
from holdstill.reference.turning import HELD_FAR_PX, Turning, _leave_shifts_out, goes_on
from holdstill.transforms.trajectory import Trajectory


def align(name: str, setting: Setting) -> tuple[Sample, Alignment]:
    """Frames where they should be, as far as a shift puts them there."""
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
    return Sample(ArraySource(scene.frames, axes="TYX"), rows), found


def judge(name: str, seed: int) -> Verdict | None:
    """What is said of dim frames."""
    of = align(name, Setting(photons=5.0, n_frames=30, size=128, seed=seed))
    return Turning(*of, CpuDevice())(Chunk(0, 1))


@pytest.mark.parametrize("name", ["beyond/rotation", "beyond/non_rigid"])
@pytest.mark.parametrize("seed", [21, 22])
def test_dim_frames_that_turn_or_bend_are_told(name: str, seed: int) -> None:
    """As translations they were ok, up to 12 px off."""
    assert judge(name, seed) is Verdict.CONTENT_CHANGED


@pytest.mark.parametrize("name", ["clean/spots", "moving/own_walk", "calcium/mild", "still/shading"])
def test_dim_frames_that_move_as_one_are_not_doubted(name: str) -> None:
    assert judge(name, 21) is None


@pytest.mark.parametrize("covering", [0.0, 12.0])
def test_what_bends_is_told_beside_what_passes_for_a_pattern(covering: float) -> None:
    """Error bars that were widened for a pattern that was none hid it: 20 of 30 frames were up to 6 px off, and ok."""
    of = align("beyond/non_rigid", Setting(photons=20.0, n_frames=16, size=64, seed=21))
    known = _Learning(sample=of[0], found=of[1], covering=covering)
    examined = _examine(known, Direct(motion="translation"), CpuDevice(), ThreadsEngine(1), True, False)
    assert examined.doubt is Verdict.CONTENT_CHANGED


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


def test_what_goes_with_the_shifts_is_of_what_holds_frames_back() -> None:
    """Shading holds frames in some places more than in others: cells found to 0.24 px left 46 standard errors of it."""
    rng = np.random.default_rng(1)
    shifts, errors = np.cumsum(rng.normal(0, 1, (30, 2)), axis=0), np.full((30, 4), 0.2)
    maps = 0.4 * shifts @ np.ones((2, 4)) + rng.normal(0, 0.2, (30, 4))
    bends = maps + np.sin(np.linspace(0, 6, 30))[:, None]
    assert goes_on(maps, errors)
    assert not goes_on(_leave_shifts_out(maps, shifts), errors, HELD_FAR_PX)
    assert goes_on(_leave_shifts_out(bends, shifts), errors, HELD_FAR_PX)
