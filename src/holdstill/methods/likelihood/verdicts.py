"""What becomes of a frame: the first reason against it that applies."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import FloatArray, Verdict
from holdstill.errors import InputError

__all__ = ["SEARCHED", "Fitted", "Limits", "hide_empty", "make_limits", "verdicts"]

SEARCHED = 0.45
LOW_CONTRAST_PX = 0.5
MIN_OVERLAP = 0.25
MIN_GAIN_Z = 7.0
MIN_PEAK_Z = 5.0
# the best of ten thousand places is 4 standard deviations above chance
MIN_SCORE_Z = 6.0
MAX_CHI_SQUARE = 1.4
# Of frames of fewer px a smooth reference lies on anything smooth, and what does not is taken for noise: of 164 pairs
# of unrelated pictures of 12 px one to two were ok, with gains of up to so many standard deviations.
FEW_PX, SURE_GAIN_Z = 20**2, 12.0
MAX_SATURATED = 0.05
# an average of frames that stand at the top stands so near it, as a share of its range
NEAR_TOP = 0.03


class Fitted(Protocol):
    """What a fit must tell of n frames; see `holdstill.methods.likelihood.gauss_newton.Fit`."""

    gain_z: FloatArray
    chi_square: FloatArray

    @property
    def shifts(self) -> FloatArray:
        """Shift of the frame's centre, (n, ndim) px."""


class Limits:
    """What verdicts need to know of the reference.

    Attributes
    ----------
    shape : tuple of int
    max_shift : ndarray of float64, (ndim,)
    saturated : float
        Share of the reference that stands at the top of its range.
    """

    def __init__(self, shape: tuple[int, ...], max_shift: FloatArray, saturated: float) -> None:
        self.shape, self.max_shift, self.saturated = shape, max_shift, saturated


def make_limits(image: NDArray[Any], max_shift: float | tuple[float, ...] | None) -> Limits:
    """Limits for a reference image. Raises InputError for a `max_shift` that does not fit its axes.

    Warns where none is as large as a pixel: then it is a share of the frame that was meant.
    """
    shape = image.shape
    if max_shift is None:
        return Limits(shape, np.array(shape) * SEARCHED, _top_share(image))
    try:
        limits = np.asarray(max_shift, np.float64)
    except (TypeError, ValueError):  # text with a unit, which what registers files makes px of
        limits = np.full(1, np.nan)
    is_number = not isinstance(max_shift, bool | np.bool_) and (limits >= 0).all()
    if limits.ndim > 1 or (limits.ndim == 1 and len(limits) != len(shape)) or not is_number:
        axes = "(z, y, x)" if len(shape) == 3 else "(y, x)"
        raise InputError(f"max_shift must be one number >= 0 or one for each of {axes}, not {max_shift!r}")
    largest = np.broadcast_to(limits, (len(shape),)).copy()
    if 0 < largest.max() < 1:
        warnings.warn(
            f"max_shift={max_shift!r} is in px, so that frames may move by less than one; for a share of the frame, as "
            f"suite2p's maxregshift, give {float(largest.max()) * max(shape):.0f}",
            stacklevel=2,
        )
    return Limits(shape, largest, _top_share(image))


