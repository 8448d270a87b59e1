"""Brute force: the correlation coefficient at every shift."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Device, Frames
from holdstill.methods.likelihood.judged import JudgedEstimator, Located
from holdstill.methods.likelihood.verdicts import MIN_OVERLAP, Limits
from holdstill.methods.search.correlation import (
    find_rivals,
    lose_overlap,
    peak_offsets,
    peaks,
)
from holdstill.methods.search.nearby import settle
from holdstill.methods.search.unknown import fill_unknown, leave_out

__all__ = ["ExhaustiveSearch"]


@dataclass(frozen=True, eq=False)
class _Search:
    reference: NDArray[np.float32]
    pixels: NDArray[np.float32]
    counts: NDArray[np.bool_] | None
    reach: NDArray[np.int64]
    shifts: NDArray[np.int64]
    seen: NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class ExhaustiveSearch(JudgedEstimator):
    """Correlation coefficient of what overlaps at every whole-pixel shift in a range, in real space: slow and sure.

    Nothing is binned, transformed or windowed, so that no better place of the same score lies within the range. Shifts
    that leave less than a quarter of the frame in view are not looked at.

    Parameters
    ----------
    max_shift : float or tuple of float
        Largest shift in px, one for all axes or one each ``([z,] y, x)``. Default 8.
    subpixel : {"gaussian", "parabola", "com", "none"}
        How the peak is found between pixels. Default "gaussian".

    Examples
    --------
    >>> import numpy as np
    >>> from holdstill.estimators import ExhaustiveSearch
    >>> image = np.random.default_rng(0).random((48, 48)).cumsum(0).cumsum(1) % 50
    >>> ExhaustiveSearch(max_shift=4, subpixel="none").fit(np.stack([image, np.roll(image, 2, axis=1)]), 0).shifts
    array([[0., 0.],
           [0., 2.]])
    """

    max_shift: float | tuple[float, ...] | None = 8

    def _search(self, reference: NDArray[np.float32], limits: Limits, device: Device) -> _Search:
        reach = np.minimum(limits.max_shift, np.array(reference.shape) - 1).astype(np.int64)
        axes = [np.arange(-r, r + 1) for r in reach]
        shifts = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, reference.ndim)
        known = np.isfinite(reference)
        # two pixels agree with any other two: of a frame of 3 px such a corner was found
        seen = lose_overlap(shifts, reference.shape) <= 1 - MIN_OVERLAP
        return _Search(fill_unknown(reference[None])[0], reference, None if known.all() else known, reach, shifts, seen)

    def _locate(self, search: Any, frames: Frames, device: Device) -> Located:
        shifts = np.broadcast_to(search.shifts, (len(frames), *search.shifts.shape))
        pixels = fill_unknown(frames, search.counts)
        scores = np.where(search.seen, device.overlap_correlation(pixels, search.reference, shifts), -1.0)
        surfaces = scores.reshape(len(frames), *(2 * search.reach + 1)).astype(np.float32)
        found, peak_z = peaks(surfaces, search.reference.shape)
        whole, inside = found - search.reach, (found > 0) & (found < 2 * search.reach)
        shifts = whole + peak_offsets(surfaces, found, self.subpixel)
        if self.subpixel != "none":  # the best of all whole shifts is what was asked for
            reach = tuple(int(r) for r in search.reach)
            own = leave_out(frames, search.counts)
            shifts = np.where(inside, settle(own, search.pixels, whole, reach, self.subpixel), shifts)
        return Located(shifts, peak_z, find_rivals(surfaces, found, search.reference.shape))
