"""Whether rows or columns of a camera differ, each alike in all frames."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["alternates", "is_uneven"]

# how far profiles over rows and columns vary alike in both halves, in deviations of noise
UNEVEN = 3.3
# what changes from line to line has so many times the power of slightly slower changes
LEAST_LINES, ALTERNATES = 32, 30.0


def alternates(mean: NDArray[np.float32], axis: int) -> bool:
    """Whether every second row, or column, of the unaligned mean is brighter: a lens forms no such image."""
    lines = np.moveaxis(mean, axis, 0).reshape(mean.shape[axis], -1)
    known = np.isfinite(lines)
    profile = np.where(known, lines, 0).sum(axis=1, dtype=np.float64) / np.maximum(known.sum(axis=1), 1)
    if len(profile) < LEAST_LINES or not known.any(axis=1).all():
        return False
    even = profile[: len(profile) // 2 * 2] - profile.mean()
    power = np.abs(np.fft.rfft(even * np.hanning(len(even) + 2)[1:-1])) ** 2
    return bool(power[-1] > ALTERNATES * np.median(power[-max(len(power) // 4, 8) : -3]))


def is_uneven(one: NDArray[np.float32], other: NDArray[np.float32], axis: int, variance: float) -> bool:
    """Whether profiles along an axis of two halves vary alike, more than noise of that variance a pixel does."""
    others = tuple(n for n in range(one.ndim) if n != axis)
    known = np.isfinite(one) & np.isfinite(other)
    count = known.sum(axis=others)
    told = count > 0.5 * count.max()
    profiles = [
        np.where(known, half, 0).sum(axis=others, dtype=np.float64)[told] / count[told] for half in (one, other)
    ]
    products = np.prod([profile - profile.mean() for profile in profiles], axis=0) * count[told] / variance
    return bool(products.mean() > UNEVEN / np.sqrt(told.sum()))
