"""How a run says how far it is, and how it is told to stop."""

from __future__ import annotations

from collections.abc import Callable

from holdstill.errors import Stopped

__all__ = ["Progress", "heed", "ignore_progress"]

Progress = Callable[[str, int, int], object]
"""Called with the stage, what is done and the total; a run whose callable returns False stops."""


def ignore_progress(stage: str, done: int, total: int) -> None:
    """Nobody wants to know."""


def heed(progress: Progress | None) -> Progress:
    """A callable that passes on how far a run is, and raises `Stopped` where the answer is False."""
    if progress is None or progress is ignore_progress:
        return ignore_progress

    def report(stage: str, done: int, total: int) -> None:
        if progress(stage, done, total) is False:
            where = f"stopped at {done} of {total} ({stage}), as was asked for"
            raise Stopped(f"{where}; `correct` goes on with resume=True (--resume)")

    return report
