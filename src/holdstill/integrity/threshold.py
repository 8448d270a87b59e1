"""Where lost ends and kept begins: by the components of the distribution of correlations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from holdstill.contracts import FloatArray
from holdstill.integrity.mixture import Mixture, fit_mixture

__all__ = ["Split", "split_correlations"]

N_BINS = 1024
# atanh(0.99995): beyond, a correlation says nothing more
LARGEST_Z = 5.3
# of so few pixels a correlation says nothing: of two it is always 1 or -1
LEAST_PX = 12
# Ashman's D: below 2 two normal distributions do not make two peaks
LEAST_DISTANCE = 2.0
LEAST_SHARE = 1e-4
# fewer cells tell nothing
LEAST_CELLS = 20
# Dim nuclei correlate less than bright ones, by their noise, and are there: lost is what correlates less than half as
# much as the best component. Autofluorescence, which stays, correlates by 0.1 to 0.3 beside 0.9.
LOST_SHARE = 0.5
OUTLIER_SIGMAS = 4.0
MAD_TO_SIGMA = 1.4826
NUMBERS = ("no", "one", "two", "three")


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


def split_correlations(correlations: FloatArray, area: NDArray[Any] | float) -> Split:
    """The threshold between lost and kept cells; NaN are left out, and cells below 12 px.

    Fisher's z of the correlations, whose noise does not depend on the correlation, is taken for a mixture of one to
    three normal distributions (expectation maximisation; as many as are worth their parameters, Schwarz 1978). Those
    that correlate less than half as much as the best are lost cells, and the threshold is where lost and kept are
    equally likely. Where there are no such two groups, or they do not make two peaks (Ashman, Bird and Zepf 1994: D
    below 2), all cells are one population, and what lies four robust standard deviations below its median is lost, or
    below its lowest component; but never less than unrelated pixels reach, four standard deviations of the correlation
    of noise over a typical `area`.

    Parameters
    ----------
    correlations : ndarray of float64, (n_cells, n_cycles)
        Or of any shape where `area` is a number.
    area : ndarray, (n_cells,), or float
        Pixels of each cell, or of a typical one.
    """
    areas = np.broadcast_to(np.reshape(area, (-1,) + (1,) * (correlations.ndim - 1)), correlations.shape)
    known = np.isfinite(correlations)
    known &= (areas >= LEAST_PX) | (float(np.median(area)) < LEAST_PX)
    if not known.any():
        return Split(threshold=0.5, how="no correlation is known; 0.5 was taken")
    z = np.arctanh(np.clip(correlations[known], -np.tanh(LARGEST_Z), np.tanh(LARGEST_Z)))
    counts, edges = np.histogram(z, N_BINS, range=(-LARGEST_Z, LARGEST_Z))
    centres = (edges[1:] + edges[:-1]) / 2
    found = fit_mixture(counts.astype(np.float64), centres, LEAST_SHARE)
    n_lost = int((np.tanh(found.means) < LOST_SHARE * np.tanh(found.means[-1])).sum())
    if not n_lost or z.size < LEAST_CELLS or _find_distance(found, n_lost) < LEAST_DISTANCE:
        return _take_one(z, found, float(np.median(area)))
    value = float(np.tanh(_find_crossing(found, n_lost)))
    how = f"{NUMBERS[len(found.means)]} components of the distribution, {_tell(found)}"
    return Split(threshold=value, how=f"{how}: lost and kept are equally likely at {value:.3f}")


def _take_one(z: FloatArray, found: Mixture, area: float) -> Split:
    """The threshold below which cells of one population do not lie."""
    middle, noise = float(np.median(z)), 1 / np.sqrt(max(area - 3, 1))
    spread = max(MAD_TO_SIGMA * float(np.median(np.abs(z - middle))), noise)
    lowest = middle - OUTLIER_SIGMAS * spread
    parts = ""
    if len(found.means) > 1 and z.size >= LEAST_CELLS:
        lowest = min(lowest, float((found.means - OUTLIER_SIGMAS * np.maximum(found.sigmas, noise)).min()))
        parts = f" ({_tell(found)})"
    value = float(np.tanh(max(lowest, min(OUTLIER_SIGMAS * noise, 1.0))))
    where = f"{value:.3f} is four standard deviations below it, or above noise"
    return Split(threshold=value, how=f"the correlations are one population{parts}; {where}")


def _tell(found: Mixture) -> str:
    parts = [f"{share:.1%} around {mean:.2f}" for share, mean in zip(found.weights, np.tanh(found.means), strict=True)]
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def _find_distance(found: Mixture, n_lost: int) -> float:
    """How far the highest lost component lies from the lowest kept one, in their standard deviations."""
    between = found.means[n_lost] - found.means[n_lost - 1]
    return float(between / np.sqrt((found.sigmas[n_lost - 1 : n_lost + 1] ** 2).mean()))


def _find_crossing(found: Mixture, n_lost: int) -> float:
    """Between lost and kept, where both densities are equal."""
    z = np.linspace(found.means[n_lost - 1], found.means[n_lost], 4001)
    logs = found.log_densities(z)
    return float(z[int(np.argmax(logsumexp(logs[n_lost:], axis=0) >= logsumexp(logs[:n_lost], axis=0)))])
