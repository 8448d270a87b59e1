"""Chunks on Apache Spark: a job is broadcast once, and a few small tasks for each slot run it."""

from __future__ import annotations

import gc
import os
import pickle
import re
import secrets
import shutil
import sys
import time
import warnings
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NoAnswer
from contextlib import contextmanager, suppress
from typing import Any, ClassVar, TypeVar

from holdstill.contracts import FAN_IN, Chunk, Engine
from holdstill.engines._groups import Results, group_chunks, name_of, run_group
from holdstill.engines._reaching import require_answer
from holdstill.engines.threads import available_cores
from holdstill.errors import EngineError
from holdstill.extras import require
from holdstill.io.quiet import capture_stderr, last_line

__all__ = ["SparkEngine"]

Result = TypeVar("Result")

MASTER_PORT = 7077
# executors are started when they are asked for, which takes a minute on some clusters
STARTED_S = 60
# A Spark job returns when its last task does: two at a time, of so many tasks for each slot, leave no slot idle.
AT_A_TIME, TASKS_IN_A_JOB = 2, 4
# A task costs a tenth of a second: fewer chunks for each slot than so many make one task.
MANY = 16
# jobs of a process that load modules and kernels; what is frozen with them is never collected, hence few
JOBS_THAT_LOAD = 8
# what to do where Spark fails: with a movie in a file, with a collection of the caller's
ADVICE = "run again, with --resume"
RECORDS_ADVICE = "mend what the collection is made of, or run again"


