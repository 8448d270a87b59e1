"""Each device against the specification, and the specification against scipy."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy import ndimage

from holdstill.contracts import Device
from holdstill.devices.interpolation import make_spline
from holdstill.devices.plain import PlainDevice, spline_columns
from holdstill.errors import UnknownName
from holdstill.run import registry
from holdstill.testing.devices import DeviceTests


class TestDevice(DeviceTests):
    @pytest.fixture(params=registry.names("devices"))
    def device(self, request: pytest.FixtureRequest, skip_unusable: Callable[[str], None]) -> Device:
        skip_unusable(request.param)
        device: Device = registry.find("devices", request.param)()
        return device


@pytest.mark.parametrize("order", [0, 1])
def test_plain_resampling_agrees_with_scipy(order: int) -> None:
    frame = np.random.default_rng(0).random((1, 30, 40))
    shift, out = np.array([[2.3, -4.7]]), np.empty((1, 30, 40))
    PlainDevice().resample_shift(
        frame, shift, interpolation=("nearest", "linear")[order], edge="nearest", fill=0, out=out
    )
    expected = ndimage.shift(frame[0], -shift[0], order=order, mode="nearest")
    np.testing.assert_allclose(out[0], expected, atol=1e-12)


def test_the_spline_goes_through_the_image_and_has_its_derivative() -> None:
    image = ndimage.gaussian_filter(np.random.default_rng(0).random((40, 50)), 2)
    spline = make_spline(image)
    columns = spline_columns(spline, np.zeros(2), [(0, 40), (0, 50)])
    np.testing.assert_allclose(columns[2], image, atol=1e-6)
    step = 1e-3
    ahead = spline_columns(spline, np.array([-step, 0.0]), [(5, 35), (5, 45)])[2]
    behind = spline_columns(spline, np.array([step, 0.0]), [(5, 35), (5, 45)])[2]
    np.testing.assert_allclose((ahead - behind) / (2 * step), columns[0][5:35, 5:45], atol=1e-4)


def test_unknown_interpolation_and_edge_are_named() -> None:
    device, frames = PlainDevice(), np.zeros((1, 8, 8))
    with pytest.raises(UnknownName, match="cubic"):
        device.resample_shift(frames, np.ones((1, 2)), interpolation="magic", edge="nearest", fill=0, out=frames.copy())
    with pytest.raises(UnknownName, match="reflect"):
        device.resample_shift(frames, np.ones((1, 2)), interpolation="linear", edge="wrap", fill=0, out=frames.copy())
