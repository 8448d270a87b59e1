"""Files that are arrays: NumPy's ``.npy``, memory-mapped, and HDF5 datasets."""

from __future__ import annotations

import glob
import math
import os
from abc import abstractmethod
from pathlib import Path
from typing import Any

import numpy as np

from holdstill.contracts import Frames, Segment
from holdstill.errors import FileError, MissingFile
from holdstill.extras import require
from holdstill.io.array import ArraySource
from holdstill.io.guards import LARGE_BYTES

__all__ = ["SEPARATOR", "Hdf5Source", "NpySource"]

SEPARATOR = "::"


class _ArrayFileSource(ArraySource):
    """An array in a file, which is opened again where the source arrives.

    Parameters
    ----------
    path : str or path
    axes : str, optional
        Names of the axes, where the file does not say.

    Raises
    ------
    MissingFile, FileError
        There is no such file, or it holds no such array.
    AxesError
        The axes are ambiguous or do not fit.
    """

    def __init__(self, path: str | Path, *, axes: str | None = None) -> None:
        self._path, self._axes = str(path), axes
        file = Path(self._path.partition(SEPARATOR)[0])
        if not file.exists():
            raise MissingFile(f"{file}: no such file; check the name and the folder {file.absolute().parent}")
        self._handle, array, own = self._open(file)
        super().__init__(array, axes=axes or own, name=self._path)

    @abstractmethod
    def _open(self, file: Path) -> tuple[Any, Any, str | None]:
        """What is to be closed, the array, and its axes if it names them."""

    def read(self, start: int, stop: int, *, channel: int | None = None) -> Frames:
        try:
            return super().read(start, stop, channel=channel)
        except (OSError, RuntimeError) as error:
            raise FileError(
                f"{self._path}: frames {start} to {stop - 1} are damaged ({error}); copy it again"
            ) from error

    @property
    def files(self) -> tuple[Path, ...]:
        return (Path(self._path.partition(SEPARATOR)[0]),)

    def close(self) -> None:
        if self._handle is not None:
            self._handle.close()

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (type(self), os.path.abspath(self._path), self._axes)


def _again(kind: type[_ArrayFileSource], path: str, axes: str | None) -> _ArrayFileSource:
    return kind(path, axes=axes)


class NpySource(_ArrayFileSource):
    """A ``.npy`` file, memory-mapped."""

    def _open(self, file: Path) -> tuple[Any, Any, str | None]:
        if SEPARATOR in self._path:
            raise FileError(f"{self._path}: a .npy holds one array; leave out what follows {SEPARATOR}")
        try:
            return None, np.load(file, mmap_mode="r", allow_pickle=False), None
        except (OSError, ValueError, EOFError) as error:
            raise FileError(f"{file}: not a .npy of numbers that can be read ({error}); save it again") from error


class Hdf5Source(_ArrayFileSource):
    """A dataset of an HDF5 file: ``file.h5::/path``, or the only one of three or more dimensions."""

    _stored: int | None = 0
    _segment: Segment | None = None

    @property
    def files(self) -> tuple[Path, ...]:
        """The file, and those in which it says that parts of the dataset lie."""
        return tuple(dict.fromkeys((*super().files, *_files_of(self._images))))

    @property
    def stored_bytes(self) -> int | None:
        return self._stored

    @property
    def segment(self) -> Segment | None:
        return self._segment

    def _open(self, file: Path) -> tuple[Any, Any, str | None]:
        h5py = require("h5py", "hdf5", "reading HDF5")
        try:
            handle = h5py.File(file, "r")
        except OSError as error:
            raise FileError(f"{file}: not an HDF5 file that can be read ({error}); copy or export it again") from error
        found: dict[str, Any] = {}
        handle.visititems(lambda name, item: _note(found, name, item, h5py))
        wanted = self._path.partition(SEPARATOR)[2].strip("/")
        if wanted and wanted not in found and isinstance(handle.get(wanted), h5py.Dataset):
            found[wanted] = handle[wanted]  # by a link
        chosen = [wanted] if wanted else [name for name, one in found.items() if one.ndim >= 3]
        if len(chosen) != 1 or chosen[0] not in found:
            shown = [f"{SEPARATOR}/{name} {one.shape}" for name, one in list(found.items())[:8]]
            handle.close()
            listed = ", ".join(shown) or "no dataset at all"
            raise FileError(f"{file}: name one of its datasets, as {file.name}::/path; it has {listed}")
        array = found[chosen[0]]
        self._stored = None if array.is_virtual else int(array.id.get_storage_size())
        self._segment = _chunk_of(array)
        labels = "".join(dim.label[:1].upper() for dim in array.dims)
        return handle, array, labels if len(labels) == array.ndim else None


def _chunk_of(array: Any) -> Segment | None:
    """A chunk of a dataset that is filtered; each is looked at where they are large, and so few."""
    if array.chunks is None or not array.id.get_create_plist().get_nfilters():
        return None
    unpacked, stored = math.prod(array.chunks) * array.dtype.itemsize, None
    if unpacked > LARGE_BYTES:
        sizes = [array.id.get_chunk_info(n).size for n in range(array.id.get_num_chunks())]
        stored = min(sizes, default=unpacked)
    return Segment(unpacked=unpacked, stored=stored)


def _note(found: dict[str, Any], name: str, item: Any, h5py: Any) -> None:
    if isinstance(item, h5py.Dataset):
        found[name] = item


def _files_of(dataset: Any) -> list[Path]:
    """Files of a dataset that was reached by a link, is stored outside, or is made up of others."""
    own = Path(dataset.file.filename)
    names = [name for name, _, _ in dataset.external or ()]
    if dataset.is_virtual:
        names += [source.file_name for source in dataset.virtual_sources() if source.file_name != "."]
    found = [own]
    for name in names:
        pattern = glob.escape(str(own.parent / name)).replace("%b", "*")  # one file for each number
        found += [Path(one) for one in sorted(glob.glob(pattern))]
    return found
