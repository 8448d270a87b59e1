"""What becomes of a frame, each reason at its limit; no pixels are fitted."""

from dataclasses import dataclass

import numpy as np
import pytest

from holdstill.contracts import FloatArray, Verdict
from holdstill.errors import InputError
from holdstill.methods.likelihood.verdicts import hide_empty, make_limits, verdicts

SHAPE = (100, 200)


@dataclass
class Fit:
    shifts: FloatArray
    gain_z: FloatArray
    chi_square: FloatArray


def judge(
    shift: tuple[float, float] = (0.0, 0.0), *, gain_z: float = 99.0, error: float = 0.01, max_shift: float = 1e9
) -> Verdict:
    fit = Fit(np.array([shift]), np.array([99.0]), np.array([1.0]))
    limits = make_limits(np.arange(20000.0).reshape(SHAPE), max_shift)
    frame = np.arange(16.0, dtype=np.float32).reshape(1, 4, 4)
    return verdicts(limits, fit, np.full((1, 2), error), np.array([99.0]), frame, np.dtype(np.float32))[0]


def test_a_quarter_of_the_reference_must_be_in_view() -> None:
    assert judge((74.9, 0.0)) is Verdict.OK
    assert judge((75.1, 0.0)) is Verdict.OUT_OF_RANGE
    assert judge((49.0, 99.0)) is Verdict.OK  # 0.51 x 0.505
    assert judge((51.0, 101.0)) is Verdict.OUT_OF_RANGE
    assert judge((0.0, -300.0)) is Verdict.OUT_OF_RANGE


def test_the_largest_shift() -> None:
    assert judge((20.0, -20.0), max_shift=20) is Verdict.OK
    assert judge((0.0, -20.01), max_shift=20) is Verdict.OUT_OF_RANGE
    with pytest.raises(InputError, match="max_shift"):
        judge(max_shift=-1)


def test_an_error_bar_above_half_a_pixel() -> None:
    assert judge(error=0.49) is Verdict.OK
    assert judge(error=0.51) is Verdict.LOW_CONTRAST
    assert judge(error=np.nan) is Verdict.BLANK


def test_of_a_frame_without_content_no_parameters_are_told() -> None:
    frames = np.zeros((4, 3, 3), np.float32)
    frames[1], frames[2, 0, 0], frames[3, 0, 0] = np.nan, 1, np.nan
    found = hide_empty(np.ones((4, 2)), frames)
    assert np.isnan(found).all(axis=1).tolist() == [True, True, False, True]
    assert found[2].tolist() == [1, 1]


@pytest.mark.parametrize(("size", "gain_z", "found"), [(12, 7.3, "mismatch"), (12, 13.0, "ok"), (64, 7.3, "ok")])
def test_noise_explains_no_frame_of_few_pixels(size: int, gain_z: float, found: str) -> None:
    """Grass of 12 px was ok on an astronaut: what did not fit was taken for the frame's noise."""
    fit = Fit(np.zeros((1, 2)), np.array([gain_z]), np.array([1.25]))
    image = np.arange(float(size * size)).reshape(size, size)
    frame = image[None].astype(np.float32)
    told = verdicts(
        make_limits(image, None), fit, np.full((1, 2), 0.4), np.array([1.9]), frame, np.dtype(np.float32),
        agreement=lambda rows: np.full(len(rows), 1.4),
    )  # fmt: skip
    assert told == (Verdict(found),)


def test_what_is_the_reference_pixel_by_pixel_is_no_mismatch() -> None:
    fit = Fit(np.zeros((2, 2)), np.full(2, 99.0), np.ones(2))
    image = np.arange(144.0).reshape(12, 12)
    frames = np.stack([image, image]).astype(np.float32)
    told = verdicts(
        make_limits(image, None), fit, np.full((2, 2), 0.01), np.full(2, 99.0), frames, np.dtype(np.float32),
        mismatched=np.ones(2, bool), same=lambda rows: rows == 1,
    )  # fmt: skip
    assert told == (Verdict.MISMATCH, Verdict.OK)
