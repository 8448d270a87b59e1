"""Where displacements map two points to one."""

import numpy as np
import pytest

from holdstill.contracts import ControlGrid
from holdstill.transforms.folds import describe_fold, find_least_areas
from holdstill.transforms.grids import differentiate
from holdstill.transforms.motions import find_motion
from holdstill.transforms.trajectory import Trajectory

SHAPES = ((40, 52), (9, 30, 40))


@pytest.mark.parametrize("shape", SHAPES)
def test_areas_are_those_of_the_derivative(shape: tuple[int, ...]) -> None:
    spacing, ndim = tuple(n / 4 for n in shape), len(shape)
    grid = ControlGrid.spanning(shape, spacing)
    rng = np.random.default_rng(0)
    for scale in (1.0, 6.0):
        nodes = rng.normal(0, scale, (3, len(shape), *grid.counts))
        areas, points = find_least_areas(grid, nodes)
        for t in range(3):
            sides = [np.concatenate([grid.positions(a)[:-1] + 1e-9, grid.positions(a)[1:] - 1e-9]) for a in range(ndim)]
            corners = np.stack(np.meshgrid(*sides, indexing="ij"), axis=-1).reshape(-1, ndim)
            slopes = np.linalg.det(np.eye(ndim) + differentiate(grid, nodes[t], corners))
            assert areas[t] == pytest.approx(slopes.min(), abs=1e-6)
            here = np.min([np.abs(grid.positions(a)[:, None] - points[t, a]).min() for a in range(len(shape))])
            assert here < 1e-9


def test_one_crossing_is_found_where_it_is() -> None:
    grid = ControlGrid.spanning((65, 65), (16.0, 16.0))
    nodes = np.zeros((2, 2, 5, 5))
    nodes[1, 0, 2, 3], nodes[1, 0, 3, 3] = 10, -10  # two points 16 px apart change places along y
    areas, points = find_least_areas(grid, nodes)
    assert areas.tolist() == [1.0, pytest.approx(1 - 20 / 16)]
    assert points[1].tolist() in ([32.0, 48.0], [48.0, 48.0])


def test_areas_beside_a_linear_part() -> None:
    motion = find_motion("dense:5x6", (40, 52))
    parameters = np.zeros((2, motion.count_parameters(2)))
    parameters[:, 2] = parameters[:, 5] = 1.0  # twice as large
    parameters[1, 6 + 2 * 7] = -30.0
    trajectory = Trajectory(motion, parameters, (40, 52))
    areas, _ = motion.find_least_areas(parameters, (40, 52))
    assert areas[0] == pytest.approx(1)
    [fold] = trajectory.find_folds()
    assert (fold.frame, fold.area) == (1, areas[1])
    assert areas[1] < 0
    assert describe_fold(fold).startswith("frame 1 at y ")


@pytest.mark.parametrize("name", ["translation", "affine", "rigid", "lines:8"])
def test_other_motions_do_not_fold(name: str) -> None:
    motion = find_motion(name, (40, 52))
    identity = motion.identity(2)[None]
    assert Trajectory(motion, identity, (40, 52)).find_folds() == ()
    assert motion.find_least_areas(identity[:0], (40, 52))[0].shape == (0,)


def test_frames_of_which_nothing_is_known_are_left_out() -> None:
    motion = find_motion("piecewise:16", (40, 52))
    assert Trajectory(motion, np.full((2, motion.count_parameters(2)), np.nan), (40, 52)).find_folds() == ()
