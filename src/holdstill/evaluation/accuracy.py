"""How far estimates are from the truth, in px and in units of what the photons allow.

Everywhere, `estimates` and `truth` are shifts (T, ndim), px, and `bounds` or `errors` standard deviations of the same
shape. Rows where `truth` or `bounds` is not finite (blank frames) are left out; an estimate that is not finite is a
failure, and makes every mean NaN unless its row is left out with `keep`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from holdstill.errors import InputError

__all__ = ["failure_rate", "ratio_to_bound", "residuals", "rmse", "z_score_std"]

FloatArray = NDArray[np.float64]
Keep = NDArray[np.bool_] | None


def residuals(
    estimates: FloatArray,
    truth: FloatArray,
    *,
    bounds: FloatArray | None = None,
    free_origin: bool = False,
    keep: Keep = None,
) -> FloatArray:
    """Estimate minus truth of the frames that count.

    Parameters
    ----------
    estimates, truth : ndarray of float64, (T, ndim)
        Shifts, px.
    bounds : ndarray of float64, (T, ndim), optional
        Standard deviations, px, that weight the frames when the origin is free.
    free_origin : bool
        Remove one constant offset per axis, the mean of the residuals weighted by ``1 / bounds**2``: a reference that
        was learned from the movie has an arbitrary origin.
    keep : ndarray of bool, (T,), optional
        True for frames that count.

    Returns
    -------
    ndarray of float64, (n_kept, ndim)
        Residuals, px.
    """
    rows = _rows(estimates, truth, bounds, keep)
    difference: FloatArray = estimates[rows] - truth[rows]
    if free_origin:
        weights = None if bounds is None else 1.0 / bounds[rows] ** 2
        difference = difference - np.average(difference, axis=0, weights=weights)
    return difference


def rmse(estimates: FloatArray, truth: FloatArray, *, free_origin: bool = False, keep: Keep = None) -> float:
    """Root mean square error per axis, px: ``sqrt(mean((estimates - truth)**2))`` over frames and axes."""
    return _root_mean_square(residuals(estimates, truth, free_origin=free_origin, keep=keep))


def ratio_to_bound(
    estimates: FloatArray, truth: FloatArray, bounds: FloatArray, *, free_origin: bool = False, keep: Keep = None
) -> float:
    """Error in units of the bound: ``sqrt(mean(((estimates - truth) / bounds)**2))`` over frames and axes.

    1 is the best that an unbiased estimator can do; from n numbers, the ratio itself is known to ``1 / sqrt(2 n)``.
    """
    return _root_mean_square(_scores(estimates, truth, bounds, free_origin, keep))


def z_score_std(
    estimates: FloatArray, truth: FloatArray, errors: FloatArray, *, free_origin: bool = False, keep: Keep = None
) -> float:
    """Spread of ``(estimates - truth) / errors``: standard deviation about the mean, 1 if the errors are calibrated."""
    return float(np.std(_scores(estimates, truth, errors, free_origin, keep)))


def failure_rate(
    estimates: FloatArray,
    truth: FloatArray,
    *,
    threshold_px: float = 1.0,
    free_origin: bool = False,
    keep: Keep = None,
) -> float:
    """Fraction of frames whose estimate is further than `threshold_px` from the truth, or is not finite.

    A free origin is the median of the finite residuals here, which failures do not move.
    """
    difference = residuals(estimates, truth, keep=keep)
    if free_origin and np.isfinite(difference).any():
        difference = difference - np.nanmedian(difference, axis=0)
    distance = np.linalg.norm(difference, axis=1)
    return float(np.mean(~(distance <= threshold_px)))


def _scores(estimates: FloatArray, truth: FloatArray, bounds: FloatArray, free_origin: bool, keep: Keep) -> FloatArray:
    difference = residuals(estimates, truth, bounds=bounds, free_origin=free_origin, keep=keep)
    scores: FloatArray = difference / bounds[_rows(estimates, truth, bounds, keep)]
    return scores


def _rows(estimates: FloatArray, truth: FloatArray, bounds: FloatArray | None, keep: Keep) -> NDArray[np.bool_]:
    if estimates.shape != truth.shape or (bounds is not None and bounds.shape != truth.shape):
        shapes = [estimates.shape, truth.shape] + ([] if bounds is None else [bounds.shape])
        raise InputError(f"shapes differ: {shapes}; give (n_frames, ndim) for all")
    rows: NDArray[np.bool_] = np.asarray(np.isfinite(truth).all(axis=1))
    if bounds is not None:
        rows = rows & np.isfinite(bounds).all(axis=1)
    if keep is not None:
        rows = rows & keep
    if not rows.any():
        raise InputError("no frame is left to judge: truth, bounds and keep leave out all of them")
    return rows


def _root_mean_square(values: FloatArray) -> float:
    return float(np.sqrt(np.mean(values**2)))
