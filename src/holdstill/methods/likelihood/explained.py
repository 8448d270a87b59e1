"""How much of a frame is the reference itself: the share of pixels that lie on it, far within the noise.

Correlations of a few px stand no higher than chance would have it, however exactly they agree. Of a picture of 12 px
whose last row was replaced the other eleven agree to the last grey level, which nothing else does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Device, DirectSums, FloatArray, Frames
from holdstill.methods.likelihood.gauss_newton import Fit, Level, refine
from holdstill.methods.likelihood.tightening import begin_tighter
from holdstill.methods.likelihood.warp_newton import WarpFit, refine_warps
from holdstill.methods.likelihood.whole_pixels import match_light

__all__ = ["FEW_PX", "MOSTLY_SEEN", "find_same", "fit_same", "fit_same_shifts", "is_same", "settle_share"]

AnyFit = TypeVar("AnyFit", Fit, WarpFit)

# of frames with more px along an axis correlations tell enough
FEW_PX = 96

# a pixel counts half if it is off by two thirds of this share of the noise; one in five of what is noise alone would
NEAR = 0.4
CUTOFF, STEPS = 6.0, 4
# what is not the same holds the cutoff wide, see `tightening`; beside slopes far above the noise, once is not enough
ROUNDS = 3
# residuals that noise explains need no second look, nor shares that it makes, nor a frame that lies on the reference
DOUBTFUL, OF_NOISE, ALL = 1.4, 0.35, 0.99
# in frames whose gain is fewer standard deviations the reference hardly shows
SHOWN_Z = 12.0
# and of fewer px the noise is no more than a guess
TOLD_PX = 20**2
# so near to whole pixels no interpolant is biased by more than 0.002 px
WHOLE_PX = 0.01
# a frame that shows so little of its reference is not explained by it, nor one of which so little is the same
LEAST_SEEN, SAME, MOSTLY_SAME = 0.5, 0.75, 0.9
# two masks of 8 px that have nothing in common agree somewhere on half of it
MOSTLY_SEEN = 0.75


def settle_share(device: Device, level: Level, frames: Frames, fit: WarpFit) -> FloatArray:
    """The same as `measure_share`, after a few more steps, which change the `fit`."""
    _refine(device, level, frames, fit, max_iterations=STEPS, accuracy=0.0)
    return measure_share(device, level, frames, fit)


def measure_share(device: Device, level: Level, frames: Frames, fit: AnyFit) -> FloatArray:
    """Share of what frames, (n, y, x), show of a reference that is the same where a `fit` puts them, (n,).

    Of the pixels, and of what they tell. `level` is of the reference as it is. Zero where little of it is in view, and
    where nothing could be fitted.
    """
    shares, _ = _measure_shares(device, level, frames, fit)
    return shares


def _measure_shares(device: Device, level: Level, frames: Frames, fit: AnyFit) -> tuple[FloatArray, FloatArray]:
    """The share that `measure_share` gives, and how much of the reference is in view, both (n,)."""
    near, all_of_it = (_sum(device, level, frames, fit, cutoff) for cutoff in (NEAR, 1e15))
    seen = all_of_it.count / max(float(level.spline.mask.sum()), 1.0)
    told, possible = (np.einsum("nii->ni", sums.normal)[:, :-2] for sums in (near, all_of_it))
    shares = np.minimum(near.count / np.maximum(all_of_it.count, 1.0), _divide(told.sum(axis=1), possible.sum(axis=1)))
    return np.where((seen > LEAST_SEEN) & np.isfinite(fit.chi_square), shares, 0.0), seen


def _sum(device: Device, level: Level, frames: Frames, fit: AnyFit, cutoff: float) -> DirectSums:
    at = np.full(len(fit.gains), cutoff)
    if isinstance(fit, Fit):
        return device.direct_sums(frames, level.spline, fit.shifts, fit.gains, fit.offsets, level.noise, at)
    return device.warp_sums(frames, level.spline, fit.motion.kind, fit.warps, fit.gains, fit.offsets, level.noise, at)


def _refine(device: Device, level: Level, frames: Frames, fit: AnyFit, *, max_iterations: int, accuracy: float) -> None:
    if isinstance(fit, Fit):
        refine(device, level, frames, fit, cutoff=CUTOFF, max_iterations=max_iterations, accuracy=accuracy)
    else:
        refine_warps(device, level, frames, fit, cutoff=CUTOFF, max_iterations=max_iterations, accuracy=accuracy)


def _divide(one: FloatArray, other: FloatArray) -> FloatArray:
    return np.where(other > 0, one / np.where(other > 0, other, 1.0), 0.0)


def is_same(share: float) -> bool:
    """Whether so much of what a frame shows is the reference that it is the same picture."""
    return bool(share > SAME)


def find_same(
    device: Device, level: Level | None, frames: Frames, fit: WarpFit, rows: NDArray[np.intp]
) -> NDArray[np.bool_]:
    """Which of some frames are the same picture as the reference, `level`, None where that is not asked, (rows,)."""
    if level is None:
        return np.zeros(len(rows), bool)
    return np.asarray(settle_share(device, level, np.asarray(frames)[rows], fit.rows(rows)) > SAME)


def fit_same(
    device: Device,
    level: Level,
    frames: Frames,
    fit: AnyFit,
    *starts: AnyFit,
    places: Sequence[AnyFit] = (),
    max_iterations: int,
    accuracy: float,
) -> NDArray[np.intp]:
    """Fit frames that are the same picture as the reference as it is, at `level`, to that, in place; which they are.

    From where the `fit` ended, and from where it began, if `starts` tell: steps may lead away from the very place. From
    other `places` only where frames lie there already: a row that was replaced leads the first step away.
    """
    share, seen = _measure_shares(device, level, frames, fit)
    # half of a mask that lies in full on half of the reference is less than all of it but for a row
    best, same = share * seen, np.zeros(len(share), bool)
    for there in places:
        there.chi_square[:] = 0.0
        share, seen = _measure_shares(device, level, frames, there)
        rows = np.flatnonzero((share * seen > best) & (share > SAME))
        rows = rows[share[rows] > [_but_a_row(frame) for frame in np.asarray(frames[rows])]]
        if len(rows):
            fit.replace_rows(rows, _stay(device, level, frames[rows], there.rows(rows)))
            best[rows], same[rows] = (share * seen)[rows], True
    for place in range(1 + len(starts)):
        closer = (starts[place - 1] if place else fit).rows(np.arange(len(best)))
        for number in range(ROUNDS):
            begin_tighter(closer)
            _refine(device, level, frames, closer, max_iterations=max_iterations, accuracy=accuracy)
            share, seen = _measure_shares(device, level, frames, closer)
            is_better = (share * seen >= best) if place == number == 0 else (share * seen > best)
            rows = np.flatnonzero((share > SAME) & is_better)
            fit.replace_rows(rows, closer.rows(rows))
            best[rows], same[rows] = (share * seen)[rows], True
    return np.flatnonzero(same)


def _but_a_row(frame: NDArray[np.generic]) -> float:
    """The share of a frame that is left where a row and a pixel were replaced; of masks some agree on that by chance.

    Of 72 pairs of unrelated masks of 6 px three did.
    """
    left = 1 - 1 / min(frame.shape) - 1.5 / frame.size
    return min(left, MOSTLY_SAME) if len(np.unique(frame)) > 2 else MOSTLY_SAME


def _stay(device: Device, level: Level, frames: Frames, fit: AnyFit) -> AnyFit:
    """A fit that stays where it is, with gain, offset and error bars by what lies on the reference there."""
    place = (fit.shifts if isinstance(fit, Fit) else fit.warps).copy()
    _refine(device, level, frames, fit, max_iterations=1, accuracy=0.0)
    (fit.shifts if isinstance(fit, Fit) else fit.warps)[:] = place
    return fit


def fit_same_shifts(
    device: Device, level: Level, frames: Frames, fit: Fit, start: Fit, *, max_iterations: int, accuracy: float
) -> NDArray[np.intp]:
    """As `fit_same`, of shifts; which frames lie on the reference then, at whole pixels, where nothing is interpolated.

    Frames are fitted that may be the same picture, and do not lie on it yet: they hardly show the reference where they
    are, or their residuals are more than noise, or more of them are far less than it than of noise alone, as noise
    guessed from a picture of few px may be too much. At the nearest whole pixels, and where nothing moved, it is looked
    whether they lie on it as they are: of a few px a row that was replaced leads any search away.
    """
    if max(frames.shape[1:]) > FEW_PX:
        return np.arange(0)
    shares, seen = _measure_shares(device, level, frames, fit)
    doubtful = (fit.chi_square > DOUBTFUL) | (shares > OF_NOISE) | (fit.gain_z < SHOWN_Z)
    doubtful |= level.spline.mask.size < TOLD_PX
    doubtful &= (shares < ALL) | (seen < MOSTLY_SEEN)
    rows = np.flatnonzero(doubtful & np.isfinite(fit.chi_square))
    if len(rows):
        closer, near, rest = fit.rows(rows), start.rows(rows), start.rows(rows)
        near.shifts[:], rest.shifts[:] = np.rint(closer.shifts), 0.0
        chosen = frames if len(rows) == len(frames) else frames[rows]
        near.gains[:], near.offsets[:] = match_light(level.spline, np.asarray(chosen), near.shifts)
        rest.gains[:], rest.offsets[:] = near.gains, near.offsets
        if (moved := np.flatnonzero(near.shifts.any(axis=1))).size:
            light = match_light(level.spline, np.asarray(chosen)[moved], rest.shifts[moved])
            rest.gains[moved], rest.offsets[moved] = light
        same = fit_same(
            device, level, chosen, closer, start.rows(rows), places=(near, rest), max_iterations=max_iterations,
            accuracy=accuracy,
        )  # fmt: skip
        same = same[np.prod(1 - np.abs(closer.shifts[same]) / frames.shape[1:], axis=1) > MOSTLY_SEEN]
        fit.replace_rows(rows[same], closer.rows(same))
        shares[rows[same]] = 1.0
    return np.flatnonzero((shares > SAME) & (np.abs(fit.shifts - np.rint(fit.shifts)) < WHOLE_PX).all(axis=1))
