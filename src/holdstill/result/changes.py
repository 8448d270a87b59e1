"""Results that are made of results: one after the other, with flagged frames treated anew, smoothed over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np

from holdstill.contracts import Treatment, Verdict
from holdstill.errors import InputError
from holdstill.reference.kinds import is_sequential
from holdstill.result.value import RegistrationValue
from holdstill.transforms.composition import change_candidates, compose, compose_known
from holdstill.transforms.repair import name_treatments, repair
from holdstill.transforms.smoothing import check_smoother
from holdstill.transforms.treatment import DEPENDENT, smooth_good

__all__ = ["compose_results", "repair_result", "smooth_result"]

Result = TypeVar("Result", bound=RegistrationValue)
Word = TypeVar("Word", bound=str)


def compose_results(first: Result, then: RegistrationValue) -> Result:
    """One result for two steps, see `Registration.compose`."""
    trajectory, (covariance, bound) = compose(
        first.trajectory, (first.covariance, first.bound), then.trajectory, (then.covariance, then.bound)
    )
    estimated = compose_known(
        replace(first.trajectory, parameters=first.estimates), replace(then.trajectory, parameters=then.estimates)
    )
    places = None  # those of a frame that moved again are not known
    if len(then) == 1 and len(first) > 1:
        places = change_candidates(lambda t: compose(t, (), then.trajectory, ())[0], first.trajectory, first.places)
    times = 1 if len(then) == len(first) else len(first)
    verdicts = _prefer_flagged(first.verdicts, then.verdicts * times, Verdict.OK)
    treatments = _prefer_flagged(first.treatments, then.treatments * times, Treatment.ESTIMATED)
    return replace(
        first, motion=trajectory.motion.name, parameters=trajectory.parameters, covariance=covariance, bound=bound,
        corner_errors=trajectory.corner_errors(covariance), estimates=estimated.parameters,
        scores=np.broadcast_to(then.scores, first.scores.shape).copy(), verdicts=verdicts, treatments=treatments,
        places=places, clamped=0, images={**first.images, **then.images}, template_image=then.template_image,
        provenance={**first.provenance, "then": then.provenance},
    )  # fmt: skip


def repair_result(found: Result, how: str) -> Result:
    """The result with its flagged frames treated in another way, see `Registration.repair`."""
    good = found.placed if how == "interpolate" else found.ok
    known = replace(found.trajectory, parameters=np.where(found.ok[:, None], found.parameters, found.estimates))
    own = name_treatments(known, good, how)
    treatments = (mine if ok else new for ok, mine, new in zip(found.ok, found.treatments, own, strict=True))
    return replace(
        found, parameters=repair(known, good, how).parameters, treatments=tuple(treatments),
        provenance={**found.provenance, "repair": how},
    )  # fmt: skip


def smooth_result(found: Result, how: str) -> Result:
    """The result with its good frames weighed against their neighbours in time, see `Registration.smooth`."""
    check_smoother(how)
    if Treatment.SMOOTHED in found.treatments:
        raise InputError("this result is smoothed already; register again without smooth, and smooth that")
    if is_sequential(found.provenance.get("reference")):
        raise InputError(DEPENDENT)
    ticks = np.arange(len(found), dtype=np.float64) if found.times is None else found.times
    trajectory, covariance = smooth_good(found.trajectory, found.covariance, found.ok, ticks, how)
    kept = (Treatment.SMOOTHED if ok else one for ok, one in zip(found.ok, found.treatments, strict=True))
    smoothed = replace(
        found, parameters=trajectory.parameters, covariance=covariance, treatments=tuple(kept),
        corner_errors=trajectory.corner_errors(covariance), provenance={**found.provenance, "smooth": how},
    )  # fmt: skip
    return repair_result(smoothed, str(found.provenance.get("repair", "interpolate")))


def _prefer_flagged(mine: Sequence[Word], theirs: Sequence[Word], best: Word) -> tuple[Word, ...]:
    """Of each two words the first that is not the best one."""
    return tuple(second if first == best else first for first, second in zip(mine, theirs, strict=True))
