"""Pairs of frames, with exact numbers: transforms, error bars, and one pair that is wrong."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from holdstill.contracts import Covariance, Estimates, Verdict
from holdstill.reference import pose_graph
from holdstill.reference.pose_graph import (
    INDEPENDENT,
    Pairs,
    accumulate,
    find_weights,
    join_pairs,
    measure_turnover,
    nothing,
    solve,
)
from holdstill.transforms.trajectory import Trajectory

SHAPE = (40, 50)
OK, BAD = Verdict.OK, Verdict.MISMATCH


def make_pairs(
    truth: np.ndarray, lags: tuple[int, ...], motion: str = "translation", errors: tuple[float, ...] = (0.1, 0.2, 1e-3)
) -> Pairs:
    """Every frame compared with those `lags` before it, without any error but known error bars."""
    found = [(later - lag, later) for later in range(1, len(truth)) for lag in lags if later >= lag]
    earlier, later = (np.array(part, np.int64) for part in zip(*found, strict=True))
    steps = Trajectory.of(motion, truth[later], SHAPE).relative_to(truth[earlier]).parameters
    estimates = Estimates(
        parameters=steps, covariance=Covariance.of_errors(np.tile(errors[: truth.shape[1]], (len(later), 1))),
        scores=np.linspace(0.5, 0.9, len(later)), verdicts=(OK,) * len(later),
    )  # fmt: skip
    return Pairs(earlier, later, estimates)


def change(pairs: Pairs, row: int, *, by: float = 0.0, verdict: Verdict = OK) -> Pairs:
    """The same pairs but one, which is off by so much along each axis or has another verdict."""
    parameters = pairs.estimates.parameters.copy()
    parameters[row] += by
    verdicts = tuple(verdict if k == row else one for k, one in enumerate(pairs.estimates.verdicts))
    estimates = Estimates(
        parameters=parameters, covariance=pairs.estimates.covariance, scores=pairs.estimates.scores, verdicts=verdicts
    )
    return Pairs(pairs.earlier, pairs.later, estimates)


def row_of(pairs: Pairs, earlier: int, later: int) -> int:
    return int(np.flatnonzero((pairs.earlier == earlier) & (pairs.later == later))[0])


@pytest.fixture
def truth() -> np.ndarray:
    path = np.random.default_rng(1).normal(size=(6, 2)).cumsum(axis=0)
    return path - path[0]


def test_a_chain_adds_up(truth: np.ndarray) -> None:
    found = accumulate("translation", make_pairs(truth, (1,)), SHAPE, 6)
    np.testing.assert_allclose(found.parameters, truth, atol=1e-12)
    assert found.good.all()
    np.testing.assert_array_equal(found.scores, [1.0, *np.linspace(0.5, 0.9, 5)])


def test_error_bars_of_a_chain(truth: np.ndarray) -> None:
    """Of each step's variance a quarter stays for good, the rest belongs to the frame itself."""
    pairs = make_pairs(truth, (1,))
    scaled = pairs.estimates.covariance.scale(np.array([[1.0], [2.0], [1.0], [3.0], [1.0]]))
    estimates = Estimates(
        parameters=pairs.estimates.parameters, covariance=scaled, scores=pairs.estimates.scores, verdicts=(OK,) * 5
    )
    found = accumulate("translation", Pairs(pairs.earlier, pairs.later, estimates), SHAPE, 6)
    steps = np.array([0.0, 1.0, 4.0, 1.0, 9.0, 1.0])
    variances = INDEPENDENT * steps.cumsum() + (1 - INDEPENDENT) * steps
    np.testing.assert_allclose(found.errors, np.sqrt(np.outer(variances, [0.01, 0.04])), rtol=1e-12)
    assert 0 < INDEPENDENT < 1


