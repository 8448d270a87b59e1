"""From a name to its class: parts are found by the name of their file, and only the one asked for is imported."""

from __future__ import annotations

import difflib
import pkgutil
from functools import cache
from importlib import import_module
from typing import Any

from holdstill.errors import UnknownName

__all__ = ["class_name_of", "find", "names"]

CLASSES = {"methods": "", "devices": "Device", "engines": "Engine"}
# not a part of its own, but shared by parts
SHARED = {
    "devices": {"choosing", "interpolation"},
    "engines": {
        "choosing",
        "linear_algebra",
        "options",
        "plan",
        "progress",
        "records",
        "remote",
        "reopened",
        "reporting",
    },
    "methods": {"flow", "likelihood", "search", "sections"},
}


def names(kind: str) -> list[str]:
    """Names of all parts of a kind: ``methods``, ``devices`` or ``engines``."""
    return list(_list_names(kind))


@cache
def _list_names(kind: str) -> tuple[str, ...]:
    """The same, looked for once in a process: the disk is slower than the frames of a short movie."""
    package = import_module(f"holdstill.{kind}")
    found = [module.name for module in pkgutil.iter_modules(package.__path__)]
    return tuple(sorted(name for name in found if not name.startswith("_") and name not in SHARED.get(kind, set())))


def find(kind: str, name: str) -> Any:
    """The class of a part, such as ``find("methods", "direct")``.

    Raises
    ------
    UnknownName
        There is none; the text lists those that exist and the one that was perhaps meant.
    """
    known = names(kind)
    if name not in known:
        close = difflib.get_close_matches(str(name), known, n=1)
        hint = f"Did you mean {close[0]!r}? " if close else ""
        raise UnknownName(f"there is no {kind[:-1]} {name!r}. {hint}Known: {', '.join(known)}")
    module = import_module(f"holdstill.{kind}.{name}")
    return getattr(module, class_name_of(kind, name))


def class_name_of(kind: str, name: str) -> str:
    """Name of the class of a part: ``"direct"`` among the methods is ``"Direct"``."""
    return "".join(word.capitalize() for word in name.split("_")) + CLASSES[kind]
