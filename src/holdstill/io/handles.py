"""Open files that many threads share: each borrows a handle of its own, so nobody waits for another's seek."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path

from holdstill.errors import FileError, InputError, MissingFile

__all__ = ["HandlePool"]

IDLE_LIMIT = 32  # beyond, a handle is closed when it comes back: a set of a thousand files would use up the system's


class HandlePool:
    """Lends unbuffered handles and keeps those that come back for the next borrower.

    Parameters
    ----------
    mode : str
        As for `open`: ``"rb"`` or ``"r+b"``.
    """

    def __init__(self, mode: str) -> None:
        self._mode = mode
        self._idle: list[tuple[Path, FileIO]] = []
        self._lock = threading.Lock()
        self._is_closed = False

    @contextmanager
    def borrow(self, path: Path) -> Iterator[FileIO]:
        """Lend a handle of `path` that nobody else uses meanwhile."""
        handle = self._take(path)
        try:
            yield handle
        finally:
            self._give_back(path, handle)

    def close(self) -> None:
        """Close all handles; those still lent are closed when they come back."""
        with self._lock:
            self._is_closed = True
            idle, self._idle = self._idle, []
        for _, handle in idle:
            handle.close()

    def _take(self, path: Path) -> FileIO:
        with self._lock:
            if self._is_closed:
                raise InputError(f"{path}: is closed already; open it again")
            for i in reversed(range(len(self._idle))):
                if self._idle[i][0] == path:
                    return self._idle.pop(i)[1]
        try:
            return FileIO(path, self._mode)
        except FileNotFoundError:
            raise MissingFile(f"{path}: no such file any more; it was there when it was opened") from None
        except OSError as error:
            raise FileError(f"{path}: cannot be opened: {error.strerror}") from error

    def _give_back(self, path: Path, handle: FileIO) -> None:
        with self._lock:
            if not self._is_closed and len(self._idle) < IDLE_LIMIT:
                self._idle.append((path, handle))
                return
        handle.close()
