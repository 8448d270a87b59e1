"""Rows of pixels that lie side by side in runs are worth loading in runs, however short these are."""

import numpy as np
import pytest

from holdstill.contracts import ControlGrid
from holdstill.devices.cpu import CpuDevice
from holdstill.devices.plain import PlainDevice


@pytest.mark.parametrize("slope_px", [0.0, 3.0, 9.0, 25.0])
@pytest.mark.parametrize("interpolation", ["linear", "cubic"])
def test_fields_of_any_steepness_are_resampled_as_specified(slope_px: float, interpolation: str) -> None:
    """Displacements of neighbouring control points, 16 px apart, differ by so many px: runs of 16 px down to one."""
    shape = (48, 64)
    grid = ControlGrid.spanning(shape, (16, 16))
    rng = np.random.default_rng(0)
    frames = rng.integers(0, 1000, (2, *shape)).astype(np.uint16)
    nodes = slope_px * rng.uniform(-0.5, 0.5, (2, 2, *grid.counts))
    found = []
    for device in (PlainDevice(), CpuDevice()):
        out = np.empty_like(frames)
        device.resample_field(frames, grid, nodes, interpolation=interpolation, edge="constant", fill=7.0, out=out)
        found.append(out.astype(int))
    assert np.abs(found[0] - found[1]).max() <= 1
    assert len(np.unique(found[0])) > 100
