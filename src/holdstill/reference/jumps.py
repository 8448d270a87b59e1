"""Whether frames before and after a jump show it themselves, beside each other.

Where content comes and goes a template may hold two images of it far apart, and each frame fits the one that it is part
of: the movie seems to jump by half a frame. Where it did, means of the frames on either side tell so without any
template, better than single frames do with one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Chunk, Device, Estimator, FloatArray, Reference, Verdict
from holdstill.reference.cropping import crop_to_middle
from holdstill.reference.learning import Alignment
from holdstill.reference.means import mean_known
from holdstill.reference.prepared import PreparedEstimator
from holdstill.reference.sample import Sample
from holdstill.transforms.repair import find_jumps

__all__ = ["Jumping"]

# frames on either side whose mean is looked at, and the fewest that make one
MOST_BESIDE, LEAST_BESIDE, SEEN_PX = 8, 3, 768**2
# how far the jump may be from what its frames say, px and error bars
FAR_PX, FAR = 2.0, 6.0


@dataclass(frozen=True, eq=False)
class Jumping:
    """Job: CONTENT_CHANGED if frames on either side of a jump, compared with each other, do not show it."""

    sample: Sample
    found: Alignment
    estimator: Estimator
    device: Device

    def __call__(self, everything: Chunk) -> Verdict | None:
        sample, found, _ = crop_to_middle(self.sample, self.found, SEEN_PX)
        ndim = len(sample.frame_shape)
        is_shift = found.trajectory.motion.count_parameters(ndim) == ndim
        is_asked = is_shift and found.reference.noise is not None
        if not is_asked or len(found.trajectory) != len(found.rows):
            return None
        shifts = found.trajectory.shifts
        after = find_jumps(shifts, np.zeros_like(shifts), np.ones(len(shifts), bool))
        parts = np.split(np.arange(len(shifts)), np.flatnonzero(after))
        parts = [part for part in parts if len(part) >= LEAST_BESIDE]
        told = (
            self._lacks_support(sample, found, before[-MOST_BESIDE:], behind[:MOST_BESIDE])
            for before, behind in pairwise(parts)
        )
        return Verdict.CONTENT_CHANGED if any(told) else None

    def _lacks_support(
        self, sample: Sample, found: Alignment, before: NDArray[np.intp], behind: NDArray[np.intp]
    ) -> bool:
        shifts = found.trajectory.shifts
        reference = Reference(
            image=self._average(sample, found, before), noise=found.reference.noise, n_averaged=float(len(before))
        )
        frame = self._average(sample, found, behind)[None]
        estimates = PreparedEstimator(self.estimator, reference, self.device).estimate(frame)
        if not estimates.good[0]:
            return True
        claimed = np.median(shifts[behind], axis=0) - np.median(shifts[before], axis=0)
        off = np.abs(estimates.parameters[0] - claimed)
        return bool((off > np.maximum(FAR_PX, FAR * estimates.errors[0])).any())

    def _average(self, sample: Sample, found: Alignment, rows: NDArray[np.intp]) -> NDArray[np.float32]:
        """Mean of frames, each moved to where most of them are."""
        frames = sample.read(found.rows[rows]).astype(np.float32)
        trajectory = found.trajectory.part(rows)
        most: FloatArray = np.median(trajectory.shifts, axis=0)
        aligned = np.empty_like(frames)
        replace(trajectory, parameters=trajectory.parameters - most).resample(
            self.device, frames, interpolation="linear", edge="constant", fill=np.nan, out=aligned
        )
        return mean_known(aligned)
