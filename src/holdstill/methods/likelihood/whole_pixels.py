"""Frames of few px at whole pixels on their reference: in which light they show it, whatever a row that was replaced.

Least squares are led by such a row: of a picture of 6 px it is a sixth of all, and may be darker than all the rest.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import FloatArray, Frames, Spline
from holdstill.devices.interpolation import SPLINE_PAD

__all__ = ["match_light"]

# which share of all pixels lies between the two of a pair
APART = (2, 3, 5)
LEAST_SEEN = 0.5
# where a row tells most of what there is to tell, the pairs that are right are not in the middle
QUANTILES = (0.25, 0.4, 0.5, 0.6, 0.75)


def match_light(spline: Spline, frames: Frames, shifts: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Gain and offset of frames, (n, [z,] y, x), beside a reference at whole `shifts`, (n, ndim); both (n,).

    By how differences of pairs of pixels compare with those in the reference (Theil 1950): the quantile of them, and
    the median of what it leaves, that leave fewest pixels. Gain one and offset zero where less than half of the
    reference is in view, or nothing is to be seen there.
    """
    image, gains, offsets = _sample(spline), np.ones(len(shifts)), np.zeros(len(shifts))
    for n in np.flatnonzero(np.isfinite(shifts).all(axis=1)):
        seen, shown = _overlap(image, np.asarray(frames[n], np.float64), shifts[n].astype(np.int64))
        known = np.isfinite(seen) & np.isfinite(shown)
        if known.sum() > LEAST_SEEN * image.size:
            gains[n], offsets[n] = _fit_line(seen[known], shown[known])
    return gains, offsets


def _sample(spline: Spline) -> FloatArray:
    """The reference at whole pixels, NaN where it does not count."""
    values = spline.coefficients.astype(np.float64)
    for axis in range(values.ndim):
        along = np.moveaxis(values, axis, 0)
        along = (along[:-2] + 4 * along[1:-1] + along[2:]) / 6
        values = np.moveaxis(along, 0, axis)
    rest = SPLINE_PAD - 1
    inside = values[(slice(rest, -rest),) * values.ndim]
    return np.where(spline.mask, inside, np.nan)


def _overlap(image: FloatArray, frame: FloatArray, shift: NDArray[np.int64]) -> tuple[FloatArray, FloatArray]:
    """What of a reference and of a frame, whose content moved by `shift`, lies on each other."""
    seen = tuple(slice(max(-s, 0), max(n - max(s, 0), 0)) for s, n in zip(shift, image.shape, strict=True))
    shown = tuple(slice(max(s, 0), max(n + min(s, 0), 0)) for s, n in zip(shift, image.shape, strict=True))
    return image[seen], frame[shown]


def _fit_line(seen: FloatArray, shown: FloatArray) -> tuple[float, float]:
    """Gain and offset that explain most of the pixels, (px,), however far off the others are."""
    parts = [len(seen) // part for part in APART]
    steps = np.concatenate([seen[k:] - seen[:-k] for k in parts if k])
    answers = np.concatenate([shown[k:] - shown[:-k] for k in parts if k])
    sizes = np.abs(steps)
    told = (sizes >= np.median(sizes)) & (sizes > 0)
    if not told.any():
        return 1.0, 0.0
    gains = np.quantile(answers[told] / steps[told], QUANTILES)
    left = shown - gains[:, None] * seen
    offsets = np.median(left, axis=1)
    best = np.sqrt(np.abs(left - offsets[:, None])).sum(axis=1).argmin()
    return float(gains[best]), float(offsets[best])
