"""Pixels of the camera."""

import numpy as np
from scipy import ndimage

from holdstill.reference.defects import find_defects


def mean_image(seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return 100 + 300 * ndimage.gaussian_filter(rng.random((80, 90)), 3) + 0.2 * rng.standard_normal((80, 90))


def test_hot_pixels_are_found_bridged_and_restored() -> None:
    image, rng = mean_image(), np.random.default_rng(1)
    hot = rng.choice(image.size, 30, replace=False)
    image.ravel()[hot] += 400
    found = find_defects(image.astype(np.float32))
    assert set(hot.tolist()) == set(found.pixels.tolist())
    frames = np.stack([image, image]).astype(np.uint16)
    recorded = frames.copy()
    with found.bridge(frames) as bridged:
        assert bridged.reshape(2, -1)[:, hot].max() < 330
    np.testing.assert_array_equal(frames, recorded)


def test_none_are_invented() -> None:
    for seed in range(5):
        assert len(find_defects(mean_image(seed).astype(np.float32))) == 0
    spots = np.zeros((80, 90))
    spots[20::20, 20::20] = 4000.0
    assert len(find_defects(ndimage.gaussian_filter(spots, 1.2).astype(np.float32))) == 0


def test_texture_of_single_pixels_is_left_alone() -> None:
    image = np.zeros((60, 60), np.float32)
    image[::5, ::5] = 100
    assert len(find_defects(image)) == 0
