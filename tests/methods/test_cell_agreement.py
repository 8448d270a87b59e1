"""Cells that agree with the reference, cells that were put a period too far, and cells that cannot tell."""

import numpy as np
import pytest

from holdstill.contracts import ControlGrid
from holdstill.devices.plain import PlainDevice
from holdstill.evaluation.local import MARGIN, make_tissue
from holdstill.methods.likelihood.cell_agreement import make_agreement
from holdstill.transforms.motions import find_motion
from holdstill.transforms.motions.grid import GridMotion
from holdstill.transforms.trajectory import Trajectory

SHAPE = (72, 96)


def measure(frame: np.ndarray, image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which cells tell, and which are lost, of one frame that did not move."""
    motion = find_motion("piecewise:24", SHAPE)
    assert isinstance(motion, GridMotion)
    still = Trajectory(motion, np.zeros((1, motion.grid.n_parameters)), SHAPE)
    told = make_agreement(image.astype(np.float32), motion.grid, PlainDevice()).measure(
        PlainDevice(), frame[None].astype(np.float32), still, np.ones(1)
    )
    return told.telling.reshape(motion.grid.cells), told.lost.reshape(motion.grid.cells)


def draw() -> np.ndarray:
    return 100 * make_tissue(SHAPE, 0.5)[MARGIN:-MARGIN, MARGIN:-MARGIN]


def test_cells_that_lie_elsewhere_are_lost() -> None:
    image, noise = draw(), np.random.default_rng(0)
    frame = 1.5 * image + 20 + noise.normal(0, 10, SHAPE)
    frame[24:48, 48:72] = 1.5 * np.roll(image, 7, axis=1)[24:48, 48:72]
    telling, lost = measure(frame, image)
    assert telling.all()
    assert np.argwhere(lost).tolist() == [[1, 2]]


def test_what_is_dim_is_told_together_and_noise_tells_nothing() -> None:
    image, rng = draw(), np.random.default_rng(1)
    telling, lost = measure(image + rng.normal(0, 200, SHAPE), image)
    assert telling.any()
    assert not lost.any()
    telling, lost = measure(image + rng.normal(0, 5000, SHAPE), image)
    assert not telling.any()
    assert not lost.any()


def test_slow_changes_of_light_are_no_agreement() -> None:
    image = draw()
    light = np.linspace(0, 800, SHAPE[1])
    other = 100 * make_tissue(SHAPE, 0.5, seed=9)[MARGIN:-MARGIN, MARGIN:-MARGIN]
    frame = image + light
    frame[:24, :24] = (other + light)[:24, :24]
    _, lost = measure(frame, image + light)
    assert np.argwhere(lost).tolist() == [[0, 0]]


def test_what_fades_or_flashes_is_not_lost() -> None:
    image = draw()
    frame = image + np.random.default_rng(2).normal(0, 5, SHAPE)
    frame[:24, :24] *= 0.4
    frame[48:, 72:] *= 3
    telling, lost = measure(frame, image)
    assert telling.all()
    assert not lost.any()


@pytest.mark.parametrize(("is_sharp", "factors"), [(False, (2, 2)), (True, (1, 1))])
def test_large_cells_are_compared_at_half_size_unless_that_costs_contrast(
    is_sharp: bool, factors: tuple[int, int]
) -> None:
    shape, rng = (193, 258), np.random.default_rng(3)
    tissue = 100 * make_tissue(shape, 0.5)[MARGIN:-MARGIN, MARGIN:-MARGIN]
    image = (100 + 30 * rng.standard_normal(shape) if is_sharp else tissue).astype(np.float32)
    motion = find_motion("piecewise:64", shape)
    assert isinstance(motion, GridMotion)
    agreement = make_agreement(image, motion.grid, PlainDevice())
    assert agreement.factors == factors
    frame = image + rng.normal(0, 10, shape).astype(np.float32)
    frame[64:128, 128:194] = np.roll(frame, 7, axis=1)[64:128, 128:194]
    bent = Trajectory(motion, np.full((1, motion.grid.n_parameters), 0.25), shape)
    told = agreement.measure(PlainDevice(), frame[None], bent, np.ones(1))
    assert np.argwhere(told.lost.reshape(motion.grid.cells)).tolist() == [[1, 2]]


def test_masked_pixels_do_not_count() -> None:
    image = draw()
    hidden = image.copy()
    hidden[:24, :24] = np.nan
    frame = image.copy()
    frame[:20, :20] = 0
    _, lost = measure(frame, hidden)
    assert not lost.any()
    assert ControlGrid.spanning(SHAPE, (24, 24)).cells == (3, 4)
