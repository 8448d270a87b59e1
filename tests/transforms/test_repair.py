"""Bad frames take the transform between their neighbours: of transforms, not of numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdstill.errors import UnknownName
from holdstill.transforms.repair import find_jumps, name_treatments, repair
from holdstill.transforms.trajectory import Trajectory


def make(motion: str, rows: list[list[float]], shape: tuple[int, ...] = (21, 30)) -> Trajectory:
    return Trajectory.of(motion, np.array(rows, np.float64), shape)


def test_at_the_ends_and_without_any_good_frame() -> None:
    trajectory = make("translation", [[9, 9], [1, 2], [9, 9], [3, 6], [9, 9]])
    repaired = repair(trajectory, np.array([False, True, False, True, False]))
    assert repaired.parameters.tolist() == [[1, 2], [1, 2], [2, 4], [3, 6], [3, 6]]
    assert trajectory.parameters[0].tolist() == [9, 9]
    assert not repair(trajectory, np.zeros(5, bool)).parameters.any()
    np.testing.assert_array_equal(repair(trajectory, np.ones(5, bool)).parameters, trajectory.parameters)


def test_one_good_frame_serves_all() -> None:
    repaired = repair(make("rigid", [[9, 9, 9], [1, 2, 0.5], [7, 7, 7]]), np.array([False, True, False]))
    assert repaired.parameters.tolist() == [[1, 2, 0.5]] * 3


@pytest.mark.parametrize("motion", ["rigid", "similarity", "affine", "projective"])
def test_a_rotation_is_bridged_by_the_shorter_way(motion: str) -> None:
    rest = {"rigid": [], "similarity": [1.0], "affine": [1, 1, 0], "projective": [1, 1, 0, 0, 0]}[motion]
    trajectory = make(motion, [[0, 0, 3.1, *rest], [0, 0, 0, *rest], [0, 0, -3.1, *rest]])
    repaired = repair(trajectory, np.array([True, False, True]))
    upside_down = 2 * trajectory.transform(0).centre - np.array([[3.0, 4.0]])
    np.testing.assert_allclose(repaired.transform(1).map([[3.0, 4.0]]), upside_down, atol=1e-12)


@pytest.mark.parametrize("motion", ["rigid", "affine"])
def test_rotations_of_volumes_turn_evenly_about_one_axis(motion: str) -> None:
    axis, rest = np.array([2.0, -1, 2]) / 3, [1.0, 1, 1, 0, 0, 0] if motion == "affine" else []
    # the two ends lie on either side of half a turn, where rotation vectors jump
    rows = [[0, 0, 0, *(angle * axis), *rest] for angle in (3.0, 0.0, 0.0, 3.6 - 2 * np.pi)]
    repaired = repair(make(motion, rows, (9, 21, 30)), np.array([True, False, False, True]))
    wanted = make(motion, [[0, 0, 0, *(angle * axis), *rest] for angle in (3.0, 3.2, 3.4, 3.6)], (9, 21, 30))
    points = np.array([[1.0, 5, 7], [8, 0, 29]])
    for t in range(4):
        np.testing.assert_allclose(repaired.transform(t).map(points), wanted.transform(t).map(points), atol=1e-9)


@given(st.floats(-3.1, 3.1), st.floats(-3.0, 3.0))
def test_half_the_way_twice_is_the_whole_way(start: float, step: float) -> None:
    ends = make("rigid", [[0, 0, start], [5, -3, start + step]])
    half = ends.interpolate(np.array([0, 2]), np.array([1]))
    first, last = ends.transform(0), ends.transform(1)
    angle = lambda t: np.arctan2(t.matrix[1, 0], t.matrix[0, 0])  # noqa: E731
    to_half, rest = angle(half.transform(0)) - angle(first), angle(last) - angle(half.transform(0))
    assert abs(np.exp(1j * to_half) - np.exp(1j * rest)) < 1e-9
    assert abs(np.exp(1j * to_half) - np.exp(0.5j * step)) < 1e-9


def test_motion_goes_on_as_it_ended_where_that_is_asked_for() -> None:
    trajectory, wanted = make("translation", [[0, 0], [1, 2]]), np.array([0.0, 5, 25])
    held = trajectory.interpolate(np.array([5.0, 15]), wanted)
    assert held.parameters.tolist() == [[0, 0], [0, 0], [1, 2]]
    extended = trajectory.interpolate(np.array([5.0, 15]), wanted, extend=True)
    assert extended.parameters.tolist() == [[-0.5, -1], [0, 0], [2, 4]]


NAN = float("nan")
FOUND = [[0.0, 0], [9, 9], [2, 4], [NAN, NAN], [4, 8]]
GOOD = np.array([True, False, True, False, True])


@pytest.mark.parametrize(
    ("how", "second", "fourth", "words"),
    [
        ("interpolate", [1, 2], [3, 6], ("interpolated", "interpolated")),
        ("estimates", [9, 9], [3, 6], ("estimated", "interpolated")),
        ("identity", [0, 0], [0, 0], ("identity", "identity")),
        ("drop", [1, 2], [3, 6], ("dropped", "dropped")),
    ],
)
def test_flagged_frames_are_treated_as_asked_for(
    how: str, second: list[float], fourth: list[float], words: tuple[str, str]
) -> None:
    trajectory = make("translation", FOUND)
    assert repair(trajectory, GOOD, how).parameters.tolist() == [[0, 0], second, [2, 4], fourth, [4, 8]]
    named = name_treatments(trajectory, GOOD, how)
    assert named == ("estimated", words[0], "estimated", words[1], "estimated")


def test_without_a_good_frame_nothing_moves() -> None:
    trajectory, none = make("translation", FOUND), np.zeros(5, bool)
    assert set(name_treatments(trajectory, none)) == {"identity"}
    assert repair(trajectory, none, "estimates").parameters.tolist() == [[0, 0], [9, 9], [2, 4], [0, 0], [4, 8]]


def test_an_unknown_repair_is_told_with_those_that_are_known() -> None:
    with pytest.raises(UnknownName, match="no repair 'mend'; choose one of interpolate, estimates, identity, drop"):
        repair(make("translation", FOUND), GOOD, "mend")


def find(places: list[float], errors: float | list[float] = 0.01, bad: tuple[int, ...] = ()) -> list[int]:
    shifts = np.stack([np.array(places, float), np.zeros(len(places))], axis=1)
    good = ~np.isin(np.arange(len(places)), bad)
    bars = np.broadcast_to(np.reshape(errors, (-1, 1)), shifts.shape)
    return np.flatnonzero(find_jumps(shifts, bars, good)).tolist()


def test_a_jump_is_one_step_that_stays() -> None:
    shaking = np.random.default_rng(0).normal(0, 0.05, 40)
    assert find((shaking + 5 * (np.arange(40) >= 17)).tolist()) == [17]
    assert find((shaking + 5 * (np.arange(40) >= 17)).tolist(), bad=(16, 17)) == [18]
    assert find((shaking + 5 * (np.arange(40) == 17)).tolist()) == []  # there and back
    assert find((shaking + 5 * (np.arange(40) == 39)).tolist()) == []  # nothing shows that it stays
    assert find((shaking + 5 * (np.arange(40) >= 17)).tolist(), errors=2.0) == []
    assert find(np.linspace(0, 200, 40).tolist()) == []  # fast, and steady


@pytest.mark.parametrize("step", [0.01, 1.0, 20.0])
def test_a_random_walk_has_no_jumps(step: float) -> None:
    assert find(np.random.default_rng(1).normal(0, step, 5000).cumsum().tolist()) == []


def test_a_step_counts_from_a_quarter_of_a_px_and_eight_usual_ones() -> None:
    still = [0.0] * 20
    assert find([*still, *[0.26] * 10]) == [20]
    assert find([*still, *[0.24] * 10]) == []
    swaying = [t % 2 + 13.2 * (t >= 20) for t in range(40)]  # in steps of 1 px, whose scale is 1.4826
    assert find([float(place) for place in swaying]) == [20]
    assert find([place - 0.7 * (place > 9) for place in swaying]) == []


def test_a_step_counts_from_five_of_its_own_error_bars() -> None:
    there = [*[0.0] * 20, *[1.0] * 10]
    assert find(there, errors=0.13) == [20]
    assert find(there, errors=0.15) == []
    assert find(there, errors=[*[0.1] * 20, *[0.18] * 10]) == []  # of both frames
    assert find(there, errors=[*[0.18] * 20, *[0.1] * 10]) == []
    assert find(there, errors=[*[0.1] * 20, *[0.16] * 10]) == [20]


def test_medians_of_three_frames_on_either_side_tell_whether_it_stayed() -> None:
    still = [0.0] * 20
    assert find([*still, 0.1, 0, 0, *[0.29] * 10]) == [23]
    assert find([*still, 0.2, 0.2, 0, 0.29, *[0.5] * 10]) == [23]
    assert find([*still, 0.2, 0.2, 0, *[0.42] * 10]) == []
    assert find([*still, 5, 5]) == [20]
    assert find([0.0, *[5.0] * 10]) == [1]
