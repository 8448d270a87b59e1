"""Whether anybody answers at an address: told within seconds, where schedulers' own clients try for minutes."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

from holdstill.errors import EngineError

__all__ = ["REACHABLE_S", "require_answer", "within"]

REACHABLE_S = 10

Value = TypeVar("Value")


def require_answer(address: str, port: int) -> None:
    """Raise EngineError unless ``scheme://host[:port][,host[:port] ...]`` takes a connection at one of its hosts."""
    places = address.partition("://")[2]
    reason: OSError | ValueError | None = None
    for place in places.split(","):
        try:
            parts = urlsplit(f"//{place}")
            socket.create_connection((parts.hostname or "", parts.port or port), timeout=REACHABLE_S).close()
            return
        except (OSError, ValueError) as error:
            reason = error
    raise EngineError(f"{address}: nobody answers there ({reason}); is the scheduler running?")


def within(seconds: float, call: Callable[[], Value]) -> Value:
    """The result of a call, or TimeoutError: whatever listens there may accept and never answer."""
    outcome: list[Value] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            outcome.append(call())
        except Exception as error:  # noqa: BLE001  # raised below, in the caller's thread
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    if errors:
        raise errors[0]
    if not outcome:
        raise TimeoutError(f"no answer within {seconds:g} s")
    return outcome[0]
