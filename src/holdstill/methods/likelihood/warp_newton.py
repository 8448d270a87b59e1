"""Gauss-Newton steps for transforms beyond shifts, with gain and offset, many frames at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Device, DirectSums, FloatArray, Frames
from holdstill.methods.likelihood.algebra import correlation, solve
from holdstill.methods.likelihood.gauss_newton import WIDEST, Level, cutoffs, find_blind, hold, is_thin, stretch
from holdstill.transforms.motions import WarpFamily
from holdstill.transforms.warps import corners

__all__ = ["WarpFit", "refine_warps", "trust_pixels"]

MAX_STEP_PX = 3.0
EPSILON = 1e-6
# a frame shows no noise if beside the reference as it is so little of its residual is left
NO_NOISE = 1 / 100
OF_FRAMES = ("warps", "gains", "offsets", "chi_square", "covariance", "gain_z", "score", "widening")


@dataclass(eq=False)
class WarpFit:
    """Where the frames stand. `warps`, (n, k), are the coefficients that `Device.warp_sums` takes, at full resolution.

    `covariance` is (n, p, p) of the step of `WarpFamily.step`; the rest is as in `Fit`.
    """

    motion: WarpFamily
    shape: tuple[int, ...]
    warps: FloatArray
    gains: FloatArray
    offsets: FloatArray
    chi_square: FloatArray
    covariance: FloatArray
    gain_z: FloatArray
    score: FloatArray
    widening: FloatArray

    @classmethod
    def start(cls, motion: WarpFamily, shape: tuple[int, ...], parameters: FloatArray, offset: float) -> WarpFit:
        """At transforms with given parameters, gain one, nothing known of the noise."""
        warps = motion.orient(motion.warps(parameters, len(shape)), len(shape))
        n, p = parameters.shape
        return cls(
            motion, shape, warps, np.ones(n), np.full(n, offset), np.full(n, np.inf), np.full((n, p, p), np.nan),
            np.zeros(n), np.zeros(n), np.ones(n),
        )  # fmt: skip

    @property
    def shifts(self) -> FloatArray:
        """Shift of the frame's centre, (n, ndim) px."""
        return self.parameters()[:, : len(self.shape)]

    def parameters(self, warps: FloatArray | None = None) -> FloatArray:
        """Parameters of the transforms from reference to frame, (n, n_params)."""
        ndim = len(self.shape)
        chosen = self.warps if warps is None else warps
        return self.motion.parameters(self.motion.orient(chosen, ndim), ndim)

    def parameter_covariances(self) -> FloatArray:
        """Covariances of `parameters`, (n, p, p)."""
        jacobian = self._by_step(self.warps, self.parameters)
        return np.einsum("nij,njk,nlk->nil", jacobian, self.covariance, jacobian)

    def corner_jacobian(self, chosen: NDArray[np.intp]) -> FloatArray:
        """Derivative of where the corners lie by the step, (n, corners, ndim, p)."""
        points = corners(self.shape)
        return self._by_step(self.warps[chosen], lambda warps: self.motion.map_about_centre(warps, points))

    def _by_step(self, warps: FloatArray, function: Callable[[FloatArray], FloatArray]) -> FloatArray:
        """Derivative of a function of coefficients by the step, in the last axis; of all steps in one call."""
        (n, k), p = warps.shape, self.covariance.shape[1]
        moved = np.broadcast_to(warps, (2, p, n, k)).reshape(-1, k)
        return _differentiate(n, p, lambda steps: function(self.motion.step(moved, steps, len(self.shape))))

    def rows(self, chosen: NDArray[np.intp]) -> WarpFit:
        """A copy of some of the frames' fits."""
        return WarpFit(self.motion, self.shape, **{name: getattr(self, name)[chosen].copy() for name in OF_FRAMES})

    def replace_rows(self, rows: NDArray[np.intp], other: WarpFit) -> None:
        """Take over `other`, as it stands, for some frames."""
        for name in OF_FRAMES:
            getattr(self, name)[rows] = getattr(other, name)


def _differentiate(n: int, p: int, function: Callable[[FloatArray], FloatArray]) -> FloatArray:
    """Central differences of a function of p numbers at n places, (n, ..., p).

    It is given steps, (2 p n, p), ahead and behind along each, all in one call: what calls cost was more than what they
    did.
    """
    steps = np.zeros((2, p, n, p))
    steps[0, range(p), :, range(p)], steps[1, range(p), :, range(p)] = EPSILON, -EPSILON
    values = function(steps.reshape(-1, p))
    ahead, behind = values.reshape(2, p, n, *values.shape[1:])
    return np.ascontiguousarray(np.moveaxis((ahead - behind) / (2 * EPSILON), 0, -1))


def _at_level(level: Level, fit: WarpFit, frames: Frames, warps: FloatArray) -> FloatArray:
    """Coefficients at full resolution as those of the binned images."""
    factors = np.array(level.factors, float)
    if (factors == 1).all():
        return warps
    offset = (np.array(frames.shape[1:]) * factors - np.array(fit.shape)) / 2
    return fit.motion.rescale_warps(warps, factors, offset)


