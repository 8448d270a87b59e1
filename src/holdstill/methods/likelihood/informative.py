"""Where a reference made of few frames tells of motion: elsewhere the slopes of its noise do nothing but harm.

A shift beside a noisy reference has the variance ``sum(I + N) / (sum I)^2`` over its pixels, where I is what the slopes
of the specimen tell and N what those of the noise left in the reference pass for (both squares of slopes over the
variance of a pixel). A region with ``I < N`` may cost more than it gives: of a few dim beads on a wide dark field most
of the slopes are noise, and the field doubled the variance.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from holdstill.contracts import NoiseModel
from holdstill.devices.cpu import CpuDevice
from holdstill.methods.likelihood.denoise import Denoised

__all__ = ["find_informative"]

# Blocks of so many px are told apart, by means over Gaussian windows of so many of them: 8 px, a few spots.
BLOCK_PX, WINDOW = 4, 2.0
# pixels are left out where that leaves so much of the variance at most
WORTH = 0.8
# scatter of a window's mean that would pass for slopes of a specimen does not count
SCATTER = 2.0
CPU = CpuDevice()


def find_informative(denoised: Denoised, noise: NoiseModel) -> NDArray[np.bool_] | None:
    """Which pixels, ([z,] y, x), make shifts most exact, of those that count; None: all of them, or nearly so.

    Parameters
    ----------
    denoised : Denoised
    noise : NoiseModel
        Of a frame.
    """
    image, slopes = denoised.image, denoised.slopes
    if slopes is None or not slopes.noise > (1 - WORTH) * slopes.whole:
        return None
    variance = noise.variance(image.astype(np.float64))
    typical = float(variance.mean(where=denoised.counts))
    squares = sum(np.square(np.gradient(image, axis=axis)) for axis in range(image.ndim) if image.shape[axis] > 1)
    steep = _average(np.where(denoised.counts, squares / variance, 0.0))
    # noise that is left is in proportion to what there was
    feigned = _average(denoised.counts.astype(np.float64)) * slopes.noise / typical
    window = np.prod([min(2 * np.sqrt(np.pi) * WINDOW * BLOCK_PX, n) for n in image.shape])
    told = np.maximum(steep - feigned * (1 + SCATTER * np.sqrt(2 / (window * slopes.independent))), 0.0)
    share = told / np.maximum(steep, 1e-300)
    order = np.argsort(-share, axis=None)
    if not told.any():
        return None
    harm = np.cumsum(steep.ravel()[order]) / np.cumsum(told.ravel()[order]) ** 2
    best = int(np.argmin(harm))
    if not harm[best] < WORTH * harm[-1]:
        return None
    chosen = share >= share.ravel()[order[best]]
    for axis, n in enumerate(image.shape):
        chosen = np.repeat(chosen, BLOCK_PX, axis=axis) if n >= BLOCK_PX else chosen
        lacking = n - chosen.shape[axis]
        chosen = np.concatenate([chosen, chosen.take([-1] * lacking, axis=axis)], axis=axis)
    return chosen & denoised.counts


def _average(image: NDArray[np.float64]) -> NDArray[np.float64]:
    """Means over windows, block by block."""
    factors = tuple(BLOCK_PX if n >= BLOCK_PX else 1 for n in image.shape)
    blocks = CPU.bin(image[None].astype(np.float32), factors)[0]
    return ndimage.gaussian_filter(blocks.astype(np.float64), WINDOW, mode="nearest")
