"""Signals that end a run, as one exception that is never lost: what is done is kept, and told in one line.

Ctrl-C, a scheduler's SIGTERM and a closed terminal's SIGHUP end a run alike. One that arrives where Python swallows it
(a callback, a finalizer) is told again.
"""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

__all__ = ["check", "forget", "go_on", "heed_interrupts", "last_signal"]

# those that this system has: Windows has no SIGHUP and tells of a closed window by SIGBREAK
SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)]

_pressed = threading.Event()
_last = signal.SIGINT


def go_on(stage: str = "", done: int = 0, total: int = 0) -> bool:
    """Whether the run may go on: what a progress callback answers, so that it stops as it does for any caller."""
    return not _pressed.is_set()


def check() -> None:
    """Raise KeyboardInterrupt if the run is to end."""
    if _pressed.is_set():
        raise KeyboardInterrupt


def forget() -> None:
    """Take what was pressed for the usual end of a command that runs until then."""
    _pressed.clear()


def last_signal() -> signal.Signals:
    """Which signal came last; Ctrl-C if none did."""
    return _last


@contextmanager
def heed_interrupts() -> Iterator[None]:
    """Remember, while the block runs, that it is to end."""
    global _last
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _pressed.clear()
    _last = signal.SIGINT
    before = {number: signal.getsignal(number) for number in SIGNALS}
    for number, handler in before.items():
        if handler != signal.SIG_IGN:  # as under nohup
            signal.signal(number, _press)
    hook, sys.unraisablehook = sys.unraisablehook, _without_interrupts(sys.unraisablehook)
    try:
        yield
    finally:
        sys.unraisablehook = hook
        for number, handler in before.items():
            if handler is not None:
                signal.signal(number, handler)


def _press(number: int, frame: FrameType | None) -> None:
    global _last
    is_first = not _pressed.is_set()
    _pressed.set()
    _last = signal.Signals(number)
    if is_first or number == signal.SIGINT:  # a second SIGTERM must not cut short what keeps the state
        raise KeyboardInterrupt


def _without_interrupts(hook: Callable[[Any], object]) -> Callable[[Any], None]:
    """Tell what Python could not raise, unless it is a signal, or comes of one: that is remembered, and told once.

    What a signal leaves half made cannot be taken down well, as an event loop of asyncio without its sockets: that came
    of one in 30 ends while a Zarr was written.
    """

    def tell(unraisable: Any) -> None:
        if unraisable.exc_type is not KeyboardInterrupt and not _pressed.is_set():
            hook(unraisable)

    return tell
