"""Ctrl-C that is never lost: one that arrives inside a callback of the compiler is swallowed there, and told again."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["check", "heeded"]

_pressed = threading.Event()


def check(stage: str = "", done: int = 0, total: int = 0) -> None:
    """Raise KeyboardInterrupt if Ctrl-C was pressed; has the form of a progress callback."""
    if _pressed.is_set():
        raise KeyboardInterrupt


@contextmanager
def heeded() -> Iterator[None]:
    """Remember Ctrl-C while the block runs."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _pressed.clear()
    before = signal.signal(signal.SIGINT, _press)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _press(number: int, frame: FrameType | None) -> None:
    _pressed.set()
    raise KeyboardInterrupt
