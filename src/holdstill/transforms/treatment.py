"""From transforms as they were found in each frame to those that are applied."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Covariance, FloatArray, Treatment
from holdstill.errors import InputError
from holdstill.transforms.repair import check_repair, find_jumps, name_treatments, repair
from holdstill.transforms.smoothing import check_smoother, smooth
from holdstill.transforms.speed import Speed
from holdstill.transforms.trajectory import Trajectory

__all__ = ["DEPENDENT", "Treated", "Treating", "smooth_good", "treat"]

DEPENDENT = (
    "smooth needs frames that were each compared with one reference: along previous, rolling or pairs their errors "
    "depend on each other; take reference='template'"
)


@dataclass(frozen=True, kw_only=True)
class Treating:
    """What is done with estimates once those of all frames are known.

    Parameters
    ----------
    repair : {"interpolate", "estimates", "identity", "drop"}
        What is done about frames that are not good.
    smooth : {None, "spline", "kalman"}
        How the good ones are weighed against their neighbours in time.
    max_speed : Speed or None
        A frame beyond it that no neighbour bears out is not good.

    Raises
    ------
    UnknownName
        There is no such thing.
    """

    repair: str = "interpolate"
    smooth: str | None = None
    max_speed: Speed | None = None

    @property
    def needs_all(self) -> bool:
        """Whether the transform of a good frame depends on other frames."""
        return self.smooth is not None or self.max_speed is not None

    def describe(self) -> dict[str, str | None]:
        """What a result says of it: a word or a limit for each field."""
        found = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: value.text if isinstance(value, Speed) else value for name, value in found.items()}

    def __post_init__(self) -> None:
        """Refuse unknown names before anything is read."""
        check_repair(self.repair)
        check_smoother(self.smooth)


@dataclass(frozen=True, kw_only=True, eq=False)
class Treated:
    """Transforms that are applied.

    Attributes
    ----------
    trajectory : Trajectory
    covariance : Covariance
        Of the parameters; NaN for frames that are not good.
    treatments : tuple of Treatment
    """

    trajectory: Trajectory
    covariance: Covariance
    treatments: tuple[Treatment, ...]


def treat(
    estimated: Trajectory,
    covariance: Covariance,
    good: NDArray[np.bool_],
    treating: Treating,
    times: FloatArray | None = None,
    joined: NDArray[np.bool_] | None = None,
) -> Treated:
    """What becomes of the transforms of n frames, of which some are `good`, (n,), taken at `times`, (n,).

    Those that are `joined`, (n,), were weighed against their neighbours in time before.

    Raises InputError where smoothing needs error bars and there are none.
    """
    treatments = name_treatments(estimated, good, treating.repair)
    if joined is not None:
        treatments = tuple(Treatment.SMOOTHED if ok else one for ok, one in zip(joined & good, treatments, strict=True))
    if treating.smooth is not None:
        ticks = np.arange(len(good), dtype=np.float64) if times is None else times
        estimated, covariance = smooth_good(estimated, covariance, good, ticks, treating.smooth)
        treatments = tuple(Treatment.SMOOTHED if ok else one for ok, one in zip(good, treatments, strict=True))
    return Treated(
        trajectory=repair(estimated, good, treating.repair),
        covariance=covariance.hide(~good),
        treatments=treatments,
    )


def smooth_good(
    trajectory: Trajectory, covariance: Covariance, good: NDArray[np.bool_], times: FloatArray, how: str
) -> tuple[Trajectory, Covariance]:
    """Transforms of which the good ones are smoothed over time, each parameter by itself, and their covariances.

    Raises
    ------
    InputError
        No error bars tell how much each frame counts.
    """
    known = np.flatnonzero(good)
    if not len(known):
        return trajectory, covariance
    errors = covariance.errors[known]
    sure = np.isfinite(errors) & (errors > 0)
    told = np.flatnonzero(sure.any(axis=0))
    if not len(told):
        raise InputError(f"smooth={how!r} weighs frames by their error bars, and there are none; take method='direct'")
    usual = np.array([np.median(column[ok]) if ok.any() else 1.0 for column, ok in zip(errors.T, sure.T, strict=True)])
    safe = np.where(sure, errors, usual)
    jumps = find_jumps(trajectory.shifts[known], trajectory.shift_errors(covariance.errors)[known], good[known])
    parameters, factors = trajectory.parameters.copy(), np.ones(trajectory.parameters.shape)
    followed, ascending = _follow(trajectory.part(known)), _order_times(times[known])
    found, variances = smooth(followed[:, told], safe[:, told] ** 2, ascending, jumps, how)
    parameters[np.ix_(known, told)] = found
    factors[np.ix_(known, told)] = np.sqrt(variances) / safe[:, told]
    return replace(trajectory, parameters=parameters), covariance.scale(factors)


def _follow(trajectory: Trajectory) -> FloatArray:
    """Parameters that do not jump where an angle passes half a turn."""
    parameters, motion, ndim = trajectory.parameters.copy(), trajectory.motion, trajectory.ndim
    for t in range(1, len(parameters)):
        parameters[t] = motion.approach(parameters[t : t + 1], parameters[t - 1 : t], ndim)[0]
    return parameters


def _order_times(times: FloatArray) -> FloatArray:
    """Times that ascend; the numbers of the frames where they do not."""
    return times if (np.diff(times) > 0).all() else np.arange(len(times), dtype=np.float64)
