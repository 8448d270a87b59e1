"""A mixture of normal distributions fitted to a histogram, with as many components as explain it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import logsumexp

from holdstill.contracts import FloatArray

__all__ = ["Mixture", "fit_mixture"]

N_STEPS, SETTLED = 300, 1e-7
# What one component more explains, as twice the logarithm of the likelihood, has to be worth its three parameters: of
# 60 populations of 30 to 300 cells none gained more than 15, with a tenth of them lost none less than 61.
PARAMETERS, LEAST_GAIN = 3.0, 10.0
MOST_COMPONENTS = 3


@dataclass(frozen=True, eq=False)
class Mixture:
    """Weights, means and standard deviations of normal distributions, (n,) each, the lowest mean first."""

    weights: FloatArray
    means: FloatArray
    sigmas: FloatArray

    def log_densities(self, values: FloatArray) -> FloatArray:
        """Logarithm of each component's density, (n, values), but for one constant."""
        scaled = (values - self.means[:, None]) / self.sigmas[:, None]
        return np.asarray(np.log(np.maximum(self.weights, 1e-300) / self.sigmas)[:, None] - scaled**2 / 2)

    def likelihood(self, counts: FloatArray, values: FloatArray) -> float:
        """Logarithm of how likely it makes what was counted."""
        return float(counts @ logsumexp(self.log_densities(values), axis=0))


def fit_mixture(counts: FloatArray, values: FloatArray, least_share: float) -> Mixture:
    """One component, and one more as long as it explains more than its parameters are worth (Schwarz 1978).

    Parameters
    ----------
    counts, values : ndarray of float64, (n_bins,)
        A histogram and the middles of its bins.
    least_share : float
        No component is smaller.
    """
    parts = [np.ones(len(values), bool)]
    best = _maximise(counts, values, np.stack(parts).astype(np.float64))
    while len(parts) < MOST_COMPONENTS:
        trials = [_cut(parts, k, counts, values) for k in range(len(parts))]
        found = [_maximise(counts, values, np.stack(each).astype(np.float64)) for each in trials]
        likeliest = int(np.argmax([each.likelihood(counts, values) for each in found]))
        gained = 2 * (found[likeliest].likelihood(counts, values) - best.likelihood(counts, values))
        if gained < PARAMETERS * np.log(counts.sum()) + LEAST_GAIN or found[likeliest].weights.min() < least_share:
            break
        parts, best = trials[likeliest], found[likeliest]
    return best


def _cut(parts: list[np.ndarray], k: int, counts: FloatArray, values: FloatArray) -> list[np.ndarray]:
    """The same parts of the histogram, one of them in two, by Otsu's threshold."""
    own = np.where(parts[k], counts, 0.0)
    below = np.cumsum(own)[:-1]
    above = own.sum() - below
    first = np.cumsum(own * values)[:-1]
    with np.errstate(invalid="ignore", divide="ignore"):
        between = below * above * (first / below - ((own * values).sum() - first) / above) ** 2
    known = np.any(between > 0)
    cut = float(values[int(np.nanargmax(np.append(between, 0))) + 1]) if known else float(values[-1])
    return [*parts[:k], parts[k] & (values < cut), parts[k] & (values >= cut), *parts[k + 1 :]]


def _maximise(counts: FloatArray, values: FloatArray, member: FloatArray) -> Mixture:
    """Expectation maximisation, from which share of each bin belongs to which component, (n, n_bins)."""
    least = values[1] - values[0]
    found = Mixture(np.ones(len(member)), np.full(len(member), np.inf), np.ones(len(member)))
    for _ in range(N_STEPS):
        mass = np.maximum(member @ counts, 1e-12)
        means = member @ (counts * values) / mass
        squares = np.array([part @ (counts * (values - mean) ** 2) for part, mean in zip(member, means, strict=True)])
        before = found
        found = Mixture(mass / counts.sum(), means, np.sqrt(np.maximum(squares / mass, least**2)))
        if np.abs(found.means - before.means).max() < SETTLED:
            break
        logs = found.log_densities(values)
        member = np.exp(logs - logsumexp(logs, axis=0))
    order = np.argsort(found.means)
    return Mixture(found.weights[order], found.means[order], found.sigmas[order])
