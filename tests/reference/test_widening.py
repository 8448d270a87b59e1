"""Error bars follow what neighbouring pixels share."""

import numpy as np
from scipy import ndimage

from holdstill.contracts import NoiseModel
from holdstill.evaluation.presets import sparse
from holdstill.reference.sandwich import sandwich_ratios

NOISE = NoiseModel(gain=0.0, read_variance=1.0, offset=0.0)


def mean_ratio(sigma: float, n_frames: int = 16) -> float:
    """Mean over frames and axes, for noise of variance 1 that was smoothed by `sigma` px.

    Frames are where the fit has put them: what of the noise looks like a shift, a gain or an offset is gone.
    """
    scene, rng, ratios = sparse((128, 128), seed=1), np.random.default_rng(2), []
    model, slopes = 10 * scene.intensity((0.0, 0.0)), 10 * scene.gradient((0.0, 0.0))
    fitted = np.stack([*slopes, model, np.ones_like(model)]).reshape(4, -1)
    for _ in range(n_frames):
        noise = rng.standard_normal((128, 128))
        if sigma:
            noise = ndimage.gaussian_filter(noise, sigma, mode="wrap")
            noise /= noise.std()
        noise -= (np.linalg.solve(fitted @ fitted.T, fitted @ noise.ravel()) @ fitted).reshape(noise.shape)
        [found] = sandwich_ratios(model + noise, model.astype(np.float32), slopes.astype(np.float32), NOISE, [16])
        ratios.append(found)
    return float(np.mean(ratios))


def test_independent_pixels_leave_them_as_they_are() -> None:
    # of 300 frames the mean is known to 0.03; robust weights alone had made 0.86 of it
    assert 0.9 < mean_ratio(0.0, 300) < 1.1


def test_smoothed_noise_widens_them() -> None:
    # variance of the score: sum over lags of noise autocorrelation times that of the slopes, 9.3 for these
    assert 6 < mean_ratio(1.5) < 13


def test_a_frame_that_stands_a_little_off_is_no_noise_that_pixels_share() -> None:
    """Of photographs the bars were 3.5 times too wide: interpolation moves all of a frame alike, as a shift does."""
    scene, rng = sparse((128, 128), seed=1), np.random.default_rng(3)
    model, slopes = (10 * part((0.0, 0.0)) for part in (scene.intensity, scene.gradient))
    bar = 1 / np.sqrt(float((slopes[0] ** 2).sum()))
    moved = model + 6 * bar * slopes[0] + rng.standard_normal(model.shape)
    [found] = sandwich_ratios(moved, model.astype(np.float32), slopes.astype(np.float32), NOISE, [32])
    assert (found < 2).all()
