"""Whether frames before and after a jump show it themselves, beside each other.

Where content comes and goes a template may hold two images of it far apart, and each frame fits the one that it is part
of: the movie seems to jump by half a frame. Where it did, means of the frames on either side tell so without any
template, better than single frames do with one.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Chunk, Device, Estimator, FloatArray, Reference, Verdict
from holdstill.reference.learning import Alignment
from holdstill.reference.means import mean_known
from holdstill.reference.prepared import PreparedEstimator
from holdstill.reference.sample import Sample
from holdstill.reference.separation import show
from holdstill.reference.to_and_fro import MOSTLY, measure_share_of_a_spot, returns_often
from holdstill.transforms.middle import find_middle
from holdstill.transforms.repair import find_jumps
from holdstill.transforms.trajectory import Trajectory

__all__ = ["Jumping"]

# frames on either side whose mean is looked at, and the fewest that make one
MOST_BESIDE, LEAST_BESIDE, SEEN_PX = 8, 3, 768**2
# frames of a movie that goes to and fro of which it is asked what they see of the template
MOST_SHOWN = 24
# how far the jump may be from what its frames say, px and error bars
FAR_PX, FAR = 2.0, 6.0


@dataclass(frozen=True, eq=False)
class Jumping:
    """Job: CONTENT_CHANGED if frames on either side of a jump, compared with each other, do not show it.

    Or if they jump to and fro between few places, and all that tells places is one spot.
    """

    sample: Sample
    found: Alignment
    estimator: Estimator
    device: Device

    def __call__(self, everything: Chunk) -> Verdict | None:
        found, ndim = self.found, len(self.sample.frame_shape)
        is_shift = found.trajectory.motion.count_parameters(ndim) == ndim
        if not is_shift or found.reference.noise is None or len(found.trajectory) != len(found.rows):
            return None
        shifts = found.trajectory.shifts
        if ndim == 2 and returns_often(shifts) and self._measure_share_of_a_spot() > MOSTLY:
            return Verdict.CONTENT_CHANGED
        after = find_jumps(shifts, np.zeros_like(shifts), np.ones(len(shifts), bool))
        parts = np.split(np.arange(len(shifts)), np.flatnonzero(after))
        parts = [part for part in parts if len(part) >= LEAST_BESIDE]
        told = (self._lacks_support(one[-MOST_BESIDE:], other[:MOST_BESIDE]) for one, other in pairwise(parts))
        return Verdict.CONTENT_CHANGED if any(told) else None

    def _measure_share_of_a_spot(self) -> float:
        """Of what frames see of the template, the share within one window; median of some of them."""
        rows = np.unique(np.linspace(0, len(self.found.rows) - 1, MOST_SHOWN).astype(np.intp))
        models = show(self.device, self.found.reference.image, self.found.trajectory.part(rows))
        return float(np.median([measure_share_of_a_spot(model) for model in models]))

    def _lacks_support(self, before: NDArray[np.intp], behind: NDArray[np.intp]) -> bool:
        (image, one), (frame, other) = self._average(before), self._average(behind)
        reference = Reference(image=image, noise=self.found.reference.noise, n_averaged=float(len(before)))
        estimates = PreparedEstimator(self.estimator, reference, self.device).estimate(frame[None])
        if not estimates.good[0]:
            return True
        off = np.abs(estimates.parameters[0] - (other - one))
        return bool((off > np.maximum(FAR_PX, FAR * estimates.errors[0])).any())

    def _average(self, rows: NDArray[np.intp]) -> tuple[NDArray[np.float32], FloatArray]:
        """Mean of the middle of frames, each moved to where most of them are, and where that is, px."""
        box, shifts = find_middle(self.sample.frame_shape, SEEN_PX), self.found.trajectory.shifts[rows]
        frames = self.sample.read(self.found.rows[rows])[(slice(None), *box)].astype(np.float32)
        most: FloatArray = np.median(shifts, axis=0)
        aligned = np.empty_like(frames)
        Trajectory.of("translation", shifts - most, frames.shape[1:]).resample(
            self.device, frames, interpolation="linear", edge="constant", fill=np.nan, out=aligned
        )
        return mean_known(aligned), most
