"""The files that a job reads: which they are, whether they changed, and that no target is among them."""

from __future__ import annotations

import glob
import hashlib
import json
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from holdstill.errors import FileError, FileInTheWay
from holdstill.io import disk
from holdstill.io.array_files import SEPARATOR

__all__ = [
    "MARK", "check_apart", "check_readable", "check_replaceable", "digest_contents", "fingerprint", "input_paths",
]  # fmt: skip

MARK = "holdstill"  # the attribute of a Zarr that was made here
JSON_BYTES = 1 << 20
# what is read of each file: its ends, and blocks between them; of many files evenly chosen ones, so that the cost of a
# movie of 1 TB, or of a million files, stays below a second or two
END_BYTES, BLOCK_BYTES, BLOCKS = 1 << 16, 1 << 12, 64
MOST_SAMPLED, MOST_NAMED = 1000, 64
CONTENT = "content:"

Identity = tuple[str, int, int]


def input_paths(images: Any) -> list[Path]:
    """Files and folders that stand behind images: those of a pattern or a list each; none for arrays and addresses."""
    if isinstance(images, list | tuple):
        return [path for part in images for path in input_paths(part)]
    if not isinstance(images, str | os.PathLike) or "://" in str(images):
        return []
    path = Path(str(images).partition(SEPARATOR)[0])
    if not path.exists() and glob.has_magic(str(path)):
        return [Path(name) for name in sorted(glob.glob(str(path)))]
    return [path]


def check_readable(path: Path) -> None:
    """Raise FileError for what cannot be opened as a file or folder: a name that is refused, a pipe, a device.

    What is not there passes: who opens it says so.
    """
    try:
        mode = os.stat(path).st_mode
    except (FileNotFoundError, NotADirectoryError):
        return
    except (OSError, ValueError) as error:  # ValueError: a null in the name
        raise FileError(f"{path}: cannot be opened ({getattr(error, 'strerror', error)}); check the name") from error
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise FileError(f"{path}: is a pipe or a device; save the images to a file first")


def fingerprint(paths: Iterable[Path]) -> dict[str, str]:
    """A short text for each file behind `paths`, by its name: another if its size, its time or its content changes.

    Of the content samples are read: both ends, and blocks spread evenly between them. Of more than a thousand files
    that many are sampled, and of more than 64 names and texts are told as one.
    """
    return _tell_of_files(paths, timed=True)


def digest_contents(paths: Iterable[Path]) -> dict[str, str]:
    """The same without the files' times, which a copy does not keep; the texts begin with ``"content:"``."""
    return {name: f"{CONTENT}{text}" for name, text in _tell_of_files(paths, timed=False).items()}


def _tell_of_files(paths: Iterable[Path], *, timed: bool) -> dict[str, str]:
    files = list(dict.fromkeys(file for path in paths for file in _files(path)))
    sampled = set(np.linspace(0, len(files) - 1, min(len(files), MOST_SAMPLED)).round().astype(int).tolist())
    found = {str(file): _describe(file, number in sampled, timed) for number, file in enumerate(files)}
    if len(found) <= MOST_NAMED:
        return found
    together = hashlib.sha256(json.dumps(found if timed else list(found.values())).encode("utf-8"))
    return {f"{len(found)} files": together.hexdigest()[:32]}


def check_apart(targets: Sequence[str | Path], inputs: Sequence[Path]) -> None:
    """Raise FileInTheWay where a target is an input, holds one, lies within one that is a folder, or is named twice.

    Files are told apart by what the disk says they are, whatever links, relative names or cases lead to them.
    """
    written = [Path(os.path.realpath(target)) for target in targets]
    names = [str(path).casefold() for path in written]  # many a disk takes names that differ in case for one
    doubled = next((path for number, path in enumerate(written) if names[number] in names[:number]), None)
    if doubled is not None:
        raise FileInTheWay(f"{doubled}: two results would have this name; choose another for one of them")
    read = {_identify(path): path for path in inputs}
    folders = {identity: path for identity, path in read.items() if path.is_dir()}
    above = {_identify(parent): path for path in inputs for parent in Path(os.path.realpath(path)).parents}
    for target, place in zip(targets, written, strict=True):
        identity = _identify(place)
        if identity in read:
            raise FileInTheWay(f"{target}: input and output are the same file; choose another name for the output")
        if identity in above:
            inside = above[identity]
            raise FileInTheWay(f"{target}: the input {inside} lies within it and would be lost; choose another name")
        around = next((_identify(parent) for parent in place.parents if _identify(parent) in folders), None)
        if around is not None:
            raise FileInTheWay(f"{target}: lies within the input {folders[around]}; choose a place outside")


def check_replaceable(target: str | Path, overwrite: bool) -> None:
    """Raise FileInTheWay where something stands at the target that may not be replaced.

    Without `overwrite` that is anything; with it, a folder that was not made here, or to which somebody has added.
    """
    path = Path(target)
    if disk.is_reserved(path.name):
        raise FileError(f"{path}: Windows keeps this name for itself; choose another name")
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return
    except (OSError, ValueError) as error:
        raise FileError(f"{path}: {getattr(error, 'strerror', error)}; choose another name") from error
    if not overwrite:
        raise FileInTheWay(f"{path}: exists already; give another name, or pass overwrite=True (--overwrite)")
    if not path.is_dir():
        return
    try:
        with open(path / "zarr.json", "rb") as file:
            content = json.loads(file.read(JSON_BYTES))
        is_ours = MARK in content["attributes"]
    except (OSError, ValueError, KeyError, TypeError):
        is_ours = False
    if not is_ours:
        raise FileInTheWay(f"{path}: is a folder that was not made here; move it away, or choose another name")
    added = [name for name in sorted(os.listdir(path)) if name not in ("zarr.json", "OME") and not name.isdecimal()]
    if added:
        raise FileInTheWay(f"{path}: {added[0]} in it was not written here; move it away, or choose another name")


def _files(path: Path) -> Iterator[Path]:
    if not path.is_dir():
        if path.exists():
            yield path.resolve()
        return
    for folder, inner, names in os.walk(path.resolve()):
        inner.sort()
        for name in sorted(names):
            yield Path(folder) / name


def _describe(file: Path, is_sampled: bool, timed: bool) -> str:
    status = file.stat()
    digest = hashlib.sha256(f"{status.st_size}|{status.st_mtime_ns if timed else ''}\n".encode())
    if is_sampled:
        with open(file, "rb", buffering=0) as opened:
            for start, size in _samples(status.st_size):
                opened.seek(start)
                digest.update(opened.read(size))
    return digest.hexdigest()[:32]


def _samples(n_bytes: int) -> list[tuple[int, int]]:
    """Start and length of what is read of a file."""
    if n_bytes <= 2 * END_BYTES + BLOCKS * BLOCK_BYTES:
        return [(0, n_bytes)]
    between = np.linspace(END_BYTES, n_bytes - END_BYTES - BLOCK_BYTES, BLOCKS).astype(np.int64).tolist()
    return [(0, END_BYTES), *((start, BLOCK_BYTES) for start in between), (n_bytes - END_BYTES, END_BYTES)]


def _identify(path: Path) -> Identity:
    """What the disk takes for one file: its number, or its name where it has none or is not there."""
    try:
        status = os.stat(path)
    except OSError:
        return os.path.realpath(path), 0, 0
    return ("", status.st_dev, status.st_ino) if status.st_ino else (os.path.normcase(os.path.realpath(path)), 0, 0)
