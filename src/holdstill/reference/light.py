"""How bright a specimen is from frame to frame, beside a pattern that does not follow: where it bleaches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import FloatArray

__all__ = ["Compared", "Light"]

Images = NDArray[np.float32]
# gain, its variance, mean of the specimen, mean of the frame
Compared = tuple[float, float, float, float]

# light varies if its gains do by so much more than noise alone would have them, and by so much at all
STEADY, STEADY_SD = 2.0, 1e-3
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

        `noise` is the variance of a pixel.
        """
        return cls.of([_compare(frame, model, noise) for frame, model in zip(frames, shown, strict=True)])

    @classmethod
    def of(cls, compared: Sequence[Compared], steady: float = STEADY) -> Light | None:
        """Of frames that were compared with the specimen one by one; None where light hardly varies.

        That is, by less than `steady` times the variance that noise has. Gains are drawn towards 1 as far as noise
        makes them vary.
        """
        gains, errors, shown, seen = np.array(compared, np.float64).reshape(-1, 4).T
        if not len(gains) or not np.isfinite(gains).all():
            return None
        middle, spread, chance = float(gains.mean()), float(gains.var()), float(errors.mean())
        if middle <= 0 or spread <= max(steady * chance, STEADY_SD**2):
            return None
        drawn = np.maximum(1 + (1 - chance / spread) * (gains / middle - 1), LEAST_GAIN)
        drawn /= drawn.mean()
        offsets = seen - drawn * middle * shown
        return cls(drawn, offsets - offsets.mean())

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


def _compare(frame: Images, model: Images, noise: float) -> Compared:
    """Gain of a frame beside the specimen as it shows it, its variance, and the mean of both; NaN of a flat specimen.

    `noise` is the variance of a pixel.
    """
    known = np.isfinite(frame) & np.isfinite(model)
    x, y = model[known].astype(np.float64), frame[known].astype(np.float64)
    power = float(((x - x.mean()) ** 2).sum()) if x.size else 0.0
    if power <= 0:
        return np.nan, np.nan, np.nan, np.nan
    return float((x - x.mean()) @ y) / power, noise / power, float(x.mean()), float(y.mean())


def _stretch(values: FloatArray, images: Images) -> NDArray[np.float32]:
    return values.astype(np.float32).reshape(-1, *(1,) * (images.ndim - 1))
