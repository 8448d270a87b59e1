"""Steps towards the most likely shift: those that go too far are told by the next, and shortened."""

import numpy as np

from holdstill.methods.likelihood.gauss_newton import Fit, _shorten


def test_steps_that_overshoot_fivefold_arrive_by_the_secant() -> None:
    truth = np.array([[1.0, -2.0], [0.5, 0.25]])
    fit, rows, last = Fit.start(np.zeros((2, 2))), np.arange(2), np.zeros((2, 2))
    for _ in range(2):
        before = fit.shifts.copy()
        fit.shifts += 5 * (truth - before)
        last = _shorten(fit, rows, before, last)
    np.testing.assert_allclose(fit.shifts, truth, atol=1e-12)
    np.testing.assert_allclose(last, truth - 5 * truth)


def test_steps_that_go_on_or_hardly_back_are_left_alone() -> None:
    fit = Fit.start(np.zeros((2, 2)))
    fit.shifts += [[0.5, 0.5], [-0.3, -0.3]]
    steps = _shorten(fit, np.arange(2), np.zeros((2, 2)), np.ones((2, 2)))
    np.testing.assert_array_equal(fit.shifts, [[0.5, 0.5], [-0.3, -0.3]])
    np.testing.assert_array_equal(steps, fit.shifts)
