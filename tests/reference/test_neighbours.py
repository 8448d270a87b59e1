"""The median of neighbours by comparisons is that of the library."""

import numpy as np
import pytest
from scipy import ndimage

from holdstill.reference.neighbours import median_around

RING = np.array([[[1, 1, 1], [1, 0, 1], [1, 1, 1]]], bool)


@pytest.mark.parametrize("shape", [(1, 40, 50), (3, 20, 31), (1, 5, 5), (1, 90, 300)])
def test_equals_a_ranked_filter(shape: tuple[int, ...]) -> None:
    planes = np.random.default_rng(0).integers(0, 30, shape).astype(np.float64)
    expected = ndimage.median_filter(planes, footprint=RING, mode="mirror")
    np.testing.assert_array_equal(median_around(planes), expected)
