"""What was measured of each cell in each cycle."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import FloatArray

__all__ = ["Integrity"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Integrity:
    """Correlations of cells over cycles. Rows are cells in ascending order of their labels, columns are cycles.

    Attributes
    ----------
    cells : ndarray of integers, (n_cells,)
        Labels, in the dtype of the image of labels.
    area : ndarray of int64, (n_cells,)
        Pixels.
    centroid : ndarray of float64, (n_cells, 2)
        Rows and columns, px.
    correlation_first, correlation_previous : ndarray of float64, (n_cells, n_cycles)
        Pearson correlation over the pixels of the cell with the first and the previous cycle; NaN where there is no
        variance, and with a previous cycle that there is not.
    mean : ndarray of float64, (n_cells, n_cycles)
    threshold : float
        Correlation with the first cycle from which on a cell counts as kept.
    threshold_from : str
        Where the threshold comes from, in one sentence.
    names : tuple of str
        Which image each cycle is: file, channel or number.
    channels : tuple of tuple of str
        What was stained in each cycle: antibodies and the nuclear stain, as the files or the user name them. Empty
        where nobody does.
    slack : int
        Correlations are the best of ``(2 slack + 1)^2`` shifts of each cell.
    shape : tuple of 2 int
        Rows and columns of the cycles.
    verdicts : tuple of str
        ``"ok"`` for each cycle, or why it could not be registered: of such a cycle nothing is known, its columns are
        NaN, and no cell counts as lost by it. Empty where all are ok.
    n_without_tissue : int
        Squares that show no tissue in the first cycle, as glass does: they are left out. 0 where there are labels.
    had_finished : bool
        It was read back from a folder in which this very job had finished.
    """

    cells: NDArray[Any]
    area: NDArray[np.int64]
    centroid: FloatArray
    correlation_first: FloatArray
    correlation_previous: FloatArray
    mean: FloatArray
    threshold: float
    threshold_from: str
    names: tuple[str, ...]
    slack: int
    shape: tuple[int, int]
    verdicts: tuple[str, ...] = ()
    channels: tuple[tuple[str, ...], ...] = ()
    n_without_tissue: int = 0
    had_finished: bool = False

    @property
    def n_cells(self) -> int:
        """Number of cells."""
        return len(self.cells)

    @property
    def n_cycles(self) -> int:
        """Number of cycles."""
        return self.correlation_first.shape[1]

    @cached_property
    def is_known(self) -> NDArray[np.bool_]:
        """Whether a cycle lies where it should, (n_cycles,); of others nothing is known."""
        return np.array([verdict == "ok" for verdict in self.verdicts] or [True] * self.n_cycles)

    @cached_property
    def kept(self) -> NDArray[np.bool_]:
        """Whether a cell correlates with the first cycle as the threshold asks, (n_cells, n_cycles); False for NaN."""
        with np.errstate(invalid="ignore"):
            return self.correlation_first >= self.threshold

    @cached_property
    def is_measurable(self) -> NDArray[np.bool_]:
        """Whether the first cycle shows anything in the cell that others can be compared with, (n_cells,)."""
        return np.isfinite(self.correlation_first[:, 0])

    @cached_property
    def is_saturated(self) -> NDArray[np.bool_]:
        """Whether a cell is as bright as any and even, (n_cells, n_cycles): the camera saw all of it saturated."""
        is_even = np.isfinite(self.mean) & np.isnan(self.correlation_first) & self.is_measurable[:, None]
        brightest = np.nanmax(self.mean, axis=0, initial=-np.inf)
        return is_even & (self.mean >= brightest) & (self.mean > self.mean[:, :1])

    @cached_property
    def is_shown(self) -> NDArray[np.bool_]:
        """Whether a cycle tells of a cell, (n_cells, n_cycles): neither beyond its border nor saturated."""
        return np.isfinite(self.mean) & self.is_known & ~self.is_saturated

    @cached_property
    def first_lost(self) -> NDArray[np.int64]:
        """The first cycle, counted from 1, that did not keep the cell, (n_cells,); 0 where all did that show it.

        Also 0 of cells in which the first cycle shows nothing, as where there is no tissue: they were never there.
        """
        lost = ~self.kept & self.is_shown & self.is_measurable[:, None]
        return np.where(lost.any(axis=1), lost.argmax(axis=1) + 1, 0).astype(np.int64)

    @cached_property
    def errors(self) -> FloatArray:
        """One standard deviation of `correlation_first` by Fisher's z, (n_cells, n_cycles).

        ``(1 - r^2) / sqrt(area - 3)``: of independent pixels; infinite for three pixels or fewer.
        """
        with np.errstate(divide="ignore", invalid="ignore"):
            free = np.sqrt(np.maximum(self.area - 3, 0))[:, None]
            return np.asarray((1 - self.correlation_first**2) / free)
