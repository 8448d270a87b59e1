"""Parts of a frame that went different ways are found from scratch."""

import numpy as np
import pytest
from scipy import ndimage

from holdstill.contracts import ControlGrid
from holdstill.devices.plain import PlainDevice
from holdstill.evaluation.local import MARGIN, make_tissue
from holdstill.methods.search.local_start import prepare_local_start

SHAPE = (120, 144)


@pytest.mark.parametrize("noise", [0.0, 0.5])
def test_windows_follow_a_field_that_bends(noise: float) -> None:
    tissue = make_tissue(SHAPE, 0.5)
    y, x = np.indices(SHAPE).astype(float)
    field = np.stack([7 * np.sin(x / 60), 6 * np.cos(y / 60)])
    shift = np.array([3.0, -5.0])
    points = np.stack([y, x]) - shift[:, None, None] - field + MARGIN
    frame = ndimage.map_coordinates(tissue, points, order=3, mode="nearest")
    frame += np.random.default_rng(0).normal(0, noise, SHAPE)
    image = tissue[MARGIN:-MARGIN, MARGIN:-MARGIN].astype(np.float32)
    grid = ControlGrid.spanning(SHAPE, (24, 24))
    start = prepare_local_start(image, grid, PlainDevice())
    assert start is not None
    found = start.find(PlainDevice(), frame.astype(np.float32), shift + np.array([2.0, -1.0]), shift, grid)
    # control points lie where the shifted reference has them
    places = np.clip(np.rint(grid.points() + shift).astype(int), 0, np.array(SHAPE) - 1)
    expected = field[:, places[:, 0], places[:, 1]].T
    inside = ((grid.points() > 16) & (grid.points() < np.array(SHAPE) - 16)).all(axis=1)
    assert np.abs(found.reshape(-1, 2) - expected)[inside].max() < 2.0


def test_lines_have_windows_of_whole_rows() -> None:
    tissue = make_tissue(SHAPE, 0.5)
    y, x = np.indices(SHAPE).astype(float)
    moves = np.stack([6 * np.sin(y / 20), 8 * np.cos(y / 25)])
    frame = ndimage.map_coordinates(tissue, np.stack([y, x]) - moves + MARGIN, order=3, mode="nearest")
    grid = ControlGrid.spanning(SHAPE, (12, np.inf))
    start = prepare_local_start(tissue[MARGIN:-MARGIN, MARGIN:-MARGIN].astype(np.float32), grid, PlainDevice())
    assert start is not None
    found = start.find(PlainDevice(), frame.astype(np.float32), np.zeros(2), np.zeros(2), grid).reshape(-1, 2)
    rows = np.rint(grid.positions(0)).astype(int)
    assert np.abs(found - moves[:, rows, 0].T)[1:-1].max() < 2.0


def test_volumes_have_none() -> None:
    grid = ControlGrid.spanning((8, 40, 40), (4, 20, 20))
    assert prepare_local_start(np.zeros((8, 40, 40), np.float32), grid, PlainDevice()) is None
