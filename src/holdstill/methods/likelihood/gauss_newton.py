"""Gauss-Newton steps for shift, gain and offset, many frames at a time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Covariance, Device, DirectSums, FloatArray, Frames, NoiseModel, Spline
from holdstill.methods.likelihood.algebra import shift_step

__all__ = ["LEAST_PLANES", "Fit", "Level", "find_bound", "inflation", "refine", "stretch"]

# The spline is mirrored about the outermost planes, where its slope is zero, and a shift along z loses one of them: two
# planes found 0.2 px against themselves, and three lose what a template is made of.
LEAST_PLANES = 4


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


def find_bound(covariance: Covariance, chi_square: FloatArray, cutoff: float) -> Covariance:
    """The Cramér-Rao bound behind covariances that `inflation` and each frame's chi square, (n,), have widened.

    For Gaussian noise of the model's variance; robust weights, whose mean is ``E[rho]``, take that share of what pixels
    tell.
    """
    return covariance.weigh(_robust_means(cutoff)[0] / inflation(cutoff) / chi_square)


@cache
def stretch(cutoff: float) -> float:
    """Reweighting steps are short by ``E[rho] / E[rho + 2 t rho']``, 12 % at a cutoff of 6; this makes up for it."""
    rho, slope, _, _ = _robust_means(cutoff)
    return rho / slope


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
        going = np.empty(len(active), bool)
        if len(factors) == 3 and frames.shape[1] < LEAST_PLANES:
            _hold_z(sums)
        shift_step(
            active, sums.normal, sums.right, sums.squares, sums.count, factors, stretch(cutoff), accuracy, fit.shifts,
            fit.gains, fit.offsets, fit.chi_square, fit.covariance, fit.gain_z, fit.score, fit.pixels, going,
        )  # fmt: skip
        active = active[going]
        if not len(active):
            return


def _hold_z(sums: DirectSums) -> None:
    """Take the shift along z out of normal equations, in place: it stays as it is, without an error."""
    scale = np.maximum(np.abs(sums.normal).max(axis=(1, 2)), 1.0)
    sums.normal[:, 0, :] = sums.normal[:, :, 0] = sums.right[:, :1] = 0.0
    sums.normal[:, 0, 0] = 1e30 * scale
