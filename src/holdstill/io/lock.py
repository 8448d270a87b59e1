"""A lock that two processes share as a file: who holds it, on which host, and that he is alive.

It needs nothing but files that are created exclusively, renamed and dated, so that it works on Windows and on network
shares as well. Whoever finds it held by a process that is gone, or that gave no sign for ten minutes, takes it over.
"""

from __future__ import annotations

import json
import os
import random
import secrets
import threading
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from holdstill.errors import FileError, FileInTheWay
from holdstill.io import disk
from holdstill.io.processes import identify_process, is_running

__all__ = ["Lock"]

BEAT_S = 15.0
SILENT_S = 600.0  # a process out of sight counts as gone after so long without a beat
REBOOTED_S = 60.0  # or after so long if its host was started again since, or if the file was cut short by that
ATTEMPTS = 40
WAIT_S = 0.05


class Lock:
    """Holds a lock file while a block runs, with a beat every 15 s by a thread of its own.

    Parameters
    ----------
    path : Path
        The file; its folder must exist.
    target : Path
        What is locked, for messages.

    Raises
    ------
    FileInTheWay
        Another process holds it; the text says which, and what to do.
    FileError
        The file cannot be written.
    """

    def __init__(self, path: Path, target: Path) -> None:
        self.path, self._target = path, target
        self._token = secrets.token_hex(8)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        for _ in range(ATTEMPTS):
            if self._create(self.path):
                break
            holder = _read(self.path)
            if holder is None:
                continue  # it was given back this moment
            if not self._is_stale(self.path, holder):
                raise FileInTheWay(self._explain(holder))
            if self._take_over(holder):
                break
            time.sleep(WAIT_S * random.random())  # somebody else takes it over
        else:
            raise FileInTheWay(self._explain(_read(self.path) or {}))
        self._sweep()
        self._thread = threading.Thread(target=self._beat, name="holdstill-lock", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
        if self._is_mine():
            self.path.unlink(missing_ok=True)

    def check(self) -> None:
        """Raise FileError if another process has taken the lock over, because this one was silent for too long."""
        if not self._is_mine():
            raise FileError(
                f"{self._target}: another process took over while this one stood still for more than "
                f"{SILENT_S / 60:.0f} minutes; nothing more is written here"
            )

    def _is_mine(self) -> bool:
        return (_read(self.path) or {}).get("token") == self._token

    def _beat(self) -> None:
        while not self._stop.wait(BEAT_S):
            if not self._is_mine():
                return
            with suppress(OSError):  # a share may be away for a while
                os.utime(self.path)

    def _sweep(self) -> None:
        """Remove claims of processes that were killed while they made them."""
        for left in list(self.path.parent.glob(f"{self.path.name}.*")):
            age = _age_s(left, self._token)
            if age is not None and age > REBOOTED_S:
                left.unlink(missing_ok=True)

    def _create(self, path: Path) -> bool:
        """Make a lock file with its content in one step, if there is none."""
        content = json.dumps({**identify_process(), "token": self._token, "since": time.strftime("%H:%M")})
        draft = path.with_name(f"{path.name}.{self._token}")
        try:
            draft.write_text(content, encoding="utf-8")
            try:
                _claim(draft, path)
            finally:
                draft.unlink(missing_ok=True)
        except FileExistsError:
            return False
        except OSError as error:
            raise FileError(
                f"{self._target}: cannot write beside it ({error.strerror}); choose a folder that is writable"
            ) from error
        return True

    def _take_over(self, stale: dict[str, Any]) -> bool:
        """Replace a stale lock by this one's, unless somebody else does: only who holds the guard may."""
        guard = self.path.with_name(f"{self.path.name}.guard")
        if not self._create(guard):
            left = _read(guard)
            if left is not None and self._is_stale(guard, left):
                with suppress(OSError):
                    os.replace(guard, guard.with_name(f"{guard.name}.{self._token}"))
                guard.with_name(f"{guard.name}.{self._token}").unlink(missing_ok=True)
            return False
        try:
            if _read(self.path) != stale:
                return False
            self.path.unlink(missing_ok=True)
            return self._create(self.path)
        finally:
            guard.unlink(missing_ok=True)

    def _is_stale(self, path: Path, holder: dict[str, Any]) -> bool:
        if "pid" in holder and is_running(holder) is False:
            return True
        here = identify_process()
        rebooted = holder.get("host") == here["host"] and holder.get("boot") != here["boot"]
        age = _age_s(path, self._token)
        return age is not None and age > (REBOOTED_S if rebooted or "pid" not in holder else SILENT_S)

    def _explain(self, holder: dict[str, Any]) -> str:
        who = f"process {holder.get('pid', '?')} on {holder.get('host', '?')}, since {holder.get('since', '?')}"
        return (
            f"{self._target}: is being written by another process ({who}); wait until it ends or stop it, or choose "
            "another name"
        )


def _claim(draft: Path, path: Path) -> None:
    """Give `draft` the name `path` if nobody has it. Raises FileExistsError."""
    if disk.WINDOWS:
        os.rename(draft, path)  # fails there where the name is taken
        return
    try:
        os.link(draft, path)
    except FileExistsError:
        raise
    except OSError:  # a disk without hard links
        with open(path, "xb") as file:
            file.write(draft.read_bytes())


def _read(path: Path) -> dict[str, Any] | None:
    """Who holds a lock; empty where the file does not say, None where there is none."""
    try:
        content = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except PermissionError:
        return {}  # Windows: it is being removed
    except ValueError:
        return {}  # cut short
    return content if isinstance(content, dict) and isinstance(content.get("pid"), int) else {}


def _age_s(path: Path, token: str) -> float | None:
    """Seconds since the last beat by the clock of the disk, which may be another machine's; None if it is gone."""
    probe = path.with_name(f"{path.name}.{token}.probe")
    try:
        probe.touch()
        return probe.stat().st_mtime - path.stat().st_mtime
    except OSError:
        return None
    finally:
        with suppress(OSError):
            probe.unlink(missing_ok=True)
