"""Means of a sample, to the number: what is known of each pixel, and where too few frames look."""

import numpy as np
import pytest

from holdstill.devices.plain import PlainDevice
from holdstill.engines.threads import ThreadsEngine
from holdstill.io.array import ArraySource
from holdstill.reference import sample as sampling
from holdstill.reference.sample import Mean, Sample, mean_aligned, mean_of
from holdstill.transforms.trajectory import Trajectory

ENGINE = ThreadsEngine(1)


def make_sample(frames: np.ndarray) -> Sample:
    return Sample(ArraySource(frames, axes="TYX"), np.arange(len(frames)))


def align(frames: np.ndarray, shifts: list[list[float]]) -> Mean:
    trajectory = Trajectory.of("translation", np.array(shifts), frames.shape[1:])
    return mean_aligned(make_sample(frames), np.arange(len(frames)), trajectory, PlainDevice(), ENGINE)


@pytest.mark.parametrize("n", [2, 20, 30, 31])
def test_a_template_keeps_no_pixel_that_hardly_a_frame_shows(n: int) -> None:
    """Of 30 frames three show the last column, of 31 too few: a tenth, and two at least."""
    frames = np.tile(np.arange(8.0, dtype=np.float32), (n, 5, 1))
    shifts = [[0.0, 0.0]] * min(3, n) + [[0.0, -1.0]] * max(n - 3, 0)  # content to the left: the first column is lost
    mean = align(frames, shifts).image
    known = np.isfinite(mean).all(axis=0)
    assert known[1:].all()
    assert known[0] == (n <= 30)
    one = align(frames, [[0.0, 0.0]] + [[0.0, -1.0]] * (n - 1)).image
    assert not np.isfinite(one[:, 0]).any()


def test_aligned_frames_average_to_what_they_show() -> None:
    """The same ramp moved by whole pixels."""
    ramp = np.arange(12.0, dtype=np.float32)
    frames = np.stack([np.tile(ramp - shift, (6, 1)) for shift in (0, 1, 2)])
    mean = align(frames, [[0, 0], [0, 1], [0, 2]]).image
    np.testing.assert_allclose(mean[:, :11], np.tile(ramp[:11], (6, 1)), atol=1e-4)


@pytest.mark.parametrize("n", [18, 37])
def test_the_difference_holds_what_frames_of_even_and_odd_number_do_not_share(n: int) -> None:
    ramp = np.tile(np.arange(12.0, dtype=np.float32), (n, 6, 1))
    ramp[1::2, 2, 5] += 8
    mean = align(ramp, [[0.0, 0.0]] * n)
    np.testing.assert_allclose(mean.image[2, 5], 5 + 8 * (n // 2) / n, rtol=1e-5)
    expected = np.zeros((6, 12))
    expected[2, 5] = -4
    np.testing.assert_allclose(mean.difference, expected, atol=1e-4)


def test_the_mean_leaves_out_what_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    frames = np.stack([np.full((3, 4), float(value), np.float32) for value in (1, 2, 6)])
    frames[2, 0, 0] = np.nan
    frames[:, 1, 1] = np.nan
    expected = np.full((3, 4), 3.0)
    expected[0, 0], expected[1, 1] = 1.5, np.nan
    np.testing.assert_array_equal(mean_of(make_sample(frames), ENGINE), expected)
    np.testing.assert_array_equal(mean_of(make_sample(np.nan_to_num(frames).astype(np.uint16)), ENGINE)[2], [3.0] * 4)
    monkeypatch.setattr(sampling, "BATCH", 1)
    np.testing.assert_array_equal(mean_of(make_sample(frames), ENGINE), expected)
