"""What was found of a sample without a pattern: how it compares with what is found beside one, and whether it rests."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Chunk, Device, Estimator, FloatArray
from holdstill.reference.learning import Alignment
from holdstill.reference.losses import LEAST_FRAMES
from holdstill.reference.sample import Sample
from holdstill.reference.separation import Model, Solver
from holdstill.reference.widening import Widening
from holdstill.transforms.trajectory import Trajectory

__all__ = ["Unseparated"]

STILL_PX = 1.0
# Shifts of movies that stand still scatter by 0.55 to 0.85 of their error bars, as each frame is part of its template
# (8 movies); those of a pattern that a specimen moves beside by 1.4 to 3.9 in four of six. Real specimens tremble: a
# corrected movie of a brain by 0.04 px, more than its error bars say.
WANDERS, TREMBLES_PX = 1.4, 0.05


@dataclass(frozen=True, eq=False)
class Unseparated:
    """A sample that was aligned as if nothing stood still in the frame."""

    sample: Sample
    found: Alignment
    estimator: Estimator
    device: Device

    def measure_losses(self, solver: Solver, rows: NDArray[np.int64], frames: NDArray[np.float32]) -> FloatArray:
        """Losses of frames, (n,), beside the specimen as it was found without a pattern; infinite where it was not."""
        alone, among = np.full(len(rows), np.inf), np.isin(self.found.rows, rows)
        if among.sum() >= LEAST_FRAMES:
            fitting = np.isin(rows, self.found.rows[among])
            trajectory = self.found.trajectory.part(np.flatnonzero(among))
            alone[fitting] = solver.loss_of_specimen(frames[fitting], trajectory)
        return alone

    def moves_alike(self, model: Model, rows: NDArray[np.int64]) -> bool:
        """Whether the frames moved as was found without a pattern, the common part apart; not where little was."""
        if len(self.found.trajectory) != len(self.found.rows) or len(self.found.rows) < LEAST_FRAMES:
            return False
        apart = self._find_apart(model, rows)
        return bool(len(apart) and np.median(np.abs(apart).max(axis=1)) < STILL_PX)

    def _find_apart(self, model: Model, rows: NDArray[np.int64]) -> FloatArray:
        """By how many px frames lie apart with and without a pattern, (n, ndim), the common part taken off."""
        both = np.intersect1d(rows[model.rows], self.found.rows)
        mine = model.trajectory.shifts[np.isin(rows[model.rows], both)]
        apart = mine - self.found.trajectory.shifts[np.isin(self.found.rows, both)]
        return apart - np.median(apart, axis=0) if len(both) else apart

    def count_bars_apart(self, model: Model, rows: NDArray[np.int64]) -> float:
        """By how many typical error bars frames lie apart with and without a pattern."""
        errors, px = self._measure_errors(), self.measure_apart(model, rows)
        if errors is None:
            return 0.0
        bar = float(np.sqrt(np.mean(np.median(errors, axis=0)[-2:] ** 2)))
        return px / bar if bar > 0 else 0.0

    def measure_apart(self, model: Model, rows: NDArray[np.int64]) -> float:
        """By how many px, root mean square, frames lie apart with and without a pattern; 0 where nobody knows."""
        if len(self.found.trajectory) != len(self.found.rows):
            return 0.0
        apart = self._find_apart(model, rows)
        px = float(np.sqrt(np.mean(apart[:, -2:] ** 2))) if len(apart) else 0.0
        return px if np.isfinite(px) else 0.0

    def stands_still(self) -> bool:
        """Whether frames were found in one place: a specimen that stays and shines on its own is not doubted."""
        return bool(np.ptp(self.found.trajectory.shifts, axis=0).max() < STILL_PX)

    def _measure_errors(self) -> FloatArray | None:
        """Error bars of the shifts of frames that fit, (n, ndim) px, as their pixels alone would have them."""
        estimates, rows = self.found.estimates, self.found.rows
        if estimates is None or len(estimates) != len(self.sample) or not len(rows):
            return None
        trajectory = Trajectory.of(self.estimator.motion, estimates.parameters[rows], self.sample.frame_shape)
        return trajectory.shift_errors(estimates.errors[rows])

    def wanders(self) -> bool:
        """Whether frames that the mean explains as well scatter more than their error bars say: something pulls."""
        errors, ndim = self._measure_errors(), len(self.sample.frame_shape)
        if errors is None or len(errors) != len(self.found.trajectory):
            return False
        off = self.found.trajectory.shifts - np.median(self.found.trajectory.shifts, axis=0)
        widening = Widening(self.sample, self.found, self.device)(Chunk(0, 1))
        with np.errstate(invalid="ignore", divide="ignore"):
            bars = np.maximum(widening * errors, TREMBLES_PX)
            spread = np.nanstd(np.where(errors > 0, off / bars, np.nan)[:, -min(ndim, 2) :], axis=0)
        return bool((spread > WANDERS).any())
