"""A reference made of few frames carries their noise into its gradients; this takes it out."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import fft, ndimage

from holdstill.contracts import NoiseModel, Reference
from holdstill.devices.interpolation import bridge

__all__ = ["Denoised", "Slopes", "denoise", "denoise_reference", "floor_noise", "measure_colour", "measure_power"]

N_RINGS = 64
# no model is better than the brightness that so many px of misplacement change, nor than float32
LEAST_PX, LEAST_SHARE = 0.01, 1e-6
# nor does the dark tell so much more than the rest: its level is never known better
HALF_A_PHOTON, LEAST_DARK = 0.5, 0.05
# of fewer px along an axis the spectrum tells no noise: a few frequencies are all there are
TOLD_PX = 12


class Slopes(NamedTuple):
    """Of a filtered image, per px^2: mean squares of what noise has in it, and of the whole.

    `independent` is how many slopes of that noise are independent of each other, for each pixel, 0 to 1.
    """

    noise: float
    whole: float
    independent: float


@dataclass(frozen=True, eq=False)
class Denoised:
    """A reference less its noise.

    `image`, ([z,] y, x), is float32; `counts` says which of its pixels do; `kept` is the share of the noise's variance
    that is left in them, 0 to 1. `slopes` is None where nothing was filtered.
    """

    image: NDArray[np.float32]
    counts: NDArray[np.bool_]
    kept: float = 1.0
    slopes: Slopes | None = None


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
    """Mean power of an image in rings of spatial frequency, (rings,); of white noise its variance in each.

    Of a volume, (z, y, x), in rings of each frequency along z, (z, rings).
    """
    power, _ = _measure_rings(fft.dctn(image, norm="ortho"))
    return power if image.ndim > 2 else power[0]


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
    told = shown * (np.arange(N_RINGS) + 0.5) ** 2 * np.bincount(_rings(image.shape[-2:]).ravel(), minlength=N_RINGS)
    white = float(reference.noise.variance(np.array([filled.mean()]))[0]) / reference.n_averaged
    if not told.sum() > 0 or not white > 0:
        return None
    return float(np.sqrt((told * reference.noise_power).sum() / (told.sum() * white)))


def _measure_rings(spectrum: NDArray[np.float32]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Power in each ring of each plane, (planes, rings), smoothed, and how many frequencies a ring has."""
    rings = _rings(spectrum.shape[-2:]).ravel()
    counts = np.bincount(rings, minlength=N_RINGS).astype(np.float64)
    planes = spectrum.reshape(-1, rings.size)
    sums = np.stack([np.bincount(rings, weights=plane**2, minlength=N_RINGS) for plane in planes])
    power = np.maximum(sums / np.maximum(counts, 1), 1e-30)
    return ndimage.gaussian_filter1d(power, 1.0, axis=1, mode="nearest"), counts


def denoise(
    image: NDArray[np.float32], noise_variance: float | NDArray[np.float64]
) -> tuple[NDArray[np.float32], float]:
    """Wiener filter with the signal's spectrum estimated from the image itself, in rings of spatial frequency.

    The filter is symmetric, so it moves nothing. The cosine transform mirrors the image at its borders, so nothing
    leaks from one side to the other. Of volumes each frequency along z has rings of its own: what differs from plane to
    plane lies, of few planes, at no frequency that fine detail has. In rings of all three axes it was taken for noise,
    and of three dim planes error bars were a third of the error.

    Parameters
    ----------
    image : ndarray of float32, ([z,] y, x)
        Finite values.
    noise_variance : float or ndarray of float64, ([z,] rings)
        Mean variance of the noise of a pixel, or its power in each ring, see `measure_power`.

    Returns
    -------
    image : ndarray of float32
    kept : float
        Share of the noise's variance that is left in it, 0 to 1.
    """
    if not np.any(np.asarray(noise_variance) > 0):
        return image, 1.0
    filtered, spectrum = _filter(image, noise_variance)
    return filtered, spectrum.kept


