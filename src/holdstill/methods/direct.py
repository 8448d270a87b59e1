"""Direct alignment: the maximum of the likelihood of all pixels, reached by Gauss-Newton steps."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Candidates, Covariance, Device, Estimates, Estimator, FloatArray, Frames, Reference
from holdstill.devices.interpolation import make_spline
from holdstill.methods.likelihood.agreement import disagreeing
from holdstill.methods.likelihood.denoise import floor_noise
from holdstill.methods.likelihood.explained import find_same, fit_same, fit_same_shifts
from holdstill.methods.likelihood.gauss_newton import (
    WIDEST,
    Fit,
    Level,
    compare,
    find_bound,
    measure_information,
    refine,
)
from holdstill.methods.likelihood.likeness import pass_band
from holdstill.methods.likelihood.sharp import Versions, polish
from holdstill.methods.likelihood.significance import Detail, make_detail
from holdstill.methods.likelihood.tightening import tighten
from holdstill.methods.likelihood.verdicts import Limits, hide_empty, make_limits, verdicts
from holdstill.methods.likelihood.warp_newton import WarpFit, refine_warps, trust_pixels
from holdstill.methods.search.candidates import find_candidates
from holdstill.methods.search.pyramid import Pyramid, find_coarse_factors, make_pyramid
from holdstill.methods.search.rotated_start import WarpSearch, coarse_warps, make_warp_search
from holdstill.methods.search.start import Found, Start, find_start, prepare_start
from holdstill.transforms.motions import MOTIONS, find_warp_motion
from holdstill.transforms.trajectory import Trajectory

__all__ = ["Direct"]

# Sums in float32 place a frame no better than this, however little its noise: 3e-7 px for a frame against itself.
RESOLUTION_PX = 1e-6

# large tilts need more steps on half-size images than whole ones are worth
WARP_STEPS = (2, 12)
# parts of a specimen may move on their own: then a shift is right for the others
MAX_LOST_SHIFTED = 0.6
RIVAL_STEPS, AS_WELL = 6, 0.97
# the start is good to a fraction of a binned px
FAR = 2.0


@dataclass(frozen=True, eq=False)
class DirectState:
    """The prepared reference: levels from coarse to fine, the search, and what the verdicts need."""

    shape: tuple[int, ...]
    levels: tuple[Level, ...]
    coarse: NDArray[np.float32]
    warps: WarpSearch | None
    start: Start
    limits: Limits
    variance_factor: float
    mean: float
    knows_noise: bool
    versions: Versions
    detail: Detail


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
    any_rotation : bool
        Whether frames that no shift brings into place are looked for at every angle and scale that the motion allows,
        volumes at rotations to some 20 degrees. Default True; False is faster where frames hardly turn.

    Notes
    -----
    Volumes of fewer than four planes do not tell how they moved along z, or tilted: all but motion within the plane is
    held at zero, and its error is zero.

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
    any_rotation: bool = True

    def prepare(self, reference: Reference, device: Device) -> DirectState:
        """See `Estimator.prepare`. Raises InputError for a `max_shift` that does not fit the axes."""
        shape = reference.image.shape
        noise = floor_noise(reference)
        versions = Versions(reference, noise, self.cutoff)
        image, counts, mean = versions[0].image, versions[0].counts, versions[0].mean
        factors = find_coarse_factors(shape, not find_warp_motion(self.motion).shifts_only)
        pixels = image if counts.all() else np.where(counts, image, np.float32(np.nan))
        pyramid = make_pyramid(device, pixels[None], factors)
        levels = [
            *(Level(f, make_spline(b[0], level=mean), noise.scale(1 / math.prod(f))) for f, b in pyramid[:-1]),
            versions[0].level,
        ]
        levels = [measure_information(device, level, mean, *self._kind(len(shape))) for level in levels]
        coarse = pyramid[0][1][0] - np.float32(mean)
        ignored = (
            None if reference.mask is None else device.bin(reference.mask[None].astype(np.uint8), factors)[0] < 0.5
        )
        limits = make_limits(np.asarray(reference.image), self.max_shift)
        margin = limits.max_shift / np.array(levels[0].factors) + 1
        known = np.isfinite(coarse)
        typical = (
            float(levels[0].noise.variance(coarse[known] + mean).mean()) if reference.noise and known.any() else 0.0
        )
        start = prepare_start(coarse, typical, margin, ignored)
        return DirectState(
            shape,
            tuple(levels),
            coarse,
            self._prepare_warps(reference, pixels, levels[0], start, mean, device),
            start,
            limits,
            versions[0].variance_factor,
            mean,
            reference.noise is not None,
            versions,
            make_detail(coarse, device),
        )

    def _prepare_warps(
        self,
        reference: Reference,
        pixels: NDArray[np.float32],
        level: Level,
        start: Start,
        mean: float,
        device: Device,
    ) -> WarpSearch | None:
        motion = find_warp_motion(self.motion)
        if motion.shifts_only:
            return None
        whole = np.asarray(reference.image, np.float32)
        share = 1 / reference.n_averaged if self.any_rotation else None
        return make_warp_search(motion, pixels, whole, level, start, mean, self.cutoff, device, share)

    def estimate(self, state: DirectState, frames: Frames, device: Device) -> Estimates:
        """See `Estimator.estimate`."""
        return self._estimate(state, frames, device)

    def estimate_roughly(self, state: DirectState, frames: Frames, device: Device) -> Estimates:
        """See `Estimator.estimate_roughly`: with the bias of the spline, of photographs 0.01 px."""
        return self._estimate(state, frames, device, is_rough=True)

    def _estimate(self, state: DirectState, frames: Frames, device: Device, *, is_rough: bool = False) -> Estimates:
        motion = find_warp_motion(self.motion)
        motion.check(len(state.shape))
        pyramid = make_pyramid(device, device.upload(frames), state.levels[0].factors)
        binned = np.asarray(pyramid[0][1])
        if state.warps is not None:
            return self._estimate_warps(state, state.warps, pyramid, frames.dtype, device)
        found = find_start(state.start, binned, device)
        fit = Fit.start(found.shifts * np.array(state.levels[0].factors))
        fit.offsets[:] = state.mean
        ambiguous = self._rivals(state, binned, fit, found, device)
        start = fit.rows(np.arange(len(fit.shifts)))
        self._refine(state, pyramid, fit, device)
        self._keep_start(state, binned, fit, start, pyramid, device)
        tighten(
            device, state.levels[-1], pyramid[-1][1], fit, cutoff=self.cutoff, max_iterations=self.max_iterations,
            accuracy=self.accuracy,
        )  # fmt: skip
        same = fit_same_shifts(
            device, state.versions[-1].level, pyramid[-1][1], fit, start, max_iterations=self.max_iterations,
            accuracy=self.accuracy,
        )  # fmt: skip
        factors, excess = polish(
            device, state.versions, pyramid[-1][1], fit, cutoff=self.cutoff, accuracy=self.accuracy,
            is_rough=is_rough, same=same,
        )  # fmt: skip
        with np.errstate(invalid="ignore"):  # nothing is known along the axis of a volume of one plane
            spread = fit.covariance * (factors * excess)[:, None, None]
        diagonal = np.einsum("nii->ni", spread)  # a view
        diagonal[diagonal > (1e-3 * RESOLUTION_PX) ** 2] += RESOLUTION_PX**2  # an axis that is held has no error
        covariance = Covariance.of_matrices(spread)
        trajectory = Trajectory.of("translation", fit.shifts, state.shape)
        apart = disagreeing(
            device, state.levels[0], state.coarse, binned, trajectory, fit, found.peak_z, MAX_LOST_SHIFTED
        )
        judged = verdicts(
            state.limits, fit, covariance.errors, found.peak_z, binned, frames.dtype, ambiguous=ambiguous,
            mismatched=apart,
            agreement=lambda rows: state.detail.measure(
                binned[rows], fit.shifts[rows] / np.array(state.levels[0].factors), device
            ),
            same=lambda rows: np.isin(rows, same),
        )  # fmt: skip
        return Estimates(
            parameters=hide_empty(fit.shifts, binned), covariance=covariance, scores=fit.score, verdicts=judged,
            bound=find_bound(covariance, excess * fit.chi_square, self.cutoff) if state.knows_noise else None,
        )  # fmt: skip

    def list_candidates(self, state: DirectState, frames: Frames, device: Device) -> Candidates:
        """See `Estimator.list_candidates`; of shifts."""
        if state.warps is not None:
            return super().list_candidates(state, frames, device)
        pyramid = make_pyramid(device, device.upload(frames), state.levels[0].factors)
        return find_candidates(
            state.start, state.levels, state.mean, pyramid, self.cutoff, device, state.limits.max_shift
        )

    def _refine(self, state: DirectState, pyramid: Pyramid, fit: Fit, device: Device) -> None:
        """Improve `fit` in place, level by level."""
        for level, (_, pixels), (steps, accuracy) in zip(
            state.levels, pyramid, self._efforts(len(pyramid)), strict=True
        ):
            refine(device, level, pixels, fit, cutoff=self.cutoff, max_iterations=steps, accuracy=accuracy)

    def _keep_start(
        self, state: DirectState, binned: NDArray[np.float32], fit: Fit, start: Fit, pyramid: Pyramid, device: Device
    ) -> None:
        """Where the steps led away from the start, to what agrees less, go again by plain least squares."""
        level = state.levels[0]
        away = np.abs(fit.shifts - start.shifts) > FAR * np.array(level.factors)
        rows = np.flatnonzero(away.any(axis=1) & np.isfinite(fit.shifts).all(axis=1))
        if not len(rows):
            return
        end, begin = fit.rows(rows), start.rows(rows)
        begin.widening[:], begin.gains[:], begin.offsets[:] = WIDEST, end.gains, end.offsets
        after, before = compare(device, level, binned[rows], (end, begin), self.cutoff)
        worse = after < before
        if worse.any():
            again = begin.rows(np.flatnonzero(worse))
            chosen = [(factors, pixels[rows[worse]]) for factors, pixels in pyramid]
            self._refine(state, chosen, again, device)
            fit.replace_rows(rows[worse], again)

    def _kind(self, ndim: int) -> tuple[str, FloatArray] | tuple[()]:
        """Kind and coefficients of the identity, of warps."""
        motion = find_warp_motion(self.motion)
        return () if motion.shifts_only else (motion.kind, motion.warps(motion.identity(ndim)[None], ndim))

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
        scores = compare(device, level, binned[rows], fits, self.cutoff)
        apart = (np.abs(first.shifts - second.shifts) > factors).any(axis=1)
        ambiguous[rows] = apart & (np.minimum(*scores) > AS_WELL * np.maximum(*scores))
        better = scores[1] > scores[0]
        fit.shifts[rows[better]] = second.shifts[better]
        return ambiguous

    def _estimate_warps(
        self, state: DirectState, search: WarpSearch, pyramid: Pyramid, dtype: np.dtype[Any], device: Device
    ) -> Estimates:
        binned, motion = np.asarray(pyramid[0][1]), search.motion
        passed = binned if search.likeness is None else pass_band(binned)
        fit, peak_z, ambiguous = coarse_warps(search, binned, passed, pyramid[-1][1], device)
        begun, efforts = fit.rows(np.arange(len(binned))), self._efforts(len(pyramid), WARP_STEPS)
        finer = list(zip(state.levels, pyramid, efforts, strict=True))
        # of small frames, which are not binned, the same level once more: six steps do not always end the search
        for level, (_, pixels), (steps, accuracy) in finer[1:] or finer:
            refine_warps(device, level, pixels, fit, cutoff=self.cutoff, max_iterations=steps, accuracy=accuracy)
        self._trust_pixels(state, pyramid[-1][1], fit, device)
        if search.exact is not None:
            fit_same(
                device, search.exact, pyramid[-1][1], fit, begun, max_iterations=self.max_iterations,
                accuracy=self.accuracy,
            )  # fmt: skip
        covariance = Covariance.of_matrices(fit.parameter_covariances() * state.variance_factor)
        parameters = fit.parameters()
        trajectory = Trajectory(motion, parameters, state.shape)
        corner_errors = trajectory.corner_errors(covariance)[:, None]
        judged = verdicts(
            state.limits, fit, corner_errors, peak_z, binned, dtype, trajectory.overlaps(), ambiguous,
            mismatched=self._doubt(search, passed, trajectory, fit, device),
            same=lambda rows: find_same(device, search.exact, pyramid[-1][1], fit, rows),
        )  # fmt: skip
        return Estimates(
            parameters=hide_empty(parameters, binned), covariance=covariance, scores=fit.score, verdicts=judged,
            bound=find_bound(covariance, fit.chi_square, self.cutoff) if state.knows_noise else None,
        )  # fmt: skip

    def _doubt(
        self, search: WarpSearch, passed: NDArray[np.float32], trajectory: Trajectory, fit: WarpFit, device: Device
    ) -> NDArray[np.bool_]:
        """Frames that do not agree with the reference all over; of volumes none is told."""
        if search.likeness is None:
            return np.zeros(len(passed), bool)
        return search.likeness.doubt(search.likeness.align(device, passed, trajectory), fit.gains)

    def _trust_pixels(self, state: DirectState, frames: Frames, fit: WarpFit, device: Device) -> None:
        """Frames without noise beside the reference as it is are fitted to that."""
        if len(state.versions) > 1:
            trust_pixels(
                device, state.versions[-1].level, frames, fit, cutoff=self.cutoff, max_iterations=self.max_iterations,
                accuracy=self.accuracy,
            )  # fmt: skip

    def _efforts(self, n_levels: int, steps: tuple[int, ...] = (2, 3)) -> list[tuple[int, float]]:
        """Most steps and accuracy at each level; the coarse ones only have to lead to the last."""
        coarse = [(most, 0.5) for most in steps][: n_levels - 1]
        return [*coarse, (self.max_iterations, self.accuracy)]
