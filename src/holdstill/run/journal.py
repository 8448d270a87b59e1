"""What the book of what is done is made of: lines of plain values, and files of arrays, each with a checksum."""

from __future__ import annotations

import base64
import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from io import FileIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Estimates
from holdstill.errors import FileError
from holdstill.io import disk

__all__ = ["pack_estimates", "read_arrays", "read_lines", "to_bytes", "unpack_estimates", "write_arrays"]

READ_BYTES = 1 << 20


def to_bytes(line: dict[str, Any]) -> bytes:
    """A line with its checksum in front."""
    text = json.dumps(line).encode("ascii")
    return b"%08x %s\n" % (zlib.crc32(text), text)


def read_lines(path: Path) -> list[dict[str, Any]] | None:
    """Lines of a book up to the first that is torn or damaged, which nothing after it can mend; None without a book."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    lines = []
    for line in content.split(b"\n")[:-1]:
        head, _, text = line.partition(b" ")
        if head != b"%08x" % zlib.crc32(text):
            break
        lines.append(json.loads(text))
    return lines


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> int:
    """Write arrays, on the disk when this returns, and return the checksum of the file; no copy of them is made."""
    with disk.making_file(path, synced=True) as handle:
        stream = _Stream(handle)
        np.savez(stream, allow_pickle=False, **arrays)
    return stream.checksum


def read_arrays(path: Path, checksum: int) -> dict[str, NDArray[Any]]:
    """What `write_arrays` wrote. Raises FileError where it is damaged."""
    try:
        found = 0
        with open(path, "rb") as handle:
            while data := handle.read(READ_BYTES):
                found = zlib.crc32(data, found)
        if found != checksum:
            raise ValueError("its checksum is another")
        with np.load(path, allow_pickle=False) as arrays:
            return dict(arrays)
    except (FileNotFoundError, EOFError, ValueError, zipfile.BadZipFile) as error:
        raise FileError(f"{path}: is damaged ({error}); start again with --overwrite in place of --resume") from error


class _Stream(io.RawIOBase):
    """Writes to the end of a file, and knows the checksum of what it wrote."""

    def __init__(self, handle: FileIO) -> None:
        self._handle, self._end, self.checksum = handle, 0, 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        disk.write(self._handle, self._end, data)
        n_bytes = memoryview(data).nbytes
        self._end, self.checksum = self._end + n_bytes, zlib.crc32(data, self.checksum)
        return n_bytes


def pack_estimates(estimates: Estimates) -> dict[str, Any]:
    """Estimates as plain values, bit for bit."""
    return {"estimates": {name: _pack(array) for name, array in estimates.pack().items()}}


def unpack_estimates(line: dict[str, Any]) -> Estimates:
    """What `pack_estimates` packed."""
    return Estimates.unpack({name: _unpack(packed) for name, packed in line["estimates"].items()})


def _pack(array: NDArray[Any]) -> list[Any]:
    """Type, shape and bytes."""
    data = base64.b64encode(np.ascontiguousarray(array).tobytes()).decode("ascii")
    return [array.dtype.str, list(array.shape), data]


def _unpack(packed: list[Any]) -> NDArray[Any]:
    dtype, shape, data = packed
    return np.frombuffer(base64.b64decode(data), dtype).reshape(shape).copy()