def test_a_bad_frame_keeps_its_estimate_and_the_chain_goes_past_it(truth: np.ndarray) -> None:
    pairs = make_pairs(truth, (1,))
    pairs = change(pairs, 2, by=30.0, verdict=BAD)  # frame 3 against frame 2
    found = accumulate("translation", pairs, SHAPE, 6)
    assert found.verdicts == (OK, OK, OK, BAD, OK, OK)
    np.testing.assert_allclose(found.parameters[:3], truth[:3], atol=1e-12)
    np.testing.assert_allclose(found.parameters[3], truth[3] + 30, atol=1e-12)
    # the next begins where the last good one stood
    np.testing.assert_allclose(found.parameters[4], truth[2] + truth[4] - truth[3], atol=1e-12)
    np.testing.assert_allclose(found.errors[4], np.sqrt(3 * INDEPENDENT + 1 - INDEPENDENT) * np.array([0.1, 0.2]))


def test_a_frame_of_which_nothing_is_known_stays_unknown(truth: np.ndarray) -> None:
    found = accumulate("translation", change(make_pairs(truth, (1,)), 2, by=np.nan, verdict=Verdict.BLANK), SHAPE, 6)
    assert np.isnan(found.parameters).all(axis=1).tolist() == [False, False, False, True, False, False]


def test_rotations_compose() -> None:
    truth = np.column_stack([np.arange(6.0), -np.arange(6.0), 0.3 * np.arange(6)])
    found = accumulate("rigid", make_pairs(truth, (1,), "rigid"), SHAPE, 6)
    np.testing.assert_allclose(found.parameters, truth, atol=1e-12)
    solved = solve("rigid", make_pairs(truth, (1, 2, 4), "rigid"), SHAPE, 6)
    np.testing.assert_allclose(solved.parameters, truth, atol=1e-6)


@pytest.mark.parametrize(("earlier", "later"), [(0, 4), (1, 3), (2, 3), (0, 1)])
def test_one_wrong_pair_among_six_frames_changes_nothing(truth: np.ndarray, earlier: int, later: int) -> None:
    pairs = make_pairs(truth, (1, 2, 4))
    wrong = change(pairs, row_of(pairs, earlier, later), by=3.0)
    found = solve("translation", wrong, SHAPE, 6)
    np.testing.assert_allclose(found.parameters, truth, atol=5e-3)
    assert found.good.all()


def test_weights_of_pairs_that_do_not_fit() -> None:
    """A quarter at the cutoff; that is 4 error bars, or 4 of what the median shows where bars are too small."""
    fitting = np.array([[0.5, -0.5]] * 5 + [[4.0, -4.0], [0.0, np.sqrt(32)], [12.0, 12.0]])
    np.testing.assert_allclose(find_weights(fitting)[5:], [0.25, 0.25, 0.01])
    np.testing.assert_allclose(find_weights(fitting)[0], (1 + 0.25 / 16) ** -2)
    scattered = np.array([[2.0, -2.0]] * 5 + [[4 * 1.4826 * 2] * 2])
    np.testing.assert_allclose(find_weights(scattered)[5], 0.25)


def test_pairs_are_weighted_by_their_error_bars() -> None:
    """Three frames in a ring of two roads: where they disagree a little, the surer one decides."""
    earlier, later = np.array([0, 1, 0]), np.array([1, 2, 2])
    estimates = Estimates(
        parameters=np.array([[1.0, 0], [1.0, 0], [2.03, 0]]),
        covariance=Covariance.of_errors([[0.1, 0.1], [0.1, 0.1], [0.2, 0.2]]), scores=np.ones(3), verdicts=(OK,) * 3,
    )  # fmt: skip
    found = solve("translation", Pairs(earlier, later, estimates), SHAPE, 3)
    # direct 2.03 with variance 4, the way round 2.00 with variance 2, in units of 0.01
    np.testing.assert_allclose(found.parameters[2, 0], (2.03 / 4 + 2.0 / 2) / (1 / 4 + 1 / 2), atol=1e-4)


