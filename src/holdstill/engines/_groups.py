"""How chunks become tasks of a cluster: few enough for its scheduler, small enough to be lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from holdstill.contracts import Chunk

__all__ = ["Results", "grouped", "name_of", "run_group"]

Result = TypeVar("Result")

# chunks in a task at most: a lost one costs little
MOST_CHUNKS = 16

# what a task gives: results of its chunks up to the first error, and that
Results = tuple[list[Result], Exception | None]


def grouped(chunks: Iterable[Chunk], n_tasks: int) -> list[tuple[Chunk, ...]]:
    """Chunks in their order, some to a task: about so many tasks, more of them for long movies."""
    everything = list(chunks)
    size = min(max(1, -(-len(everything) // n_tasks)), MOST_CHUNKS)
    return [tuple(everything[first : first + size]) for first in range(0, len(everything), size)]


def run_group(job: Callable[[Any], Result], chunks: Sequence[Any]) -> Results[Result]:
    """What one task does. An error is a result: schedulers would repeat the job, and garble the error."""
    results: list[Result] = []
    for chunk in chunks:
        try:
            results.append(job(chunk))
        except Exception as error:  # noqa: BLE001
            return results, error
    return results, None


def name_of(job: object) -> str:
    """What a job is called on a dashboard."""
    return str(getattr(job, "name", None) or getattr(job, "__name__", type(job).__name__).strip("_<>").lower())
