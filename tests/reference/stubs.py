"""Frames that say how far they moved, and an estimator that reads it: what is done with estimates, without pixels."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from holdstill.contracts import Covariance, Device, Estimates, Estimator, Frames, Reference, Verdict
from holdstill.io.array import ArraySource

SHAPE = (6, 7)
BLANK = -1000.0


def make_source(places: list[float]) -> ArraySource:
    """Frames whose every pixel is the place of the frame."""
    frames = np.ones((len(places), *SHAPE), np.float32) * np.array(places, np.float32)[:, None, None]
    return ArraySource(frames, axes="TYX")


@dataclass(frozen=True, kw_only=True)
class Reader(Estimator):
    """The shift is how much brighter a frame is than the reference; its error 0.1 px along y and 0.2 along x.

    A frame is good if it is not `BLANK` and at most `reach` brighter or darker than the reference.
    """

    motions: ClassVar[tuple[str, ...]] = ("translation",)
    reach: float = np.inf

    def prepare(self, reference: Reference, device: Device) -> Any:
        """See `Estimator.prepare`."""
        return float(np.nanmedian(reference.image))

    def estimate(self, state: Any, frames: Frames, device: Device) -> Estimates:
        """See `Estimator.estimate`."""
        level = np.median(frames.reshape(len(frames), -1), axis=1).astype(float)
        steps = np.where(level == BLANK, np.nan, level - state)
        good = np.abs(steps) <= self.reach
        verdicts = tuple(
            Verdict.OK if ok else Verdict.BLANK if np.isnan(step) else Verdict.MISMATCH
            for ok, step in zip(good, steps, strict=True)
        )
        errors = np.tile([0.1, 0.2], (len(level), 1))
        return Estimates(
            parameters=np.stack([steps, -steps], axis=1), covariance=Covariance.of_errors(errors),
            scores=np.where(good, 0.9, 0.1), verdicts=verdicts,
        )  # fmt: skip
