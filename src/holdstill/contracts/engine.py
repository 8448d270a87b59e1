"""Who runs the chunks."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import TracebackType
from typing import ClassVar, Self, TypeVar

from holdstill.contracts.images import Chunk

__all__ = ["FAN_IN", "Engine"]

Result = TypeVar("Result")

FAN_IN = 4


class Engine(ABC):
    """Maps a pure job over chunks. It knows chunks and results, no images.

    Attributes
    ----------
    is_distributed : bool
        Jobs run in other processes, on other machines: they are pickled, open what they read and write themselves, and
        may be run twice.
    workers : int
        Chunks that one process has under way at a time.
    """

    is_distributed: ClassVar[bool] = False
    workers: int = 1

    def limit(self, workers: int) -> Engine:
        """The same with at most so many chunks at a time in this process; one that runs elsewhere stays as it is."""
        return self

    @abstractmethod
    def map(self, job: Callable[[Chunk], Result], chunks: Iterable[Chunk]) -> Iterator[Result]:
        """Run ``job(chunk)`` for each chunk and yield the results in the order of the chunks.

        The first error of a job is raised and the chunks not yet begun are dropped. Jobs are idempotent: an engine may
        run one twice.
        """

    def reduce(
        self,
        job: Callable[[Chunk], Result],
        combine: Callable[[Sequence[Result]], Result],
        chunks: Iterable[Chunk],
    ) -> Result:
        """Combine the results of all chunks, at least one, as a tree: `FAN_IN` neighbours at a time, in order.

        The tree has the same shape on every engine, so that sums come out the same to the last bit.
        """
        parts = list(self.map(job, chunks))
        while len(parts) > 1:
            parts = [combine(parts[first : first + FAN_IN]) for first in range(0, len(parts), FAN_IN)]
        return parts[0]

    def probe(self, check: Callable[[], str | None]) -> None:  # noqa: B027
        """Run `check`, which tells what is wrong or None, on every worker; EngineError for the first complaint."""

    def dumps(self, value: object) -> bytes:
        """`value` for another process, to be had back with `pickle.loads`; only where jobs run elsewhere."""
        raise NotImplementedError

    def close(self) -> None:  # noqa: B027
        """Release what was started for this engine; what the caller brought stays. Calling it twice does no harm."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
