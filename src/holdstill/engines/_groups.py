"""How chunks become tasks of a cluster: few enough for its scheduler, small enough to be lost."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from holdstill.contracts import Chunk

__all__ = ["Results", "group_chunks", "name_of", "run_group"]

Result = TypeVar("Result")

# Chunks in a task at most: a lost one costs little. Of what is left, each slot takes such a share: large tasks first,
# which spare the scheduler, and small ones at the end, so that all are done at the same time.
MOST_CHUNKS, SHARES = 16, 4
# a scheduler hands out a thousand tasks a second: of so many slots each waits for none if tasks are of so many chunks
SLOTS_PER_CHUNK = 500

# what a task gives: results of its chunks up to the first error, and that
Results = tuple[list[Result], Exception | None]


def group_chunks(chunks: Iterable[Chunk], slots: int, shares: int = SHARES) -> list[tuple[Chunk, ...]]:
    """Chunks in their order, some to a task, fewer and fewer."""
    everything, groups, first = list(chunks), [], 0
    least = -(-slots // SLOTS_PER_CHUNK)
    while first < len(everything):
        size = max(min(-(-(len(everything) - first) // (shares * slots)), MOST_CHUNKS), least)
        groups.append(tuple(everything[first : first + size]))
        first += size
    return groups


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
