"""A small picture of the slide, filled row by row while the slide is read: who lies where, and each cycle's light."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.integrity.kernels import paint
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
        Mean of the pixels; NaN where none is known, as beyond the border of a registered cycle.
    """

    def __init__(self, shape: tuple[int, int], n_cycles: int) -> None:
        self.factor = max(1, -(-max(shape) // LARGEST_PX))
        size = tuple(-(-n // self.factor) for n in shape)
        self.cells = np.full(size, -1, np.int32)
        self.light = np.zeros((n_cycles, *size), np.float32)

    def add(self, top: int, n_rows: int, runs: Runs, bands: list[NDArray[Any]], above: int) -> None:
        """Take what it needs of a band of `n_rows` rows from row `top` of the slide on; `above` as in `Sums.add`."""
        middle = self.factor // 2
        first = max(0, -(-(top - middle) // self.factor))
        start = first * self.factor + middle - top
        rows = slice(start + above, n_rows + above, self.factor)
        n = len(range(start, n_rows, self.factor))
        if not n:
            return
        paint(runs.rows, runs.starts, runs.stops, runs.cells, start, self.factor, self.cells[first : first + n])
        edges = np.arange(0, bands[0].shape[1], self.factor)
        widths = np.diff(np.append(edges, bands[0].shape[1]))
        for light, band in zip(self.light, bands, strict=True):
            chosen = band[rows].astype(np.float32)
            known = np.isfinite(chosen)
            counts = widths if known.all() else np.add.reduceat(known, edges, axis=1, dtype=np.float32)
            sums = np.add.reduceat(np.where(known, chosen, np.float32(0)), edges, axis=1)
            light[first : first + n] = np.where(counts > 0, sums / np.maximum(counts, 1), np.float32(np.nan))

    def renumber(self, order: NDArray[np.intp]) -> None:
        """Number the cells by their place in `order`; those that it leaves out are gone."""
        numbers = np.full(max(int(self.cells.max(initial=-1)), int(order.max(initial=-1))) + 2, -1, np.int32)
        numbers[order] = np.arange(len(order))
        self.cells = numbers[self.cells]

    def state(self) -> dict[str, NDArray[Any]]:
        """All of it as arrays."""
        return {"overview_cells": self.cells, "overview_light": self.light}

    def restore(self, state: dict[str, NDArray[Any]]) -> None:
        """Go on from what `state` gave."""
        self.cells, self.light = state["overview_cells"], state["overview_light"]
