"""Points and tracks move with the pixels."""

import numpy as np
import pytest

import holdstill as hs
from holdstill.errors import InputError
from holdstill.transforms.motions import find_motion
from holdstill.transforms.points import map_points, map_tracks
from holdstill.transforms.trajectory import Trajectory

# the second frame turned by a quarter about (10, 10), the third shifted
MOVES = Trajectory.of("rigid", np.array([[0, 0, 0], [0, 0, np.pi / 2], [2, -3, 0]]), (21, 21))


def test_points_lie_elsewhere_in_each_frame() -> None:
    found = map_points(MOVES, [[10, 10], [12, 10]])
    np.testing.assert_allclose(found, [[[10, 10], [12, 10]], [[10, 10], [10, 12]], [[12, 7], [14, 7]]], atol=1e-12)
    with pytest.raises(InputError, match=r"\(n, 2\)"):
        map_points(MOVES, [[1, 2, 3]])


def test_tracks_come_to_the_reference_and_back() -> None:
    raw = np.array([[1.0, 10, 12], [2, 14, 7], [0, 3, 4], [1, 10, 10]])
    still = map_tracks(MOVES, raw, "reference")
    np.testing.assert_allclose(still, [[1, 12, 10], [2, 12, 10], [0, 3, 4], [1, 10, 10]], atol=1e-12)
    np.testing.assert_allclose(map_tracks(MOVES, still, "frame"), raw, atol=1e-12)
    with_number = np.column_stack([np.arange(4), raw])
    np.testing.assert_array_equal(map_tracks(MOVES, with_number, "reference")[:, 1:], still)
    table = map_tracks(MOVES, {"t": raw[:, 0], "y": raw[:, 1], "x": raw[:, 2], "name": "a"}, "reference")
    np.testing.assert_array_equal(np.stack([table["y"], table["x"]], 1), still[:, 1:])
    assert table["name"] == "a"


def test_tracks_that_do_not_fit() -> None:
    for tracks, text in (
        (np.zeros((3, 5)), "columns t, y, x or id, t, y, x"),
        ({"t": [0], "y": [1.0]}, "no column x"),
        (np.array([[0.0, 1, 1], [3, 1, 1], [2, 1, 1]]), "0 to 2"),
        (np.array([[0.0, 1, 1], [0.5, 1, 1]]), "0 to 2"),
        (np.array([[0.0, 1, 1], [-1, 1, 1]]), "0 to 2"),
        (np.array([[0.0, 1, 1], [np.nan, 1, 1]]), "0 to 2"),
    ):
        with pytest.raises(InputError, match=text):
            map_tracks(MOVES, tracks, "reference")
    with pytest.raises(InputError, match="reference, frame"):
        map_tracks(MOVES, np.zeros((1, 3)), "template")


@pytest.mark.parametrize("motion", ["piecewise:16", "lines:8", "planes-z", "dense"])
def test_gaps_of_tracks_stay_gaps_where_control_points_move_them(motion: str) -> None:
    """NaN ended in an IndexError."""
    shape = (5, 40, 48) if motion == "planes-z" else (40, 48)
    family = find_motion(motion, shape)
    parameters = np.random.default_rng(0).normal(size=(3, family.identity(len(shape)).size)) / 9
    reg = hs.Registration.of_trajectory(Trajectory(family, parameters, shape))
    tracks = np.array([[t, 2.0, *[11.0, 12.0][: len(shape) - 1], 20.0][: len(shape) + 1] for t in range(3)])
    tracks[1, 1:] = np.nan
    for to in ("reference", "frame"):
        moved = reg.map_tracks(tracks, to=to)
        assert np.isnan(moved[1, 1:]).all()
        for row in (0, 2):
            np.testing.assert_allclose(moved[row], reg.map_tracks(tracks[[row]], to=to)[0], atol=1e-9)
    assert np.isnan(reg[1].map(tracks[[1], 1:])).all()
