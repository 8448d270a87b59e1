"""Error bars, measured: what neighbouring pixels share makes them too small, and one factor a movie makes up for it.

The covariance of a fit says what independent pixels would allow. Where noise is correlated (smoothed, compressed,
interpolated frames), or a part of the specimen does as it likes, the sums that the fit sets to zero vary more from tile
to tile than their pixels explain. How much more is the factor: a sandwich covariance (White 1982) clustered by tiles.
Where the spectrum of the noise says more, the factor lies between the two.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Chunk, Device, FloatArray, NoiseModel
from holdstill.methods.likelihood.denoise import measure_colour
from holdstill.reference.cropping import crop_to_middle
from holdstill.reference.learning import Alignment
from holdstill.reference.sample import Sample
from holdstill.reference.sandwich import sandwich_ratios

__all__ = ["SEEN_PX", "Widening", "choose_tiles", "combine_ratios"]

# px along an edge of a tile; larger ones are taken while the error grows by more than a tenth
TILES = (16, 32)
GROWTH = 1.1
LEAST_TILES = 12
# so many tiles in all tell the factor to 3 %; frames beyond them are not looked at
ENOUGH = 2000
MOST_FRAMES, LEAST_FRAMES, SEEN_PX = 32, 3, 768**2
SURELY = 2.0
# of white noise 0.85 to 1.07
COLOURED = 1.1


@dataclass(frozen=True, eq=False)
class Widening:
    """Job that measures by how much the error bars of a sample are to be widened; 1 where nothing shows."""

    sample: Sample
    found: Alignment
    device: Device

    def __call__(self, everything: Chunk) -> float:
        if np.prod(self.sample.frame_shape) > SEEN_PX:
            sample, found, _ = crop_to_middle(self.sample, self.found, SEEN_PX, MOST_FRAMES)
            return replace(self, sample=sample, found=found)(everything)
        shape, rows = self.sample.frame_shape, self.found.rows
        sizes = choose_tiles(shape)
        per_frame = float(np.prod([max(n // sizes[0], 1) for n in shape]))
        n = int(min(len(rows), MOST_FRAMES, max(LEAST_FRAMES, ENOUGH / per_frame)))
        if n < LEAST_FRAMES or self.found.reference.noise is None:
            return 1.0
        chosen = np.unique(np.linspace(0, len(rows) - 1, n).astype(int))
        images = self._make_images()
        ratios = np.array([self._ratios(images, int(one), sizes) for one in chosen])
        measured, colour = combine_ratios(ratios), measure_colour(self.found.reference)
        # two measurements of one thing where it is the noise; tiles alone see what moves on its own
        return measured if colour is None or colour < max(measured, COLOURED) else float(np.sqrt(measured * colour))

    def _make_images(self) -> NDArray[np.float32]:
        """The reference and its derivatives."""
        image = self.found.reference.image
        known = np.isfinite(image)
        filled = np.where(known, image, 0)
        parts = [np.where(known, image, np.nan)]
        parts += [np.gradient(filled, axis=axis) for axis in range(image.ndim) if image.shape[axis] > 1]
        return np.ascontiguousarray(np.stack(parts), np.float32)

    def _ratios(self, images: NDArray[np.float32], one: int, sizes: list[int]) -> list[FloatArray]:
        """Variance that tiles show over what pixels say, of each shift, for each size of tile."""
        moved = np.empty_like(images)
        same = self.found.trajectory.part([one] * len(images))
        same.resample_back(self.device, images, fill=np.nan, out=moved)
        frame = self.sample.read(self.found.rows[one : one + 1])[0].astype(np.float64)
        noise = self.found.reference.noise or NoiseModel()
        return sandwich_ratios(frame, moved[0], moved[1:], noise, sizes)


def choose_tiles(shape: tuple[int, ...]) -> list[int]:
    """Edges of tiles, px, that leave enough of them in frames of a shape."""
    sizes = [size for size in TILES if np.prod([max(n // size, 1) for n in shape]) >= LEAST_TILES]
    return sizes or [max(2, min(shape[-2:]) // 4)]


def combine_ratios(ratios: FloatArray) -> float:
    """One factor for standard deviations from ratios of variances, (frames, sizes, axes)."""
    per_frame = np.nanmean(ratios, axis=2)
    per_frame = per_frame[np.isfinite(per_frame).all(axis=1)]
    if len(per_frame) < LEAST_FRAMES:
        return 1.0
    means = per_frame.mean(axis=0)
    best = 0
    while best + 1 < len(means) and means[best + 1] > GROWTH * means[best]:
        best += 1
    doubt = per_frame[:, best].std(ddof=1) / np.sqrt(len(per_frame))
    return float(np.sqrt(means[best])) if means[best] - 1 > SURELY * doubt else 1.0
