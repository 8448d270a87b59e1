"""From a whole-pixel shift to the peak of the correlation near it, by pixels that all places compared have in common.

What overlaps at the places about a peak is not the same: a bad row at the border is left out on one side of it. Of a
smooth picture of 48 px whose last row was replaced the place beside its own agreed best, 0.8 px off.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import FloatArray
from holdstill.methods.search.correlation import TIE, lose_overlap
from holdstill.methods.search.subpixel import between
from holdstill.methods.search.unknown import fill_unknown

__all__ = ["settle"]

# of fewer px along an axis, or a smaller share of what overlaps, the places have too little in common
LEAST_PX, LEAST_SHARE = 3, 0.25
# below this share of the squares a variance is rounding
PRECISION = 1e-6


def settle(
    frames: NDArray[np.float32],
    reference: NDArray[np.float32],
    shifts: NDArray[np.int64],
    reach: tuple[int, ...],
    subpixel: str,
) -> FloatArray:
    """From whole-pixel shifts (n, ndim) uphill within `reach`, and on to the peak between pixels; (n, ndim).

    NaN is left out on both sides. Where a peak lies between pixels also depends on what surrounds the common pixels,
    which is seen where the reference itself has moved by whole pixels; half way between pixels, where two of them are
    alike, it is none.
    """
    found = np.empty(shifts.shape)
    # sums in float32 would lose a small contrast on a high pedestal
    level = np.float32(np.nanmean(reference, dtype=np.float64)) if np.isfinite(reference).any() else np.float32(0)
    reference = reference - level
    for n, (frame, start) in enumerate(zip(frames, shifts, strict=True)):
        whole, values, own = _climb(frame - level, reference, start, reach)
        offset, lean = between(np.stack([values, own]), subpixel)
        found[n] = whole + offset - np.maximum(1 - 2 * np.abs(offset - lean), 0) * lean
    return found


def _climb(
    frame: NDArray[np.float32], reference: NDArray[np.float32], start: NDArray[np.int64], reach: tuple[int, ...]
) -> tuple[NDArray[np.int64], FloatArray, FloatArray]:  # fmt: skip
    """Where the correlation is highest among its neighbours, (ndim,), and the correlations about it, (3, 3[, 3]).

    Of the frame, and of the reference as it were there. Half way between two places each may say that the other is
    better, for their pixels are not quite the same: no place is asked twice.
    """
    best, asked, steps = start, set(), _steps(frame.ndim)
    while tuple(best) not in asked:
        here, places = best, best + steps
        asked.add(tuple(here))
        values, own = _compare(frame, reference, here, places)
        allowed = (np.abs(places) <= np.array(reach)).all(axis=-1)
        heights = np.where(allowed, values - TIE * lose_overlap(places, reference.shape), -np.inf)
        best = places[heights.argmax()]
    about = (3,) * frame.ndim
    return here, values.reshape(about), own().reshape(about)


def _compare(
    frame: NDArray[np.float32], reference: NDArray[np.float32], shift: NDArray[np.int64], places: NDArray[np.int64]
) -> tuple[FloatArray, Callable[[], FloatArray]]:
    """Correlations at the places about a shift, and what tells those of the reference as it were there."""
    size, middle = np.array(frame.shape), len(places) // 2
    first, last = np.maximum(shift + 1, 0), np.minimum(size + shift - 1, size)
    if (last - first >= LEAST_PX).all():
        seen = frame[_slices(first, last)]
        shown = [reference[_slices(first - place, last - place)] for place in places]
        # sums are finite where all is, and ten times faster than to ask each pixel
        if np.isfinite(seen.sum() + sum(part.sum() for part in shown)):
            return _correlate(seen, shown), lambda: _correlate(shown[middle], shown)
        known = np.logical_and.reduce([np.isfinite(part) for part in (seen, *shown)])
        if known.mean() > LEAST_SHARE:
            told = [part[known].astype(np.float64) for part in shown]
            return _correlate(seen[known].astype(np.float64), told), lambda: _correlate(told[middle], told)
    filled = fill_unknown(np.stack([frame, reference]))
    return _overlap(filled[0], filled[1], places), lambda: _overlap(
        _show(filled[0], filled[1], shift), filled[1], places
    )


def _overlap(frame: NDArray[np.float32], reference: NDArray[np.float32], places: NDArray[np.int64]) -> FloatArray:
    """Correlations of all that overlaps at each place: of a few px nothing can be left out."""
    size = np.array(frame.shape)
    return np.concatenate([
        _correlate(frame[_slices(first, last)], [reference[_slices(first - place, last - place)]])
        for place in places
        for first, last in [(np.maximum(place, 0), np.minimum(size + place, size))]
    ])  # fmt: skip


def _show(frame: NDArray[np.float32], reference: NDArray[np.float32], shift: NDArray[np.int64]) -> NDArray[np.float32]:
    """The frame, with the reference as it were at a shift where that is in view."""
    moved, size = frame.copy(), np.array(frame.shape)
    seen = _slices(np.maximum(shift, 0), size + np.minimum(shift, 0))
    own = reference[_slices(np.maximum(-shift, 0), size - np.maximum(shift, 0))]
    spread = float(own.std()) if own.size else 0.0
    if spread > 0:
        moved[seen] = (own - own.mean()) * (float(frame[seen].std()) / spread) + frame[seen].mean()
    return moved


def _correlate(own: NDArray[np.floating], shown: list[NDArray[Any]]) -> FloatArray:
    """Pearson correlation of a part of the frame with each of several as large ones of the reference; -1 without."""
    parts, count = [own, *shown], max(own.size, 1)
    sums = np.array([part.sum(dtype=np.float64) for part in parts])
    squares, products = _multiply(parts, parts), _multiply([own] * len(shown), shown)
    spread = np.maximum(squares - sums**2 / count, 0)
    scale = np.sqrt(spread[0] * spread[1:])
    told = scale > PRECISION * np.sqrt(squares[0] * squares[1:])
    return np.where(told, (products - sums[0] * sums[1:] / count) / np.where(told, scale, 1.0), -1.0)


def _multiply(some: list[NDArray[Any]], others: list[NDArray[Any]]) -> FloatArray:
    """Sums of products; in float32 along the rows alone."""
    lines = [np.einsum("...i,...i->...", a, b) for a, b in zip(some, others, strict=True)]
    return np.array([line.sum(dtype=np.float64) for line in lines])


def _steps(ndim: int) -> NDArray[np.int64]:
    """To a place and its neighbours, (3^ndim, ndim)."""
    return np.stack(np.meshgrid(*[np.arange(-1, 2)] * ndim, indexing="ij"), axis=-1).reshape(-1, ndim)


def _slices(first: NDArray[np.int64], last: NDArray[np.int64]) -> tuple[slice, ...]:
    return tuple(slice(a, b) for a, b in zip(first, last, strict=True))
