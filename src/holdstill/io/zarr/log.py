"""An OME-Zarr that grows: frames are put to its end as they come, and what is there is whole at any moment."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import zarr
from numpy.typing import NDArray
from zarr.codecs import ZstdCodec

from holdstill.contracts import Frames, ImagesInfo
from holdstill.errors import FileError, FileInTheWay, InputError
from holdstill.io.inputs import MARK
from holdstill.io.zarr.metadata import ome_attributes

__all__ = ["ZarrLog", "logs_in"]

CHUNK_BYTES = 1 << 21
MAX_WAITING = 64


class ZarrLog:
    """Frames of unknown number, written by a thread of its own so that who brings them does not wait for the disk.

    Parameters
    ----------
    path : path
        A folder. One that exists is gone on with, if its images are of the same kind.
    info : ImagesInfo
        What the frames are; the length of its T does not matter.
    keep : int, optional
        How many of the frames that are there stay. Default: all.

    Raises
    ------
    FileError, InputError
        It cannot be written, or holds images of another kind.
    """

    def __init__(self, path: str | Path, info: ImagesInfo, *, keep: int | None = None) -> None:
        self._path = Path(path)
        self._info = replace(info, shape=(0, *info.shape[1:]))
        self._frames_per_chunk = int(np.clip(CHUNK_BYTES // max(info.frame_bytes, 1), 1, 16))
        self._array = self._open_arrays()
        if keep is not None and keep < self._array.shape[0]:
            self._array.resize((keep, *self._array.shape[1:]))
        self._length = self._array.shape[0]
        self._gathered: list[NDArray[Any]] = []
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="holdstill-log")
        self._waiting: list[Future[None]] = []

    def __len__(self) -> int:
        return int(self._length)

    def append(self, frame: Frames) -> None:
        """Put one frame, (channels, [z,] y, x), to the end. Waits where the disk is 64 chunks behind."""
        self._gathered.append(np.array(frame, self._info.dtype).reshape(self._info.shape[1:]))
        self._length += 1
        if self._length % self._frames_per_chunk == 0:
            self._hand_over()

    def flush(self) -> None:
        """Wait until all frames are on the disk."""
        self._hand_over()
        for future in self._waiting:
            future.result()
        self._waiting.clear()

    def close(self) -> None:
        """Write what is left."""
        try:
            self.flush()
        finally:
            self._writer.shutdown(wait=True)

    def _hand_over(self) -> None:
        if self._gathered:
            start, frames = self._length - len(self._gathered), np.stack(self._gathered)
            self._waiting.append(self._writer.submit(self._store, start, frames))
            self._gathered = []
        while self._waiting and (self._waiting[0].done() or len(self._waiting) > MAX_WAITING):
            self._waiting.pop(0).result()

    def _store(self, start: int, frames: NDArray[Any]) -> None:
        try:
            self._array.resize((start + len(frames), *self._array.shape[1:]))
            self._array[start:] = frames
        except OSError as error:
            raise FileError(f"{self._path}: cannot be written: {error.strerror}; is the disk full?") from error

    def _open_arrays(self) -> Any:
        if not self._path.absolute().parent.is_dir():
            raise FileError(f"{self._path}: there is no folder {self._path.absolute().parent}; make it first")
        try:
            if self._path.exists():
                group = zarr.open_group(self._path, mode="r+")
                array = group.get("0")
                if not isinstance(array, zarr.Array) or (array.shape[1:], array.dtype) != (
                    self._info.shape[1:],
                    self._info.dtype,
                ):
                    raise InputError(f"{self._path}: holds other images than these; choose another name")
                return array
            attributes = {**ome_attributes(self._info, [1]), MARK: {"version": version("holdstill")}}
            group = zarr.open_group(self._path, mode="w", zarr_format=3, attributes=attributes)
            chunk = (self._frames_per_chunk, *(1 for _ in self._info.shape[1:-2]), *self._info.shape[-2:])
            return group.create_array(
                "0", shape=self._info.shape, dtype=self._info.dtype, chunks=chunk, compressors=ZstdCodec(level=1),
                fill_value=0, dimension_names=[axis.lower() for axis in self._info.axes],
            )  # fmt: skip
        except OSError as error:
            raise FileError(
                f"{self._path}: cannot be written: {error.strerror}; check the rights to its folder"
            ) from error


def logs_in(path: str | Path, infos: Mapping[str, ImagesInfo]) -> dict[str, ZarrLog]:
    """Several growing images in one new OME-Zarr, which readers list as its scenes.

    Raises FileInTheWay where the path exists.
    """
    folder = Path(path)
    if folder.suffix != ".zarr":
        raise InputError(f"{folder}: what grows is an OME-Zarr; choose a name that ends with .ome.zarr")
    if not folder.absolute().parent.is_dir():
        raise FileError(f"{folder}: there is no folder {folder.absolute().parent}; make it first")
    if folder.exists():
        raise FileInTheWay(f"{folder}: exists already; choose another name")
    group = zarr.open_group(folder, mode="w", zarr_format=3)
    group.attrs.update({"ome": {"version": "0.5", "bioformats2raw.layout": 3}})
    group.create_group("OME", attributes={"ome": {"version": "0.5", "series": list(infos)}})
    return {name: ZarrLog(folder / name, info) for name, info in infos.items()}
