"""Means of images that are not known everywhere."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.devices.cpu.compiling import kernel, lean_kernel

__all__ = ["mean_known", "mean_of_products"]


def mean_known(images: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mean over the first axis of what is known; NaN where nothing is.

    An eighth of the time of sums and counts one after the other, which it equals: a third of what looks for patterns.
    """
    flat = np.ascontiguousarray(images, np.float32).reshape(len(images), -1)
    n, mean = flat.shape[1], np.empty(images.shape[1:], np.float32)
    _average(flat, np.zeros(n), np.zeros(n, np.float32), mean.reshape(-1))
    return mean


def mean_of_products(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """Mean of one image times the other where that is known; NaN where nothing is."""
    told = np.empty(2)
    a, b = (np.ascontiguousarray(image, np.float32).ravel() for image in (one, other))
    _add_products(a, b, told)
    return float(told[0] / told[1]) if told[1] else float("nan")


@lean_kernel
def _add_products(one: Any, other: Any, told: Any) -> None:
    total = count = 0.0
    for i in range(one.size):
        product = np.float64(one[i]) * np.float64(other[i])
        known = product == product  # False for NaN
        total += product if known else 0.0
        count += 1.0 if known else 0.0
    told[0], told[1] = total, count


@kernel
def _average(images: Any, sums: Any, counts: Any, out: Any) -> None:
    """Image by image, sums in float64."""
    infinite = np.float32(np.inf)
    for n in range(images.shape[0]):
        for i in range(out.size):
            known = abs(images[n, i]) < infinite
            sums[i] += np.float64(images[n, i]) if known else 0.0
            counts[i] += np.float32(1) if known else np.float32(0)
    for i in range(out.size):
        out[i] = sums[i] / counts[i] if counts[i] > 0 else np.nan
