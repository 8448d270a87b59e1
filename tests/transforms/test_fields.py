"""Affine maps that bend."""

import numpy as np
import pytest

from holdstill.contracts import ControlGrid
from holdstill.errors import InputError, UnknownName
from holdstill.transforms.fields import BentAffine
from holdstill.transforms.motions import find_motion

GRID = ControlGrid(counts=(3, 3), origins=(0.0, 0.0), spacings=(20.0, 20.0), moved=(0, 1))
TURNED = np.array([[0.0, -1.2], [1.2, 0.0]])


def make(bump: float) -> BentAffine:
    nodes = np.zeros((2, 3, 3))
    nodes[:, 1, 1] = bump
    return BentAffine(GRID, TURNED, np.array([5.0, -3.0]), nodes, np.array([20.0, 20.0]))


def test_it_turns_then_bends_and_leads_back() -> None:
    points = np.random.default_rng(0).uniform(-30, 70, (50, 2))  # beyond the control points too
    way = make(6.0)
    straight = (points - 20) @ TURNED.T + [25, 17]
    bent = way.map(points) - straight
    assert np.abs(bent).max() <= 6
    np.testing.assert_allclose(way.map([[20, 20]]), [[31, 23]])
    np.testing.assert_allclose(way.shift, [11, 3])
    np.testing.assert_allclose(way.inverse.map(way.map(points)), points, atol=1e-6)


def test_what_is_left_of_areas_is_told_beside_the_affine_part() -> None:
    assert make(0.0).smallest_determinant == pytest.approx(1)
    assert 0 < make(6.0).smallest_determinant < 1
    assert make(60.0).smallest_determinant < 0


def test_points_and_names_that_do_not_fit_are_refused() -> None:
    with pytest.raises(InputError, match="points must have shape"):
        make(0.0).map(np.zeros((3, 3)))
    for name in ("dense:3", "dense:1x5", "dense:axb", "dense:3x3@0,0/0,1", "dense:3x3@0,0", "dense:3x3@nan,0/1,1"):
        with pytest.raises(UnknownName, match="there is no motion 'dense:"):
            find_motion(name, (40, 40))


def test_its_name_says_where_its_control_points_are() -> None:
    motion = find_motion("dense", (40, 61))
    again = find_motion(motion.name, (40, 61))
    assert again == motion
    smaller, _ = motion.rescale(motion.identity(2)[None], np.array([2.0, 2.0]), np.zeros(2), (40, 61), (20, 30))
    assert find_motion(smaller.name, (20, 30)) == smaller
