"""Files that are arrays: NumPy's ``.npy``, memory-mapped, and HDF5 datasets."""

from __future__ import annotations

import glob
import math
import os
import threading
from abc import abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Frames, Segment
from holdstill.errors import FileError, MissingFile
from holdstill.extras import require
from holdstill.io.array import ArraySource
from holdstill.io.damage import explain_damage
from holdstill.io.guards import LARGE_BYTES
from holdstill.io.npz import Member, list_members, map_member

__all__ = ["SEPARATOR", "Hdf5Source", "NpySource", "NpzSource"]

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
        with explain_damage(self._path, f"frames {start} to {stop - 1} are damaged", "copy it again"):
            return super().read(start, stop, channel=channel)

    @property
    def files(self) -> tuple[Path, ...]:
        return (Path(self._path.partition(SEPARATOR)[0]),)

    def close(self) -> None:
        if self._handle is not None:
            self._handle.close()

    def check_travels(self) -> None:
        """Pass: the file is opened again elsewhere."""

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
    _files: Sequence[Path] = ()

    @property
    def files(self) -> tuple[Path, ...]:
        """The file, and those in which it says that parts of the dataset lie."""
        return tuple(dict.fromkeys((*super().files, *self._files)))

    @property
    def stored_bytes(self) -> int | None:
        return self._stored

    @property
    def segment(self) -> Segment | None:
        return self._segment

    def _open(self, file: Path) -> tuple[Any, Any, str | None]:
        h5py = require("h5py", "hdf5", "reading HDF5")
        with explain_damage(file, "is not an HDF5 file that can be read"):
            handle = h5py.File(file, "r")
            try:
                return self._choose(handle, file, h5py)
            except BaseException:
                handle.close()
                raise

    def _choose(self, handle: Any, file: Path, h5py: Any) -> tuple[Any, Any, str | None]:
        """The file, the dataset that is meant, and its axes if it names them."""
        found: dict[str, Any] = {}
        handle.visititems(lambda name, item: _note(found, name, item, h5py))
        wanted = self._path.partition(SEPARATOR)[2].strip("/")
        if wanted and wanted not in found and isinstance(handle.get(wanted), h5py.Dataset):
            found[wanted] = handle[wanted]  # by a link
        chosen = [wanted] if wanted else [name for name, one in found.items() if one.ndim >= 3]
        if len(chosen) != 1 or chosen[0] not in found:
            shown = [f"{SEPARATOR}/{name} {one.shape}" for name, one in list(found.items())[:8]]
            listed = ", ".join(shown) or "no dataset at all"
            raise FileError(f"{file}: name one of its datasets, as {file.name}::/path; it has {listed}")
        array = found[chosen[0]]
        self._note_storage(array, h5py)
        labels = "".join(dim.label[:1].upper() for dim in array.dims)
        return handle, array, labels if len(labels) == array.ndim else None

    def _note_storage(self, array: Any, h5py: Any) -> None:
        """How a dataset lies on the disk; all of its files must be there."""
        _require_sources(array, h5py)
        self._stored = None if array.is_virtual else int(array.id.get_storage_size())
        self._segment, self._files = _chunk_of(array), _files_of(array)


class NpzSource(_ArrayFileSource):
    """An array of a ``.npz`` archive, ``file.npz::name`` where it holds several; mapped if it is not compressed."""

    _member: Member

    @property
    def stored_bytes(self) -> int | None:
        return self._member.packed

    @property
    def segment(self) -> Segment | None:
        member = self._member
        return Segment(unpacked=member.n_bytes, stored=member.packed) if member.is_packed else None

    def _open(self, file: Path) -> tuple[Any, Any, str | None]:
        members = {member.name: member for member in list_members(file)}
        wanted = self._path.partition(SEPARATOR)[2].strip("/")
        chosen = [wanted] if wanted else [name for name, one in members.items() if len(one.shape) >= 3]
        if len(chosen) != 1 or chosen[0] not in members:
            listed = ", ".join(f"{SEPARATOR}{name} {one.shape}" for name, one in list(members.items())[:8]) or "nothing"
            raise FileError(f"{file}: name one of its arrays, as {file.name}::name; it has {listed}")
        self._member = members[chosen[0]]
        with explain_damage(file):
            return None, _Packed(file, self._member) if self._member.is_packed else map_member(file, self._member), None


class _Packed:
    """A compressed array, unpacked as a whole when it is first looked at."""

    def __init__(self, file: Path, member: Member) -> None:
        self._file, self._member, self._lock = file, member, threading.Lock()
        self.shape, self.dtype = member.shape, member.dtype
        self._array: NDArray[Any] | None = None

    def __getitem__(self, key: Any) -> NDArray[Any]:
        with self._lock:
            if self._array is None:
                with explain_damage(self._file), np.load(self._file, allow_pickle=False) as arrays:
                    self._array = arrays[self._member.name]
        return np.asarray(self._array[key])

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        return np.asarray(self[...], dtype)


def _require_sources(dataset: Any, h5py: Any) -> None:
    """Raise FileError where a dataset stands for parts of another file that is not there: HDF5 would read zeros."""
    if not dataset.is_virtual:
        return
    own = Path(dataset.file.filename)
    for part in dataset.virtual_sources():
        place = own if part.file_name == "." else own.parent / part.file_name
        if "%b" in part.file_name:
            continue  # one file for each number: how many there are is how long it is
        if not place.exists():
            raise FileError(f"{own}: tells of parts in {place}, which is not there; copy it to where it was")
        with h5py.File(place, "r") as file:
            if not isinstance(file.get(part.dset_name), h5py.Dataset):
                raise FileError(f"{own}: tells of {part.dset_name} in {place}, where it is not; copy it again")


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
