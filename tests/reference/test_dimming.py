"""What takes a share of the specimen's light is told from what is only added, by what it shifts."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter
from scipy.ndimage import shift as move

from holdstill.devices.cpu import CpuDevice
from holdstill.methods.direct import Direct
from holdstill.reference.dimming import measure_dimming
from holdstill.reference.separation import Model, Solver
from holdstill.transforms.trajectory import Trajectory

SHAPE, N, NOISE = (64, 64), 24, 2.0


def _dim(share: float) -> float:
    """Shift, px, that is put down to light taken from frames of spots that drift by up to 10 px."""
    rng = np.random.default_rng(3)
    wide = gaussian_filter((rng.random((96, 96)) < 0.02).astype(float), 2)
    wide, path = 100 * wide / wide.max(), np.linspace(-5, 5, N)[:, None] * [1.0, 0.6] + rng.uniform(-2, 2, (N, 2))
    shown = np.array([move(wide, shift, order=3, mode="mirror")[16:80, 16:80] for shift in path])
    waves = np.sin(2 * np.pi * (np.indices(SHAPE)[0] + 0.5 * np.indices(SHAPE)[1]) / 16)
    frames = (shown * (1 + share * waves) + 30 * waves + NOISE * rng.standard_normal(shown.shape)).astype(np.float32)
    solver = Solver(Direct(motion="translation"), CpuDevice(), NOISE**2)
    begin = Model((30 * waves).astype(np.float32), np.arange(N), Trajectory.of("translation", path, SHAPE), wide)
    model = solver.refine(frames, begin.rows, begin.trajectory, begin.pattern, 4)
    assert model is not None
    return measure_dimming(solver, frames, model)


def test_light_that_waves_take_shifts_frames() -> None:
    assert _dim(0.4) > 0.02


def test_waves_that_are_added_shift_none() -> None:
    assert _dim(0.0) == pytest.approx(0.0, abs=0.004)
