"""Whether anybody answers at an address: told within seconds, where schedulers' own clients try for minutes."""

from __future__ import annotations

import socket
from urllib.parse import urlsplit

from holdstill.errors import EngineError

__all__ = ["REACHABLE_S", "require_answer"]

REACHABLE_S = 10


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
    raise EngineError(f"{address}: nobody answers there within {REACHABLE_S} s ({reason}); is the scheduler running?")
