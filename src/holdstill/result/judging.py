"""Frames accepted or refused by hand, after a look at them."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import numpy as np

from holdstill.contracts import Treatment, Verdict
from holdstill.errors import InputError
from holdstill.result.value import RegistrationValue
from holdstill.transforms.repair import repair

__all__ = ["accept", "refuse"]

Result = TypeVar("Result", bound=RegistrationValue)


def accept(found: Result, frames: tuple[int, ...]) -> Result:
    """The result with the frames' own estimates in use, whatever was held against them.

    Raises InputError for a frame that is not there, or of which nothing was found.
    """
    numbers = _check(found, frames)
    for t in numbers:
        if not np.isfinite(found.estimates[t]).all():
            raise InputError(f"nothing was found in frame {t}; there is no estimate to accept")
    return _judge(found, numbers, Verdict.OK, "accepted by hand")


def refuse(found: Result, frames: tuple[int, ...]) -> Result:
    """The result with the frames' transforms taken from their good neighbours in time; they become ``mismatch``.

    Raises InputError for a frame that is not there.
    """
    return _judge(found, _check(found, frames), Verdict.MISMATCH, "refused by hand")


def _check(found: RegistrationValue, frames: tuple[int, ...]) -> list[int]:
    n = len(found)
    for t in frames:
        if not -n <= t < n:
            raise InputError(f"there is no frame {t} of {n}")
    return sorted({int(t) % n for t in frames})


def _judge(found: Result, numbers: list[int], verdict: Verdict, note: str) -> Result:
    verdicts, treatments = list(found.verdicts), list(found.treatments)
    parameters = found.parameters.copy()
    for t in numbers:
        verdicts[t] = verdict
        treatments[t] = Treatment.ESTIMATED if verdict is Verdict.OK else Treatment.INTERPOLATED
        if verdict is Verdict.OK:
            parameters[t] = found.estimates[t]
    good = np.array([each is Verdict.OK for each in verdicts], bool)
    filled = np.array([each is Treatment.INTERPOLATED for each in treatments], bool) & ~good
    repaired = repair(replace(found.trajectory, parameters=parameters), good).parameters
    parameters[filled] = repaired[filled]
    covariance = found.covariance.hide(~good)
    told = {key: [*found.provenance.get(key, [])] for key in ("accepted by hand", "refused by hand")}
    told = {key: [t for t in value if t not in numbers] for key, value in told.items()}
    told[note] = sorted({*told[note], *numbers})
    corners = np.where(good, found.corner_errors, np.nan)
    return replace(
        found, parameters=parameters, verdicts=tuple(verdicts), treatments=tuple(treatments), covariance=covariance,
        corner_errors=corners, provenance={**found.provenance, **{key: value for key, value in told.items() if value}},
    )  # fmt: skip
