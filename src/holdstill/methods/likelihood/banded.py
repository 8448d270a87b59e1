"""Symmetric positive systems whose unknowns depend on near ones only: factor, solve, and what of the inverse is wanted.

A matrix of p unknowns and b bands beside the diagonal is an array (p, b + 1): row i holds columns i - b to i.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.devices.cpu.compiling import inner, kernel
from holdstill.methods.likelihood.cholesky import factor

__all__ = ["add_cells", "band_of", "invert_band", "solve_band", "step_fields"]


def band_of(rows: NDArray[np.intp], columns: NDArray[np.intp], values: NDArray[np.float64], p: int, b: int) -> Any:
    """The band of a symmetric matrix given by its entries, each of both triangles."""
    found, lower = np.zeros((p, b + 1)), columns <= rows
    np.add.at(found, (rows[lower], columns[lower] - rows[lower] + b), values[lower])
    return found


@inner
def solve_band(band: Any, x: Any) -> None:
    """Solve with a factor, in place."""
    p, width = band.shape
    b = width - 1
    for i in range(p):
        total = x[i]
        for k in range(max(0, i - b), i):
            total -= band[i, k - i + b] * x[k]
        x[i] = total / band[i, b]
    for i in range(p - 1, -1, -1):
        x[i] /= band[i, b]
        for k in range(max(0, i - b), i):
            x[k] -= band[i, k - i + b] * x[i]


@inner
def invert_band(band: Any, square: Any, row: Any, out: Any) -> None:
    """The first bands of the inverse, ``out[k, i]`` of unknowns i and i + k, from a factor (Takahashi 1973).

    Of the inverse a `square`, (b + 1, b + 1), is held at a time: unknown i in its row and column i modulo b + 1, where
    what is not needed any more lay before. The whole within the band took four fifths of the memory.
    """
    p, width = band.shape
    b = width - 1
    square[:] = 0.0
    for i in range(p - 1, -1, -1):
        last, pivot, at = min(p - 1, i + b), band[i, b], i % width
        row[:] = 0.0
        for k in range(i + 1, last + 1):
            value = band[k, i - k + b] / pivot
            for j in range(width):
                row[j] -= value * square[k % width, j]
        own = 1.0 / (pivot * pivot)
        for k in range(i + 1, last + 1):
            own -= band[k, i - k + b] / pivot * row[k % width]
        row[at] = own
        for j in range(width):
            square[at, j] = row[j]
            square[j, at] = row[j]
        for k in range(min(out.shape[0], p - i)):
            out[k, i] = row[(i + k) % width]


@inner
def add_cells(ratios: Any, blocks: Any, unknowns: Any, scale: float, band: Any) -> None:
    """Add to a band the Hessian of each cell, (cells, k, k), between its `unknowns`, (cells, k), times its ratio."""
    b = band.shape[1] - 1
    for c in range(ratios.size):
        by = ratios[c] * scale
        if by > 0.0:
            for i in range(unknowns.shape[1]):
                row = unknowns[c, i]
                for j in range(unknowns.shape[1]):
                    column = unknowns[c, j]
                    if column <= row:
                        band[row, column - row + b] += by * blocks[c, i, j]


@kernel
def step_fields(
    ratios: Any, right: Any, scales: Any, shares: Any, blocks: Any, unknowns: Any, prior: Any, nodes: Any, most: float,
    decrement: Any
) -> None:  # fmt: skip
    """Take one step of n frames in place: ``(P + Q) step = share * right - Q nodes``, no longer than `most`.

    Parameters
    ----------
    ratios : ndarray, (n, cells)
        Information over that of the reference, cell by cell.
    right : ndarray, (n, p)
        Gradient of the likelihood.
    scales, shares : ndarray, (n,)
        Times which the Hessian of the reference, and the gradient, are told.
    blocks, unknowns : ndarray, (cells, k, k) and (cells, k)
        See `add_cells`.
    prior : ndarray, (p, b + 1)
        Q, as a band.
    nodes : ndarray, (n, p)
        Displacements, changed in place.
    decrement : ndarray, (n,)
        Receives the mean square of the steps in units of the error bars; infinite where nothing could be solved.
    """
    p, width = prior.shape
    b = width - 1
    step = np.empty(p)
    for t in range(nodes.shape[0]):
        band = prior.copy()
        add_cells(ratios[t], blocks, unknowns, scales[t], band)
        for i in range(p):
            step[i] = shares[t] * right[t, i]
        for i in range(p):
            for k in range(max(0, i - b), i + 1):
                value = prior[i, k - i + b]
                step[i] -= value * nodes[t, k]
                if k < i:
                    step[k] -= value * nodes[t, i]
        gradient = step.copy()
        if not factor(band):
            decrement[t] = np.inf
            continue
        solve_band(band, step)
        total, longest = 0.0, 0.0
        for i in range(p):
            total += gradient[i] * step[i]
            longest = max(longest, abs(step[i]))
        shorter = min(1.0, most / max(longest, 1e-12))
        for i in range(p):
            nodes[t, i] += shorter * step[i]
        decrement[t] = total / p if shorter == 1.0 else np.inf


@kernel
def cover_fields(
    ratios: Any, scales: Any, blocks: Any, unknowns: Any, prior: Any, covariance: Any, own: Any
) -> None:  # fmt: skip
    """What is known of each unknown of n frames: the inverse of ``P + Q`` near the diagonal, and the diagonal of P.

    `covariance` is (n, n_bands, p) as `Covariance.of_bands` takes it, `own` (n, p).
    """
    p, width = prior.shape
    b = width - 1
    square, row = np.empty((width, width)), np.empty(width)
    for t in range(ratios.shape[0]):
        band = np.zeros((p, width))
        add_cells(ratios[t], blocks, unknowns, scales[t], band)
        for i in range(p):
            own[t, i] = band[i, b]
        band += prior
        if not factor(band):
            covariance[t] = np.nan
            continue
        invert_band(band, square, row, covariance[t])


@kernel
def weigh_band(ratios: Any, scale: float, blocks: Any, unknowns: Any, prior: Any, known: Any) -> float:
    """Twice the log of how well a prior explains what is known, ``b = P d``: ``b' (P + Q)^-1 b - log |P + Q|``."""
    p = prior.shape[0]
    band = prior.copy()
    add_cells(ratios, blocks, unknowns, scale, band)
    if not factor(band):
        return -np.inf
    x = known.copy()
    solve_band(band, x)
    total = 0.0
    for i in range(p):
        total += known[i] * x[i] - 2.0 * math.log(band[i, band.shape[1] - 1])
    return total


@kernel
def multiply_cells(ratios: Any, scale: float, blocks: Any, unknowns: Any, x: Any, out: Any) -> None:
    """Add ``P x`` to `out`."""
    for c in range(ratios.size):
        for i in range(unknowns.shape[1]):
            total = 0.0
            for j in range(unknowns.shape[1]):
                total += blocks[c, i, j] * x[unknowns[c, j]]
            out[unknowns[c, i]] += ratios[c] * scale * total


@kernel
def log_determinant(matrix: Any) -> float:
    """Of a band; minus infinity where it is not positive."""
    band = matrix.copy()
    if not factor(band):
        return -np.inf
    total = 0.0
    for i in range(band.shape[0]):
        total += 2.0 * math.log(band[i, band.shape[1] - 1])
    return total
