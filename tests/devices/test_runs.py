"""Rows of pixels that lie side by side in runs are worth loading in runs, however short these are."""

import numpy as np
import pytest

from holdstill.contracts import ControlGrid
from holdstill.devices.cpu import CpuDevice
from holdstill.devices.plain import PlainDevice


@pytest.mark.parametrize("slope_px", [0.0, 3.0, 9.0, 25.0])
@pytest.mark.parametrize("interpolation", ["linear", "cubic", "lanczos"])
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


def test_six_taps_next_to_whole_pixels() -> None:
    # weights are divided by squares of distances: none may be lost, and an offset may be rounded up to one
    rng, grid = np.random.default_rng(3), ControlGrid.spanning((24, 40), (12, 12))
    image = rng.random((1, 24, 40))
    for off in (0.0, 1e-200, -1e-200, -1e-20, 1e-9, -1e-9, 0.3, 1 - 1e-16):
        nodes = np.full((1, 2, *grid.counts), off)
        found, wanted = (np.empty_like(image) for _ in range(2))
        for device, out in ((CpuDevice(), found), (PlainDevice(), wanted)):
            device.resample_field(image, grid, nodes, interpolation="lanczos", edge="constant", fill=0.0, out=out)
        np.testing.assert_allclose(found, wanted, atol=1e-7)
