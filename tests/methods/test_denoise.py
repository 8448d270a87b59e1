"""Noise of any colour is told from what a template shows, and so is how much it widens error bars."""

import numpy as np
import pytest
from scipy import ndimage

from holdstill.contracts import NoiseModel, Reference
from holdstill.evaluation.presets import texture
from holdstill.methods.likelihood.denoise import denoise, measure_colour, measure_power

N_AVERAGED = 16


def smoothed_noise(sigma: float, seed: int) -> np.ndarray:
    """Noise of variance 1, smoothed by `sigma` px."""
    noise = np.random.default_rng(seed).standard_normal((160, 160))
    noise = ndimage.gaussian_filter(noise, sigma, mode="wrap") if sigma else noise
    return (noise / noise.std()).astype(np.float32)


def test_white_noise_has_its_variance_in_every_ring() -> None:
    power = measure_power(3 * smoothed_noise(0.0, 0))
    np.testing.assert_allclose(power[4:], 9, rtol=0.25)


@pytest.mark.parametrize("sigma", [0.0, 1.0])
def test_what_is_left_is_nearer_to_the_truth(sigma: float) -> None:
    light = texture((160, 160)).intensity((0.0, 0.0))
    truth = (light / light.std()).astype(np.float32)
    noisy, other = truth + smoothed_noise(sigma, 1), smoothed_noise(sigma, 2)
    white, _ = denoise(noisy, 1.0)
    coloured, _ = denoise(noisy, measure_power(other))
    errors = [float(np.square(image - truth).mean()) for image in (noisy, white, coloured)]
    assert errors[2] < 0.9 * errors[0]
    assert errors[2] < (1.1 if sigma == 0 else 0.95) * errors[1]


@pytest.mark.parametrize("n_planes", [2, 3, 8])
def test_planes_that_differ_are_not_blurred_into_each_other(n_planes: int) -> None:
    """Of few planes what differs between them is at no frequency of fine detail: each loses what it loses alone."""
    light = np.stack([texture((96, 96), seed=seed).intensity((0.0, 0.0)) for seed in range(n_planes)])
    truth = (light / light.std()).astype(np.float32)
    noisy = truth + np.random.default_rng(0).standard_normal(truth.shape).astype(np.float32)
    whole, kept = denoise(noisy.copy(), 1.0)
    alone, shares = zip(*(denoise(plane.copy(), 1.0) for plane in noisy), strict=True)
    errors = [float(np.square(image - truth).mean()) for image in (whole, np.stack(alone))]
    assert errors[0] < 1.1 * errors[1]
    assert kept < 1.2 * np.mean(shares)


@pytest.mark.parametrize("sigma", [0.0, 0.7, 1.2])
def test_the_colour_widens_as_the_slopes_say(sigma: float) -> None:
    """The variance of ``sum slope * noise``, beside that of white noise, by the autocorrelation itself."""
    truth = texture((160, 160)).intensity((0.0, 0.0))
    image = (truth * 5 / truth.std()).astype(np.float32)
    noise = smoothed_noise(sigma, 3) / np.sqrt(N_AVERAGED)
    reference = Reference(
        image=image + noise, noise=NoiseModel(gain=0.0, read_variance=1.0), n_averaged=N_AVERAGED,
        noise_power=measure_power(smoothed_noise(sigma, 4) / np.sqrt(N_AVERAGED)),
    )  # fmt: skip
    slopes = np.gradient(image.astype(np.float64), axis=1)[8:-8, 8:-8]
    sums = [float((slopes * smoothed_noise(sigma, seed)[8:-8, 8:-8]).sum()) for seed in range(5, 305)]
    expected = np.std(sums) / np.sqrt(np.square(slopes).sum())
    assert measure_colour(reference) == pytest.approx(expected, rel=0.15)


def test_colour_is_not_told_where_it_was_not_measured() -> None:
    assert measure_colour(Reference(image=smoothed_noise(0.0, 0), noise=NoiseModel(read_variance=1.0))) is None
