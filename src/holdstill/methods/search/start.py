"""Where to begin: cross-correlation of binned images, safe against patterns that stay put and against noise.

Binned images are correlated through the FFT after the reference's spectrum was flattened where it stands above the
noise: uneven illumination loses its weight, noise gains none. The best few peaks, and zero shift, are then judged by
the correlation coefficient in their true overlap, so that nothing is circular by accident.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import fft, ndimage

from holdstill.contracts import Device, FloatArray
from holdstill.methods.likelihood.gauss_newton import is_thin
from holdstill.methods.likelihood.significance import subtract_local_mean, weigh_overlaps
from holdstill.methods.search.surfaces import centre, parabola, peaks
from holdstill.methods.search.windows import multiply_outer, taper

__all__ = ["Found", "Start", "find_start", "list_places", "prepare_start"]

N_PEAKS = 4
# A rival agrees at least so well as the best, and stands further from it than a hill is wide.
RIVAL, RIVAL_PX = 0.85, 3
# A peak that stands so far above the next one is taken without asking the overlap.
CLEAR = 1.6
HIGH_PASS_CYCLES = 2.0
TAPER = 0.12


@dataclass(frozen=True, eq=False)
class Start:
    """The reference, ready for the search. Shifts of this module are in binned px.

    Attributes
    ----------
    shape : tuple of int
        Shape of a binned frame.
    window : ndarray of float32
        Taper of the borders.
    spectrum : ndarray of complex64
        Conjugate spectrum of the reference, high-passed and flattened.
    allowed : ndarray of bool
        Shifts that may be searched, in the order of the FFT.
    local : ndarray of float32
        The reference less its local mean.
    ignored : ndarray of bool, or None
        Pixels that the mask excludes. They are left out of the frames too: the search does not know yet where the
        masked part of the reference has gone, and what a user masks is often brighter than the rest.
    """

    shape: tuple[int, ...]
    window: NDArray[np.float32]
    spectrum: NDArray[np.complex64]
    allowed: NDArray[np.bool_]
    local: NDArray[np.float32]
    ignored: NDArray[np.bool_] | None


@dataclass(frozen=True, eq=False)
class Found:
    """Shifts (n, ndim) in binned px, how many standard deviations each peak stands out, (n,), and rivals.

    A rival, (n, ndim), is another shift whose overlap agrees nearly as well; NaN where there is none.
    """

    shifts: FloatArray
    peak_z: FloatArray
    rivals: FloatArray


def prepare_start(
    reference: NDArray[np.float32],
    noise_variance: float,
    max_shift: FloatArray,
    ignored: NDArray[np.bool_] | None = None,
) -> Start:
    """Prepare the binned reference; `noise_variance` is that of a binned pixel, `max_shift` per axis in binned px."""
    shape = reference.shape
    window = multiply_outer([taper(n, max(1, round(TAPER * n)) if n > 2 else 0) for n in shape]).astype(np.float32)
    image = centre(reference, reference.ndim)
    spectrum = fft.rfftn(image * window).astype(np.complex128)
    frequencies = [np.fft.fftfreq(n) * n for n in shape[:-1]] + [np.fft.rfftfreq(shape[-1]) * shape[-1]]
    cycles = np.sqrt(sum(grid**2 for grid in np.meshgrid(*frequencies, indexing="ij", sparse=True)))
    power = ndimage.gaussian_filter(np.abs(spectrum) ** 2, 3.0, mode="wrap")
    noise = noise_variance * float((window**2).sum())
    flat = np.sqrt(power / np.maximum(power + noise, 1e-30)) / np.sqrt(power + noise + 1e-6 * power.max() + 1e-30)
    high_pass = 1 - np.exp(-0.5 * (cycles / HIGH_PASS_CYCLES) ** 2)
    limits = np.array(max_shift, np.float64)
    if is_thin(shape):
        limits[0] = 0.0
    shifts = [np.abs(np.fft.fftfreq(n) * n) <= limit for n, limit in zip(shape, limits, strict=True)]
    allowed = multiply_outer([axis.astype(float) for axis in shifts]).astype(bool)
    return Start(
        shape=shape,
        window=window,
        spectrum=(np.conj(spectrum) * flat * high_pass).astype(np.complex64),
        allowed=allowed,
        local=subtract_local_mean(image, len(shape)),
        ignored=ignored,
    )


def _to_signed(positions: NDArray[np.int64], shape: tuple[int, ...]) -> NDArray[np.int64]:
    """Positions of a circular correlation as shifts between minus and plus half of the frame."""
    half = np.array(shape) // 2
    return (positions + half) % shape - half


def _judge(
    start: Start, images: NDArray[np.float32], candidates: NDArray[np.int64], device: Device
) -> tuple[NDArray[np.int64], FloatArray]:
    """Of each frame's candidates the one whose correlation in the overlap is most significant, and its rival."""
    scores = device.overlap_correlation(subtract_local_mean(images, len(start.shape)), start.local, candidates)
    significance = weigh_overlaps(scores, candidates, start.shape)
    rows, best = np.arange(len(candidates)), significance.argmax(axis=1)
    chosen = candidates[rows, best]
    far = np.abs(candidates - chosen[:, None]).max(axis=2) > RIVAL_PX
    others = np.where(far, significance, -np.inf)
    second = others.argmax(axis=1)
    rival = others[rows, second] > RIVAL * np.maximum(significance[rows, best], 0.0)
    return chosen, np.where(rival[:, None], candidates[rows, second], np.nan)


