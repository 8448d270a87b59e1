"""Where the parts of a frame went, from scratch: a shift for each of some windows, found for all of them together.

Each window is compared with the reference at all shifts within reach. What windows say is joined along rows and columns
of windows, forth and back, by a price for shifts that differ from those of the neighbours, and the shift that is best
then is taken (semi-global matching, Hirschmueller, IEEE TPAMI 30:328, 2008).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from holdstill.contracts import ControlGrid, Device, FloatArray, Frames
from holdstill.methods.likelihood.significance import count_independent, subtract_local_mean
from holdstill.transforms.grids import displace

__all__ = ["LocalStart", "prepare_local_start"]

# px of images of half the size: from window to window; windows of whole rows may be closer; and how far is searched
STEP_PX, ROW_STEP_PX, REACH_PX = 12.0, 4.0, 10
# shifts of neighbouring windows differ by so many px
SLOPE_PX = 0.8
MAX_SCORE = 1 - 1e-3
SMOOTH_WINDOWS = 1.0


@dataclass(frozen=True, eq=False)
class LocalStart:
    """A reference in which parts of frames are found.

    Attributes
    ----------
    factors : tuple of int
        Pixels that became one along each axis.
    local : ndarray of float32, (y, x)
        The reference, less what surrounds each pixel.
    windows : ControlGrid
        Places of the windows, in its pixels; along axes that do not bend there is one.
    independent : float
        Share of its pixels that are.
    """

    factors: tuple[int, ...]
    local: NDArray[np.float32]
    windows: ControlGrid
    independent: float

    def find(
        self, device: Device, frame: Frames, guess: FloatArray, shift: FloatArray, grid: ControlGrid
    ) -> FloatArray:
        """Displacements of the control points of `grid`, (*counts, n_moved) px, of a frame beside its `shift`, px.

        They are searched around `guess`, px.
        """
        factors = np.array(self.factors, float)
        local = subtract_local_mean(np.asarray(device.bin(frame[None], self.factors), np.float32), 2)[0]
        whole = np.rint(guess / factors)
        scores = self._compare(local, whole.astype(int))
        joined = _join(scores)
        labels = joined.reshape(*scores.shape[:2], -1).argmax(axis=-1)
        at = np.stack(np.unravel_index(labels, scores.shape[2:]))
        found = _sharpen(joined, at) - REACH_PX + (whole - shift / factors)[:, None, None]
        weights = np.take_along_axis(scores.reshape(*scores.shape[:2], -1), labels[..., None], axis=-1)[..., 0]
        smooth = _smooth(found, weights)
        # control points are told where the shifted reference has them
        points = (grid.points() + shift - (factors - 1) / 2) / factors
        moves = displace(self.windows, smooth[None], points)[0] * factors
        return np.asarray(moves, np.float64)

    def _compare(self, local: NDArray[np.float32], whole: NDArray[np.int_]) -> FloatArray:
        """How much better than chance each window agrees at each shift within reach, (ky, kx, 2 reach + 1, the same).

        Half the log of the likelihood ratio of a correlation, its gain unknown, and zero for negative ones.
        """
        hats = [_hat(self.windows, axis, n) for axis, n in enumerate(local.shape)]
        share = np.sqrt(self.independent * count_independent(local) / local.size)
        sides = 2 * REACH_PX + 1
        found = np.empty((hats[0].shape[1], hats[1].shape[1], sides, sides))
        pad = REACH_PX + int(np.abs(whole).max(initial=0)) + 1
        padded, known = np.pad(self.local, pad), np.pad(np.ones(local.shape, np.float32), pad)
        for i in range(sides):
            for j in range(sides):
                y, x = pad - whole[0] - i + REACH_PX, pad - whole[1] - j + REACH_PX
                cut = (slice(y, y + local.shape[0]), slice(x, x + local.shape[1]))
                there = padded[cut]
                both, own, frame, seen = (
                    hats[0].T @ one @ hats[1] for one in (local * there, there**2, local**2 * known[cut], known[cut])
                )
                score = both / np.sqrt(np.maximum(own * frame, 1e-20))
                clipped = np.clip(score, 0.0, MAX_SCORE)
                found[:, :, i, j] = -0.5 * share * seen * np.log1p(-(clipped**2))
        return found


def prepare_local_start(image: NDArray[np.float32], grid: ControlGrid, device: Device) -> LocalStart | None:
    """Prepare a reference, NaN where it does not count, for control points of `grid`; None for volumes."""
    if image.ndim != 2 or max(grid.counts) < 2:
        return None
    factors = tuple(2 if n >= 64 else 1 for n in image.shape)
    local = subtract_local_mean(device.bin(image[None], factors), 2)[0]
    step = STEP_PX if min(grid.counts) > 1 else ROW_STEP_PX
    spacing = tuple(step if count > 1 else np.inf for count in grid.counts)
    return LocalStart(
        factors, local, ControlGrid.spanning(local.shape, spacing), count_independent(local) / max(local.size, 1)
    )


def _hat(windows: ControlGrid, axis: int, n: int) -> NDArray[np.float32]:
    """What each pixel of an axis counts for each window, (n, count)."""
    before, share = windows.find_cells(axis, np.arange(n, dtype=np.float64))
    hat = np.zeros((n, windows.counts[axis]), np.float32)
    hat[np.arange(n), before] += 1 - share
    hat[np.arange(n), np.minimum(before + 1, windows.counts[axis] - 1)] += share
    return hat


def _join(scores: FloatArray) -> FloatArray:
    """Scores with what the windows before and after each one say, along both axes, forth and back."""
    total = -3.0 * scores
    for axis in (0, 1):
        lines = np.moveaxis(scores, axis, 0)
        for step in (1, -1):
            path = _follow(lines[::step])[::step]
            total += np.moveaxis(path, 0, axis)
    return total


def _follow(lines: FloatArray) -> FloatArray:
    """Best sum of scores of all windows up to each one, less the price of what shifts differ by; see `_join`."""
    found = lines.copy()
    for k in range(1, len(lines)):
        before = _widen(_widen(found[k - 1], -1), -2)
        found[k] += before - before.max(axis=(-2, -1), keepdims=True)
    return found


def _widen(scores: FloatArray, axis: int) -> FloatArray:
    """The best of ``scores(j) - (i - j)^2 / (2 slope^2)`` for each i along an axis."""
    sides = scores.shape[axis]
    price = (np.arange(sides)[:, None] - np.arange(sides)) ** 2 / (2 * SLOPE_PX**2)
    rows = np.moveaxis(scores, axis, -1)
    return np.moveaxis((rows[..., None, :] - price).max(axis=-1), -1, axis)


def _sharpen(scores: FloatArray, at: NDArray[np.intp]) -> FloatArray:
    """Tops of parabolas through the best shifts and their neighbours, (2, ky, kx)."""
    found = at.astype(np.float64)
    ky, kx = np.indices(at.shape[1:])
    last = scores.shape[2] - 1
    for axis in range(2):
        inside = (at[axis] > 0) & (at[axis] < last)
        left, middle, right = (
            scores[ky, kx, *(np.clip(at[a] + (step if a == axis else 0), 0, last) for a in range(2))]
            for step in (-1, 0, 1)
        )
        bend = left - 2 * middle + right
        found[axis] += np.where(
            inside & (bend < 0), np.clip((left - right) / (2 * np.minimum(bend, -1e-9)), -0.5, 0.5), 0
        )
    return found


def _smooth(shifts: FloatArray, weights: FloatArray) -> FloatArray:
    """Shifts of windows less what single ones say, means of neighbours by weight, (2, ky, kx)."""
    middle = ndimage.median_filter(shifts, (1, 3, 3), mode="nearest")
    apart = np.sqrt(((shifts - middle) ** 2).sum(axis=0))
    trust = (weights + 1e-3) / (1 + (apart / SLOPE_PX) ** 2) ** 2
    sums = ndimage.gaussian_filter(shifts * trust, (0, SMOOTH_WINDOWS, SMOOTH_WINDOWS), mode="nearest")
    return np.asarray(sums / ndimage.gaussian_filter(trust, SMOOTH_WINDOWS, mode="nearest"), np.float64)
