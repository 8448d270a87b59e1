"""scikit-image ``phase_cross_correlation`` with the spectrum whitened, its default."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from skimage.registration import phase_cross_correlation
from skimage.transform import EuclideanTransform, warp

from holdstill.evaluation.peers.base import Peer, restore_dtype

__all__ = ["SkimagePhase"]

_register: Any = phase_cross_correlation  # these carry no types
_warp: Any = warp
_transform: Any = EuclideanTransform


@dataclass(frozen=True, kw_only=True)
class SkimagePhase(Peer):
    """``skimage.registration.phase_cross_correlation``, then ``skimage.transform.warp`` with linear interpolation.

    Parameters
    ----------
    upsample : int
        Shifts are found to ``1 / upsample`` px.
    """

    upsample: int = 100

    name = "scikit-image phase"
    normalization: ClassVar[Literal["phase"] | None] = "phase"

    def estimate(self, reference: NDArray[Any], frames: NDArray[Any]) -> NDArray[np.float64]:
        shifts = np.empty((len(frames), 2))
        for frame, shift in zip(frames, shifts, strict=True):
            back, *_ = _register(reference, frame, upsample_factor=self.upsample, normalization=self.normalization)
            shift[:] = -back
        return shifts

    def correct(self, frames: NDArray[Any], shifts: NDArray[np.float64]) -> NDArray[Any]:
        corrected = np.empty_like(frames)
        for frame, (dy, dx), target in zip(frames, shifts, corrected, strict=True):
            moved = _warp(frame, _transform(translation=(dx, dy)), order=1, preserve_range=True)
            target[:] = restore_dtype(moved, frames.dtype)
        return corrected
