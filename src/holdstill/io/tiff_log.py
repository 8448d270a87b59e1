"""Keep tifffile's log away from the user: what matters in it is found out and raised here, in our own words."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["quiet_tifffile"]


@contextmanager
def quiet_tifffile() -> Iterator[None]:
    """Drop what tifffile logs from this thread; other threads and the logger's own settings are left alone."""
    thread = threading.get_ident()

    def is_of_another(record: logging.LogRecord) -> bool:
        return record.thread != thread

    logger = logging.getLogger("tifffile")
    logger.addFilter(is_of_another)
    try:
        yield
    finally:
        logger.removeFilter(is_of_another)
