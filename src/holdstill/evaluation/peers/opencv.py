"""What both peers made of OpenCV share: resampling by ``warpAffine``."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from holdstill.evaluation.peers.base import Peer

__all__ = ["OpenCVPeer"]

FloatArray = NDArray[np.float64]
Frames = NDArray[Any]


class OpenCVPeer(Peer):
    """Corrects by ``cv2.warpAffine`` with linear interpolation, which rounds coordinates to 1/32 px."""

    def correct(self, frames: Frames, shifts: FloatArray) -> Frames:
        corrected = np.empty_like(frames)
        size = (frames.shape[2], frames.shape[1])
        flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        for frame, (dy, dx), target in zip(frames, shifts, corrected, strict=True):
            target[:] = cv2.warpAffine(frame, np.array([[1.0, 0.0, dx], [0.0, 1.0, dy]]), size, flags=flags)
        return corrected
