"""Two motions as one, with their error bars: exact matrices and two unequal errors."""

import numpy as np
import pytest

from holdstill.contracts import Covariance, CovarianceKind
from holdstill.errors import InputError
from holdstill.transforms.composition import change_known, compose, compose_known, share_motion
from holdstill.transforms.motions import CHAINED, find_motion
from holdstill.transforms.trajectory import Trajectory

SHAPE = (41, 60)
MOTIONS = ("rigid", "similarity", "affine", "projective")


def make(motion: str, n: int = 3, seed: int = 0, shape: tuple[int, ...] = SHAPE) -> Trajectory:
    family = find_motion(motion, shape)
    names = family.names(len(shape))
    spread = np.array([4.0 if "shift" in name else 1e-4 if "per_px" in name else 0.1 for name in names])
    steps = np.random.default_rng(seed).normal(size=(n, len(names))) * spread
    return Trajectory(family, family.identity(len(shape)) + steps, shape)


def matrices(trajectory: Trajectory) -> np.ndarray:
    return np.array([trajectory.transform(t).matrix for t in range(len(trajectory))])


def same(one: np.ndarray, other: np.ndarray) -> None:
    """Equal as maps: projective matrices have a scale of their own."""
    np.testing.assert_allclose(one / one[:, -1:, -1:], other / other[:, -1:, -1:], atol=1e-9)


@pytest.mark.parametrize("motion", MOTIONS)
def test_relative_to_undoes_the_origin_first(motion: str) -> None:
    trajectory = make(motion)
    origin = trajectory.parameters[1]
    moved = trajectory.relative_to(origin)
    same(matrices(moved), matrices(trajectory) @ np.linalg.inv(matrices(trajectory)[1]))
    np.testing.assert_allclose(moved.parameters[1], trajectory.motion.identity(2), atol=1e-12)
    each = trajectory.relative_to(make(motion, seed=1).parameters)
    same(matrices(each), matrices(trajectory) @ np.linalg.inv(matrices(make(motion, seed=1))))


@pytest.mark.parametrize("first", CHAINED)
@pytest.mark.parametrize("second", CHAINED)
def test_composition_is_the_product_of_matrices(first: str, second: str) -> None:
    one, two = make(first), make(second, seed=1)
    both, covariances = compose(one, (), two, ())
    same(matrices(both), matrices(one) @ matrices(two))
    assert both.motion.name == max(first, second, key=CHAINED.index)
    assert covariances == []


def test_errors_of_shifts_add_in_squares() -> None:
    one, two = make("translation"), make("translation", seed=1)
    threes, fours = (Covariance.of_errors(np.full((3, 2), error)) for error in (3.0, 4.0))
    _, (covariance, other) = compose(one, (threes, fours), two, (fours, fours))
    np.testing.assert_allclose(covariance.errors, 5.0)
    np.testing.assert_allclose(other.errors, np.sqrt(32))
    assert covariance.kind is CovarianceKind.DIAGONAL
    full = Covariance.of_matrices(np.tile([[9.0, 2.0], [2.0, 9.0]], (3, 1, 1)))
    _, (mixed,) = compose(one, (full,), two, (fours,))
    np.testing.assert_allclose(mixed.matrices[0], [[25.0, 2.0], [2.0, 25.0]])


def test_planes_stay_independent() -> None:
    shape = (5, 20, 30)
    one, two = (make("planes-z", seed=seed, shape=shape) for seed in (0, 1))
    errors = np.random.default_rng(2).uniform(0.01, 0.1, one.parameters.shape)
    errors[1, 4] = np.nan
    covariance = Covariance.of_errors(errors)
    both, (total,) = compose(one, (covariance,), two, (covariance.scale(2.0),))
    np.testing.assert_allclose(both.parameters, one.parameters + two.parameters)
    np.testing.assert_allclose(total.errors, np.sqrt(5) * errors)
    assert total.kind is CovarianceKind.DIAGONAL
    (back,) = one.propagate(Trajectory.invert, covariance)
    np.testing.assert_array_equal(back.errors, errors)


@pytest.mark.parametrize(("first", "second"), [("rigid", "translation"), ("translation", "rigid"), ("rigid", "affine")])
def test_errors_of_a_composition_are_those_of_many_samples(first: str, second: str) -> None:
    """Both errors count, through the other's transform: against 20,000 random ones."""
    rng, n = np.random.default_rng(3), 20_000
    one, two = make(first, 1), make(second, 1, seed=1)
    sigmas = [np.where(np.arange(t.parameters.shape[1]) < 2, size, 1e-3) for t, size in ((one, 0.03), (two, 0.04))]
    _, (covariance,) = compose(
        *[part for t, s in ((one, sigmas[0]), (two, sigmas[1])) for part in (t, (Covariance.of_errors(s[None]),))]
    )
    drawn = [
        Trajectory(t.motion, t.parameters + rng.normal(size=(n, len(s))) * s, SHAPE)
        for t, s in ((one, sigmas[0]), (two, sigmas[1]))
    ]
    spread = np.cov(compose(drawn[0], (), drawn[1], ())[0].parameters.T)
    np.testing.assert_allclose(covariance.errors[0], np.sqrt(np.diag(spread)), rtol=0.03)
    scale = np.outer(covariance.errors[0], covariance.errors[0])
    np.testing.assert_allclose(covariance.matrices[0] / scale, spread / scale, atol=0.03)


