"""Which squares show tissue at all: without labels they cover the glass beside it, too."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import FloatArray

__all__ = ["find_tissue"]

# correlations beyond so many standard deviations of that of noise tell tissue; the percentile of its light below which
# a square that never correlates holds none; fewer squares of tissue tell nothing
SIGMAS, DARK, LEAST_SQUARES = 4.0, 1.0, 20


def find_tissue(correlations: FloatArray, light: FloatArray, area: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which squares hold tissue in the first cycle, (n,).

    Those that any other cycle correlates with do, and of the rest, which may be glass or tissue that was lost at once,
    those as bright as these. Where few correlate all are taken to.

    Parameters
    ----------
    correlations : ndarray of float64, (n, n_cycles - 1)
        Of the first cycle with each other.
    light : ndarray of float64, (n,)
        Mean of the first cycle, grey levels.
    area : ndarray of int64, (n,)
    """
    best = np.nanmax(np.nan_to_num(correlations, nan=-1.0), axis=1, initial=-1.0)
    sure = best > SIGMAS / np.sqrt(np.maximum(area, 1))
    if sure.sum() < LEAST_SQUARES:
        return np.ones(len(light), bool)
    return np.asarray(sure | (light >= np.percentile(light[sure], DARK)))
