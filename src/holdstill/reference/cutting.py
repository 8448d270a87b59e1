"""What cutting grey levels off at zero, or at white, leaves of noise, and what noise was there before.

Of a Gaussian of which nothing below zero is kept, the mean and the variance after the cut are known functions of those
before it, and so the one pair tells the other (the rectified normal distribution).
"""

from __future__ import annotations

from functools import cache

import numpy as np
import scipy  # loads its parts when they are needed
from numpy.typing import NDArray

__all__ = ["leave_uncut", "restore_cut"]

# means before the cut, in standard deviations from it; beyond either end hardly anything is left, or is cut
FARTHEST = 6.0


@cache
def _tables() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Means after the cut, from it, and variances after the cut, both of noise of one standard deviation."""
    before = np.linspace(-FARTHEST, FARTHEST, 601)
    share, density = scipy.special.ndtr(before), np.exp(-(before**2) / 2) / np.sqrt(2 * np.pi)
    means = before * share + density
    return means, (before**2 + 1) * share + before * density - means**2


def leave_uncut(means: NDArray[np.float64], variances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Variances after a cut of noise that had `variances` before it.

    Parameters
    ----------
    means : ndarray, (n,)
        How far the means lie from the cut, after it.
    variances : ndarray, (n,)
    """
    after, left = _tables()
    sd = np.sqrt(np.maximum(variances, 1e-300))
    return np.asarray(variances * np.interp(means / sd, after, left, left=0.0), np.float64)


def restore_cut(means: NDArray[np.float64], variances: NDArray[np.float64]) -> NDArray[np.float64]:
    """Variances before a cut of what has `variances` after it, where at most about half was cut; see `leave_uncut`."""
    after, left = _tables()
    squares = left / after**2
    ratios = variances / np.maximum(means, 1e-300) ** 2
    kept = np.interp(-ratios, -squares, left, right=1.0)
    return np.asarray(np.where(ratios < squares[-1], variances, variances / kept), np.float64)
