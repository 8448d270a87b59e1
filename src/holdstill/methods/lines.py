"""Displacements of scan lines: what moves while a frame is scanned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from holdstill.contracts import FloatArray
from holdstill.methods.likelihood.field_newton import FieldFit
from holdstill.methods.piecewise import Piecewise, PiecewiseState
from holdstill.transforms.motions.lines import LINES, name_lines

__all__ = ["Lines"]


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
    See `Piecewise`; control points are counted along the frame, not the reference, since a line has one time.

    Examples
    --------
    >>> from holdstill.estimators import Lines
    >>> Lines(grid=16).motion
    'lines:16'
    """

    motions: ClassVar[tuple[str, ...]] = (LINES,)
    motion: str = LINES
    line_axis: str = "x"

    def _name_motion(self) -> str:
        return name_lines(self.grid, self.line_axis)

    def _begin(self, state: PiecewiseState, shifts: FloatArray) -> FieldFit:
        """All of the motion is that of lines: control points stay with the frame."""
        fit = FieldFit.start(np.zeros_like(shifts), state.motion.grid, state.rigid.mean)
        fit.nodes[:] = np.tile(shifts, (1, fit.nodes.shape[1] // shifts.shape[1]))
        return fit
