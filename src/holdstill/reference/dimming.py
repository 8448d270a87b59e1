"""Whether what stands still takes a share of the specimen's light, as dust and fringes do, and what that shifts.

Beside a pattern that is only added, such a share holds frames back by some percent of their motion: half of the frames
tells the same as the other, so that nothing else shows it. What is left of frames then follows what the specimen shows
there, pixel by pixel of the frame; shifts beside frames that have it back tell how much that matters.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from holdstill.reference.separation import ROUNDS, Model, Solver, show

__all__ = ["measure_dimming"]

Images = NDArray[np.float32]

# A share that varies over less is taken for noise. Of dimmed movies halves of the frames agreed on it by 0.28 to 0.74,
# beside patterns that are added by 0.29 at most, mostly below 0.
SMOOTH_PX = 2.5
# pixels that see little light tell little of it: by so much of what others see they are drawn to none
LEAST_LIGHT = 0.1
# less widens bars by 2 % at most
LEAST_ALIKE = 0.25


def measure_dimming(solver: Solver, frames: Images, model: Model) -> float:
    """By how many px frames shift if a share of light is given back to them, root mean square; of what is no noise."""
    solver = replace(solver, varies=model.varies)
    rows, every = model.rows, np.arange(len(model.rows))
    shown = show(solver.device, solver.remove_noise(model.specimen, len(rows)), model.trajectory)
    beside = frames[rows] - model.pattern
    left = beside - shown
    known = np.isfinite(shown) & np.isfinite(left)
    light = np.where(known, shown - np.nanmedian(shown), 0)
    alike = _correlate(*(_find_share(left[part], light[part], known[part]) for part in (every[::2], every[1::2])))
    if alike < LEAST_ALIKE:
        return 0.0
    back = frames[rows] - _find_share(left, light, known) * light
    other = solver.refine(back.astype(np.float32), every, model.trajectory, model.pattern, ROUNDS)
    if other is None:
        return 0.0
    moved = other.trajectory.shifts - model.trajectory.shifts[other.rows]
    moved = moved - np.median(moved, axis=0)
    # of the power of a mean of two halves that correlate so much, this is no noise (Spearman 1910, Brown 1910)
    return float(np.sqrt(np.mean(np.square(moved)) * 2 * alike / (1 + alike)))


def _find_share(left: Images, light: Images, known: NDArray[np.bool_]) -> NDArray[np.float64]:
    """By how much more of the light, (n, y, x), each pixel of the frame sees, by what is left of frames; smooth."""
    count = np.maximum(known.sum(axis=0), 1)
    varying, left = (np.where(known, one - np.where(known, one, 0).sum(axis=0) / count, 0) for one in (light, left))
    told = ndimage.gaussian_filter((left * varying).sum(axis=0, dtype=np.float64), SMOOTH_PX)
    power = ndimage.gaussian_filter(np.square(varying).sum(axis=0, dtype=np.float64), SMOOTH_PX)
    return np.asarray(told / np.maximum(power + LEAST_LIGHT * power.mean(), 1e-30), np.float64)


def _correlate(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """0 where one of them is even."""
    one, other = one - one.mean(), other - other.mean()
    scale = float(np.sqrt(np.mean(one**2) * np.mean(other**2)))
    return float(np.mean(one * other)) / scale if scale > 0 else 0.0
