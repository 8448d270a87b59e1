"""Whole rows and columns of the camera that stand out from those beside them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

__all__ = ["find_lines"]

# A line stands out by so many deviations, on one side of its neighbours nearly everywhere; where many do, none does.
DEVIATIONS = 8.0
MAX_LINES, ONE_SIDED = 0.05, 0.45
FEW_PX, UNLIKELY = 256, 0.15
# towards the border brightness may change by so many times as much from line to line as further inside
STEEPER = 3.0
# the crest of a smooth picture lies beyond both of its sides by a few of its bends from line to line
BENDS = 6.0


def find_lines(image: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Whole rows and columns that stand out from those beside them, ([z,] y, x); few, for many are a pattern."""
    found = np.zeros(image.shape, bool)
    if min(image.shape[-2:]) < 16:
        return found
    for axis in (image.ndim - 2, image.ndim - 1):
        others = tuple(n for n in range(image.ndim) if n != axis)
        lines = np.ascontiguousarray(np.moveaxis(image, axis, 0))
        flat = lines.reshape(len(lines), -1)
        finite = np.isfinite(flat)
        known, whole = finite.any(axis=1), finite.all(axis=1)
        profile = np.zeros(known.size)
        profile[whole] = np.median(flat if whole.all() else flat[whole], axis=1)
        for n in np.flatnonzero(known & ~whole):
            profile[n] = np.median(flat[n][finite[n]])
        around = np.abs(profile - ndimage.median_filter(profile, 5, mode="mirror"))
        typical = np.median(around[known]) if known.any() else 0.0
        excess = np.minimum(around, _leave_sides(profile))
        bends = float(np.median(np.abs(np.diff(profile, 2)))) if known.all() else 0.0
        bad = known & (excess > max(DEVIATIONS * 1.4826 * typical, BENDS * bends)) & (excess > 0)
        for n in np.flatnonzero(bad):
            bad[n] = _stands_out(lines, int(n))
        if bad.mean() <= MAX_LINES:
            found |= np.expand_dims(bad, others)
    return found


def _leave_sides(profile: NDArray[np.float64]) -> NDArray[np.float64]:
    """By how much each value lies outside of what stands before and after it: the last line of a dark part does not.

    The first and the last have one side only, and may go on as steeply as the next ones: of a small picture that is
    darker there they were lines of the camera's.
    """
    sides = np.lib.stride_tricks.sliding_window_view(np.pad(profile, 3, mode="reflect"), 7)
    before, after = np.median(sides[:, :3], axis=1), np.median(sides[:, 4:], axis=1)
    excess = np.maximum(np.minimum(before, after) - profile, profile - np.maximum(before, after))
    for at, inwards in ((0, profile[:4]), (-1, profile[:-5:-1])):
        steps = np.abs(np.diff(inwards))
        excess[at] = steps[0] - STEEPER * steps[1:].max()
    return np.maximum(excess, 0.0)


def _stands_out(lines: NDArray[np.floating], n: int) -> bool:
    """Whether nearly all pixels of line `n` lie on the same side of what is beside them."""
    step = lines[n].size // FEW_PX
    # of a line that stands out so many tell as much already, by eleven standard deviations; of 2,048 px some 2,000
    # lines of a dim scene are asked
    if step > 1 and _measure_side(lines[..., ::step], n) < ONE_SIDED - UNLIKELY:
        return False
    return _measure_side(lines, n) > ONE_SIDED


def _measure_side(lines: NDArray[np.floating], n: int) -> float:
    """How far the share of pixels of line `n` that are above what is beside them is from a half."""
    beside = lines[[k for k in (n - 2, n - 1, n + 1, n + 2) if 0 <= k < len(lines)]]
    known = np.isfinite(lines[n]) & np.isfinite(beside).any(axis=0)
    off = lines[n][known] - _median_of_few(beside[:, known])
    return abs(float(np.mean(off > 0)) - 0.5) if known.any() else 0.0


def _median_of_few(lines: NDArray[np.floating]) -> NDArray[np.floating]:
    """Medians over the first axis of what is known, something at each place; a tenth of `nanmedian`'s time."""
    ordered, count = np.sort(lines, axis=0), np.isfinite(lines).sum(axis=0)[None]
    below, above = (np.take_along_axis(ordered, (count - more) // 2, axis=0)[0] for more in (1, 0))
    return np.asarray((below + above) / 2)
