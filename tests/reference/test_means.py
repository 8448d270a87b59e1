"""Means of what is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdstill.reference.means import mean_known, mean_of_products


@given(
    n=st.integers(1, 9),
    shape=st.sampled_from([(1, 1), (7, 5), (3, 4, 6)]),
    missing=st.floats(0, 1),
    seed=st.integers(0, 99),
)
def test_means_are_those_of_numpy(n: int, shape: tuple[int, ...], missing: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    images = rng.normal(1e4, 1.0, (n, *shape)).astype(np.float32)
    lost = rng.random(images.shape) < missing
    images[lost] = rng.choice([np.nan, np.inf, -np.inf], lost.sum())
    expected = np.ma.masked_where(lost, images).mean(axis=0, dtype=np.float64).filled(np.nan).astype(np.float32)
    np.testing.assert_array_equal(mean_known(images), expected)


@pytest.mark.parametrize("step", [1, 2])
def test_of_any_layout_and_dtype(step: int) -> None:
    images = np.arange(240, dtype=np.uint16).reshape(6, 5, 8)[::step, :, ::step]
    np.testing.assert_array_equal(mean_known(images), images.mean(axis=0, dtype=np.float64).astype(np.float32))


def test_means_of_products_leave_out_what_is_not_known() -> None:
    rng = np.random.default_rng(1)
    one, other = rng.normal(3, 1, (2, 40, 30)).astype(np.float32)
    one[rng.random(one.shape) < 0.2] = other[3] = np.nan
    assert mean_of_products(one, other) == pytest.approx(np.nanmean(one.astype(float) * other), rel=1e-12)
    assert np.isnan(mean_of_products(one, np.full_like(one, np.nan)))
