"""Results one after another, inverted, and of transforms from elsewhere: what becomes of errors, bounds and words."""

from dataclasses import replace

import numpy as np

from holdstill.contracts import Covariance, Treatment, Verdict
from holdstill.result.fields import treat
from holdstill.result.registration import Registration
from holdstill.transforms.trajectory import Trajectory

SHAPE = (41, 60)
OK, BAD = Verdict.OK, Verdict.MISMATCH


def make(parameters: list[list[float]], error: float, motion: str = "translation", **fields: object) -> Registration:
    trajectory = Trajectory.of(motion, np.array(parameters), SHAPE)
    covariance = Covariance.of_errors(np.full(trajectory.parameters.shape, error))
    return Registration.of_trajectory(
        trajectory, covariance=covariance, corner_errors=trajectory.corner_errors(covariance),
        bound=covariance.weigh(0.25), scores=np.full(len(trajectory), error), **fields,
    )  # fmt: skip


def test_errors_and_bounds_of_two_steps_add_in_squares() -> None:
    one, two = make([[1.0, 2.0], [3.0, 4.0]], 3.0), make([[10.0, 0.0], [0.0, 10.0]], 4.0)
    both = one.compose(two)
    assert both.parameters.tolist() == [[11.0, 2.0], [3.0, 14.0]]
    np.testing.assert_allclose(both.errors, 5.0)
    np.testing.assert_allclose(both.bounds, 2.5)
    np.testing.assert_allclose(both.corner_errors, 5 * np.sqrt(2))
    np.testing.assert_array_equal(both.estimates, both.parameters)
    np.testing.assert_array_equal(both.scores, 4.0)


def test_what_is_flagged_in_one_is_flagged_in_both() -> None:
    one = make([[1.0, 2.0]] * 3, 0.1)
    raw = np.array([[1.0, 2.0], [7.0, 7.0], [np.nan, np.nan]])
    bad = replace(
        one, verdicts=(OK, BAD, Verdict.BLANK), treatments=treat((OK, BAD, BAD)), estimates=raw,
        covariance=one.covariance.hide([1, 2]),
    )  # fmt: skip
    smoothed = replace(one, treatments=(Treatment.SMOOTHED,) * 3)
    for both in (one.compose(bad), bad.compose(one)):
        assert both.verdicts == bad.verdicts
        assert both.treatments == bad.treatments
        np.testing.assert_array_equal(both.estimates, [[2, 4], [8, 9], [np.nan] * 2])
        assert np.isnan(both.errors).all(axis=1).tolist() == [False, True, True]
    assert smoothed.compose(bad).treatments == ("smoothed",) * 3
    assert bad.compose(smoothed).treatments == ("smoothed", "interpolated", "interpolated")


def test_one_transform_after_a_movie() -> None:
    both = make([[1.0, 2.0]] * 3, 3.0).compose(make([[10.0, 0.0]], 4.0))
    np.testing.assert_allclose(both.parameters, [[11.0, 2.0]] * 3)
    np.testing.assert_allclose(both.errors, 5.0)
    assert both.verdicts == (OK,) * 3
    assert len(both.treatments) == 3


def test_an_inverse_and_its_inverse() -> None:
    reg = make([[1.0, 2.0, 0.3], [-4.0, 5.0, -0.2]], 0.01, "rigid")
    reg = replace(reg, estimates=np.array([[1.0, 2.0, 0.3], [np.nan] * 3]))
    matrix = np.linalg.inv(reg[1].matrix)
    np.testing.assert_allclose(reg.inverse[1].matrix, matrix, atol=1e-12)
    again = reg.inverse.inverse
    np.testing.assert_allclose(again.parameters, reg.parameters, atol=1e-12)
    np.testing.assert_allclose(again.covariance.matrices, reg.covariance.matrices, rtol=1e-6, atol=1e-12)
    np.testing.assert_allclose(again.bounds, reg.bounds, rtol=1e-6)
    np.testing.assert_allclose(again.estimates, reg.estimates, atol=1e-12)
    # the error of the angle moves what lies off the middle
    assert reg.inverse.errors[1, 0] > 1.5 * reg.errors[1, 0]
    assert not reg.inverse.images


def test_transforms_of_which_nothing_else_is_known() -> None:
    trajectory = Trajectory.of("translation", np.array([[1.0, 2.0], [3.0, 4.0]]), SHAPE)
    reg = Registration.of_trajectory(trajectory, (OK, BAD), clamped=3)
    assert np.isnan(reg.errors).all()
    assert np.isnan(reg.bounds).all()
    np.testing.assert_array_equal(reg.estimates, [[1, 2], [np.nan, np.nan]])
    assert reg.treatments == ("estimated", "interpolated")
    assert reg.clamped == 3
    assert Registration.of_trajectory(trajectory).ok.all()
