"""Gauss-Newton steps for shift, gain and offset, many frames at a time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Device, DirectSums, FloatArray, Frames, NoiseModel, Spline

__all__ = ["Fit", "Level", "correlation", "inflation", "refine", "solve", "standard_deviations", "stretch"]

MAX_STEP_PX = 1.5


@dataclass(frozen=True, eq=False)
class Level:
    """The reference at one resolution: `factors` pixels were averaged along each axis."""

    factors: tuple[int, ...]
    spline: Spline
    noise: NoiseModel


@dataclass(eq=False)
class Fit:
    """Where the frames stand: shifts (n, ndim) in full-resolution px; per frame gain, offset and reduced chi square.

    `covariance` is (n, ndim, ndim) px^2 of the shifts, `gain_z` how many standard deviations the gain is above zero,
    `score` the weighted correlation, `pixels` how many full-resolution pixels counted.
    """

    shifts: FloatArray
    gains: FloatArray
    offsets: FloatArray
    chi_square: FloatArray
    covariance: FloatArray
    gain_z: FloatArray
    score: FloatArray
    pixels: FloatArray

    @classmethod
    def start(cls, shifts: FloatArray) -> Fit:
        """At given shifts, gain one, offset zero, nothing known of the noise (chi square infinite)."""
        n, ndim = shifts.shape
        zeros = np.zeros(n)
        return cls(
            shifts.copy(), np.ones(n), zeros.copy(), np.full(n, np.inf), np.full((n, ndim, ndim), np.nan),
            zeros.copy(), zeros.copy(), zeros.copy(),
        )  # fmt: skip


@cache
def _robust_means(cutoff: float) -> tuple[float, float, float, float]:
    """Means of rho, rho + 2 t rho', rho t and rho^2 t for ``rho = (1 + t / c^2)^-2``, ``t = x^2``, x Gaussian."""
    x = np.linspace(-9, 9, 20001)
    density = np.exp(-0.5 * x**2)
    density /= density.sum()
    t = x**2
    rho = (1 + t / cutoff**2) ** -2
    slope = rho - 4 * t / cutoff**2 * (1 + t / cutoff**2) ** -3
    rows = (rho, slope, rho * t, rho**2 * t)
    return tuple(float((density * row).sum()) for row in rows)  # type: ignore[return-value]


def inflation(cutoff: float) -> float:
    """Variance of the robust estimate over what its normal matrix and trimmed residuals say, for Gaussian noise.

    True variance ``E[rho^2 t] / E[rho + 2 t rho']^2`` (Huber 1981, eq. 4.2.6), stated variance
    ``E[rho t] / E[rho]^2``.
    """
    rho, slope, trimmed, squared = _robust_means(cutoff)
    return (squared / slope**2) / (trimmed / rho**2)


def standard_deviations(covariances: FloatArray) -> FloatArray:
    """Roots of the diagonals, (n, p); NaN where rounding left a variance below zero, as in frames of few pixels."""
    variances = np.einsum("nii->ni", covariances)
    return np.sqrt(np.where(variances >= 0, variances, np.nan))


def stretch(cutoff: float) -> float:
    """Reweighting steps are short by ``E[rho] / E[rho + 2 t rho']``, 12 % at a cutoff of 6; this makes up for it."""
    rho, slope, _, _ = _robust_means(cutoff)
    return rho / slope


def solve(sums: DirectSums) -> tuple[FloatArray, FloatArray]:
    """Solution and inverse of each normal matrix; zero and infinite where it is singular."""
    diagonal = np.einsum("nii->ni", sums.normal)
    scale = np.sqrt(np.maximum(diagonal, 1e-300))
    unit = sums.normal / (scale[:, :, None] * scale[:, None, :])
    usable = (diagonal > 0).all(axis=1) & np.isfinite(unit).all(axis=(1, 2))
    if not usable.all():
        unit[~usable] = np.eye(unit.shape[1])
    np.einsum("nii->ni", unit)[...] += 1e-9
    inverse = np.linalg.inv(unit) / (scale[:, :, None] * scale[:, None, :])
    solution = np.einsum("nij,nj->ni", inverse, sums.right)
    if not usable.all():
        solution[~usable] = 0.0
        inverse[~usable] = np.inf
    return solution, inverse


