"""Direct alignment: the maximum of the likelihood of all pixels, reached by Gauss-Newton steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Covariance, Device, Estimates, Estimator, Frames, NoiseModel, Reference
from holdstill.devices.interpolation import make_spline
from holdstill.methods.likelihood.agreement import disagreeing
from holdstill.methods.likelihood.denoise import denoise_reference
from holdstill.methods.likelihood.gauss_newton import Fit, Level, find_bound, inflation, refine
from holdstill.methods.likelihood.verdicts import Limits, hide_empty, make_limits, verdicts
from holdstill.methods.likelihood.warp_newton import refine_warps
from holdstill.methods.search.rotated_start import blur_levels, coarse_warps
from holdstill.methods.search.start import Found, Start, find_start, prepare_start
from holdstill.transforms.motions import MOTIONS, find_warp_motion
from holdstill.transforms.trajectory import Trajectory

__all__ = ["Direct"]

Pyramid = list[tuple[tuple[int, ...], Frames]]

COARSE_PX = {2: 96, 3: 40}
MAX_FACTOR = 8
# large tilts need more steps on half-size images than whole ones are worth
WARP_STEPS = (2, 12)
# parts of a specimen may move on their own: then a shift is right for the others
MAX_LOST, MAX_LOST_SHIFTED = 0.3, 0.6
RIVAL_STEPS, AS_WELL = 6, 0.97


@dataclass(frozen=True, eq=False)
class DirectState:
    """The prepared reference: levels from coarse to fine, the search, and what the verdicts need."""

    shape: tuple[int, ...]
    levels: tuple[Level, ...]
    coarse: NDArray[np.float32]
    blurs: tuple[Level, ...]
    start: Start
    limits: Limits
    variance_factor: float
    mean: float
    knows_noise: bool


@dataclass(frozen=True, kw_only=True)
class Direct(Estimator):
    """Direct alignment of all pixels, to the accuracy that the photons allow.

    A cross-correlation of binned images finds the start, shifts up to 40 % of the frame. Gauss-Newton steps at
    increasing resolution then maximise the likelihood of ``frame(q) = gain * reference(q - shift) + offset`` under the
    noise model. The reference, a cubic B-spline, is what is interpolated; the frame's own pixels are compared as they
    are, so their noise stays white and independent.

    Parameters
    ----------
    motion : {"translation", "rigid", "similarity", "affine", "projective", "bilinear"}
        Family of the transforms; the first four in 2D and 3D, the last two in 2D.
    max_shift : float or tuple of float, optional
        Largest shift in px, one for all axes or one each ``([z,] y, x)``. Default: 45 % of the frame is searched.
    cutoff : float
        Residual, in standard deviations, at which a pixel's weight falls to a quarter; ``inf`` for least squares.
        Default 6.
    max_iterations : int
        Most steps at full resolution. Default 20.
    accuracy : float
        Stop when a further step would change less than this share of the error bar. Default 0.1.

    Notes
    -----
    Volumes of fewer than four planes do not tell how they moved along z: that shift is held at zero, its error is zero.

    Errors are the Cramér-Rao bound, the inverse of ``sum grad I grad I^T / variance`` after gain and offset are
    eliminated (Robinson and Milanfar, IEEE TIP 13:1185, 2004), scaled by the frame's own reduced chi square and, for a
    reference made of n frames, by 1 + 1/n.

    Examples
    --------
    >>> import numpy as np
    >>> from holdstill.estimators import Direct
    >>> Direct(max_shift=(20, 40)).max_shift
    (20, 40)
    """

    motions: ClassVar[tuple[str, ...]] = tuple(MOTIONS)
    takes_uploaded: ClassVar[bool] = True
    max_shift: float | tuple[float, ...] | None = None
    cutoff: float = 6.0
    max_iterations: int = 20
    accuracy: float = 0.1

    def prepare(self, reference: Reference, device: Device) -> DirectState:
        """See `Estimator.prepare`. Raises InputError for a `max_shift` that does not fit the axes."""
        shape = reference.image.shape
        noise = reference.noise or NoiseModel()
        image, counts, kept = denoise_reference(reference, noise)
        mean = float(image.mean(dtype=np.float64, where=counts)) if counts.any() else 0.0
        factors = _coarse_factors(shape)
        pixels = image if counts.all() else np.where(counts, image, np.float32(np.nan))
        pyramid = _pyramid(device, pixels[None], factors)
        levels = [Level(f, make_spline(binned[0], level=mean), _bin_noise(noise, f)) for f, binned in pyramid]
        coarse = pyramid[0][1][0] - np.float32(mean)
        ignored = (
            None if reference.mask is None else device.bin(reference.mask[None].astype(np.uint8), factors)[0] < 0.5
        )
        limits = make_limits(image, self.max_shift)
        margin = limits.max_shift / np.array(levels[0].factors) + 1
        known = np.isfinite(coarse)
        typical = (
            float(levels[0].noise.variance(coarse[known] + mean).mean()) if reference.noise and known.any() else 0.0
        )
        n = reference.n_averaged
        factor = inflation(self.cutoff) * (1 + 1 / n) / (1 + kept / n)
        return DirectState(
            shape,
            tuple(levels),
            coarse,
            blur_levels(levels[0], coarse) if self.motion != "translation" else (),
            prepare_start(coarse, typical, margin, ignored),
            limits,
            factor,
            mean,
            reference.noise is not None,
        )

    def estimate(self, state: DirectState, frames: Frames, device: Device) -> Estimates:
        """See `Estimator.estimate`."""
        find_warp_motion(self.motion).check(len(state.shape))
        pyramid = _pyramid(device, device.upload(frames), state.levels[0].factors)
        binned = np.asarray(pyramid[0][1])
        if self.motion != "translation":
            return self._estimate_warps(state, pyramid, frames.dtype, device)
        found = find_start(state.start, binned, device)
        fit = Fit.start(found.shifts * np.array(state.levels[0].factors))
        fit.offsets[:] = state.mean
        ambiguous = self._rivals(state, binned, fit, found, device)
        for level, (_, pixels), (steps, accuracy) in zip(
            state.levels, pyramid, self._efforts(len(pyramid)), strict=True
        ):
            refine(device, level, pixels, fit, cutoff=self.cutoff, max_iterations=steps, accuracy=accuracy)
        covariance = Covariance.of_matrices(fit.covariance * state.variance_factor)
        trajectory = Trajectory.of("translation", fit.shifts, state.shape)
        apart = disagreeing(device, state.levels[0], state.coarse, binned, trajectory, fit, MAX_LOST_SHIFTED)
        judged = verdicts(
            state.limits, fit, covariance.errors, found.peak_z, binned, frames.dtype, ambiguous=ambiguous,
            mismatched=apart,
        )  # fmt: skip
        return Estimates(
            parameters=hide_empty(fit.shifts, binned), covariance=covariance, scores=fit.score, verdicts=judged,
            bound=find_bound(covariance, fit.chi_square, self.cutoff) if state.knows_noise else None,
        )  # fmt: skip

    def _rivals(
        self, state: DirectState, binned: NDArray[np.float32], fit: Fit, found: Found, device: Device
    ) -> NDArray[np.bool_]:
        """Where a rival, once refined, fits better it is taken; where it fits as well, the frame is ambiguous."""
        ambiguous = np.zeros(len(binned), bool)
        rows = np.flatnonzero(np.isfinite(found.rivals).all(axis=1))
        if not len(rows):
            return ambiguous
        factors, level, fits = np.array(state.levels[0].factors), state.levels[0], []
        for shifts in (fit.shifts[rows], found.rivals[rows] * factors):
            one = Fit.start(shifts)
            one.offsets[:] = state.mean
            refine(device, level, binned[rows], one, cutoff=self.cutoff, max_iterations=RIVAL_STEPS, accuracy=0.2)
            fits.append(one)
        first, second = fits
        apart = (np.abs(first.shifts - second.shifts) > factors).any(axis=1)
        least = np.minimum(first.score, second.score)
        ambiguous[rows] = apart & (least > AS_WELL * np.maximum(first.score, second.score))
        better = second.score > first.score
        fit.shifts[rows[better]] = second.shifts[better]
        return ambiguous

    def _estimate_warps(self, state: DirectState, pyramid: Pyramid, dtype: np.dtype[Any], device: Device) -> Estimates:
        binned, motion = np.asarray(pyramid[0][1]), find_warp_motion(self.motion)
        fit, peak_z = coarse_warps(
            state.levels[0], state.blurs, state.start, binned, motion, state.shape, state.mean, device, self.cutoff
        )
        efforts = self._efforts(len(pyramid), WARP_STEPS)
        for level, (_, pixels), (steps, accuracy) in list(zip(state.levels, pyramid, efforts, strict=True))[1:]:
            refine_warps(device, level, pixels, fit, cutoff=self.cutoff, max_iterations=steps, accuracy=accuracy)
        covariance = Covariance.of_matrices(fit.parameter_covariances() * state.variance_factor)
        parameters = fit.parameters()
        trajectory = Trajectory(motion, parameters, state.shape)
        corner_errors = trajectory.corner_errors(covariance)[:, None]
        apart = disagreeing(device, state.levels[0], state.coarse, binned, trajectory, fit, MAX_LOST)
        judged = verdicts(
            state.limits, fit, corner_errors, peak_z, binned, dtype, trajectory.overlaps(), mismatched=apart
        )
        return Estimates(
            parameters=hide_empty(parameters, binned), covariance=covariance, scores=fit.score, verdicts=judged,
            bound=find_bound(covariance, fit.chi_square, self.cutoff) if state.knows_noise else None,
        )  # fmt: skip

    def _efforts(self, n_levels: int, steps: tuple[int, ...] = (2, 3)) -> list[tuple[int, float]]:
        """Most steps and accuracy at each level; the coarse ones only have to lead to the last."""
        coarse = [(most, 0.5) for most in steps][: n_levels - 1]
        return [*coarse, (self.max_iterations, self.accuracy)]


def _bin_noise(noise: NoiseModel, factors: tuple[int, ...]) -> NoiseModel:
    block = int(np.prod(factors))
    return NoiseModel(gain=noise.gain / block, read_variance=noise.read_variance / block, offset=noise.offset)


def _pyramid(device: Device, frames: Frames, factors: tuple[int, ...]) -> Pyramid:
    """Frames at `factors`, at a half and as they are, coarse first, with the factors of each.

    The half comes before the whole because spots of 2 px are aliased at 4 x, which would start the last level 0.1 px
    off; each level is made from the finer one.
    """
    levels: Pyramid = [(tuple(1 for _ in factors), frames)]
    halves = tuple(min(factor, 2) for factor in factors)
    for wanted in (halves, factors):
        done, pixels = levels[0]
        if wanted != done:
            levels.insert(0, (wanted, device.bin(pixels, tuple(w // d for w, d in zip(wanted, done, strict=True)))))
    return levels


def _coarse_factors(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Powers of two that leave about 100 px (40 in volumes) along each axis: 4 for 512 px."""
    target = COARSE_PX[len(shape)]
    return tuple(int(2 ** np.clip(np.floor(np.log2(max(n / target, 1))), 0, np.log2(MAX_FACTOR))) for n in shape)
