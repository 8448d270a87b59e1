"""What is summed over the pixels of each cell, band by band, and what comes of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import FloatArray
from holdstill.integrity import kernels
from holdstill.integrity.labels import CellIndex, Runs

__all__ = ["Correlations", "Sums"]

SPARE_BYTES = 1 << 30


@dataclass(frozen=True, kw_only=True, eq=False)
class Correlations:
    """What the sums come to; rows are cells in the order in which they were first seen.

    Attributes
    ----------
    labels : ndarray of integers, (n_cells,)
    area : ndarray of int64, (n_cells,)
    centroid : ndarray of float64, (n_cells, 2)
        Rows and columns in px.
    first, previous : ndarray of float64, (n_cells, n_cycles)
        Pearson correlation with the first and with the previous cycle; NaN where there is no variance.
    mean : ndarray of float64, (n_cells, n_cycles)
    """

    labels: NDArray[Any]
    area: NDArray[np.int64]
    centroid: FloatArray
    first: FloatArray
    previous: FloatArray
    mean: FloatArray


class Sums:
    """Sums over the pixels of cells that are found on the way.

    Parameters
    ----------
    n_cycles : int
    slack : int
        Sums for each of ``(2 slack + 1)^2`` shifts.
    label_dtype : numpy.dtype
    most : int
        There are no more cells than that: pixels of the slide.
    """

    def __init__(self, n_cycles: int, slack: int, label_dtype: np.dtype[Any], most: int) -> None:
        self.n_cycles, self.slack, self._most = n_cycles, slack, most
        self.index = CellIndex(np.empty(0, label_dtype))
        self.shapes = np.zeros((0, 3))
        self.offsets = np.zeros((n_cycles, 0))
        self.sums = [np.zeros((self._n_shifts, 0, 4)) for _ in range(n_cycles)]

    @property
    def _n_shifts(self) -> int:
        return (2 * self.slack + 1) ** 2

    @property
    def n_cells(self) -> int:
        """Cells seen so far."""
        return len(self.index.labels)

    def add(
        self, top: int, labels: NDArray[Any], bands: list[NDArray[Any]], above: int, pool: ThreadPoolExecutor
    ) -> Runs:
        """Add a band of rows.

        Parameters
        ----------
        top : int
            Row of the frame that the band of labels begins with.
        labels : ndarray, (rows, columns)
        bands : list of ndarray, (above + rows + below, columns)
            One for each cycle, all of one dtype, with rows above and below where there is slack.
        above : int
            How many rows of `bands` lie above the labels' first.
        pool : ThreadPoolExecutor
            Cycles are added side by side; the result does not depend on how many threads there are.
        """
        runs, seen = self.index.find(labels)
        self._grow()
        new = runs.cells[seen]
        kernels.accumulate_shape(runs.rows, runs.starts, runs.stops, runs.cells, top, self.shapes)
        for offsets, band in zip(self.offsets, bands, strict=True):
            offsets[new] = band[runs.rows[seen] + above, runs.starts[seen]]
        if self.slack:
            list(pool.map(lambda k: self._add_slack(k, runs, bands, above), range(self.n_cycles)))
        else:
            list(pool.map(lambda group: self._add_group(group, runs, bands), _share_out(self.n_cycles)))
        return runs

    def _add_group(self, group: range, runs: Runs, bands: list[NDArray[Any]]) -> None:
        filled = [*group, *[group[0]] * (kernels.GROUP - len(group))]
        kernels.accumulate(
            runs.rows, runs.starts, runs.stops, runs.cells, group.start, group.stop, bands[0],
            bands[max(group.start - 1, 0)], tuple(bands[k] for k in filled), self.offsets,
            tuple(self.sums[k][0] for k in filled),
        )  # fmt: skip

    def _add_slack(self, k: int, runs: Runs, bands: list[NDArray[Any]], above: int) -> None:
        before = max(k - 1, 0)
        kernels.accumulate_slack(
            runs.rows, runs.starts, runs.stops, runs.cells, (bands[0], bands[before], bands[k]),
            (self.offsets[0], self.offsets[before], self.offsets[k]), self.sums[k], above, len(bands[k]) - 1,
        )  # fmt: skip

    def _grow(self) -> None:
        """Room for all cells, and for those that a gigabyte more holds, which is taken only where it is written to.

        Each growth copies all sums, and holds them twice meanwhile.
        """
        have, need = len(self.shapes), self.n_cells
        if need <= have:
            return
        cell_bytes = 8 * self.n_cycles * (1 + 4 * self._n_shifts)
        room = min(need + SPARE_BYTES // cell_bytes, max(self._most, need))
        self.shapes = _lengthen(self.shapes, 0, room)
        self.offsets = _lengthen(self.offsets, 1, room)
        for k in range(self.n_cycles):
            self.sums[k] = _lengthen(self.sums[k], 1, room)

    def correlations(self) -> Correlations:
        """What the sums come to."""
        n = self.n_cells
        count = self.shapes[:n, 0]
        still = [_moments(count, sums[self._n_shifts // 2, :n]) for sums in self.sums]
        first, previous, mean = (np.empty((n, self.n_cycles)) for _ in range(3))
        for k, sums in enumerate(self.sums):
            before = max(k - 1, 0)
            first[:, k] = _best(count, sums[:, :n], kernels.FIRST, still[0]) if k else _itself(still[0])
            previous[:, k] = _best(count, sums[:, :n], kernels.PREVIOUS, still[before]) if k else np.nan
            with np.errstate(invalid="ignore", divide="ignore"):
                mean[:, k] = self.offsets[k, :n] + still[k][0] / count
        return Correlations(
            labels=self.index.labels, area=count.astype(np.int64), centroid=self.shapes[:n, 1:] / count[:, None],
            first=first, previous=previous, mean=mean,
        )  # fmt: skip

    def state(self) -> dict[str, NDArray[Any]]:
        """All of it as arrays, to go on from later."""
        n = self.n_cells
        sums = {f"sums_{k}": each[:, :n] for k, each in enumerate(self.sums)}
        return {"labels": self.index.labels, "shapes": self.shapes[:n], "offsets": self.offsets[:, :n], **sums}

    def restore(self, state: dict[str, NDArray[Any]]) -> None:
        """Go on from what `state` gave."""
        self.index = CellIndex(state["labels"])
        self.shapes, self.offsets = state["shapes"], state["offsets"]
        self.sums = [state[f"sums_{k}"] for k in range(self.n_cycles)]


def _lengthen(array: NDArray[Any], axis: int, length: int) -> NDArray[Any]:
    shape = list(array.shape)
    shape[axis] = length
    out = np.zeros(shape)
    out[tuple(slice(n) for n in array.shape)] = array
    return out


def _share_out(n_cycles: int) -> list[range]:
    """Cycles in an even number of groups that are summed together, alike in size, none larger than the kernel takes."""
    n = min(n_cycles, 2 * -(-n_cycles // (2 * kernels.GROUP)))
    edges = np.linspace(0, n_cycles, n + 1).astype(int).tolist()
    return [range(*pair) for pair in pairwise(edges)]


def _moments(count: FloatArray, sums: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Sum, and n times the sum of squares around the mean, of each cell."""
    total = sums[:, kernels.SUM]
    with np.errstate(invalid="ignore", over="ignore"):  # of a cell with an infinite pixel nothing is known
        return total, count * sums[:, kernels.SQUARE] - total * total


def _itself(moments: tuple[FloatArray, FloatArray]) -> FloatArray:
    return np.where(moments[1] > 0, 1.0, np.nan)


def _best(count: FloatArray, sums: FloatArray, column: int, other: tuple[FloatArray, FloatArray]) -> FloatArray:
    """The largest correlation over the shifts; NaN where none is known."""
    best = np.full(len(count), -np.inf)
    for shifted in sums:
        total, spread = _moments(count, shifted)
        with np.errstate(invalid="ignore", divide="ignore"):
            product = count * shifted[:, column] - total * other[0]
            found = product / np.sqrt(np.where((spread > 0) & (other[1] > 0), spread, np.nan) * other[1])
        best = np.fmax(best, np.clip(found, -1, 1))
    return np.where(np.isfinite(best), best, np.nan)
