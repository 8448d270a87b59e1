"""Uncompressed OME-TIFF, laid out in full before the first frame, so that frames may come in any order."""

from __future__ import annotations

import json
import os
import uuid
from io import FileIO
from pathlib import Path
from typing import Any

import numpy as np
import tifffile

from holdstill.contracts import Frames, ImagesInfo
from holdstill.errors import FileError, FileInTheWay
from holdstill.io import disk
from holdstill.io.axes import COLOURS
from holdstill.io.blocks import check_block, crc32
from holdstill.io.file_sink import FileSink
from holdstill.io.handles import HandlePool
from holdstill.io.ome_xml import describe, has_more
from holdstill.io.quiet import quiet_tifffile

__all__ = ["TiffSink"]

OME_DTYPES = ("int8", "int16", "int32", "uint8", "uint16", "uint32", "float32", "float64")
PAGE_BYTES = 400  # more than the head of a page takes
READ_BYTES = 16 << 20
CLASSIC_LIMIT = 2**32 - 2**25  # offsets of 32 bit, and room for the heads of the pages


class TiffSink(FileSink):
    """Writes frames to an OME-TIFF, BigTIFF where it is large. They lie one after the other, as in memory."""

    _offset = 0
    _is_resumed = False

    def write(self, start: int, frames: Frames) -> None:
        check_block(self.info, start, frames)
        data = np.ascontiguousarray(frames, self.info.dtype.newbyteorder("=")).data.cast("B")
        with disk.explain_errors(self._path), self._handles.borrow(self._part) as handle:
            disk.write(handle, self._offset + start * self.info.frame_bytes, data)
        self._sums[start, start + len(frames)] = crc32(data)
        self._ledger.mark(start, start + len(frames))

    def sync(self) -> None:
        with disk.explain_errors(self._path), self._handles.borrow(self._part) as handle:
            disk.sync(handle)

    def checksum(self, start: int, stop: int) -> int:
        return self._sums[start, stop] if (start, stop) in self._sums else self._read_sum(start, stop)

    def recall(self, start: int, stop: int, checksum: int) -> bool:
        is_there = self._is_resumed and self._read_sum(start, stop) == checksum
        if is_there:
            self._sums[start, stop] = checksum
            self._ledger.mark(start, stop)
        return is_there

    def _begin(self) -> None:
        self._handles = HandlePool("r+b")
        self._sums: dict[tuple[int, int], int] = {}
        self._is_resumed = not self._is_own and self._find_again()
        if not self._is_resumed:
            self._lay_out()

    def _complete(self) -> None:
        """Nothing is left: frames are stored as they come."""

    def _release(self) -> None:
        if hasattr(self, "_handles"):
            self._handles.close()

    def _read_sum(self, start: int, stop: int) -> int:
        """Checksum of frames as they lie on the disk."""
        size = self.info.frame_bytes
        with self._handles.borrow(self._part) as handle:
            return _sum_of(handle, self._offset + start * size, (stop - start) * size)

    @property
    def _least_bytes(self) -> int:
        n_pages = int(np.prod(self.info.shape[:-2], dtype=np.int64))
        return self.info.n_frames * self.info.frame_bytes + n_pages * PAGE_BYTES + 65536

    def _check_target(self) -> None:
        if self.info.dtype.name not in OME_DTYPES:
            raise FileError(
                f"{self._path}: OME-TIFF cannot hold pixels of {self.info.dtype}; convert them to one of "
                f"{', '.join(OME_DTYPES)}"
            )
        super()._check_target()
        if self._path.is_dir():
            raise FileInTheWay(f"{self._path}: is a folder; give the name of a file")

    def _lay_out(self) -> None:
        """Write all but the pixels, and note where these begin. What is not written yet takes no room on the disk."""
        y_um, x_um = self.info.pixel_size_um[1:]
        resolution: dict[str, Any] = (
            {"resolution": (1e4 / x_um, 1e4 / y_um), "resolutionunit": "CENTIMETER"} if x_um and y_um else {}
        )
        # under another name first: what is called the part has a whole head
        draft = self._part.with_suffix(".draft")
        with quiet_tifffile(), tifffile.TiffWriter(draft, bigtiff=self._least_bytes > CLASSIC_LIMIT, ome=True) as tif:
            place = tif.write(
                None,
                shape=self.info.shape,
                dtype=self.info.dtype.newbyteorder("="),
                photometric="minisblack",
                metadata=_ome_metadata(self.info),
                returnoffset=True,
                **resolution,
            )
        if has_more(self.info):
            tifffile.tiffcomment(draft, describe(self.info, uuid=_uuid_of(self.info)))
        assert place is not None  # promised by returnoffset for what is not compressed
        self._offset = int(place[0])
        disk.sync_file(draft)
        if not self._is_own:
            note = json.dumps({"offset": self._offset, **self._describe_layout(draft)}).encode("ascii")
            disk.write_file(self._note, note, synced=True)
        disk.rename(draft, self._part)
        disk.sync_folder(self._part.parent)

    @property
    def _note(self) -> Path:
        """What is told of the layout, so that a damaged one is noticed."""
        return self._part.with_suffix(".layout")

    def _describe_layout(self, part: Path) -> dict[str, int]:
        """Size of a part, and a checksum of all in it but the pixels."""
        end = self._offset + self.info.n_frames * self.info.frame_bytes
        with FileIO(part) as handle:
            size = os.fstat(handle.fileno()).st_size
            return {"size": size, "head": _sum_of(handle, 0, self._offset), "tail": _sum_of(handle, end, size - end)}

    def _find_again(self) -> bool:
        """Whether there is a part, laid out in full and undamaged but for its pixels."""
        try:
            note = json.loads(self._note.read_bytes())
            self._offset = int(note.pop("offset"))
            return bool(note == self._describe_layout(self._part))
        except (FileNotFoundError, ValueError, KeyError, AttributeError, TypeError):
            return False


def _sum_of(handle: FileIO, start: int, n_bytes: int) -> int:
    """Checksum of a range of a file; that of what is there, if it is shorter."""
    handle.seek(start)
    total = 0
    while n_bytes > 0:
        data = handle.read(min(n_bytes, READ_BYTES))
        if not data:
            break
        total = crc32(data, total)
        n_bytes -= len(data)
    return total


def _ome_metadata(info: ImagesInfo) -> dict[str, Any]:
    metadata: dict[str, Any] = {"axes": info.axes, "UUID": _uuid_of(info)}
    for axis, size_um in zip("ZYX", info.pixel_size_um, strict=True):
        if size_um is not None:
            metadata |= {f"PhysicalSize{axis}": size_um, f"PhysicalSize{axis}Unit": "µm"}
    if info.frame_interval_s is not None:
        metadata |= {"TimeIncrement": info.frame_interval_s, "TimeIncrementUnit": "s"}
    if len(info.channel_names) == info.n_channels:
        metadata["Channel"] = {"Name": list(info.channel_names)}
        if info.channel_names == tuple(COLOURS):
            metadata["Channel"]["Color"] = [_colour_number(*colour, 255) for colour in COLOURS.values()]
    return metadata


def _uuid_of(info: ImagesInfo) -> str:
    """The same images make the same bytes: a number drawn at random would tell two runs apart."""
    name = f"{info.name} {info.axes} {info.shape} {info.dtype}".encode("utf-8", "backslashreplace").decode()
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


def _colour_number(*rgba: int) -> int:
    """Red, green, blue and opacity as OME's number of 32 bits with a sign."""
    return int.from_bytes(bytes(rgba), "big", signed=True)
