"""Sources in other processes: each opens one once, whatever number of jobs read from it."""

from __future__ import annotations

import pickle
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from holdstill.contracts import Frames, Source
from holdstill.errors import InputError

__all__ = ["ReopenedSource"]

MOST_OPEN = 4

_open: OrderedDict[str, ReopenedSource] = OrderedDict()
_lock = threading.Lock()


class ReopenedSource(Source):
    """A source that travels as a description of a few bytes.

    Parameters
    ----------
    source : Source
        Stays the caller's to close.
    dumps : callable
        Makes bytes of it, from which `pickle.loads` opens it again.

    Raises
    ------
    InputError
        It is nothing that can be opened elsewhere.
    """

    def __init__(self, source: Source, dumps: Callable[[object], bytes]) -> None:
        self.info, self._source, self._key = source.info, source, secrets.token_hex(8)
        try:
            self._description = dumps(source)
        except (pickle.PicklingError, TypeError, AttributeError, NotImplementedError) as error:
            raise InputError(
                f"{source.info.name}: other processes cannot open it ({error}); pass a path, or take engine='threads'"
            ) from error

    @property
    def files(self) -> tuple[Path, ...]:
        return self._source.files

    def read(self, start: int, stop: int, *, channel: int | None = None) -> Frames:
        return self._source.read(start, stop, channel=channel)

    def close(self) -> None:
        """Do nothing: the source belongs to the caller, or to its process."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _reopen, (self._key, self._description)


def _reopen(key: str, description: bytes) -> ReopenedSource:
    """The one of this process."""
    with _lock:
        if key not in _open:
            _open[key] = _Here(key, description)
            while len(_open) > MOST_OPEN:
                _open.popitem(last=False)
        return _open[key]


class _Here(ReopenedSource):
    def __init__(self, key: str, description: bytes) -> None:
        self._key, self._description = key, description
        self._source = pickle.loads(description)
        self.info = self._source.info
