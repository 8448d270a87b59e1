"""What an estimate of rotation, scale or shear is worth: its distance from the maximum of the likelihood."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Covariance, Device, Estimates, FloatArray, Frames, NoiseModel, Reference
from holdstill.devices.interpolation import make_spline
from holdstill.methods.likelihood.denoise import denoise_reference, floor_noise
from holdstill.methods.likelihood.explained import FEW_PX, find_same, fit_same
from holdstill.methods.likelihood.gauss_newton import Level, find_bound, inflation
from holdstill.methods.likelihood.judged import CUTOFF, reference_pixels
from holdstill.methods.likelihood.likeness import Likeness, find_doubtful, prepare_likeness
from holdstill.methods.likelihood.verdicts import Limits, hide_empty, make_limits, verdicts
from holdstill.methods.likelihood.warp_newton import WarpFit, refine_warps, trust_pixels
from holdstill.transforms.motions import find_warp_motion
from holdstill.transforms.trajectory import Trajectory

VERDICT_BIN = 4

__all__ = ["WarpJudge", "judge_warps", "make_warp_judge"]


@dataclass(frozen=True, eq=False)
class WarpJudge:
    """The reference as the likelihood sees it, and what verdicts need to know.

    `plain` is the reference as it is, where `level` has less of its noise. `likeness` tells whether frames agree all
    over; None where grey levels differ too much for that.
    """

    level: Level
    limits: Limits
    variance_factor: float
    mean: float
    knows_noise: bool = False
    likeness: Likeness | None = None
    plain: Level | None = None


def make_warp_judge(reference: Reference, max_shift: float | tuple[float, ...] | None, device: Device) -> WarpJudge:
    """Prepare a reference, (y, x). Raises InputError for a `max_shift` that does not fit."""
    pixels = reference_pixels(reference)
    mean = float(np.nanmean(pixels)) if np.isfinite(pixels).any() else 0.0
    # the slopes of noise pass for information: of smooth pictures steps were a twentieth as long as they should be, and
    # ended 1 to 4 px from the maximum
    denoised = denoise_reference(reference, floor_noise(reference))
    centred = np.where(denoised.counts, denoised.image - np.float32(mean), np.float32(np.nan))
    noise, n = reference.noise or NoiseModel(), reference.n_averaged
    level = Level((1,) * pixels.ndim, make_spline(centred), noise)
    is_noisy = reference.noise is not None and np.isfinite(n)
    plain = replace(level, spline=make_spline(pixels - np.float32(mean))) if is_noisy else None
    limits = make_limits(np.asarray(reference.image, np.float64), max_shift)
    factor = inflation(CUTOFF) * (1 + 1 / n) / (1 + denoised.kept / n)
    likeness = prepare_likeness(pixels, np.asarray(reference.image, np.float32), noise, device)
    return WarpJudge(level, limits, factor, mean, reference.noise is not None, likeness, plain)


def judge_warps(
    judge: WarpJudge,
    motion: str,
    parameters: FloatArray,
    peak_z: FloatArray,
    frames: Frames,
    device: Device,
    steps: int = 0,
    more: FloatArray | None = None,
    ambiguous: NDArray[np.bool_] | None = None,
) -> Estimates:
    """Estimates from parameters (n, n_params) that a method found, after so many `steps` towards the likeliest.

    The error is the Cramér-Rao bound and, on top, how far one more step would go, and `more`, (n, n_params, n_params).
    Where `ambiguous`, (n,), another place agrees as well.
    """
    family, shape = find_warp_motion(motion), judge.limits.shape
    fit, held = WarpFit.start(family, shape, parameters, judge.mean), device.upload(frames)
    exact: NDArray[np.intp] = np.arange(0)
    few = judge.plain if max(shape) <= FEW_PX else None
    begun = fit.rows(np.arange(len(parameters)))
    if steps:
        refine_warps(device, judge.level, held, fit, cutoff=CUTOFF, max_iterations=steps, accuracy=0.1)
        if judge.plain is not None:
            exact = trust_pixels(device, judge.plain, held, fit, cutoff=CUTOFF, max_iterations=steps, accuracy=0.1)
        if few is not None:
            exact = np.union1d(exact, fit_same(device, few, held, fit, begun, max_iterations=steps, accuracy=0.1))
    found, warps, closer = fit.parameters(), fit.warps.copy(), fit.rows(exact)
    for _ in range(2):  # gain and offset first; then residuals, where they belong
        fit.warps[:] = warps
        refine_warps(device, judge.level, held, fit, cutoff=CUTOFF, max_iterations=1, accuracy=0.0)
    off = np.nan_to_num(fit.parameters() - found)
    fit.warps[:] = warps
    fit.replace_rows(exact, closer)
    off[exact] = 0.0
    least = Covariance.of_matrices(fit.parameter_covariances() * judge.variance_factor)
    widening = np.einsum("ni,nj->nij", off, off)
    covariance = least + Covariance.of_matrices(widening if more is None else widening + more)
    trajectory = Trajectory(family, found, shape)
    corners = trajectory.corner_errors(covariance)[:, None]
    # a single px is as bright as itself: it is not seen from it that there is something
    factors = tuple(VERDICT_BIN if n >= 2 * VERDICT_BIN else 1 for n in shape)
    binned: NDArray[Any] = np.asarray(device.bin(held, factors))
    apart = find_doubtful(judge.likeness, held, trajectory, fit.gains, device)
    judged = verdicts(
        judge.limits, fit, corners, peak_z, binned, frames.dtype, trajectory.overlaps(), ambiguous, mismatched=apart,
        same=lambda rows: find_same(device, few, held, fit, rows),
    )  # fmt: skip
    return Estimates(
        parameters=hide_empty(found, binned), covariance=covariance, scores=fit.score, verdicts=judged,
        bound=find_bound(least, fit.chi_square, CUTOFF) if judge.knows_noise else None,
    )  # fmt: skip
