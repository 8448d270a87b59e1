"""What a classical estimate is worth: its distance from the maximum of the likelihood, and the bound there."""

from __future__ import annotations

import math
from abc import abstractmethod
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Covariance, Device, Estimates, Estimator, FloatArray, Frames, Reference
from holdstill.devices.interpolation import make_spline
from holdstill.methods.likelihood.denoise import denoise_reference, floor_noise
from holdstill.methods.likelihood.explained import FEW_PX, fit_same_shifts
from holdstill.methods.likelihood.gauss_newton import Fit, Level, find_bound, inflation, measure_information, refine
from holdstill.methods.likelihood.likeness import Likeness, find_doubtful, prepare_likeness
from holdstill.methods.likelihood.significance import Detail, make_detail
from holdstill.methods.likelihood.tightening import tighten
from holdstill.methods.likelihood.verdicts import Limits, hide_empty, make_limits, verdicts
from holdstill.transforms.trajectory import Trajectory

__all__ = ["JudgedEstimator", "Located", "reference_pixels"]

CUTOFF = 6.0
# parts of a specimen may move on their own: then a shift is right for the others
MOST_LOST = 0.6
# verdicts, gain and offset come from images binned so much, where that leaves at least so many px
VERDICT_BIN, LEAST_PX = 4, 16
# a bad row is told from the rest in so many steps
STEPS = 4
# and what is the same picture is placed in so many
MOST_STEPS = 20


@dataclass(frozen=True, eq=False)
class Located:
    """Shifts (n, ndim) px that a method found, and by how many standard deviations each peak stood out, (n,).

    `ambiguous`, (n,), says of which another place agrees as well; None where the method does not tell.
    """

    shifts: FloatArray
    peak_z: FloatArray
    ambiguous: NDArray[np.bool_] | None = None


@dataclass(frozen=True, eq=False)
class JudgedState:
    """What the method prepared, and the reference as the likelihood sees it; of few px, also as it is, `plain`."""

    search: Any
    binned: Level
    level: Level
    limits: Limits
    variance_factor: float
    mean: float
    knows_noise: bool
    detail: Detail
    likeness: Likeness | None
    plain: Level | None


