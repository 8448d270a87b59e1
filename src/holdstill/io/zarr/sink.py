"""OME-Zarr 0.5, sharded and compressed, written range by range; large images with a pyramid."""

from __future__ import annotations

import threading
from collections.abc import Iterable
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
from holdstill.errors import FileError, InputError
from holdstill.io import disk
from holdstill.io.blocks import check_block, crc32
from holdstill.io.file_sink import FileSink
from holdstill.io.inputs import MARK
from holdstill.io.ome_xml import has_more
from holdstill.io.zarr.metadata import ome_attributes, write_ome_xml

__all__ = ["ZarrSink"]

SHARD_BYTES = 16 << 20
MAX_SHARD_FRAMES = 64
CHUNK_BYTES = 1 << 20
MOST_PACKED = 50  # movies of few photons come to that
PYRAMID_FROM_PX, COARSEST_PX = 1024, 256


class ZarrSink(FileSink):
    """Writes frames into shards of some frames each; what is not a whole shard waits in memory for the rest.

    Chunks and the index of each shard carry checksums, so that a damaged shard is noticed by whoever reads it.
    """

    def _begin(self) -> None:
        info = self.info
        self._lock = threading.RLock()
        self._is_shared = False
        self._blocks: dict[int, tuple[NDArray[Any], NDArray[np.bool_]]] = {}
        self._stored: set[int] = set()  # and not yet known to be on the disk
        self._trusted: set[int] = set()  # stored here, or verified
        self.frames_per_block = int(np.clip(SHARD_BYTES // info.frame_bytes, 1, min(MAX_SHARD_FRAMES, info.n_frames)))
        self._factors = _factors(info)
        self._is_resumed = not self._is_own and self._find_again()
        group = zarr.open_group(self._part, mode="r+") if self._is_resumed else self._lay_out()
        self._levels: list[Any] = [group[str(number)] for number in range(len(self._factors))]

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

    def share(self) -> Sink:
        self._is_shared = True
        return _ZarrShare(self._part.absolute(), self.info, self.frames_per_block)

    def mark(self, start: int, stop: int) -> None:
        if self._is_shared:  # and on the disk: who stored it saw to that
            self._trusted.update(self._numbers(start, stop))
        self._ledger.mark(start, stop)

    def sync(self) -> None:
        with self._lock:
            stored, self._stored = self._stored, set()
        with disk.explain_errors(self._path):
            _sync_blocks(self._part, self.info, stored)

    def checksum(self, start: int, stop: int) -> int | None:
        """Of the files of all its shards; 0 where others store them, so that pixels do not travel: see `_decodes`."""
        if not self._trusted.issuperset(self._numbers(start, stop)):
            return None
        return 0 if self._is_shared else self._read_sum(start, stop)

    def recall(self, start: int, stop: int, checksum: int) -> bool:
        known = self._is_resumed and (
            self._read_sum(start, stop) == checksum if checksum else all(map(self._decodes, self._numbers(start, stop)))
        )
        if known:
            self._trusted.update(self._numbers(start, stop))
            self._ledger.mark(start, stop)
        return known

    @property
    def _least_bytes(self) -> int:
        return self.info.n_frames * self.info.frame_bytes // MOST_PACKED

    def _complete(self) -> None:
        for number, (frames, _) in sorted(self._blocks.items()):
            self._store(number, frames)
        self._blocks.clear()
        for rest in self._part.rglob("*.partial"):
            rest.unlink(missing_ok=True)  # of a process that was killed while it wrote

    def _release(self) -> None:
        self._blocks = {}

    def _numbers(self, start: int, stop: int) -> range:
        """Blocks that hold any of the frames."""
        return range(start // self.frames_per_block, -(-stop // self.frames_per_block))

    def _range(self, number: int) -> tuple[int, int]:
        first = number * self.frames_per_block
        return first, min(first + self.frames_per_block, self.info.n_frames)

    def _collect(self, number: int, start: int, part: Frames) -> None:
        """Put part of a shard to the rest; the shard is stored when all of it is there."""
        first, last = self._range(number)
        with self._lock:
            if number not in self._blocks:
                shape = (last - first, self.info.n_channels, *self.info.frame_shape)
                stored = number in self._trusted
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
        with disk.explain_errors(self._path):
            _store(self._part, self._levels, self.info, number, frames)
        with self._lock:
            self._stored.add(number)
            self._trusted.add(number)

    def _load(self, first: int, last: int) -> NDArray[Any]:
        stored = np.array(self._levels[0][first:last])
        return stored.reshape(last - first, self.info.n_channels, *self.info.frame_shape)

    def _read_sum(self, start: int, stop: int) -> int:
        total = 0
        for number in self._numbers(start, stop):
            for shard in _shards(self._part, self.info, number):
                total = crc32(shard.read_bytes() if shard.exists() else b"", total)
        return total

    def _decodes(self, number: int) -> bool:
        """Whether the shards of a block are there at every level and undamaged: what they hold has checksums."""
        first, last = self._range(number)
        if not all(shard.exists() and shard.stat().st_size for shard in _shards(self._part, self.info, number)):
            return False
        try:
            for level in self._levels:
                np.asarray(level[first:last])
        except (OSError, ValueError, RuntimeError, KeyError, TypeError):
            return False
        return True

    def _find_again(self) -> bool:
        """Whether there is a part, laid out in full: its metadata are those that it would be given."""
        draft = self._part.with_suffix(".draft")
        try:
            self._write_metadata(draft)
            names = ["zarr.json", *(f"{number}/zarr.json" for number in range(len(self._factors)))]
            return all((self._part / name).read_bytes() == (draft / name).read_bytes() for name in names)
        except FileNotFoundError:
            return False
        finally:
            disk.remove(draft)

    def _lay_out(self) -> zarr.Group:
        """Metadata of all levels under another name first: what is called the part has them whole."""
        draft = self._part.with_suffix(".draft")
        self._write_metadata(draft)
        disk.remove(self._part)
        disk.sync_tree(draft)
        disk.rename(draft, self._part)
        disk.sync_folder(self._part.parent)
        return zarr.open_group(self._part, mode="r+")

    def _write_metadata(self, place: Path) -> None:
        disk.remove(place)
        attributes = {**ome_attributes(self.info, self._factors), MARK: {"version": version("holdstill")}}
        group = zarr.open_group(place, mode="w", zarr_format=3, attributes=attributes)
        if has_more(self.info):
            write_ome_xml(place, self.info)
        for number, factor in enumerate(self._factors):
            shape = _level_shape(self.info, factor)
            chunks = _chunks(self.info, shape)
            group.create_array(
                str(number), shape=shape, dtype=self.info.dtype, chunks=chunks,
                shards=_whole((self.frames_per_block, *shape[1:]), chunks), fill_value=0,
                compressors=ZstdCodec(level=3, checksum=True),
                dimension_names=[axis.lower() for axis in self.info.axes],
            )  # fmt: skip

    def _check_target(self) -> None:
        super()._check_target()
        if "T" not in self.info.axes:
            raise InputError(f"{self._path}: a single image goes to a TIFF; choose OUT.ome.tif")


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
        with disk.explain_errors(self._part):
            if self._levels is None:
                group = zarr.open_group(self._part, mode="r+")
                self._levels = [group[str(number)] for number in range(len(_factors(self.info)))]
            for first in range(start, stop, size):
                block = frames[first - start : first - start + size]
                _store(self._part, self._levels, self.info, first // size, block)
            _sync_blocks(self._part, self.info, range(start // size, -(-stop // size)))

    def finish(self) -> None:
        """Do nothing: the sink that was shared finishes."""

    def close(self) -> None:
        """Do nothing: it holds nothing open."""

    def __reduce__(self) -> tuple[Any, ...]:
        plain = replace(self.info, times_s=(), ome_xml="")  # of a hundred thousand planes they would travel each time
        return _ZarrShare, (self._part, plain, self.frames_per_block)


def _store(part: Path, levels: list[Any], info: ImagesInfo, number: int, frames: Frames) -> None:
    """Write the shards, of every level, of a block."""
    for shard in _shards(part, info, number):
        disk.remove(shard)  # what an earlier run left may be damaged, and would be read to be completed
    for level, factor in zip(levels, _factors(info), strict=True):
        first = number * level.shards[0]
        binned = _bin_blocks(frames, factor, info.dtype)
        lengths = {"T": len(frames), "C": info.n_channels, "Z": info.length("Z"), "Y": -1, "X": binned.shape[-1]}
        level[first : first + len(frames)] = binned.reshape([lengths[axis] for axis in info.axes])


def _shards(part: Path, info: ImagesInfo, number: int) -> list[Path]:
    """Files of a block, one for each level."""
    inside = "/".join(["c", str(number), *("0" for _ in info.axes[1:])])
    return [part / str(level) / inside for level in range(len(_factors(info)))]


def _sync_blocks(part: Path, info: ImagesInfo, numbers: Iterable[int]) -> None:
    """Wait until blocks, and the names of their files and folders, are on the disk."""
    folders: set[Path] = set()
    for number in numbers:
        for level, shard in enumerate(_shards(part, info, number)):
            if shard.exists():  # what is empty is not stored
                disk.sync_file(shard)
                above = len(shard.relative_to(part / str(level)).parents)
                folders.update(list(shard.parents)[:above])
    for folder in sorted(folders, key=lambda folder: -len(folder.parts)):
        disk.sync_folder(folder)


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
