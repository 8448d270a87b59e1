"""Displacements as modes that a prior and the reference's Hessian leave independent: solved by two products each.

Where frames show the reference all over alike, the Hessian of one is that of the reference times a number. The modes
``P v = lambda Q v`` are found once; beside them a Cholesky factor for each step took ten times as long.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from holdstill.contracts import FloatArray
from holdstill.devices.cpu.compiling import kernel
from holdstill.methods.likelihood.bending import Prior
from holdstill.methods.likelihood.cells import FieldLevel

__all__ = ["Modes", "cover_modes", "find_uniform", "make_modes", "step_modes"]

# more unknowns than that are solved by their bands
MOST_UNKNOWNS = 512
# cells with so much of the light of the brightest count, and may differ by so much in how much of it a frame shows
FAINT, UNEVEN = 0.05, 0.3


@dataclass(frozen=True, eq=False)
class Modes:
    """``(s P + Q)^-1 = V diag(1 / (s lambda + 1)) V^T`` for any s.

    Attributes
    ----------
    vectors : ndarray of float64, (p, p)
        V, modes in columns.
    values : ndarray of float64, (p,)
        lambda, what the light tells of each mode over what is expected of it.
    precision : ndarray of float64, (p, p)
        Q.
    own : ndarray of float64, (p,)
        Diagonal of P.
    """

    vectors: FloatArray
    values: FloatArray
    precision: FloatArray
    own: FloatArray


def make_modes(field: FieldLevel, prior: Prior, blocks: FloatArray) -> Modes | None:
    """Modes of a level whose Hessians are `blocks` in full-resolution px; None where there are too many unknowns."""
    p, width = prior.band.shape
    if p > MOST_UNKNOWNS:
        return None
    light, precision = np.zeros((p, p)), np.zeros((p, p))
    np.add.at(light, (field.unknowns[:, :, None], field.unknowns[:, None, :]), blocks)
    for k in range(width):  # column i - k of row i
        rows = np.arange(k, p)
        precision[rows, rows - k] = precision[rows - k, rows] = prior.band[rows, width - 1 - k]
    values, vectors = linalg.eigh(light, precision)
    return Modes(np.ascontiguousarray(vectors), np.maximum(values, 0.0), precision, np.diag(light).copy())


def find_uniform(field: FieldLevel, ratios: FloatArray) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Share of the reference's light that each frame shows, (n,), and where that is so all over, (n,)."""
    told = field.information
    # row by row: a product of matrices sums in another order for another number of frames
    mean = (ratios * told).sum(axis=1) / max(float(told.sum()), 1e-300)
    bright = told > FAINT * told.max(initial=0.0)
    apart = np.abs(ratios[:, bright] - mean[:, None]).max(axis=1, initial=0.0)
    return mean, (mean > 0) & (apart < UNEVEN * mean)


@kernel
def step_modes(
    right: Any, scales: Any, shares: Any, vectors: Any, values: Any, precision: Any, nodes: Any, most: float,
    decrement: Any
) -> None:  # fmt: skip
    """As `step_fields`, by modes; `scales`, (n,), is what the Hessian of the reference is to be multiplied by."""
    p = values.size
    gradient, along, step = np.empty(p), np.empty(p), np.empty(p)
    for t in range(nodes.shape[0]):
        for i in range(p):
            total = 0.0
            for j in range(p):
                total += precision[i, j] * nodes[t, j]
            gradient[i] = shares[t] * right[t, i] - total
        along[:] = 0.0
        for i in range(p):
            g = gradient[i]
            for k in range(p):
                along[k] += vectors[i, k] * g
        total = 0.0
        for k in range(p):
            by = along[k] / (scales[t] * values[k] + 1.0)
            total += along[k] * by
            along[k] = by
        longest = 0.0
        for i in range(p):
            moved = 0.0
            for k in range(p):
                moved += vectors[i, k] * along[k]
            step[i] = moved
            longest = max(longest, abs(moved))
        shorter = min(1.0, most / max(longest, 1e-12))
        for i in range(p):
            nodes[t, i] += shorter * step[i]
        decrement[t] = total / p if shorter == 1.0 else np.inf


@kernel
def cover_modes(scales: Any, vectors: Any, values: Any, diagonal: Any, covariance: Any, own: Any) -> None:
    """As `cover_fields`, by modes; `diagonal` is that of P."""
    p = values.size
    left = np.empty(p)
    for t in range(scales.size):
        for k in range(p):
            left[k] = 1.0 / (scales[t] * values[k] + 1.0)
        for i in range(p):
            own[t, i] = scales[t] * diagonal[i]
        for b in range(covariance.shape[1]):
            for i in range(p - b):
                total = 0.0
                for k in range(p):
                    total += vectors[i, k] * vectors[i + b, k] * left[k]
                covariance[t, b, i] = total
