"""A movie whose focus was changed: a new template from each such frame on, and the parts joined by their templates."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Candidates, Covariance, FloatArray, ImagesInfo, Source
from holdstill.errors import InputError
from holdstill.io.array import ArraySource
from holdstill.io.chosen import ChosenSource
from holdstill.result.registration import Registration
from holdstill.transforms.trajectory import Trajectory

__all__ = ["Part", "check_events", "quarter", "register_parts"]

STRATEGIES = ("template", "first", "mean", "median")
LEAST_FRAMES = 2
LEAST_QUARTERS = 3

RegisterTemplate = Callable[[Source, NDArray[np.float32], NDArray[np.bool_]], Registration]


@dataclass(frozen=True, kw_only=True, eq=False)
class Part:
    """What was found of some frames with a template of their own.

    Attributes
    ----------
    found : Registration
        Relative to `origin`.
    template : ndarray of float32, ([z,] y, x)
        What they were compared with.
    origin : ndarray of float64, (n_params,)
        Takes a point of the result's reference to the point of the template.
    """

    found: Registration
    template: NDArray[np.float32]
    origin: FloatArray


def check_events(events: Any, reference: Any, info: ImagesInfo) -> tuple[int, ...]:
    """Numbers of the frames from which on there is a new template, ascending.

    Raises
    ------
    InputError
        One is not in the movie, leaves a part of one frame, or the reference is not learned from the movie.
    """
    if events is None:
        return ()
    numbers = sorted(set(np.atleast_1d(events).tolist()))
    if not all(isinstance(number, int) for number in numbers):
        raise InputError(f"refocus_at {events!r} is not a list of frame numbers; give it as (120, 480)")
    outside = [number for number in numbers if not 0 < number < info.n_frames]
    if outside:
        raise InputError(
            f"refocus_at {outside[0]}: {info.name} has frames 0 to {info.n_frames - 1}; name frames after the first"
        )
    short = [stop for start, stop in _ranges(numbers, info.n_frames) if stop - start < LEAST_FRAMES]
    if short:
        raise InputError(f"refocus_at leaves a part of one frame before frame {short[0]} of {info.name}; leave it out")
    if not (isinstance(reference, str) and reference in STRATEGIES):
        raise InputError(
            f"refocus_at makes a new template from there on; it goes with reference {', '.join(STRATEGIES)}, not "
            f"{reference if isinstance(reference, str | int) else 'an image'}"
        )
    return tuple(numbers)


def register_parts(
    source: Source,
    events: Sequence[int],
    register_part: Callable[[Source], Part],
    register_template: RegisterTemplate,
) -> Registration:
    """Register each part with a template of its own, and all relative to the first.

    Parameters
    ----------
    source : Source
    events : sequence of int
        First frames of all parts but the first.
    register_part : callable
        Registers some frames with a template of their own.
    register_template : callable
        Registers the only frame of a source with an image, where a mask is True.
    """
    info = source.info
    parts = [register_part(ChosenSource(source, range(*ends))) for ends in _ranges(events, info.n_frames)]
    placed, joins = [parts[0].found], []
    way = _to_template(parts[0])  # from the result's reference to the template of the part at hand
    sure = Covariance.of_errors(np.zeros_like(parts[0].origin)[None])
    for event, before, part in zip(events, parts[:-1], parts[1:], strict=True):
        join = _join(part.template, before.template, register_template)
        joins.append(_describe_join(event, join))
        if not join.ok[0]:
            _tell_apart(info, event, joins[-1])
            way, sure = _to_template(part), Covariance.of_errors(np.zeros_like(part.origin)[None])
            placed.append(part.found)
            continue
        way, sure = join.trajectory.compose(way), sure + join.covariance
        placed.append(_place(part, way, sure))
    return _concatenate(placed, info, {"refocus_at": list(events), "joins": joins})


def _join(
    template: NDArray[np.float32], before: NDArray[np.float32], register_template: RegisterTemplate
) -> Registration:
    """One template registered with another; its error is also how much four quarters of the field differ.

    What is new in one of the two pulls each quarter another way, which no noise of the templates tells.
    """
    source = ArraySource(template[None], axes="T" + "ZYX"[-template.ndim :], name="template")
    join = register_template(source, before, np.ones(template.shape, bool))
    quarters = [register_template(source, before, mask) for mask in quarter(template.shape)]
    found = np.array([one.parameters[0] for one in quarters if one.ok[0]])
    if not join.ok[0] or len(found) < LEAST_QUARTERS:
        return join
    spread = found.std(axis=0, ddof=1) / np.sqrt(len(found))
    return replace(join, covariance=join.covariance + Covariance.of_errors(spread[None]))


def quarter(shape: tuple[int, ...]) -> list[NDArray[np.bool_]]:
    """The four quarters of ``(y, x)`` as masks."""
    masks = []
    for rows in (slice(None, shape[-2] // 2), slice(shape[-2] // 2, None)):
        for columns in (slice(None, shape[-1] // 2), slice(shape[-1] // 2, None)):
            mask = np.zeros(shape, bool)
            mask[..., rows, columns] = True
            masks.append(mask)
    return masks


def _ranges(events: Sequence[int], n_frames: int) -> list[tuple[int, int]]:
    edges = [0, *events, n_frames]
    return list(pairwise(edges))


def _to_template(part: Part) -> Trajectory:
    """From the reference of a part's result to its template: the way back from its origin."""
    found = part.found.trajectory
    still = replace(found, parameters=found.motion.identity(found.ndim)[None])
    return still.relative_to(part.origin)


