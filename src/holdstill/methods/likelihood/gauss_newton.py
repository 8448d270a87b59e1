"""Gauss-Newton steps for shift, gain and offset, many frames at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Covariance, Device, DirectSums, FloatArray, Frames, NoiseModel, Spline
from holdstill.methods.likelihood.algebra import correlation, shift_step

__all__ = ["LEAST_PLANES", "WIDEST", "Fit", "Level", "compare", "cutoffs", "find_blind", "find_bound"]
__all__ += ["find_least_chi_square", "hold", "inflation", "is_thin", "measure_information", "measure_pull", "refine"]
__all__ += ["stretch"]

# The spline is mirrored about the outermost planes, where its slope is zero, and a shift along z loses one of them: two
# planes found 0.2 px against themselves, and three lose what a template is made of.
LEAST_PLANES = 4
# share of the information that robust weights must leave, and the most that they are widened for it
LEAST_TOLD, WIDEST = 0.5, 64.0
# share of the last step that the next one may go back
OVERSHOT = 0.5
# residuals of a tenth of the noise are no outliers, however well the rest agrees
LEAST_CHI_SQUARE = 0.01
# Nor are those as large as the noise where so many pixels stand at the darkest or the brightest level: these agree
# without any noise, and a cutoff in units of theirs took the edges, which tell, for outliers (0.017 px off, not 0.007).
LEAST_OF_CUT, CUT, CUT_LEVELS = 0.7, 0.1, 0.01


@dataclass(frozen=True, eq=False)
class Level:
    """The reference at one resolution: `factors` pixels were averaged along each axis.

    `information`, (k,), is what a pixel tells of each shift, or of each coefficient of a warp, where nothing is an
    outlier; None: robust weights are not measure_information. `least_chi_square` is what chi square counts for at least
    where outliers are told by it.
    """

    factors: tuple[int, ...]
    spline: Spline
    noise: NoiseModel
    information: FloatArray | None = None
    least_chi_square: float = LEAST_CHI_SQUARE


@dataclass(eq=False)
class Fit:
    """Where the frames stand: shifts (n, ndim) in full-resolution px; per frame gain, offset and reduced chi square.

    `covariance` is (n, ndim, ndim) px^2 of the shifts, `gain_z` how many standard deviations the gain is above zero,
    `score` the weighted correlation, `pixels` how many full-resolution pixels counted. `widening` is by how much the
    cutoff of the robust weights had to be widened for the fit not to be blind.
    """

    shifts: FloatArray
    gains: FloatArray
    offsets: FloatArray
    chi_square: FloatArray
    covariance: FloatArray
    gain_z: FloatArray
    score: FloatArray
    pixels: FloatArray
    widening: FloatArray

    @classmethod
    def start(cls, shifts: FloatArray) -> Fit:
        """At given shifts, gain one, offset zero, nothing known of the noise (chi square infinite)."""
        n, ndim = shifts.shape
        zeros = np.zeros(n)
        return cls(
            shifts.copy(), np.ones(n), zeros.copy(), np.full(n, np.inf), np.full((n, ndim, ndim), np.nan),
            zeros.copy(), zeros.copy(), zeros.copy(), np.ones(n),
        )  # fmt: skip

    def rows(self, chosen: NDArray[np.intp]) -> Fit:
        """A copy of some of the frames' fits."""
        return Fit(**{one.name: getattr(self, one.name)[chosen].copy() for one in fields(self)})

    def replace_rows(self, chosen: NDArray[np.intp], other: Fit) -> None:
        """Take over `other`, as it stands, for some frames."""
        for one in fields(self):
            getattr(self, one.name)[chosen] = getattr(other, one.name)


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


def measure_pull(cutoff: float) -> float:
    """Variance of what weighted residuals pull, over what weights and trimmed residuals say, for Gaussian noise.

    ``E[rho^2 t] / E[rho t]``: what is trimmed twice is smaller, 0.87 at a cutoff of 6.
    """
    _, _, trimmed, squared = _robust_means(cutoff)
    return squared / trimmed


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
    last = np.zeros_like(fit.shifts)
    for step in range(max_iterations):
        before = fit.shifts[active]
        chosen = frames if len(active) == len(frames) else frames[active]
        sums = device.direct_sums(
            chosen, level.spline, fit.shifts[active] / factors, fit.gains[active], fit.offsets[active], level.noise,
            cutoffs(cutoff, fit.widening[active], fit.chi_square[active], level.least_chi_square),
        )  # fmt: skip
        blind = find_blind(level, sums, fit.gains[active]) & (fit.widening[active] < WIDEST)
        blind &= np.isfinite(fit.chi_square[active]) & (step < max_iterations - 1)
        going = np.empty(len(active), bool)
        if is_thin(frames.shape[1:]):
            hold(sums, np.array([True, False, False]))
        shift_step(
            active, sums.normal, sums.right, sums.squares, sums.count, factors, stretch(cutoff), accuracy, fit.shifts,
            fit.gains, fit.offsets, fit.chi_square, fit.covariance, fit.gain_z, fit.score, fit.pixels, going,
        )  # fmt: skip
        last[active] = _shorten(fit, active, before, last[active])
        # anew with plain least squares and, from there, a cutoff twice as wide
        fit.widening[active[blind]] *= 2
        fit.chi_square[active[blind]] = np.inf
        active = active[going | blind]
        if not len(active):
            return


