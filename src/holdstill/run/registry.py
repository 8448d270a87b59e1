"""From a name to its class: parts are found by the name of their file, and only the one asked for is imported."""

from __future__ import annotations

import difflib
import pkgutil
from functools import cache
from importlib import import_module
from typing import Any

from holdstill.errors import InputError, UnknownName

__all__ = ["class_name_of", "find", "names"]

CLASSES = {"methods": "", "devices": "Device", "engines": "Engine"}
# what other packages call them
ELSEWHERE = {
    "ecc": "direct", "stackreg": "direct", "pystackreg": "direct", "lucas_kanade": "direct", "sift": "features",
    "orb": "features", "akaze": "features", "phase_cross_correlation": "phase_correlation",
    "phasecorrelate": "phase_correlation", "match_template": "template_matching", "farneback": "optical_flow",
    "tvl1": "optical_flow", "ilk": "optical_flow", "dis": "optical_flow", "demons": "deformable",
    "mattes": "mutual_information", "normcorre": "piecewise", "nonrigid": "piecewise",
}  # fmt: skip
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
    if isinstance(name, type):
        raise InputError(
            f"{name.__name__} is a class; give one of it with its settings, {name.__name__}(), or its name"
        )
    if name not in known:
        raise UnknownName(f"there is no {kind[:-1]} {name!r}. {_find_meant(kind, name)}Known: {', '.join(known)}")
    module = import_module(f"holdstill.{kind}.{name}")
    return getattr(module, class_name_of(kind, name))


def _find_meant(kind: str, name: Any) -> str:
    """What was perhaps meant by a name, a sentence; empty where nothing is like it."""
    told, known = str(name).lower(), names(kind)
    if kind == "methods" and told.startswith("tm_"):
        score = told.removeprefix("tm_")
        return f"That is a score of 'template_matching', in Python TemplateMatching(score={score!r}). "
    close = (
        [ELSEWHERE[told]] if kind == "methods" and told in ELSEWHERE else difflib.get_close_matches(told, known, n=1)
    )
    return f"Did you mean {close[0]!r}? " if close else ""


def class_name_of(kind: str, name: str) -> str:
    """Name of the class of a part: ``"direct"`` among the methods is ``"Direct"``."""
    return "".join(word.capitalize() for word in name.split("_")) + CLASSES[kind]
