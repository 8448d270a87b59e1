"""Which of two answers to how frames moved is believed: the surer one where they agree, else the one voted for."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Device, FloatArray
from holdstill.reference.contrast import Contrast
from holdstill.reference.vote import count_votes
from holdstill.transforms.trajectory import Trajectory

__all__ = ["FEW", "LEAST_FRAMES", "SURER", "Answer", "lags_behind", "lie_apart", "prefer", "stands_still"]

Images = NDArray[np.float32]

LEAST_FRAMES = 8
# Two views agree if less than so many frames lie further apart than a px and three standard deviations.
FEW, APART_PX, APART_SIGMAS = 0.05, 1.0, 3.0
# Flattened frames of clean movies have error bars 1.3 times as large: a view that agrees must be much surer.
SURER, MORE = 0.75, 0.1
# Where rows are uneven, what a row shares is not in the error bars of frames as they are: they were off by 2.3 bars.
LEVELLED = 1.1
# A view is taken for the frames that only it explains if it explains nearly all.
NEARLY_ALL = 0.9
# Votes decide by so many standard errors; else the view whose error bars are half as large; else, where so many frames
# lie apart, nobody.
SURELY, MUCH_SURER, MANY = 3.0, 0.5, 0.25
# A share of the motion is missing if it is so many of its own standard errors, and so much of an error bar on average.
LAGS_SIGMAS, LAGS_ERRORS = 4.0, 0.5


@dataclass(frozen=True, eq=False)
class Answer:
    """What one view found: which frames, their motion in binned px, and a typical error bar, px."""

    contrast: Contrast | None
    rows: NDArray[np.intp]
    trajectory: Trajectory
    error: float
    widening: float | None = None


def prefer(rival: Answer, best: Answer, frames: Images, noise: float, device: Device) -> bool | None:
    """Whether a rival is to be preferred; None if one of them is wrong in many frames and nothing tells which."""
    both = np.intersect1d(rival.rows, best.rows)
    if len(both) < LEAST_FRAMES:
        votes = count_votes(frames[rival.rows], rival.trajectory, noise, device).sum(axis=1)
        return len(rival.rows) > max(len(best.rows), NEARLY_ALL * len(frames)) and _count_sigmas(votes) > SURELY
    if best.contrast is None and lags_behind(best, rival):
        return True
    apart = lie_apart(rival, best)
    levels = best.contrast is None and _only_levels(rival.contrast)
    surer = rival.error < (LEVELLED if levels else SURER) * best.error
    if apart.mean() <= FEW:
        more = len(rival.rows) - len(best.rows)
        if abs(more) > MORE * len(frames):
            return more > 0 and len(rival.rows) > NEARLY_ALL * len(frames)
        return surer
    gain = np.zeros(len(frames))
    for one, sign in ((rival, 1), (best, -1)):
        gain[one.rows] += sign * count_votes(frames[one.rows], one.trajectory, noise, device).sum(axis=1)
    telling = np.setxor1d(rival.rows, best.rows).tolist() + both[apart].tolist()
    surely = _count_sigmas(gain[telling], by_chance=gain[both[~apart]])
    if abs(surely) > SURELY:
        return surely > 0
    if max(rival.error, best.error) * MUCH_SURER > min(rival.error, best.error):
        return rival.error < best.error
    # a few frames that uneven rows carried away are too few for votes to tell
    return None if apart.mean() > MANY else levels and surer


def lie_apart(rival: Answer, best: Answer) -> NDArray[np.bool_]:
    """Which of the frames that both found lie apart, the common part of their motion taken off."""
    both = np.intersect1d(rival.rows, best.rows)
    if not len(both):
        return np.zeros(1, bool)
    mine, other = (one.trajectory.part(np.isin(one.rows, both)) for one in (rival, best))
    apart = _place_corners(mine) - _place_corners(other)
    apart = np.abs(apart - np.median(apart, axis=0)).max(axis=(1, 2))
    return np.asarray(apart > max(APART_PX, APART_SIGMAS * float(np.hypot(rival.error, best.error))), bool)


def _only_levels(contrast: Contrast | None) -> bool:
    return contrast is not None and contrast.is_levelled and contrast.dark is None and contrast.ceiling is None


def lags_behind(answer: Answer, other: Answer) -> bool:
    """Whether an answer has only a share of the motion that the other found.

    Shading that stands still in the frame, as that of a lamp or a lens, holds on to frames by what is smooth: of cells
    on a background half as bright, under shading that leaves a quarter in the corners, 0.78 of the motion were found,
    0.4 px off with error bars of 0.1; no single frame lies apart then. Detail is not held.
    """
    both = np.intersect1d(answer.rows, other.rows)
    mine, theirs = (one.trajectory.part(np.isin(one.rows, both)).shifts for one in (answer, other))
    mine, theirs = mine - np.median(mine, axis=0), theirs - np.median(theirs, axis=0)
    moved = float((mine**2).sum())
    stated = float(np.hypot(answer.error, other.error))
    # on the surer one, whose errors would make the share smaller than it is
    missing = float((mine * theirs).sum()) / max(moved, 1e-12) - 1
    left = theirs - (1 + missing) * mine
    explained = (np.abs(left).max(axis=1, initial=0.0) > max(APART_PX, APART_SIGMAS * stated)).mean() <= FEW
    # how they scatter around that says more than error bars do: detail of spots is 0.02 px off at bars of 0.004
    error = max(stated, float(np.sqrt((left**2).mean())))
    lag = missing * np.sqrt(moved / max(len(both), 1))
    return bool(explained and missing * np.sqrt(moved) > LAGS_SIGMAS * error and lag > LAGS_ERRORS * answer.error)


def stands_still(answer: Answer) -> bool:
    """Whether all frames were found in one place, as far as error bars tell."""
    moved = np.abs(answer.trajectory.shifts - np.median(answer.trajectory.shifts, axis=0)).max()
    return bool(moved <= max(APART_PX, APART_SIGMAS * answer.error))


def _count_sigmas(votes: FloatArray, by_chance: FloatArray | tuple[()] = ()) -> float:
    """By how many standard errors the mean is above zero, of votes that scatter as those `by_chance` do at least.

    Two frames whose votes were 15 and 16, where others' went from -73 to 86, were 45 standard errors of their own.
    """
    spread = max((float(np.std(some, ddof=1)) for some in (votes, by_chance) if len(some) > 1), default=np.inf)
    return float(votes.mean() / max(spread / np.sqrt(len(votes)), 1e-12))


def _place_corners(trajectory: Trajectory) -> FloatArray:
    """Where the corners of the frame come to lie, (n, corners, ndim)."""
    corners = np.array(list(product(*((0.0, n - 1.0) for n in trajectory.shape))))
    return np.stack([trajectory.transform(row).map(corners) for row in range(len(trajectory))])
