"""The face that every peer shows, and the steps that they share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

__all__ = ["Peer", "restore_dtype"]

FloatArray = NDArray[np.float64]
Frames = NDArray[Any]


class Peer(ABC):
    """Another package's way to register frames by translation, in the conventions of `holdstill.contracts`.

    Inputs are never changed: what a package may write into is copied first. Settings are those its manual suggests.

    Attributes
    ----------
    name : str
        Name in tables.
    """

    name: ClassVar[str]

    @abstractmethod
    def estimate(self, reference: Frames, frames: Frames) -> FloatArray:
        """Find the shift of each frame.

        Parameters
        ----------
        reference : ndarray, (y, x)
            What frames are compared with.
        frames : ndarray, (T, y, x)
            The movie.

        Returns
        -------
        ndarray of float64, (T, 2)
            Shifts ``(y, x)``, px; content that moved down by 3 rows has ``(+3, 0)``. NaN where the peer gave up.
        """

    @abstractmethod
    def correct(self, frames: Frames, shifts: FloatArray) -> Frames:
        """Resample each frame so that its content stands still, the way the peer does it.

        Parameters
        ----------
        frames : ndarray, (T, y, x)
            The movie.
        shifts : ndarray of float64, (T, 2)
            Shifts ``(y, x)`` as `estimate` gives them, px, all finite.

        Returns
        -------
        ndarray, (T, y, x)
            Corrected frames in the dtype of `frames`.
        """

    def run(self, reference: Frames, frames: Frames) -> Frames:
        """Estimate and correct in one go, (T, y, x); a frame that the peer gave up on stays where it is."""
        return self.correct(frames, np.nan_to_num(self.estimate(reference, frames), nan=0.0))


def restore_dtype(values: Frames, dtype: np.dtype[Any]) -> Frames:
    """Round and clamp to the range of `dtype` if that is an integer type, and cast."""
    if dtype.kind in "iu":
        limits = np.iinfo(dtype)
        values = np.clip(np.rint(values), limits.min, limits.max)
    return values.astype(dtype)
