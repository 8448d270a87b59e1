"""What is written of an aligned image."""

import numpy as np
import pytest

from holdstill.errors import InputError, UnknownName
from holdstill.transforms.extents import find_extent
from holdstill.transforms.motions import find_motion
from holdstill.transforms.trajectory import Trajectory

FIXED, MOVING = (100, 120), (90, 140)


def shift(y: float, x: float) -> Trajectory:
    return Trajectory(find_motion("translation", FIXED), np.array([[y, x]]), FIXED)


def test_extents_of_a_shift() -> None:
    way = shift(-20, 30).transform(0)  # the moving image begins at (20, -30) of the fixed one, and ends at (110, 110)
    assert find_extent(way, FIXED, MOVING, "fixed") == (slice(0, 100), slice(0, 120))
    assert find_extent(way, FIXED, MOVING, "overlap") == (slice(20, 100), slice(0, 110))
    assert find_extent(way, FIXED, MOVING, "union") == (slice(0, 110), slice(-30, 120))


def test_the_overlap_of_a_quarter_turn_is_the_whole_of_the_smaller_side() -> None:
    turned = np.array([[[0.0, -1, 99], [1, 0, 0], [0, 0, 1]]])  # (y, x) of the fixed image lies at (99 - x, y)
    way = Trajectory.of_matrices(turned, FIXED).transform(0)
    assert find_extent(way, FIXED, FIXED, "overlap") == (slice(0, 100), slice(0, 100))
    assert find_extent(way, FIXED, FIXED, "union") == (slice(0, 120), slice(0, 120))


def test_without_overlap_or_name_it_is_told() -> None:
    with pytest.raises(InputError, match="nothing in common"):
        find_extent(shift(0, 500).transform(0), FIXED, MOVING, "overlap")
    with pytest.raises(UnknownName, match="no extent 'both'; choose one of fixed, overlap, union"):
        find_extent(shift(0, 0).transform(0), FIXED, MOVING, "both")
