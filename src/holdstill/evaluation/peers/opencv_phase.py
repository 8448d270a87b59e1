"""OpenCV ``phaseCorrelate`` with its Hann window."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from holdstill.evaluation.peers.opencv import OpenCVPeer

__all__ = ["OpenCVPhase"]


class OpenCVPhase(OpenCVPeer):
    """``cv2.phaseCorrelate``, which multiplies the window into its inputs: each call gets copies of its own."""

    name = "OpenCV phaseCorrelate"

    def estimate(self, reference: NDArray[Any], frames: NDArray[Any]) -> NDArray[np.float64]:
        window = cv2.createHanningWindow((reference.shape[1], reference.shape[0]), cv2.CV_32F)
        shifts = np.empty((len(frames), 2))
        for frame, shift in zip(frames, shifts, strict=True):
            (dx, dy), _ = cv2.phaseCorrelate(reference.astype(np.float32), frame.astype(np.float32), window)
            shift[:] = dy, dx
        return shifts
