"""Keep what other packages log or print from the user: what matters in it is found out and raised in our words."""

from __future__ import annotations

import logging
import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import IO

__all__ = ["capture_stderr", "last_line", "quiet", "quiet_tifffile"]

STDERR = 2


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


@contextmanager
def capture_stderr() -> Iterator[IO[bytes] | None]:
    """Send what this process and those it starts write to the standard error stream to a file; None without a stream.

    Java prints some lines before any setting of Spark's logs reaches it. Processes started within keep the file.
    """
    try:
        saved = os.dup(STDERR)
    except OSError:  # a program without a terminal has no such stream
        yield None
        return
    try:
        with tempfile.TemporaryFile() as log:
            os.dup2(log.fileno(), STDERR)
            try:
                yield log
            finally:
                os.dup2(saved, STDERR)
    finally:
        os.close(saved)


def last_line(log: IO[bytes] | None) -> str:
    """The last line that was written, without the space around it; empty if there is none."""
    if log is None:
        return ""
    log.seek(0)
    lines = [line.strip() for line in log.read().decode(errors="replace").splitlines() if line.strip()]
    return lines[-1] if lines else ""
