"""Motion and reference chosen by pixels that were not used to fit."""

from pathlib import Path

import numpy as np
import pytest

import holdstill as hs
from holdstill.cli import run
from holdstill.devices.plain import PlainDevice
from holdstill.evaluation import trajectories
from holdstill.evaluation.movies import make_movie
from holdstill.evaluation.presets import texture
from holdstill.evaluation.warped import make_warped_movie
from holdstill.run.judging import choose, exclude_motion, score_frames, tile
from holdstill.transforms.trajectory import Trajectory

SHAPE, N = (96, 96), 16


def moving(step: float, photons: float = 60.0, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    truth = trajectories.walk(N, step, seed=seed)
    return make_movie(texture(SHAPE, seed=1), truth, photons=photons, seed=seed).frames, truth


def test_tiles_are_half_of_the_pixels() -> None:
    tiles = tile((96, 130))
    assert 0.4 < tiles.mean() < 0.6
    assert tiles[0, 0]
    assert not tiles[0, 12]
    assert tile((3, 40, 40)).shape == (3, 40, 40)


def test_what_is_explained() -> None:
    frames, truth = moving(0.8)
    held, device = ~tile(SHAPE), PlainDevice()
    right, off, still = (
        score_frames(frames, Trajectory.of("translation", shifts, SHAPE), held, device)
        for shifts in (truth, truth + np.random.default_rng(0).normal(0, 2, truth.shape), 0 * truth)
    )
    assert np.nanmean(right) > 1.05 * np.nanmean(off)
    assert np.nanmean(right) > 1.05 * np.nanmean(still)
    assert (right[np.isfinite(right)] <= 1.05).all()


def test_interpolation_of_noise_is_no_merit() -> None:
    """Half a px back and forth makes means smoother; it must not win where nothing moves."""
    frames, truth = moving(0.0, photons=5.0)
    jitter = np.random.default_rng(0).choice([-0.5, 0.5], truth.shape)
    held, device = ~tile(SHAPE), PlainDevice()
    none, wrong = (
        score_frames(frames, Trajectory.of("translation", one, SHAPE), held, device) for one in (0 * truth, jitter)
    )
    assert np.nanmean(wrong) < 1.02 * np.nanmean(none)


def test_the_narrowest_of_those_that_are_alike() -> None:
    rng = np.random.default_rng(0)
    base = rng.uniform(0.4, 0.6, (40, 4))
    table = {
        "none": base,
        "a": base * 1.1,
        "b": base * 1.1 * rng.normal(1, 1e-3, base.shape),
        "c": base * 1.2,
        "d": base * np.nan,
    }
    assert choose(["none", "a", "b"], table.__getitem__).name == "a"
    assert choose(["none", "a", "c"], table.__getitem__).name == "c"
    assert choose(["none", "b", "d"], table.__getitem__).name == "b"
    noisy = base * rng.normal(1.02, 0.2, base.shape)
    assert choose(["none", "noisy"], {"none": base, "noisy": noisy}.__getitem__).name == "none"
    few = {"none": base[:3], "moved": base[:3] * [[1.5], [1.01], [1.1]]}  # one frame moved far, the others hardly
    assert choose(["none", "moved"], few.__getitem__).name == "moved"
    assert choose(["none", "a"], table.__getitem__).scores["a"] == pytest.approx(1 - 1 / 1.1, abs=1e-4)


def test_translation_is_taken_where_it_is_enough() -> None:
    frames, _ = moving(0.8)
    reg = hs.register(frames, motion="auto")
    assert reg.provenance["chosen"]["taken"] == "translation"
    assert reg.motion == "translation"
    assert np.array_equal(reg.shifts, hs.register(frames).shifts)


def test_rotation_is_found() -> None:
    truth = np.zeros((N, 3))
    truth[:, 2] = np.linspace(-0.1, 0.1, N)
    movie = make_warped_movie(texture(SHAPE, seed=1), "rigid", truth, photons=200.0)
    reg = hs.register(movie.frames, motion="auto")
    assert reg.provenance["chosen"]["taken"] == "rigid"


def test_a_movie_without_motion_is_left_alone_and_ok() -> None:
    frames, _ = moving(0.0)
    reg = hs.register(frames, motion="auto")
    assert reg.provenance["chosen"]["taken"] == "none"
    assert not reg.parameters.any()
    assert set(reg.treatments) == {"identity"}
    assert reg.ok.mean() > 0.9
    assert np.array_equal(reg.apply(frames), frames)


def test_what_may_have_moved_is_not_called_ok() -> None:
    frames, truth = moving(0.8)
    alone = exclude_motion(hs.register(frames))
    moved = np.abs(truth - np.median(truth, axis=0)).max(axis=1) > 0.3
    assert not alone.ok[moved].any()
    assert not alone.parameters.any()
    assert set(np.array(alone.verdicts)[moved]) == {"content_changed"}


def test_noise_is_left_alone_and_the_command_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    np.save(tmp_path / "noise.npy", np.random.default_rng(0).poisson(50, (8, 48, 48)).astype(np.uint16))
    target = tmp_path / "still.ome.tif"
    assert run(["correct", str(tmp_path / "noise.npy"), str(target), "--motion", "auto", "--no-report"]) == 1
    assert "nothing predicts its frames better than no motion, so that it was left alone" in capsys.readouterr().err
    with hs.open(target) as source:
        assert np.array_equal(source.read(0, 8)[:, 0], np.load(tmp_path / "noise.npy"))


def test_frames_that_nobody_explains_decide_nothing() -> None:
    none = np.random.default_rng(0).uniform(0.4, 0.6, (40, 4))
    moved = 1.1 * none
    none[3], moved[3] = 1e-3, 0.0  # blank
    assert choose(["none", "moved"], {"none": none, "moved": moved}.__getitem__).name == "moved"


def test_what_cannot_follow_is_not_compared_with_references_that_change() -> None:
    frames = make_movie(texture((64, 64), seed=1), trajectories.jitter(8, 2.0, seed=1), photons=60.0, seed=2).frames
    for motion in ("lines", "piecewise"):
        reg = hs.register(frames, motion=motion, reference="auto", line_time=0)
        assert reg.provenance["chosen"]["taken"] == "template"
        assert "rolling" not in reg.provenance["chosen"]["explained_against_none"]


@pytest.mark.parametrize(("size", "seed"), [(24, 2), (64, 1), (64, 3), (128, 1)])
def test_a_frame_of_noise_that_all_were_compared_with_is_not_ok(size: int, seed: int) -> None:
    """It lies on itself, and was ok where no other frame was."""
    frames = np.random.default_rng(seed).poisson(50, (6, size, size))
    assert not hs.register(frames.astype(np.uint16)).ok.any()


@pytest.mark.parametrize(("motion", "n_seen"), [("translation", 0), ("translation", 1), ("affine", 0)])
def test_frames_without_a_specimen_that_are_judged_on_their_middle(motion: str, n_seen: int) -> None:
    # above 256 px a part decides: where no frame fitted, nothing was known of it, and the call ended in a ValueError
    rng = np.random.default_rng(0)
    frames = rng.poisson(5, (6, 264, 258))
    frames[:n_seen] += rng.poisson(np.add.outer(np.arange(264) % 37, np.arange(258) % 53))
    found = hs.register(frames.astype(np.uint16), motion=motion)
    assert not found.ok[n_seen:].any()
