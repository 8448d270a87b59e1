"""How much of a frame is the reference itself: the share of pixels that lie on it, far within the noise.

Correlations of a few px stand no higher than chance would have it, however exactly they agree. Of a picture of 12 px
whose last row was replaced the other eleven agree to the last grey level, which nothing else does.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Device, DirectSums, FloatArray, Frames
from holdstill.methods.likelihood.gauss_newton import Level
from holdstill.methods.likelihood.warp_newton import WarpFit, refine_warps

__all__ = ["FEW_PX", "find_same", "fit_same", "is_same", "settle_share"]

# of frames with more px along an axis correlations tell enough
FEW_PX = 96

# a pixel counts half if it is off by two thirds of this share of the noise; one in five of what is noise alone would
NEAR = 0.4
CUTOFF, STEPS = 6.0, 4
# what is not the same holds the cutoff wide; see `tightening`
TIGHTER = 25.0
# a frame that shows so little of its reference is not explained by it, nor one of which so little is the same
LEAST_SEEN, SAME = 0.5, 0.75


def settle_share(device: Device, level: Level, frames: Frames, fit: WarpFit) -> FloatArray:
    """The same as `measure_share`, after a few more steps, which change the `fit`."""
    refine_warps(device, level, frames, fit, cutoff=CUTOFF, max_iterations=STEPS, accuracy=0.0)
    return measure_share(device, level, frames, fit)


def measure_share(device: Device, level: Level, frames: Frames, fit: WarpFit) -> FloatArray:
    """Share of what frames, (n, y, x), show of a reference that is the same where a `fit` puts them, (n,).

    Of the pixels, and of what they tell. `level` is of the reference as it is. Zero where little of it is in view, and
    where nothing could be fitted.
    """
    near, all_of_it = (_sum(device, level, frames, fit, cutoff) for cutoff in (NEAR, 1e15))
    seen: NDArray[np.bool_] = all_of_it.count > LEAST_SEEN * level.spline.mask.sum()
    told, possible = (np.einsum("nii->ni", sums.normal)[:, :-2] for sums in (near, all_of_it))
    shares = np.minimum(near.count / np.maximum(all_of_it.count, 1.0), _divide(told.sum(axis=1), possible.sum(axis=1)))
    return np.where(seen & np.isfinite(fit.chi_square), shares, 0.0)


def _sum(device: Device, level: Level, frames: Frames, fit: WarpFit, cutoff: float) -> DirectSums:
    at = np.full(len(fit.gains), cutoff)
    return device.warp_sums(frames, level.spline, fit.motion.kind, fit.warps, fit.gains, fit.offsets, level.noise, at)


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
    device: Device, level: Level, frames: Frames, fit: WarpFit, *starts: WarpFit, max_iterations: int, accuracy: float
) -> NDArray[np.intp]:
    """Fit frames that are the same picture as the reference as it is, at `level`, to that, in place; which they are.

    From where the `fit` ended, and from where it began, if `starts` tell: steps may lead away from the very place.
    """
    best = measure_share(device, level, frames, fit)
    same = np.zeros(len(best), bool)
    for one in (fit, *starts):
        closer = one.rows(np.arange(len(best)))
        closer.chi_square /= TIGHTER
        closer.widening[:] = 1.0
        refine_warps(device, level, frames, closer, cutoff=CUTOFF, max_iterations=max_iterations, accuracy=accuracy)
        shares = measure_share(device, level, frames, closer)
        rows = np.flatnonzero((shares > SAME) & ((shares >= best) if one is fit else (shares > best)))
        fit.replace_rows(rows, closer.rows(rows))
        best[rows], same[rows] = shares[rows], True
    return np.flatnonzero(same)
