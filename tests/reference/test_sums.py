"""Sums of images that are not known everywhere equal what NumPy makes of them step by step."""

import numpy as np
import pytest

from holdstill.reference.moving_mean import _correlate
from holdstill.reference.sums import add_known, add_sums, average_halves
from holdstill.reference.survey import _histogram


def make_images(n: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    images = rng.normal(100, 10, (n, 17, 23)).astype(np.float32)
    images[rng.random(images.shape) < 0.3] = np.nan
    images[0, 3, 4] = np.inf
    return images


def test_halves_are_averaged_over_what_is_known() -> None:
    images, parts = make_images(9, 0), []
    for few in (images[:5], images[5:]):
        totals, counts = np.zeros((2, 17, 23), np.float32), np.zeros((2, 17, 23), np.uint8)
        for n, image in enumerate(few):
            add_known(image, totals[n % 2], counts[n % 2])
        parts.append((totals, counts))
    mean, difference = average_halves(*add_sums(parts), 3)
    known, filled = np.isfinite(images), np.where(np.isfinite(images), images, 0).astype(np.float64)
    rows = [np.array([0, 2, 4, 5, 7]), np.array([1, 3, 6, 8])]
    with np.errstate(invalid="ignore", divide="ignore"):
        even, odd = (filled[half].sum(axis=0) / known[half].sum(axis=0) for half in rows)
        wanted = np.where(known.sum(axis=0) >= 3, filled.sum(axis=0) / known.sum(axis=0), np.nan)
    np.testing.assert_allclose(mean, wanted, rtol=1e-6)
    np.testing.assert_allclose(difference, (even - odd) / 2, rtol=1e-4, atol=1e-4)
    assert not np.isnan(mean).all()


@pytest.mark.parametrize("offset", [0.0, 3e4])
def test_correlation_is_that_of_what_both_know(offset: float) -> None:
    one, other = make_images(2, 1) + np.float32(offset)
    other = other + one
    known = np.isfinite(one) & np.isfinite(other)
    assert _correlate(one, other) == pytest.approx(np.corrcoef(one[known], other[known])[0, 1], abs=1e-6)
    assert _correlate(np.full_like(one, 0.1), other) == 0
    assert _correlate(np.full_like(one, np.nan), other) == 0


@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.uint16, np.int32, np.uint64])
def test_histograms_are_made_part_by_part(dtype: type, monkeypatch: pytest.MonkeyPatch) -> None:
    low = max(np.iinfo(dtype).min, -(2**30)) if dtype is not np.uint64 else 2**63
    values = (np.random.default_rng(2).integers(0, 200, (3, 40, 50)).astype(dtype) + dtype(low)).astype(dtype)
    monkeypatch.setattr("holdstill.reference.survey.HISTOGRAM_PART_PX", 7)
    levels, counts = _histogram(values)
    wanted, numbers = np.unique(values, return_counts=True)
    np.testing.assert_array_equal(levels, wanted.astype(np.float64))
    np.testing.assert_array_equal(counts, numbers)
