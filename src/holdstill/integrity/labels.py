"""Which cell a pixel belongs to: from an image of labels, or squares in its stead."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Source
from holdstill.errors import InputError
from holdstill.integrity.cycles import list_files, open_plane
from holdstill.integrity.kernels import count_runs, find_runs, link_runs
from holdstill.integrity.rows import FileRows, Rows
from holdstill.io.image import read_image
from holdstill.io.inputs import input_paths

__all__ = ["CellIndex", "Runs", "Tiles", "check_labels", "label_rows", "open_labels"]

NUMBER_THEM = "number the cells, as skimage.measure.label or Fiji's Analyze Particles do, and save them as uint32"


@dataclass(frozen=True, kw_only=True, eq=False)
class Runs:
    """Stretches of pixels of one row and one label in a band.

    Attributes
    ----------
    rows, starts, stops : ndarray of int32, (n,)
        Row of the band, first column, and the column after the last.
    cells : ndarray of int64, (n,)
        Number of the cell: in the order in which cells were first seen.
    """

    rows: NDArray[np.int32]
    starts: NDArray[np.int32]
    stops: NDArray[np.int32]
    cells: NDArray[np.int64]


class Tiles(Rows):
    """Labels of squares that cover the frame, numbered from 1 row by row; those at the border are smaller."""

    def __init__(self, shape: tuple[int, ...], side: int) -> None:
        self.shape = (int(shape[0]), int(shape[1]))
        self.dtype, self.rows_together = np.dtype(np.int64), 1
        self._side = side

    def read(self, start: int, stop: int) -> NDArray[Any]:
        across = -(-self.shape[1] // self._side)
        down = np.arange(start, stop, dtype=np.int64)[:, None] // self._side
        return down * across + np.arange(self.shape[1]) // self._side + 1


class CellIndex:
    """Numbers the labels in the order in which they are first seen: any integers, as many as there are.

    Attributes
    ----------
    labels : ndarray
        All labels so far, by the cells' numbers.
    """

    def __init__(self, labels: NDArray[Any]) -> None:
        self.labels = labels
        self._order = np.argsort(labels, kind="stable")

    def find(self, band: NDArray[Any]) -> tuple[Runs, NDArray[np.int64]]:
        """The runs of a band of labels (rows, columns), and for each new cell the run that saw it first."""
        n = count_runs(band)
        rows, starts, stops = (np.empty(n, np.int32) for _ in range(3))
        values = np.empty(n, band.dtype)
        find_runs(band, rows, starts, stops, values)
        links = np.empty(n, np.int64)
        link_runs(rows, starts, stops, values, links)
        # of runs that lie one below the other the first alone is looked up: one of twenty, where cells are 20 px high
        heads = np.flatnonzero(links == np.arange(n))
        distinct, seen, inverse = np.unique(values[heads], return_index=True, return_inverse=True)
        place = np.searchsorted(self.labels, distinct, sorter=self._order)
        known = np.zeros(len(distinct), bool)
        inside = place < len(self.labels)
        known[inside] = self.labels[self._order[place[inside]]] == distinct[inside]
        numbers = np.empty(len(distinct), np.int64)
        numbers[known] = self._order[place[known]]
        new = np.flatnonzero(~known)
        new = new[np.argsort(seen[new])]
        numbers[new] = len(self.labels) + np.arange(len(new))
        self.labels = np.concatenate([self.labels, distinct[new]])
        self._order = np.insert(self._order, place[~known], numbers[~known])
        cells = np.empty(n, np.int64)
        cells[heads] = numbers[inverse.ravel()]
        return Runs(rows=rows, starts=starts, stops=stops, cells=cells[links]), heads[seen[new]]


def check_labels(images: Any, labels: Any) -> None:
    """Raise InputError where labels are a folder, or stand among the cycles."""
    name = Path(labels) if isinstance(labels, str | os.PathLike) else None
    if name is not None and name.is_dir() and not any(".zarr" in part for part in name.parts):
        raise InputError(f"{labels or 'labels'}: is a folder; give one image of labels (--labels cells.tif)")
    files = {path.resolve() for path in list_files(images) or ()}
    shared = files & {path.resolve() for path in input_paths(labels)}
    if shared:
        raise InputError(
            f"{min(shared).name}: is the image of labels and stands among the cycles; give the cycles without it"
        )


@contextmanager
def open_labels(labels: Any) -> Iterator[Source | None]:
    """The image of labels, open while the block runs; None without one.

    Raises
    ------
    InputError
        It is a mask: bool tells cells from what is none, and not from each other.
    """
    if labels is None:
        yield None
        return
    if _is_mask(labels):
        name = labels if isinstance(labels, str | os.PathLike) else "labels"
        raise InputError(f"{name}: is a mask (bool), in which all cells are one; {NUMBER_THEM}")
    with open_plane(labels) as source:
        yield source


def _is_mask(labels: Any) -> bool:
    """Whether pixels are of bool: some readers refuse it, others take it for numbers."""
    if not isinstance(labels, str | os.PathLike):
        return np.dtype(getattr(labels, "dtype", np.int64)) == np.bool_
    if Path(labels).suffix.lower() == ".npy" and Path(labels).exists():
        return bool(read_image(labels).dtype == np.bool_)
    try:
        with open_plane(labels):
            return False
    except InputError as error:
        return "type bool " in str(error)


def label_rows(labels: Source | None, shape: tuple[int, ...], side: int) -> Rows:
    """Rows of labels: of an open image, or of tiles of a `side` in px.

    Raises
    ------
    InputError
        The image is not one plane of integers as large as the cycles.
    """
    if labels is None:
        return Tiles(shape, side)
    info = labels.info
    if info.n_frames != 1 or info.n_channels != 1 or info.ndim != 2:
        raise InputError(f"{info.name}: labels are one plane (y, x), not {info.axes} of shape {info.shape}")
    if info.dtype.kind not in "ui":
        raise InputError(
            f"{info.name}: labels of {info.dtype} are not integers; save them as whole numbers, uint32 or the like"
        )
    if info.frame_shape != tuple(shape):
        there, wanted = (" x ".join(map(str, size)) for size in (info.frame_shape, shape))
        raise InputError(
            f"{info.name}: labels of {there} px do not fit cycles of {wanted} px; give those of the cycles"
        )
    return FileRows(labels, 0, 0)
