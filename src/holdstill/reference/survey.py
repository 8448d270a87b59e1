"""Defects, found in frames from all over the movie as they are: what stands still in the frame is the camera's.

Constant pixels among noisy ones, grey levels at which the histogram has a mass point (rails), pixels whose mean or
spread is far out of their neighbours' range, and whole rows and columns of that kind. What a lens forms is spread over
neighbouring pixels, and what moves is smeared in the mean, so none of these is the specimen's.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from holdstill.contracts import Frames
from holdstill.reference.broken_rows import measure_steps
from holdstill.reference.dead_lines import find_lines
from holdstill.reference.defects import Defects
from holdstill.reference.neighbours import median_around
from holdstill.reference.noise import white_noise
from holdstill.reference.spikes import have_spikes

__all__ = ["find_constant", "find_defects", "find_filled", "find_lone", "find_rails", "survey"]

# A pixel is defective if it leaves its neighbours' range by three times that range, and by eight of their deviations.
RANGES, SURE = 3.0, 3.0
DEVIATIONS = 8.0
MAX_SHARE = 0.06
# Above this share, the rest of the image must hold structure of its own: else these pixels are the specimen.
CERTAIN_SHARE = 0.002
# so many pixels are enough for the histogram of a float movie
HISTOGRAM_PX, HISTOGRAM_FRAMES, LEAST_HISTOGRAM, MOST_HISTOGRAM_PX = 1 << 19, 8, 2, 1 << 23
HISTOGRAM_PART_PX = 1 << 18
MASS, MASS_PX, NEXT_LEVELS, FEW_LEVELS, LEAST_SIDE_PX = 5.0, 25, 3, 8, 16
# highest grey levels of converters: there a rise by so much over what the levels below lead to expect is clipping
TOPS, RISE = tuple(float(2**bits - 1) for bits in (8, 10, 11, 12, 14, 16)), 2.0
# Beyond so many deviations of the noise from all else, a lowest grey level is filled in, not recorded.
GAP = 4.0
BESIDE_PX, TURNED_CORNERS = 3, 3
MAX_MISSING, SURELY = 0.7, 100.0
OFTEN, LEAST_EDGES = 0.3, 8
# from fewer frames it cannot be told whether a pixel stands still by its content
LEAST_FRAMES = 4
# of the pixels at the highest number there is: clipped, though the levels below are as full
AT_TOP = 0.02
EXACT = 1 << 22
# of the range of float64 pixels; a photograph of 0 to 1 above a million lay 0.04 px beside itself at a stated 0.004
ROUNDED = 1e-5
# so many tell a median to 0.3 %
MEDIAN_PX = 1 << 18
# pixels that are looked at together: their sums fit into a core's own cache
PART_PX = 1 << 14


@dataclass(frozen=True, eq=False)
class Survey:
    """Of `n` frames: per pixel mean, standard deviation over time, and whether it never changes; NaN: never known.

    `repeats` is how often a pixel that does change has the same value in two frames, one after the other.
    """

    n: int
    mean: NDArray[np.float64]
    spread: NDArray[np.float64]
    constant: NDArray[np.bool_]
    repeats: float = 0.0


def survey(frames: Frames) -> Survey:
    """Measure frames, (n, [z,] y, x), part by part: sums that stay in the cache take a sixth of the time."""
    shape = frames.shape[1:]
    mean, spread, constant = np.empty(shape), np.empty(shape), np.empty(shape, bool)
    n_same = n_changing = 0
    lines = max(1, PART_PX * len(frames[0]) // frames[0].size)
    for start in range(0, len(frames[0]), lines):
        part = slice(start, start + lines)
        mean[part], spread[part], constant[part], same, changing = _survey_part(frames[:, part])
        n_same, n_changing = n_same + same, n_changing + changing
    repeats = n_same / n_changing / max(len(frames) - 1, 1) if n_changing else 1.0
    return Survey(len(frames), mean, spread, constant, repeats)


def _survey_part(frames: Frames) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_], int, int]:
    """Mean, spread, what never changes; how often what does is the same twice, and how many pixels do."""
    first = np.nan_to_num(frames[0].astype(np.float64), posinf=0.0, neginf=0.0)
    count, total, squares, off = (np.zeros(first.shape) for _ in range(4))
    changes, same = np.zeros(first.shape, bool), np.zeros(first.shape, np.int32)
    may_lack = not np.issubdtype(frames.dtype, np.integer)
    for n, frame in enumerate(frames):
        np.subtract(frame, first, out=off)
        if n:
            same += frame == frames[n - 1]
        if may_lack:
            known = np.isfinite(off)
            off[~known] = 0
            count += known
        changes |= off != 0
        total += off
        off *= off
        squares += off
    count = count if may_lack else np.full(first.shape, float(len(frames)))
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = total / count
        spread = np.sqrt(np.maximum(squares / count - mean**2, 0))
    constant = ~changes & (count > 0)
    return first + mean, spread, constant, int(same[changes].sum()), int(changes.sum())


def find_defects(frames: Frames) -> Defects:
    """Defects that a sample of unaligned frames shows, (n, [z,] y, x).

    In a movie of a few grey levels, or of a few pixels, every pixel is like a defective one: all are taken for sound.
    """
    n_frames = min(max(MOST_HISTOGRAM_PX // frames[0].size, LEAST_HISTOGRAM), HISTOGRAM_FRAMES)
    some = frames[:: -(-len(frames) // n_frames)]
    levels, _ = _histogram(some)
    if len(levels) < FEW_LEVELS or min(frames.shape[-2:]) < LEAST_SIDE_PX:
        return Defects(clipped=_cut_off(frames), level=_level(frames))
    steps = measure_steps(frames)
    measured = survey(frames)
    noise = _noise_of(measured) if len(frames) > 1 else _noise_of_one(frames[0])
    missing = find_constant(measured, np.issubdtype(frames.dtype, np.integer))
    if levels[1] - levels[0] <= GAP * noise:
        missing &= measured.mean != levels[0]  # dark, not dead
    low, top = find_rails(some, missing, noise)
    clipped = _cut_off(frames)
    if top is not None and not _is_drawn(frames, top, measured.mean):
        top, clipped = None, top
    if clipped is not None:
        missing &= measured.mean != clipped
    rails = tuple(rail for rail in (low, top) if rail is not None)
    if rails:
        measured = survey(Defects(rails=rails).view(frames))
    mean, spread = measured.mean, measured.spread
    if missing.any():
        mean, spread = (np.where(missing, np.nan, image) for image in (mean, spread))
    doubt = measured.spread * (SURE / np.sqrt(len(frames)))
    missing |= find_lone(mean, doubt) | find_lone(spread, doubt) | find_lines(mean)
    return Defects(
        missing=missing if missing.any() else None, rails=rails, clipped=clipped, level=_level(frames), steps=steps,
        spikes=have_spikes(frames, missing),
    )  # fmt: skip


def _cut_off(frames: Frames) -> float | None:
    """The highest number of an integer type, if more than a few pixels stand there."""
    if frames.dtype.kind not in "iu":
        return None
    top = np.iinfo(frames.dtype).max
    n_there = sum(int(np.count_nonzero(frame == top)) for frame in frames)
    return float(top) if n_there > AT_TOP * frames.size else None


def find_constant(measured: Survey, integer: bool) -> NDArray[np.bool_]:
    """Pixels that never change, where others are noisy enough that this cannot be chance.

    A Gaussian of standard deviation s stays on one whole number from one frame to the next with a chance of 0.28 / s.
    Frames free of noise repeat themselves wherever their content is flat: there a pixel that stays is no defect.
    """
    found = measured.constant
    if measured.n < LEAST_FRAMES or not 0 < found.mean() < MAX_MISSING:
        return np.zeros_like(found)
    spreads = measured.spread[~found & np.isfinite(measured.mean)]
    if not spreads.size:
        return np.zeros_like(found)
    quiet = float(np.quantile(spreads, 0.1))
    by_chance = min(0.28 / max(quiet, 0.28), 1.0) ** (measured.n - 1) if integer else 0.0
    by_chance = max(by_chance, measured.repeats ** (measured.n - 1))
    return found.copy() if found.mean() > SURELY * by_chance else np.zeros_like(found)


def find_rails(frames: Frames, missing: NDArray[np.bool_], noise: float) -> tuple[float | None, float | None]:
    """The lowest and the highest grey level, where far too many of the pixels stand there that are not `missing`.

    The lowest counts only if nothing else is near: a background cut off at zero is darkness, a border filled with
    zeros nothing.
    """
    levels, counts = _histogram(frames[:, ~missing] if missing.any() else frames)
    if len(levels) < FEW_LEVELS:
        return None, None
    low, top = None, None
    below, above = counts[-2 : -2 - NEXT_LEVELS : -1], counts[1 : 1 + NEXT_LEVELS]
    fading = min(below[0], below[0] ** 2 / below[1])
    if counts[-1] > MASS * below.max() + MASS_PX or (levels[-1] in TOPS and counts[-1] > RISE * fading + MASS_PX):
        top = float(levels[-1])
    if counts[0] > MASS * above.max() + MASS_PX:
        is_apart = levels[1] - levels[0] > GAP * noise
        low = float(levels[0]) if is_apart or _fills_corners(frames, levels[0], GAP * noise) else None
    if max(counts[0], counts[-1]) > MAX_MISSING * counts.sum():
        return None, None
    return low, top


def _fills_corners(frames: NDArray[Any], level: float, much: float) -> bool:
    """Whether a frame stands at `level` in a corner, and is brighter by `much` a few px beside: turned pictures are.

    Interpolation leaves a few grey levels between; where light fades out, there are more.
    """
    for plane in frames.reshape(-1, *frames.shape[-2:]):
        there = plane == level
        ends = slice(None, BESIDE_PX), slice(-BESIDE_PX, None)
        # a dead line ends in corners, what is dark fills one or two, noise that is cut off at 0 half of their pixels
        corners = sum(bool(there[rows, columns].all()) for rows, columns in product(ends, ends))
        if corners < TURNED_CORNERS or ndimage.minimum_filter(there, BESIDE_PX).sum() < 0.5 * there.sum():
            continue
        reach = ndimage.maximum_filter(there, 2 * BESIDE_PX - 1)
        beside = ndimage.maximum_filter(there, 2 * BESIDE_PX + 1) & ~reach
        if beside.any() and float(np.nanmedian(plane[beside])) - level > much:
            return True
    return False


def _is_drawn(frames: Frames, rail: float, mean: NDArray[np.float64]) -> bool:
    """Whether pixels at `rail` are letters and bars, beside which it is dark at once, and not clipped light."""
    often = (frames == rail).mean(axis=0)
    ground = float(np.nanmedian(mean))
    if rail == ground:
        return False
    heights, n_usual = [], int((often >= OFTEN).sum())
    for axis in (often.ndim - 2, often.ndim - 1):
        for one, other in ((slice(1, None), slice(None, -1)), (slice(None, -1), slice(1, None))):
            at, beside = ((slice(None),) * axis + (part,) for part in (one, other))
            edges = (often[at] >= OFTEN) & (often[beside] <= 0.1 * often[at])
            heights.append((mean[beside][edges] - ground) / (rail - ground))
    found = np.concatenate(heights)
    return len(found) > max(LEAST_EDGES, 0.2 * n_usual) and float(np.nanmedian(found)) < 0.5


def _histogram(values: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Grey levels that occur, and how often."""
    flat = values.ravel()
    if np.issubdtype(flat.dtype, np.integer):
        low, high = int(flat.min()), int(flat.max())
        if high - low < 1 << 20:
            counts = np.zeros(high - low + 1, np.int64)
            step = max(HISTOGRAM_PART_PX, len(counts))
            for part in (flat[start : start + step] for start in range(0, flat.size, step)):  # no copy of it all
                # 127 - -128 is none of int8
                off = part.astype(np.int64) - low if part.dtype.kind == "i" else part - part.dtype.type(low)
                counts += np.bincount(off.astype(np.int64, copy=False), minlength=len(counts))
            occupied = np.flatnonzero(counts)
            return occupied.astype(np.float64) + low, counts[occupied]
    some = flat[:: max(1, flat.size // HISTOGRAM_PX)]
    levels, counts = np.unique(some[np.isfinite(some)], return_counts=True)
    return levels.astype(np.float64), counts


def _noise_of(measured: Survey) -> float:
    changes = ~measured.constant & np.isfinite(measured.mean)
    spreads = measured.spread if changes.all() else measured.spread[changes]
    return float(_estimate_median(spreads)) if spreads.size else 0.0


def _noise_of_one(image: NDArray[Any]) -> float:
    """Standard deviation of the noise that the finest detail of one frame, ([z,] y, x), shows."""
    return float(np.sqrt(white_noise(image)))


def find_filled(image: NDArray[Any]) -> float | None:
    """The grey level with which the border of an image, ([z,] y, x), was filled; None where nothing was filled in."""
    if min(image.shape[-2:]) < LEAST_SIDE_PX or not np.isfinite(image).any():
        return None
    return find_rails(image[None], np.zeros(image.shape, bool), _noise_of_one(image))[0]


def find_lone(image: NDArray[np.floating], doubt: NDArray[np.float64] | float = 0.0) -> NDArray[np.bool_]:
    """Single pixels far outside the range of their neighbours, by more than `doubt`, in an image, ([z,] y, x).

    NaN are no neighbours.

    A few are always the camera's. Where there are many the image must hold structure besides them: else they are what
    there is to see.
    """
    known = np.isfinite(image)
    found = np.zeros(image.shape, bool)
    if not known.any() or min(image.shape[-2:]) < 5:
        return found
    # as few copies as can be: touching fresh memory takes longer than what is done with it
    filled = image if known.all() else np.where(known, image, np.median(image[known]))
    planes = filled.astype(np.float64, copy=False).reshape(-1, *image.shape[-2:])
    excess = median_around(planes)
    np.subtract(planes, excess, out=excess)
    np.abs(excess, out=excess)
    found = excess > DEVIATIONS * 1.4826 * _estimate_median(excess)
    found &= known.reshape(planes.shape)
    found[found] = excess[found] > np.broadcast_to(doubt, image.shape).reshape(planes.shape)[found]
    suspects = np.argwhere(found)
    found[found] = excess[found] > RANGES * _neighbour_range(planes, suspects)
    share = found.mean()
    is_all_there_is = share > MAX_SHARE
    if CERTAIN_SHARE < share <= MAX_SHARE:
        is_all_there_is = not _has_structure(np.where(found, median_around(planes), planes))
    if is_all_there_is:
        found[:] = False
    return found.reshape(image.shape)


def _estimate_median(values: NDArray[np.float64]) -> np.float64:
    """Median; of very many values of some of them, at an odd distance, for which no columns are those of others."""
    flat = values.reshape(-1)
    return np.float64(np.median(flat[:: flat.size // MEDIAN_PX | 1]))


def _has_structure(planes: NDArray[np.float64]) -> bool:
    """Whether more than white noise is left."""
    noise = white_noise(planes)
    # the noise is known from a 25th of the pixels
    return float(planes.var()) - noise > 3 * np.sqrt(2 * 25 / planes.size) * noise


def _neighbour_range(planes: NDArray[np.float64], positions: NDArray[np.intp]) -> NDArray[np.float64]:
    """Range of the 24 neighbours within the plane, but for the three lowest and highest, at each of `positions`."""
    steps = np.array([step for step in product((-2, -1, 0, 1, 2), repeat=2) if any(step)])
    near = np.abs(positions[:, None, 1:] + steps)
    last = np.array(planes.shape[1:]) - 1
    near = last - np.abs(last - near)
    values = np.sort(planes[positions[:, :1], near[..., 0], near[..., 1]], axis=1)
    spread: NDArray[np.float64] = values[:, -4] - values[:, 3]
    return spread


def _level(frames: Frames) -> int:
    """What to take off numbers so large beside their differences that float32 rounds those; 0 for all others."""
    whole = np.issubdtype(frames.dtype, np.integer)
    if frames.dtype.itemsize < (4 if whole else 8):
        return 0
    if whole:
        low, high = int(frames.min()), int(frames.max())
        return (low + high) // 2 if max(abs(low), abs(high)) > EXACT else 0
    known = np.isfinite(frames)
    if not known.any():
        return 0
    least = float(frames.min(where=known, initial=np.inf))
    most = float(frames.max(where=known, initial=-np.inf))
    is_far = np.finfo(np.float32).eps * max(abs(least), abs(most)) > ROUNDED * (most - least)
    return round((least + most) / 2) if is_far else 0
