"""What a registration made of a scene: frames wrong and called ok, frames refused without need, error bars."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from holdstill.evaluation.stress.base import FloatArray, StressScene

__all__ = ["Score", "score"]

WRONG_PX, WRONG_SIGMAS = 0.3, 3.0
# error of a parameter that is held, as the shift along z of a single plane
HELD = 1e-9


@dataclass(frozen=True, kw_only=True)
class Score:
    """Counts over one movie.

    Attributes
    ----------
    misses : int
        Frames called ok that are more than 0.3 px and more than three stated standard deviations off.
    ok : int
        Frames called ok.
    refused : int
        Good frames that are not ok.
    good : int
    z_sd : float
        Standard deviation of error over stated error of the frames called ok.
    rmse, raw : float
        Px per axis over all good frames, corrected (refused ones with what they were given) and left alone.
    bound : float
        What the photons of an undisturbed frame allow, px.
    """

    misses: int
    ok: int
    refused: int
    good: int
    z_sd: float
    rmse: float
    raw: float
    bound: float

    @property
    def is_worse_than_raw(self) -> bool:
        """Whether the movie had better been left alone."""
        return bool(self.rmse > 1.02 * self.raw and self.rmse > 2 * self.bound)


def score(scene: StressScene, shifts: FloatArray, errors: FloatArray, ok: NDArray[np.bool_]) -> Score:
    """Judge shifts (T, ndim), their stated errors and which frames are called ok; the origin is free.

    Where errors are relative to a frame, which has none then, that frame is the origin.
    """
    off = shifts[:, None] - scene.truth
    trusted = ok if ok.any() else np.ones(len(ok), bool)
    exact = trusted & (errors <= HELD).all(axis=1)
    off = off - _middle(off[exact if exact.any() else trusted])
    raw = -scene.truth - _middle(-scene.truth[scene.good if scene.good.any() else trusted])
    with np.errstate(invalid="ignore", divide="ignore"):
        sigmas, z = np.abs(off) / errors[:, None], (off.mean(axis=1) / errors)[ok & scene.good]
    wrong = ok & ((np.abs(off) > WRONG_PX) & ~(sigmas <= WRONG_SIGMAS)).any(axis=(1, 2))
    z = z[np.isfinite(z) & (errors > HELD)[ok & scene.good]]
    return Score(
        misses=int(wrong.sum()), ok=int(ok.sum()), refused=int((scene.good & ~ok).sum()), good=int(scene.good.sum()),
        z_sd=float(np.sqrt(np.mean((z - np.median(z)) ** 2))) if len(z) > 2 else float("nan"),
        rmse=_spread(off, scene.good), raw=_spread(raw, scene.good), bound=scene.bound,
    )  # fmt: skip


def _middle(values: FloatArray) -> FloatArray:
    middle: FloatArray = np.median(values.mean(axis=1), axis=0)
    return middle


def _spread(off: FloatArray, rows: NDArray[np.bool_]) -> float:
    """Root mean square over good frames, places and axes, about the mean."""
    if not rows.any():
        return float("nan")
    chosen = off[rows]
    return float(np.sqrt(np.mean((chosen - chosen.mean(axis=(0, 1))) ** 2)))