def _place(part: Part, way: Trajectory, sure: Covariance) -> Registration:
    """What was found of a part, relative to the reference that `way` leads from."""
    origin = replace(way, parameters=part.origin[None])
    step = Registration.of_trajectory(
        origin.compose(way), covariance=sure, bound=sure.weigh(0.0), scores=part.found.scores[:1],
        corner_errors=np.zeros(1),
    )  # fmt: skip
    return replace(part.found.compose(step), scores=part.found.scores, images=part.found.images)


def _describe_join(event: int, join: Registration) -> dict[str, Any]:
    return {
        "frame": int(event),
        "verdict": join.verdicts[0].value,
        "shift_px": [round(float(value), 4) for value in join.shifts[0]],
        "error_px": [round(float(value), 4) for value in join.shift_errors[0]],
        "score": round(float(join.scores[0]), 4) if np.isfinite(join.scores[0]) else None,
    }


def _tell_apart(info: ImagesInfo, event: int, join: dict[str, Any]) -> None:
    warnings.warn(
        f"{info.name}: the part from frame {event} on could not be joined with the one before ({join['verdict']}); "
        "it starts at zero",
        stacklevel=2,
    )


def _concatenate(parts: list[Registration], info: ImagesInfo, about: dict[str, Any]) -> Registration:
    first = parts[0]
    seconds: dict[str, float] = {}
    for part in parts:
        for stage, value in part.provenance.get("seconds", {}).items():
            seconds[stage] = round(seconds.get(stage, 0.0) + value, 4)
    return replace(
        first,
        parameters=np.concatenate([part.parameters for part in parts]),
        covariance=Covariance.join([part.covariance for part in parts]),
        bound=Covariance.join([part.bound for part in parts]),
        corner_errors=np.concatenate([part.corner_errors for part in parts]),
        scores=np.concatenate([part.scores for part in parts]),
        verdicts=tuple(verdict for part in parts for verdict in part.verdicts),
        treatments=tuple(treatment for part in parts for treatment in part.treatments),
        estimates=np.concatenate([part.estimates for part in parts]),
        places=_join_places(parts),
        frame_interval_s=info.frame_interval_s,
        times_s=info.times_s,
        template_image=None,
        provenance={**first.provenance, "shape": list(info.shape), "seconds": seconds, **about},
    )  # fmt: skip


def _join_places(parts: list[Registration]) -> Candidates | None:
    """Places of the flagged frames of all parts, by the numbers that these have in the whole."""
    begins = np.cumsum([0, *(len(part) for part in parts)])
    known = [
        part.places.renumber(begin + np.arange(len(part)))
        for begin, part in zip(begins[:-1], parts, strict=True)
        if part.places is not None
    ]
    return Candidates.join(known) if known else None
