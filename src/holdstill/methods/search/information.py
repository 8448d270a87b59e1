"""The shift at which the grey levels of two images tell most of each other, whichever of them are bright."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import FloatArray
from holdstill.methods.likelihood.greys import rank_greys

__all__ = ["find_best_shift", "mutual_information"]

MIN_OVERLAP = 0.3
# grey levels of the joint histogram, and so many pixels of an overlap at least for each
LEVELS, PER_LEVEL = 16, 4


def mutual_information(one: NDArray[Any], other: NDArray[Any], levels: int = 32) -> float:
    """Mutual information of two images, in nats, from their joint histogram with as many levels each.

    Parameters
    ----------
    one, other : ndarray of equal shape
        Whole numbers below `levels`.
    levels : int
    """
    joint = np.bincount((one * levels + other).ravel(), minlength=levels * levels).reshape(levels, levels)
    share = joint / max(joint.sum(), 1)
    rows, columns = share.sum(axis=1), share.sum(axis=0)

    def entropy(p: FloatArray) -> float:
        return float(-(p[p > 0] * np.log(p[p > 0])).sum())

    return entropy(rows) + entropy(columns) - entropy(share.ravel())


def find_best_shift(
    reference: NDArray[np.float32], frame: NDArray[np.float32], reach: FloatArray, levels: int
) -> tuple[FloatArray, float]:
    """Whole-pixel shift of highest mutual information, every second px first, and its height in deviations.

    Parameters
    ----------
    reference, frame : ndarray of float32, ([z,] y, x)
        NaN where nothing is known.
    reach : ndarray of float64, (ndim,)
        Largest shift tried, px.
    levels : int
        Into how many levels greys are divided; fewer where the images hold few px.

    Returns
    -------
    shift : ndarray of float64, (ndim,)
        px.
    height : float
        By how many standard deviations of all shifts tried it stands above their mean.
    """
    # no more of them than the smallest overlap can fill
    levels = min(levels, LEVELS, max(2, int(MIN_OVERLAP * reference.size / PER_LEVEL)))
    fixed, moving = rank_greys(reference, levels), rank_greys(frame, levels)
    reach = np.minimum(reach, (1 - MIN_OVERLAP) * np.array(reference.shape)).astype(np.int64)
    axes = [np.arange(-(r // 2) * 2, r + 1, 2) for r in reach]
    tried = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, reference.ndim)
    scores = np.array([_information(fixed, moving, shift, levels) for shift in tried])
    best = tried[scores.argmax()]
    spread = float(scores.std()) or 1.0
    around = np.meshgrid(*[np.arange(-1, 2)] * reference.ndim, indexing="ij")
    near = best + np.stack(around, axis=-1).reshape(-1, reference.ndim)
    close = np.array([_information(fixed, moving, shift, levels) for shift in near])
    return near[close.argmax()].astype(np.float64), float((close.max() - scores.mean()) / spread)


def _information(fixed: NDArray[np.int64], moving: NDArray[np.int64], shift: NDArray[np.int64], levels: int) -> float:
    """Mutual information in the overlap, less what as few pixels would show by chance."""
    there = tuple(slice(max(0, s), min(n, n + s)) for s, n in zip(shift.tolist(), fixed.shape, strict=True))
    here = tuple(slice(max(0, -s), min(n, n - s)) for s, n in zip(shift.tolist(), fixed.shape, strict=True))
    one, other = fixed[here], moving[there]
    known = (one >= 0) & (other >= 0)
    count = int(known.sum())
    if count < max(PER_LEVEL * levels, MIN_OVERLAP * fixed.size):
        return 0.0
    return mutual_information(one[known], other[known], levels) - (levels - 1) ** 2 / (2 * count)
