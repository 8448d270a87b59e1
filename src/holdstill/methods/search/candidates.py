"""The best few places of each frame, each improved as far as the only one would be, and how likely they are."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Candidates, Device, FloatArray
from holdstill.methods.likelihood.gauss_newton import Fit, Level, compare, refine
from holdstill.methods.search.pyramid import Pyramid
from holdstill.methods.search.start import Start, list_places

__all__ = ["find_candidates"]

# so many peaks are followed, and so many of the places where they end are kept
SOUGHT, KEPT = 6, 4
COARSE_STEPS, STEPS, ACCURACY = 6, 3, 0.2
MAX_SCORE = 1 - 1e-6


def find_candidates(
    start: Start, levels: Sequence[Level], mean: float, pyramid: Pyramid, cutoff: float, device: Device,
    max_shift: FloatArray,
) -> Candidates:  # fmt: skip
    """Places of frames, numbered from 0; shifts in px.

    How likely a place is, over a frame that shows something else: ``-n / 2 log(1 - r^2)`` for correlation r in an
    overlap of n pixels, what lies outside of it being as likely either way. Residuals that noise does not explain are
    not independent: it is divided by the chi square of the best place, where that is above one.

    Parameters
    ----------
    start : Start
    levels : sequence of Level
        From coarse to fine.
    mean : float
        What was subtracted from the reference.
    pyramid : sequence of (factors, ndarray)
        The frames at these levels.
    cutoff : float
        Of the robust weights, see `refine`.
    device : Device
    max_shift : ndarray of float64, (ndim,)
        Places beyond it are left out, px.
    """
    places = list_places(start, np.asarray(pyramid[0][1]), SOUGHT, device) * np.array(levels[0].factors, np.float64)
    fits = [_improve(shifts, levels, mean, pyramid, cutoff, device) for shifts in np.moveaxis(places, 1, 0)]
    scores = np.stack(compare(device, levels[-1], pyramid[-1][1], fits, cutoff), axis=1)
    shifts = np.stack([fit.shifts for fit in fits], axis=1)
    chi_square = np.stack([fit.chi_square for fit in fits], axis=1)
    shape = np.array(pyramid[-1][1].shape[1:])
    pixels = np.prod(np.maximum(shape - np.abs(shifts), 0), axis=2)
    with np.errstate(invalid="ignore"):
        fitting = np.clip(np.where(scores > 0, scores, 0.0), 0, MAX_SCORE)
        evidence = -0.5 * pixels * np.log1p(-(fitting**2))
        usable = np.isfinite(evidence) & np.isfinite(shifts).all(axis=2) & (np.abs(shifts) <= max_shift).all(axis=2)
    evidence = np.where(usable, evidence, -np.inf)
    best = np.take_along_axis(chi_square, evidence.argmax(axis=1)[:, None], axis=1)
    with np.errstate(invalid="ignore"):
        evidence /= np.where(np.isfinite(best), np.maximum(best, 1.0), 1.0)
    choose = partial(_choose_apart, apart=np.array(levels[0].factors, float))
    rows = [choose(where, how) for where, how in zip(shifts, evidence, strict=True)]
    frames = np.repeat(np.arange(len(rows)), [len(row) for row in rows]).astype(np.int64)
    chosen = np.concatenate([*rows, np.zeros(0, np.intp)]).astype(np.intp)
    return Candidates(
        frames=frames, parameters=shifts[frames, chosen], scores=scores[frames, chosen],
        evidence=evidence[frames, chosen],
    )  # fmt: skip


def _improve(
    shifts: FloatArray, levels: Sequence[Level], mean: float, pyramid: Pyramid, cutoff: float, device: Device
) -> Fit:
    """From one place of each frame, (n, ndim) px, to the maximum of the likelihood beside it."""
    fit = Fit.start(shifts)
    fit.offsets[:] = mean
    for number, (level, (_, pixels)) in enumerate(zip(levels, pyramid, strict=True)):
        most = STEPS if number else COARSE_STEPS
        refine(device, level, pixels, fit, cutoff=cutoff, max_iterations=most, accuracy=ACCURACY)
    return fit


def _choose_apart(shifts: FloatArray, evidence: FloatArray, apart: FloatArray) -> NDArray[np.intp]:
    """Numbers of a frame's best places, the best first; those that ended within `apart` px of a better one are it."""
    chosen: list[int] = []
    for k in np.argsort(-evidence, kind="stable"):
        is_new = all((np.abs(shifts[k] - shifts[other]) > apart).any() for other in chosen)
        if np.isfinite(evidence[k]) and is_new and len(chosen) < KEPT:
            chosen.append(int(k))
    return np.array(chosen, np.intp)
