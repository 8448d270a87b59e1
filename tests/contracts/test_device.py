"""What a noise model says, and where a reference counts."""

import numpy as np

from holdstill.contracts import NoiseModel, Spline


def test_scaled_noise_has_a_scaled_variance_at_every_level() -> None:
    noise, values = NoiseModel(gain=0.5, read_variance=4.0, offset=10.0), np.array([0.0, 10.0, 30.0])
    np.testing.assert_array_equal(noise.variance(values), [4, 4, 14])
    np.testing.assert_array_equal(noise.scale(0.25).variance(values), [1, 1, 3.5])


def test_a_reference_knows_the_box_in_which_it_counts() -> None:
    mask = np.zeros((7, 9), np.uint8)
    coefficients = np.zeros((11, 13), np.float32)
    assert Spline(coefficients, mask.copy()).box.tolist() == [0, 0, 0, 0]
    mask[2, 3] = mask[4, 8] = 1
    assert Spline(coefficients, mask).box.tolist() == [2, 5, 3, 9]
