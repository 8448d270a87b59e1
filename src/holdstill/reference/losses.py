"""Which of two models explains frames better that neither was made of: by more than chance, and most of the frames."""

from __future__ import annotations

import numpy as np

from holdstill.contracts import FloatArray

__all__ = ["GAIN", "LEAST_FRAMES", "LIKELY", "SURELY", "count_sigmas", "is_better"]

# fewer tell nothing
LEAST_FRAMES = 8
# A model is taken if it lowers the loss by so much, and by so many standard errors; on clean movies pattern and
# specimen together raise it by 0.003.
GAIN, SURELY, LIKELY = 0.002, 5.0, 2.0
# a frame with a flash, or one that is lost, does not decide for the others
MOST_DEVIATIONS = 3.0


def is_better(losses: FloatArray, others: FloatArray, surely: float = SURELY, least: float = GAIN) -> bool:
    """Whether losses of most frames are lower than others by more than chance, where both are known."""
    known = np.isfinite(losses) & np.isfinite(others)
    gain = others[known] - losses[known]
    if len(gain) < LEAST_FRAMES:
        return bool(np.isfinite(losses).sum() >= LEAST_FRAMES > np.isfinite(others).sum())
    gain = _clip(gain)
    return bool(gain.mean() > max(least, surely * gain.std() / np.sqrt(len(gain))))


def count_sigmas(gain: FloatArray) -> float:
    """Standard errors of the mean gain."""
    gain = _clip(gain)
    return float(gain.mean()) / max(float(gain.std()) / float(np.sqrt(len(gain))), 1e-12)


def _clip(gain: FloatArray) -> FloatArray:
    middle = np.median(gain)
    far = MOST_DEVIATIONS * 1.4826 * np.median(np.abs(gain - middle))
    return np.asarray(np.clip(gain, middle - far, middle + far), np.float64)
