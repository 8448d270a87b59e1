"""From a name to its class: parts are found by the name of their file, and only the one asked for is imported."""

from __future__ import annotations

import difflib
import pkgutil
import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from holdstill.contracts import Engine
from holdstill.errors import InputError, UnknownName

__all__ = ["class_name_of", "engine_class", "find", "names", "open_engine"]

CLASSES = {"methods": "", "devices": "Device", "engines": "Engine"}
# which engine is meant by an address, or by an object of a package
ADDRESSES = {"dask": r"(dask|tcp|tls|ws|wss)://.+", "spark": r"(spark|k8s)://.+|local(-cluster)?\[.+\]|yarn"}
PACKAGES = {"distributed": "dask", "dask": "dask", "pyspark": "spark"}
# not a part of its own, but shared by parts
SHARED = {
    "devices": {"choosing", "interpolation"},
    "engines": {"plan", "records", "remote", "reopened"},
    "methods": {"likelihood", "search"},
}


def names(kind: str) -> list[str]:
    """Names of all parts of a kind: ``methods``, ``devices`` or ``engines``."""
    package = import_module(f"holdstill.{kind}")
    found = [module.name for module in pkgutil.iter_modules(package.__path__)]
    return sorted(name for name in found if not name.startswith("_") and name not in SHARED.get(kind, set()))


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


def engine_class(engine: Any) -> type[Engine]:
    """The class of an engine given by name, by address, as a Dask client or a Spark session, or as such."""
    if isinstance(engine, Engine):
        return type(engine)
    found: type[Engine] = find("engines", _engine_name(engine))
    return found


@contextmanager
def open_engine(engine: Any, workers: int | None = None) -> Iterator[Engine]:
    """An engine, and the end of what it started.

    Parameters
    ----------
    engine : str, distributed.Client, SparkSession, SparkContext or Engine
        A name, an address such as ``"tcp://host:8786"`` or ``"spark://host:7077"``, or what is running already.
    workers : int, optional
        How many chunks at a time.

    Raises
    ------
    UnknownName, InputError
        It is no engine.
    MissingExtra, EngineError
        It is not installed, or out of reach.
    """
    if isinstance(engine, Engine):
        yield engine
        return
    if workers is not None and (not isinstance(workers, int) or workers < 1):
        raise InputError(f"workers must be a whole number of 1 or more, not {workers!r}")
    kind: Any = engine_class(engine)
    with kind(workers) if engine in names("engines") else kind(workers, at=engine) as opened:
        yield opened


def _engine_name(engine: Any) -> str:
    if isinstance(engine, str):
        return next((name for name, form in ADDRESSES.items() if re.fullmatch(form, engine)), engine)
    package = type(engine).__module__.partition(".")[0]
    name = PACKAGES.get(package, PACKAGES.get(package.partition("_")[0]))
    if name is None:
        raise InputError(
            f"engine {type(engine).__name__!r} is none; give a name, an address, a Dask client or a Spark session"
        )
    return name
