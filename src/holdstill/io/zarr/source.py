"""Zarr arrays and OME-Zarr images, read by ranges of frames from a folder or a remote store."""

from __future__ import annotations

import math
import os
import threading
from collections import OrderedDict
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import AXES, Frames, ImagesInfo, Segment, Source
from holdstill.errors import AxesError
from holdstill.io.axes import AXIS_NAMES, array_axes, check_axes
from holdstill.io.blocks import block_shape, check_dtype, check_range
from holdstill.io.damage import explain_damage
from holdstill.io.guards import LARGE_BYTES, LARGE_RATIO, MAX_RATIO, bytes_below
from holdstill.io.ome_xml import read_times
from holdstill.io.zarr.metadata import Found
from holdstill.io.zarr.opening import is_archive, network_errors, open_array, open_coarser

__all__ = ["ZarrSource"]

CACHE_BYTES = 64 << 20


class ZarrSource(Source):
    """Reads frames of a Zarr array or of the full resolution of an OME-Zarr image.

    Parameters
    ----------
    path : str or path
        A folder or an address; ``file.zarr/0`` names what is inside.
    axes : str, optional
        Names of the axes, in the order of the array, where it does not say.
    scene : str or int, optional
        Name or number of one image of several, as ``A/1/0`` of a plate.

    Raises
    ------
    MissingFile, FileError
        There is nothing, it is no Zarr, or holds several arrays; the text lists them.
    AxesError
        The axes are unknown or do not fit.
    MissingExtra
        An address needs fsspec.
    """

    def __init__(self, path: str | Path, *, axes: str | None = None, scene: str | int | None = None) -> None:
        self._path, self._axes, self._scene = str(path), axes, scene
        array, found = open_array(self._path, scene)
        with explain_damage(self._path, "its metadata are damaged", "copy it again"):
            self._describe(array, found)
        self._take(array, None)
        self._found = found

    def _take(self, array: Any, coarser: tuple[ZarrSource, ...] | None) -> None:
        self._array, self._chunk = array, int(array.chunks[self._order.index("T")]) if "T" in self._order else 1
        self._blocks: OrderedDict[tuple[int, int | None], NDArray[Any]] = OrderedDict()
        self._lock = threading.Lock()
        self._coarser = coarser

    def _describe(self, array: Any, found: Found) -> None:
        """Note the order of the axes, what the images are, and how many frames are stored together."""
        name = Path(self._path).name if "://" not in self._path else self._path
        own = found.axes or _own_axes(array)
        self._order = _order(array.shape, own, self._axes, name)
        kept = [letter for letter in AXES if letter in self._order]
        shape = tuple(int(array.shape[self._order.index(letter)]) for letter in kept)
        n_channels = shape[kept.index("C")] if "C" in kept else 1
        names, colours = (
            some if len(some) == n_channels else () for some in (found.channel_names, found.channel_colours)
        )
        self.info = ImagesInfo(
            name=self._path, axes="".join(kept), shape=shape, dtype=check_dtype(np.dtype(array.dtype), self._path),
            pixel_size_um=found.pixel_size_um, frame_interval_s=found.frame_interval_s, origin_um=found.origin_um,
            channel_names=names, channel_colours=colours, bare_scales=found.bare_scales, ome_xml=found.ome_xml,
            times_s=read_times(found.ome_xml, shape[0] if "T" in kept else 1),
        )  # fmt: skip

    def read(self, start: int, stop: int, *, channel: int | None = None) -> Frames:
        check_range(self.info, start, stop, channel)
        out = np.empty(block_shape(self.info, stop - start, channel), self.info.dtype)
        t = start
        while t < stop:
            block = t // self._chunk
            first, last = block * self._chunk, min((block + 1) * self._chunk, self.info.n_frames)
            end = min(last, stop)
            if self._chunk == 1 or (t == first and end == last):
                # whole chunks, as many as there are, need no second look
                end = stop if stop == self.info.n_frames else max(stop // self._chunk * self._chunk, end)
                out[t - start : end - start] = self._load(t, end, channel)
            else:
                out[t - start : end - start] = self._block(block, first, last, channel)[t - first : end - first]
            t = end
        return out

    def has(self, t: int) -> bool:
        """Whether a frame of a local Zarr that is still being filled was written.

        Chunks appear whole; where one holds several frames, one that is empty is there if the next chunk is.
        """
        sizes = self._array.shards or self._array.chunks
        last = [(n - 1) // size for n, size in zip(self._array.shape, sizes, strict=True)]
        axis = self._order.index("T")
        last[axis] = t // sizes[axis]
        if not self._exists(last):
            return False
        if sizes[axis] == 1 or np.any(self._load(t, t + 1, None) != self._array.fill_value):
            return True
        last[axis] += 1
        return last[axis] * sizes[axis] < self.info.n_frames and self._exists(last)

    def _exists(self, chunk: list[int]) -> bool:
        key = self._array.metadata.encode_chunk_key(tuple(chunk))
        return (Path(str(self._array.store.root)) / self._array.path / key).exists()

    @property
    def files(self) -> tuple[Path, ...]:
        return () if "://" in self._path else (Path(self._path),)

    @property
    def stored_bytes(self) -> int | None:
        if "://" in self._path:
            return None
        if is_archive(self._path):
            return os.path.getsize(self._path)
        root = Path(str(self._array.store.root)) / self._array.path
        ratio = LARGE_RATIO if self.info.frame_bytes > LARGE_BYTES else MAX_RATIO
        return bytes_below(root, enough=self.info.n_frames * self.info.frame_bytes // ratio)

    @property
    def segment(self) -> Segment | None:
        unpacked = math.prod(self._array.chunks) * self._array.dtype.itemsize
        if not self._array.compressors:
            return None  # no larger than its file
        stored = None
        if (
            unpacked > LARGE_BYTES
            and "://" not in self._path
            and not is_archive(self._path)
            and self._array.shards is None
        ):
            root = Path(str(self._array.store.root)) / self._array.path
            chunks = (file for file in root.rglob("*") if file.is_file() and not file.name.startswith((".z", "zarr.")))
            stored = min((file.stat().st_size for file in chunks), default=unpacked)
        return Segment(unpacked=unpacked, stored=stored)

    @property
    def block_bytes(self) -> int:
        chunk = math.prod(self._array.chunks) * self._array.dtype.itemsize
        return chunk + (self._chunk * self.info.frame_bytes if self._chunk > 1 else 0)

    def close(self) -> None:
        with self._lock:
            self._blocks.clear()
        if is_archive(self._path):
            self._array.store.close()

    def __reduce__(self) -> tuple[Any, ...]:
        path = self._path if "://" in self._path else os.path.abspath(self._path)  # a worker may stand elsewhere
        return _again, (path, self._axes, self._scene)

    def _block(self, number: int, first: int, last: int, channel: int | None) -> NDArray[Any]:
        """Frames of one chunk; the last few are kept, so that neighbouring ranges decode no chunk twice."""
        with self._lock:
            if (number, channel) in self._blocks:
                self._blocks.move_to_end((number, channel))
                return self._blocks[number, channel]
        frames = self._load(first, last, channel)
        with self._lock:
            self._blocks[number, channel] = frames
            while len(self._blocks) > 1 and sum(block.nbytes for block in self._blocks.values()) > CACHE_BYTES:
                self._blocks.popitem(last=False)
        return frames

    def read_window(self, frame: int, rows: slice, columns: slice, *, channel: int = 0) -> Frames:
        check_range(self.info, frame, frame + 1, channel)
        if self.info.ndim > 2:
            return super().read_window(frame, rows, columns, channel=channel)
        part = self._cut(frame, frame + 1, channel, rows, columns)
        return np.ascontiguousarray(part.reshape(part.shape[-2:]))

    def read_region(self, rows: slice, columns: slice) -> Frames:
        if self.info.ndim > 2:
            return super().read_region(rows, columns)
        part = self._cut(0, 1, None, rows, columns)
        return np.ascontiguousarray(part.reshape(-1, *part.shape[-2:]))

    @property
    def coarser(self) -> tuple[Source, ...]:
        with self._lock:
            if self._coarser is None:
                arrays = open_coarser(self._array, self._found, self._path)
                levels = (_Level(self, array) for array in arrays if array.ndim == self._array.ndim)
                self._coarser = tuple(level for level in levels if self.info.is_coarser(level.info))
            return self._coarser

    @property
    def rows_together(self) -> int:
        return int((self._array.shards or self._array.chunks)[self._order.index("Y")])

    def _load(self, start: int, stop: int, channel: int | None) -> NDArray[Any]:
        whole = slice(None)
        return self._cut(start, stop, channel, whole, whole).reshape(block_shape(self.info, stop - start, channel))

    def _cut(self, start: int, stop: int, channel: int | None, rows: slice, columns: slice) -> NDArray[Any]:
        """Frames, rows and columns of one or all channels, with the axes that there are, as ``TCZYX``."""
        chosen = {"T": slice(start, stop), "Y": rows, "X": columns}
        if channel is not None and "C" in self._order:
            chosen["C"] = slice(channel, channel + 1)
        what = f"frames {start} to {stop - 1} cannot be read"
        with explain_damage(self._path, what, "the chunk is damaged or out of reach", also=network_errors()):
            part = np.asarray(self._array[tuple(chosen.get(axis, slice(None)) for axis in self._order)])
        return part.transpose([self._order.index(axis) for axis in AXES if axis in self._order])


class _Level(ZarrSource):
    """A coarser level of a pyramid; pickled, it is the whole, and its size."""

    def __init__(self, finest: ZarrSource, array: Any) -> None:
        self._path, self._axes, self._scene, self._order = finest._path, finest._axes, finest._scene, finest._order
        shape = tuple(int(array.shape[self._order.index(letter)]) for letter in finest.info.axes)
        self.info = replace(finest.info, shape=shape, dtype=np.dtype(array.dtype).newbyteorder("="))
        self._take(array, ())

    def __reduce__(self) -> tuple[Any, ...]:
        return _again_level, (ZarrSource.__reduce__(self)[1], self.info.shape)


def _again_level(given: tuple[Any, ...], shape: tuple[int, ...]) -> Source:
    return next(level for level in _again(*given).coarser if level.info.shape == shape)


def _again(path: str, axes: str | None, scene: str | int | None) -> ZarrSource:
    return ZarrSource(path, axes=axes, scene=scene)


def _own_axes(array: Any) -> str | None:
    """Axes that a plain array names, in its own order."""
    names = getattr(array.metadata, "dimension_names", None) or array.attrs.get("_ARRAY_DIMENSIONS")
    if not names or not all(isinstance(name, str) and name for name in names):
        return None
    letters = "".join(AXIS_NAMES.get(name.lower(), "?") for name in names)
    return letters if len(set(letters)) == len(letters) and set(letters) <= set(AXES) else None


def _order(shape: tuple[int, ...], own: str | None, axes: str | None, name: str) -> str:
    """Letters of the axes in the order of the array."""
    if axes is not None and own is not None and sorted(axes.upper()) == sorted(own):
        return own
    if axes is not None:
        if len(axes) != len(shape):
            raise AxesError(f"{name}: axes={axes!r} names {len(axes)} axes, but its shape is {tuple(shape)}")
        return check_axes(axes, name)
    if own is None:
        return array_axes(tuple(shape), None, name)
    if len(own) != len(shape) or not {"Y", "X"} <= set(own):
        raise AxesError(f"{name}: says that its axes are {own}, but its shape is {tuple(shape)}; pass axes=...")
    return own
