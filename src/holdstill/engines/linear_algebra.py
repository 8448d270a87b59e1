"""One thread for each call of linear algebra: jobs run side by side already, on all cores that there are."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from threadpoolctl import ThreadpoolController

__all__ = ["keep_to_one_thread"]

_lock = threading.Lock()
_inside = 0
_limit: Any = None


@contextmanager
def keep_to_one_thread() -> Iterator[None]:
    """Until it ends, BLAS computes on the thread that calls it; then as before, once the last of several has ended.

    Its own threads wait in a loop for each other: while all cores are busy with frames, that took 2 of the 8 s of
    processor time of a movie of 30 frames.
    """
    global _inside, _limit
    with _lock:
        if not _inside:
            _limit = ThreadpoolController().limit(limits=1, user_api="blas")
        _inside += 1
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if not _inside:
                _limit.restore_original_limits()
