"""imreg_dft, phase correlation with a sub-pixel centroid."""

from __future__ import annotations

from typing import Any

import imreg_dft
import numpy as np
from numpy.typing import NDArray

from holdstill.evaluation.peers.base import Peer, restore_dtype

__all__ = ["ImregDFT"]


class ImregDFT(Peer):
    """``imreg_dft.translation`` with frames turned by 180 degrees ruled out (``odds=0``)."""

    name = "imreg_dft"

    def estimate(self, reference: NDArray[Any], frames: NDArray[Any]) -> NDArray[np.float64]:
        template = reference.astype(np.float64)
        found = [imreg_dft.translation(template.copy(), frame.astype(np.float64), odds=0)["tvec"] for frame in frames]
        return -np.array(found, dtype=np.float64)

    def correct(self, frames: NDArray[Any], shifts: NDArray[np.float64]) -> NDArray[Any]:
        corrected = np.empty_like(frames)
        for frame, shift, target in zip(frames, shifts, corrected, strict=True):
            moved = imreg_dft.transform_img(frame.astype(np.float64), tvec=-shift)
            target[:] = restore_dtype(moved, frames.dtype)
        return corrected
