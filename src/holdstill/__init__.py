"""holdstill makes microscope movies hold still: how each frame moved, how sure that is, each frame resampled once."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holdstill import estimators
    from holdstill.api import align, correct, open, register
    from holdstill.contracts import Verdict
    from holdstill.errors import HoldstillError
    from holdstill.live import Tracker
    from holdstill.registration import Registration, load

    __version__: str

__all__ = [
    "HoldstillError",
    "Registration",
    "Tracker",
    "Verdict",
    "__version__",
    "align",
    "correct",
    "estimators",
    "load",
    "open",
    "register",
]

_HOMES = {
    "HoldstillError": "holdstill.errors",
    "Registration": "holdstill.registration",
    "Tracker": "holdstill.live",
    "Verdict": "holdstill.contracts",
    "align": "holdstill.api",
    "correct": "holdstill.api",
    "load": "holdstill.registration",
    "open": "holdstill.api",
    "register": "holdstill.api",
}


def __getattr__(name: str) -> object:
    """Load a public name when it is first asked for, so that the import itself costs nothing."""
    if name == "__version__":
        return import_module("importlib.metadata").version("holdstill")
    if name == "estimators":
        return import_module("holdstill.estimators")
    if name not in _HOMES:
        raise AttributeError(f"module 'holdstill' has no attribute {name!r}")
    value: object = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
