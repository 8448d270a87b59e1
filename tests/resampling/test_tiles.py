"""Planes resampled block by block."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from scipy import ndimage

from holdstill.devices.choosing import find_device
from holdstill.devices.plain import PlainDevice
from holdstill.io.array import ArraySource
from holdstill.resampling import tiles
from holdstill.resampling.settings import Resampling
from holdstill.resampling.tiles import Tiles
from holdstill.transforms.trajectory import Trajectory

SHAPE = (150, 170)
IMAGE = (ndimage.gaussian_filter(np.random.default_rng(0).random((3, *SHAPE)), (0, 2, 2)) * 255).astype(np.uint8)


def turn(degrees: float, scale: float = 1.0) -> Trajectory:
    a, middle = np.deg2rad(degrees), (np.array(SHAPE) - 1) / 2
    linear = scale * np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
    matrix = np.eye(3)
    matrix[:2, :2], matrix[:2, 2] = linear, middle - linear @ middle + [4.3, -6.6]
    return Trajectory.of_matrices(matrix[None], SHAPE)


@pytest.mark.parametrize("scale", [0.5, 1.0, 1.7])
@pytest.mark.parametrize("channel", [None, 1])
def test_blocks_are_those_of_the_whole(monkeypatch: pytest.MonkeyPatch, scale: float, channel: int | None) -> None:
    monkeypatch.setattr(tiles, "BLOCK_PX", 40)
    trajectory = turn(30, scale)
    box = (slice(0, SHAPE[0]), slice(0, SHAPE[1]))
    made = Tiles(
        source=ArraySource(IMAGE, axes="CYX"), way=trajectory.transform(0), box=box,
        resampling=Resampling(fill=7), device=PlainDevice(),
    )  # fmt: skip
    with ThreadPoolExecutor(2) as workers:
        shown = np.concatenate(list(made.bands(64, workers, channel)), axis=1)
    given = IMAGE if channel is None else IMAGE[channel : channel + 1]
    whole = np.empty_like(given)
    trajectory.repeat(len(given)).resample(
        PlainDevice(), given, interpolation="cubic", edge="constant", fill=7, out=whole
    )
    assert np.abs(shown.astype(int) - whole).max() <= 1
    assert (shown == 7).mean() < 1


def test_blocks_of_other_devices_are_those_of_the_specification(
    monkeypatch: pytest.MonkeyPatch, device_name: str
) -> None:
    monkeypatch.setattr(tiles, "BLOCK_PX", 40)
    shown = []
    for device in (PlainDevice(), find_device(device_name, (40, 40), np.uint8)):
        made = Tiles(
            source=ArraySource(IMAGE, axes="CYX"), way=turn(30).transform(0),
            box=(slice(-20, SHAPE[0]), slice(0, SHAPE[1])), resampling=Resampling(fill=7), device=device,
        )  # fmt: skip
        with ThreadPoolExecutor(2) as workers:
            shown.append(np.concatenate(list(made.bands(64, workers)), axis=1).astype(int))
    assert np.abs(shown[0] - shown[1]).max() <= 1


def test_a_box_may_begin_before_the_reference() -> None:
    trajectory = Trajectory.of_matrices(np.eye(3)[None], SHAPE)
    made = Tiles(
        source=ArraySource(IMAGE, axes="CYX"), way=trajectory.transform(0), box=(slice(-10, 40), slice(-5, 60)),
        resampling=Resampling(fill=9), device=PlainDevice(),
    )  # fmt: skip
    with ThreadPoolExecutor(1) as workers:
        [band] = made.bands(100, workers)
    assert np.array_equal(band[:, 10:, 5:], IMAGE[:, :40, :60])
    assert (band[:, :10] == 9).all()
    assert (band[:, :, :5] == 9).all()
