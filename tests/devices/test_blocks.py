"""Blocks of a slide come from windows of another size; the heap was overwritten where one was taken for the other."""

import numpy as np
import pytest

from holdstill.contracts import ControlGrid
from holdstill.devices.cpu import CpuDevice
from holdstill.devices.plain import PlainDevice


@pytest.mark.parametrize("count", [7, 23])
@pytest.mark.parametrize("shape", [(31, 23), (70, 64)])
def test_blocks_smaller_and_larger_than_their_window(shape: tuple[int, int], count: int) -> None:
    frames = np.random.default_rng(1).integers(0, 999, (3, 60, 50)).astype(np.uint16)
    grid = ControlGrid.from_spacing(shape, tuple(n / count for n in shape))
    displacements = np.random.default_rng(9).uniform(-4, 4, (3, 2, *grid.counts))
    found, expected = (np.zeros((3, *shape), np.uint16) for _ in range(2))
    for device, out in ((CpuDevice(), found), (PlainDevice(), expected)):
        device.resample_field(frames, grid, displacements, interpolation="linear", edge="nearest", fill=7, out=out)
    np.testing.assert_allclose(found, expected, atol=1)
