"""How bright a specimen is from frame to frame, beside a pattern that does not follow: where it bleaches."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import FloatArray

__all__ = ["Light"]

Images = NDArray[np.float32]

# light varies if its gains do by so much more than noise alone would have them
STEADY = 2.0
# a specimen that has all but gone tells nothing of itself
LEAST_GAIN = 0.05


@dataclass(frozen=True, eq=False)
class Light:
    """Gain and offset of each frame, (n,): ``frame = gain * specimen + offset``; gains are 1 on average."""

    gains: FloatArray
    offsets: FloatArray

    @classmethod
    def measure(cls, frames: Images, shown: Images, noise: float) -> Light | None:
        """By least squares beside the specimen as each frame shows it, (n, ...); None where it hardly varies.

        `noise` is the variance of a pixel. Gains are drawn towards 1 as far as noise makes them vary.
        """
        gains, errors, offsets = (np.zeros(len(frames)) for _ in range(3))
        for n, (frame, model) in enumerate(zip(frames, shown, strict=True)):
            known = np.isfinite(frame) & np.isfinite(model)
            x, y = model[known].astype(np.float64), frame[known].astype(np.float64)
            power = float(((x - x.mean()) ** 2).sum()) if x.size else 0.0
            if power <= 0:
                return None
            gains[n], errors[n] = float((x - x.mean()) @ y) / power, noise / power
            offsets[n] = y.mean() - gains[n] * x.mean()
        middle, spread, chance = float(gains.mean()), float(gains.var()), float(errors.mean())
        if middle <= 0 or spread < STEADY * chance:
            return None
        drawn = np.maximum(1 + (1 - chance / spread) * (gains / middle - 1), LEAST_GAIN)
        return cls(drawn / drawn.mean(), offsets - offsets.mean())

    def remove_offsets(self, frames: Images) -> Images:
        """Frames, (n, ...), less theirs."""
        return np.ascontiguousarray(frames - _stretch(self.offsets, frames), np.float32)

    def apply(self, shown: Images) -> Images:
        """The specimen, (n, ...), as bright as each frame shows it."""
        return np.asarray(_stretch(self.gains, shown) * shown + _stretch(self.offsets, shown), np.float32)

    def average(self, aligned: Images) -> Images:
        """The specimen as aligned frames, (n, ...), show it; bright ones tell more of it."""
        known = np.isfinite(aligned)
        weights = _stretch(self.gains, aligned)
        total = np.where(known, aligned * weights, 0).sum(axis=0, dtype=np.float64)
        power = (known * weights**2).sum(axis=0, dtype=np.float64)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.asarray(np.where(power > 0, total / power, np.nan), np.float32)


def _stretch(values: FloatArray, images: Images) -> NDArray[np.float32]:
    return values.astype(np.float32).reshape(-1, *(1,) * (images.ndim - 1))
