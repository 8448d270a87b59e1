"""Jobs that run side by side before they are asked for."""

import threading
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from holdstill.contracts import Chunk
from holdstill.engines.ahead import AheadEngine
from holdstill.engines.threads import ThreadsEngine


@dataclass(frozen=True, eq=False)
class Adding:
    """Job whose calls are counted in `calls`."""

    value: Any
    other: int = 0
    calls: list[int] = field(default_factory=list)

    def __call__(self, chunk: Chunk) -> Any:
        self.calls.append(len(chunk))
        return self.value[0] + self.other + chunk.start


@dataclass(frozen=True, eq=False)
class Multiplying(Adding):
    """Another job of the same fields."""

    def __call__(self, chunk: Chunk) -> Any:
        self.calls.append(len(chunk))
        return self.value[0] * 10


def run(engine: AheadEngine, job: Adding, *chunks: Chunk) -> list[Any]:
    return list(engine.map(job, chunks or [Chunk(0, 1)]))


def test_what_was_prepared_is_known_and_nothing_else_is() -> None:
    engine, value, calls = AheadEngine(ThreadsEngine(2)), [3], list[int]()
    jobs = [Adding(value, 1, calls), Multiplying(value, 1, calls)]
    engine.prepare(jobs)
    assert calls == [1, 1]
    assert run(engine, Adding(value, 1, calls)) == [4]
    assert run(engine, Multiplying(value, 1, calls)) == [30]
    assert calls == [1, 1]
    # an equal list may be another one tomorrow
    for other in (Adding([3], 1, calls), replace(jobs[0], other=2)):
        assert run(engine, other) == [other(Chunk(0, 1))]
    assert len(calls) == 6
    assert run(engine, jobs[0], Chunk(0, 1), Chunk(1, 2)) == [4, 5]
    assert engine.reduce(jobs[0], sum, [Chunk(0, 1), Chunk(1, 2)]) == 9


def test_jobs_run_at_the_same_time() -> None:
    together = threading.Barrier(2, timeout=20)

    @dataclass(frozen=True, eq=False)
    class Meeting:
        number: int

        def __call__(self, chunk: Chunk) -> int:
            together.wait()
            return self.number

    engine = AheadEngine(ThreadsEngine(2))
    jobs = [Meeting(1), Meeting(2)]
    engine.prepare(jobs)
    assert [next(engine.map(job, [Chunk(0, 1)])) for job in jobs] == [1, 2]


def test_where_one_runs_at_a_time_nothing_is_done_in_vain() -> None:
    job = Adding([3])
    engine = AheadEngine(ThreadsEngine(1))
    engine.prepare([job])
    assert not job.calls
    assert run(engine, job) == [3]


def test_an_error_is_raised_where_it_happens() -> None:
    with pytest.raises(IndexError):
        AheadEngine(ThreadsEngine(2)).prepare([Adding([])])
