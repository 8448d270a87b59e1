"""Cross-correlation, normalised in the true overlap."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Device, Estimates, Frames, Reference
from holdstill.errors import InputError
from holdstill.methods.likelihood.judged import JudgedEstimator, Located
from holdstill.methods.likelihood.verdicts import Limits
from holdstill.methods.search.correlation import (
    Overlaps,
    correlation_surfaces,
    make_overlaps,
    peak_offsets,
    peaks,
)
from holdstill.methods.search.nearby import settle
from holdstill.methods.search.plane_by_plane import estimate_planes, prepare_planes
from holdstill.methods.search.unknown import fill_unknown, leave_out
from holdstill.transforms.motions.planes import find_moved_axes, find_stacking_axis, name_planes

__all__ = ["CrossCorrelation"]

COARSE_PX = {2: 96, 3: 40}
MIN_OVERLAP = 0.25


@dataclass(frozen=True, eq=False)
class _Search:
    factors: tuple[int, ...]
    coarse: Overlaps
    pixels: NDArray[np.float32]
    counts: NDArray[np.bool_] | None
    reach: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class CrossCorrelation(JudgedEstimator):
    """Shift at which the correlation coefficient of the overlapping parts is highest; 2D and 3D.

    Mean-free and normalised by what overlaps, never circular: binned images are correlated by padded FFTs, and from the
    best shift the correlation at full resolution is climbed.

    Parameters
    ----------
    max_shift : float or tuple of float, optional
        Largest shift in px, one for all axes or one each ``([z,] y, x)``. Default: 45 % of the frame.
    subpixel : {"gaussian", "parabola", "com", "none"}
        How the peak is found between pixels; "none" gives whole px. Default "gaussian".
    axis : {0, 1, 2}, optional
        Of volumes: one shift for each plane along this axis, 0 for z; the motion is then ``planes-z``, ``planes-y`` or
        ``planes-x``. Planes that cannot be registered take what lies between their good neighbours; their errors are
        NaN. Default: one shift for the frame.

    Raises
    ------
    InputError
        There is no such axis, or it contradicts the motion.

    Notes
    -----
    Lewis, "Fast normalized cross-correlation", Vision Interface 1995; Padfield, IEEE TIP 21:2706 (2012).

    Examples
    --------
    >>> import numpy as np
    >>> from holdstill.estimators import CrossCorrelation
    >>> image = np.random.default_rng(0).random((64, 64)).cumsum(0).cumsum(1) % 50
    >>> movie = np.stack([image, np.roll(image, 3, axis=0)])
    >>> CrossCorrelation(subpixel="none").fit(movie, reference=0).shifts
    array([[0., 0.],
           [3., 0.]])
    """

    motions: ClassVar[tuple[str, ...]] = ("translation", *map(name_planes, range(3)))
    axis: int | None = None

    def __post_init__(self) -> None:
        """Axis and motion say the same, whichever was given."""
        axis = find_stacking_axis(self.motion) if self.axis is None else self.axis
        motion = self.motion if axis is None else name_planes(axis)
        if self.motion not in ("translation", motion):
            raise InputError(f"axis={axis} is for motion {motion!r}, not {self.motion!r}")
        object.__setattr__(self, "axis", axis)
        object.__setattr__(self, "motion", motion)
        super().__post_init__()

    def prepare(self, reference: Reference, device: Device) -> Any:
        """See `Estimator.prepare`."""
        if self.axis is None:
            return super().prepare(reference, device)
        return prepare_planes(self._of_planes(self.axis), self.axis, reference, device)

    def estimate(self, state: Any, frames: Frames, device: Device) -> Estimates:
        """See `Estimator.estimate`."""
        if self.axis is None:
            return super().estimate(state, frames, device)
        return estimate_planes(self._of_planes(self.axis), self.axis, state, frames, device)

    def _of_planes(self, axis: int) -> CrossCorrelation:
        """What registers one plane."""
        largest = self.max_shift
        if isinstance(largest, tuple) and len(largest) == 3:
            first, second = find_moved_axes(axis)
            largest = (largest[first], largest[second])
        return replace(self, axis=None, motion="translation", max_shift=largest)

    def _search(self, reference: NDArray[np.float32], limits: Limits, device: Device) -> _Search:
        target = COARSE_PX[reference.ndim]
        factors = tuple(int(2 ** max(0, np.floor(np.log2(max(n / target, 1))))) for n in reference.shape)
        coarse = device.bin(reference[None], factors)[0]
        reach = tuple(int(r) for r in limits.max_shift)
        overlaps = make_overlaps(coarse, limits.max_shift / np.array(factors) + 1, MIN_OVERLAP)
        known = np.isfinite(reference)
        return _Search(factors, overlaps, reference, None if known.all() else known, reach)

    def _locate(self, search: Any, frames: Frames, device: Device) -> Located:
        located = [self._one(search, frames[n : n + 1], device) for n in range(len(frames))]
        return Located(np.concatenate([one.shifts for one in located]), np.concatenate([one.peak_z for one in located]))

    def _one(self, search: _Search, frame: Frames, device: Device) -> Located:
        """One frame at a time: it stays in the cache, and knows nothing of the others."""
        pixels = frame if search.counts is None else fill_unknown(frame, search.counts)
        surfaces = correlation_surfaces(search.coarse, device.bin(pixels, search.factors))
        found, peak_z = peaks(surfaces, tuple(n // f for n, f in zip(pixels.shape[1:], search.factors, strict=True)))
        begin = found - np.array(search.coarse.reach) + peak_offsets(surfaces, found, "parabola")
        begin = np.rint(begin * np.array(search.factors)).astype(np.int64)
        begin = np.clip(begin, -np.array(search.reach), search.reach)
        shifts = settle(leave_out(frame, search.counts), search.pixels, begin, search.reach, self.subpixel)
        return Located(shifts, peak_z)
