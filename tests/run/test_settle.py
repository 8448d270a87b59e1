"""From estimates to a result, to the number: origin, repair, errors, bounds; copies that were binned or projected."""

from dataclasses import replace

import numpy as np
import pytest

from holdstill.contracts import Covariance, Estimates, ImagesInfo, Treatment, Verdict
from holdstill.result.registration import Registration
from holdstill.run.projection import lift
from holdstill.run.reduction import expand
from holdstill.run.settling import find_first, settle
from holdstill.transforms.motions import find_motion
from holdstill.transforms.trajectory import Trajectory

SHAPE = (40, 60)
OK, BAD = Verdict.OK, Verdict.MISMATCH


def make_info(shape: tuple[int, ...] = SHAPE, n: int = 4) -> ImagesInfo:
    axes = "TZYX" if len(shape) == 3 else "TYX"
    return ImagesInfo(name="movie", axes=axes, shape=(n, *shape), dtype=np.dtype(np.uint16))


def make_estimates(parameters: list[list[float]], *verdicts: Verdict, errors: float = 0.1) -> Estimates:
    values = np.array(parameters)
    covariance = Covariance.of_errors(np.full(values.shape, errors))
    return Estimates(
        parameters=values, covariance=covariance, scores=np.full(len(values), 0.9), verdicts=verdicts,
        bound=covariance.weigh(0.25),
    )  # fmt: skip


def make_result(
    parameters: list[list[float]], motion: str = "translation", shape: tuple[int, ...] = SHAPE
) -> Registration:
    trajectory = Trajectory.of(motion, np.array(parameters), shape)
    errors = np.tile([0.1, 0.2, 1e-3][: trajectory.parameters.shape[1]], (len(trajectory), 1))
    covariance = Covariance.of_errors(errors)
    return Registration.of_trajectory(
        trajectory, covariance=covariance, bound=covariance.weigh(0.25),
        corner_errors=trajectory.corner_errors(covariance), scores=np.linspace(0.5, 0.9, len(trajectory)),
    )  # fmt: skip


def test_estimates_stay_beside_what_is_repaired() -> None:
    found = make_estimates([[1, 2], [9, 9], [np.nan, np.nan], [4, 8]], OK, BAD, Verdict.BLANK, OK)
    outcome = settle("translation", make_info(), found, np.array([1.0, 2.0]), None)
    assert outcome.trajectory.parameters.tolist() == [[0, 0], [1, 2], [2, 4], [3, 6]]
    np.testing.assert_array_equal(outcome.estimated.parameters, [[0, 0], [8, 7], [np.nan] * 2, [3, 6]])
    np.testing.assert_allclose(outcome.covariance.errors, [[0.1] * 2, [np.nan] * 2, [np.nan] * 2, [0.1] * 2])
    np.testing.assert_allclose(outcome.bound.errors, [[0.05] * 2, [0.05] * 2, [np.nan] * 2, [0.05] * 2])
    np.testing.assert_allclose(outcome.corner_errors, [0.1 * np.sqrt(2), np.nan, np.nan, 0.1 * np.sqrt(2)])


def test_the_origin_goes_first_for_rotations() -> None:
    """By 90 degrees the origin's y is the frame's x."""
    origin = np.array([0.0, 0.0, np.pi / 2])
    found = make_estimates([origin.tolist(), [3.0, 0.0, np.pi / 2], [np.nan] * 3], OK, OK, Verdict.BLANK)
    found = replace(found, covariance=Covariance.of_errors(np.tile([0.1, 0.2, 0.0], (3, 1))))
    outcome = settle("rigid", make_info(n=3), found, origin, None)
    np.testing.assert_allclose(outcome.trajectory.parameters, [[0, 0, 0], [3, 0, 0], [3, 0, 0]], atol=1e-12)
    np.testing.assert_allclose(outcome.covariance.errors[:2], [[0.1, 0.2, 0.0]] * 2, atol=1e-9)
    assert np.isnan(outcome.estimated.parameters[2]).all()


def test_many_independent_parameters_stay_independent() -> None:
    found = make_estimates(np.random.default_rng(0).normal(size=(4, 60)).tolist(), *[OK] * 4)
    outcome = settle("planes-z", make_info((30, 20, 20)), found, np.arange(60.0), None)
    assert outcome.covariance.kind == outcome.bound.kind == "diagonal"
    np.testing.assert_array_equal(outcome.covariance.errors, found.errors)


def test_binned_copies_of_odd_sizes() -> None:
    """A frame of 41 x 62 px binned by 4 is one of 10 x 15; its middle lies half a pixel from the frame's."""
    small, full = (10, 15), (41, 62)
    transform = Trajectory.of("rigid", np.array([[0.0, 0.0, np.pi / 2]]), small)
    found = make_result([[0.0, 0.0, np.pi / 2]] * 2, "rigid", small)
    big = expand(found, make_info(full, 2), bin=4, average=1)
    # a pixel of the copy is the middle of 4 x 4 of the frame
    points = np.array([[0.0, 0.0], [3.0, 7.0]])
    there = 4 * transform.transform(0).map(points) + 1.5
    np.testing.assert_allclose(big[0].map(4 * points + 1.5), there, atol=1e-9)
    assert big.frame_shape == full
    shifted = expand(make_result([[1.0, -2.0]] * 2, shape=small), make_info(full, 2), bin=4, average=1)
    assert shifted.parameters.tolist() == [[4.0, -8.0]] * 2
    np.testing.assert_allclose(shifted.errors, [[0.4, 0.8]] * 2)
    np.testing.assert_allclose(shifted.bounds, [[0.2, 0.4]] * 2)
    np.testing.assert_allclose(shifted.corner_errors, np.hypot(0.4, 0.8))
    assert shifted.covariance.kind == "diagonal"


