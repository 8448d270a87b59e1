"""Windows that fade images towards their borders."""

import numpy as np
import pytest

from holdstill.methods.search.windows import multiply_outer, taper


@pytest.mark.parametrize("n", [1, 2, 7, 8])
def test_a_ramp_of_half_the_length_makes_a_hann_window(n: int) -> None:
    middle = (np.arange(n) + 0.5) / n
    np.testing.assert_allclose(taper(n, n / 2), np.sin(np.pi * middle) ** 2, atol=1e-15)


def test_a_short_ramp_leaves_the_middle_alone() -> None:
    np.testing.assert_allclose(taper(6, 2), [0.5 - 0.5**1.5, 0.5 + 0.5**1.5, 1, 1, 0.5 + 0.5**1.5, 0.5 - 0.5**1.5])
    np.testing.assert_array_equal(taper(5, 0), np.ones(5))


def test_weights_of_an_image_are_products() -> None:
    np.testing.assert_array_equal(multiply_outer([np.array([1.0, 2]), np.array([3.0, 4, 5])]), [[3, 4, 5], [6, 8, 10]])
