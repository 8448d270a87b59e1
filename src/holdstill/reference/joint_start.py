"""Shifts of frames too dim to be compared one with another: all at once, by expectation maximisation.

Each frame is everywhere at once, as likely as the specimen made of all others says; the specimen is the mean of frames
where they are likely. What no pair of frames tells, forty tell together (Sigworth, J. Struct. Biol. 122:328, 1998).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import fft, ndimage

from holdstill.contracts import FloatArray
from holdstill.methods.search.windows import multiply_outer, taper

__all__ = ["find_shifts_jointly"]

ROUNDS = 16
SEEDS = (0.5, 0.15, 0.85)
FURTHEST, TAPER, RINGS = 0.3, 0.15, 32
# low frequencies, which light that varies makes, are left out up to so many cycles
LEAST_CYCLES = 1.5
# what does not stand above the noise of a seed may still be its content
LEAST_PASSED = 0.1


def find_shifts_jointly(frames: NDArray[np.float32], noise: float) -> FloatArray:
    """Whole-pixel shifts, (n, 2), of frames, (n, y, x), less what stands still; the common one is of no meaning.

    `noise` is the variance of a pixel. NaN are taken for zero.
    """
    shape = frames.shape[1:]
    window = multiply_outer([taper(n, max(1, round(TAPER * n))) for n in shape])
    known = np.isfinite(frames)
    means = frames.sum(axis=(1, 2), where=known, keepdims=True) / np.maximum(known.sum(axis=(1, 2), keepdims=True), 1)
    centred = np.where(known, frames - means, np.float32(0))
    spectra = fft.rfft2(centred * window) * _pass_high(shape)
    ends = [_maximise(spectra, spectra[int(seed * (len(frames) - 1))], shape, noise * float((window**2).mean()))
            for seed in SEEDS]  # fmt: skip
    shifts, _ = max(ends, key=lambda end: end[1])
    return shifts


def _maximise(
    spectra: NDArray[np.complex64], seed: NDArray[np.complex64], shape: tuple[int, ...], noise: float
) -> tuple[FloatArray, float]:
    """Shifts, and the mean logarithm of the likelihood, from one frame on."""
    specimen, n_averaged = seed, 1.0
    allowed = _allow(shape)
    for _ in range(ROUNDS):
        filtered = specimen * _filter(specimen, noise * np.prod(shape) / n_averaged, shape)
        own = float(np.square(np.abs(fft.irfft2(filtered, s=shape))).sum())
        surfaces = fft.irfft2(spectra * np.conj(filtered), s=shape)
        logs = np.where(allowed, (surfaces - 0.5 * own) / noise, -np.inf)
        flat = logs.reshape(len(logs), -1)
        peaks = flat.max(axis=1)
        likely = np.exp(flat - peaks[:, None])
        likely /= likely.sum(axis=1, keepdims=True)
        specimen = (spectra * np.conj(fft.rfft2(likely.reshape(surfaces.shape)))).mean(axis=0)
        n_averaged = max(float(len(spectra) * np.square(likely).sum(axis=1).mean()), 1.0)
    best = np.stack(np.unravel_index(flat.argmax(axis=1), shape), axis=1)
    half = np.array(shape) // 2
    return ((best + half) % shape - half).astype(np.float64), float(peaks.mean())


def _allow(shape: tuple[int, ...]) -> NDArray[np.bool_]:
    rows, columns = (np.abs(np.fft.fftfreq(n) * n) <= FURTHEST * n for n in shape)
    return np.asarray(rows[:, None] & columns[None], bool)


def _cycles(shape: tuple[int, ...]) -> FloatArray:
    return np.asarray(np.hypot(np.fft.fftfreq(shape[0])[:, None] * shape[0], np.fft.rfftfreq(shape[1]) * shape[1]))


def _pass_high(shape: tuple[int, ...]) -> FloatArray:
    return np.asarray(1 - np.exp(-0.5 * (_cycles(shape) / LEAST_CYCLES) ** 2), np.float64)


def _filter(specimen: NDArray[np.complex64], noise: float, shape: tuple[int, ...]) -> FloatArray:
    """What of each frequency stands above the noise, by rings, 0 to 1."""
    cycles = _cycles(shape)
    rings = np.minimum((cycles / cycles.max() * RINGS).astype(np.intp), RINGS - 1)
    counts = np.bincount(rings.ravel(), minlength=RINGS)
    power = np.bincount(rings.ravel(), np.square(np.abs(specimen)).ravel(), minlength=RINGS) / np.maximum(counts, 1)
    smooth = ndimage.gaussian_filter1d(np.maximum(power, 1e-30), 1.0, mode="nearest")
    gain = np.clip(1 - noise / smooth, LEAST_PASSED, 1.0)
    return np.asarray(gain[rings], np.float64)
