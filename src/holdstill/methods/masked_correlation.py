"""Normalised cross-correlation with masks on either side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Device, Frames
from holdstill.errors import InputError
from holdstill.methods.likelihood.judged import JudgedEstimator, Located
from holdstill.methods.likelihood.verdicts import Limits
from holdstill.methods.search.correlation import (
    Overlaps,
    correlation_surfaces,
    find_rivals,
    make_overlaps,
    peak_offsets,
    peaks,
)
from holdstill.methods.search.nearby import settle

__all__ = ["MaskedCorrelation"]


@dataclass(frozen=True, eq=False)
class _Search:
    """The reference ready to be correlated, and itself, NaN where it does not count."""

    overlaps: Overlaps
    reference: NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class MaskedCorrelation(JudgedEstimator):
    """Shift at which the correlation coefficient of what is known on both sides is highest; 2D and 3D.

    The reference's mask is the one given to `fit`; pixels of a frame that are NaN are masked.

    Parameters
    ----------
    max_shift : float or tuple of float, optional
        Largest shift in px, one for all axes or one each ``([z,] y, x)``. Default: 45 % of the frame.
    min_overlap : float
        Share of the known pixels of reference or frame, whichever are fewer, that must be in both, 0 to 1. Default 0.3.
    subpixel : {"gaussian", "parabola", "com", "none"}
        How the peak is found between pixels. Default "gaussian".

    Raises
    ------
    InputError
        `min_overlap` is not between 0 and 1.

    Notes
    -----
    Padfield, "Masked object registration in the Fourier domain", IEEE TIP 21:2706 (2012).

    Examples
    --------
    >>> import numpy as np
    >>> from holdstill.estimators import MaskedCorrelation
    >>> image = np.random.default_rng(0).random((64, 64)).cumsum(0).cumsum(1) % 50
    >>> moved = np.roll(image, 3, axis=0)
    >>> moved[:20, :20] = np.nan
    >>> MaskedCorrelation(subpixel="none").fit(np.stack([image, moved]), reference=0).shifts
    array([[0., 0.],
           [3., 0.]])
    """

    min_overlap: float = 0.3

    def __post_init__(self) -> None:
        """Refuse shares that are none."""
        super().__post_init__()
        if not 0 <= self.min_overlap <= 1:
            raise InputError(f"min_overlap must be between 0 and 1, not {self.min_overlap}")

    def _search(self, reference: NDArray[np.float32], limits: Limits, device: Device) -> _Search:
        overlaps = make_overlaps(reference, limits.max_shift, self.min_overlap)
        return _Search(overlaps, reference)

    def _locate(self, search: Any, frames: Frames, device: Device) -> Located:
        located = [self._one(search, frames[n : n + 1].astype(np.float32), device) for n in range(len(frames))]
        shifts, peak_z = (
            np.concatenate(part) for part in ([one.shifts for one in located], [one.peak_z for one in located])
        )
        return Located(shifts, peak_z, np.concatenate([one.ambiguous for one in located]))

    def _one(self, search: _Search, frame: NDArray[np.float32], device: Device) -> Located:
        """One frame at a time: the padded spectra of a batch would fill the memory."""
        surfaces = correlation_surfaces(search.overlaps, frame)
        found, peak_z = peaks(surfaces)
        reach = np.array(search.overlaps.reach)
        whole = found - reach
        shifts = whole + peak_offsets(surfaces, found, self.subpixel)
        if self.subpixel != "none":
            settled = settle(frame, search.reference, whole, search.overlaps.reach, self.subpixel)
            shifts = np.where((found > 0) & (found < 2 * reach), settled, shifts)
        return Located(shifts, peak_z, find_rivals(surfaces, found, frame.shape[1:]))
