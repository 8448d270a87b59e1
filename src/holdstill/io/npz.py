"""Archives of NumPy arrays, ``.npz``: looked at by their headers before anything is unpacked."""

from __future__ import annotations

import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from holdstill.errors import FileError
from holdstill.io.damage import explain_damage
from holdstill.io.guards import refuse_large

__all__ = ["Member", "list_members", "map_member", "read_npz"]

LOCAL_HEAD = struct.Struct("<26xHH")  # of a file in a zip: lengths of its name and of what else there is


@dataclass(frozen=True, kw_only=True)
class Member:
    """One array of an archive.

    Attributes
    ----------
    name : str
    shape : tuple of int
    dtype : numpy.dtype
    is_fortran : bool
        The first axis runs fastest.
    head_bytes : int
        Of the header before its pixels.
    packed : int
        Bytes that it takes in the archive.
    is_packed : bool
        It is compressed.
    place : int
        Where its entry begins in the file.
    """

    name: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    is_fortran: bool
    head_bytes: int
    packed: int
    is_packed: bool
    place: int

    @property
    def n_bytes(self) -> int:
        """Bytes of it in memory."""
        return int(np.prod([int(n) for n in self.shape], dtype=object)) * self.dtype.itemsize


def list_members(path: Path) -> list[Member]:
    """What an archive holds, by the headers of its arrays.

    Raises
    ------
    FileError
        It is damaged, or holds objects, which are never read.
    """
    with explain_damage(path, "is not a .npz that can be read"), zipfile.ZipFile(path) as archive:
        return [_look(archive, entry, path) for entry in archive.infolist() if entry.filename.endswith(".npy")]


def read_npz(path: Path, *, trust: bool = False) -> dict[str, NDArray[Any]]:
    """All arrays of a small archive by name.

    Raises
    ------
    FileError
        It is damaged, holds objects, or unpacks to far more than it is stored in and is not trusted.
    """
    members = list_members(path)
    if not trust:
        refuse_large(path, "it", path.stat().st_size, sum(member.n_bytes for member in members))
    with explain_damage(path, "is not a .npz that can be read"), np.load(path, allow_pickle=False) as arrays:
        return {member.name: arrays[member.name] for member in members}


def map_member(path: Path, member: Member) -> NDArray[Any]:
    """An array that is not compressed, mapped from the file: nothing is read before it is looked at."""
    with path.open("rb") as file:
        file.seek(member.place)
        name_bytes, extra_bytes = LOCAL_HEAD.unpack(file.read(LOCAL_HEAD.size))
    offset = member.place + LOCAL_HEAD.size + name_bytes + extra_bytes + member.head_bytes
    order: Literal["F", "C"] = "F" if member.is_fortran else "C"
    return np.memmap(path, member.dtype, "r", offset=offset, shape=member.shape, order=order)


def _look(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path) -> Member:
    with archive.open(entry) as file:
        version = npy.read_magic(file)
        read = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}.get(version)
        if read is None:
            raise FileError(f"{path}: {entry.filename} is of version {version}, which is not read; save it again")
        shape, is_fortran, dtype = read(file)
        head_bytes = file.tell()
    if dtype.hasobject:
        raise FileError(f"{path}: {entry.filename} holds objects, which are never read; save arrays of numbers")
    return Member(
        name=entry.filename.removesuffix(".npy"), shape=shape, dtype=dtype, is_fortran=is_fortran,
        head_bytes=head_bytes, packed=entry.compress_size, is_packed=entry.compress_type != zipfile.ZIP_STORED,
        place=entry.header_offset,
    )  # fmt: skip
