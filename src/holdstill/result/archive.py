"""The arrays of a result whose frames have many parameters: beside its JSON, in an archive of NumPy arrays."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from holdstill.errors import MissingFile
from holdstill.io.disk import replacing
from holdstill.io.inputs import check_readable
from holdstill.io.npz import read_npz
from holdstill.result.packing import BYTES, Numbers, pack_array

__all__ = ["find_archive", "move_in", "move_out", "write_archive"]

# what stands in the place of the bytes of an array
ARCHIVED = "npz"
# what holds words of others, and pictures
OTHERS = {"provenance", "images"}


def find_archive(path: str | Path) -> Path:
    """Where the arrays of a result stand: ``drift.fields.npz`` beside ``drift.json``."""
    return Path(path).with_suffix(".fields.npz")


def move_out(content: dict[str, Any], before: str = "") -> tuple[dict[str, Any], dict[str, Numbers]]:
    """The content with names in place of bytes, and the arrays by these names."""
    arrays: dict[str, Numbers] = {}
    found: dict[str, Any] = {}
    for key, value in content.items():
        if not isinstance(value, dict) or key in OTHERS:
            found[key] = value
        elif BYTES in value:
            arrays[before + key] = value[BYTES]
            found[key] = {"shape": value["shape"], ARCHIVED: before + key}
        else:
            found[key], inner = move_out(value, f"{before}{key}.")
            arrays |= inner
    return found, arrays


def move_in(content: dict[str, Any], path: str | Path, *, trust: bool = False) -> dict[str, Any]:
    """The content with the bytes of its archived arrays again; as it is where it has none.

    Raises
    ------
    MissingFile, FileError
        The archive is missing, or damaged.
    """
    if not _has_archived(content):
        return content
    archive = find_archive(path)
    if not archive.exists():
        raise MissingFile(f"{archive}: no such file; the arrays of {Path(path).name} stand there, move both together")
    check_readable(archive)
    return _put(content, read_npz(archive, trust=trust))


def _has_archived(content: dict[str, Any]) -> bool:
    inner = (value for key, value in content.items() if isinstance(value, dict) and key not in OTHERS)
    return ARCHIVED in content or any(_has_archived(value) for value in inner)


def _put(content: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> dict[str, Any]:
    """Names replaced by the bytes of arrays. Raises KeyError or ValueError for what the archive does not hold."""
    found: dict[str, Any] = {}
    for key, value in content.items():
        if not isinstance(value, dict) or key in OTHERS:
            found[key] = value
        elif ARCHIVED in value:
            array = arrays[str(value[ARCHIVED])]
            if list(array.shape) != value["shape"]:
                raise ValueError("an archived array is not as long as its shape says")
            found[key] = pack_array(array, readable=False)
        else:
            found[key] = _put(value, arrays)
    return found


def write_archive(path: str | Path, arrays: dict[str, Numbers]) -> None:
    """Write the arrays beside a result, one after the other, complete or not at all."""
    with replacing(find_archive(path)) as temporary, zipfile.ZipFile(temporary, "w", zipfile.ZIP_STORED) as archive:
        for name, numbers in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as file:
                npy.write_array(file, np.ascontiguousarray(numbers.read(), np.float64), allow_pickle=False)
