"""Every family of motion, the whole way in memory."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import holdstill as hs
from holdstill.evaluation.presets import texture
from holdstill.evaluation.warped import WarpedMovie, corner_distances, make_warped_movie
from holdstill.transforms.motions import MOTIONS, find_motion


def turned_movie(motion: str, n_frames: int = 12, shape: tuple[int, ...] = (120, 144)) -> WarpedMovie:
    """A movie of a texture that moves by some px and turns, scales, shears by a few percent."""
    found = find_motion(motion)
    names = found.names(len(shape))
    spread = np.array([3.0 if "shift" in name else 2e-5 if "per_px" in name else 0.02 for name in names])
    steps = np.random.default_rng(5).normal(size=(n_frames, len(names))) * spread
    steps[0] = 0
    # a quarter of the waves of a texture: they take most of the time
    scene = replace(texture(shape), n_waves=64)
    return make_warped_movie(scene, motion, found.identity(len(shape)) + steps, photons=400.0, seed=3)


@pytest.mark.parametrize("motion", [name for name in MOTIONS if name != "translation"])
def test_every_motion_against_a_known_reference(motion: str, tmp_path: Path) -> None:
    movie = turned_movie(motion)
    reg = hs.register(movie.frames, motion=motion, reference=movie.reference)
    far = corner_distances(reg.trajectory, movie.truth)
    assert reg.ok.all()
    assert np.sqrt((far**2).mean()) < 1.5 * np.sqrt((movie.corner_bounds**2).mean())
    assert 0.6 < ((reg.parameters - movie.truth.parameters) / reg.errors).std() < 1.5
    assert np.median(reg.corner_errors / movie.corner_bounds) == pytest.approx(1, abs=0.2)
    again = hs.load(reg.save(tmp_path / "drift.json"))
    np.testing.assert_array_equal(again.parameters, reg.parameters)
    points = np.array([[3.0, 4.0], [100.0, 90.0]])
    for found, true in zip(again, (movie.truth.transform(t) for t in range(len(reg))), strict=True):
        np.testing.assert_allclose(found.map(points), true.map(points), atol=0.5)
        np.testing.assert_allclose(found.inverse.map(found.map(points)), points, atol=1e-6)


@pytest.mark.parametrize("motion", ["rigid", "similarity", "affine", "projective"])
def test_a_learned_template_gives_motion_relative_to_the_first_frame(motion: str) -> None:
    movie = turned_movie(motion, 16)
    reg = hs.register(movie.frames, motion=motion)
    far = corner_distances(reg.trajectory, movie.truth)
    assert reg.ok.all()
    np.testing.assert_allclose(reg.parameters[0], find_motion(motion).identity(2), atol=1e-12)
    assert far.max() < 12 * np.median(movie.corner_bounds)


def test_turned_frames_are_resampled_once_and_cover_the_box() -> None:
    movie = turned_movie("rigid")
    reg = hs.register(movie.frames, motion="rigid", reference=movie.reference)
    still = reg.apply(movie.frames, crop=True).astype(float)
    inner = movie.reference[reg.coverage]
    assert still.shape[1:] == inner.shape
    assert min(still.shape[1:]) > 90
    noise = np.sqrt(movie.reference.mean() - 100)
    assert np.abs(still - inner).mean() < 1.1 * noise
    assert (still > 0).all()


def test_volumes_turn() -> None:
    movie = turned_movie("rigid", 3, (24, 48, 56))
    reg = hs.register(movie.frames, axes="TZYX", motion="rigid", reference=movie.reference)
    assert corner_distances(reg.trajectory, movie.truth).max() < 0.2


def test_align_one_pair() -> None:
    movie = turned_movie("affine", 2)
    reg = hs.align(movie.reference, movie.frames[1])
    assert len(reg) == 1
    assert corner_distances(reg.trajectory, movie.truth.part([1]))[0] < 0.2
    assert reg.apply(movie.frames[1]).shape == movie.reference.shape
    with pytest.raises(hs.HoldstillError, match="2 frames"):
        hs.align(movie.reference, movie.frames, axes="TYX")


def test_planes_only() -> None:
    with pytest.raises(hs.HoldstillError, match="for volumes choose one of translation, rigid, similarity, affine"):
        hs.register(np.zeros((3, 8, 16, 16), np.uint8), axes="TZYX", motion="projective")


@pytest.mark.parametrize("grey", [1.0, 0.01])
def test_error_bars_of_a_pair_hold_the_noise_of_both(grey: float) -> None:
    """A fixed image is no truth: taken for one, the bars were a third of the error."""
    found = find_motion("affine")
    truth = found.identity(2) + np.array([2.0, -3.0, 0.03, 0.01, 0.01, 0.01])
    parameters = np.stack([found.identity(2), truth] * 6)
    movie = make_warped_movie(texture((112, 112)), "affine", parameters, photons=100.0, seed=9)
    scores = []
    for fixed, moving in zip(movie.frames[::2], movie.frames[1::2], strict=True):
        reg = hs.align(fixed * np.float32(grey), moving)
        scores.append((reg.parameters[0] - truth) / reg.errors[0])
    assert 0.7 < np.sqrt(np.mean(np.square(scores))) < 1.4
    exact = hs.align(movie.reference * grey, movie.frames[1])
    assert np.median(exact.errors[0] / reg.errors[0]) < 0.8


def test_dim_frames_that_turn_are_learned() -> None:
    """No frame of these shows enough of its content to tell angles by; frames beside a template of shifts do."""
    names = find_motion("rigid").names(2)
    steps = np.random.default_rng(5).normal(size=(24, 3)) * [3.0 if "shift" in name else 0.01 for name in names]
    steps[0] = 0
    movie = make_warped_movie(texture((112, 120)), "rigid", steps, photons=8.0, seed=3)
    reg = hs.register(movie.frames, motion="rigid")
    far = corner_distances(reg.trajectory, movie.truth)
    assert reg.ok.mean() > 0.95
    assert far[reg.ok].max() < 12 * np.median(movie.corner_bounds)
