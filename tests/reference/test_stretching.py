"""What holds frames back is found by where they explain each other best."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from holdstill.devices.cpu import CpuDevice
from holdstill.evaluation.blobs import draw_blobs
from holdstill.methods.direct import Direct
from holdstill.reference.separation import Solver
from holdstill.reference.stretching import find_held, solve_held, stretch
from holdstill.transforms.trajectory import Trajectory

SIZE, N = 64, 24


def make(pattern: float) -> tuple[Solver, np.ndarray, np.ndarray]:
    """Frames of spots that move beside a smooth pattern, and by how much they do."""
    rng = np.random.default_rng(3)
    moved = np.cumsum(rng.normal(0, 0.8, (N, 2)), axis=0)
    centres, wide = rng.uniform(0, SIZE, (12, 2)), np.full((12, 2), 2.0)
    still = gaussian_filter(rng.standard_normal((SIZE, SIZE)), 2.0)
    light = np.stack([draw_blobs((SIZE, SIZE), centres + one, wide, np.full(12, 20.0)) for one in moved])
    frames = light + pattern * still / still.std() + 2 * rng.standard_normal(light.shape)
    return Solver(Direct(), CpuDevice(), 4.0), frames.astype(np.float32), moved


def place(shifts: np.ndarray) -> Trajectory:
    return Trajectory.of("translation", shifts, (SIZE, SIZE))


@pytest.mark.parametrize("shares", [(0.5, 0.5), (0.3, 1.0)])
def test_frames_found_at_a_share_of_their_motion_go_on(shares: tuple[float, float]) -> None:
    solver, frames, moved = make(8.0)
    found = stretch(solver, frames, place(np.array(shares) * moved))
    assert found.is_sure
    before, after = (np.std(one - moved, axis=0).max() for one in (np.array(shares) * moved, found.trajectory.shifts))
    assert after < 0.6 * before


@pytest.mark.parametrize("pattern", [0.0, 8.0])
def test_frames_that_are_where_they_belong_stay(pattern: float) -> None:
    solver, frames, moved = make(pattern)
    assert not stretch(solver, frames, place(moved)).is_sure
    assert find_held(solver, frames, np.arange(N), place(moved)) is None


def test_held_frames_begin_where_they_go_on_to() -> None:
    solver, frames, moved = make(8.0)
    held = find_held(solver, frames, np.arange(N), place(0.4 * moved))
    model = solve_held(solver, frames, held, solver.loss_of_mean(frames))
    assert model is not None
    assert len(model.rows) == N
    assert np.std(model.trajectory.shifts - moved, axis=0).max() < 0.2
