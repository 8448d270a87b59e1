"""An engine that says after each result how far it is, and so can be stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from holdstill.contracts import Chunk, Engine, Progress

__all__ = ["ReportingEngine"]

Result = TypeVar("Result")


class ReportingEngine(Engine):
    """Another engine whose `map` reports each result.

    Parameters
    ----------
    engine : Engine
        Stays the caller's to close.
    stage : str
        What it works at, in a word.
    progress : callable (stage, done, total)
    """

    def __init__(self, engine: Engine, stage: str, progress: Progress) -> None:
        self._engine, self._stage, self._progress = engine, stage, progress
        self.workers = engine.workers
        self.is_distributed = engine.is_distributed  # type: ignore[misc]  # that of the other

    def map(self, job: Callable[[Chunk], Result], chunks: Iterable[Chunk]) -> Iterator[Result]:
        pieces = list(chunks)
        for number, result in enumerate(self._engine.map(job, pieces), start=1):
            yield result
            self._progress(self._stage, number, len(pieces))

    def reduce(
        self,
        job: Callable[[Chunk], Result],
        combine: Callable[[Sequence[Result]], Result],
        chunks: Iterable[Chunk],
    ) -> Result:
        if not self.is_distributed:
            return super().reduce(job, combine, chunks)
        pieces = list(chunks)
        total = self._engine.reduce(job, combine, pieces)  # where the parts are
        self._progress(self._stage, len(pieces), len(pieces))
        return total

    def limit(self, workers: int) -> Engine:
        return ReportingEngine(self._engine.limit(workers), self._stage, self._progress)

    def probe(self, check: Callable[[], str | None]) -> None:
        self._engine.probe(check)

    def dumps(self, value: object) -> bytes:
        return self._engine.dumps(value)
