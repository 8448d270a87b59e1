"""Rows that are summed together give the sums of rows one by one, whatever is missing of which."""

import numpy as np
import pytest

from holdstill.contracts import NoiseModel
from holdstill.devices.cpu import CpuDevice
from holdstill.devices.cpu.direct_sums import BAND_PX
from holdstill.devices.interpolation import make_spline
from holdstill.devices.plain import PlainDevice

SHAPE = (70, 83)
SHIFTS = np.array([[0.0, 0.0], [2.3, -4.7], [-30.2, 11.6], [0.4, 60.1]])


@pytest.mark.parametrize("dtype", ["u2", "f4"])
@pytest.mark.parametrize("lacking", ["nothing", "a border", "a hole"])
def test_sums_of_rows_together_equal_the_plain_ones(dtype: str, lacking: str) -> None:
    """A row that holds NaN, early and late in a band, does not count as a whole for the rows after it."""
    assert SHAPE[0] * SHAPE[1] > 2 * BAND_PX
    rng = np.random.default_rng(0)
    image, counts = rng.uniform(50, 90, SHAPE), np.ones(SHAPE, bool)
    if lacking == "a border":
        counts[:, :9] = False
    elif lacking == "a hole":
        counts[30:33, 20:60] = False
    frames = rng.uniform(40, 100, (len(SHIFTS), *SHAPE)).astype(dtype)
    if dtype == "f4":
        frames[:, 3, 5:40] = frames[1:3, 40, 7] = np.nan
    spline = make_spline(image, counts, level=70.0)
    assert spline.counts_all == (lacking != "a hole")
    given = SHIFTS, np.ones(4), np.full(4, 70.0), NoiseModel(gain=1.0, read_variance=4.0), np.full(4, 6.0)
    found, expected = (device.direct_sums(frames, spline, *given) for device in (CpuDevice(), PlainDevice()))
    for name in ("normal", "right", "squares", "count"):
        one, other = getattr(found, name), getattr(expected, name)
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5 * np.abs(other).max())
