"""Motion that is left after a correction: what two halves of the pixels agree upon."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["Slopes", "measure_residual"]

# halves of the pixels, in tiles so large that neighbours share little noise
TILE_PX = 8
WORST_CONDITION = 1e12


class Slopes:
    """Motion of frames against a mean, by one step of Lucas and Kanade (1981) with gain and offset, on two halves."""

    def __init__(self, mean: NDArray[np.float32]) -> None:
        self._mean, self._inverse, rows = mean, np.full((2, 2, 4), np.nan), []
        if min(mean.shape) >= 2:
            parity = np.add.outer(*(np.arange(length) // TILE_PX for length in mean.shape)) % 2 == 0
            terms = np.stack([*np.gradient(mean), mean, np.ones_like(mean)])
            rows = [np.where(half, terms, 0).reshape(4, -1) for half in (parity, ~parity)]
        self._design = np.concatenate(rows) if rows else np.zeros((8, mean.size), np.float32)
        for number, row in enumerate(rows):
            normal = row.astype(np.float64) @ row.T
            if np.linalg.cond(normal) < WORST_CONDITION:
                self._inverse[number] = np.linalg.inv(normal)[:2]

    def solve(self, frame: NDArray[np.float32]) -> list[float]:
        """Motion along y and x that the first half finds, then the second; NaN where there is no structure."""
        sums = (self._design @ (frame - self._mean).ravel()).astype(np.float64).reshape(2, 4, 1)
        return [float(value) for value in (self._inverse @ sums).ravel()]


def measure_residual(halves: NDArray[np.float64]) -> float:
    """Root mean square over frames of what both halves find: their noise is independent and drops out."""
    if len(halves) < 4 or not np.isfinite(halves).all():
        return float("nan")
    return float(np.sqrt(max(0.0, (halves[:, 0] * halves[:, 1]).mean(axis=0).sum())))