def _correlate(start: Start, binned: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[Any]]:
    """Binned frames, centred, and their correlation with the reference at every shift, in the order of the FFT."""
    ndim, shape = len(start.shape), start.shape
    images = centre(binned if start.ignored is None else np.where(start.ignored, np.nan, binned), ndim)
    spectra = fft.rfftn(images * start.window, axes=tuple(range(1, ndim + 1)))
    return images, fft.irfftn(spectra * start.spectrum, s=shape, axes=tuple(range(1, ndim + 1)))


def list_places(start: Start, binned: NDArray[np.float32], count: int, device: Device) -> FloatArray:
    """Shifts of binned frames that may be right, (n, count, ndim) in binned px: the highest peaks, and none at all."""
    _, surfaces = _correlate(start, binned)
    searched = np.where(start.allowed, surfaces, np.float32(-np.inf))
    positions, heights = peaks(searched, count - 1)
    places = np.where(np.isfinite(heights)[..., None], _to_signed(positions, start.shape), 0)
    return np.concatenate([places, np.zeros_like(places[:, :1])], axis=1).astype(np.float64)


def find_start(start: Start, binned: NDArray[np.float32], device: Device) -> Found:
    """Shifts of binned frames, (n, ...)."""
    ndim, shape = len(start.shape), start.shape
    images, surfaces = _correlate(start, binned)
    flat = surfaces.reshape(len(binned), -1)  # of mean zero, as the filter passes none
    spread = np.sqrt(np.einsum("ni,ni->n", flat, flat) / flat.shape[1])
    searched = np.where(start.allowed, surfaces, np.float32(-np.inf))
    positions, heights = peaks(searched, 2)
    best, rivals = _to_signed(positions[:, 0], shape), np.full((len(binned), ndim), np.nan)
    unclear = heights[:, 0] < CLEAR * np.maximum(heights[:, 1], 1e-30)
    if unclear.any():
        more, _ = peaks(searched[unclear], N_PEAKS - 2)
        found = [
            _to_signed(positions[unclear], shape),
            _to_signed(more, shape),
            np.zeros((len(more), 1, ndim), np.int64),
        ]
        best[unclear], rivals[unclear] = _judge(start, images[unclear], np.concatenate(found, axis=1), device)
    places = best % shape
    height = surfaces[(np.arange(len(binned)), *places.T)]
    with np.errstate(invalid="ignore", divide="ignore"):
        significance = np.where(spread > 0, height / spread, 0.0)
    finer = parabola(surfaces, places)
    if is_thin(shape):
        finer[:, 0] = 0.0
    return Found(best + finer, significance, rivals)
