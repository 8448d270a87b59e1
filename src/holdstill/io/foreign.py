"""The one guard against errors of other packages that promise no kinds of them.

Plugins of bioio wrap readers of makers' formats, which raise whatever their parsers stumble over: KeyError,
struct.error, XML errors, errors of their own. No list of these would be whole, and the next release changes it; so all
are caught here, at the call of the other package and nowhere else, and told with the name of the file.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from holdstill.errors import HoldstillError

__all__ = ["ask_foreign", "call_foreign"]

Value = TypeVar("Value")


def call_foreign(job: Callable[[], Value], explain: Callable[[str], HoldstillError]) -> Value:
    """The result of a job of another package; where it fails, the error that `explain` makes of its first line."""
    try:
        return job()
    except HoldstillError:
        raise
    except Exception as error:
        line = next(iter(str(error).splitlines()), "") or type(error).__name__
        raise explain(line) from error


def ask_foreign(job: Callable[[], Value], default: Value) -> Value:
    """What another package says of a file, or `default` where it cannot: not worth losing the pixels for."""
    try:
        return job()
    except Exception:  # noqa: BLE001
        return default
