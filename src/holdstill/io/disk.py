"""Files that are replaced only when they are complete, and what a disk answers, in words."""

from __future__ import annotations

import errno
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from holdstill.errors import FileError, HoldstillError, NoSpace

__all__ = ["explain_errors", "replacing"]


@contextmanager
def explain_errors(path: str | Path) -> Iterator[None]:
    """Errors of the disk within the block as ours, told of `path`."""
    try:
        yield
    except OSError as error:
        if isinstance(error, HoldstillError):
            raise
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NoSpace(f"{path}: no space left; clear some, or use another disk") from error
        raise FileError(f"{path}: cannot be written: {error.strerror}; check the rights to its folder") from error


@contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """A temporary path beside `path` that takes its name when the block ends well, and vanishes otherwise."""
    target = Path(path)
    temporary = target.with_name(f".{target.name}.{uuid.uuid4().hex[:8]}.part")
    try:
        temporary.touch(exist_ok=False)
    except OSError as error:
        raise FileError(
            f"{target}: cannot write there ({error.strerror}); choose a folder that exists and is writable"
        ) from error
    try:
        with explain_errors(target):
            yield temporary
            os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)
