"""Volumes turned by more than a fit of mere shifts follows: right, or said not to be."""

import numpy as np
import pytest
from scipy import ndimage

from holdstill.contracts import Estimates, NoiseModel, Reference, Verdict
from holdstill.devices.cpu import CpuDevice
from holdstill.methods.direct import Direct
from holdstill.transforms.motions import find_motion
from holdstill.transforms.trajectory import Trajectory

DEVICE, SHAPE, ROOM, NOISE = CpuDevice(), (18, 44, 48), 16, 5.0


def specimen(seed: int) -> np.ndarray:
    """Of so fine a grain that 15 degrees take it apart at the borders."""
    grain = np.random.default_rng(seed).normal(size=[n + 2 * ROOM for n in SHAPE])
    return np.asarray(100 + 200 * ndimage.gaussian_filter(grain, 1.2), np.float64)


def look(volume: np.ndarray, parameters: np.ndarray, seed: int) -> np.ndarray:
    """The specimen under a rigid transform, and noise."""
    transform = Trajectory(find_motion("rigid"), parameters[None], SHAPE).transform(0)
    points = np.stack(np.meshgrid(*(np.arange(n, dtype=float) for n in SHAPE), indexing="ij"), -1).reshape(-1, 3)
    seen = ndimage.map_coordinates(volume, (transform.inverse.map(points) + ROOM).T, order=3).reshape(SHAPE)  # type: ignore[union-attr]
    return np.asarray(seen + NOISE * np.random.default_rng(seed).normal(size=SHAPE), np.float32)


def align(frame: np.ndarray, **settings: bool) -> Estimates:
    reference = Reference(
        image=look(specimen(1), np.zeros(6), 2), noise=NoiseModel(read_variance=NOISE**2), n_averaged=1
    )
    method = Direct(motion="rigid", **settings)
    return method.estimate(method.prepare(reference, DEVICE), frame[None], DEVICE)


@pytest.mark.parametrize(("angle_deg", "axis"), [(5.0, 1), (15.0, 0), (15.0, 2), (25.0, 1)])
def test_a_turned_volume(angle_deg: float, axis: int) -> None:
    """By 15 degrees it was found 4 to 6 px and 9 to 12 degrees off, one of four times ok."""
    truth = np.zeros(6)
    truth[:3], truth[3 + axis] = (0.5, -2.0, 1.5), np.deg2rad(angle_deg)
    found = align(look(specimen(1), truth, 3))
    assert found.verdicts == (Verdict.OK,)
    assert np.abs(found.parameters[0, :3] - truth[:3]).max() < 0.05
    assert np.rad2deg(np.abs(found.parameters[0, 3:] - truth[3:])).max() < 0.2


def test_another_volume_and_one_that_is_not_to_be_turned() -> None:
    truth = np.array([0.5, -2.0, 1.5, np.deg2rad(25), 0, 0])
    for found in (align(look(specimen(9), truth, 3)), align(look(specimen(1), truth, 3), any_rotation=False)):
        assert found.verdicts != (Verdict.OK,)
