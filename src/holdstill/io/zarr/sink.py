"""OME-Zarr 0.5, sharded and compressed, written range by range; large images with a pyramid."""

from __future__ import annotations

import os
import shutil
import threading
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from socket import gethostname
from typing import Any

import numpy as np
import zarr
from numpy.typing import NDArray
from zarr.codecs import ZstdCodec

from holdstill.contracts import Frames, ImagesInfo, Sink
from holdstill.errors import FileError, FileInTheWay, InputError
from holdstill.io.blocks import FrameLedger, check_block
from holdstill.io.disk import explain_errors
from holdstill.io.inputs import MARK, check_replaceable
from holdstill.io.ome_xml import has_more
from holdstill.io.workspace import Workspace
from holdstill.io.zarr.metadata import ome_attributes, write_ome_xml

__all__ = ["ZarrSink"]

SHARD_BYTES = 16 << 20
MAX_SHARD_FRAMES = 64
CHUNK_BYTES = 1 << 20
PYRAMID_FROM_PX, COARSEST_PX = 1024, 256


class ZarrSink(Sink):
    """Writes frames into shards of some frames each; what is not a whole shard waits in memory for the rest.

    Parameters
    ----------
    path : path
        The target, a folder.
    info : ImagesInfo
        Axes, shape, dtype, pixel size, frame interval and channel names of it.
    overwrite : bool
        Replace a target that exists.
    workspace : Workspace, optional
        Open; it keeps the unfinished pixels when the sink is closed, for `recall`. Default: one of its own.

    Raises
    ------
    FileInTheWay
        The target exists and `overwrite` is False, or another process writes it.
    FileError
        The folder is missing or read-only.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        info: ImagesInfo,
        *,
        overwrite: bool = False,
        workspace: Workspace | None = None,
    ) -> None:
        self.info, self._path, self._overwrite = info, Path(path), overwrite
        self._own = Workspace(self._path) if workspace is None else None
        place = self._own or workspace
        assert place is not None
        self._part = place.folder / ("pixels.part" if self._own is None else "whole.part")
        self._ledger = FrameLedger(info)
        self._lock = threading.Lock()
        self._blocks: dict[int, tuple[NDArray[Any], NDArray[np.bool_]]] = {}
        self._check_target()
        self.frames_per_block = int(np.clip(SHARD_BYTES // info.frame_bytes, 1, min(MAX_SHARD_FRAMES, info.n_frames)))
        self._factors = _factors(info)
        self._is_resumed = self._own is None and (self._part / "zarr.json").exists()
        if self._own is not None:
            self._own.__enter__()
        try:
            with explain_errors(self._path):
                group = zarr.open_group(self._part, mode="r+") if self._is_resumed else self._lay_out()
                self._levels: list[Any] = [group[str(number)] for number in range(len(self._factors))]
        except BaseException:
            self.close()
            raise

    def write(self, start: int, frames: Frames) -> None:
        check_block(self.info, start, frames)
        size = self.frames_per_block
        for number in range(start // size, -(-(start + len(frames)) // size)):
            first, last = self._range(number)
            low, high = max(first, start), min(last, start + len(frames))
            part = frames[low - start : high - start]
            if low == first and high == last:
                self._store(number, part)
            else:
                self._collect(number, low, part)
        self._ledger.mark(start, start + len(frames))

    def shared(self) -> Sink:
        return _ZarrShare(self._part.absolute(), self.info, self.frames_per_block)

    def mark(self, start: int, stop: int) -> None:
        self._ledger.mark(start, stop)

    def recall(self, start: int, stop: int) -> bool:
        size = self.frames_per_block
        blocks = range(start // size, -(-stop // size))
        known = self._is_resumed and all(self._is_stored(number) for number in blocks)
        if known:
            self._ledger.mark(start, stop)
        return known

    def finish(self) -> None:
        self._ledger.require_all()
        for number, (frames, _) in sorted(self._blocks.items()):
            self._store(number, frames)
        self._blocks.clear()
        if not self._overwrite and self._path.exists():
            raise FileInTheWay(
                f"{self._path}: appeared while it was being written; move it away, or pass overwrite=True"
            )
        with explain_errors(self._path):
            for rest in self._part.rglob("*.partial"):
                rest.unlink(missing_ok=True)  # of a process that was killed while it wrote
            old = self._part.with_suffix(".old")
            if self._path.exists():
                os.replace(self._path, old)
            os.replace(self._part, self._path)
            _remove(old)

    def close(self) -> None:
        self._blocks.clear()
        if self._own is not None:
            _remove(self._part)
            self._own.close()

    def _range(self, number: int) -> tuple[int, int]:
        first = number * self.frames_per_block
        return first, min(first + self.frames_per_block, self.info.n_frames)

    def _collect(self, number: int, start: int, part: Frames) -> None:
        """Put part of a shard to the rest; the shard is stored when all of it is there."""
        first, last = self._range(number)
        with self._lock:
            if number not in self._blocks:
                shape = (last - first, self.info.n_channels, *self.info.frame_shape)
                stored = self._is_stored(number)
                frames = self._load(first, last) if stored else np.zeros(shape, self.info.dtype)
                self._blocks[number] = frames, np.full(last - first, stored)
            frames, known = self._blocks[number]
            frames[start - first : start - first + len(part)] = part
            known[start - first : start - first + len(part)] = True
            if not known.all():
                return
            del self._blocks[number]
            self._store(number, frames)

    def _store(self, number: int, frames: Frames) -> None:
        with explain_errors(self._path):
            _store(self._levels, self.info, self._range(number)[0], frames)

    def _load(self, first: int, last: int) -> NDArray[Any]:
        stored = np.array(self._levels[0][first:last])
        return stored.reshape(last - first, self.info.n_channels, *self.info.frame_shape)

    def _is_stored(self, number: int) -> bool:
        """Whether the shards of a block, which appear whole or not at all, are there at every level."""
        inside = "/".join(["c", str(number), *("0" for _ in self.info.axes[1:])])
        return all((self._part / str(level) / inside).exists() for level in range(len(self._levels)))

    def _lay_out(self) -> zarr.Group:
        """Metadata of all levels under another name first: what is called the part has them whole."""
        draft = self._part.with_suffix(".draft")
        _remove(draft)
        attributes = {**ome_attributes(self.info, self._factors), MARK: {"version": version("holdstill")}}
        group = zarr.open_group(draft, mode="w", zarr_format=3, attributes=attributes)
        if has_more(self.info):
            write_ome_xml(draft, self.info)
        for number, factor in enumerate(self._factors):
            shape = _level_shape(self.info, factor)
            shards = (self.frames_per_block, *shape[1:])
            group.create_array(
                str(number), shape=shape, dtype=self.info.dtype, chunks=_chunks(self.info, shape), shards=_whole(
                    shards, _chunks(self.info, shape)), compressors=ZstdCodec(level=3), fill_value=0,
                dimension_names=[axis.lower() for axis in self.info.axes],
            )  # fmt: skip
        _remove(self._part)
        os.replace(draft, self._part)
        return zarr.open_group(self._part, mode="r+")

    def _check_target(self) -> None:
        folder = self._path.absolute().parent
        if not folder.is_dir():
            raise FileError(f"{self._path}: there is no folder {folder}; make it first")
        if 0 in self.info.shape:
            raise InputError(f"{self._path}: nothing to write: the images have shape {self.info.shape}")
        if "T" not in self.info.axes:
            raise InputError(f"{self._path}: a single image goes to a TIFF; choose OUT.ome.tif")
        check_replaceable(self._path, self._overwrite)


class _ZarrShare(Sink):
    """Stores whole shards of a `ZarrSink` from another process, which it does not outlive: nothing is made anew."""

    def __init__(self, part: Path, info: ImagesInfo, frames_per_block: int) -> None:
        self.info, self.frames_per_block, self._part = info, frames_per_block, part
        self._levels: list[Any] | None = None

    def write(self, start: int, frames: Frames) -> None:
        size, stop = self.frames_per_block, start + len(frames)
        check_block(self.info, start, frames)
        if start % size or (stop % size and stop != self.info.n_frames):
            raise InputError(f"{self._part}: frames {start} to {stop - 1} are not whole blocks of {size}")
        if not (self._part / "zarr.json").exists():
            raise FileError(f"{self._part}: is not there on {gethostname()}; the target must be on a shared disk")
        with explain_errors(self._part):
            if self._levels is None:
                group = zarr.open_group(self._part, mode="r+")
                self._levels = [group[str(number)] for number in range(len(_factors(self.info)))]
            for first in range(start, stop, size):
                _store(self._levels, self.info, first, frames[first - start : first - start + size])

    def finish(self) -> None:
        """Do nothing: the sink that was shared finishes."""

    def close(self) -> None:
        """Do nothing: it holds nothing open."""

    def __reduce__(self) -> tuple[Any, ...]:
        plain = replace(self.info, times_s=(), ome_xml="")  # of a hundred thousand planes they would travel each time
        return _ZarrShare, (self._part, plain, self.frames_per_block)


def _store(levels: list[Any], info: ImagesInfo, first: int, frames: Frames) -> None:
    """Write the shards, of every level, of a block that begins at frame `first`."""
    for level, factor in zip(levels, _factors(info), strict=True):
        binned = _bin_blocks(frames, factor, info.dtype)
        lengths = {"T": len(frames), "C": info.n_channels, "Z": info.length("Z"), "Y": -1, "X": binned.shape[-1]}
        level[first : first + len(frames)] = binned.reshape([lengths[axis] for axis in info.axes])


def _factors(info: ImagesInfo) -> list[int]:
    """Binning of y and x at each level: one, and for large images down to some hundred px."""
    height, width = info.frame_shape[-2:]
    factors = [1]
    if max(height, width) > PYRAMID_FROM_PX:
        while min(height, width) // factors[-1] > COARSEST_PX:
            factors.append(2 * factors[-1])
    return factors


def _level_shape(info: ImagesInfo, factor: int) -> tuple[int, ...]:
    return tuple(n // factor if axis in "YX" else n for axis, n in zip(info.axes, info.shape, strict=True))


def _chunks(info: ImagesInfo, shape: tuple[int, ...]) -> tuple[int, ...]:
    """One plane of one channel of one frame, or as many of its rows as make about a megabyte."""
    width = shape[-1] * info.dtype.itemsize
    rows = int(np.clip(CHUNK_BYTES // width, 1, shape[-2]))
    return (*(1 for _ in shape[:-2]), rows, shape[-1])


def _whole(shards: tuple[int, ...], chunks: tuple[int, ...]) -> tuple[int, ...]:
    """Shards are whole multiples of chunks; the rest beyond the borders takes no room."""
    return tuple(-(-shard // chunk) * chunk for shard, chunk in zip(shards, chunks, strict=True))


def _bin_blocks(frames: Frames, factor: int, dtype: np.dtype[Any]) -> Frames:
    """Mean of blocks of y and x, rounded for integers; what is left at the far borders is left out."""
    if factor == 1:
        return frames
    height, width = (n // factor for n in frames.shape[-2:])
    cut = frames[..., : height * factor, : width * factor]
    blocks = cut.reshape(*cut.shape[:-2], height, factor, width, factor)
    mean = blocks.mean(axis=(-3, -1), dtype=np.float64)
    return (np.rint(mean) if np.issubdtype(dtype, np.integer) else mean).astype(dtype)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
