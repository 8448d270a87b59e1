"""A tighter cutoff is for pictures that are the same but for a few pixels, not for the larger of two motions."""

import numpy as np
import pytest
from scipy import ndimage

from holdstill.contracts import NoiseModel
from holdstill.devices.cpu import CpuDevice
from holdstill.devices.interpolation import make_spline
from holdstill.methods.likelihood.gauss_newton import Fit, Level, refine
from holdstill.methods.likelihood.tightening import tighten

DEVICE = CpuDevice()
SIZE, STILL, EFFORT = 48, 38, {"cutoff": 6.0, "max_iterations": 20, "accuracy": 0.1}


def fit_two_motions(noise: float, seed: int) -> tuple[Level, np.ndarray, Fit]:
    """A frame of which 38 of 48 columns moved by one shift and the others stand still; fitted as a whole."""
    rng = np.random.default_rng(seed)
    whole = ndimage.gaussian_filter(rng.normal(size=(SIZE + 20,) * 2), 2.0)
    whole *= 30 / whole.std()
    inside = (slice(10, -10),) * 2
    reference, frame = whole[inside], ndimage.shift(whole, (1.3, -0.8), order=3)[inside]
    frame[:, STILL:] = reference[:, STILL:]
    frame += noise * rng.normal(size=frame.shape)
    level = Level((1, 1), make_spline(reference.astype(np.float32)), NoiseModel(read_variance=1.0))
    fit = Fit.start(np.full((1, 2), 0.5))
    refine(DEVICE, level, frame[None].astype(np.float32), fit, **EFFORT)
    return level, frame[None].astype(np.float32), fit


@pytest.mark.parametrize("seed", [1, 2])
def test_a_tight_cutoff_does_not_decide_between_two_motions(seed: int) -> None:
    """Beside a pattern that warms up it followed the pattern: 30 frames of 30 right became 30 refused."""
    level, frames, fit = fit_two_motions(1.0, seed)
    before = fit.rows(np.array([0]))
    tighten(DEVICE, level, frames, fit, **EFFORT)
    np.testing.assert_array_equal(fit.shifts, before.shifts)
    np.testing.assert_array_equal(fit.chi_square, before.chi_square)
