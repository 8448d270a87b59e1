"""Each device against the specification, and the specification against scipy."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy import ndimage

from holdstill.contracts import Device, NoiseModel
from holdstill.devices.cpu import CpuDevice
from holdstill.devices.interpolation import make_fine_spline, make_spline
from holdstill.devices.plain import PlainDevice, spline_columns
from holdstill.errors import UnknownName
from holdstill.run import registry
from holdstill.testing.devices import DeviceTests


class TestDevice(DeviceTests):
    @pytest.fixture(params=[name for name in registry.names("devices") if name != "plain"])
    def device(self, request: pytest.FixtureRequest, skip_unusable: Callable[[str], None]) -> Device:
        skip_unusable(request.param)
        device: Device = registry.find("devices", request.param)()
        return device


class TestSpecification(DeviceTests):
    """What the specification promises of itself; it equals itself."""

    test_bin = test_direct_sums = test_warp_sums = test_resample_warp = test_resample_field = None  # type: ignore[assignment]
    test_resample_field_in_blocks = test_field_sums = test_overlap_correlation = test_resample_shift = None  # type: ignore[assignment]

    @pytest.fixture
    def device(self) -> Device:
        return PlainDevice()


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


@pytest.mark.parametrize("part", [np.s_[:, 50:], np.s_[:, :17], np.s_[40:], np.s_[20:23, 30:31], np.s_[:0]])
@pytest.mark.parametrize("reach", [0.4, 30.0])
@pytest.mark.parametrize("is_fine", [False, True])
def test_sums_of_a_part_of_the_reference_equal_the_specification(
    part: tuple[slice, ...], reach: float, is_fine: bool
) -> None:
    rng, shape = np.random.default_rng(5), (61, 97)
    mask = np.zeros(shape, bool)
    mask[part] = True
    values = rng.random([2 * n - 1 for n in shape]) * 50
    spline = make_fine_spline(values, mask) if is_fine else make_spline(values[::2, ::2], mask)
    frames = (rng.random((3, *shape)) * 120).astype("u2")
    shifts, noise = rng.uniform(-1, 1, (3, 2)) * reach, NoiseModel(gain=0.5, read_variance=3.0, offset=2.0)
    arguments = frames, spline, shifts, np.array([1.0, 0.5, 2.0]), np.array([10.0, 0.0, 3.0]), noise, np.full(3, 6.0)
    found, expected = CpuDevice().direct_sums(*arguments), PlainDevice().direct_sums(*arguments)
    for name in ("normal", "right", "squares", "count"):
        one, other = getattr(found, name), getattr(expected, name)
        assert np.abs(one - other).max() <= 1e-4 * np.abs(other).max(), name


@pytest.mark.parametrize("reach", [0.0, 0.4, 6.0, 200.0])
def test_sums_of_a_fine_spline_equal_the_specification(reach: float) -> None:
    rng, shape = np.random.default_rng(3), (61, 97)
    spline = make_fine_spline(rng.random([2 * n - 1 for n in shape]) * 50, rng.random(shape) > 0.1)
    frames = (rng.random((3, *shape)) * 120).astype("u2")
    shifts, noise = rng.uniform(-1, 1, (3, 2)) * reach, NoiseModel(gain=0.5, read_variance=3.0, offset=2.0)
    arguments = frames, spline, shifts, np.array([1.0, 0.5, 2.0]), np.array([10.0, 0.0, 3.0]), noise
    cutoffs = np.array([np.inf, 4.0, 6.0])
    found, expected = CpuDevice().direct_sums(*arguments, cutoffs), PlainDevice().direct_sums(*arguments, cutoffs)
    for name in ("normal", "right", "squares", "count"):
        one, other = getattr(found, name), getattr(expected, name)
        assert np.abs(one - other).max() <= 1e-4 * np.abs(other).max(), name


def test_a_fine_spline_goes_through_all_its_points_and_has_their_slopes() -> None:
    values = ndimage.gaussian_filter(np.random.default_rng(0).random((79, 99)), 3)
    spline = make_fine_spline(values, np.ones((40, 50), bool))
    at_pixels = spline_columns(spline, np.zeros(2), [(0, 40), (0, 50)])
    np.testing.assert_allclose(at_pixels[2], values[::2, ::2], atol=1e-6)
    between = spline_columns(spline, np.array([-0.5, -0.5]), [(0, 39), (0, 49)])
    np.testing.assert_allclose(between[2], values[1::2, 1::2], atol=1e-6)
    step = 1e-3
    ahead = spline_columns(spline, np.array([-step, 0.0]), [(5, 35), (5, 45)])[2]
    behind = spline_columns(spline, np.array([step, 0.0]), [(5, 35), (5, 45)])[2]
    np.testing.assert_allclose((ahead - behind) / (2 * step), at_pixels[0][5:35, 5:45], atol=1e-4)


def test_unknown_interpolation_and_edge_are_named() -> None:
    device, frames = PlainDevice(), np.zeros((1, 8, 8))
    with pytest.raises(UnknownName, match="cubic"):
        device.resample_shift(frames, np.ones((1, 2)), interpolation="magic", edge="nearest", fill=0, out=frames.copy())
    with pytest.raises(UnknownName, match="reflect"):
        device.resample_shift(frames, np.ones((1, 2)), interpolation="linear", edge="wrap", fill=0, out=frames.copy())
