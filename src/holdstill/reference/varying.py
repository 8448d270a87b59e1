"""What stands still at a height of its own in each frame: a sensor that warms, a lamp that flickers behind dust.

Less its mean such a pattern leaves more of itself than a dim specimen shows, and holds all frames in place. But each
frame tells by all of its pixels how high it stands there: less the mean, as high as it fits, a steady rest is left,
which is told from the specimen as any pattern is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import FloatArray
from holdstill.reference.losses import is_better
from holdstill.reference.means import mean_known
from holdstill.reference.residuals import residuals
from holdstill.reference.separation import ROUNDS, Model, Solver, show

__all__ = ["find_beside_varying", "refine_beside_varying"]

Images = NDArray[np.float32]

# Standard deviation of most heights, as a share of their median, from which on it is asked, and the least of them: what
# is dark for once, or shows something else, does not vary, and is not to be ok because nothing of it is left.
VARIES, LEAST_HEIGHT = 0.05, 0.3
# The mean of frames holds the specimen, smeared, too. Less what was found of it, two movies at 20 photons and 5 came to
# 0.06 and 0.18 px, not 0.09 and 0.24; one of 16 frames at 10 photons to 0.21 px, not to 0.59 with half of them wrong.
TURNS = 8


def find_beside_varying(solver: Solver, frames: Images, others: FloatArray) -> tuple[Model, Images] | None:
    """What moves before something that varies in height, and that, of frames, (n, [z,] y, x).

    None where nothing surely does: `others`, (n,), are losses of what else explains frames, which has to be worse.
    """
    mean = mean_known(frames)
    heights = _measure_heights(frames, mean)
    middle = float(np.median(heights))
    if (
        not 1.4826 * float(np.median(np.abs(heights - middle))) > VARIES * middle
        or heights.min() < LEAST_HEIGHT * middle
    ):
        return None
    model = solver.solve(residuals(frames, mean[None]))
    found = None if model is None else refine_beside_varying(solver, frames, model, mean, ROUNDS)
    if found is None:
        return None
    losses, (model, varying) = np.full(len(frames), np.inf), found
    losses[model.rows] = solver.loss_of_model(residuals(frames, varying[None]), model)
    return found if is_better(losses, others) else None


def refine_beside_varying(
    solver: Solver, frames: Images, model: Model, varying: Images, rounds: int
) -> tuple[Model, Images] | None:
    """The model of frames, and what varies beside it, in turn; None where too few frames fit."""
    for _ in range(TURNS):
        rows, heights = model.rows, _measure_heights(frames[model.rows], varying)
        rest = frames[rows] - np.nan_to_num(show(solver.device, model.specimen, model.trajectory))
        # by least squares: where it is high there is more of it to be seen
        weights = (heights * heights.mean() / np.square(heights).mean()).astype(np.float32)
        varying = mean_known(rest * weights.reshape(-1, *(1,) * (frames.ndim - 1)))
        left = residuals(frames, varying[None])
        after = solver.refine(left, rows, model.trajectory, np.zeros_like(varying), rounds)
        if after is None:
            return None
        model = after
    return model, varying


def _measure_heights(frames: Images, varying: Images) -> FloatArray:
    """At what heights frames show it, (n,), on average 1."""
    shown = (frames - residuals(frames, varying[None])).reshape(len(frames), -1)
    heights = np.nanstd(shown, axis=1, dtype=np.float64)
    return np.asarray(heights / max(float(heights.mean()), 1e-12), np.float64)