def test_error_bars_of_a_graph_that_is_a_chain(truth: np.ndarray) -> None:
    pairs = make_pairs(truth, (1,))
    found = solve("translation", pairs, SHAPE, 6)
    k = np.arange(6)
    expected = np.sqrt(INDEPENDENT * k + np.where(k > 0, 1 - INDEPENDENT, 0))[:, None] * [0.1, 0.2]
    np.testing.assert_allclose(found.errors, expected, rtol=1e-3)
    assert found.errors[0].tolist() == [0, 0]
    assert found.covariance.kind == "diagonal"


def test_error_bars_of_two_roads_are_smaller(truth: np.ndarray) -> None:
    """From frame 0 to 2 on the direct road and by frame 1, each step with unit variance: 2/3 of it."""
    found = solve("translation", make_pairs(truth[:3], (1, 2), errors=(1.0, 1.0)), SHAPE, 3)
    expected = np.sqrt(INDEPENDENT * 2 / 3 + 1 - INDEPENDENT)
    np.testing.assert_allclose(found.errors[1:], expected, rtol=1e-3)


class _Noting:
    """A factor that notes which columns of the inverse it is asked for."""

    def __init__(self, factor: Any, asked: list[int]) -> None:
        self.factor, self.asked = factor, asked

    def solve(self, unit: np.ndarray) -> np.ndarray:
        self.asked.append(int(unit.argmax()))
        return self.factor.solve(unit)


def test_error_bars_of_long_movies_lie_between_those_of_some_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    pairs = make_pairs(np.zeros((9, 2)), (1,))
    exact = solve("translation", pairs, SHAPE, 9).errors
    monkeypatch.setattr(pose_graph, "EXACT_ERRORS", 3)
    np.testing.assert_allclose(solve("translation", pairs, SHAPE, 9).errors, exact, rtol=1e-7)  # a chain's are linear


def test_bad_pairs_do_not_count_and_frames_without_a_good_one_are_bad(truth: np.ndarray) -> None:
    pairs = make_pairs(truth, (1, 2, 4))
    for row in range(len(pairs.later)):
        if 3 in (pairs.earlier[row], pairs.later[row]):
            pairs = change(pairs, row, by=20.0, verdict=BAD)
    one = change(pairs, row_of(pairs, 0, 4), by=20.0, verdict=BAD)
    found = solve("translation", one, SHAPE, 6)
    assert found.verdicts == (OK, OK, OK, BAD, OK, OK)
    np.testing.assert_allclose(found.parameters[[0, 1, 2, 4, 5]], truth[[0, 1, 2, 4, 5]], atol=1e-6)
    assert np.abs(found.parameters[3] - truth[3]).max() > 10  # as it was found
    assert found.scores[3] == max(one.estimates.scores[(one.earlier == 3) | (one.later == 3)])


def test_without_any_good_pair_nothing_is_known_but_the_first_frame(truth: np.ndarray) -> None:
    pairs = make_pairs(truth[:3], (1, 2))
    for row in range(3):
        pairs = change(pairs, row, by=np.nan, verdict=Verdict.BLANK)
    found = solve("translation", pairs, SHAPE, 3)
    assert found.verdicts == (Verdict.BLANK,) * 3
    assert found.parameters[0].tolist() == [0, 0]
    assert np.isnan(found.parameters[1:]).all()


def test_parts_join_in_the_order_of_their_frames(truth: np.ndarray) -> None:
    whole = make_pairs(truth, (1, 2))
    parts = [
        Pairs(whole.earlier[rows], whole.later[rows], whole.estimates.take(rows))
        for rows in ([4, 2, 7], [0, 8], [1, 3, 5, 6])
    ]
    joined = join_pairs(parts)
    order = np.lexsort((whole.earlier, whole.later))
    np.testing.assert_array_equal(joined.later, whole.later[order])
    np.testing.assert_array_equal(joined.earlier, whole.earlier[order])
    np.testing.assert_array_equal(joined.estimates.parameters, whole.estimates.parameters[order])
    assert len(nothing(3)) == len(nothing(3).scores) == 0
    assert (
        join_pairs([Pairs(np.zeros(0, np.int64), np.zeros(0, np.int64), nothing(2)), *parts]).later.tolist()
        == joined.later.tolist()
    )


