"""Keep other packages' logs away from the user: what matters in them is found out and raised here, in our own words."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

__all__ = ["quiet", "quiet_tifffile"]


@contextmanager
def quiet(name: str) -> Iterator[None]:
    """Drop what the logger of that name says from this thread; other threads and its own settings are left alone."""
    thread = threading.get_ident()

    def is_of_another(record: logging.LogRecord) -> bool:
        return record.thread != thread

    logger = logging.getLogger(name)
    logger.addFilter(is_of_another)
    try:
        yield
    finally:
        logger.removeFilter(is_of_another)


def quiet_tifffile() -> AbstractContextManager[None]:
    """Drop what tifffile logs from this thread."""
    return quiet("tifffile")
