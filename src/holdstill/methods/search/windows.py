"""Weights that fade an image towards its borders, which a Fourier transform joins to those opposite."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from holdstill.contracts import FloatArray

__all__ = ["multiply_outer", "taper"]


def taper(length: int, ramp: float) -> FloatArray:
    """Weights of `length` px that rise along half a cosine over the first `ramp` px, and fall over the last.

    A ramp of half the length makes a Hann window, a shorter one a Tukey window, one of 0 none.
    """
    if ramp <= 0:
        return np.ones(length)
    from_border = np.minimum(np.arange(length), np.arange(length)[::-1]) + 0.5
    return 0.5 - 0.5 * np.cos(np.pi * np.minimum(from_border / ramp, 1.0))


def multiply_outer(axes: Sequence[FloatArray]) -> FloatArray:
    """The product of weights along each axis, as an image."""
    product = np.ones(())
    for weights in axes:
        product = np.multiply.outer(product, weights)
    return product
