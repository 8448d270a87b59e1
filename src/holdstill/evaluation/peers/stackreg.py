"""pystackreg, the Python port of StackReg/TurboReg."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pystackreg import StackReg

from holdstill.evaluation.peers.base import Peer, restore_dtype

__all__ = ["StackRegPeer"]


class StackRegPeer(Peer):
    """``pystackreg.StackReg`` for translations."""

    name = "pystackreg"

    def estimate(self, reference: NDArray[Any], frames: NDArray[Any]) -> NDArray[np.float64]:
        engine = StackReg(StackReg.TRANSLATION)
        matrices = [engine.register(reference.copy(), frame.copy()) for frame in frames]
        return np.array([(matrix[1, 2], matrix[0, 2]) for matrix in matrices])

    def correct(self, frames: NDArray[Any], shifts: NDArray[np.float64]) -> NDArray[Any]:
        engine = StackReg(StackReg.TRANSLATION)
        corrected = np.empty_like(frames)
        for frame, (dy, dx), target in zip(frames, shifts, corrected, strict=True):
            matrix = np.array([[1.0, 0.0, dx], [0.0, 1.0, dy], [0.0, 0.0, 1.0]])
            target[:] = restore_dtype(engine.transform(frame.copy(), tmat=matrix), frames.dtype)
        return corrected
