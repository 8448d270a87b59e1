"""Sums of images that are not known everywhere, and how many they are of: batch by batch, in as few copies as can be.

Of frames of 2,048 px touching fresh memory takes longer than what is summed there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.devices.cpu.compiling import kernel

__all__ = ["Sums", "add_known", "add_sums", "average_halves"]

Sums = tuple[NDArray[np.floating], NDArray[Any]]


def add_known(image: NDArray[np.float32], total: NDArray[np.float32], count: NDArray[Any], weight: float = 1) -> None:
    """Add what is finite of an image to a sum, in place, and count it as so many; all contiguous."""
    _add_known(image.reshape(-1), total.reshape(-1), count.reshape(-1), count.dtype.type(weight))


@kernel
def _add_known(image: Any, total: Any, count: Any, weight: Any) -> None:
    infinite, nothing = np.float32(np.inf), np.float32(0)
    for i in range(image.size):
        known = abs(image[i]) < infinite
        total[i] += image[i] if known else nothing
        count[i] += weight if known else weight - weight


def add_sums(parts: Sequence[Sums]) -> Sums:
    """Sums and counts of several batches as one, added in their order."""
    first: NDArray[Any] = parts[0][1]
    total, count = parts[0][0].astype(np.float64), first.astype(np.int32 if first.dtype.kind in "iu" else np.float64)
    for other_total, other_count in parts[1:]:
        total += other_total
        np.add(count, other_count, out=count)
    return total, count


def average_halves(
    totals: NDArray[np.floating], counts: NDArray[Any], least: float
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Mean of two halves, (2, ...), and half of what they differ by; the mean is NaN of less than so many."""
    mean, difference = np.empty(totals.shape[1:], np.float32), np.empty(totals.shape[1:], np.float32)
    sums = totals.astype(np.float64, copy=False)
    numbers = counts.astype(np.int32 if counts.dtype.kind in "iu" else np.float64, copy=False)
    _average_halves(sums.reshape(2, -1), numbers.reshape(2, -1), float(least), mean.reshape(-1), difference.reshape(-1))
    return mean, difference


@kernel
def _average_halves(totals: Any, counts: Any, least: float, mean: Any, difference: Any) -> None:
    """A fifth of the time of one step after the other for 2,048 x 2,048 px."""
    for i in range(mean.size):
        number = counts[0, i] + counts[1, i]
        mean[i] = (totals[0, i] + totals[1, i]) / number if number >= least else np.nan
        difference[i] = (totals[0, i] / counts[0, i] - totals[1, i] / counts[1, i]) / 2
