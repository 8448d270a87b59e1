"""Halves of the pixels agree on where something is, or nothing moves."""

import numpy as np

from holdstill.devices.cpu import CpuDevice
from holdstill.evaluation.stress.base import Setting
from holdstill.evaluation.stress.suite import SCENES
from holdstill.methods.direct import Direct
from holdstill.reference.rest import count_sigmas_of_motion, moves_before_mean
from holdstill.reference.separation import Solver


def make_frames(peak: float, shifts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Spots at 16 % of a pixel's noise where they shine most, moved, and their image."""
    rng = np.random.default_rng(5)
    y, x = np.mgrid[:96, :96]
    specimen = sum(np.exp(-((y - a) ** 2 + (x - b) ** 2) / 8) for a, b in rng.uniform(10, 86, (12, 2)))
    moved = np.stack([np.roll(specimen, tuple(shift), (0, 1)) for shift in shifts])
    frames = peak * moved + rng.normal(0, 1, moved.shape)
    return frames.astype(np.float32), (specimen + 0.1 * rng.normal(0, 1, specimen.shape)).astype(np.float32)


def test_what_moves_is_found_on_either_half() -> None:
    shifts = np.random.default_rng(1).integers(-6, 7, (24, 2))
    frames, specimen = make_frames(0.8, shifts)
    frames[3, :20, :20] = np.nan
    assert count_sigmas_of_motion(frames, np.broadcast_to(specimen, frames.shape), 1.0) > 6


def test_noise_is_nowhere() -> None:
    frames, specimen = make_frames(0.0, np.zeros((24, 2), int))
    assert count_sigmas_of_motion(frames, np.broadcast_to(specimen, frames.shape), 1.0) < 3


def test_what_stands_still_does_not_move() -> None:
    """All frames are best explained in one place, which is no better for one of them than for another."""
    frames, specimen = make_frames(0.8, np.full((24, 2), 3))
    assert abs(count_sigmas_of_motion(frames, np.broadcast_to(specimen, frames.shape), 1.0)) < 3


def test_what_moves_before_a_pattern_that_grows_is_told_by_all_dim_frames() -> None:
    """Single frames less that pattern were too dim to be placed: all of them were ok, at rest."""
    frames = SCENES["still/warming"](Setting(photons=5.0, n_frames=30, size=128, seed=2103)).frames
    assert moves_before_mean(frames.astype(np.float32), Solver(Direct(), CpuDevice(), 14.0))
