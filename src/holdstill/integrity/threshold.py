"""Where lost ends and kept begins: the split of the distribution of correlations into two components."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import logsumexp

from holdstill.contracts import FloatArray

__all__ = ["Split", "split_correlations"]

N_BINS = 1024
# atanh(0.99995): beyond, a correlation says nothing more
LARGEST_Z = 5.3
N_STEPS = 300
# Ashman's D: below 2 two normal distributions do not make two peaks
LEAST_DISTANCE = 2.0
LEAST_SHARE = 1e-4
# What two components explain more, as twice the logarithm of the likelihood, has to be worth three parameters: of 60
# populations of 30 to 300 cells none gained more than 15, with a tenth of them lost none less than 61. Fewer tell
# nothing.
PRICE, LEAST_GAIN, LEAST_CELLS = 3.0, 10.0, 20
OUTLIER_SIGMAS = 4.0
MAD_TO_SIGMA = 1.4826


@dataclass(frozen=True, kw_only=True)
class Split:
    """A threshold, and where it comes from.

    Attributes
    ----------
    threshold : float
        Correlation from which on a cell counts as kept.
    how : str
        One sentence.
    """

    threshold: float
    how: str


def split_correlations(correlations: FloatArray, area: float) -> Split:
    """The threshold between lost and kept cells, from correlations of any shape; NaN are left out.

    Fisher's z of the correlations, whose noise does not depend on the correlation, is taken for a mixture of two normal
    distributions (expectation maximisation); the threshold is where both are equally likely. Where one distribution
    explains as much, less the three parameters that it saves (Schwarz 1978), or they do not make two
    peaks (Ashman, Bird and Zepf 1994: D below 2), all cells are one population, and what lies four robust standard
    deviations below its median is lost; but never less than unrelated pixels reach, four standard deviations of the
    correlation of noise over `area` pixels.
    """
    known = correlations[np.isfinite(correlations)]
    if not known.size:
        return Split(threshold=0.5, how="no correlation is known; 0.5 was taken")
    z = np.arctanh(np.clip(known, -np.tanh(LARGEST_Z), np.tanh(LARGEST_Z)))
    counts, edges = np.histogram(z, N_BINS, range=(-LARGEST_Z, LARGEST_Z))
    centres = (edges[1:] + edges[:-1]) / 2
    weights, means, sigmas = _fit(counts.astype(np.float64), centres)
    distance = abs(means[1] - means[0]) / np.sqrt((sigmas**2).mean())
    gained = _gain(counts, centres, weights, means, sigmas)
    is_one = gained < PRICE * np.log(z.size) + LEAST_GAIN or z.size < LEAST_CELLS
    if is_one or distance < LEAST_DISTANCE or weights.min() < LEAST_SHARE:
        middle = float(np.median(z))
        spread = MAD_TO_SIGMA * float(np.median(np.abs(z - middle)))
        noise = 1 / np.sqrt(max(area - 3, 1))
        spread, least = max(spread, noise), OUTLIER_SIGMAS * noise
        value = float(np.tanh(max(middle - OUTLIER_SIGMAS * spread, min(least, 1.0))))
        how = f"the correlations are one population; {value:.3f} is four standard deviations below it, or above noise"
        return Split(threshold=value, how=how)
    value = float(np.tanh(_crossing(weights, means, sigmas)))
    shares = f"{weights[0]:.1%} around {np.tanh(means[0]):.2f} and {weights[1]:.1%} around {np.tanh(means[1]):.2f}"
    return Split(
        threshold=value, how=f"two components of the distribution, {shares}, are equally likely at {value:.3f}"
    )


def _fit(counts: FloatArray, z: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Weights, means and standard deviations of two normal distributions, the lower one first."""
    cut = _otsu(counts, z)
    least = z[1] - z[0]
    member = np.stack([z < cut, z >= cut]).astype(np.float64)
    weights, means, sigmas = np.full(2, 0.5), np.zeros(2), np.ones(2)
    for _ in range(N_STEPS):
        mass = np.maximum(member @ counts, 1e-12)
        updated = member @ (counts * z) / mass
        squares = np.array([part @ (counts * (z - mean) ** 2) for part, mean in zip(member, updated, strict=True)])
        sigmas = np.sqrt(np.maximum(squares / mass, least**2))
        weights = mass / counts.sum()
        settled = np.abs(updated - means).max() < 1e-7
        means = updated
        logs = _log_densities(weights, means, sigmas, z)
        member = np.exp(logs - logsumexp(logs, axis=0))
        if settled:
            break
    order = np.argsort(means)
    return weights[order], means[order], sigmas[order]


def _gain(counts: FloatArray, z: FloatArray, weights: FloatArray, means: FloatArray, sigmas: FloatArray) -> float:
    """Twice the logarithm of how much likelier two components make what was counted than one does."""
    two = float(counts @ logsumexp(_log_densities(weights, means, sigmas, z), axis=0))
    mean = float(counts @ z) / float(counts.sum())
    sigma = max(float(np.sqrt(counts @ (z - mean) ** 2 / counts.sum())), float(z[1] - z[0]))
    one = float(counts @ _log_densities(np.ones(1), np.array([mean]), np.array([sigma]), z)[0])
    return 2 * (two - one)


def _log_densities(weights: FloatArray, means: FloatArray, sigmas: FloatArray, z: FloatArray) -> FloatArray:
    scaled = (z - means[:, None]) / sigmas[:, None]
    return np.asarray(np.log(np.maximum(weights, 1e-300) / sigmas)[:, None] - scaled**2 / 2)


def _otsu(counts: FloatArray, z: FloatArray) -> float:
    """Otsu's threshold, to begin with."""
    below = np.cumsum(counts)[:-1]
    above = counts.sum() - below
    first = np.cumsum(counts * z)[:-1]
    with np.errstate(invalid="ignore", divide="ignore"):
        between = below * above * (first / below - ((counts * z).sum() - first) / above) ** 2
    return float(z[int(np.nanargmax(np.append(between, 0))) + 1]) if np.any(between > 0) else float(z[-1])


def _crossing(weights: FloatArray, means: FloatArray, sigmas: FloatArray) -> float:
    """Between the means, where both densities are equal."""
    z = np.linspace(means[0], means[1], 4001)
    logs = _log_densities(weights, means, sigmas, z)
    return float(z[int(np.argmax(logs[1] >= logs[0]))])
