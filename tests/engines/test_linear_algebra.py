"""BLAS keeps to one thread while jobs run side by side, and goes on as before."""

from collections.abc import Iterator

import numpy as np
import pytest
import scipy.linalg  # noqa: F401  # brings a BLAS of its own
from threadpoolctl import ThreadpoolController, threadpool_limits

import holdstill as hs
from holdstill.engines.linear_algebra import keep_to_one_thread


@pytest.fixture(autouse=True)
def three_threads() -> Iterator[None]:
    """However many the tests are run with."""
    with threadpool_limits(3, user_api="blas"):
        yield


def threads() -> set[int]:
    return {pool["num_threads"] for pool in ThreadpoolController().info() if pool["user_api"] == "blas"}


def test_calls_that_overlap_end_as_they_began() -> None:
    before = threads()
    assert before != {1}
    first, second = keep_to_one_thread(), keep_to_one_thread()
    first.__enter__()
    assert threads() == {1}
    second.__enter__()
    first.__exit__(None, None, None)
    assert threads() == {1}, "the other still runs"
    second.__exit__(None, None, None)
    assert threads() == before


def test_while_movies_are_registered_and_also_where_that_fails() -> None:
    before, seen = threads(), []
    frames = np.random.default_rng(0).poisson(20.0, (4, 32, 32)).astype(np.uint16)
    hs.register(frames, progress=lambda stage, done, total: seen.append(threads()))
    assert seen
    assert all(now == {1} for now in seen)
    assert threads() == before

    def fail(stage: str, done: int, total: int) -> None:
        raise RuntimeError(stage)

    with pytest.raises(RuntimeError):
        hs.register(frames, progress=fail)
    assert threads() == before
