"""Rows of one frame, read in order: from a file as they are, or registered on the way."""

from __future__ import annotations

from abc import ABC, abstractmethod
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import AnyTransform, ControlGrid, Device, FloatArray, Source
from holdstill.resampling.tiles import make_grid
from holdstill.transforms import Transform
from holdstill.transforms.trajectory import Trajectory

__all__ = ["SETTINGS", "AlignedRows", "FileRows", "Rows"]

# more than any interpolation takes of its neighbours
MARGIN = 8
# how pixels of a registered cycle are made; NaN where it shows nothing
SETTINGS: dict[str, Any] = {"interpolation": "cubic", "edge": "constant", "fill": np.nan}


class Rows(ABC):
    """Rows of one frame.

    Attributes
    ----------
    shape : tuple of 2 int
    dtype : numpy.dtype
    rows_together : int
        Rows that are decoded together.
    """

    shape: tuple[int, int]
    dtype: np.dtype[Any]
    rows_together: int

    @abstractmethod
    def read(self, start: int, stop: int) -> NDArray[Any]:
        """Rows ``start <= y < stop``, (rows, columns)."""


class FileRows(Rows):
    """Rows as a source has them; whoever walks on downwards decodes each tile and strip once.

    Parameters
    ----------
    source : Source
        Stays the caller's to close.
    frame, channel : int
    """

    def __init__(self, source: Source, frame: int, channel: int) -> None:
        self._source, self._frame, self._channel = source, frame, channel
        height, width = source.info.frame_shape
        self.shape, self.dtype = (height, width), source.info.dtype
        self.rows_together = source.rows_together
        self._start = 0
        self._held: NDArray[Any] = np.empty((0, width), self.dtype)

    def read(self, start: int, stop: int) -> NDArray[Any]:
        end = self._start + len(self._held)
        if not self._start <= start <= end:
            self._start = end = start // self.rows_together * self.rows_together
            self._held = self._held[:0]
        if stop > end:
            until = min(-(-stop // self.rows_together) * self.rows_together, self.shape[0])
            new = self._source.read_window(
                self._frame, slice(end, until), slice(0, self.shape[1]), channel=self._channel
            )
            kept = self._held[min(start, end) - self._start :]
            self._held = np.concatenate([kept, new]) if len(kept) else new
            self._start = end - len(kept)
        return self._held[start - self._start : stop - self._start]


class AlignedRows(Rows):
    """Rows of a frame as the first cycle sees them, float32; NaN where the frame shows nothing.

    Parameters
    ----------
    rows : Rows
        Of the frame as it is.
    way : AnyTransform
        From points of the first cycle to points of this frame.
    device : Device
    """

    def __init__(self, rows: Rows, way: AnyTransform, device: Device) -> None:
        self._rows, self._way, self._device = rows, way, device
        self.shape, self.dtype, self.rows_together = rows.shape, np.dtype(np.float32), rows.rows_together

    def read(self, start: int, stop: int) -> NDArray[Any]:
        height, width = self.shape
        first, last = self._reach(start, stop)
        n = stop - start
        if last <= 0 or first >= height:
            return np.full((n, width), np.nan, np.float32)
        first = max(0, min(first, height - n))
        last = min(height, max(last, first + n))
        window = np.ascontiguousarray(self._rows.read(first, last), np.float32)[None]
        out = np.empty_like(window)
        if not isinstance(self._way, Transform):
            grid, places = self._find_places(start, stop)
            moves = (places - np.array([first, 0.0]) - grid.points()).T.reshape(1, 2, *grid.counts)
            self._device.resample_field(window, grid, moves, **SETTINGS, out=out)
            return out[0, :n]
        moved = Transform.from_shift([-first, 0]).compose(self._way).compose(Transform.from_shift([start, 0]))
        trajectory = Trajectory.of_matrices(np.asarray(moved.matrix)[None], window.shape[1:])
        trajectory.resample(self._device, window, **SETTINGS, out=out)
        return out[0, :n]

    def _find_places(self, start: int, stop: int) -> tuple[ControlGrid, FloatArray]:
        """Points every few px of a band of the result, from its first row, and where they lie in the frame."""
        grid = make_grid((stop - start, self.shape[1]))
        return grid, self._way.map(grid.points() + np.array([start, 0.0]))

    def _reach(self, start: int, stop: int) -> tuple[int, int]:
        """First row, and the row after the last, that a band of the result may need."""
        corners = np.array(list(product((start, stop - 1), (0, self.shape[1] - 1))), np.float64)
        is_matrix = isinstance(self._way, Transform)  # of a matrix the corners lie outermost
        mapped: FloatArray = (self._way.map(corners) if is_matrix else self._find_places(start, stop)[1])[:, 0]
        return int(np.floor(mapped.min())) - MARGIN, int(np.ceil(mapped.max())) + MARGIN + 1
