"""Where jobs run in other processes: what they take along, and whether they will find it there."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable
from importlib import metadata
from socket import gethostname

import numpy as np

from holdstill.contracts import Engine, Sink, Source
from holdstill.engines.plan import Plan
from holdstill.engines.reopened import ReopenedSource

__all__ = ["prepare_remote"]


def prepare_remote(source: Source, sink: Sink | None, plan: Plan, engine: Engine) -> tuple[Source, Sink | None, Plan]:
    """Source, sink and plan as the jobs of an engine need them; the same for jobs of this process.

    Raises
    ------
    InputError, FileError
        The source cannot be opened by other processes, or the target not written by several.
    EngineError
        A worker does not find them, or runs another version; the text names its host.
    """
    if not engine.is_distributed:
        return source, sink, plan
    there, shared = ReopenedSource(source, engine.dumps), sink.share() if sink else None
    engine.probe(_look(engine.dumps((there, shared)), metadata.version("holdstill"), sys.version_info[:2]))
    return there, shared, plan.align_to(shared.frames_per_block) if shared else plan


def _look(description: bytes, version: str, python: tuple[int, ...]) -> Callable[[], str | None]:
    """A check for workers. It is a closure, which travels whole, as there may be no holdstill where it arrives."""

    def check() -> str | None:
        try:
            if sys.version_info[:2] != python:
                return f"on {gethostname()} runs Python {sys.version.split()[0]}, not the Python of this process"
            if metadata.version("holdstill") != version:
                return f"on {gethostname()} has holdstill {metadata.version('holdstill')}; install {version}"
            _, sink = pickle.loads(description)
            if sink is not None:
                sink.write(0, np.empty((0, sink.info.n_channels, *sink.info.frame_shape), sink.info.dtype))
        except metadata.PackageNotFoundError:
            return f"on {gethostname()} has no holdstill; install {version}"
        except (OSError, ImportError, ValueError, LookupError, AttributeError) as error:
            return f"on {gethostname()}: {error}"
        return None

    return check
