"""One process at a time compiles a kernel; others that want it wait, and load what it has kept."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from numba.core.compiler_lock import global_compiler_lock

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

__all__ = ["compile_once"]

WAIT_S = 0.02
# whoever compiles for longer hangs, or sits on a disk that locks badly; then everybody compiles for himself
LONGEST_S = 180.0


def compile_once(compiled: Any, path: Path) -> None:
    """Let a dispatcher of Numba compile, or load, only while this process holds the lock file `path`.

    Workers of a cluster, and tests, start at once and want the same kernels: each compiled them all, and of those that
    two had finished at the same time the index of the cache kept one's alone, so that they were compiled again.
    """
    compile_here: Callable[[Any], Any] = compiled.compile

    def compile_alone(signature: Any) -> Any:
        # the lock of this process first: two threads that took both in another order would wait for each other
        with global_compiler_lock, _hold(path):
            return compile_here(signature)

    compiled.compile = compile_alone


@contextmanager
def _hold(path: Path) -> Iterator[None]:
    """Hold a lock file, given back by the system if the process ends; without one where none can be had."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("a")
    except OSError:  # where nothing can be kept, nothing is shared
        yield
        return
    with file:
        is_held = _wait(file)
        try:
            yield
        finally:
            if is_held:
                with suppress(OSError):
                    _unlock(file)


def _wait(file: IO[str]) -> bool:
    """Whether the lock was had in time."""
    until = time.monotonic() + LONGEST_S
    while time.monotonic() < until:
        try:
            _lock(file)
        except (BlockingIOError, PermissionError):  # somebody else holds it
            time.sleep(WAIT_S)
        except OSError:  # the file system knows no locks
            return False
        else:
            return True
    return False


if sys.platform == "win32":

    def _lock(file: IO[str]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

    def _unlock(file: IO[str]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

else:

    def _lock(file: IO[str]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(file: IO[str]) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)
