"""Frames of which some rows are noise."""

import numpy as np
import pytest

import holdstill as hs
from holdstill.contracts import Verdict
from holdstill.evaluation import trajectories
from holdstill.evaluation.movies import make_movie
from holdstill.evaluation.presets import sparse, texture
from holdstill.reference.broken_rows import find_broken, measure_steps

SHAPE = (96, 120)


def make_frames(n: int, seed: int, photons: float = 30.0) -> np.ndarray:
    scene = sparse(SHAPE, seed=seed) if seed % 2 else texture(SHAPE, seed=seed)
    truth = trajectories.walk(n, 0.5, seed=seed)
    return make_movie(scene, truth, photons=photons, seed=seed).frames.copy()


def flip_bits(frame: np.ndarray, rows: slice, seed: int) -> None:
    """What a link that loses its clock makes of some rows: a bit above what they span is as likely right as wrong."""
    flips, high = np.random.default_rng(seed).integers(0, 2, frame[rows].shape), int(np.ptp(frame)).bit_length()
    frame[rows] ^= (flips << high).astype(frame.dtype)


@pytest.mark.parametrize("seed", [0, 1, 2, 3])
@pytest.mark.parametrize("rows", [slice(20, 25), slice(0, 40), slice(90, 96)])
def test_rows_of_noise_are_found_and_nothing_else(seed: int, rows: slice) -> None:
    frames = make_frames(12, seed)
    steps = measure_steps(frames)
    assert steps is not None
    assert not find_broken(frames, steps).any()
    for t in (4, 9):
        flip_bits(frames[t], rows, t)
    for found in (find_broken(frames, steps), find_broken(frames, measure_steps(frames))):
        assert np.flatnonzero(found).tolist() == [4, 9]


@pytest.mark.parametrize("seed", [0, 1])
def test_light_and_things_that_pass_are_no_noise(seed: int) -> None:
    """A frame three times as bright, and one with a bright band, a large flash, no focus, or upside down."""
    frames = make_frames(12, seed)
    steps = measure_steps(frames)
    rng = np.random.default_rng(seed)
    others = frames[:5].copy()
    others[0] = rng.poisson((others[0] - 90.0) * 3) + 90
    others[1, 40:50] += rng.poisson(400, others[1, 40:50].shape).astype(np.uint16)
    y, x = np.ogrid[:96, :120]
    others[2] += rng.poisson(600 * np.exp(-((y - 50) ** 2 + (x - 60) ** 2) / 300)).astype(np.uint16)
    others[3] = others[3].mean() + rng.normal(0, 3, SHAPE)
    others[4] = others[4][::-1]
    assert not find_broken(others, steps).any()


def test_few_frames_and_narrow_ones_tell_nothing() -> None:
    frames = make_frames(12, 0)
    assert measure_steps(frames[:4]) is None
    assert measure_steps(frames[..., :20]) is None
    assert measure_steps(np.full((12, 40, 64), 7, np.uint8)) is None


def test_a_movie_with_rows_of_noise() -> None:
    """Their shift is still found; what they show is not what the camera saw."""
    frames = make_frames(20, 2, photons=60.0)
    for t in (7, 13):
        flip_bits(frames[t], slice(30, 45), t)
    found = hs.register(frames)
    assert np.flatnonzero(~found.ok).tolist() == [7, 13]
    assert found.verdicts[7] is Verdict.CORRUPTED
    assert "rows are noise" in found.reasons[7]
    apart = found.estimates - trajectories.walk(20, 0.5, seed=2)
    np.testing.assert_allclose(apart - np.median(apart, axis=0), 0, atol=0.3)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int16, np.float32])
@pytest.mark.parametrize("width", [33, 100, 520])
def test_frames_are_told_alike_in_every_dtype(dtype: type, width: int) -> None:
    rng = np.random.default_rng(width)
    frames = rng.poisson(20, (12, 60, width)).astype(dtype)
    steps = measure_steps(frames)
    frames[3, 10:18] = rng.integers(0, 120, (8, width))
    assert np.flatnonzero(find_broken(frames, steps)).tolist() == [3]
    assert not find_broken(frames, (1e9, 1.0)).any()