@dataclass(frozen=True, kw_only=True)
class JudgedEstimator(Estimator):
    """A method that finds shifts; error bars, scores and verdicts are found here, alike for all.

    So is the place of small frames that are the reference itself but for a row or a pixel, which moves peaks.

    The error of a method that does not use all of the light is the Cramér-Rao bound and, on top, how far its estimate
    lies from where the likelihood has its maximum: one Gauss-Newton step tells.

    Parameters
    ----------
    max_shift : float or tuple of float, optional
        Largest shift in px, one for all axes or one each ``([z,] y, x)``. Default: 45 % of the frame.
    subpixel : str
        How a peak is found between pixels; "none": whole shifts alone.
    """

    max_shift: float | tuple[float, ...] | None = None
    subpixel: str = "gaussian"

    @property
    def is_whole(self) -> bool:
        """Whether whole shifts alone were asked for."""
        return self.subpixel == "none"

    @abstractmethod
    def _search(self, reference: NDArray[np.float32], limits: Limits, device: Device) -> Any:
        """What the search needs of the reference; NaN where it does not count."""

    @abstractmethod
    def _locate(self, search: Any, frames: Frames, device: Device) -> Located:
        """Shifts of frames, (n, [z,] y, x)."""

    def prepare(self, reference: Reference, device: Device) -> JudgedState:
        """See `Estimator.prepare`. Raises InputError for settings that do not fit the reference."""
        least = floor_noise(reference)
        denoised = denoise_reference(reference, least)
        n = reference.n_averaged
        noise = least.scale(1 + denoised.kept / n)  # of the difference between a frame and the reference
        pixels = reference_pixels(reference)
        limits = make_limits(np.asarray(reference.image, np.float64), self.max_shift)
        mean = float(np.nanmean(pixels, dtype=np.float64)) if np.isfinite(pixels).any() else 0.0
        centred = denoised.image - np.float32(mean)
        centred[~denoised.counts] = np.nan
        factors = tuple(VERDICT_BIN if n >= VERDICT_BIN * LEAST_PX else 1 for n in pixels.shape)
        return JudgedState(
            self._search(pixels, limits, device),
            Level(factors, make_spline(device.bin(centred[None], factors)[0]), noise.scale(1 / math.prod(factors))),
            measure_information(device, Level((1,) * pixels.ndim, make_spline(centred), noise), mean),
            limits,
            inflation(CUTOFF) * (1 + 1 / n) / (1 + denoised.kept / n),
            mean,
            reference.noise is not None,
            make_detail(pixels, device),
            prepare_likeness(pixels, np.asarray(reference.image, np.float32), noise, device),
            Level((1,) * pixels.ndim, make_spline(pixels - np.float32(mean)), least)
            if max(pixels.shape) <= FEW_PX
            else None,
        )

    def estimate(self, state: JudgedState, frames: Frames, device: Device) -> Estimates:
        """See `Estimator.estimate`."""
        located, same, exact = self._place_same(state, frames, self._locate(state.search, frames, device), device)
        binned = device.bin(frames, state.binned.factors)
        fit = Fit.start(located.shifts)
        fit.offsets[:] = state.mean
        for level, pixels in ((state.binned, binned), (state.level, frames)):
            # gain and offset first, few pixels tell; then residuals, where they belong
            fit.shifts[:] = located.shifts
            refine(device, level, pixels, fit, cutoff=CUTOFF, max_iterations=1, accuracy=0.0)
        tighten(device, state.level, frames, fit, cutoff=CUTOFF, max_iterations=STEPS, accuracy=0.0)
        surer = same[exact.gain_z[same] > fit.gain_z[same]]
        fit.replace_rows(surer, exact.rows(surer))
        off = fit.shifts - located.shifts
        fit.shifts[:] = located.shifts
        least = Covariance.of_matrices(fit.covariance * state.variance_factor)
        covariance = least + Covariance.of_matrices(np.einsum("ni,nj->nij", off, off))
        trajectory = Trajectory.of("translation", located.shifts, frames.shape[1:])
        judged = verdicts(
            state.limits, fit, covariance.errors, located.peak_z, binned, frames.dtype,
            ambiguous=located.ambiguous,
            mismatched=find_doubtful(state.likeness, frames, trajectory, fit.gains, device, MOST_LOST),
            agreement=lambda rows: state.detail.measure(frames[rows], located.shifts[rows], device),
            same=lambda rows: np.isin(rows, same),
        )  # fmt: skip
        return Estimates(
            parameters=hide_empty(located.shifts, binned), covariance=covariance, scores=fit.score, verdicts=judged,
            bound=find_bound(least, fit.chi_square, CUTOFF) if state.knows_noise else None,
        )  # fmt: skip

    def _place_same(
        self, state: JudgedState, frames: Frames, located: Located, device: Device
    ) -> tuple[Located, NDArray[np.intp], Fit]:
        """With frames that are the reference but for a little, moved by whole pixels, put where they lie on it.

        And which they are, and how they lie there.
        """
        start = Fit.start(located.shifts)
        if state.plain is None or self.is_whole:
            return located, np.arange(0), start
        start.offsets[:] = state.mean
        fit = start.rows(np.arange(len(frames)))
        refine(device, state.plain, frames, fit, cutoff=CUTOFF, max_iterations=1, accuracy=0.0)
        fit.shifts[:] = located.shifts
        same = fit_same_shifts(device, state.plain, frames, fit, start, max_iterations=MOST_STEPS, accuracy=0.1)
        shifts = located.shifts.copy()
        shifts[same] = fit.shifts[same]
        # where so much more of it is the same, no other place agrees as well
        moved = (np.abs(shifts - located.shifts) > 1).any(axis=1)
        ambiguous = None if located.ambiguous is None else located.ambiguous & ~moved
        return replace(located, shifts=shifts, ambiguous=ambiguous), same, fit


def reference_pixels(reference: Reference) -> NDArray[np.float32]:
    """The reference's image, NaN where its mask excludes it."""
    image = np.asarray(reference.image, np.float32)
    return image if reference.mask is None else np.where(reference.mask, image, np.float32(np.nan))
