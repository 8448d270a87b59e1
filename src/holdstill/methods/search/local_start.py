"""Where the parts of a frame went, from scratch: a shift for each of some windows, found for all of them together.

Each window is compared with the reference at all shifts within reach. What windows say is joined along rows and columns
of windows, forth and back, by a price for shifts that differ from those of the neighbours, and the shift that is best
then is taken (semi-global matching, Hirschmueller, IEEE TPAMI 30:328, 2008).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from holdstill.contracts import ControlGrid, Device, FloatArray, Frames
from holdstill.devices.cpu.compiling import kernel, row_kernel
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
        share = np.sqrt(self.independent * count_independent(local) / local.size)
        sides = 2 * REACH_PX + 1
        pad = REACH_PX + int(np.abs(whole).max(initial=0)) + 1
        padded, known = np.pad(self.local, pad), np.pad(np.ones(local.shape, np.float32), pad)
        places = [self.windows.find_cells(axis, np.arange(n)) for axis, n in enumerate(local.shape)]
        (rows, above), (columns, across) = ((at.astype(np.int64), one.astype(np.float32)) for at, one in places)
        starts = np.searchsorted(columns, np.arange(self.windows.counts[1] + 1)).astype(np.int64)
        sums = np.zeros((*self.windows.counts, sides, sides, 4))
        _sum_windows(local, padded, known, pad + REACH_PX - whole, rows, above, starts, across, sums)
        both, own, frame, seen = np.moveaxis(sums, -1, 0)
        clipped = np.clip(both / np.sqrt(np.maximum(own * frame, 1e-20)), 0.0, MAX_SCORE)
        return np.asarray(-0.5 * share * seen * np.log1p(-(clipped**2)), np.float64)


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


@row_kernel
def _add_row(
    frame: Any, there: Any, seen: Any, before: Any, after: Any, b0: Any, b1: Any, b2: Any, b3: Any, a0: Any, a1: Any,
    a2: Any, a3: Any
) -> None:  # fmt: skip
    """Products of a row of the frame with one of the reference, by their shares in the windows above and below."""
    for x in range(frame.size):
        f, r, k = frame[x], there[x], seen[x]
        both, own, square = f * r, r * r, f * f * k
        b0[x] += before * both
        b1[x] += before * own
        b2[x] += before * square
        b3[x] += before * k
        a0[x] += after * both
        a1[x] += after * own
        a2[x] += after * square
        a3[x] += after * k


@kernel
def _flush(lines: Any, starts: Any, shares: Any, row: Any, i: int, j: int) -> None:
    """Give what the lines hold to the windows along x, of one shift."""
    last = row.shape[0] - 1
    for k in range(row.shape[0]):
        for c in range(4):
            left = right = np.float32(0)
            for x in range(starts[k], starts[k + 1]):
                left += (np.float32(1) - shares[x]) * lines[c, x]
                right += shares[x] * lines[c, x]
            row[k, i, j, c] += left
            row[min(k + 1, last), i, j, c] += right


@kernel
def _sum_windows(
    local: Any, padded: Any, known: Any, begin: Any, cells: Any, shares: Any, starts: Any, across: Any, sums: Any
) -> None:  # fmt: skip
    """Sums over windows of products with the reference, of its squares, of the frame's, and of what is known there.

    Of all shifts, (ky, kx, i, j, 4): `begin` less (i, j) is the first pixel of the padded reference.
    """
    height, width = local.shape
    last = sums.shape[0] - 1
    lines, below = np.zeros((4, width), np.float32), np.zeros((4, width), np.float32)
    for i in range(sums.shape[2]):
        for j in range(sums.shape[3]):
            at = begin[1] - j
            lines[:] = below[:] = np.float32(0)
            current = 0
            for y in range(height):
                while current < cells[y]:
                    _flush(lines, starts, across, sums[current], i, j)
                    lines[:] = below
                    below[:] = np.float32(0)
                    current += 1
                row = begin[0] - i + y
                _add_row(
                    local[y], padded[row, at : at + width], known[row, at : at + width], np.float32(1) - shares[y],
                    shares[y], lines[0], lines[1], lines[2], lines[3], below[0], below[1], below[2], below[3],
                )  # fmt: skip
            _flush(lines, starts, across, sums[current], i, j)
            _flush(below, starts, across, sums[min(current + 1, last)], i, j)


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
    rows = np.ascontiguousarray(np.moveaxis(scores, axis, -1))
    best = np.full(rows.shape, -np.inf)
    _take_best(rows.reshape(-1, sides), price, best.reshape(-1, sides))
    return np.moveaxis(best, -1, axis)


@row_kernel
def _raise_row(score: float, price: Any, best: Any) -> None:
    for i in range(best.size):
        value = score - price[i]
        best[i] = value if value > best[i] else best[i]


@kernel
def _take_best(scores: Any, price: Any, best: Any) -> None:
    for row in range(scores.shape[0]):
        for j in range(scores.shape[1]):
            _raise_row(scores[row, j], price[j], best[row])


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