@dataclass(frozen=True, eq=False)
class _Spectrum:
    """Of each ring of each plane, (planes, rings): how many frequencies, its power, that of noise, the `gain`."""

    counts: NDArray[np.float64]
    power: NDArray[np.float64]
    noise: NDArray[np.float64]
    gain: NDArray[np.float64]

    @property
    def kept(self) -> float:
        """Share of the noise's variance that is left."""
        weights = np.maximum(self.counts, 1) * self.noise
        return float(np.average(self.gain**2, weights=weights))

    def measure_slopes(self, shape: tuple[int, ...]) -> Slopes:
        """Slopes of the filtered image, whose shape is given."""
        n_planes, n = len(self.power), math.prod(shape)
        along = np.sin(np.pi * np.arange(n_planes) / n_planes) ** 2
        steepness = (_sum_squared_slopes((shape[-2], shape[-1])) + along[:, None] * self.counts) * self.gain**2
        noise = (steepness * self.noise).sum() / n
        alike = (steepness**2 * self.noise**2 / np.maximum(self.counts, 1)).sum() / n
        return Slopes(float(noise), float((steepness * self.power).sum() / n), float(noise**2 / max(alike, 1e-300)))


def _filter(
    image: NDArray[np.float32], noise_variance: float | NDArray[np.float64]
) -> tuple[NDArray[np.float32], _Spectrum]:
    mean = image.mean(dtype=np.float64)
    spectrum = fft.dctn(image - image.dtype.type(mean), norm="ortho", overwrite_x=True)
    rings, planes = _rings(spectrum.shape[-2:]), spectrum.reshape(-1, *spectrum.shape[-2:])
    power, counts = _measure_rings(spectrum)
    # what sampling noise of a ring's mean power would feign as signal does not count
    floor = noise_variance * (1 + 2 / np.sqrt(np.maximum(counts, 1)))
    gain = np.clip(1 - floor / power, 0.0, 1.0).astype(image.dtype)
    gain[0, 0] = 1.0
    for plane, own in zip(planes, gain, strict=True):
        plane *= own[rings]
    filtered = fft.idctn(spectrum, norm="ortho", overwrite_x=True)
    filtered += image.dtype.type(mean)
    return filtered, _Spectrum(counts, power, np.broadcast_to(noise_variance, power.shape), gain.astype(np.float64))


@lru_cache(maxsize=4)
def _rings(shape: tuple[int, int]) -> NDArray[np.uint8]:
    """Number of the ring of each frequency of a plane; the same for all of its size, and asked for several times."""
    down, across = ((np.arange(n) / n) ** 2 for n in shape)
    return np.minimum(np.sqrt(down[:, None] + across) * N_RINGS, N_RINGS - 1).astype(np.uint8)


@lru_cache(maxsize=4)
def _sum_squared_slopes(shape: tuple[int, int]) -> NDArray[np.float64]:
    """Squares of the slopes of all waves of a ring of power one, summed, (rings,)."""
    down, across = (np.sin(np.pi * np.arange(n) / n) ** 2 for n in shape)
    weights = (down[:, None] + across).ravel()
    return np.asarray(np.bincount(_rings(shape).ravel(), weights=weights, minlength=N_RINGS), np.float64)


def denoise_reference(reference: Reference, noise: NoiseModel, share: float = 1.0) -> Denoised:
    """A reference less its noise, of which only a `share` of the variance is believed, 0 to 1; of a few px none."""
    image = np.asarray(reference.image, np.float32)
    known = np.isfinite(image)
    counts = known if reference.mask is None else known & reference.mask
    is_told = min(image.shape[-2:]) >= TOLD_PX and np.isfinite(reference.n_averaged)
    if reference.noise is None or not is_told or not counts.any() or share == 0:
        return Denoised(image, counts)
    filled = image if known.all() else bridge(image, known)
    level = filled.mean(dtype=np.float64, where=counts)
    white = float(noise.variance(np.array([level]))[0]) / reference.n_averaged
    power = share * (white if reference.noise_power is None else reference.noise_power)
    if not np.any(power > 0):
        return Denoised(filled, counts)
    smooth, spectrum = _filter(filled, power)
    return Denoised(smooth, counts, spectrum.kept, spectrum.measure_slopes(image.shape))
