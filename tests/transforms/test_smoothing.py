"""Smoothing that learns its strength: better where there is something to gain, and no worse where motion is fast."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy.linalg import cholesky_banded

from holdstill.contracts import Covariance
from holdstill.errors import InputError, UnknownName
from holdstill.transforms.smoothing import _invert_diagonal, smooth
from holdstill.transforms.trajectory import Trajectory
from holdstill.transforms.treatment import Treating, treat

N, BAR = 300, 0.2
TICKS = np.arange(N, dtype=float)
NEVER = np.zeros(N, bool)
Motion = Callable[[np.random.Generator], np.ndarray]


def gain(motion: Motion, how: str, bars: float | np.ndarray = BAR, seeds: int = 6) -> tuple[float, float]:
    """RMSE after by RMSE before, and the standard deviation of error by stated error; over movies of exact truth."""
    raw, left, sure = [], [], []
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        truth, errors = motion(rng), np.broadcast_to(np.asarray(bars, float), N)
        found = truth + rng.normal(0, 1, N) * errors
        smoothed, variances = smooth(found[:, None], errors[:, None] ** 2, TICKS, NEVER, how)
        raw.append(found - truth)
        left.append(smoothed[:, 0] - truth)
        sure.append(left[-1] / np.sqrt(variances[:, 0]))
    return float(np.std(left) / np.std(raw)), float(np.std(sure))


def walk(step: float) -> Motion:
    return lambda rng: rng.normal(0, step, N).cumsum()


@pytest.mark.parametrize("how", ["kalman", "spline"])
@pytest.mark.parametrize(("step", "most"), [(0.01, 0.25), (0.05, 0.45), (0.1, 0.6), (0.2, 0.75)])
def test_dim_movies_that_wander_gain(how: str, step: float, most: float) -> None:
    left, sure = gain(walk(step), how)
    assert left < most
    assert 0.6 < sure < 1.25


@pytest.mark.parametrize("how", ["kalman", "spline"])
@pytest.mark.parametrize(
    "motion",
    [
        walk(2.0),
        walk(20.0),
        lambda rng: rng.normal(0, 1.0, N),  # each frame by itself
        lambda rng: 2 * np.sin(TICKS * np.pi / 2),  # a heartbeat
        lambda rng: rng.uniform(-3, 3, N),
        lambda rng: 5.0 * (TICKS % 2),
        lambda rng: (rng.standard_cauchy(N) * 0.1).cumsum(),
    ],
)
def test_fast_motion_is_no_worse_than_two_percent(how: str, motion: Motion) -> None:
    assert gain(motion, how)[0] < 1.02


@pytest.mark.parametrize("how", ["kalman", "spline"])
def test_a_still_specimen_is_averaged(how: str) -> None:
    assert gain(lambda rng: 0 * TICKS, how)[0] < 0.15


def test_steady_drift_suits_the_spline() -> None:
    assert gain(lambda rng: 0.3 * TICKS, "spline")[0] < 0.2
    assert gain(lambda rng: 0.3 * TICKS, "kalman")[0] < 0.9


def test_frames_count_by_their_error_bars() -> None:
    bars = np.where(TICKS % 3 == 0, 0.05, 1.0)
    left, sure = gain(walk(0.02), "kalman", bars)
    assert left < 0.15
    assert 0.75 < sure < 1.2


def test_a_jump_is_not_smoothed_over() -> None:
    rng, jumps = np.random.default_rng(0), TICKS == 150
    truth = 8.0 * (TICKS >= 150)
    found = truth + rng.normal(0, BAR, N)
    for how in ("kalman", "spline"):
        smoothed, _ = smooth(found[:, None], np.full((N, 1), BAR**2), TICKS, jumps, how)
        assert np.abs(smoothed[140:160, 0] - truth[140:160]).max() < BAR


def test_uneven_times_are_heeded() -> None:
    """Two frames a day apart may lie far from each other; those a second apart may not."""
    rng = np.random.default_rng(1)
    steps = np.where(np.arange(N - 1) % 10 == 9, 400.0, 1.0)
    times = np.concatenate([[0.0], steps.cumsum()])
    truth = np.concatenate([[0.0], (rng.normal(0, 0.05, N - 1) * np.sqrt(steps)).cumsum()])
    found = truth + rng.normal(0, BAR, N)
    errors = [
        smooth(found[:, None], np.full((N, 1), BAR**2), when, NEVER, "kalman")[0][:, 0] - truth
        for when in (times, TICKS)
    ]
    assert errors[0].std() < 0.7 * errors[1].std()


@pytest.mark.parametrize("order", [1, 2])
def test_the_diagonal_of_an_inverse(order: int) -> None:
    rows = np.diff(np.eye(12), n=order, axis=0)
    matrix = np.diag(np.random.default_rng(0).uniform(0.5, 2, 12)) + rows.T @ rows
    bands = np.zeros((order + 1, 12))
    for k in range(order + 1):
        bands[order - k, k:] = np.diagonal(matrix, k)
    np.testing.assert_allclose(_invert_diagonal(cholesky_banded(bands)), np.diag(np.linalg.inv(matrix)), rtol=1e-12)


def test_few_frames_stay_as_they_are_and_long_movies_are_learned_from_in_part() -> None:
    few, bars = np.array([[1.0], [2], [9]]), np.full((3, 1), 0.1)
    assert np.array_equal(smooth(few, bars, np.arange(3.0), np.zeros(3, bool), "spline")[0], few)
    rng = np.random.default_rng(2)
    truth = rng.normal(0, 0.05, 6000).cumsum()
    found = truth + rng.normal(0, BAR, 6000)
    smoothed, _ = smooth(found[:, None], np.full((6000, 1), BAR**2), np.arange(6000.0), np.zeros(6000, bool), "kalman")
    assert np.std(smoothed[:, 0] - truth) < 0.45 * BAR


def wandering(
    motion: str = "translation", bars: tuple[float, ...] = (BAR, 2 * BAR)
) -> tuple[Trajectory, Covariance, np.ndarray]:
    rng = np.random.default_rng(3)
    truth = rng.normal(0, 0.03, (N, len(bars))).cumsum(axis=0)
    found = truth + rng.normal(0, 1, truth.shape) * bars
    return Trajectory.of(motion, found, (40, 50)), Covariance.of_errors(np.tile(bars, (N, 1))), truth


def test_flagged_frames_are_interpolated_between_smoothed_ones() -> None:
    estimated, covariance, truth = wandering()
    good = TICKS % 50 != 7
    estimated.parameters[~good] = 99.0
    treated = treat(estimated, covariance, good, Treating(smooth="kalman"))
    left = treated.trajectory.parameters - truth
    assert (left.std(axis=0) < [0.5 * BAR, 0.9 * BAR]).all()
    assert treated.treatments[6:9] == ("smoothed", "interpolated", "smoothed")
    assert np.isnan(treated.covariance.errors[7]).all()
    assert (treated.covariance.errors[good] < covariance.errors[good]).all()
    kept = treat(estimated, covariance, good, Treating(smooth="kalman", repair="estimates"))
    assert kept.trajectory.parameters[7].tolist() == [99.0, 99.0]


def test_angles_that_pass_half_a_turn() -> None:
    estimated, covariance, truth = wandering("rigid", (BAR, BAR, 0.01))
    truth[:, 2] = 3.1 + 0.001 * TICKS
    estimated.parameters[:, 2] = truth[:, 2] + np.random.default_rng(4).normal(0, 0.01, N)
    turned = np.angle(np.exp(1j * estimated.parameters[:, 2]))
    estimated.parameters[:, 2] = turned
    treated = treat(estimated, covariance, ~NEVER, Treating(smooth="spline"))
    off = np.angle(np.exp(1j * (treated.trajectory.parameters[:, 2] - truth[:, 2])))
    assert off.std() < 0.005


def test_what_cannot_be_smoothed_is_told() -> None:
    estimated, _, _ = wandering()
    with pytest.raises(InputError, match="weighs frames by their error bars, and there are none"):
        treat(estimated, Covariance.unknown(N, 2), ~NEVER, Treating(smooth="kalman"))
    with pytest.raises(UnknownName, match="no smooth 'wiener'; choose one of spline, kalman"):
        Treating(smooth="wiener")
