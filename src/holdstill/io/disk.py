"""All that is done to files whose loss would matter, in one place: what was promised must survive a power cut.

Data reach the disk (`sync_file`) before anything promises them, a file before it takes its name, and then its folder
(`sync_folder`), without which the name itself may be lost. A test can replace the functions here and so see, and cut
short, every step that a disk takes.
"""

from __future__ import annotations

import errno
import os
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import FileIO
from pathlib import Path
from typing import Any

from holdstill.errors import FileError, HoldstillError, NoSpace

try:
    import fcntl
except ImportError:  # Windows
    FULL_SYNC, control = None, None
else:
    FULL_SYNC, control = getattr(fcntl, "F_FULLFSYNC", None), fcntl.fcntl  # macOS: fsync stops at the drive's cache

__all__ = [
    "WINDOWS", "explain_errors", "is_reserved", "long_path",
    "make_folder", "making_file", "remove", "rename", "replacing", "sync", "sync_file", "sync_folder",
    "sync_tree", "write", "write_file",
]  # fmt: skip

NOT_THERE = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EACCES, errno.EPERM, errno.EISDIR)
RENAME_ATTEMPTS, RENAME_WAIT_S = 8, 0.05
WINDOWS = os.name == "nt"
RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{port}{number}" for port in ("COM", "LPT") for number in range(1, 10))}
WINDOWS_LIMIT = 240  # beyond 260 characters only the prefix \\?\ helps; parts get longer names than their target


@contextmanager
def explain_errors(path: str | Path) -> Iterator[None]:
    """Errors of the disk within the block as ours, told of `path`."""
    try:
        yield
    except OSError as error:
        if isinstance(error, HoldstillError):
            raise
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NoSpace(f"{path}: no space left; clear some, or use another disk") from error
        raise FileError(f"{path}: cannot be written: {error.strerror}; check the rights to its folder") from error


@contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """A temporary path beside `path` that takes its name when the block ends well, and vanishes otherwise."""
    target = Path(path)
    temporary = target.with_name(f".{uuid.uuid4().hex[:8]}.part")
    try:
        temporary.touch(exist_ok=False)
    except OSError as error:
        raise FileError(
            f"{target}: cannot write there ({error.strerror}); choose a folder that exists and is writable"
        ) from error
    try:
        with explain_errors(target):
            yield temporary
            sync_file(temporary)
            rename(temporary, target)
            sync_folder(target.parent)
    finally:
        temporary.unlink(missing_ok=True)


def write(handle: FileIO, offset: int, data: Any) -> None:
    """Write all bytes of `data` at a place of an open file."""
    handle.seek(offset)
    left = memoryview(data).cast("B")
    while left:
        left = left[handle.write(left) :]


def write_file(path: Path, data: Any, *, synced: bool = False) -> None:
    """Write a file as `making_file` does."""
    with making_file(path, synced=synced) as handle:
        write(handle, 0, data)


@contextmanager
def making_file(path: Path, *, synced: bool = False) -> Iterator[FileIO]:
    """A new file under a temporary name that gets its own at the end: it appears whole, or not at all.

    After a power cut that is so only if it was to be `synced`; it is on the disk then when the block has ended.
    """
    temporary = path.with_name(f".{uuid.uuid4().hex[:8]}.partial")
    try:
        with FileIO(temporary, "xb") as handle:
            yield handle
            if synced:
                sync(handle)
        rename(temporary, path)
        if synced:
            sync_folder(path.parent)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def sync(handle: FileIO) -> None:
    """Wait until what was written to an open file is on the disk."""
    if FULL_SYNC is not None and control is not None:
        with suppress(OSError):  # a network share
            control(handle.fileno(), FULL_SYNC)
            return
    os.fsync(handle.fileno())


def sync_file(path: Path) -> None:
    """The same of a file that is closed."""
    with FileIO(path, "r+b") as handle:  # Windows syncs only what may be written
        sync(handle)


def sync_folder(path: Path) -> None:
    """Wait until the names in a folder are on the disk, where there is such a thing: Windows knows none."""
    if WINDOWS:
        return
    try:
        number = os.open(path, os.O_RDONLY)
    except OSError as error:
        if error.errno in NOT_THERE:
            return  # a folder that may be written but not listed
        raise
    try:
        os.fsync(number)
    except OSError as error:
        if error.errno not in NOT_THERE:  # some network shares sync no folders
            raise
    finally:
        os.close(number)


def sync_tree(path: Path) -> None:
    """Wait until all files of a folder, and all names below it, are on the disk."""
    for folder, _, names in os.walk(path):
        for name in names:
            sync_file(Path(folder, name))
        sync_folder(Path(folder))


def rename(source: Path, target: Path) -> None:
    """Give a file or folder another name, in place of a file that has it.

    On Windows a scanner or an indexer may hold either of them for a moment, so it is tried again for about two seconds.
    """
    for attempt in range(RENAME_ATTEMPTS):
        try:
            os.replace(source, target)
            return
        except PermissionError:
            if not WINDOWS or attempt == RENAME_ATTEMPTS - 1:
                raise
            time.sleep(RENAME_WAIT_S * (attempt + 1))


def make_folder(path: Path) -> None:
    """Make a folder; no harm is done if it is there."""
    path.mkdir(exist_ok=True)


def remove(path: Path) -> None:
    """Remove a file or a folder; no harm is done if there is none."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def long_path(path: Path) -> Path:
    r"""The path as Windows takes it where it has more than 260 characters, with ``\\?\`` before it; else as it is."""
    if not WINDOWS:
        return path
    text = os.path.abspath(path)
    return Path(_lengthen(text)) if len(text) >= WINDOWS_LIMIT else path


def _lengthen(text: str) -> str:
    if text.startswith("\\\\?\\"):
        return text
    return "\\\\?\\UNC" + text[1:] if text.startswith("\\\\") else "\\\\?\\" + text


def is_reserved(name: str) -> bool:
    """Whether Windows takes a name for a device, whatever its suffix, or drops its end."""
    stem = name.partition(".")[0].rstrip(" ").upper()
    return WINDOWS and (stem in RESERVED or name != name.rstrip(" ."))
