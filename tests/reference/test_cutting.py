"""What cutting leaves of noise."""

import numpy as np
import pytest

from holdstill.reference.cutting import leave_uncut, restore_cut


@pytest.mark.parametrize("level", [0.0, 3.0, 8.0, 20.0, 200.0])
def test_what_was_cut_at_zero_tells_the_noise_before(level: float) -> None:
    pixels = np.maximum(level + 10 * np.random.default_rng(0).standard_normal(200_000), 0)
    mean, variance = np.array([pixels.mean()]), np.array([pixels.var()])
    assert leave_uncut(mean, np.array([100.0])) == pytest.approx(variance, rel=0.02)
    assert restore_cut(mean, variance) == pytest.approx(100, rel=0.02)


def test_where_nothing_is_left_or_nothing_was_cut() -> None:
    assert leave_uncut(np.array([-1.0, 0.0]), np.array([100.0, 100.0])).tolist() == [0, 0]
    assert leave_uncut(np.array([5.0, 500.0]), np.array([0.0, 1.0])) == pytest.approx([0, 1], rel=1e-6)
    assert restore_cut(np.array([500.0]), np.array([3.0])).tolist() == [3]
