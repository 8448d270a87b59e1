"""Numbers from arrays."""

import numpy as np
import pytest
from scipy import ndimage

from holdstill.reference.noise import crispness, fit_noise, white_noise


def scene(seed: int = 0, shape: tuple[int, ...] = (200, 220)) -> np.ndarray:
    smooth = ndimage.gaussian_filter(np.random.default_rng(seed).random(shape), 5)
    return 50 + 400 * (smooth - smooth.min()) / np.ptp(smooth)


@pytest.mark.parametrize("sd", [0.5, 3.0, 20.0])
def test_white_noise_is_told_from_content(sd: float) -> None:
    image = scene() + sd * np.random.default_rng(1).standard_normal((200, 220))
    assert white_noise(image) == pytest.approx(sd**2, rel=0.1)


def test_white_noise_of_nothing() -> None:
    assert white_noise(np.full((20, 20), np.nan)) == 0
    assert white_noise(np.ones((20, 20))) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(("gain", "read"), [(1.0, 1.0), (2.5, 6.0), (0.4, 0.2)])
def test_noise_model_of_a_camera(gain: float, read: float) -> None:
    rng, models = np.random.default_rng(2), np.stack([scene(n) for n in range(4)]).astype(np.float32)
    frames = gain * rng.poisson((models - 50) / gain) + 50 + read * rng.standard_normal(models.shape)
    found = fit_noise(np.rint(frames).astype(np.int32), models, 1.0, integer=True)
    assert found is not None
    levels = np.array([150.0, 250.0, 400.0])  # a tenth of the pixels are darker, few brighter
    np.testing.assert_allclose(found.variance(levels), gain * (levels - 50) + read**2 + 1 / 12, rtol=0.2)


def test_no_overlap_no_noise_model() -> None:
    assert fit_noise(np.ones((1, 50, 50)), np.full((1, 50, 50), np.nan, np.float32), 1.0, integer=False) is None


def test_crispness_falls_with_blur() -> None:
    image = np.random.default_rng(0).random((64, 64))
    assert crispness(ndimage.gaussian_filter(image, 1.0)) < 0.5 * crispness(image)
    assert crispness(2 * image) == pytest.approx(2 * crispness(image))
    assert crispness(np.ones((8, 8, 8))) == 0
