"""By how much more than independent noise what is left of a fit pulls at displacements: parts that flash, or fade.

A neuron that lights up differs from the reference over all of its pixels alike. Multiplied by the slopes of the
reference, that is a pull which no noise of single pixels explains, and which looks as if that part had moved. Its
variance is measured by tiles (White 1982), once what bends is taken off.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import FloatArray, NoiseModel
from holdstill.devices.cpu.compiling import inner, kernel

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
    shape = (1,) * (3 - frame.ndim) + frame.shape
    pixels = np.ascontiguousarray(frame, np.float64).reshape(shape)
    values = np.ascontiguousarray(model, np.float32).reshape(shape)
    steep = np.ascontiguousarray(slopes, np.float32).reshape(len(slopes), *shape)
    seen = known.reshape(shape)
    variance = np.array([noise.gain, noise.read_variance, noise.offset])
    line, cut = (1.0, 0.0), 0.0
    for _ in range(ROUNDS):
        gain, offset, spread = _fit_line(pixels, values, seen, variance, line, cut)
        line = gain, offset
        cut = 1 / (cutoff**2 * max(spread, 1e-12))
    tiles = [-(-n // TILE_PX) for n in shape]
    pulls, told = np.zeros((*tiles, len(slopes))), np.zeros(tiles)
    # as outliers lose weight so do others a little: what noise pulls is measured alike
    expected = _pull_tiles(pixels, values, steep, seen, variance, line, cut, TILE_PX, pulls, told)
    if np.count_nonzero(told) < LEAST_TILES or expected <= 0:
        return 1.0
    return float((pulls**2).sum() / expected)


@inner
def _weigh(pixel: float, value: float, noise: Any, line: Any, cut: float) -> Any:
    """Weight, residual and variance of a pixel beside a line; outliers lose their weight."""
    variance = noise[0] * max(value - noise[2], 0.0) + noise[1]
    residual = pixel - line[0] * value - line[1]
    q = 1.0 / (variance + residual * residual * cut)
    return variance * q * q, residual, variance


@kernel
def _fit_line(frame: Any, model: Any, known: Any, noise: Any, line: Any, cut: float) -> Any:
    """Gain and offset of a frame beside its model, weighted as beside a `line`; what they leave over what noise would.

    Sums are taken about the model's middle, so that they lose no digits.
    """
    one = v1 = s1 = vv = vs = ss = expected = 0.0
    at_v, at_s, n = 0.0, 0.0, 0
    for z in range(frame.shape[0]):
        for y in range(frame.shape[1]):
            for x in range(frame.shape[2]):
                if known[z, y, x]:
                    at_v += model[z, y, x]
                    at_s += frame[z, y, x]
                    n += 1
    at_v, at_s = at_v / max(n, 1), at_s / max(n, 1)
    for z in range(frame.shape[0]):
        for y in range(frame.shape[1]):
            for x in range(frame.shape[2]):
                seen = known[z, y, x]
                value, pixel = model[z, y, x] if seen else at_v, frame[z, y, x] if seen else at_s
                w, _, variance = _weigh(pixel, value, noise, line, cut)
                w = w if seen else 0.0
                v, s = value - at_v, pixel - at_s
                one += w
                v1 += w * v
                s1 += w * s
                vv += w * v * v
                vs += w * v * s
                ss += w * s * s
                expected += w * variance
    if one == 0.0:
        return 1.0, 0.0, 1.0
    own, cross, all_s = vv - v1 * v1 / one, vs - v1 * s1 / one, ss - s1 * s1 / one
    gain = cross / own if own > 0.0 else 1.0
    offset = at_s + s1 / one - gain * (at_v + v1 / one)
    return gain, offset, (all_s - 2.0 * gain * cross + gain * gain * own) / expected


@kernel
def _pull_tiles(
    frame: Any, model: Any, slopes: Any, known: Any, noise: Any, line: Any, cut: float, edge: int, pulls: Any, told: Any
) -> Any:  # fmt: skip
    """Add what pulls at each tile, (*tiles, n), and how many pixels tell; returns what noise alone would pull."""
    squares = of_noise = expected = 0.0
    for z in range(frame.shape[0]):
        for y in range(frame.shape[1]):
            for k in range(pulls.shape[2]):
                pull = pulls[z // edge, y // edge, k]
                for x in range(k * edge, min((k + 1) * edge, frame.shape[2])):
                    if known[z, y, x]:
                        w, residual, variance = _weigh(frame[z, y, x], model[z, y, x], noise, line, cut)
                        mine, steep = w * residual, 0.0
                        for a in range(slopes.shape[0]):
                            slope = float(slopes[a, z, y, x])
                            pull[a] += mine * slope
                            steep += slope * slope
                        told[z // edge, y // edge, k] += 1.0
                        squares += mine * mine
                        of_noise += w * w * variance
                        expected += w * w * variance * steep
    return squares / of_noise * expected if of_noise > 0.0 else 0.0