class SparkEngine(Engine):
    """Runs jobs on Apache Spark.

    Parameters
    ----------
    workers : int, optional
        Slots of a new local session.
    at : SparkSession, SparkContext or str, optional
        Where: a session, or a master such as ``"spark://host:7077"`` or ``"local[4]"``. Default: a new session on this
        machine, which `close` ends.

    Raises
    ------
    MissingExtra
        The extra ``spark`` is not installed.
    EngineError
        There is no Java, or nobody answers there within 10 s.
    """

    name = "spark"
    is_distributed: ClassVar[bool] = True

    def __init__(self, workers: int | None = None, *, at: Any = None) -> None:
        require("pyspark", "spark", "engine='spark'")
        self._cloudpickle = require("pyspark.cloudpickle", "spark", "engine='spark'")
        self._session: Any = None
        if at is None:
            at = _active() or f"local[{workers or available_cores()}]"
        if isinstance(at, str):
            at = self._session = _start_session(at)
        self._context = getattr(at, "sparkContext", at)
        if self._context._jsc is None:
            raise EngineError("the Spark session is stopped; make a new one")
        self._slots = max(1, self._context.defaultParallelism)

    def map(self, job: Callable[[Chunk], Result], chunks: Iterable[Chunk]) -> Iterator[Result]:
        """See `Engine.map`."""
        everything, size = list(chunks), TASKS_IN_A_JOB * self._slots
        groups = group_chunks(everything, self._slots, *(() if len(everything) > MANY * self._slots else (1,)))
        with self._broadcast(job) as (run, task):
            waiting: deque[Future[list[Results[Result]]]] = deque()
            for first in range(0, len(groups), size):
                waiting.append(run(_collect_groups, self._context, groups[first : first + size], task))
                if len(waiting) > AT_A_TIME:
                    yield from _results(waiting.popleft().result())
            while waiting:
                yield from _results(waiting.popleft().result())

    def reduce(
        self,
        job: Callable[[Chunk], Result],
        combine: Callable[[Sequence[Result]], Result],
        chunks: Iterable[Chunk],
    ) -> Result:
        """See `Engine.reduce`: what is combined passes from executor to executor."""
        leaves, size = list(chunks), 1
        while len(leaves) >= FAN_IN * size * self._slots:
            size *= FAN_IN
        boughs = [leaves[first : first + size] for first in range(0, len(leaves), size)]
        with self._broadcast(_Bough(job, combine)) as (run, task):
            n = len(boughs)
            parts = self._context.parallelize(list(enumerate(boughs)), n).mapValues(lambda bough: task([bough]))
            while n > 1:
                n = -(-n // FAN_IN)
                parts = (
                    parts.map(_to_parent).groupByKey(n).mapValues(lambda children: _combine_nodes(combine, children))
                )
            [(_, found)] = run(parts.collect).result()
        return next(_results([found]))

    def probe(self, check: Callable[[], str | None]) -> None:
        """See `Engine.probe`: more tasks than slots, each short, so that hardly an executor is left out."""

        def look(number: int) -> str | None:
            time.sleep(0.05)
            return check()

        n = 2 * self._slots
        with self._running("holdstill: probe") as run:
            try:
                complaints = run(self._context.parallelize(range(n), n).map(look).collect).result(STARTED_S)
            except NoAnswer as error:
                raise EngineError(
                    f"{self._context.master}: no executor answered within {STARTED_S} s; start some, or ask for less"
                ) from error
        for complaint in complaints:
            if complaint is not None:
                raise EngineError(f"executor {complaint}")

    def collect(self, rdd: Any, job: Callable[[Iterable[Any]], Iterable[Result]]) -> list[Result]:
        """All that a job makes of the partitions of a collection."""
        with self._broadcast(job, RECORDS_ADVICE) as (run, task):
            found = run(rdd.mapPartitions(task.of_partition).collect).result()
        return list(_results(found))

    def gather(self, rdd: Any, description: str) -> list[Any]:
        """The elements of a collection, brought here."""
        with self._running(f"holdstill: {description}", RECORDS_ADVICE) as run:
            found: list[Any] = run(rdd.collect).result()
        return found

    def map_partitions(self, rdd: Any, job: Callable[[Iterable[Any]], Iterable[Any]]) -> Any:
        """The collection that a job makes of another, partition by partition, when it is asked for."""
        return rdd.mapPartitions(_Task(secrets.token_hex(8), rdd.context.broadcast(self.dumps(job))).job_of_partition)

    def dumps(self, value: object) -> bytes:
        """See `Engine.dumps`."""
        data: bytes = self._cloudpickle.dumps(value)
        return data

    def close(self) -> None:
        """See `Engine.close`."""
        session, self._session = self._session, None
        if session is not None:
            session.stop()

    @contextmanager
    def _broadcast(self, job: object, advice: str = ADVICE) -> Iterator[tuple[Callable[..., Future[Any]], _Task]]:
        """A job, broadcast, and what runs its Spark jobs."""
        broadcast = self._context.broadcast(self.dumps(job))
        try:
            with self._running(f"holdstill: {name_of(job)}", advice) as run:
                yield run, _Task(secrets.token_hex(8), broadcast)
        finally:
            broadcast.unpersist()

    @contextmanager
    def _running(self, description: str, advice: str = ADVICE) -> Iterator[Callable[..., Future[Any]]]:
        """Runs Spark jobs under one name; what is under way at the end is cancelled."""
        group = f"holdstill-{secrets.token_hex(4)}"
        gateway = require("py4j.protocol", "spark", "engine='spark'").Py4JError
        errors = gateway, require("pyspark.errors", "spark", "engine='spark'").PySparkException

        def begin() -> None:
            self._context.setJobGroup(group, description, interruptOnCancel=True)

        pool = ThreadPoolExecutor(AT_A_TIME, thread_name_prefix="holdstill-spark", initializer=begin)
        try:
            yield pool.submit
        except errors as error:
            raise EngineError(f"{self._context.master}: {_reason(error)}; {advice}") from error
        finally:
            with suppress(gateway, OSError):
                self._context.cancelJobGroup(group)
            pool.shutdown(wait=True, cancel_futures=True)


class _Bough:
    """Part of a tree that grows from some neighbouring leaves, with its knots where those of the whole tree are."""

    def __init__(self, job: Callable[[Chunk], Any], combine: Callable[[Sequence[Any]], Any]) -> None:
        self.job, self.combine, self.name = job, combine, name_of(job)

    def __call__(self, leaves: Sequence[Chunk]) -> Any:
        parts = [self.job(leaf) for leaf in leaves]
        while len(parts) > 1:
            parts = [self.combine(parts[first : first + FAN_IN]) for first in range(0, len(parts), FAN_IN)]
        return parts[0]


_job: tuple[str, Any] = ("", None)
_n_jobs = 0


class _Task:
    """Runs a job, which each process takes from its broadcast once."""

    def __init__(self, key: str, broadcast: Any) -> None:
        self.key, self.broadcast = key, broadcast

    def __call__(self, chunks: Sequence[Chunk]) -> Results[Any]:
        return run_group(self.job(), chunks)

    def of_partition(self, records: Iterable[Any]) -> list[Results[Any]]:
        """What the job makes of records, and errors as `run_group` has them."""
        results, error = run_group(lambda part: list(self.job()(part)), [records])
        return [(results[0] if results else [], error)]

    def job_of_partition(self, records: Iterable[Any]) -> Iterable[Any]:
        """What the job makes of records, one after the other."""
        made: Iterable[Any] = self.job()(records)
        return made

    def job(self) -> Any:
        """The job, unpacked once a process."""
        global _job
        if _job[0] != self.key:
            _job = "", None
            _freeze_modules()
            _job = self.key, pickle.loads(self.broadcast.value)
        return _job[1]


def _freeze_modules() -> None:
    """Keep from the garbage collector what the first jobs of a process have loaded.

    PySpark collects after each task, all over Numba and SciPy: five sixths of the processor time of small tasks.
    """
    global _n_jobs
    _n_jobs += 1
    if _n_jobs <= JOBS_THAT_LOAD:
        gc.collect()
        gc.freeze()


def _collect_groups(context: Any, groups: Sequence[Sequence[Chunk]], task: _Task) -> Any:
    """One Spark job: results of all groups, in their order."""
    return context.parallelize(groups, len(groups)).map(task).collect()


def _results(found: Iterable[Results[Result]]) -> Iterator[Result]:
    for results, error in found:
        yield from results
        if error is not None:
            raise error


def _to_parent(numbered: tuple[int, Any]) -> tuple[int, Any]:
    """A node of the tree, addressed to the one above it."""
    return numbered[0] // FAN_IN, numbered


def _combine_nodes(
    combine: Callable[[Sequence[Any]], Any], children: Iterable[tuple[int, Results[Any]]]
) -> Results[Any]:
    """Values and errors of nodes, which come in any order, as one; of errors the first."""
    values = []
    for _, (results, error) in sorted(children, key=lambda child: child[0]):
        if error is not None:
            return [], error
        values += results
    return [combine(values)], None


def _active() -> Any:
    """The session that runs in this process, or None."""
    return require("pyspark.sql", "spark", "engine='spark'").SparkSession.getActiveSession()


def _start_session(master: str) -> Any:
    """A new session, or an error within some seconds where Spark would try for minutes."""
    if re.fullmatch(r"local\[(?!([1-9]\d*|\*)(,[1-9]\d*)?\]).*", master):
        raise EngineError(f"{master}: is not a number of threads; write local[4], or local[*] for one each core")
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        raise EngineError("engine='spark' needs Java 17 or newer: apt-get install openjdk-17-jre-headless")
    sql = require("pyspark.sql", "spark", "engine='spark'")
    if master.startswith("spark://"):
        require_answer(master, MASTER_PORT)
    if _active() is not None:
        raise EngineError("a Spark session is running already; pass it as engine=session")
    if master.startswith("local"):
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    # as elsewhere, a task may fail four times
    place = f"{master[:-1]},4]" if master.startswith("local[") and "," not in master else master
    builder = sql.SparkSession.builder.master(place).appName("holdstill")
    errors = (
        RuntimeError, OSError, require("py4j.protocol", "spark", "engine='spark'").Py4JError,
        require("pyspark.errors", "spark", "engine='spark'").PySparkException,
    )  # fmt: skip
    with warnings.catch_warnings(), capture_stderr() as log:
        warnings.simplefilter("ignore", FutureWarning)  # of PySpark, about pandas, which is not used
        try:
            session = builder.config("spark.ui.showConsoleProgress", "false").getOrCreate()
        except errors as error:
            said = last_line(log)
            reason = f"{_reason(error)}; {said}" if said else _reason(error)
            raise EngineError(f"{master}: Spark does not start there ({reason})") from error
    session.sparkContext.setLogLevel("ERROR")
    return session


def _reason(error: Exception) -> str:
    """The line of a Java stack, or of the traceback of a worker in it, that tells most."""
    text = str(getattr(error, "java_exception", None) or error)
    _, is_python, end = text.rpartition("Traceback (most recent call last):")
    if is_python:
        lines = [line for line in end.splitlines() if line and not line[0].isspace()]
        return f"a worker stopped with {lines[0] if lines else type(error).__name__}"
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return next((line for line in lines if "failure" in line.lower()), lines[0] if lines else type(error).__name__)
