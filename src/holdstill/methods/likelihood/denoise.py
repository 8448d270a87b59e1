"""A reference made of few frames carries their noise into its gradients; this takes it out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import fft, ndimage

from holdstill.contracts import NoiseModel, Reference
from holdstill.devices.interpolation import bridge

__all__ = ["denoise", "denoise_reference", "floor_noise", "measure_colour", "measure_power"]

N_RINGS = 64
# no model is better than the brightness that so many px of misplacement change, nor than float32
LEAST_PX, LEAST_SHARE = 0.01, 1e-6
# nor does the dark tell so much more than the rest: its level is never known better
HALF_A_PHOTON, LEAST_DARK = 0.5, 0.05
# of fewer px along an axis the spectrum tells no noise: a few frequencies are all there are
TOLD_PX = 12


def floor_noise(reference: Reference) -> NoiseModel:
    """Noise of a frame beside the reference, at least what interpolation and rounding make.

    Of simulations and drawings the noise that is learned is next to none, and every pixel that differs an outlier.
    """
    noise, image = reference.noise or NoiseModel(), np.asarray(reference.image, np.float32)
    known = image[np.isfinite(image)]
    if not known.size:
        return noise
    slopes = [np.diff(image, axis=axis) for axis in range(image.ndim) if image.shape[axis] > 1]
    squares = sum(float(np.nanmean(slope.astype(np.float64) ** 2)) for slope in slopes if np.isfinite(slope).any())
    least = LEAST_PX**2 * squares + (LEAST_SHARE * float(np.abs(known).max())) ** 2
    typical = float(noise.variance(known[:: max(1, known.size // 10_000)].astype(np.float64)).mean())
    least = max(least, HALF_A_PHOTON * noise.gain**2, LEAST_DARK * typical)
    return replace(noise, read_variance=max(noise.read_variance, least))


def measure_power(image: NDArray[np.float32]) -> NDArray[np.float64]:
    """Mean power of an image, ([z,] y, x), in rings of spatial frequency; of white noise its variance in each."""
    return _measure_rings(fft.dctn(image, norm="ortho"))[0]


def measure_colour(reference: Reference) -> float | None:
    """By how much the colour of its noise alone widens error bars of shifts beside a reference; None: not measured.

    White noise of the same variance makes 1; what was smoothed has its noise where the slopes of the image are.
    """
    image = np.asarray(reference.image, np.float32)
    known = np.isfinite(image)
    if reference.noise_power is None or reference.noise is None or not known.any():
        return None
    filled = bridge(image, known)
    shown = np.maximum(measure_power(filled - filled.mean()) - reference.noise_power, 0)
    told = (
        shown * (np.arange(N_RINGS) + 0.5) ** 2 * np.bincount(next(_rings(image.shape[-2:])).ravel(), minlength=N_RINGS)
    )
    white = float(reference.noise.variance(np.array([filled.mean()]))[0]) / reference.n_averaged
    if not told.sum() > 0 or not white > 0:
        return None
    return float(np.sqrt((told * reference.noise_power).sum() / (told.sum() * white)))


def _measure_rings(spectrum: NDArray[np.float32]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Power in each ring, smoothed, and how many frequencies it has."""
    counts, sums = np.zeros(N_RINGS), np.zeros(N_RINGS)
    for plane, rings in zip(spectrum.reshape(-1, *spectrum.shape[-2:]), _rings(spectrum.shape), strict=True):
        counts += np.bincount(rings.ravel(), minlength=N_RINGS)
        sums += np.bincount(rings.ravel(), weights=(plane**2).ravel(), minlength=N_RINGS)
    power = np.maximum(sums / np.maximum(counts, 1), 1e-30)
    return ndimage.gaussian_filter1d(power, 1.0, mode="nearest"), counts


def denoise(
    image: NDArray[np.float32], noise_variance: float | NDArray[np.float64]
) -> tuple[NDArray[np.float32], float]:
    """Wiener filter with the signal's spectrum estimated from the image itself, in rings of spatial frequency.

    The filter is symmetric, so it moves nothing. The cosine transform mirrors the image at its borders, so nothing
    leaks from one side to the other.

    Parameters
    ----------
    image : ndarray of float32, ([z,] y, x)
        Finite values.
    noise_variance : float or ndarray of float64, (rings,)
        Mean variance of the noise of a pixel, or its power in each ring, see `measure_power`.

    Returns
    -------
    image : ndarray of float32
    kept : float
        Share of the noise's variance that is left in it, 0 to 1.
    """
    if not np.any(np.asarray(noise_variance) > 0):
        return image, 1.0
    mean = image.mean(dtype=np.float64)
    spectrum = fft.dctn(image - image.dtype.type(mean), norm="ortho", overwrite_x=True)
    planes = spectrum.reshape(-1, *spectrum.shape[-2:])
    power, counts = _measure_rings(spectrum)
    # what sampling noise of a ring's mean power would feign as signal does not count
    floor = noise_variance * (1 + 2 / np.sqrt(np.maximum(counts, 1)))
    gain = np.clip(1 - floor / power, 0.0, 1.0).astype(image.dtype)
    gain[0] = 1.0
    for plane, rings in zip(planes, _rings(image.shape), strict=True):
        plane *= gain[rings]
    filtered = fft.idctn(spectrum, norm="ortho", overwrite_x=True)
    filtered += image.dtype.type(mean)
    weights = np.maximum(counts, 1) * noise_variance
    return filtered, float(np.average(gain.astype(np.float64) ** 2, weights=weights))


def _rings(shape: tuple[int, ...]) -> Iterator[NDArray[np.uint8]]:
    """Number of the ring of each frequency, plane by plane: for a volume all at once would be four times its size."""
    if len(shape) == 2:
        yield _rings_of_plane(shape)
        return
    plane = _square(shape[-2])[:, None] + _square(shape[-1])
    for offset in _square(shape[0]):
        yield _number_rings(plane + offset)


@lru_cache(maxsize=4)
def _rings_of_plane(shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """Of an image; the same for all of its size, and asked for several times for each of them."""
    return _number_rings(_square(shape[0])[:, None] + _square(shape[1]))


def _square(n: int) -> NDArray[np.float64]:
    return np.asarray((np.arange(n) / n) ** 2, np.float64)


def _number_rings(squares: NDArray[np.float64]) -> NDArray[np.uint8]:
    return np.minimum(np.sqrt(squares) * N_RINGS, N_RINGS - 1).astype(np.uint8)


def denoise_reference(
    reference: Reference, noise: NoiseModel, share: float = 1.0
) -> tuple[NDArray[np.float32], NDArray[np.bool_], float]:
    """Image as float32, which pixels count, and the share of its noise that is left after denoising.

    Only a `share` of the noise's variance is believed, 0 to 1, and of frames of a few px none.
    """
    image = np.asarray(reference.image, np.float32)
    known = np.isfinite(image)
    counts = known if reference.mask is None else known & reference.mask
    is_told = min(image.shape[-2:]) >= TOLD_PX and np.isfinite(reference.n_averaged)
    if reference.noise is None or not is_told or not counts.any() or share == 0:
        return image, counts, 1.0
    filled = image if known.all() else bridge(image, known)
    level = filled.mean(dtype=np.float64, where=counts)
    if reference.noise_power is None:
        smooth, kept = denoise(filled, share * float(noise.variance(np.array([level]))[0]) / reference.n_averaged)
    else:
        smooth, kept = denoise(filled, share * reference.noise_power)
    return smooth, counts, kept