def _reduce_to_family(
    level: Level, fit: WarpFit, frames: Frames, active: NDArray[np.intp], sums: DirectSums
) -> DirectSums:
    """Sums over the coefficients at the level as sums over steps within the motion's family."""
    ndim, warps = len(fit.shape), fit.warps[active]
    tangent = fit.motion.tangent(warps, ndim)
    if max(level.factors) > 1:
        (n, k) = warps.shape
        whole = np.broadcast_to(warps, (2, k, n, k)).reshape(-1, k)
        tangent = _differentiate(n, k, lambda steps: _at_level(level, fit, frames, whole + steps)) @ tangent
    n, k, p = tangent.shape
    basis = np.zeros((n, k + 2, p + 2))
    basis[:, :k, :p] = tangent
    basis[:, k, p] = basis[:, k + 1, p + 1] = 1.0
    normal = np.einsum("nij,nik,nkl->njl", basis, sums.normal, basis)
    right = np.einsum("nij,ni->nj", basis, sums.right)
    reduced = DirectSums(normal, right, sums.squares, sums.count)
    if is_thin(fit.shape):
        hold(reduced, find_out_of_plane(fit.motion.tangent(warps, ndim)))
    return reduced


def find_out_of_plane(tangent: FloatArray) -> NDArray[np.bool_]:
    """Steps of volumes, (p,), that move nothing within its plane, of derivatives of coefficients by them, (n, k, p).

    Shifts along z, rotations about y and x, and whatever maps z or by z.
    """
    n, _, p = tangent.shape
    within = tangent.reshape(n, 3, 4, p)[:, 1:, [0, 2, 3]]
    return np.asarray(np.abs(within).max(axis=(0, 1, 2)) < EPSILON)


def refine_warps(
    device: Device, level: Level, frames: Frames, fit: WarpFit, *, cutoff: float, max_iterations: int, accuracy: float
) -> None:
    """Improve `fit` in place until a further step would move the corners by less than `accuracy` of their error."""
    scale = float(max(level.factors))
    active: NDArray[np.intp] = np.arange(len(frames))
    for number in range(max_iterations):
        chosen = frames if len(active) == len(frames) else frames[active]
        sums = device.warp_sums(
            chosen, level.spline, fit.motion.kind, _at_level(level, fit, frames, fit.warps[active]), fit.gains[active],
            fit.offsets[active], level.noise,
            cutoffs(cutoff, fit.widening[active], fit.chi_square[active], level.least_chi_square),
        )  # fmt: skip
        blind = find_blind(level, sums, fit.gains[active]) & (fit.widening[active] < WIDEST)
        blind &= np.isfinite(fit.chi_square[active]) & (number < max_iterations - 1)
        moves, sigma = _update(fit, active, _reduce_to_family(level, fit, frames, active, sums), cutoff, scale)
        remaining = (0.02 * moves + 0.5 * moves**2 / scale) / np.maximum(sigma, 1e-12)
        fit.widening[active[blind]] *= 2
        fit.chi_square[active[blind]] = np.inf
        going = ((remaining > accuracy) & np.isfinite(sigma)) | blind
        active, still = active[going], (moves / np.maximum(sigma, 1e-12))[going]
        if not len(active):
            return
    if accuracy > 0:
        # where the way is not at its end, the last step tells how far that may be
        fit.covariance[active] *= (1 + still**2)[:, None, None]


def _update(
    fit: WarpFit, active: NDArray[np.intp], sums: DirectSums, cutoff: float, scale: float
) -> tuple[FloatArray, FloatArray]:
    """Take one step; returns how far it moved the corners and the error of where they lie, px, both (n,)."""
    p = fit.covariance.shape[1]
    solution, inverse = solve(sums)
    solution *= np.where(np.isfinite(fit.chi_square[active]), stretch(cutoff), 1.0)[:, None]
    gains = fit.gains[active]
    fit.score[active] = correlation(sums, gains, p)
    chi_square = np.maximum(sums.squares / np.maximum(sums.count - (p + 2), 1.0), 1e-12)
    new_gains = gains + solution[:, p]
    divisor = np.maximum(np.abs(new_gains), 1e-3 * np.maximum(np.abs(gains), 1e-3))
    step = solution[:, :p] / divisor[:, None]
    jacobian = fit.corner_jacobian(active)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        moves = np.sqrt(np.mean(np.einsum("ncip,np->nci", jacobian, step) ** 2, axis=(1, 2)))
        step *= np.minimum(1.0, MAX_STEP_PX * scale / np.maximum(moves, 1e-12))[:, None]
        fit.gain_z[active] = np.nan_to_num(new_gains / np.sqrt(inverse[:, p, p] * chi_square))
        covariance = inverse[:, :p, :p] * (chi_square / divisor**2)[:, None, None]
        sigma = np.sqrt(np.mean(np.einsum("ncip,npq,nciq->nci", jacobian, covariance, jacobian), axis=(1, 2)))
    fit.warps[active] = fit.motion.step(fit.warps[active], step, len(fit.shape))
    fit.gains[active] = np.where(new_gains > 0.02, new_gains, 0.02)
    fit.offsets[active] += solution[:, p + 1]
    fit.chi_square[active] = chi_square
    fit.covariance[active] = covariance
    return moves, sigma


def trust_pixels(
    device: Device, level: Level, frames: Frames, fit: WarpFit, *, cutoff: float, max_iterations: int, accuracy: float
) -> NDArray[np.intp]:
    """Fit frames without noise to the reference as it is, at `level`, in place; which they are."""
    other = fit.rows(np.arange(len(fit.gains)))
    refine_warps(device, level, frames, other, cutoff=cutoff, max_iterations=3, accuracy=0.0)
    rows = np.flatnonzero(other.chi_square < NO_NOISE * np.minimum(fit.chi_square, 1.0))
    if len(rows):
        closer = other.rows(rows)
        refine_warps(
            device, level, frames[rows], closer, cutoff=cutoff, max_iterations=max_iterations, accuracy=accuracy
        )
        fit.replace_rows(rows, closer)
    return rows
