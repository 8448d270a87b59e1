"""What models leave of frames: gain and offset are taken off by least squares, whatever is missing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdstill.reference.residuals import CAP, loss, residuals


@given(st.floats(-3, 3), st.floats(-1e4, 1e4), st.integers(0, 40), st.integers(0, 99))
def test_residuals_equal_those_of_least_squares(gain, offset, n_missing, seed) -> None:
    rng = np.random.default_rng(seed)
    model = rng.normal(size=(1, 12, 14)).astype(np.float32)
    frames = (gain * model + offset + rng.normal(size=(2, 12, 14))).astype(np.float32)
    frames[0].ravel()[rng.integers(0, 168, n_missing)] = rng.choice([np.nan, np.inf, -np.inf], n_missing)
    model[0, 3, :5] = np.nan
    found = residuals(frames, model)
    for frame, left in zip(frames, found, strict=True):
        known = np.isfinite(frame) & np.isfinite(model[0])
        assert np.array_equal(np.isfinite(left), known)
        x, y = model[0][known].astype(float), frame[known].astype(float)
        slope, rest = np.polyfit(x, y, 1)
        np.testing.assert_allclose(left[known], y - slope * x - rest, atol=1e-5 * max(1.0, np.abs(y).max()))


def test_an_offset_of_a_million_leaves_residuals_to_the_rounding_of_pixels() -> None:
    rng = np.random.default_rng(0)
    model = np.round(1e6 + rng.normal(0, 20, (1, 64, 64))).astype(np.float32)
    noise = np.round(rng.normal(0, 4, (64, 64)))
    left = residuals((model + noise).astype(np.float32), model)[0]
    assert left.std() == pytest.approx(noise.std(), rel=1e-3)
    assert abs(left.mean()) < np.spacing(np.float32(1e6))


def test_flat_and_unknown_models_leave_the_frame_or_nothing() -> None:
    frames = np.random.default_rng(1).normal(5, 1, (1, 8, 8)).astype(np.float32)
    np.testing.assert_allclose(residuals(frames, np.ones((1, 8, 8), np.float32)), frames - frames.mean(), atol=1e-5)
    nothing = residuals(frames, np.full((1, 8, 8), np.nan, np.float32))
    assert np.isnan(nothing).all()
    assert np.isnan(loss(nothing, 1.0)).all()


def test_losses_count_what_is_known_and_cap_outliers() -> None:
    left = np.zeros((1, 4, 4), np.float32)
    left[0, 0, :2] = np.nan
    left[0, 1, 1] = 1e6
    assert loss(left, 1.0)[0] == pytest.approx(CAP / 14)