def test_rotation_of_a_binned_copy_brings_its_error_to_the_shift() -> None:
    """Of 42 px binned by 4 the middle of the copy lies 1 px off: what rotates about the one moves the other."""
    big = expand(make_result([[0.0, 0.0, 0.0]] * 2, "rigid", (10, 10)), make_info((42, 42), 2), bin=4, average=1)
    np.testing.assert_allclose(big.errors[0], [np.hypot(0.4, 1e-3), np.hypot(0.8, 1e-3), 1e-3], rtol=1e-6)


def test_averaged_frames() -> None:
    """Seven frames in groups of three: the middles are 1, 4 and 6."""
    found = make_result([[0.0, 0.0], [3.0, 6.0], [5.0, 10.0]])
    flagged = replace(
        found, verdicts=(OK, BAD, OK), treatments=(Treatment.ESTIMATED, Treatment.INTERPOLATED, Treatment.ESTIMATED),
        estimates=np.array([[0.0, 0.0], [30.0, 60.0], [5.0, 10.0]]), covariance=found.covariance.hide([1]),
    )  # fmt: skip
    each = expand(flagged, make_info(n=7), bin=1, average=3)
    np.testing.assert_allclose(each.parameters[:, 0], [-1, 0, 1, 2, 3, 4, 5], atol=1e-12)
    np.testing.assert_allclose(each.estimates[:, 0], [-1, 0, 1, 30, 30, 30, 5], atol=1e-12)
    assert [verdict is OK for verdict in each.verdicts] == [True] * 3 + [False] * 3 + [True]
    assert each.treatments[3:] == ("interpolated",) * 3 + ("estimated",)
    assert np.isnan(each.errors[:, 0]).tolist() == [False] * 3 + [True] * 3 + [False]
    np.testing.assert_array_equal(each.scores, found.scores[[0, 0, 0, 1, 1, 1, 2]])
    anchored = expand(flagged, make_info(n=7), bin=1, average=3, anchor=2)
    np.testing.assert_allclose(anchored.parameters[:, 0], [-2, -1, 0, 1, 2, 3, 4], atol=1e-12)
    np.testing.assert_allclose(anchored.estimates[:, 1], [-4, -2, 0, 58, 58, 58, 8], atol=1e-12)


@pytest.mark.parametrize(
    ("motion", "lifted"), [("translation", "translation"), ("rigid", "rigid"), ("similarity", "affine")]
)
def test_projections_move_volumes_sideways(motion: str, lifted: str) -> None:
    row = [3.0, -2.0, 0.1, 1.1][: {"translation": 2, "rigid": 3, "similarity": 4}[motion]]
    errors = np.array([[0.1, 0.2, 1e-3, 1e-2][: len(row)], [np.nan] * len(row)])
    trajectory = Trajectory.of(motion, np.array([row, row]), SHAPE)
    found = Registration.of_trajectory(trajectory, (OK, BAD), covariance=Covariance.of_errors(errors))
    found = replace(found, estimates=np.array([row, [np.nan] * len(row)]))
    whole = lift(found, make_info((5, *SHAPE), 2), "max")
    assert (whole.motion, whole.frame_shape) == (lifted, (5, *SHAPE))
    points = np.array([[2.0, 10.0, 20.0], [4.0, 0.0, 59.0]])
    np.testing.assert_allclose(whole[0].map(points)[:, 1:], found[0].map(points[:, 1:]), atol=1e-9)
    np.testing.assert_allclose(whole[0].map(points)[:, 0], points[:, 0], atol=1e-9)
    np.testing.assert_allclose(whole.shift_errors[0], [0.0, 0.1, 0.2], atol=1e-9)
    assert np.isnan(whole.errors[1]).all()
    assert np.isnan(whole.estimates).all(axis=1).tolist() == [False, True]
    np.testing.assert_array_equal(whole.estimates[0], whole.parameters[0])
    if motion == "translation":
        assert whole.covariance.kind == "diagonal"


def test_results_are_relative_to_the_first_good_frame_as_its_motion_says() -> None:
    """Of motion that bends to its mean, so that the noise of one frame is not in all."""
    shape, family = (32, 40), find_motion("piecewise:16", (32, 40))
    parameters = np.random.default_rng(0).normal(size=(3, family.count_parameters(2)))
    verdicts = (Verdict.BLANK, Verdict.OK, Verdict.OK)
    everything = Estimates(
        parameters=parameters, covariance=Covariance.unknown(3, parameters.shape[1]), scores=np.ones(3),
        verdicts=verdicts,
    )  # fmt: skip
    origin = find_first(everything, np.zeros(parameters.shape[1]), shape, "piecewise:16")
    np.testing.assert_array_equal(origin, family.anchor(parameters[1].copy(), shape))
    assert np.abs(origin - parameters[1]).max() > 0.1
