"""A pattern that every other frame tells alike is believed, and one that it contradicts is not."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter
from scipy.ndimage import shift as move

from holdstill.devices.cpu import CpuDevice
from holdstill.methods.direct import Direct
from holdstill.reference.repeating import Repetition, repeat, settle
from holdstill.reference.separation import ROUNDS, Model, Solver
from holdstill.transforms.trajectory import Trajectory

SHAPE, N = (64, 64), 16


def _make(seed: int = 0) -> tuple[Solver, np.ndarray, Model]:
    """Frames of a specimen that moves beside a pattern, and the model that they were made of."""
    rng = np.random.default_rng(seed)
    wide, pattern = gaussian_filter(rng.standard_normal((96, 96)), 2), gaussian_filter(rng.standard_normal(SHAPE), 2)
    wide, pattern = 20 * wide / wide.std(), (20 * pattern / pattern.std()).astype(np.float32)
    path = rng.uniform(-6, 6, (N, 2))
    shown = np.array([move(wide, shift, order=3, mode="mirror")[16:80, 16:80] for shift in path])
    frames = (shown + pattern + 2 * rng.standard_normal(shown.shape)).astype(np.float32)
    solver = Solver(Direct(motion="translation"), CpuDevice(), 4.0)
    trajectory = Trajectory.of("translation", path, SHAPE)
    specimen = wide[16:80, 16:80].astype(np.float32)
    return solver, frames, Model(pattern - pattern.mean(), np.arange(N), trajectory, specimen)


def test_halves_of_the_frames_agree_on_what_is_right() -> None:
    again = repeat(*_make())
    assert not again.contradicts
    assert again.far == 0
    assert again.px < 0.2
    assert 0.002 < again.error < 0.1


def test_halves_contradict_a_model_that_puts_frames_anywhere() -> None:
    solver, frames, model = _make()
    anywhere = Trajectory.of("translation", np.random.default_rng(1).uniform(-6, 6, (N, 2)), SHAPE)
    pattern, specimen = (np.zeros(SHAPE, np.float32) for _ in range(2))
    rows = np.arange(N)
    _, pattern, specimen = solver.split(frames, anywhere, pattern, 6)
    assert repeat(solver, frames, Model(pattern, rows, anywhere, specimen)).contradicts
    assert not repeat(solver, frames, replace(model, varies=True)).contradicts


def test_what_halves_differ_by_is_covered_in_units_of_an_error_bar() -> None:
    assert Repetition(px=0.2, far=0.0, error=0.1).covering == pytest.approx(3.0)
    assert not Repetition(px=0.2, far=0.0, error=0.1).contradicts
    for doubtful in (Repetition(px=0.2, far=0.4, error=0.1), Repetition(px=np.inf, far=0.0, error=0.1)):
        assert doubtful.contradicts


@pytest.mark.parametrize(
    ("px", "far", "contradicts"), [(0.02, 0.0, False), (0.03, 0.32, True), (4.4, 0.75, True), (np.inf, 0.0, True)]
)
def test_halves_that_part_by_pixels_contradict(px: float, far: float, contradicts: bool) -> None:
    """Of a multiplied pattern 26 of 30 frames were held at rest, ok, though something surely moved beside it."""
    assert Repetition(px=px, far=far, error=0.04).contradicts == contradicts


def test_frames_that_a_pattern_holds_are_let_go_of_in_the_end() -> None:
    """After as many rounds as others take they stood at 0.7 of their motion, with error bars of a tenth of that."""
    rng = np.random.default_rng(2)
    wide, pattern = gaussian_filter(rng.standard_normal((96, 96)), 5), gaussian_filter(rng.standard_normal(SHAPE), 5)
    path = rng.uniform(-3, 3, (N, 2))
    shown = np.array([move(20 * wide / wide.std(), shift, order=3)[16:80, 16:80] for shift in path])
    frames = (shown + 20 * pattern / pattern.std() + 2 * rng.standard_normal(shown.shape)).astype(np.float32)
    solver, half = Solver(Direct(motion="translation"), CpuDevice(), 4.0), Trajectory.of("translation", path / 2, SHAPE)
    held = solver.refine(frames, np.arange(N), half, np.zeros(SHAPE, np.float32), ROUNDS)
    assert held is not None
    assert _measure_share(held, path) < 0.8
    found, left = settle(solver, frames, held)
    assert _measure_share(found, path) == pytest.approx(1.0, abs=0.05)
    assert left < 0.1


def _measure_share(model: Model, path: np.ndarray) -> float:
    """Of the motion along both axes."""
    moved, true = model.trajectory.shifts - model.trajectory.shifts.mean(axis=0), path[model.rows]
    true = true - true.mean(axis=0)
    return float((moved * true).sum() / (true**2).sum())
