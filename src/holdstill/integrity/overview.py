"""A small picture of the slide, filled row by row while the slide is read: who lies where, and each cycle's light."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.integrity.labels import Runs

__all__ = ["Overview"]

LARGEST_PX = 1536


class Overview:
    """Every `factor`-th row, and along it every `factor` columns as one.

    Parameters
    ----------
    shape : tuple of 2 int
        Of the slide.
    n_cycles : int

    Attributes
    ----------
    factor : int
        Pixels of the slide to one of the picture.
    cells : ndarray of int32, (rows, columns)
        Number of the cell, -1 where there is none.
    light : ndarray of float32, (n_cycles, rows, columns)
        Mean of the pixels.
    """

    def __init__(self, shape: tuple[int, int], n_cycles: int) -> None:
        self.factor = max(1, -(-max(shape) // LARGEST_PX))
        size = tuple(-(-n // self.factor) for n in shape)
        self.cells = np.full(size, -1, np.int32)
        self.light = np.zeros((n_cycles, *size), np.float32)

    def add(self, top: int, n_rows: int, runs: Runs, bands: list[NDArray[Any]], above: int) -> None:
        """Take what it needs of a band of `n_rows` rows from row `top` of the slide on; `above` as in `Sums.add`."""
        middle = self.factor // 2
        first = -(-(top - middle) // self.factor)
        for row in range(max(first, 0), len(self.cells)):
            y = row * self.factor + middle - top
            if y >= n_rows:
                break
            self._paint(row, runs, int(np.searchsorted(runs.rows, y)), int(np.searchsorted(runs.rows, y, "right")))
            for light, band in zip(self.light, bands, strict=True):
                light[row] = self._shorten(np.nan_to_num(band[y + above].astype(np.float64)))

    def _paint(self, row: int, runs: Runs, first: int, last: int) -> None:
        middle = self.factor // 2
        for i in range(first, last):
            start, stop = (max(0, -(-(int(x) - middle) // self.factor)) for x in (runs.starts[i], runs.stops[i]))
            self.cells[row, start:stop] = runs.cells[i]

    def _shorten(self, row: NDArray[np.float64]) -> NDArray[np.float64]:
        starts = np.arange(0, len(row), self.factor)
        return np.add.reduceat(row, starts) / np.diff(np.append(starts, len(row)))

    def state(self) -> dict[str, NDArray[Any]]:
        """All of it as arrays."""
        return {"overview_cells": self.cells, "overview_light": self.light}

    def restore(self, state: dict[str, NDArray[Any]]) -> None:
        """Go on from what `state` gave."""
        self.cells, self.light = state["overview_cells"], state["overview_light"]
