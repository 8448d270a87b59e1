"""What is done about frames whose own estimate is not used, and which of the others came after a jump."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import FloatArray, Treatment
from holdstill.errors import UnknownName
from holdstill.transforms.trajectory import Trajectory

__all__ = ["REPAIRS", "check_repair", "find_jumps", "name_treatments", "repair"]

REPAIRS = ("interpolate", "estimates", "identity", "drop")
# A step counts as a jump if it is so many times what steps usually are, so many of its own error bars, and so many px.
# Of 100,000 steps of a Gaussian walk none is 8 times the scale (their largest was 4.4 times).
USUAL_STEPS, ERROR_BARS, LEAST_PX = 8.0, 5.0, 0.25
# frames on either side that must agree that the stage stayed where it went
WITNESSES = 3
MAD_TO_SIGMA = 1.4826


def check_repair(how: str) -> None:
    """Raise UnknownName unless there is such a repair."""
    if how not in REPAIRS:
        raise UnknownName(f"there is no repair {how!r}; choose one of {', '.join(REPAIRS)}")


def repair(trajectory: Trajectory, good: NDArray[np.bool_], how: str = "interpolate") -> Trajectory:
    """Transforms with those that are not `good`, (n,), replaced.

    Parameters
    ----------
    trajectory : Trajectory
        As found in each frame; NaN where nothing could be computed.
    good : ndarray of bool, (n,)
    how : {"interpolate", "estimates", "identity", "drop"}
        Between good neighbours in time; as found, and interpolated where nothing was; not moved at all; or, of frames
        that will be left out, interpolated.

    Returns
    -------
    Trajectory
        Transforms are interpolated, not numbers: from a rotation by 3.1 rad to one by -3.1 the shorter way leads over
        half a turn. Before the first and after the last good one the nearest is repeated; without any, nothing moves.
    """
    check_repair(how)
    parameters = trajectory.parameters.copy()
    is_known = np.isfinite(parameters).all(axis=1)
    known, bad = np.flatnonzero(good), np.flatnonzero(~good & ~(is_known & (how == "estimates")))
    if how == "identity" or not len(known):
        parameters[bad] = trajectory.motion.identity(trajectory.ndim)
    elif len(bad):
        parameters[bad] = trajectory.part(known).interpolate(known, bad).parameters
    return replace(trajectory, parameters=parameters)


def name_treatments(trajectory: Trajectory, good: NDArray[np.bool_], how: str = "interpolate") -> tuple[Treatment, ...]:
    """What `repair` does with each frame, in a word. The arguments are those of `repair`."""
    check_repair(how)
    is_known = [bool(np.isfinite(row).all()) for row in trajectory.parameters]
    otherwise = Treatment.INTERPOLATED if good.any() else Treatment.IDENTITY
    words = {"identity": Treatment.IDENTITY, "drop": Treatment.DROPPED}
    bad = words.get(how, otherwise)
    applied = Treatment.ESTIMATED if how == "estimates" else bad
    pairs = zip(good.tolist(), is_known, strict=True)
    return tuple(Treatment.ESTIMATED if ok else applied if known else bad for ok, known in pairs)


def find_jumps(shifts: FloatArray, errors: FloatArray, good: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which frames came after a jump: the stage went there in one step, and stayed.

    Parameters
    ----------
    shifts : ndarray of float64, (n, ndim)
        Of the frames' centres, px.
    errors : ndarray of float64, (n, ndim)
        One standard deviation each, px; NaN counts as none.
    good : ndarray of bool, (n,)
        Frames that are not good are no witnesses, and never jump.

    Returns
    -------
    ndarray of bool, (n,)
        True for the first good frame after each jump. One frame alone that lies elsewhere is none.
    """
    jumps = np.zeros(len(shifts), bool)
    known = np.flatnonzero(good)
    if len(known) <= 2:
        return jumps
    places, bars = shifts[known], np.nan_to_num(errors[known])
    steps = np.diff(places, axis=0)
    usual = MAD_TO_SIGMA * np.median(np.abs(steps), axis=0)
    least = np.maximum(USUAL_STEPS * usual, LEAST_PX)
    for number in np.flatnonzero((np.abs(steps) > least).any(axis=1)):
        before, after = slice(max(number + 1 - WITNESSES, 0), number + 1), slice(number + 1, number + 1 + WITNESSES)
        if len(places[after]) < 2:
            continue  # nothing shows that it stayed
        step = np.median(places[after], axis=0) - np.median(places[before], axis=0)
        bar = np.hypot(bars[number], bars[number + 1])
        jumps[known[number + 1]] = (np.abs(step) > np.maximum(least, ERROR_BARS * bar)).any()
    return jumps
