"""Chunks on a Dask cluster. Data stay where the workers are; tasks and their small results pass the scheduler."""

from __future__ import annotations

import pickle
import secrets
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar, TypeVar

from holdstill.contracts import FAN_IN, Chunk, Engine
from holdstill.engines._groups import group_chunks, name_of, run_group
from holdstill.engines._reaching import REACHABLE_S, require_answer, within
from holdstill.engines.threads import available_cores
from holdstill.errors import EngineError
from holdstill.extras import require

__all__ = ["DaskEngine"]

Result = TypeVar("Result")

SCHEDULER_PORT = 8786
# tasks for each slot that the scheduler knows at a time
AHEAD = 8
# Dask has its workers hand back all memory at once, so that each chunk touches new pages: 1.3 times the time
SPAWN_ENVIRONMENT = "distributed.nanny.pre-spawn-environ"
KEEP_MEMORY = {"MALLOC_TRIM_THRESHOLD_": 1 << 30, "MALLOC_MMAP_THRESHOLD_": 32 << 20}
# how long a worker may take to answer at the start, and a cluster may be without any
ANSWER_S, ALONE_S = 60, 120
LARGE_GRAPH = {"distributed.admin.large-graph-warning-threshold": "1TB"}


class DaskEngine(Engine):
    """Runs jobs on a `distributed` cluster.

    Parameters
    ----------
    workers : int, optional
        Processes of a new local cluster; of another cluster, how many chunks are under way at a time.
    at : distributed.Client, cluster or str, optional
        Where: ``"tcp://host:8786"`` or ``"dask://host:8786"``. Default: a new cluster on this machine, one process for
        each core, which `close` ends.

    Raises
    ------
    MissingExtra
        The extra ``dask`` is not installed.
    EngineError
        Nobody answers there within 10 s, or there are no workers.
    """

    name = "dask"
    is_distributed: ClassVar[bool] = True

    def __init__(self, workers: int | None = None, *, at: Any = None) -> None:
        self._distributed = require("distributed", "dask", "engine='dask'")
        self._dask = require("dask", "dask", "engine='dask'")
        self._cloudpickle = require("cloudpickle", "dask", "engine='dask'")
        self._started: list[Any] = []
        self._client = self._connect(at, workers)
        self._slots = min(self._count_slots(), workers or 1 << 30)

    def map(self, job: Callable[[Chunk], Result], chunks: Iterable[Chunk]) -> Iterator[Result]:
        """See `Engine.map`."""
        name = f"{name_of(job)}-{secrets.token_hex(4)}"
        waiting: deque[Any] = deque()
        with self._send(job, name) as sent, _explain_errors():
            try:
                for group in group_chunks(chunks, self._slots):
                    key = (name, group[0].start)
                    waiting.append(self._client.submit(run_group, sent, group, key=key, pure=False))
                    if len(waiting) >= AHEAD * self._slots:
                        yield from self._first(waiting)
                while waiting:
                    yield from self._first(waiting)
            finally:
                self._client.cancel(list(waiting), force=True)

    def reduce(
        self,
        job: Callable[[Chunk], Result],
        combine: Callable[[Sequence[Result]], Result],
        chunks: Iterable[Chunk],
    ) -> Result:
        """See `Engine.reduce`: what is combined passes from worker to worker."""
        name = f"{name_of(job)}-{secrets.token_hex(4)}"
        with self._send(job, name) as sent, _explain_errors():
            parts = [self._client.submit(_one, sent, chunk, key=(name, chunk.start), pure=False) for chunk in chunks]
            try:
                while len(parts) > 1:
                    parts = [
                        self._client.submit(_combine_parts, combine, parts[first : first + FAN_IN], pure=False)
                        for first in range(0, len(parts), FAN_IN)
                    ]
                result, error = parts[0].result()
            finally:
                self._client.cancel(parts, force=True)
        if error is not None:
            raise error
        return result

    def probe(self, check: Callable[[], str | None]) -> None:
        """See `Engine.probe`: one task for each worker; one that dies meanwhile is left out."""
        workers = list(self._client.nthreads())
        with _explain_errors():
            answers = [self._client.submit(check, key=f"probe-{secrets.token_hex(8)}", workers=[w]) for w in workers]
            try:
                for worker, answer in zip(workers, answers, strict=True):
                    found = answer.result() if self._wait_for_answer(worker, answer) else None
                    if found is not None:
                        raise EngineError(f"worker {worker} {found}")
            finally:
                self._client.cancel(answers, force=True)

    def _wait_for_answer(self, worker: str, answer: Any) -> bool:
        """Wait for a worker's answer; False if it is gone."""
        until = time.monotonic() + ANSWER_S
        while not self._wait([answer], 1):
            if worker not in self._client.nthreads():
                return False
            if time.monotonic() > until:
                raise EngineError(f"worker {worker}: does not answer within {ANSWER_S} s; restart it, or leave it out")
        return True

    def _wait(self, futures: list[Any], seconds: float) -> bool:
        """Whether all of them are done within so many seconds."""
        try:
            with self._client.as_current():
                self._distributed.wait(futures, timeout=seconds)
        except TimeoutError:
            return False
        return True

    def dumps(self, value: object) -> bytes:
        """See `Engine.dumps`."""
        data: bytes = self._cloudpickle.dumps(value)
        return data

    def close(self) -> None:
        """See `Engine.close`."""
        while self._started:
            self._started.pop().close()

    def _connect(self, at: Any, workers: int | None) -> Any:
        """The client that was given, or a new one."""
        if isinstance(at, self._distributed.Client):
            if at.asynchronous or at.status != "running":
                state = "asynchronous" if at.asynchronous else at.status
                raise EngineError(f"the Dask client is {state}; make a new one")
            return at
        if at is None:
            at = self._local(workers or available_cores())
            self._started.append(at)
        address = at.replace("dask://", "tcp://", 1) if isinstance(at, str) else at
        if isinstance(address, str) and address.startswith(("tcp://", "tls://")):
            require_answer(at, SCHEDULER_PORT)
        try:
            client = within(REACHABLE_S, lambda: self._distributed.Client(address, set_as_default=False))
        except (OSError, ValueError, TypeError, RuntimeError) as error:
            self.close()
            raise EngineError(
                f"{at}: no Dask scheduler answers within {REACHABLE_S} s ({type(error).__name__}); check the address, "
                "and that it runs the same version of distributed"
            ) from error
        self._started.append(client)
        return client

    def _local(self, n_workers: int) -> Any:
        """A new cluster on this machine, one process for each core."""
        environment = {**self._dask.config.get(SPAWN_ENVIRONMENT, {}), **KEEP_MEMORY}
        with self._dask.config.set({SPAWN_ENVIRONMENT: environment}), _deaf_to_interrupts():
            try:
                return self._distributed.LocalCluster(
                    n_workers=n_workers, threads_per_worker=1, dashboard_address="127.0.0.1:0"
                )
            except RuntimeError as error:
                raise EngineError(
                    f"no Dask workers could be started here ({error}); in a script, put the call under "
                    "`if __name__ == '__main__':`"
                ) from error

    def _count_slots(self) -> int:
        """Threads of all workers, once there are any."""
        try:
            self._client.wait_for_workers(1, timeout=REACHABLE_S)
        except (OSError, self._distributed.TimeoutError) as error:
            address = self._client.scheduler.address if self._client.scheduler else "?"
            self.close()
            raise EngineError(
                f"{address}: the Dask scheduler has had no workers for {REACHABLE_S} s; start some"
            ) from error
        threads = self._client.nthreads().values()
        self.workers = max(threads)
        return sum(threads)

    @contextmanager
    def _send(self, job: object, name: str) -> Iterator[Any]:
        """A job, told to the scheduler once; workers have it from each other, and anew if those who had it died."""
        with self._dask.config.set(LARGE_GRAPH):
            sent = self._client.submit(pickle.loads, self.dumps(job), key=f"job-of-{name}", pure=False)
        try:
            yield sent
        finally:
            self._client.cancel([sent], force=True)

    def _first(self, waiting: deque[Any]) -> Iterator[Any]:
        """Results of the first task, and of those behind it that are done."""
        ready, alone_since = [waiting.popleft()], time.monotonic()
        while not self._wait(ready, 5):
            now = time.monotonic()
            alone_since = now if self._client.nthreads() else alone_since
            if now - alone_since > ALONE_S:
                raise EngineError(f"all Dask workers are gone for {ALONE_S} s; start some, and go on with --resume")
        while waiting and waiting[0].status == "finished":
            ready.append(waiting.popleft())
        for results, error in self._client.gather(ready):
            yield from results
            if error is not None:
                raise error


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Processes started meanwhile leave Ctrl-C, which a terminal sends to all, to the one that asked."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _explain_errors() -> Iterator[None]:
    """What befell workers and scheduler, in words."""
    distributed = require("distributed", "dask", "engine='dask'")
    try:
        yield
    except distributed.scheduler.KilledWorker as error:
        raise EngineError(
            f"{error.last_worker.address}: workers died over the same frames again and again, most likely out of "
            "memory; give them more of it, or fewer threads each"
        ) from error
    except (distributed.CancelledError, distributed.comm.CommClosedError) as error:
        raise EngineError(
            f"the Dask scheduler is gone, or dropped the run ({error}); run again, with --resume"
        ) from error


def _one(job: Callable[[Chunk], Result], chunk: Chunk) -> tuple[Result | None, Exception | None]:
    results, error = run_group(job, [chunk])
    return (results[0] if results else None), error


def _combine_parts(combine: Callable[[Sequence[Any]], Any], parts: Sequence[Any]) -> tuple[Any, Exception | None]:
    """Values and errors of parts as one; of errors the first."""
    for _, error in parts:
        if error is not None:
            return None, error
    return combine([value for value, _ in parts]), None
