"""Content that comes and goes is told from content that flashes, fades or is passed by something."""

import numpy as np
import pytest

from holdstill.api import register
from holdstill.contracts import Chunk, Reference, Verdict
from holdstill.devices.plain import PlainDevice
from holdstill.evaluation.stress.base import Setting
from holdstill.evaluation.stress.suite import SCENES
from holdstill.io.array import ArraySource
from holdstill.reference.learning import Alignment
from holdstill.reference.sample import Sample
from holdstill.reference.turnover import Comparing, compare_over_lags
from holdstill.transforms.trajectory import Trajectory

N, SIDE = 24, 96


def judge(frames: np.ndarray) -> Verdict | None:
    """What is said of frames that do not move."""
    still = Trajectory.of("translation", np.zeros((len(frames), 2)), frames.shape[1:])
    found = Alignment(
        reference=Reference(image=frames.mean(axis=0)), after=frames.mean(axis=0), rows=np.arange(len(frames)),
        trajectory=still, rounds=1,
    )  # fmt: skip
    sample = Sample(ArraySource(frames.astype(np.float32), axes="TYX"), np.arange(len(frames)))
    return Comparing(sample, found, PlainDevice())(Chunk(0, 1))


def draw_cells(weights: np.ndarray, seed: int = 0) -> np.ndarray:
    """Frames, (n, SIDE, SIDE), of squares of 5 px with `weights`, (n, cells), and noise."""
    rng = np.random.default_rng(seed)
    places, images = rng.integers(0, SIDE - 5, (weights.shape[1], 2)), np.zeros((weights.shape[1], SIDE, SIDE))
    for (y, x), image in zip(places, images, strict=True):
        image[y : y + 5, x : x + 5] = 1
    return np.tensordot(weights, images, 1) + 0.1 * rng.standard_normal((len(weights), SIDE, SIDE))


def test_what_stays_is_not_doubted_however_it_flashes_and_fades() -> None:
    rng, bleached = np.random.default_rng(1), np.linspace(1, 0.3, N)[:, None]
    assert judge(draw_cells(np.ones((N, 60)))) is None
    assert judge(draw_cells(bleached * np.ones((N, 60)))) is None
    assert judge(draw_cells(rng.random((N, 60)) > 0.7)) is None


def test_what_comes_and_goes_is_doubted() -> None:
    middles, times = np.linspace(-4, N + 4, 200), np.arange(N)[:, None]
    assert judge(draw_cells(np.exp(-0.5 * ((times - middles) / 3.0) ** 2))) is Verdict.CONTENT_CHANGED


def test_noise_alone_tells_nothing() -> None:
    assert judge(np.random.default_rng(0).standard_normal((N, SIDE, SIDE))) is None


def test_lags_are_compared_by_quarters() -> None:
    angles = np.linspace(0, np.pi, 16, endpoint=False)
    frames = np.stack([np.cos(angles), np.sin(angles)], axis=1) @ np.array([[1.0, -1, 0, 0], [0, 0, 1.0, -1]])
    near, far = compare_over_lags(frames)
    assert near == pytest.approx(np.cos(np.pi / 16))
    assert far[1] == pytest.approx(np.mean([np.cos(np.pi * lag / 16) for lag in range(8, 12) for _ in range(16 - lag)]))


def test_a_movie_whose_content_is_exchanged_is_refused_and_says_what_would_help() -> None:
    scene = SCENES["turnover/exchange"](Setting(photons=20.0, n_frames=30, size=96, seed=3))
    found = register(scene.frames)
    assert not found.ok.any()
    assert {Verdict.CONTENT_CHANGED} <= set(found.verdicts)


def test_correlations_over_lags_are_those_of_all_pixels_at_once() -> None:
    rng = np.random.default_rng(2)
    frames = (rng.normal(size=(8, 9001)) + rng.normal(size=9001) + 500).astype(np.float32)
    near, far = compare_over_lags(frames)
    expected = np.corrcoef(frames, dtype=np.float64)
    lags = np.abs(np.subtract.outer(range(8), range(8)))
    assert near == pytest.approx(expected[lags == 1].mean(), rel=1e-9)
    np.testing.assert_allclose(far[0], expected[(lags == 2) | (lags == 3)].mean(), rtol=1e-9)
