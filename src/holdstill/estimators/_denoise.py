"""A reference made of few frames carries their noise into its gradients; this takes it out."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import fft, ndimage

from holdstill.contracts import NoiseModel, Reference

__all__ = ["denoise", "smoothed"]

N_RINGS = 64


def denoise(image: NDArray[np.float64], noise_variance: float) -> tuple[NDArray[np.float64], float]:
    """Wiener filter with the signal's spectrum estimated from the image itself, in rings of spatial frequency.

    The filter is symmetric, so it moves nothing. The cosine transform mirrors the image at its borders, so nothing
    leaks from one side to the other.

    Parameters
    ----------
    image : ndarray of float64, ([z,] y, x)
        Finite values.
    noise_variance : float
        Mean variance of the noise of a pixel.

    Returns
    -------
    image : ndarray of float64
    kept : float
        Share of the noise's variance that is left in it, 0 to 1.
    """
    if noise_variance <= 0:
        return image, 1.0
    mean = image.mean()
    spectrum = fft.dctn(image - mean, norm="ortho")
    grids = np.meshgrid(*(np.arange(n) / n for n in image.shape), indexing="ij", sparse=True)
    radius = np.sqrt(sum(grid**2 for grid in grids))
    rings = np.minimum((radius * N_RINGS).astype(np.intp), N_RINGS - 1)
    counts = np.bincount(rings.ravel(), minlength=N_RINGS)
    power = np.bincount(rings.ravel(), weights=(spectrum**2).ravel(), minlength=N_RINGS) / np.maximum(counts, 1)
    power = ndimage.gaussian_filter1d(np.maximum(power, 1e-30), 1.0, mode="nearest")
    # what sampling noise of a ring's mean power would feign as signal does not count
    floor = noise_variance * (1 + 2 / np.sqrt(np.maximum(counts, 1)))
    gain = np.clip(1 - floor / power, 0.0, 1.0)
    gain[0] = 1.0
    filtered = fft.idctn(spectrum * gain[rings], norm="ortho") + mean
    return filtered, float(np.average(gain**2, weights=np.maximum(counts, 1)))


def smoothed(reference: Reference, noise: NoiseModel) -> tuple[NDArray[np.float64], NDArray[np.bool_], float]:
    """Image as float64, which pixels count, and the share of its noise that is left after denoising."""
    image = np.asarray(reference.image, np.float64)
    counts = np.isfinite(image) if reference.mask is None else np.isfinite(image) & reference.mask
    known = np.isfinite(image)
    if reference.noise is None or not np.isfinite(reference.n_averaged) or not counts.any():
        return image, counts, 1.0
    mean = image[known].mean()
    filled = np.where(known, image, mean)
    variance = float(noise.variance(filled[counts]).mean()) / reference.n_averaged
    smooth, kept = denoise(filled, variance)
    return smooth, counts, kept
