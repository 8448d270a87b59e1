"""Frames far from where the ones before and after them are, which lie beside each other: told once all are known.

Of a few cells another place may agree better by the noise alone: of 30 dim frames one lay 62 px off, ok. A stage goes
nowhere for a single frame; where the light does not say so beyond doubt, such a frame is not ok. As frames are written
while others are still to be estimated, those that may turn out to be alone, whatever lies around them, have to wait.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Estimates, FloatArray, Verdict
from holdstill.transforms.trajectory import Trajectory

__all__ = ["flag_alone", "may_be_alone"]

# far is so much of the shorter side of a frame, and so many times what steps usually are
FAR, USUAL_STEPS = 0.1, 8.0
# the frames around one lie nearer to each other by this share
BESIDE = 0.25
# A frame's place is beyond doubt by so many standard deviations above chance: at 20 of them, rivals that part of the
# specimen makes lay only 2 to 4 below.
SURE, MAX_SCORE = 40.0, 1 - 1e-6


def flag_alone(everything: Estimates, found: Trajectory) -> Estimates:
    """Estimates of all frames, of which good ones that lie alone, and not beyond doubt, are called ``mismatch``.

    The last good frame is alone if it lies far from the two before it. The first never is: others are told from it.
    """
    known = np.flatnonzero(everything.good)
    if len(known) < 3:
        return everything
    shifts, waits = found.part(known).shifts, np.sqrt(np.diff(known))
    steps = np.linalg.norm(np.diff(shifts, axis=0), axis=1)
    far = steps > np.maximum(_find_far(found), USUAL_STEPS * float(np.median(steps / waits)) * waits)
    around = np.linalg.norm(shifts[2:] - shifts[:-2], axis=1)
    is_alone = far[:-1] & far[1:] & (around < BESIDE * np.minimum(steps[:-1], steps[1:]))
    ends_alone = far[-1] and steps[-2] < BESIDE * min(steps[-1], around[-1])
    alone = known[1:][np.append(is_alone, ends_alone)]
    alone = alone[~_is_sure(everything.scores[alone], found.part(alone))]
    verdicts = np.array(everything.verdicts, object)
    verdicts[alone] = Verdict.MISMATCH
    return replace(everything, verdicts=tuple(verdicts)) if len(alone) else everything


def may_be_alone(estimates: Estimates, found: Trajectory) -> bool:
    """Whether `flag_alone` may name one of a few good frames in a row, whatever comes before and after them."""
    steps = np.linalg.norm(np.diff(found.shifts, axis=0), axis=1)
    far = np.concatenate([[True], steps > _find_far(found), [True]])
    apart = np.flatnonzero(far[:-1] & far[1:])
    return not bool(_is_sure(estimates.scores[apart], found.part(apart)).all())


def _find_far(found: Trajectory) -> float:
    return FAR * min(found.shape[-2:])


def _is_sure(scores: FloatArray, found: Trajectory) -> NDArray[np.bool_]:
    """Whether frames agree with the reference, in what they show of it, so well that nothing else would."""
    pixels = found.overlaps() * np.prod(found.shape)
    with np.errstate(invalid="ignore"):
        heights = np.arctanh(np.clip(scores, 0, MAX_SCORE)) * np.sqrt(pixels)
    return np.asarray(~(heights <= SURE), bool)
