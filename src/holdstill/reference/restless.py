"""Whether something slow is left in most of the frame: what moves on where frames are held, or focus that drifts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["count_sigmas_of_slowness"]

Images = NDArray[np.float32]

# Sums over blocks of so many px show what moves, and hardly any noise.
BLOCKS = (8, 16)
# What shines on its own does so in few blocks: so many of those that vary most slowly are left aside.
QUIET = 0.8
SHUFFLES = 24


def count_sigmas_of_slowness(left: Images, quiet: float = QUIET) -> float:
    """By how many standard deviations most blocks vary more slowly than in any other order of the frames.

    Of noise, half of the mean square of steps from frame to frame is its variance (von Neumann, Annals of Mathematical
    Statistics 12:367, 1941); of what changes slowly it is less.

    Parameters
    ----------
    left : ndarray of float32, (n, y, x)
        What a model leaves of frames that follow each other, zero where nothing is known.
    quiet : float
        Share of the blocks that are looked at, those that vary least slowly.
    """
    rng, most = np.random.default_rng(0), -np.inf
    orders = [rng.permutation(len(left)) for _ in range(SHUFFLES)]
    for block in BLOCKS:
        height, width = (n // block for n in left.shape[1:])
        cut = left[:, : height * block, : width * block].reshape(len(left), height, block, width, block)
        sums = cut.sum(axis=(2, 4)).reshape(len(left), -1).astype(np.float64)
        told = sums.std(axis=0) > 0
        if told.sum() < len(orders):
            continue
        others = np.array([_measure_slowness(sums[order][:, told], quiet) for order in orders])
        own, spread = _measure_slowness(sums[:, told], quiet), max(float(others.std(ddof=1)), 1e-12)
        most = max(most, float(own - others.mean()) / spread)
    return most


def _measure_slowness(sums: NDArray[np.float64], quiet: float) -> float:
    """Mean over all but the slowest blocks, (n, blocks), of their variance over that of their steps."""
    ratios = sums.var(axis=0, ddof=1) / np.maximum(np.square(np.diff(sums, axis=0)).mean(axis=0) / 2, 1e-30)
    return float(np.sort(ratios)[: max(1, round(quiet * len(ratios)))].mean())
