"""Whether a frame agrees with the reference better than chance would have it, given how few pixels are independent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft, ndimage

from holdstill.contracts import Device, FloatArray, Frames

__all__ = ["Detail", "count_independent", "make_detail", "significance", "subtract_local_mean", "weigh_overlaps"]

# slow changes, which uneven illumination makes in any two frames, are left out; and so many px along an axis are enough
LOCAL_PX, LEAST_PX = 15, 64
MAX_SCORE = 1 - 1e-6


@dataclass(frozen=True, eq=False)
class Detail:
    """A reference, binned by `factors`, less its local mean, and how many of its pixels are independent."""

    factors: tuple[int, ...]
    local: NDArray[np.float32]
    independent: float

    def measure(self, frames: Frames, shifts: FloatArray, device: Device) -> FloatArray:
        """By how many standard deviations frames, (n, [z,] y, x), agree with it at `shifts`, (n, ndim) px."""
        binned = np.asarray(device.bin(frames, self.factors))
        whole = np.rint(np.nan_to_num(shifts) / np.array(self.factors)).astype(np.int64)
        local = subtract_local_mean(binned, self.local.ndim)
        scores = device.overlap_correlation(local, self.local, whole[:, None])[:, 0]
        seen = np.prod(np.maximum(1 - np.abs(whole) / np.array(self.local.shape), 0), axis=1)
        return significance(scores, self.independent * seen)


def make_detail(image: NDArray[np.float32], device: Device) -> Detail:
    """Prepare a reference, NaN where it does not count."""
    factors = tuple(max(1, n // LEAST_PX) for n in image.shape)
    local = subtract_local_mean(device.bin(image[None], factors), image.ndim)[0]
    return Detail(factors, local, count_independent(local))


def subtract_local_mean(images: NDArray[np.float32], ndim: int) -> NDArray[np.float32]:
    """Images less the mean of what surrounds each pixel; zero where they are NaN."""
    size = (1,) * (images.ndim - ndim) + (LOCAL_PX,) * ndim
    known = np.isfinite(images)
    if known.all():
        return np.asarray(images - ndimage.uniform_filter(images, size, mode="nearest"), np.float32)
    share = ndimage.uniform_filter(known.astype(np.float32), size, mode="nearest")
    mean = ndimage.uniform_filter(np.where(known, images, 0), size, mode="nearest") / np.maximum(share, 1e-6)
    return np.where(known, images - mean, 0).astype(np.float32)


def significance(scores: FloatArray, independent: FloatArray) -> FloatArray:
    """By how many standard deviations correlations, (n,), exceed those of so many independent pixels by chance.

    Fisher's transformation makes their distribution normal with variance ``1 / (n - 3)``: a small image, whose
    correlation never stands far above what surrounds it, is as sure as a large one if it agrees so much better.
    """
    with np.errstate(invalid="ignore"):
        height = np.arctanh(np.clip(scores, -MAX_SCORE, MAX_SCORE))
        return np.asarray(height * np.sqrt(np.maximum(independent - 3, 1e-3)), np.float64)


def weigh_overlaps(scores: FloatArray, shifts: NDArray[np.int64], shape: tuple[int, ...]) -> FloatArray:
    """How correlations in the overlap at whole-pixel `shifts`, (..., ndim), compare: those of more pixels are surer."""
    counts = np.prod(np.maximum(np.array(shape) - np.abs(shifts), 0), axis=-1)
    return np.asarray(np.arctanh(np.clip(scores, -MAX_SCORE, MAX_SCORE)) * np.sqrt(counts), np.float64)


def count_independent(image: NDArray[np.float32]) -> float:
    """Pixels of a mean-free image that are independent, given how far each is alike its neighbours.

    ``1 / n = sum of the squared autocorrelation / pixels`` (Clifford et al., Biometrics 45:123, 1989): the
    participation of the power spectrum.
    """
    power = np.abs(fft.fftn(image.astype(np.float64))) ** 2
    squares = float((power**2).sum())
    return float(power.sum()) ** 2 / squares if squares > 0 else 0.0
