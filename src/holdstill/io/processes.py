"""Which process this is, and whether another one is still there: on Linux, macOS and Windows."""

from __future__ import annotations

import ctypes
import os
import socket
import sys
from pathlib import Path
from typing import Any

try:
    import resource
except ImportError:  # Windows has none
    resource = None  # type: ignore[assignment]

__all__ = ["find_start", "identify_process", "is_running", "peak_memory_mb"]

QUERY_LIMITED_INFORMATION = 0x1000  # of Windows: enough to ask when a process began
STILL_ACTIVE = 259
ACCESS_DENIED = 5


def identify_process() -> dict[str, Any]:
    """Host, boot, name space and number of this process, and when it began, where the system says so."""
    pid = os.getpid()
    return {
        "host": socket.gethostname(),
        "boot": _read_line("/proc/sys/kernel/random/boot_id"),
        "space": _read_link("/proc/self/ns/pid"),
        "pid": pid,
        "started": find_start(pid),
    }


def peak_memory_mb() -> float | None:
    """The most memory that this process has had so far, MB; None where the system does not say."""
    if resource is None:
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # kB, but bytes on macOS
    return round(peak / (1 << 20 if sys.platform == "darwin" else 1 << 10), 1)


def is_running(process: dict[str, Any]) -> bool | None:
    """Whether a process that `identify_process` described is alive; None where this process cannot know.

    Processes of another host, of another boot, or of another container are out of sight; and a number may have been
    given again where the system does not say when a process began.
    """
    here = identify_process()
    if any(process.get(key) != here[key] for key in ("host", "boot", "space")):
        return None
    started = find_start(int(process["pid"]))
    if started is None:
        return False
    return None if "" in (started, process.get("started", "")) else started == process["started"]


def find_start(pid: int) -> str | None:
    """When a process of this system began, as a text of the system's own; empty if unknown, None if it is not there."""
    if sys.platform == "win32":
        return _ask_windows(pid, ctypes.WinDLL("kernel32", use_last_error=True), ctypes.get_last_error)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return None
    except (PermissionError, OverflowError):
        return ""  # of another user
    # state and start stand behind the name, which may hold spaces and brackets
    fields = _read_line(f"/proc/{pid}/stat").rpartition(")")[2].split()
    if len(fields) < 20:
        return ""
    return None if fields[0] in "ZX" else fields[19]  # a zombie does nothing any more


def _ask_windows(pid: int, kernel: Any, last_error: Any) -> str | None:
    """The same of Windows: `os.kill` would end the process there."""
    handle = kernel.OpenProcess(QUERY_LIMITED_INFORMATION, False, pid)
    if not handle:
        return "" if last_error() == ACCESS_DENIED else None
    try:
        code = ctypes.c_ulong()
        if kernel.GetExitCodeProcess(handle, ctypes.byref(code)) and code.value != STILL_ACTIVE:
            return None  # somebody holds a handle of a process that has ended
        times = [ctypes.c_ulonglong() for _ in range(4)]
        known = kernel.GetProcessTimes(handle, *(ctypes.byref(time) for time in times))
        return str(times[0].value) if known else ""
    finally:
        kernel.CloseHandle(handle)


def _read_line(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _read_link(path: str) -> str:
    try:
        return os.readlink(path)
    except OSError:
        return ""
