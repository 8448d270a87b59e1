"""The hidden folder beside a target in which it is made, by one process at a time."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import zlib
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from holdstill.errors import FileError, FileInTheWay
from holdstill.io import disk
from holdstill.io.lock import Lock

__all__ = ["Workspace"]

LONGEST_NAME = 200  # bytes; file systems take 255
ATTEMPTS = 20
VERSION = 1  # of what `publish` notes
FINISHING, OLD = "finishing.json", "replaced"


class Workspace:
    """``.NAME.resume``, locked while it is open; what is left in it when it is closed can be gone on with.

    Parameters
    ----------
    target : path
        What is made; it need not exist.

    Raises
    ------
    FileInTheWay
        Another process works at this target.
    FileError
        The folder of the target is missing, or cannot be written to.
    """

    def __init__(self, target: str | Path) -> None:
        self.target = Path(target)
        name = self.target.name
        if len(name.encode("utf-8", "surrogateescape")) > LONGEST_NAME:
            name = hashlib.sha256(name.encode("utf-8", "surrogateescape")).hexdigest()[:32]
        self.folder = disk.long_path(self.target.with_name(f".{name}.resume"))
        self._lock = Lock(self.folder / "lock", self.target)
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        parent = self.target.absolute().parent
        with disk.explain_errors(self.target):
            if not parent.is_dir():
                raise FileError(f"{self.target}: there is no folder {parent}; make it first")
            for _ in range(ATTEMPTS):
                disk.make_folder(self.folder)
                try:
                    self._stack.enter_context(self._lock)
                    return self
                except FileError:
                    is_there = self.folder.is_dir()
                    with suppress(OSError):  # who had it may have left this moment, hindered by the claim made here
                        self.folder.rmdir()
                    if is_there:
                        raise  # else who had it before removed the folder this moment
        raise FileError(f"{self.target}: its workspace {self.folder} vanishes again and again; choose another name")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let others have it; calling it twice does no harm."""
        self._stack.close()
        with suppress(OSError):  # there is something to go on with
            self.folder.rmdir()

    def check(self) -> None:
        """Raise FileError if another process has taken this workspace over."""
        self._lock.check()

    def clear(self) -> None:
        """Remove all that is in it but the lock."""
        self.check()
        inside = [path for path in self.folder.iterdir() if not path.name.startswith(self._lock.path.name)]
        for path in sorted(inside, key=lambda path: path.name == FINISHING):  # others' claims stand beside the lock
            disk.remove(path)

    def publish(self, results: Sequence[tuple[Path, Path]], *, overwrite: bool, clear: bool = True) -> None:
        """Give finished parts, which are on the disk, their names; the last one, the images, at the end.

        From the moment at which this is noted the job is done: whatever happens, `complete` goes on with it.

        Parameters
        ----------
        results : sequence of (part, target)
            Parts lie in the workspace. What stands beside the images comes first.
        overwrite : bool
            Replace what has such a name.
        clear : bool
            Remove then what else is in the workspace.

        Raises
        ------
        FileInTheWay
            Something has such a name and `overwrite` is False.
        FileError
            It cannot be renamed.
        """
        self.check()
        _check_free(results, overwrite)
        named = [[part.name, self._tell(target)] for part, target in results]
        note = {"version": VERSION, "results": named, "overwrite": overwrite, "clear": clear}
        text = json.dumps(note).encode("ascii")
        with disk.explain_errors(self.target):
            disk.sync_folder(self.folder)  # the names of the parts
            disk.write_file(self.folder / FINISHING, b"%08x %s" % (zlib.crc32(text), text), synced=True)
        self.complete()

    def complete(self) -> bool:
        """Go on with what `publish` began, here or in a process that was killed; whether there was anything.

        Images that are replaced go first, so that images under their name always have beside them what belongs to them.
        """
        note = self._read_note()
        if note is None:
            return False
        results = [(self.folder / part, self.target.parent / target) for part, target in note["results"]]
        _check_free([(part, target) for part, target in results if os.path.lexists(part)], note["overwrite"])
        with disk.explain_errors(self.target):
            part, images = results[-1]
            if os.path.lexists(part) and os.path.lexists(images):
                disk.remove(self.folder / OLD)
                disk.rename(images, self.folder / OLD)
            for part, target in results:
                if os.path.lexists(part):
                    _move(part, target)
                    disk.sync_folder(target.parent)
            if note["clear"]:
                self.clear()
            disk.remove(self.folder / OLD)
            disk.remove(self.folder / FINISHING)
        return True

    def _tell(self, target: Path) -> str:
        """A name beside the target, so that a folder may be moved; else a whole path."""
        inside = target.absolute().parent == self.target.absolute().parent
        return target.name if inside else str(target.absolute())

    def _read_note(self) -> dict[str, Any] | None:
        """What `publish` noted, if that is whole; a note that was cut short by a power cut promised nothing yet."""
        try:
            head, _, text = (self.folder / FINISHING).read_bytes().partition(b" ")
            if int(head, 16) != zlib.crc32(text):
                return None
        except (FileNotFoundError, ValueError):
            return None
        note: dict[str, Any] = json.loads(text)
        if note["version"] != VERSION:
            raise FileError(
                f"{self.folder}: was left by another version of holdstill; let that one go on, or remove the folder"
            )
        return note


def _check_free(results: Sequence[tuple[Path, Path]], overwrite: bool) -> None:
    for _, target in results:
        if os.path.lexists(target) and not overwrite:
            raise FileInTheWay(f"{target}: appeared while it was being written; move it away, or pass overwrite=True")


def _move(part: Path, target: Path) -> None:
    """Rename, or copy first where the target is on another disk."""
    try:
        disk.rename(part, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        with disk.replacing(target) as temporary:
            shutil.copyfile(part, temporary)
        disk.remove(part)
