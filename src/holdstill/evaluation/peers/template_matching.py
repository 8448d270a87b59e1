"""TemplateMatchingPy, template matching with a sub-pixel peak."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from templatematchingpy import AlignmentConfig, StackAligner

from holdstill.evaluation.peers.base import Peer

__all__ = ["TemplateMatching"]


@dataclass(frozen=True, kw_only=True)
class TemplateMatching(Peer):
    """``templatematchingpy.StackAligner``: the middle of the reference is looked for in the whole frame.

    Parameters
    ----------
    margin : float
        Width of the border that the template leaves out, as a fraction of the frame: no larger shift can be
        found.
    """

    margin: float = 0.25

    name = "TemplateMatchingPy"

    def estimate(self, reference: NDArray[Any], frames: NDArray[Any]) -> NDArray[np.float64]:
        aligner = StackAligner(AlignmentConfig(search_area=0, subpixel=True))
        (rows, columns), (y, x) = reference.shape, (round(self.margin * n) for n in reference.shape)
        box = (x, y, columns - 2 * x, rows - 2 * y)
        template = reference[y : rows - y, x : columns - x].copy()
        found = [aligner.align_slice(frame.copy(), template, box) for frame in frames]
        return np.array([(-dy, -dx) for dx, dy in found])

    def correct(self, frames: NDArray[Any], shifts: NDArray[np.float64]) -> NDArray[Any]:
        aligner = StackAligner(AlignmentConfig(search_area=0, subpixel=True))
        corrected = np.empty_like(frames)
        for frame, (dy, dx), target in zip(frames, shifts, corrected, strict=True):
            matrix = np.array([[1.0, 0.0, -dx], [0.0, 1.0, -dy], [0.0, 0.0, 1.0]], dtype=np.float32)
            target[:] = aligner.apply_translation(frame, matrix)
        return corrected
