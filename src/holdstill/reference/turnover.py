"""Whether content is the same from the first frame to the last: aligned frames agree alike however far apart they lie.

Where content comes and goes, frames that follow each other agree and frames far apart do not, and a template holds what
no frame shows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Chunk, Device, FloatArray, Verdict
from holdstill.methods.likelihood.likeness import pass_band
from holdstill.reference.cropping import crop_to_middle
from holdstill.reference.learning import Alignment
from holdstill.reference.sample import Sample

__all__ = ["Comparing", "compare_over_lags"]

LEAST_FRAMES, MOST_FRAMES, SEEN_PX = 12, 24, 768**2
# share of the pixels that all of the frames have to show
LEAST_SHOWN = 0.15
# Frames a quarter of the movie apart or more agree by so much less than neighbours: by a factor of 0.54 at worst where
# cells flash, debris passes by and light bleaches, 0.02 to 0.07 where content was exchanged.
LITTLE, SURELY = 0.35, 6.0
PARTS = 4
# of so many px of each frame products are summed at a time
PART_PX = 1 << 12


@dataclass(frozen=True, eq=False)
class Comparing:
    """Job that compares frames of an aligned sample with each other; CONTENT_CHANGED if content does not stay."""

    sample: Sample
    found: Alignment
    device: Device

    def __call__(self, everything: Chunk) -> Verdict | None:
        if len(self.found.rows) < LEAST_FRAMES or len(self.sample.frame_shape) != 2:
            return None
        sample, found, _ = crop_to_middle(self.sample, self.found, SEEN_PX, MOST_FRAMES)
        chosen = np.unique(np.linspace(0, len(found.rows) - 1, MOST_FRAMES).astype(int))
        if len(chosen) < LEAST_FRAMES:
            return None
        aligned = np.empty((len(chosen), *sample.frame_shape), np.float32)
        # one at a time: memory touched for the first time cost three times the work
        for one, row in zip(aligned, chosen, strict=True):
            found.trajectory.part([row]).resample(
                self.device, pass_band(sample.read(found.rows[[row]])), interpolation="linear", edge="constant",
                fill=np.nan, out=one[None],
            )  # fmt: skip
        known = np.isfinite(aligned).all(axis=0)
        if known.mean() < LEAST_SHOWN:
            return None
        near, far = compare_over_lags(aligned[:, known])
        # of the band that is left a ninth of the pixels are independent
        is_sure = near > SURELY / np.sqrt(known.sum() / 9 * len(chosen))
        return Verdict.CONTENT_CHANGED if is_sure and far.min() < LITTLE * near else None


def compare_over_lags(frames: NDArray[np.floating]) -> tuple[float, FloatArray]:
    """Mean correlation of neighbours, and of frames at each further quarter of the movie apart, (3,), of (n, px)."""
    correlations = _correlate(frames)
    one, other = np.triu_indices(len(frames), 1)
    lags, values = other - one, np.nan_to_num(correlations[one, other])
    part = np.minimum(lags * PARTS // len(frames), PARTS - 1)
    return float(values[lags == 1].mean()), np.array([values[part == number].mean() for number in range(1, PARTS)])


def _correlate(frames: NDArray[np.floating]) -> FloatArray:
    """Correlations of all pairs of frames, (n, px), as `corrcoef` has them, part by part: a copy of all took longer."""
    middle, products = frames.mean(axis=1, dtype=np.float64), np.zeros((len(frames), len(frames)))
    for start in range(0, frames.shape[1], PART_PX):
        part = frames[:, start : start + PART_PX] - middle[:, None]
        products += part @ part.T
    spread = np.sqrt(np.diag(products))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(products / spread / spread[:, None], np.float64)
