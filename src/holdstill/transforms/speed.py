"""Frames that moved faster than the specimen can, and that no neighbour bears out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import FloatArray

__all__ = ["Speed", "find_unsupported"]

# good frames on either side that may bear a frame out
WITNESSES = 2
# a frame is allowed so many of its error bars, and of its neighbour's, beyond the limit
ERROR_BARS = 3.0


@dataclass(frozen=True, kw_only=True)
class Speed:
    """How fast a specimen may move.

    Parameters
    ----------
    px : tuple of float
        Along each axis ``([z,] y, x)``, px per frame or per second. Together they are the half-axes of an ellipse.
    per_second : bool
        Else per frame.
    text : str
        As it was asked for.
    """

    px: tuple[float, ...]
    per_second: bool = False
    text: str = ""

    def reduce(self, *, bin: int, average: int) -> Speed:
        """The same for frames of which so many px and frames became one."""
        frames = 1 if self.per_second else average
        return Speed(px=tuple(one * frames / bin for one in self.px), per_second=self.per_second, text=self.text)


def find_unsupported(
    shifts: FloatArray, errors: FloatArray, good: NDArray[np.bool_], ticks: FloatArray, px: tuple[float, ...]
) -> NDArray[np.bool_]:
    """Which good frames lie beyond the speed from each of their neighbours: the two good ones before and after them.

    A stage that jumps and stays is borne out by what follows; a frame alone that lies elsewhere by nothing.

    Parameters
    ----------
    shifts, errors : ndarray of float64, (n, ndim)
        Of the frames' centres, px; an error that is NaN counts as none.
    good : ndarray of bool, (n,)
    ticks : ndarray of float64, (n,)
        When each frame was taken, ascending, in the unit that the speed is told per.
    px : tuple of float, (ndim,)
        Largest speed along each axis, px per tick.

    Returns
    -------
    ndarray of bool, (n,)
    """
    known = np.flatnonzero(good)
    places, times = shifts[known] / px, ticks[known]
    bars = np.nan_to_num(errors[known]) / px
    supported = np.zeros(len(known), bool)
    for lag in range(1, min(WITNESSES, len(known) - 1) + 1):
        way = np.linalg.norm(places[lag:] - places[:-lag], axis=1)
        doubt = ERROR_BARS * np.sqrt((bars[lag:] ** 2 + bars[:-lag] ** 2).sum(axis=1))
        near = way <= times[lag:] - times[:-lag] + doubt
        supported[lag:] |= near
        supported[:-lag] |= near
    found = np.zeros(len(good), bool)
    found[known] = ~supported & (len(known) > 1)
    return found
