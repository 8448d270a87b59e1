"""By how much more than independent noise what is left of a fit pulls at displacements: parts that flash, or fade.

A neuron that lights up differs from the reference over all of its pixels alike. Multiplied by the slopes of the
reference, that is a pull which no noise of single pixels explains, and which looks as if that part had moved. Its
variance is measured by tiles (White 1982), once what bends is taken off.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import FloatArray, NoiseModel

__all__ = ["measure_dispersion"]

# px along an edge: a cell and what surrounds it, and less than what control points usually move
TILE_PX = 16
LEAST_TILES = 12
ROUNDS = 3


def measure_dispersion(
    frame: FloatArray, model: NDArray[np.float32], slopes: NDArray[np.float32], noise: NoiseModel, cutoff: float
) -> float:
    """Variance of the pull of tiles over what pixels by themselves would have, 1 for independent noise.

    Parameters
    ----------
    frame : ndarray, ([z,] y, x)
    model : ndarray of float32, ([z,] y, x)
        Grey values of the reference as the frame should show them, but for gain and offset; NaN where unknown.
    slopes : ndarray of float32, (ndim, [z,] y, x)
    noise : NoiseModel
    cutoff : float
        Residual, in standard deviations, at which a pixel's weight falls to a quarter.
    """
    known = np.isfinite(frame) & np.isfinite(model) & np.isfinite(slopes).all(axis=0)
    value, seen, steep = model[known].astype(np.float64), frame[known].astype(np.float64), slopes[:, known]
    variance = noise.variance(value)
    weights = 1 / variance
    residual, spread = seen, 1.0
    for _ in range(ROUNDS):
        mean, middle = np.average(value, weights=weights), np.average(seen, weights=weights)
        own = float((weights * (value - mean) ** 2).sum())
        gain = float((weights * (value - mean) * (seen - middle)).sum()) / own if own > 0 else 1.0
        residual = seen - middle - gain * (value - mean)
        spread = max(float((weights * residual**2).sum() / (weights * variance).sum()), 1e-12)
        weights = (1 + residual**2 / (variance * cutoff**2 * spread)) ** -2 / variance
    tiles = _number_tiles(frame.shape)[known]
    n = int(tiles.max()) + 1 if tiles.size else 0
    if n < LEAST_TILES:
        return 1.0
    pull = weights * residual
    pulls = sum(float((np.bincount(tiles, pull * one, n) ** 2).sum()) for one in steep)
    # as outliers lose weight so do others a little: what noise pulls is measured alike
    typical = float((pull**2).sum() / (weights**2 * variance).sum())
    expected = typical * sum(float((weights**2 * variance * one.astype(np.float64) ** 2).sum()) for one in steep)
    return pulls / expected if expected > 0 else 1.0


def _number_tiles(shape: tuple[int, ...]) -> NDArray[np.intp]:
    """The tile of each pixel."""
    number = np.zeros((1,) * len(shape), np.intp)
    for axis, n in enumerate(shape):
        along = np.arange(n) // TILE_PX
        number = number * (int(along[-1]) + 1) + along.reshape([-1 if a == axis else 1 for a in range(len(shape))])
    return np.broadcast_to(number, shape)
