"""What a disk answers, in words."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from holdstill.errors import FileError, HoldstillError, NoSpace

__all__ = ["explained"]


@contextmanager
def explained(path: str | Path) -> Iterator[None]:
    """Errors of the disk within the block as ours, told of `path`."""
    try:
        yield
    except OSError as error:
        if isinstance(error, HoldstillError):
            raise
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NoSpace(f"{path}: no space left; clear some, or use another disk") from error
        raise FileError(f"{path}: cannot be written: {error.strerror}; check the rights to its folder") from error
