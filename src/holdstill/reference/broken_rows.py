"""Frames of which some rows are noise: lines that a cable or a radio link did not carry.

Neighbouring pixels of such rows differ by much, over all of the width. Light, cells and debris make smooth steps, or
none on one side of the frame.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Frames
from holdstill.devices.cpu.compiling import divide, lean_kernel, part, pixels

__all__ = ["find_broken", "measure_steps"]

# neighbours that are compared in a row, and rows that lie together
PAIRS, BAND, QUARTERS = 64, 3, 4
LEAST_WIDTH, LEAST_FRAMES = 32, 8
# in noise a quarter of the pixels differ by 1.6 standard deviations of a difference, a tenth of a row's by 2
STEEP, SHARE = 2.5, 0.25
MOST_ROWS = 0.5


def measure_steps(frames: Frames) -> tuple[float, float] | None:
    """How much neighbours in a row of these frames, (n, [z,] y, x), differ: in the steepest row, and usually.

    Of the steepest row of a frame that only a tenth of its pixels exceed, of usual ones a quarter; both of the frame in
    the middle, so that broken ones do not count. None where too little is there to tell.
    """
    if len(frames) < LEAST_FRAMES or frames.shape[-1] < LEAST_WIDTH:
        return None
    measured = [_measure_rows(_find_steps(frame[None])[0]) for frame in frames]
    steepest, usual = (float(number) for number in np.median(measured, axis=0))
    return (steepest, usual) if usual > 0 else None


def find_broken(frames: Frames, known: tuple[float, float]) -> NDArray[np.bool_]:
    """Which frames, (n, [z,] y, x), have rows that are noise, given what `measure_steps` found; (n,)."""
    steepest, usual = known
    found = np.zeros(len(frames), bool)
    for n in np.flatnonzero(_may_have_bands(frames, STEEP * steepest)):
        steps = _find_steps(frames[n : n + 1])
        if not _find_bands(steps, STEEP * steepest).any():
            continue
        brighter = max(1.0, _measure_rows(steps[0])[1] / usual)  # a flash of light makes all rows steep
        bands = _find_bands(steps, STEEP * steepest * brighter)[0]
        found[n] = 0 < bands.sum() <= MOST_ROWS * len(bands)
    return found


def _measure_rows(steps: NDArray[np.float32]) -> tuple[float, float]:
    """What only a tenth of a row's steps exceed, in the steepest row; what a quarter of them exceed, usually."""
    ordered = np.sort(steps, axis=1)  # in vectors: a tenth of the time of quantiles
    steepest, usual = (_read_quantile(ordered, share) for share in (0.9, 0.75))
    return float(steepest.max()), float(np.median(usual))


def _read_quantile(ordered: NDArray[np.float32], share: float) -> NDArray[np.float32]:
    """A quantile of rows in order, linear between neighbours."""
    place = share * (ordered.shape[1] - 1)
    below = int(place)
    low, high = ordered[:, below], ordered[:, min(below + 1, ordered.shape[1] - 1)]
    return np.asarray(low + (high - low) * np.float32(place - below), np.float32)


def _may_have_bands(frames: Frames, limit: float) -> NDArray[np.bool_]:
    """Whether rows that lie together have so many steep places as a band needs: nearly all frames are told by that."""
    stride = max(2, frames.shape[-1] // PAIRS)
    pairs = len(range(1, frames.shape[-1], stride)) // QUARTERS
    if frames.dtype in (np.uint8, np.uint16, np.float32):
        rows = pixels(frames).reshape(len(frames), -1, frames.shape[-1])
        counts = np.empty(rows.shape[:2], np.int64)
        _count_steep(*divide(rows), stride, min(limit, float(np.finfo(np.float32).max)), QUARTERS * pairs, counts)
    else:
        counts = np.count_nonzero(_find_steps(frames)[..., : QUARTERS * pairs] > limit, axis=2)
    together = counts[:, 2:] + counts[:, 1:-1] + counts[:, :-2]
    return np.asarray((together > BAND * QUARTERS * SHARE * pairs).any(axis=1))


@part
def _count_row(row: Any, stride: int, most: Any, pairs: int) -> int:
    infinite, count = np.float32(np.inf), 0
    for pair in range(pairs):
        step = abs(np.float32(row[pair * stride + 1]) - np.float32(row[pair * stride]))
        count += 1 if most < step < infinite else 0
    return count


@lean_kernel
def _count_steep(whole: Any, real: Any, stride: int, limit: float, pairs: int, counts: Any) -> None:
    """How many of the first pairs of a row differ by more than a limit; those that are not finite do not."""
    most = np.float32(limit)
    is_whole = whole.shape[0] > 0
    for n in range(counts.shape[0]):
        for y in range(counts.shape[1]):
            if is_whole:
                counts[n, y] = _count_row(whole[n, y], stride, most, pairs)
            else:
                counts[n, y] = _count_row(real[n, y], stride, most, pairs)


def _find_steps(frames: Frames) -> NDArray[np.float32]:
    """By how much some pixels differ from their right neighbours, (n, rows, pairs); nothing where that is not known."""
    stride = max(2, frames.shape[-1] // PAIRS)
    exact = np.float32 if frames.dtype.itemsize <= 2 else np.float64
    with np.errstate(invalid="ignore"):
        steps = np.abs(np.subtract(frames[..., 1::stride], frames[..., :-1:stride], dtype=exact))
    if not np.issubdtype(frames.dtype, np.integer):
        np.nan_to_num(steps, copy=False, posinf=0.0)
    return steps.reshape(len(frames), -1, steps.shape[-1]).astype(np.float32, copy=False)


def _find_bands(steps: NDArray[np.float32], limit: float) -> NDArray[np.bool_]:
    """Where rows lie together whose neighbours differ by more than a limit, in each quarter of their width."""
    pairs = steps.shape[2] // QUARTERS
    quarters = np.repeat(np.eye(QUARTERS, dtype=np.float32), pairs, axis=0)
    steep = (steps[..., : QUARTERS * pairs] > limit).astype(np.float32) @ quarters
    together = steep[:, 2:] + steep[:, 1:-1] + steep[:, :-2]
    return np.asarray((together > BAND * SHARE * pairs).all(axis=2))
