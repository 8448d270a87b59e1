"""Uncompressed OME-TIFF, laid out in full before the first frame, so that frames may come in any order."""

from __future__ import annotations

import errno
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import tifffile

from holdstill.contracts import Frames, ImagesInfo, Sink
from holdstill.errors import FileError, FileInTheWay, InputError, NoSpace
from holdstill.io.axes import COLOURS
from holdstill.io.blocks import FrameLedger, check_block
from holdstill.io.handles import HandlePool
from holdstill.io.inputs import check_replaceable
from holdstill.io.ome_xml import describe, has_more
from holdstill.io.quiet import quiet_tifffile
from holdstill.io.workspace import Workspace

__all__ = ["TiffSink"]

OME_DTYPES = ("int8", "int16", "int32", "uint8", "uint16", "uint32", "float32", "float64")
PAGE_BYTES = 400  # more than the head of a page takes
CLASSIC_LIMIT = 2**32 - 2**25  # offsets of 32 bit, and room for the heads of the pages


class TiffSink(Sink):
    """Writes frames to an OME-TIFF, BigTIFF where it is large. They lie one after the other, as in memory.

    Parameters
    ----------
    path : path
        The target.
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
    NoSpace
        The disk cannot hold the result.
    FileError
        The folder is missing or read-only, or OME-TIFF has no such pixel type.
    """

    def __init__(
        self,
        path: str | os.PathLike[str],
        info: ImagesInfo,
        *,
        overwrite: bool = False,
        workspace: Workspace | None = None,
    ) -> None:
        self._path, self._overwrite = Path(path), overwrite
        self.info = info
        self._own = Workspace(self._path) if workspace is None else None
        place = self._own or workspace
        assert place is not None
        self._part = place.folder / ("pixels.part" if self._own is None else "whole.part")
        self._is_resumed = self._own is None and self._part.exists()
        self._check_pixels()
        self._check_target()
        self._ledger = FrameLedger(info)
        self._handles = HandlePool("r+b")
        if self._own is not None:
            self._own.__enter__()
        try:
            with self._explain_failure():
                self._offset = _offset_of(self._part) if self._is_resumed else self._lay_out()
        except BaseException:
            self.close()
            raise

    def write(self, start: int, frames: Frames) -> None:
        check_block(self.info, start, frames)
        with self._explain_failure(), self._handles.borrow(self._part) as handle:
            handle.seek(self._offset + start * self.info.frame_bytes)
            left = np.ascontiguousarray(frames, self.info.dtype.newbyteorder("=")).data.cast("B")
            while left:
                left = left[handle.write(left) :]
        self._ledger.mark(start, start + len(frames))

    def recall(self, start: int, stop: int) -> bool:
        if self._is_resumed:
            self._ledger.mark(start, stop)
        return self._is_resumed

    def finish(self) -> None:
        self._ledger.require_all()
        self._handles.close()
        if not self._overwrite and self._path.exists():
            raise FileInTheWay(
                f"{self._path}: appeared while it was being written; move it away, or pass overwrite=True"
            )
        with self._explain_failure():
            os.replace(self._part, self._path)

    def close(self) -> None:
        self._handles.close()
        if self._own is not None:
            for left in (self._part, self._part.with_suffix(".draft")):
                left.unlink(missing_ok=True)
            self._own.close()

    @property
    def _n_bytes(self) -> int:
        n_pages = int(np.prod(self.info.shape[:-2], dtype=np.int64))
        return self.info.n_frames * self.info.frame_bytes + n_pages * PAGE_BYTES + 65536

    def _check_pixels(self) -> None:
        if self.info.dtype.name not in OME_DTYPES:
            raise FileError(
                f"{self._path}: OME-TIFF cannot hold pixels of {self.info.dtype}; convert them to one of "
                f"{', '.join(OME_DTYPES)}"
            )
        if 0 in self.info.shape:
            raise InputError(f"{self._path}: nothing to write: the images have shape {self.info.shape}")

    def _check_target(self) -> None:
        folder = self._path.absolute().parent
        if not folder.is_dir():
            raise FileError(f"{self._path}: there is no folder {folder}; make it first")
        if self._path.is_dir():
            raise FileInTheWay(f"{self._path}: is a folder; give the name of a file")
        check_replaceable(self._path, self._overwrite)
        if not self._is_resumed and shutil.disk_usage(folder).free < self._n_bytes:
            raise self._no_space()

    def _no_space(self) -> NoSpace:
        free = shutil.disk_usage(self._path.absolute().parent).free
        return NoSpace(
            f"{self._path}: no space left: it needs {self._n_bytes} bytes and {free} are free; "
            "clear some, or use another disk"
        )

    @contextmanager
    def _explain_failure(self) -> Iterator[None]:
        """Say in our words what the system refuses."""
        try:
            yield
        except FileError:
            raise
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise self._no_space() from error
            raise FileError(
                f"{self._path}: cannot be written: {error.strerror}; check the rights to its folder"
            ) from error

    def _lay_out(self) -> int:
        """Write all but the pixels, and return where these begin. What is not written yet takes no room on the disk."""
        y_um, x_um = self.info.pixel_size_um[1:]
        resolution: dict[str, Any] = (
            {"resolution": (1e4 / x_um, 1e4 / y_um), "resolutionunit": "CENTIMETER"} if x_um and y_um else {}
        )
        # under another name first: what is called the part has a whole head
        draft = self._part.with_suffix(".draft")
        with quiet_tifffile(), tifffile.TiffWriter(draft, bigtiff=self._n_bytes > CLASSIC_LIMIT, ome=True) as tif:
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
        os.replace(draft, self._part)
        assert place is not None  # promised by returnoffset for what is not compressed
        return int(place[0])


def _offset_of(part: Path) -> int:
    """Where the pixels of an unfinished file begin."""
    with quiet_tifffile(), tifffile.TiffFile(part) as tif:
        return int(tif.pages.first.dataoffsets[0])


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
