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
from holdstill.errors import InputError
from holdstill.io.damage import explain_damage
from holdstill.io.disk import explain_errors, remove, rename, sync_folder, sync_tree
from holdstill.io.inputs import MARK
from holdstill.io.zarr.metadata import ome_attributes

__all__ = ["ZarrLog", "create_logs"]

CHUNK_BYTES = 1 << 21
MAX_WAITING = 64


class ZarrLog:
    """Frames of unknown number, written by a thread of its own so that who brings them does not wait for the disk.

    Parameters
    ----------
    path : path
        An image that `create_logs` made.
    info : ImagesInfo
        What the frames are; the length of its T does not matter.
    keep : int, optional
        How many of the frames that are there stay. Default: all.

    Raises
    ------
    FileError, InputError
        It cannot be read or written, or holds images of another kind.
    """

    def __init__(self, path: str | Path, info: ImagesInfo, *, keep: int | None = None) -> None:
        self._path = Path(path)
        self._info = replace(info, shape=(0, *info.shape[1:]))
        self._frames_per_chunk = _frames_per_chunk(info)
        self._array = self._open()
        self._length = self._n_stored = int(self._array.shape[0])
        self._gathered: list[NDArray[Any]] = []
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="holdstill-log")
        self._waiting: list[Future[None]] = []
        if keep is not None and keep < self._length:
            self.truncate(keep)

    def __len__(self) -> int:
        return int(self._length)

    @property
    def n_stored(self) -> int:
        """How many frames are on the disk by now; the rest is on its way."""
        return self._n_stored

    def append(self, frame: Frames) -> None:
        """Put one frame, (channels, [z,] y, x), to the end. Waits where the disk is 64 chunks behind."""
        self._gathered.append(np.array(frame, self._info.dtype).reshape(self._info.shape[1:]))
        self._length += 1
        if self._length % self._frames_per_chunk == 0:
            self._hand_over()

    def read(self, start: int, stop: int) -> NDArray[Any]:
        """Frames ``start <= t < stop`` as they are stored, (n, [c,] [z,] y, x), after all of them are."""
        self.flush()
        return np.asarray(self._array[start:stop])

    def truncate(self, n: int) -> None:
        """Keep the first n frames."""
        self.flush()
        with explain_errors(self._path):
            self._array.resize((n, *self._array.shape[1:]))
        self._length = self._n_stored = n

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
        with explain_errors(self._path):
            self._array.resize((start + len(frames), *self._array.shape[1:]))
            self._array[start:] = frames
        self._n_stored = start + len(frames)

    def _open(self) -> Any:
        with explain_damage(self._path, "is not a recording that can be gone on with", "choose another name"):
            array = zarr.open_group(self._path, mode="r+").get("0")
            kind = (self._info.shape[1:], self._info.dtype)
            if not isinstance(array, zarr.Array) or (array.shape[1:], array.dtype) != kind:
                raise InputError(f"{self._path}: holds other images than these; choose another name")
            return array


def create_logs(path: Path, infos: Mapping[str, ImagesInfo], draft: Path) -> None:
    """Make an OME-Zarr of empty images that grow: scenes of these names, or the one image itself if its name is empty.

    It is there as a whole or not at all: a draft on the same disk takes its name in the end.
    """
    with explain_errors(path):
        remove(draft)
        if "" not in infos:
            series: dict[str, Any] = {"version": "0.5", "bioformats2raw.layout": 3}
            group = zarr.open_group(draft, mode="w", zarr_format=3, attributes={"ome": series, **_mark()})
            group.create_group("OME", attributes={"ome": {"version": "0.5", "series": list(infos)}})
        for name, info in infos.items():
            _create_image(draft / name if name else draft, replace(info, shape=(0, *info.shape[1:])))
        sync_tree(draft)
        rename(draft, path)
        sync_folder(path.parent)


def _create_image(path: Path, info: ImagesInfo) -> None:
    group = zarr.open_group(path, mode="w", zarr_format=3, attributes={**ome_attributes(info, [1]), **_mark()})
    chunk = (_frames_per_chunk(info), *(1 for _ in info.shape[1:-2]), *info.shape[-2:])
    group.create_array(
        "0", shape=info.shape, dtype=info.dtype, chunks=chunk, compressors=ZstdCodec(level=1), fill_value=0,
        dimension_names=[axis.lower() for axis in info.axes],
    )  # fmt: skip


def _mark() -> dict[str, Any]:
    return {MARK: {"version": version("holdstill")}}


def _frames_per_chunk(info: ImagesInfo) -> int:
    return int(np.clip(CHUNK_BYTES // max(info.frame_bytes, 1), 1, 16))