def correlation(sums: DirectSums, gains: FloatArray, ndim: int) -> FloatArray:
    """Weighted correlation of frame and reference, from sums that are there already."""
    v, o = ndim, ndim + 1
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = sums.normal[:, v, o] / sums.normal[:, o, o]
        spread = sums.normal[:, v, v] - mean * sums.normal[:, v, o]
        cross = sums.right[:, v] - mean * sums.right[:, o]
        own = sums.squares - sums.right[:, o] ** 2 / sums.normal[:, o, o]
        score = (cross + gains * spread) / np.sqrt(spread * (own + 2 * gains * cross + gains**2 * spread))
    score[np.isnan(score)] = 0.0
    return np.clip(score, -1.0, 1.0)


def refine(
    device: Device, level: Level, frames: Frames, fit: Fit, *, cutoff: float, max_iterations: int, accuracy: float
) -> None:
    """Improve `fit` in place until what a further step would change is below `accuracy` standard deviations.

    `frames` are at the resolution of `level`. `cutoff` is where robust weights fall to a quarter, in standard
    deviations; the first step without a chi square is plain least squares.
    """
    factors = np.array(level.factors, float)
    active: NDArray[np.intp] = np.arange(len(frames))
    for _ in range(max_iterations):
        chosen = frames if len(active) == len(frames) else frames[active]
        sums = device.direct_sums(
            chosen, level.spline, fit.shifts[active] / factors, fit.gains[active], fit.offsets[active], level.noise,
            np.minimum(cutoff * np.sqrt(fit.chi_square[active]), 1e15),
        )  # fmt: skip
        longer = np.where(np.isfinite(fit.chi_square[active]), stretch(cutoff), 1.0)
        step, sigma = _update(fit, active, sums, factors, longer)
        remaining = (0.02 * np.abs(step) + 0.5 * step**2 / factors) / np.maximum(sigma, 1e-12)
        active = active[(remaining > accuracy).any(axis=1) & np.isfinite(sigma).all(axis=1)]
        if not len(active):
            return


def _update(
    fit: Fit, active: NDArray[np.intp], sums: DirectSums, factors: FloatArray, longer: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Take one step; returns it and the standard deviations of the shifts, both (n, ndim) in full-resolution px."""
    ndim = len(factors)
    solution, inverse = solve(sums)
    solution *= longer[:, None]
    gains = fit.gains[active]
    fit.score[active] = correlation(sums, gains, ndim)
    degrees = np.maximum(sums.count - (ndim + 2), 1.0)
    chi_square = np.maximum(sums.squares / degrees, 1e-12)
    new_gains = gains + solution[:, ndim]
    divisor = np.maximum(np.abs(new_gains), 1e-3 * np.maximum(np.abs(gains), 1e-3))
    step = np.clip(-solution[:, :ndim] / divisor[:, None], -MAX_STEP_PX, MAX_STEP_PX) * factors
    with np.errstate(invalid="ignore", divide="ignore"):
        gain_z = new_gains / np.sqrt(inverse[:, ndim, ndim] * chi_square)
        gain_z[np.isnan(gain_z)] = 0.0
        fit.gain_z[active] = gain_z
        covariance = inverse[:, :ndim, :ndim] * (chi_square / divisor**2)[:, None, None] * np.outer(factors, factors)
        sigma = np.sqrt(np.einsum("nii->ni", covariance))
    fit.shifts[active] += step
    # a gain near or below zero would freeze the shift; the next step may find it again
    fit.gains[active] = np.where(new_gains > 0.02, new_gains, 0.02)
    fit.offsets[active] += solution[:, ndim + 1]
    fit.chi_square[active] = chi_square
    fit.covariance[active] = covariance
    fit.pixels[active] = sums.count * np.prod(factors)
    return step, sigma