def _shorten(fit: Fit, rows: NDArray[np.intp], before: FloatArray, last: FloatArray) -> FloatArray:
    """Shorten steps that go back most of the way that the `last` one went, in place; the steps, (n, ndim).

    Noise that a frame shares with a denoised reference bends its likelihood more than the slopes of the reference say,
    and steps overshoot: a dim frame ended 0.8 px off itself. The secant through both steps says how far to go.
    """
    steps = fit.shifts[rows] - before
    back = -(steps * last).sum(axis=1) / np.maximum((last**2).sum(axis=1), 1e-12)
    far = np.flatnonzero(back > OVERSHOT)
    if len(far):
        steps[far] /= 1 + back[far, None]
        fit.shifts[rows[far]] = before[far] + steps[far]
    return steps


def is_thin(shape: tuple[int, ...]) -> bool:
    """Whether frames are volumes of too few planes to tell of any motion but that within the plane."""
    return len(shape) == 3 and shape[0] < LEAST_PLANES


def hold(sums: DirectSums, held: NDArray[np.bool_]) -> None:
    """Take steps, (p,), out of normal equations, in place: what they change stays as it is, without an error."""
    which = np.flatnonzero(held)
    scale = np.maximum(np.abs(sums.normal).max(axis=(1, 2)), 1.0)
    sums.normal[:, which, :] = sums.normal[:, :, which] = sums.right[:, which] = 0.0
    sums.normal[:, which, which] = 1e30 * scale[:, None]


def compare(device: Device, level: Level, frames: Frames, fits: Sequence[Fit], cutoff: float) -> list[FloatArray]:
    """Correlations of frames with several fits of the same, each (n,), by the same weights: the widest of them.

    Each by its own, a fit that had taken most pixels for outliers would agree best.
    """
    factors = np.array(level.factors, float)
    common = np.max([cutoffs(cutoff, fit.widening, fit.chi_square, level.least_chi_square) for fit in fits], axis=0)
    scores = []
    for fit in fits:
        sums = device.direct_sums(
            frames, level.spline, fit.shifts / factors, fit.gains, fit.offsets, level.noise, common
        )
        scores.append(correlation(sums, fit.gains, len(factors)))
    return scores


def measure_information(
    device: Device, level: Level, mean: float, kind: str | None = None, identity: FloatArray | None = None
) -> Level:
    """The level with its `information`; of the coefficients of a warp of some `kind` at the identity, if one is given.

    `mean` is what was subtracted from the reference.
    """
    pixels = np.where(level.spline.mask, np.float32(0), np.float32(np.nan))[None]
    at = np.zeros((1, pixels.ndim - 1)) if identity is None else identity
    usual = (np.ones(1), np.full(1, mean), level.noise, np.full(1, 1e15))
    if kind is None:
        sums = device.direct_sums(pixels, level.spline, at, *usual)
    else:
        sums = device.warp_sums(pixels, level.spline, kind, at, *usual)
    return replace(level, information=np.diagonal(sums.normal[0])[:-2] / max(float(sums.count[0]), 1.0))


def cutoffs(cutoff: float, widening: FloatArray, chi_square: FloatArray, least: float = LEAST_CHI_SQUARE) -> FloatArray:
    """Where robust weights fall to a quarter, in units of the noise model, (n,)."""
    return np.minimum(cutoff * widening * np.sqrt(np.maximum(chi_square, least)), 1e15)


def find_least_chi_square(image: NDArray[np.float32]) -> float:
    """What chi square counts for at least, beside an image as it is; see `Level`."""
    known = image[np.isfinite(image)]
    if not known.size:
        return LEAST_CHI_SQUARE
    low, high = float(known.min()), float(known.max())
    near = CUT_LEVELS * (high - low)
    is_cut = max(float((known <= low + near).mean()), float((known >= high - near).mean())) > CUT
    return LEAST_OF_CUT if is_cut else LEAST_CHI_SQUARE


def find_blind(level: Level, sums: DirectSums, gains: FloatArray) -> NDArray[np.bool_]:
    """Where robust weights took almost all that tells of the transform for outliers, (n,).

    Of drawings, masks and clipped images most pixels agree wherever one looks, and the few that do not are those that
    tell: a cutoff in units of the common residual leaves them out, and the fit stays where it began.
    """
    if level.information is None:
        return np.zeros(len(gains), bool)
    told = np.einsum("nii->ni", sums.normal)[:, :-2] / np.maximum(sums.count, 1.0)[:, None]
    # a brighter frame has more noise, at most in proportion
    return (told * np.maximum(gains, 1.0)[:, None]).sum(axis=1) < LEAST_TOLD * level.information.sum()
