"""From a name, an address or what stands for a running cluster to the engine."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from holdstill.contracts import Engine, Source
from holdstill.engines.dask import DaskEngine
from holdstill.engines.linear_algebra import keep_to_one_thread
from holdstill.engines.spark import SparkEngine
from holdstill.engines.threads import ThreadsEngine
from holdstill.errors import InputError, UnknownName

__all__ = ["ENGINES", "check_workers", "engine_class", "open_engine"]

ENGINES: dict[str, type[Any]] = {"dask": DaskEngine, "spark": SparkEngine, "threads": ThreadsEngine}
# which engine is meant by an address, or by an object of a package
ADDRESSES = {"dask": r"(dask|tcp|tls|ws|wss)://.+", "spark": r"(spark|k8s)://.+|local(-cluster)?\[.+\]|yarn"}
PACKAGES = {"distributed": "dask", "dask": "dask", "pyspark": "spark"}


def engine_class(engine: Any) -> type[Engine]:
    """The class of an engine given by name, by address, as a Dask client or a Spark session, or as such."""
    if isinstance(engine, Engine):
        return type(engine)
    name = _engine_name(engine)
    if name not in ENGINES:
        close = difflib.get_close_matches(name, ENGINES, n=1)
        hint = f"Did you mean {close[0]!r}? " if close else ""
        raise UnknownName(f"there is no engine {name!r}. {hint}Known: {', '.join(ENGINES)}")
    return ENGINES[name]


def check_workers(workers: int | None) -> None:
    """Raise InputError for what is no number of workers."""
    if workers is not None and (not isinstance(workers, int) or workers < 1):
        raise InputError(f"workers must be a whole number of 1 or more, not {workers!r}")


@contextmanager
def open_engine(engine: Any, workers: int | None = None, *, reads: Source | None = None) -> Iterator[Engine]:
    """An engine, and the end of what it started; until then BLAS keeps to one thread.

    Parameters
    ----------
    engine : str, distributed.Client, SparkSession, SparkContext or Engine
        A name, an address such as ``"tcp://host:8786"`` or ``"spark://host:7077"``, or what is running already.
    workers : int, optional
        How many chunks at a time.
    reads : Source, optional
        What its workers are to read: asked before anything is started, which takes Spark half a minute.

    Raises
    ------
    UnknownName, InputError
        It is no engine, or its workers cannot read that source.
    MissingExtra, EngineError
        It is not installed, or out of reach.
    """
    if reads is not None and engine_class(engine).is_distributed:
        reads.check_travels()
    if isinstance(engine, Engine):
        with keep_to_one_thread():
            yield engine
        return
    check_workers(workers)
    kind: Any = engine_class(engine)
    made = kind(workers) if isinstance(engine, str) and engine in ENGINES else kind(workers, at=engine)
    with made as opened, keep_to_one_thread():
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
