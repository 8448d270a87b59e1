"""TIFF files of every kind: plain pages, ImageJ, OME, tifffile's own; raw or compressed, in strips or tiles."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Frames, Segment, Source
from holdstill.io.blocks import block_shape, check_range
from holdstill.io.handles import HandlePool
from holdstill.io.tiff import windows
from holdstill.io.tiff.layout import TiffLayout, read_layout, read_levels
from holdstill.io.tiff.planes import EncodedPlanes, PlaneReader, RawPlanes

__all__ = ["TiffSource"]


class TiffSource(Source):
    """Reads ranges of frames of a TIFF file. Pickled, it is a path and opens the file again.

    Parameters
    ----------
    path : path
        A file of one or many pages; the first image where it holds several, at full size where it is a pyramid.
    axes : str, optional
        Names of the axes longer than 1. Default: what the file says, with an unknown one taken for time.
    scene : str or int, optional
        Name or number of the image, where an OME-TIFF holds several.
    skip_bad : bool
        Open a file that is cut short, too; reading what it lacks raises FileError.

    Raises
    ------
    FileError
        It is not a TIFF, is cut short, or its pages differ in size.
    AxesError
        Its axes are ambiguous, or not those of `axes`.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        *,
        axes: str | None = None,
        scene: str | int | None = None,
        skip_bad: bool = False,
    ) -> None:
        self._path, self._axes, self._scene = Path(path), axes, scene
        self._options = {"axes": axes, "scene": scene, "skip_bad": skip_bad}
        self._coarser: tuple[TiffSource, ...] | None = None
        self._lock = threading.Lock()
        self._take(read_layout(self._path, axes, scene, skip_bad))

    def _take(self, layout: TiffLayout) -> None:
        self._layout, self._handles, self.info = layout, HandlePool("rb"), layout.info
        kind = RawPlanes if layout.stack.is_raw else EncodedPlanes
        self._planes: PlaneReader = kind(layout, self._handles)

    def read(self, start: int, stop: int, *, channel: int | None = None) -> Frames:
        check_range(self.info, start, stop, channel)
        stack = self._layout.stack
        wanted = self._layout.planes[start:stop]
        is_interleaved = stack.samples > 1
        if channel is not None and not is_interleaved:
            wanted = wanted[:, channel : channel + 1]
        self._layout.require(start, wanted)
        pixels = np.empty((wanted.size, *stack.page_shape[2:]), stack.dtype)
        self._planes.read(wanted.ravel(), pixels)
        if stack.is_raw and stack.is_swapped:
            pixels.byteswap(inplace=True)
        block = pixels.reshape(*wanted.shape, *stack.page_shape[2:])
        if is_interleaved:
            block = np.moveaxis(block[:, 0], -1, 1)
            block = block if channel is None else block[:, channel : channel + 1]
        return np.ascontiguousarray(block).reshape(block_shape(self.info, stop - start, channel))

    def read_window(self, frame: int, rows: slice, columns: slice, *, channel: int = 0) -> Frames:
        check_range(self.info, frame, frame + 1, channel)
        plane = self._layout.planes[frame, 0 if self._layout.stack.samples > 1 else channel]
        if len(plane) > 1 or not windows.can_cut(self._layout):
            return super().read_window(frame, rows, columns, channel=channel)
        return windows.pick(self._cut(frame, plane, rows, columns), channel)

    def read_region(self, rows: slice, columns: slice) -> Frames:
        stack = self._layout.stack
        plane = self._layout.planes[0, 0]
        if stack.samples == 1 or len(plane) > 1 or not windows.can_cut(self._layout):
            return super().read_region(rows, columns)
        # colours lie together: each tile is decoded once
        return np.ascontiguousarray(np.moveaxis(self._cut(0, plane, rows, columns), -1, 0))

    def _cut(self, frame: int, plane: NDArray[np.int64], rows: slice, columns: slice) -> Frames:
        """A window of one plane, (rows, columns, samples)."""
        self._layout.require(frame, plane[None])
        if isinstance(self._planes, EncodedPlanes):
            return windows.read_encoded(self._planes, self._layout, int(plane[0]), rows, columns)
        return windows.read_raw(self._layout, self._handles, int(plane[0]), rows, columns)

    @property
    def coarser(self) -> tuple[Source, ...]:
        with self._lock:
            if self._coarser is None:
                layouts = read_levels(self._path, self._axes, self._scene, self.info)
                self._coarser = tuple(_Level(self, layout) for layout in layouts)
            return self._coarser

    @property
    def rows_together(self) -> int:
        if not windows.can_cut(self._layout) or self.info.ndim > 2:
            return super().rows_together
        page = int(self._layout.planes.flat[0]) // self._layout.stack.planes_per_page
        return windows.block_rows(self._planes, page) if isinstance(self._planes, EncodedPlanes) else 1

    @property
    def files(self) -> tuple[Path, ...]:
        return tuple(dict.fromkeys((self._path, *self._layout.stack.paths)))

    @property
    def stored_bytes(self) -> int:
        return int(np.sum(self._layout.stack.counts))

    @property
    def segment(self) -> Segment | None:
        stack = self._layout.stack
        stored = stack.counts[~stack.is_missing]
        if not stack.segment_bytes:
            return None
        return Segment(unpacked=stack.segment_bytes, stored=int(stored.min(initial=1 << 62)))

    def close(self) -> None:
        self._handles.close()
        for level in self._coarser or ():
            level.close()

    def __reduce__(self) -> tuple[Any, ...]:
        return _reopen, (self._path.absolute(), self._options)


class _Level(TiffSource):
    """A coarser level of a pyramid; pickled, it is the whole, and its number."""

    def __init__(self, finest: TiffSource, layout: TiffLayout) -> None:
        self._path, self._options, self._coarser = finest._path, finest._options, ()
        self._lock = threading.Lock()
        self._take(layout)

    def __reduce__(self) -> tuple[Any, ...]:
        return _reopen_level, (self._path.absolute(), self._options, self.info.shape)


def _reopen_level(path: Path, options: dict[str, Any], shape: tuple[int, ...]) -> Source:
    return next(level for level in TiffSource(path, **options).coarser if level.info.shape == shape)


def _reopen(path: Path, options: dict[str, Any]) -> TiffSource:
    return TiffSource(path, **options)
