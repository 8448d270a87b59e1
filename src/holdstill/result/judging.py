"""Frames accepted or refused by hand, after a look at them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

import numpy as np

from holdstill.contracts import Treatment, Verdict
from holdstill.errors import InputError
from holdstill.result.sequence import check_number
from holdstill.result.value import RegistrationValue
from holdstill.result.wording import REFUSED
from holdstill.transforms.repair import repair

__all__ = ["accept", "refuse", "take_candidate"]

Result = TypeVar("Result", bound=RegistrationValue)
ACCEPTED, PLACED = "accepted by hand", "candidate by hand"


def accept(found: Result, frames: tuple[int, ...]) -> Result:
    """The result with the frames' own estimates in use, whatever was held against them.

    Raises InputError for a frame that is not there, or of which nothing was found.
    """
    numbers = _check(found, frames)
    for t in numbers:
        if not np.isfinite(found.estimates[t]).all():
            raise InputError(f"nothing was found in frame {t}; there is no estimate to accept")
    return _judge(found, numbers, Verdict.OK, ACCEPTED)


def refuse(found: Result, frames: tuple[int, ...]) -> Result:
    """The result with the frames' transforms taken from their good neighbours in time; they become ``mismatch``.

    Raises InputError for a frame that is not there.
    """
    return _judge(found, _check(found, frames), Verdict.MISMATCH, REFUSED)


def take_candidate(found: Result, frame: int, number: int) -> Result:
    """The result with a frame at one of its candidates, whatever was held against it.

    Raises InputError for a frame or a candidate that is not there.
    """
    check_number(number, "candidate")
    places, t = found.candidates(frame), frame % len(found)
    if not 0 <= number < len(places):
        n = f"{len(places)} candidate{'' if len(places) == 1 else 's'}"
        raise InputError(f"frame {frame} has {n}, numbered from 0; there is no candidate {number}")
    estimates, scores = found.estimates.copy(), found.scores.copy()
    estimates[t], scores[t] = places[number].parameters, places[number].score
    placed = _judge(replace(found, estimates=estimates, scores=scores), [t], Verdict.OK, PLACED)
    told = dict(sorted({**placed.provenance.get(PLACED, {}), str(t): number}.items(), key=lambda each: int(each[0])))
    return replace(placed, estimates=found.estimates, provenance={**placed.provenance, PLACED: told})


def _check(found: RegistrationValue, frames: tuple[int, ...]) -> list[int]:
    n = len(found)
    for t in frames:
        check_number(t, "frame")
        if not -n <= t < n:
            raise InputError(f"there is no frame {t} of {n}")
    return sorted({int(t) % n for t in frames})


def _tell(provenance: dict[str, Any], numbers: list[int], note: str) -> dict[str, Any]:
    """The provenance with what was said last of frames, and nothing that was said of them before."""
    about = dict(provenance)
    for key in (ACCEPTED, REFUSED):
        kept = {t for t in about.pop(key, []) if t not in numbers} | ({*numbers} if key == note else set())
        about |= {key: sorted(kept)} if kept else {}
    placed = {t: number for t, number in about.pop(PLACED, {}).items() if int(t) not in numbers}
    return about | ({PLACED: placed} if placed else {})


def _judge(found: Result, numbers: list[int], verdict: Verdict, note: str) -> Result:
    verdicts, treatments = list(found.verdicts), list(found.treatments)
    parameters = found.parameters.copy()
    for t in numbers:
        verdicts[t] = verdict
        treatments[t] = Treatment.ESTIMATED if verdict is Verdict.OK else Treatment.INTERPOLATED
        if verdict is Verdict.OK:
            parameters[t] = found.estimates[t]
    good = np.array([each.has_place for each in verdicts], bool)
    filled = np.array([each is Treatment.INTERPOLATED for each in treatments], bool) & ~good
    repaired = repair(replace(found.trajectory, parameters=parameters), good).parameters
    parameters[filled] = repaired[filled]
    ok = np.array([each is Verdict.OK for each in verdicts], bool)
    covariance = found.covariance.hide(~ok)
    about = _tell(found.provenance, numbers, note)
    corners = np.where(ok, found.corner_errors, np.nan)
    return replace(
        found, parameters=parameters, verdicts=tuple(verdicts), treatments=tuple(treatments), covariance=covariance,
        corner_errors=corners, provenance=about,
    )  # fmt: skip
