"""Who runs the chunks."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from holdstill.contracts.images import Chunk

__all__ = ["Engine"]

Result = TypeVar("Result")


class Engine(ABC):
    """Maps a pure job over chunks. It knows chunks and results, no images."""

    def limited(self, workers: int) -> Engine:
        """The same with at most so many chunks at a time in this process; one that runs elsewhere stays as it is."""
        return self

    @abstractmethod
    def map(self, job: Callable[[Chunk], Result], chunks: Iterable[Chunk]) -> Iterator[Result]:
        """Run ``job(chunk)`` for each chunk and yield the results in the order of the chunks.

        The first error of a job is raised and the chunks not yet begun are dropped. Jobs are idempotent: an engine may
        run one twice.
        """
