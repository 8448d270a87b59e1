"""The phase of rows that were scanned backwards, against exact truth."""

import numpy as np
import pytest

from holdstill.evaluation.presets import cells, sparse, texture
from holdstill.evaluation.scenes import Scene
from holdstill.methods.search.scan_phase import learn_weights, measure_phases, shift_rows

SIZE = 256


def scan(scene: Scene, phase: float, shift: tuple[float, float] = (0.0, 0.0)) -> np.ndarray:
    """The light of a frame whose odd rows show the specimen at larger x."""
    even, odd = scene.intensity(np.array(shift, float)), scene.intensity(np.add(shift, (0.0, phase)))
    return np.where((np.arange(len(even)) % 2 == 1)[:, None], odd, even)


def record(scene: Scene, phases: list[float], peak: float, seed: int = 0) -> np.ndarray:
    """Frames with the noise of light and camera; one pixel in a hundred has so many photons or more."""
    rng = np.random.default_rng(seed)
    scale = peak / np.quantile(scan(scene, 0.0), 0.99)
    light = [scan(scene, phase, (0.3 * t, 0.7 * t)) * scale for t, phase in enumerate(phases)]
    return np.stack([rng.poisson(one) + rng.normal(100, 2, one.shape) for one in light]).astype(np.float32)


SCENES = {"sparse": sparse, "texture": texture, "cells": cells}
PHASES = [0.3, -0.6, 1.4, 2.03, -3.7, 0.0]


def test_the_phase_of_each_frame_to_two_hundredths_of_a_px() -> None:
    frames = record(sparse((512, 512), seed=1), PHASES, peak=20)
    found, errors = measure_phases(frames, learn_weights(frames))
    assert np.sqrt(((found - PHASES) ** 2).mean()) < 0.02
    assert (np.abs(found - PHASES) < 4 * errors).all()
    assert (errors < 0.03).all()


@pytest.mark.parametrize("name", SCENES)
def test_errors_hold_where_there_is_less_to_see(name: str) -> None:
    frames = record(SCENES[name]((SIZE, SIZE), seed=1), PHASES * 2, peak=60)
    found, errors = measure_phases(frames, learn_weights(frames))
    assert 0.5 < ((found - PHASES * 2) / errors).std() < 1.8
    assert (errors < 0.2).all()


@pytest.mark.parametrize("name", SCENES)
def test_movies_without_one_have_none(name: str) -> None:
    frames = record(SCENES[name]((SIZE, SIZE), seed=2), [0.0] * 8, peak=200, seed=1)
    found, errors = measure_phases(frames, learn_weights(frames))
    assert (found / errors).std() < 1.8
    assert (np.abs(found) < 4.5 * errors).all()
    assert np.abs(found).max() < 0.05


def test_noise_tells_nothing() -> None:
    noise = np.random.default_rng(0).normal(100, 3, (6, 128, 128)).astype(np.float32)
    weights = learn_weights(noise)
    found, errors = measure_phases(noise, weights)
    assert not found.any()
    assert np.isnan(errors).all()
    small = np.zeros((2, 8, 8), np.uint8)
    assert learn_weights(small).tell_nothing
    assert np.isnan(measure_phases(small, learn_weights(small))[1]).all()


def test_uneven_rows_are_no_phase() -> None:
    """An offset of every second row stands still; it moves nothing."""
    frames = record(cells((SIZE, SIZE), seed=1), [0.0, 0.5], peak=50)
    frames[:, 1::2] += 30
    found, errors = measure_phases(frames, learn_weights(frames))
    assert (np.abs(found - [0.0, 0.5]) < 4.5 * errors).all()
    plain, _ = measure_phases(record(cells((SIZE, SIZE), seed=1), [0.0, 0.5], peak=50), learn_weights(frames))
    assert found == pytest.approx(plain, abs=1e-3)


def test_volumes_and_missing_pixels() -> None:
    planes = record(texture((SIZE, SIZE), seed=1), [0.4, 0.4, 0.4], peak=50)
    planes[:, 40:60, 100:130] = np.nan
    volumes = planes[None]
    found, errors = measure_phases(volumes, learn_weights(volumes))
    assert found.shape == errors.shape == (1,)
    assert found == pytest.approx([0.4], abs=0.03)


def test_rows_are_moved_back() -> None:
    scene = texture((64, 96), seed=1)
    moved = shift_rows(np.stack([scan(scene, 1.3), scan(scene, -2.0)]), np.array([1.3, -2.0]))
    assert np.abs(moved - scene.intensity(np.zeros(2)))[..., 4:-4].max() < 0.02 * np.ptp(scene.intensity(np.zeros(2)))
    assert np.array_equal(moved[:, ::2], np.float32([scan(scene, 0.0)[::2]] * 2))


def test_frames_of_too_little_light_tell_nothing() -> None:
    """And no false peak many px away."""
    frames = record(sparse((128, 128), seed=1), [0.0] * 12, peak=3)
    frames[4] = np.random.default_rng(0).normal(100, 2, frames[4].shape)
    found, errors = measure_phases(frames, learn_weights(frames))
    assert np.isnan(errors[4])
    told = np.isfinite(errors)
    assert (np.abs(found[told]) < 5 * errors[told]).all()
    assert np.abs(found).max() < 2
