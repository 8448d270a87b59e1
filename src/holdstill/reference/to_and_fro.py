"""Whether frames go to and fro between a few places, each told by one spot alone: flashes of one cell after another.

A cell that flashes lies on the image of another as well as on its own. A stage that shakes shows all of its specimen
wherever it goes, and hardly comes back to the pixel.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from holdstill.contracts import FloatArray

__all__ = ["MOSTLY", "measure_share_of_a_spot", "returns_often"]

# A place is the same within so many px, and left by more than that; the last few frames are looked at.
SAME_PX, FAR_PX, LATELY = 3.0, 8.0, 8
# Of 51 movies at 5 photons, where flashes took turns, 0.84 of the steps were that far; elsewhere 0.14 at most. Of
# places nearby those within SAME_PX are 0.14 where frames may be anywhere (of 600 movies all below 0.5), and
# 0.9 at flashes.
OFTEN, LEAST_BACK, MOST_BY_CHANCE = 0.3, 5, 0.5
# Of the detail of a template 0.55 to 0.9 lay within one such window where flashes took turns; of two beads alike 0.5.
SPOT_PX, MOSTLY = 24, 0.55


def returns_often(shifts: FloatArray) -> bool:
    """Whether frames jump often, and back to where others were more often than places anywhere are.

    Parameters
    ----------
    shifts : ndarray of float64, (n, ndim)
        Of frames in the order of time, px.
    """
    far = np.flatnonzero(_measure_apart(np.diff(shifts, axis=0)) > FAR_PX) + 1
    if len(far) <= OFTEN * len(shifts):
        return False
    apart = [_measure_apart(shifts[max(t - LATELY, 0) : t - 1] - shifts[t]) for t in far]
    back = sum(bool((nearby < SAME_PX).any()) for nearby in apart)
    every = np.concatenate(apart)
    near, same = (every < FAR_PX).sum(), (every < SAME_PX).sum()
    return bool(back >= LEAST_BACK and same > MOST_BY_CHANCE * near)


def measure_share_of_a_spot(image: NDArray[np.float32]) -> float:
    """Of what a template, (y, x), tells of places, the share within its best window.

    What varies slowly from place to place tells no place, and is left aside. NaN is not known.
    """
    known = np.isfinite(image)
    filled = np.where(known, image, image[known].mean() if known.any() else 0.0).astype(np.float64)
    told = np.where(known, np.square(filled - ndimage.uniform_filter(filled, SPOT_PX)), 0.0)
    best = float(ndimage.uniform_filter(told, SPOT_PX, mode="constant").max()) * SPOT_PX**2
    return best / max(float(told.sum()), 1e-30)


def _measure_apart(steps: FloatArray) -> FloatArray:
    return np.asarray(np.abs(steps).max(axis=-1), np.float64)
