"""What is told of motion along principal components; `principal` measures it, whose libraries are slow to import."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["LEAST_FRAMES", "MOST_FRAMES", "MOST_PIXELS", "PcShifts"]

# as suite2p: at least so many frames
LEAST_FRAMES = 1500
# what is looked at, as float32: 120 MB, and some seconds of processor for raw and corrected
MOST_FRAMES, MOST_PIXELS = 1500, 20_000


@dataclass(frozen=True, kw_only=True, eq=False)
class PcShifts:
    """Motion along the principal components of a movie, before and after it was corrected.

    Attributes
    ----------
    before, after : ndarray of float64, (30,)
        Distance in px between the means of the 300 frames at both ends of each component, strongest first. NaN where
        they do not show the same thing.
    n_frames : int
        Frames that were looked at.
    bin : int
        Pixels along each axis that became one.
    """

    before: NDArray[np.float64]
    after: NDArray[np.float64]
    n_frames: int
    bin: int
