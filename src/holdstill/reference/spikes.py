"""Tracks of cosmic rays, impulses of electronics: sharper than any lens draws, and elsewhere in each frame.

What a lens forms fades to all sides: of a spot as narrow as 0.8 px standard deviation a fifth of its height is left in
the corner pixels. A particle leaves a line of single pixels, dark beside it (van Dokkum, Publications of the
Astronomical Society of the Pacific 113:1420, 2001, tells them by their edges, too). A few hundred of them, each forty
deviations of the noise bright, outshine a dim specimen: frames find the tracks of others.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import fft, ndimage

from holdstill.contracts import Frames
from holdstill.reference.neighbours import median_around
from holdstill.transforms.middle import find_middle

__all__ = ["have_spikes", "leave_out_spikes"]

Images = NDArray[np.float32]

# so many deviations above its neighbours, and so much of its height above both of them along some line through it
SURE, SHARP = 15.0, 0.9
# lines through a pixel, and how far away it is dark around a spot
LINES = ((0, 1), (1, 0), (1, 1), (1, -1))
OPPOSITE = tuple((-dy, -dx) for dy, dx in LINES)
AROUND = 3
# frames that are looked at first, and altogether; so many px of each, and so many spikes that a frame has
FIRST, MOST, SEEN_PX, LEAST = 2, 8, 512**2, 8
# more pixels are no accidents, and what comes again, shifted as a whole, is the specimen: of tracks up to 0.2 do
MOST_SHARE, SAME = 0.05, 0.4
LEAST_SIDE_PX = 16


def have_spikes(frames: Frames, missing: NDArray[np.bool_]) -> bool:
    """Whether most frames, (n, [z,] y, x), hold accidents of single pixels, besides those that are `missing` in all."""
    if len(frames) < FIRST or min(frames.shape[-2:]) < LEAST_SIDE_PX:
        return False
    box = find_middle(frames.shape[1:], SEEN_PX)
    rows = np.unique(np.linspace(0, len(frames) - 1, MOST).astype(np.int64))
    order = np.concatenate([rows[:: len(rows) - 1], rows[1:-1]])
    found: list[NDArray[np.bool_]] = []
    for n, row in enumerate(order):
        frame = frames[row][box].astype(np.float32)
        found.append(_find(np.where(missing[box], np.float32(np.nan), frame)) if missing.any() else _find(frame))
        if n + 1 == FIRST and not any(map(_are_accidents, found)):
            return False
    several = [one for one in found if _are_accidents(one)]
    if 2 * len(several) <= len(found):
        return False
    return bool(np.median([_share_same(*pair) for pair in pairwise(several)]) < SAME)


def leave_out_spikes(frames: Images) -> Images:
    """Frames, (n, [z,] y, x), NaN where one is, and beside it."""
    near = (1,) * (frames.ndim - 3) + (3, 3)
    return np.stack([
        np.where(ndimage.maximum_filter(_find(frame), near), np.float32(np.nan), frame) for frame in frames
    ])  # fmt: skip


def _are_accidents(found: NDArray[np.bool_]) -> bool:
    return LEAST <= int(found.sum()) <= MOST_SHARE * found.size


def _find(frame: Images) -> NDArray[np.bool_]:
    """Which pixels stand far above their neighbours, and are cut off to both sides along some line."""
    known = np.isfinite(frame)
    if not known.any():
        return np.zeros(frame.shape, bool)
    filled = frame if known.all() else np.where(known, frame, np.median(frame[known]))
    planes: Images = filled.astype(np.float32, copy=False).reshape(-1, *frame.shape[-2:])
    height = planes - median_around(planes)
    # accidents are none of the noise: they would raise a mean of squares by far
    typical = 1.4826 * float(np.median(np.abs(height)))
    found = (height > SURE * typical) & (typical > 0)
    if found.any():
        found[found] = _are_cut_off(planes, np.argwhere(found))
    return found.reshape(frame.shape) & known


def _are_cut_off(planes: Images, at: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Whether it is dark beside pixels of planes, (z, y, x), on both sides along some line."""
    wide = np.pad(planes, ((0, 0), (AROUND, AROUND), (AROUND, AROUND)), mode="reflect")
    plane, row, column = at.T + np.array([[0], [AROUND], [AROUND]])

    def look(dy: int, dx: int) -> Images:
        return np.asarray(wide[plane, row + dy, column + dx])

    ground = np.median([look(AROUND * dy, AROUND * dx) for dy, dx in LINES + OPPOSITE], axis=0)
    beside = np.min([np.maximum(look(dy, dx), look(-dy, -dx)) for dy, dx in LINES], axis=0)
    return np.asarray(look(0, 0) - beside > SHARP * (look(0, 0) - ground), bool)


def _share_same(one: NDArray[np.bool_], other: NDArray[np.bool_]) -> float:
    """Largest share of the spikes of one frame that lie on or beside those of another, shifted as a whole."""
    plane = tuple(range(one.ndim - 2, one.ndim))
    near = ndimage.maximum_filter(other, (1,) * (one.ndim - 2) + (3, 3)).astype(np.float32)
    common = fft.irfft2(
        fft.rfft2(one.astype(np.float32), axes=plane) * np.conj(fft.rfft2(near, axes=plane)), axes=plane
    )
    common = common.reshape(-1, *common.shape[-2:]).sum(axis=0)
    return float(common.max()) / max(int(one.sum()), 1)
