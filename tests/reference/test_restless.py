"""Something slow in most of the frame is told from noise, and from what shines on its own in some places."""

import numpy as np
from scipy.ndimage import gaussian_filter, gaussian_filter1d

from holdstill.reference.restless import count_sigmas_of_slowness

FRAMES, SIZE = 30, 128


def _noise(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((FRAMES, SIZE, SIZE)).astype(np.float32)


def test_noise_is_not_slow() -> None:
    assert max(count_sigmas_of_slowness(_noise(seed)) for seed in range(4)) < 4


def test_what_moves_everywhere_is_slow() -> None:
    rng = np.random.default_rng(5)
    slopes = gaussian_filter(rng.standard_normal((SIZE, SIZE)), 3)
    slopes *= 0.15 / slopes.std()
    path = np.cumsum(rng.standard_normal(FRAMES))
    path -= path.mean()
    moving = _noise(6) + path[:, None, None] * slopes
    assert count_sigmas_of_slowness(moving.astype(np.float32)) > 6
    shuffled = moving[rng.permutation(FRAMES)]
    assert count_sigmas_of_slowness(shuffled.astype(np.float32)) < 4


def test_few_places_that_shine_slowly_do_not_count() -> None:
    rng = np.random.default_rng(7)
    shining = _noise(8)
    for y, x in rng.integers(0, SIZE - 12, (6, 2)):
        course = gaussian_filter1d(rng.standard_normal(FRAMES), 3)
        shining[:, y : y + 12, x : x + 12] += 5 * course[:, None, None].astype(np.float32)
    assert count_sigmas_of_slowness(shining) < 4


def test_of_nothing_nothing_is_told() -> None:
    assert count_sigmas_of_slowness(np.zeros((FRAMES, 32, 32), np.float32)) < 0
