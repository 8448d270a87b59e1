"""What the estimates of all frames come to: transforms relative to an origin, bad frames treated. No pixels."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from holdstill.contracts import Candidates, Covariance, Estimates, Estimator, FloatArray, ImagesInfo, Treatment
from holdstill.reference.learned import LearnedReference
from holdstill.run.alone import flag_alone
from holdstill.run.limits import flag_fast
from holdstill.run.setup import AS_USUAL
from holdstill.transforms.composition import change_candidates, change_known
from holdstill.transforms.motions import find_motion
from holdstill.transforms.trajectory import Trajectory
from holdstill.transforms.treatment import Treating, treat

__all__ = ["Outcome", "find_first", "place_candidates", "settle"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Outcome:
    """All that a run found.

    Attributes
    ----------
    trajectory : Trajectory
        Transforms of all frames; bad frames interpolated.
    estimated : Trajectory
        The same before repair, as found in each frame; NaN where nothing could be computed.
    covariance : Covariance
        Of the parameters; NaN for bad frames.
    treatments : tuple of Treatment
        What was done with each frame's estimate.
    bound : Covariance
        The least that the light allows; NaN where it is not known.
    corner_errors : ndarray of float64, (T,)
        Of where the frame's corners come to lie, px; NaN for bad frames.
    estimates : Estimates
        Scores and verdicts of all frames.
    learned : LearnedReference
        The reference and what came with it.
    origin : ndarray of float64, (n_params,)
        Parameters, as found, of the frame that transforms are relative to.
    candidates : Candidates or None
        Places of flagged frames, relative to the same origin; None: not looked for.
    clamped : int
        Pixels clamped to the range of the dtype.
    seconds : dict
        Time of each stage.
    """

    trajectory: Trajectory
    estimated: Trajectory
    covariance: Covariance
    treatments: tuple[Treatment, ...]
    bound: Covariance
    corner_errors: FloatArray
    estimates: Estimates
    learned: LearnedReference
    origin: FloatArray
    candidates: Candidates | None = None
    clamped: int = 0
    seconds: dict[str, float] = field(default_factory=dict)


def settle(
    motion: str,
    info: ImagesInfo,
    everything: Estimates,
    origin: FloatArray,
    learned: LearnedReference,
    treating: Treating = AS_USUAL,
    estimator: Estimator | None = None,
) -> Outcome:
    """What estimates of all frames come to: relative to the `origin`, bad frames treated as asked for.

    Where the `estimator` joins frames with their neighbours in time, that comes first.
    """
    found = Trajectory.of(motion, everything.parameters, info.frame_shape)
    everything = flag_alone(everything, found)
    if treating.max_speed is not None:
        everything = flag_fast(everything, found, info, treating.max_speed)
        origin = find_first(everything, origin, info.frame_shape, motion) if learned.anchored else origin
    is_plain = treating.repair == "interpolate" and treating.smooth is None
    good = everything.placed if is_plain else everything.good
    estimated, (covariance, bound) = change_known(
        lambda trajectory: trajectory.relative_to(origin), found, everything.covariance, everything.known_bound
    )  # fmt: skip
    applied, joined = estimated, np.zeros(len(everything), bool)
    if estimator is not None and estimator.joins and info.frame_times is not None:
        placed, joined = estimator.join_frames(everything, learned.reference, info.frame_times, info.frame_shape)
        applied, (covariance,) = change_known(
            lambda trajectory: trajectory.relative_to(origin),
            Trajectory.of(motion, placed.parameters, info.frame_shape), placed.covariance,
        )  # fmt: skip
    treated = treat(applied, covariance, good, treating, info.frame_times, joined)
    treated = replace(
        treated, covariance=treated.covariance.hide(~everything.good)
    )  # a blur may push further than noise
    return Outcome(
        trajectory=treated.trajectory, estimated=estimated, covariance=treated.covariance,
        treatments=treated.treatments, bound=bound,
        corner_errors=treated.trajectory.corner_errors(treated.covariance), estimates=everything, learned=learned,
        origin=origin,
    )  # fmt: skip


def place_candidates(outcome: Outcome, candidates: Candidates) -> Outcome:
    """The outcome with places of flagged frames, which come as they were found in each."""
    changed = change_candidates(lambda t: t.relative_to(outcome.origin), outcome.estimated, candidates)
    return replace(outcome, candidates=changed)


def find_first(everything: Estimates, otherwise: FloatArray, shape: tuple[int, ...], motion: str) -> FloatArray:
    """What results are relative to, by the first good frame; `otherwise` where none is."""
    good = np.flatnonzero(everything.good)
    if not len(good):
        return otherwise
    return find_motion(motion, shape).anchor(np.array(everything.parameters[good[0]]), shape)
