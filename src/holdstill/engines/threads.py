"""The default engine: threads of this process. Kernels hold no GIL, so they run side by side."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from holdstill.contracts import Chunk, Engine
from holdstill.errors import InputError

__all__ = ["ThreadsEngine", "available_cores"]

Result = TypeVar("Result")


def available_cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class ThreadsEngine(Engine):
    """Runs jobs on a pool of threads.

    Parameters
    ----------
    workers : int, optional
        Number of threads; default: one for each core.
    """

    name = "threads"

    def __init__(self, workers: int | None = None) -> None:
        if workers is not None and workers < 1:
            raise InputError(f"workers must be at least 1, not {workers}")
        self.workers = workers or available_cores()

    def limit(self, workers: int) -> Engine:
        """See `Engine.limited`."""
        return self if workers >= self.workers else ThreadsEngine(workers)

    def map(self, job: Callable[[Chunk], Result], chunks: Iterable[Chunk]) -> Iterator[Result]:
        """See `Engine.map`. At most two chunks for each worker are under way, which bounds the memory."""
        pool = ThreadPoolExecutor(self.workers, thread_name_prefix="holdstill")
        waiting: deque[Future[Result]] = deque()
        try:
            for chunk in chunks:
                waiting.append(pool.submit(job, chunk))
                if len(waiting) >= 2 * self.workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
