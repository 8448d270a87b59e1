"""Ctrl-C that is never lost: one that arrives where Python swallows it (a callback, a finalizer) is told again."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

__all__ = ["check", "heed_interrupts"]

_pressed = threading.Event()


def check(stage: str = "", done: int = 0, total: int = 0) -> None:
    """Raise KeyboardInterrupt if Ctrl-C was pressed; has the form of a progress callback."""
    if _pressed.is_set():
        raise KeyboardInterrupt


@contextmanager
def heed_interrupts() -> Iterator[None]:
    """Remember Ctrl-C while the block runs."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _pressed.clear()
    before, hook = signal.signal(signal.SIGINT, _press), sys.unraisablehook
    sys.unraisablehook = _without_interrupts(hook)
    try:
        yield
    finally:
        sys.unraisablehook = hook
        signal.signal(signal.SIGINT, before)


def _press(number: int, frame: FrameType | None) -> None:
    _pressed.set()
    raise KeyboardInterrupt


def _without_interrupts(hook: Callable[[Any], object]) -> Callable[[Any], None]:
    """Tell what Python could not raise, unless it is Ctrl-C: that is remembered, and told once."""

    def tell(unraisable: Any) -> None:
        if unraisable.exc_type is not KeyboardInterrupt:
            hook(unraisable)

    return tell