def test_errors_of_an_inverse_and_of_another_origin() -> None:
    """A rotation by 90 degrees swaps the errors of y and x."""
    trajectory = Trajectory.of("rigid", np.array([[0.0, 0.0, np.pi / 2]]), SHAPE)
    covariance = Covariance.of_errors([[0.1, 0.2, 0.0]])
    (found,) = trajectory.propagate(Trajectory.invert, covariance)
    np.testing.assert_allclose(found.errors, [[0.2, 0.1, 0.0]], atol=1e-9)
    moved = trajectory.propagate(lambda t: t.relative_to(np.array([0.0, 0.0, np.pi / 2])), covariance)[0]
    np.testing.assert_allclose(moved.errors, covariance.errors, atol=1e-9)


def test_one_transform_goes_with_each_of_many() -> None:
    one, two = make("translation"), make("translation", 1, seed=1)
    both, (covariance,) = compose(
        one, (Covariance.of_errors(np.full((3, 2), 3.0)),), two, (Covariance.of_errors([[4.0, 0.0]]),)
    )
    np.testing.assert_allclose(both.parameters, one.parameters + two.parameters[0])
    np.testing.assert_allclose(covariance.errors, [[5.0, 3.0]] * 3)


def test_what_is_unknown_stays_so_and_disturbs_no_other() -> None:
    for motion, shape in (("rigid", SHAPE), ("rigid", (9, 20, 30)), ("planes-z", (3, 20, 30))):
        trajectory = make(motion, shape=shape)
        hole = trajectory.parameters.copy()
        hole[1, 0] = np.nan
        partly = Trajectory(trajectory.motion, hole, shape)
        covariance = Covariance.of_errors(np.full(hole.shape, 0.1))
        found, (errors,) = change_known(Trajectory.invert, partly, covariance)
        expected = trajectory.invert().parameters
        np.testing.assert_allclose(found.parameters[[0, 2]], expected[[0, 2]])
        assert np.isnan(found.parameters[1]).all()
        assert np.isnan(errors.errors).all(axis=1).tolist() == [False, True, False]
        both = compose_known(trajectory, partly).parameters
        other = compose_known(partly, trajectory).parameters
        np.testing.assert_allclose(both[[0, 2]], trajectory.compose(trajectory).parameters[[0, 2]])
        assert np.isnan(both[1]).all()
        assert np.isnan(other[1]).all()


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(InputError, match="must agree"):
        compose(make("translation"), (), make("translation", shape=(10, 10)), ())
    with pytest.raises(InputError, match="3 frames, the other 2"):
        compose(make("translation"), (), make("translation", 2), ())
    with pytest.raises(InputError, match="bilinear motion cannot be chained"):
        compose(make("rigid"), (), make("bilinear"), ())


def test_positions_that_move_together_are_weighed_by_their_variances() -> None:
    one, two = (Trajectory.of("translation", np.full((4, 2), value), SHAPE) for value in (0.0, 3.0))
    errors = [np.full((4, 2), 1.0), np.full((4, 2), 2.0)]
    errors[1][2] = np.nan
    errors[0][3] = errors[1][3] = np.nan
    found, spread, apart = share_motion([one, two], errors)
    np.testing.assert_allclose(found.parameters[:, 0], [0.6, 0.6, 0.0, 0.0])  # (0 / 1 + 3 / 4) / (1 + 1 / 4)
    np.testing.assert_allclose(spread[:, 0], [np.sqrt(0.8), np.sqrt(0.8), 1.0, np.nan])
    np.testing.assert_allclose(apart, [0.6, 1.2])
    np.testing.assert_allclose(share_motion([one, two], [e * 3 for e in errors])[0].parameters, found.parameters)
    none = share_motion([one, two], [np.full((4, 2), np.nan)] * 2)
    np.testing.assert_array_equal(none[0].parameters, one.parameters)
    assert np.isnan(none[1]).all()
    assert none[2].tolist() == [np.inf, np.inf]
    with pytest.raises(InputError, match="share one motion"):
        share_motion([one, make("translation")], errors)


def test_a_parameter_that_no_position_knows_lies_between_those_around_it() -> None:
    one = Trajectory.of("translation", np.array([[0.0, 0], [50, 1], [4, 50]]), SHAPE)
    errors = np.array([[1.0, 1], [np.nan, 1], [1, np.nan]])
    assert share_motion([one], [errors])[0].parameters.tolist() == [[0, 0], [2, 1], [4, 1]]


def test_a_frame_that_no_position_knows_lies_between_its_neighbours() -> None:
    one = Trajectory.of("rigid", np.array([[0, 0, 3.1], [9, 9, 9], [2, 4, -3.1]]), SHAPE)
    unknown = np.array([[1.0], [np.nan], [1.0]]) * np.ones(3)
    found, errors, _ = share_motion([one, one], [unknown, unknown])
    np.testing.assert_allclose(found.parameters[1, :2], [1, 2])
    np.testing.assert_allclose(np.abs(found.parameters[1, 2]), np.pi)
    assert np.isnan(errors).any(axis=1).tolist() == [False, True, False]


def test_positions_that_turned_by_half_share_half_a_turn() -> None:
    one, two = (Trajectory.of("rigid", np.array([[0, 0, angle]]), SHAPE) for angle in (3.1, -3.1))
    found, *_ = share_motion([one, two], [np.ones((1, 3))] * 2)
    np.testing.assert_allclose(found.transform(0).map([[3.0, 4.0]]), [[40 - 3.0, 59 - 4.0]], atol=1e-9)


def test_bilinear_transforms_have_no_product_and_no_inverse() -> None:
    bilinear = make("bilinear")
    with pytest.raises(InputError, match="bilinear transforms cannot be chained"):
        compose(bilinear, (), bilinear, ())
    with pytest.raises(InputError, match="inverse of a bilinear"):
        bilinear.invert()