def verdicts(
    limits: Limits,
    fit: Fitted,
    errors: FloatArray,
    peak_z: FloatArray,
    binned: NDArray[np.float32],
    dtype: np.dtype[Any],
    overlap: FloatArray | None = None,
    ambiguous: NDArray[np.bool_] | None = None,
    mismatched: NDArray[np.bool_] | None = None,
    agreement: Callable[[NDArray[np.intp]], FloatArray] | None = None,
    same: Callable[[NDArray[np.intp]], NDArray[np.bool_]] | None = None,
) -> tuple[Verdict, ...]:
    """For each frame the first reason that applies.

    Parameters
    ----------
    limits : Limits
    fit : Fitted
    errors : ndarray, (n, k)
        Of shifts or of corners, px.
    peak_z : ndarray, (n,)
        By how many standard deviations the peak of the search stood out.
    binned : ndarray of float32, (n, ...)
        The frames, perhaps binned.
    dtype : dtype
        Of the frames.
    overlap : ndarray, (n,), optional
        Share of the reference in view; default: as the shifts leave it.
    ambiguous : ndarray of bool, (n,), optional
        Another place agrees as well.
    mismatched : ndarray of bool, (n,), optional
        Parts of the frame show something else.
    agreement : callable, optional
        By how many standard deviations some of the frames agree with the reference where they were put, given their
        numbers; asked only for peaks that do not stand out.
    same : callable, optional
        Which of some frames are the reference itself, pixel by pixel, given their numbers; asked only of mismatches.
    """
    flat, shifts = binned.reshape(len(binned), -1), fit.shifts
    with np.errstate(invalid="ignore"):
        low, high = np.fmin.reduce(flat, axis=1), np.fmax.reduce(flat, axis=1)
        if overlap is None:
            overlap = np.prod(np.maximum(1 - np.abs(shifts) / np.array(limits.shape), 0), axis=1)
        lost = (fit.gain_z < MIN_GAIN_Z) | ~np.isfinite(errors).all(axis=1)
        # a peak among others, and pixels that the noise does not explain: some other place that looks alike
        explained = fit.chi_square < MAX_CHI_SQUARE
        if agreement is not None and math.prod(limits.shape) < FEW_PX:
            explained = explained & (fit.gain_z > SURE_GAIN_Z)
        doubtful = (peak_z < MIN_PEAK_Z) & ~explained
        if agreement is not None and doubtful.any():
            doubtful[doubtful] = ~(agreement(np.flatnonzero(doubtful)) > MIN_SCORE_Z)
        unlike = doubtful if mismatched is None else doubtful | mismatched
        if same is not None and unlike.any():
            unlike[unlike] = ~same(np.flatnonzero(unlike))
        reasons = {
            Verdict.SATURATED: _find_saturated(flat, high, dtype, limits.saturated),
            Verdict.BLANK: ~(high > low) | lost,
            Verdict.AMBIGUOUS: np.zeros(len(binned), bool) if ambiguous is None else ambiguous,
            Verdict.MISMATCH: unlike,
            Verdict.OUT_OF_RANGE: (np.abs(shifts) > limits.max_shift).any(axis=1) | (overlap < MIN_OVERLAP),
            Verdict.LOW_CONTRAST: (errors > LOW_CONTRAST_PX).any(axis=1),
        }
    return tuple(
        next((verdict for verdict, applies in reasons.items() if applies[n]), Verdict.OK) for n in range(len(binned))
    )


def hide_empty(parameters: FloatArray, frames: NDArray[np.float32]) -> FloatArray:
    """Parameters (n, n_params), NaN for the frames (n, ...) in which nothing is to be seen: no place is a guess."""
    flat = frames.reshape(len(frames), -1)
    with np.errstate(invalid="ignore"):
        some = np.fmax.reduce(flat, axis=1) > np.fmin.reduce(flat, axis=1)
    return np.where(some[:, None], parameters, np.nan)


def _top_share(image: NDArray[Any]) -> float:
    """Share of an image that stands at the top of its own range, or near it as an average of such frames does."""
    if not np.isfinite(image).any():
        return 0.0
    with np.errstate(invalid="ignore"):
        low, high = np.fmin.reduce(image, axis=None), np.fmax.reduce(image, axis=None)
        return float((image >= high - NEAR_TOP * (high - low)).mean()) if high > low else 0.0


def _find_saturated(
    flat: NDArray[np.float32], high: NDArray[np.float32], dtype: np.dtype[Any], usual: float
) -> NDArray[np.bool_]:
    """Frames of which more stands at the top of the integer range than `MAX_SATURATED`, and than in the reference."""
    found = np.zeros(len(flat), bool)
    if np.issubdtype(dtype, np.integer):
        top = np.iinfo(dtype).max
        for n in np.flatnonzero(high >= top - 0.5):
            found[n] = (flat[n] >= top - 0.5).mean() > MAX_SATURATED + usual
    return found
