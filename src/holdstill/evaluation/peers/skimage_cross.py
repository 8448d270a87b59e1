"""scikit-image ``phase_cross_correlation`` as plain cross-correlation, ``normalization=None``."""

from __future__ import annotations

from holdstill.evaluation.peers.skimage_phase import SkimagePhase

__all__ = ["SkimageCross"]


class SkimageCross(SkimagePhase):
    """``phase_cross_correlation(normalization=None)``: better in noise than the whitened default."""

    name = "scikit-image cross"
    normalization = None
