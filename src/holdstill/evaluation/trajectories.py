"""How specimens move: shifts over time, to be added up.

Each function returns shifts (n, ndim), float64, px, ``([z,] y, x)``; the same seed gives the same motion.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["drift", "jitter", "jumps", "uniform", "walk"]

FloatArray = NDArray[np.float64]


def drift(n: int, amplitude_px: float, *, ndim: int = 2, n_bends: int = 3, seed: int = 0) -> FloatArray:
    """Smooth drift that starts at zero and goes `amplitude_px` away from there along each axis.

    Parameters
    ----------
    n : int
        Number of frames.
    amplitude_px : float
        Largest absolute shift along each axis, px.
    ndim : int
        Number of spatial axes.
    n_bends : int
        Number of half waves of the fastest of the cosines that are summed.
    seed : int
        Seed of the random amplitudes.

    Returns
    -------
    ndarray of float64, (n, ndim)
        Shifts, px.
    """
    orders = np.arange(1, n_bends + 1)
    waves = np.cos(np.pi * np.outer(np.linspace(0.0, 1.0, n), orders)) - 1.0
    path = waves @ (np.random.default_rng(seed).normal(size=(n_bends, ndim)) / orders[:, None])
    largest = np.abs(path).max(axis=0)
    scaled: FloatArray = amplitude_px * path / np.where(largest > 0, largest, 1.0)
    return scaled


def jitter(n: int, sigma_px: float, *, ndim: int = 2, seed: int = 0) -> FloatArray:
    """Independent Gaussian shifts of standard deviation `sigma_px` along each axis, (n, ndim)."""
    return np.random.default_rng(seed).normal(0.0, sigma_px, (n, ndim))


def uniform(n: int, amplitude_px: float | FloatArray, *, ndim: int = 2, seed: int = 0) -> FloatArray:
    """Independent shifts, even within ``+-amplitude_px`` (a number, or one for each axis), (n, ndim)."""
    return np.random.default_rng(seed).uniform(-1.0, 1.0, (n, ndim)) * amplitude_px


def walk(n: int, step_px: float, *, ndim: int = 2, seed: int = 0) -> FloatArray:
    """Random walk from zero with Gaussian steps of standard deviation `step_px` along each axis, (n, ndim)."""
    steps = np.random.default_rng(seed).normal(0.0, step_px, (n, ndim))
    steps[:1] = 0.0
    return np.cumsum(steps, axis=0)


def jumps(n: int, amplitude_px: float, *, n_jumps: int = 3, ndim: int = 2, seed: int = 0) -> FloatArray:
    """Rest at zero, then `n_jumps` sudden moves to places within ``+-amplitude_px`` along each axis, (n, ndim)."""
    rng = np.random.default_rng(seed)
    times = rng.choice(np.arange(1, max(n, 2)), size=min(n_jumps, max(n - 1, 0)), replace=False)
    places = np.vstack([np.zeros((1, ndim)), rng.uniform(-amplitude_px, amplitude_px, (len(times), ndim))])
    taken: FloatArray = places[np.searchsorted(np.sort(times), np.arange(n), side="right")]
    return taken
