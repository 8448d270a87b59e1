"""Few pixels that disagree much can hold the cutoff of robust weights so wide that they count.

The cutoff is in units of what is left of the residuals, outliers and all: where an eighth of the pixels are as far off
as each other, none of them is beyond it.
"""

from __future__ import annotations

import numpy as np

from holdstill.contracts import Device, Frames
from holdstill.methods.likelihood.gauss_newton import Fit, Level, refine
from holdstill.methods.likelihood.warp_newton import WarpFit, refine_warps

__all__ = ["begin_tighter", "tighten", "tighten_warps"]

# residuals that noise explains need no second look
DOUBTFUL = 1.4
# a cutoff a fifth as wide to begin with; what is left must fall by so much
TIGHTER, FALLS = 25.0, 4.0
# and to what only pixels of one and the same picture leave: beside a pattern that warms up, a tight cutoff follows that
SAME = 0.25


def begin_tighter(fit: Fit | WarpFit) -> None:
    """Let the next step of a fit begin from a tighter cutoff, in place."""
    fit.chi_square /= TIGHTER
    fit.widening[:] = 1.0


def tighten(
    device: Device, level: Level, frames: Frames, fit: Fit, *, cutoff: float, max_iterations: int, accuracy: float
) -> None:
    """Begin again from a tighter cutoff, in place, those of the fits whose residuals become so much smaller by it."""
    rows = np.flatnonzero(np.isfinite(fit.chi_square) & (fit.chi_square > DOUBTFUL))
    if not len(rows):
        return
    closer = fit.rows(rows)
    begin_tighter(closer)
    refine(
        device, level, frames if len(rows) == len(frames) else frames[rows], closer, cutoff=cutoff,
        max_iterations=max_iterations, accuracy=accuracy,
    )  # fmt: skip
    better = (closer.chi_square < fit.chi_square[rows] / FALLS) & (closer.widening == 1)
    better &= closer.chi_square < SAME
    fit.replace_rows(rows[better], closer.rows(np.flatnonzero(better)))


def tighten_warps(
    device: Device, level: Level, frames: Frames, fit: WarpFit, *, cutoff: float, max_iterations: int, accuracy: float
) -> None:
    """Begin again from a tighter cutoff, in place, those of the fits whose residuals become so much smaller by it.

    What is left of them need not be noise: one image may be the other in another light.
    """
    closer = fit.rows(np.arange(len(fit.chi_square)))
    begin_tighter(closer)
    refine_warps(device, level, frames, closer, cutoff=cutoff, max_iterations=max_iterations, accuracy=accuracy)
    better = np.flatnonzero((closer.chi_square < fit.chi_square / FALLS) & (closer.widening == 1))
    fit.replace_rows(better, closer.rows(better))