def test_a_refused_pair_leaves_the_others_to_be_weighed() -> None:
    """The same ring with a fourth pair that is refused: what the nearest pairs alone add up to would be 2.00."""
    earlier, later = np.array([0, 1, 0, 1]), np.array([1, 2, 2, 2])
    estimates = Estimates(
        parameters=np.array([[1.0, 0], [1.0, 0], [2.03, 0], [9.0, 9.0]]),
        covariance=Covariance.of_errors([[0.1, 0.1], [0.1, 0.1], [0.2, 0.2], [0.1, 0.1]]),
        scores=np.ones(4), verdicts=(OK, OK, OK, BAD),
    )  # fmt: skip
    found = solve("translation", Pairs(earlier, later, estimates), SHAPE, 3)
    np.testing.assert_allclose(found.parameters[2, 0], (2.03 / 4 + 2.0 / 2) / (1 / 4 + 1 / 2), atol=1e-4)
    assert found.good.all()


class _Noting:
    """A factor that notes which columns of the inverse it is asked for."""

    def __init__(self, factor: Any, asked: list[int]) -> None:
        self.factor, self.asked = factor, asked

    def solve(self, unit: np.ndarray) -> np.ndarray:
        self.asked.append(int(unit.argmax()))
        return self.factor.solve(unit)


def test_of_long_movies_some_frames_are_asked_for_their_error_bars(monkeypatch: pytest.MonkeyPatch) -> None:
    truth = np.zeros((9, 2))
    factor_at: list[int] = []
    variances = pose_graph._variances
    monkeypatch.setattr(pose_graph, "_variances", lambda factor, n: variances(_Noting(factor, factor_at), n))
    exact = solve("translation", make_pairs(truth, (1,)), SHAPE, 9).errors
    assert factor_at == 2 * list(range(9))
    factor_at.clear()
    monkeypatch.setattr(pose_graph, "EXACT_ERRORS", 3)
    few = solve("translation", make_pairs(truth, (1,)), SHAPE, 9).errors
    assert factor_at == 2 * [0, 4, 8]
    np.testing.assert_allclose(few, exact, rtol=1e-3)  # along a chain variances grow in proportion


def test_variance_that_grows_with_the_distance_adds_up_along_the_movie() -> None:
    """Content that comes and goes pulls at all pairs that span it alike, and frames far apart differ by more."""
    path = np.random.default_rng(2).normal(scale=0.2, size=(30, 2)).cumsum(axis=0)
    pairs = make_pairs(path - path[0], (1, 2, 4, 8))
    lags = (pairs.later - pairs.earlier)[:, None]
    bars = np.sqrt(np.array([0.01, 0.02]) * lags)
    growing = replace(pairs.estimates, covariance=Covariance.of_errors(bars))
    changing = Pairs(pairs.earlier, pairs.later, growing)
    # frames that moved see less of each other, which is no turnover: made up for, and what is left is told
    assert measure_turnover("translation", changing, SHAPE, bars) == pytest.approx([0.01, 0.02], rel=0.2)
    assert (measure_turnover("translation", changing, SHAPE, 0 * bars) == 0).all()
    assert (measure_turnover("translation", pairs, SHAPE, bars) == 0).all()
    off = bars * np.random.default_rng(3).normal(size=bars.shape)
    pulled = Pairs(pairs.earlier, pairs.later, replace(growing, parameters=growing.parameters + off))
    stays, found = (solve("translation", of, SHAPE, 30).errors for of in (pairs, pulled))
    assert (found[-1] ** 2 > 29 * 0.8 * np.array([0.01, 0.02])).all()
    assert (stays[-1] < 0.3).all()


def test_distances_that_few_pairs_have_tell_no_turnover(truth: np.ndarray) -> None:
    pairs = make_pairs(truth, (1, 4))
    assert (measure_turnover("translation", pairs, SHAPE, np.ones(pairs.estimates.errors.shape)) == 0).all()
