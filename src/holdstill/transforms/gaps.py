"""Numbers in the place of those that are not known, from the known ones before and after."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import FloatArray

__all__ = ["fill_gaps"]


def fill_gaps(values: FloatArray, known: NDArray[np.bool_]) -> FloatArray:
    """Columns with what is not `known` on a straight line between neighbours; before and after, the nearest repeated.

    Parameters
    ----------
    values : ndarray of float64, (n, n_columns)
    known : ndarray of bool, (n,) or (n, n_columns)
        A column of which nothing is known stays as it is.
    """
    filled, rows = values.copy(), np.arange(len(values))
    for column, good in enumerate(np.broadcast_to(known.T, values.T.shape)):
        if good.any():
            filled[~good, column] = np.interp(rows[~good], rows[good], values[good, column])
    return filled
