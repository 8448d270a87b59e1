"""What a noise model says."""

import numpy as np

from holdstill.contracts import NoiseModel


def test_scaled_noise_has_a_scaled_variance_at_every_level() -> None:
    noise, values = NoiseModel(gain=0.5, read_variance=4.0, offset=10.0), np.array([0.0, 10.0, 30.0])
    np.testing.assert_array_equal(noise.variance(values), [4, 4, 14])
    np.testing.assert_array_equal(noise.scale(0.25).variance(values), [1, 1, 3.5])
