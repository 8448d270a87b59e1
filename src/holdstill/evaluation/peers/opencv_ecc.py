"""OpenCV ``findTransformECC``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from holdstill.evaluation.peers.opencv import OpenCVPeer

__all__ = ["OpenCVECC"]


@dataclass(frozen=True, kw_only=True)
class OpenCVECC(OpenCVPeer):
    """``cv2.findTransformECC`` for translations, started at zero shift; NaN where it does not converge.

    Parameters
    ----------
    iterations : int
        Largest number of iterations.
    epsilon : float
        Stop when the correlation coefficient grows by less.
    """

    iterations: int = 100
    epsilon: float = 1e-6

    name = "OpenCV findTransformECC"

    def estimate(self, reference: NDArray[Any], frames: NDArray[Any]) -> NDArray[np.float64]:
        criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, self.iterations, self.epsilon)
        template = reference.astype(np.float32)
        shifts = np.full((len(frames), 2), np.nan)
        for frame, shift in zip(frames, shifts, strict=True):
            warp = np.eye(2, 3, dtype=np.float32)
            moved = frame.astype(np.float32)
            try:
                _, found = cv2.findTransformECC(template, moved, warp, cv2.MOTION_TRANSLATION, criteria)
            except cv2.error:
                continue
            shift[:] = np.asarray(found)[[1, 0], 2]
        return shifts
