"""Displacements of scan lines: what moves while a frame is scanned."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Covariance, Estimates, FloatArray, Reference
from holdstill.errors import InputError
from holdstill.methods.likelihood.bending import make_prior
from holdstill.methods.likelihood.field_newton import FieldFit, find_light
from holdstill.methods.likelihood.joining import Joined, Light, join_lines
from holdstill.methods.likelihood.judged_field import find_unfollowed, move_to_reference
from holdstill.methods.piecewise import Piecewise, PiecewiseState
from holdstill.transforms.motions import find_motion
from holdstill.transforms.motions.grid import GridMotion
from holdstill.transforms.motions.lines import LINE_AXES, LINES, name_lines

__all__ = ["Lines", "check_line_time"]


@dataclass(frozen=True, kw_only=True)
class Lines(Piecewise):
    """Displacements of the lines of a scan, each at its own time, to the accuracy that the photons allow.

    Rows are lines, or columns, scanned one after the other; how they moved is linear in time between control points.
    From the shift that `Direct` finds, all control points of a frame are solved together by the likelihood of all
    pixels. How fast the specimen moves within a frame, and how smoothly, is learned from a sample of the movie: where
    it stands still while a frame is scanned the result is that of translation, to the bit.

    Parameters
    ----------
    grid : float
        Lines from one control point to the next. Default 64; 16 for what moves to and fro within a frame.
    line_axis : {"x", "y"}
        The axis that a line runs along: rows (default) or columns.
    line_time : float, optional
        Seconds from one line to the next, by which frames are joined that follow each other; they are taken from the
        frame interval where nobody says so. 0: each frame by itself.
    max_shift : float or tuple of float, optional
        Largest displacement of any line in px, one for both axes or one each ``(y, x)``. Default: 45 % of the frame.
    cutoff : float
        Residual, in standard deviations, at which a pixel's weight falls to a quarter. Default 6.
    max_iterations : int
        Most steps at full resolution. Default 8.
    accuracy : float
        Stop when a step was below this share of the error bars. Default 1.

    Notes
    -----
    See `Piecewise`; control points are counted along the frame, not the reference, since a line has one time. Once all
    frames are known, their lines are one record in time, smoothed by a spline as stiff as the movie says; frames that
    contradict their neighbours stand by themselves.

    Examples
    --------
    >>> from holdstill.estimators import Lines
    >>> Lines(grid=16).motion
    'lines:16'
    """

    motions: ClassVar[tuple[str, ...]] = (LINES,)
    motion: str = LINES
    line_axis: str = "x"

    line_time: float | None = None

    def __post_init__(self) -> None:
        """Refuse a time that is not one."""
        super().__post_init__()
        if self.line_time is not None:
            check_line_time(self.line_time)

    @property
    def joins(self) -> bool:
        return bool(self.line_time)

    def join_frames(
        self, everything: Estimates, reference: Reference, times: FloatArray, shape: tuple[int, ...]
    ) -> tuple[Estimates, NDArray[np.bool_]]:
        """See `Estimator.join_frames`: a spline through the lines of all good frames."""
        motion: Any = find_motion(self.motion, shape)
        if everything.light is None or not reference.prior or not self.line_time:
            return super().join_frames(everything, reference, times, shape)
        axis = LINE_AXES[self.line_axis]
        step = motion.grid.spacings[axis]
        moments = times[:, None] / (step * self.line_time) + motion.grid.positions(axis) / step
        light = Light.unpack(everything.light, motion.grid.n_parameters)
        prior = make_prior(motion.grid, *reference.prior[:3])
        told = everything.good & (light.bands[..., -1].max(axis=1) > 0)
        found = join_lines(light, prior, moments, told)
        return _replace_joined(everything, found, motion), found.joined

    def _gather(self, state: PiecewiseState, fit: FieldFit, rows: NDArray[np.intp], n_frames: int) -> FloatArray | None:
        if not self.line_time or max(state.motion.grid.counts) < 2:
            return None
        light = find_light(state.solvers[-1], fit, self.cutoff).pack()
        found = np.zeros((n_frames, light.shape[1]))
        found[rows] = light
        return found

    def _name_motion(self) -> str:
        return name_lines(self.grid, self.line_axis)

    def _begin(self, state: PiecewiseState, shifts: FloatArray) -> FieldFit:
        """All of the motion is that of lines: control points stay with the frame."""
        fit = FieldFit.start(np.zeros_like(shifts), state.motion.grid, state.rigid.mean)
        fit.nodes[:] = np.tile(shifts, (1, fit.nodes.shape[1] // shifts.shape[1]))
        return fit


def check_line_time(seconds: Any) -> None:
    """Raise InputError unless it is a number of seconds, or 0."""
    if not isinstance(seconds, int | float | np.number) or not 0 <= seconds < np.inf:
        raise InputError(f"line_time is the number of seconds from one line to the next, not {seconds!r}")


def _replace_joined(everything: Estimates, found: Joined, motion: GridMotion) -> Estimates:
    """Estimates with the displacements of frames that were joined; bars shrink by what neighbours add.

    What control points cannot follow is as large as before.
    """
    rows = np.flatnonzero(found.joined)
    if not len(rows):
        return everything
    parameters, values = everything.parameters.copy(), everything.covariance.values.copy()
    shares = found.variances[rows] / found.own[rows]
    before = find_unfollowed(motion, parameters[rows]) ** 2
    parameters[rows] = move_to_reference(found.nodes[rows], np.zeros((len(rows), len(motion.grid.moved))), motion)
    covariance = everything.covariance.take(rows)
    noise = np.maximum(covariance.variances - before, 0) * shares + find_unfollowed(motion, parameters[rows]) ** 2
    values[rows] = covariance.scale(np.sqrt(noise / np.maximum(covariance.variances, 1e-300))).values
    return replace(everything, parameters=parameters, covariance=Covariance(everything.covariance.kind, values))
