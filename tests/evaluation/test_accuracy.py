import numpy as np
import pytest

from holdstill.errors import InputError
from holdstill.evaluation.accuracy import failure_rate, ratio_to_bound, residuals, rmse, z_score_std

RNG = np.random.default_rng(0)
TRUTH = RNG.uniform(-20, 20, (3000, 2))
BOUNDS = RNG.uniform(0.01, 0.1, TRUTH.shape)
ESTIMATES = TRUTH + BOUNDS * RNG.normal(size=TRUTH.shape)


def test_efficient_estimates_have_ratio_one():
    assert ratio_to_bound(ESTIMATES, TRUTH, BOUNDS) == pytest.approx(1.0, abs=0.03)
    assert z_score_std(ESTIMATES, TRUTH, 2 * BOUNDS) == pytest.approx(0.5, abs=0.02)
    assert rmse(ESTIMATES, TRUTH) == pytest.approx(np.sqrt(np.mean(BOUNDS**2)), rel=0.05)
    assert failure_rate(ESTIMATES, TRUTH) == 0


def test_free_origin_removes_a_constant():
    moved = ESTIMATES + np.array([3.0, -2.0])
    assert ratio_to_bound(moved, TRUTH, BOUNDS) > 20
    assert ratio_to_bound(moved, TRUTH, BOUNDS, free_origin=True) == pytest.approx(1.0, abs=0.03)
    assert rmse(moved, TRUTH, free_origin=True) < 0.1
    assert failure_rate(moved, TRUTH) == 1
    assert failure_rate(moved, TRUTH, free_origin=True) == 0
    weighted = residuals(moved, TRUTH, bounds=BOUNDS, free_origin=True)
    np.testing.assert_allclose(np.sum(weighted / BOUNDS**2, axis=0), 0, atol=1e-6)


def test_failures_are_far_or_not_finite():
    estimates = TRUTH[:4].copy()
    estimates[0] += 0.8  # 1.13 px away
    estimates[1, 1] = np.nan
    assert failure_rate(estimates, TRUTH[:4]) == 0.5
    assert failure_rate(estimates, TRUTH[:4], threshold_px=2.0) == 0.25
    assert np.isnan(rmse(estimates, TRUTH[:4]))
    assert rmse(estimates, TRUTH[:4], keep=np.array([False, False, True, True])) == 0


def test_frames_without_bound_do_not_count():
    bounds, estimates = BOUNDS.copy(), ESTIMATES.copy()
    bounds[7], estimates[7] = np.nan, 1e6
    assert ratio_to_bound(estimates, TRUTH, bounds) == pytest.approx(1.0, abs=0.03)


def test_shapes_must_agree():
    with pytest.raises(InputError, match="shapes differ"):
        rmse(TRUTH[:3], TRUTH)
    with pytest.raises(InputError, match="no frame is left"):
        rmse(TRUTH, TRUTH, keep=np.zeros(len(TRUTH), dtype=bool))
