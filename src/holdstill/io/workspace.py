"""The hidden folder beside a target in which it is made, by one process at a time."""

from __future__ import annotations

import hashlib
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from holdstill.errors import FileError
from holdstill.io import disk
from holdstill.io.lock import Lock

__all__ = ["Workspace"]

LONGEST_NAME = 200  # bytes; file systems take 255
ATTEMPTS = 20


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
                    if self.folder.is_dir():
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
        for path in self.folder.iterdir():
            if not path.name.startswith(self._lock.path.name):  # others' claims stand beside the lock
                disk.remove(path)
