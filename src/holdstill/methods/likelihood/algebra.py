"""The small algebra of Gauss-Newton steps, compiled: for one frame alone numpy's calls cost more than its pixels do."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from holdstill.contracts import DirectSums, FloatArray
from holdstill.devices.cpu.compiling import kernel, part

__all__ = ["correlation", "shift_step", "solve"]

RIDGE = 1e-9
MAX_STEP_PX = 1.5
# a gain near or below zero would freeze the shift; the next step may find it again
LEAST_GAIN = 0.02


def solve(sums: DirectSums) -> tuple[FloatArray, FloatArray]:
    """Solution and inverse of each normal matrix; zero and infinite where it is singular."""
    solution, inverse = np.empty(sums.right.shape), np.empty(sums.normal.shape)
    _solve(sums.normal, sums.right, solution, inverse)
    return solution, inverse


def correlation(sums: DirectSums, gains: FloatArray, ndim: int) -> FloatArray:
    """Weighted correlation of frame and reference, from sums that are there already."""
    scores = np.empty(len(gains))
    _correlation(sums.normal, sums.right, sums.squares, gains, ndim, scores)
    return scores


@part
def _invert(matrix: Any, inverse: Any) -> bool:
    """Invert by elimination with the largest pivot; `matrix` is used up. False if it is singular."""
    p = matrix.shape[0]
    inverse[:] = 0.0
    for i in range(p):
        inverse[i, i] = 1.0
    for i in range(p):
        best = i
        for j in range(i + 1, p):
            if abs(matrix[j, i]) > abs(matrix[best, i]):
                best = j
        if not abs(matrix[best, i]) > 0.0:
            return False
        for k in range(p):
            matrix[i, k], matrix[best, k] = matrix[best, k], matrix[i, k]
            inverse[i, k], inverse[best, k] = inverse[best, k], inverse[i, k]
        pivot = 1.0 / matrix[i, i]
        for k in range(p):
            matrix[i, k] *= pivot
            inverse[i, k] *= pivot
        for j in range(p):
            factor = matrix[j, i]
            if j != i and factor != 0.0:
                for k in range(p):
                    matrix[j, k] -= factor * matrix[i, k]
                    inverse[j, k] -= factor * inverse[i, k]
    return True


@part
def _solve_one(normal: Any, right: Any, unit: Any, solution: Any, inverse: Any) -> None:
    """One system, scaled to a diagonal of ones; `unit` is room for it."""
    p = normal.shape[0]
    usable = True
    for i in range(p):
        usable = usable and normal[i, i] > 0.0
        for j in range(p):
            unit[i, j] = normal[i, j] / math.sqrt(max(normal[i, i], 1e-300)) / math.sqrt(max(normal[j, j], 1e-300))
            usable = usable and math.isfinite(unit[i, j])
        unit[i, i] += RIDGE
    solution[:] = 0.0
    if not (usable and _invert(unit, inverse)):
        inverse[:] = np.inf
        return
    for i in range(p):
        for j in range(p):
            inverse[i, j] = inverse[i, j] / math.sqrt(normal[i, i]) / math.sqrt(normal[j, j])
            solution[i] += inverse[i, j] * right[j]


@part
def _correlation_one(normal: Any, right: Any, squares: float, gain: float, ndim: int) -> float:
    v, o = ndim, ndim + 1
    mean = normal[v, o] / normal[o, o]
    spread = normal[v, v] - mean * normal[v, o]
    cross = right[v] - mean * right[o]
    own = squares - right[o] * right[o] / normal[o, o]
    score = (cross + gain * spread) / math.sqrt(spread * (own + 2 * gain * cross + gain * gain * spread))
    return min(max(score, -1.0), 1.0) if score == score else 0.0


@kernel
def _solve(normal: Any, right: Any, solution: Any, inverse: Any) -> None:
    unit = np.empty(normal.shape[1:])
    for n in range(normal.shape[0]):
        _solve_one(normal[n], right[n], unit, solution[n], inverse[n])


@kernel
def _correlation(normal: Any, right: Any, squares: Any, gains: Any, ndim: int, scores: Any) -> None:
    for n in range(normal.shape[0]):
        scores[n] = _correlation_one(normal[n], right[n], squares[n], gains[n], ndim)


@kernel
def shift_step(
    rows: Any, normal: Any, right: Any, squares: Any, count: Any, factors: Any, longer: float, accuracy: float,
    shifts: Any, gains: Any, offsets: Any, chi_square: Any, covariance: Any, gain_z: Any, score: Any, pixels: Any,
    going: Any,
) -> None:  # fmt: skip
    """Take one step of the frames `rows`, in place; see `Fit` for what the arrays hold.

    `longer` is by how much a reweighted step is stretched. `going`, (n,), tells where a further step would change more
    than `accuracy` standard deviations.
    """
    ndim = factors.shape[0]
    p = ndim + 2
    unit, solution, inverse = np.empty((p, p)), np.empty(p), np.empty((p, p))
    block = 1.0
    for a in range(ndim):
        block *= factors[a]
    for n in range(rows.shape[0]):
        row = rows[n]
        _solve_one(normal[n], right[n], unit, solution, inverse)
        if math.isfinite(chi_square[row]):
            for i in range(p):
                solution[i] *= longer
        gain = gains[row]
        score[row] = _correlation_one(normal[n], right[n], squares[n], gain, ndim)
        reduced = max(squares[n] / max(count[n] - p, 1.0), 1e-12)
        new_gain = gain + solution[ndim]
        divisor = max(abs(new_gain), 1e-3 * max(abs(gain), 1e-3))
        z = new_gain / math.sqrt(inverse[ndim, ndim] * reduced)
        gain_z[row] = z if z == z else 0.0
        going[n], finite = False, True
        for a in range(ndim):
            for b in range(ndim):
                covariance[row, a, b] = inverse[a, b] * (reduced / (divisor * divisor)) * (factors[a] * factors[b])
            sigma = math.sqrt(covariance[row, a, a])
            finite = finite and math.isfinite(sigma)
            step = min(max(-solution[a] / divisor, -MAX_STEP_PX), MAX_STEP_PX) * factors[a]
            shifts[row, a] += step
            remaining = 0.02 * abs(step) + 0.5 * step * step / factors[a]
            going[n] = going[n] or remaining > accuracy * max(sigma, 1e-12)
        going[n] = going[n] and finite
        gains[row] = new_gain if new_gain > LEAST_GAIN else LEAST_GAIN
        offsets[row] += solution[ndim + 1]
        chi_square[row] = reduced
        pixels[row] = count[n] * block
