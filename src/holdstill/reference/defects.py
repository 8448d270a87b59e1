"""Pixels of the camera that shine or stay dark by themselves: found in a sample, bridged while motion is estimated.

They stand still while the specimen moves, so that a few hundred hot pixels outweigh a dim movie and pull every shift to
zero. The corrected pixels keep them: what was recorded is not retouched.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from holdstill.contracts import Frames

__all__ = ["Defects", "find_defects"]

# A pixel is defective if it leaves its neighbours' range by three times that range, and by eight of their deviations.
RANGES = 3.0
DEVIATIONS = 8.0
MAX_SHARE = 0.01


@dataclass(frozen=True, eq=False)
class Defects:
    """Defective pixels of a frame.

    Attributes
    ----------
    pixels : ndarray of int64, (k,)
        Flat indices.
    neighbours : ndarray of int64, (k, m)
        Flat indices of the sound pixels whose median bridges each.
    """

    pixels: NDArray[np.int64]
    neighbours: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.pixels)

    @contextmanager
    def bridge(self, frames: Frames) -> Iterator[Frames]:
        """`frames`, (n, [z,] y, x) and contiguous, with the defects bridged; as they were at the end."""
        if not len(self):
            yield frames
            return
        flat = frames.reshape(len(frames), -1)
        recorded = flat[:, self.pixels]
        flat[:, self.pixels] = np.median(flat[:, self.neighbours], axis=2).astype(frames.dtype)
        try:
            yield frames
        finally:
            flat[:, self.pixels] = recorded


def find_defects(mean: NDArray[np.float32]) -> Defects:
    """Defects in the mean of unaligned frames, ([z,] y, x).

    What a lens forms is spread over neighbouring pixels, so a pixel far outside the range of its neighbours is none of
    the specimen's. More than 1 % of such pixels are taken for texture, and left alone.
    """
    known = np.isfinite(mean)
    if not known.any() or min(mean.shape[-2:]) < 5:
        return _with_neighbours(np.zeros((1, 1, 1), bool))
    planes = np.where(known, mean, mean[known].mean()).astype(np.float64).reshape(-1, *mean.shape[-2:])
    ring = np.ones((1, 3, 3), bool)
    ring[0, 1, 1] = False
    excess = np.abs(planes - ndimage.median_filter(planes, footprint=ring, mode="mirror"))
    defective = (excess > DEVIATIONS * 1.4826 * np.median(excess)) & (excess > 0)
    suspects = np.argwhere(defective)
    defective[defective] = excess[defective] > RANGES * _neighbour_range(planes, suspects)
    if defective.mean() > MAX_SHARE:
        defective[:] = False
    return _with_neighbours(defective)


def _neighbour_range(planes: NDArray[np.float64], positions: NDArray[np.intp]) -> NDArray[np.float64]:
    """Range of the 24 neighbours within the plane, but for the three lowest and highest, at each of `positions`."""
    steps = np.array([step for step in product((-2, -1, 0, 1, 2), repeat=2) if any(step)])
    near = np.abs(positions[:, None, 1:] + steps)
    last = np.array(planes.shape[1:]) - 1
    near = last - np.abs(last - near)
    values = np.sort(planes[positions[:, :1], near[..., 0], near[..., 1]], axis=1)
    spread: NDArray[np.float64] = values[:, -4] - values[:, 3]
    return spread


def _with_neighbours(defective: NDArray[np.bool_]) -> Defects:
    """The eight neighbours within the plane; those outside or defective are replaced by a sound one."""
    positions = np.argwhere(defective)
    around = np.array([step for step in product((-1, 0, 1), repeat=2) if any(step)])
    rows = []
    for z, y, x in positions:
        near = np.clip(np.array([y, x]) + around, 0, np.array(defective.shape[1:]) - 1)
        sound = near[~defective[z, near[:, 0], near[:, 1]]]
        chosen = sound if len(sound) else near
        cells = np.ravel_multi_index((np.full(len(chosen), z), chosen[:, 0], chosen[:, 1]), defective.shape)
        rows.append(np.resize(cells, len(around)))
    neighbours = np.array(rows, np.int64).reshape(len(positions), len(around))
    return Defects(np.flatnonzero(defective).astype(np.int64), neighbours)
