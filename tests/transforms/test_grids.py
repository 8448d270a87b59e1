"""Displacements on a grid: hat interpolation, constant beyond the outermost points, and the way back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdstill.contracts import ControlGrid
from holdstill.errors import InputError
from holdstill.transforms import find_covered_box
from holdstill.transforms.grids import ACCURACY_PX, DisplacementGrid

# control points at y = 2, 6, 10
LINES = ControlGrid(counts=(3, 1), origins=(2.0, 0.0), spacings=(4.0, 1.0), moved=(0, 1))
CENTRE = np.array([6.0, 4.5])


def lines(y: list[float], x: list[float]) -> DisplacementGrid:
    return DisplacementGrid(LINES, np.array([y, x], np.float64)[:, :, None], CENTRE)


def test_linear_between_control_points_and_constant_beyond() -> None:
    bent = lines([0, 4, -4], [1, 3, 3])
    places = np.array([[-5.0, 0], [2, 7], [3, 7], [6, 0], [7, 0], [10, 0], [99, 0]])
    moves = bent.map(places) - places
    np.testing.assert_allclose(moves[:, 0], [0, 0, 1, 4, 2, -4, -4])
    np.testing.assert_allclose(moves[:, 1], [1, 1, 1.5, 3, 3, 3, 3])
    np.testing.assert_allclose(bent.shift, [4, 3])


def test_control_points_lie_in_the_middles_of_blocks() -> None:
    grid = ControlGrid.from_spacing((21, 40, 64), (1, None, 16))
    assert grid.counts == (21, 1, 4)
    assert grid.positions(0).tolist() == list(range(21))
    assert grid.positions(1).tolist() == [19.5]
    assert grid.positions(2).tolist() == [7.5, 23.5, 39.5, 55.5]
    assert (grid.moved, grid.n_parameters, len(grid.points())) == ((0, 1, 2), 252, 84)


@given(st.lists(st.floats(-1.9, 1.9), min_size=3, max_size=3), st.lists(st.floats(-9, 9), min_size=3, max_size=3))
def test_the_way_back(y: list[float], x: list[float]) -> None:
    """Neighbours 4 px apart that differ by less than 4 px do not fold."""
    bent, points = lines(y, x), np.random.default_rng(0).uniform(-3, 15, (50, 2))
    np.testing.assert_allclose(bent.inverse.map(bent.map(points)), points, atol=ACCURACY_PX)
    np.testing.assert_allclose(bent.map(bent.inverse.map(points)), points, atol=ACCURACY_PX)
    assert bent.smallest_determinant > 0


def test_the_determinant_says_where_the_image_folds() -> None:
    assert lines([0, 0, 0], [5, -5, 9]).smallest_determinant == pytest.approx(1)  # shear keeps areas
    assert lines([0, 2, 2], [0, 0, 0]).smallest_determinant == pytest.approx(1)  # half as dense again; 1 beyond
    assert lines([0, -2, -2], [0, 0, 0]).smallest_determinant == pytest.approx(0.5)
    folded = lines([0, -8, -8], [0, 0, 0])
    assert folded.smallest_determinant == pytest.approx(-1)
    there = folded.map(folded.inverse.map(np.array([[0.0, 0.0], [3.0, 1.0]])))
    np.testing.assert_allclose(there, [[0, 0], [3, 1]], atol=ACCURACY_PX)  # one of the points that lie there


def test_what_is_constant_along_the_moved_axes_is_inverted_exactly() -> None:
    grid = ControlGrid(counts=(2, 1, 1), origins=(0, 0, 0), spacings=(1, 1, 1), moved=(1, 2))
    planes = DisplacementGrid(grid, np.array([[0.1, 2], [0.3, 0]]).reshape(2, 2, 1, 1), np.zeros(3))
    np.testing.assert_array_equal(planes.inverse.displacements, -planes.displacements)
    assert not planes.compose(planes.inverse).displacements.any()
    np.testing.assert_array_equal(planes.compose(planes).displacements, 2 * planes.displacements)


def test_displacements_of_other_points_do_not_compose() -> None:
    other = DisplacementGrid(ControlGrid.from_spacing((20, 10), (5, 5)), np.zeros((2, 4, 2)), CENTRE)
    with pytest.raises(InputError, match="the same control points"):
        lines([0, 0, 0], [0, 0, 0]).compose(other)
    with pytest.raises(InputError, match=r"\(n, 2\)"):
        other.map([[1, 2, 3]])


def test_coverage_looks_at_each_control_point() -> None:
    """Between the borders and the middle a line in 40 is displaced by more than all others."""
    grid = ControlGrid.from_spacing((40, 30), (1, None), (1,))
    nodes = np.zeros((1, 40, 1))
    nodes[0, 7] = -5
    assert find_covered_box([DisplacementGrid(grid, nodes, np.array([19.5, 14.5]))], (40, 30)) == (
        slice(0, 40), slice(5, 30),
    )  # fmt: skip
