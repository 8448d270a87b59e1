"""A worker that is killed in the middle costs its own chunks, and nothing else."""

import os
import signal
import time
import uuid
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

import holdstill as hs
from holdstill.contracts import Chunk
from holdstill.engines import plan
from holdstill.engines.choosing import open_engine
from holdstill.io.zarr import sink as zarr_sink
from tests.engines.movies import equal, pixels, small_movie

N = 400


def pid_of_a_process(cluster: Any) -> int:
    """Of a Dask worker, or of the machine that holds a Spark executor."""
    if hasattr(cluster, "nthreads"):
        return int(next(iter(cluster.run(os.getpid).values())))
    machines = cluster.sparkContext.parallelize([0], 1).map(lambda _: psutil.Process().parent().parent().pid)
    return int(machines.collect()[0])


def test_chunks_of_the_dead_are_done_again(cluster: Any, tmp_path: Path) -> None:
    def job(chunk: Chunk) -> int:
        time.sleep(0.01)
        (tmp_path / f"{chunk.start}-{uuid.uuid4().hex}").touch()
        return chunk.start

    with open_engine(cluster) as engine:
        victim, results = pid_of_a_process(cluster), []
        for result in engine.map(job, [Chunk(i, i + 1) for i in range(N)]):
            results.append(result)
            if len(results) == 60:
                os.kill(victim, signal.SIGKILL)
    assert results == list(range(N))
    twice = len(list(tmp_path.iterdir())) - N
    assert twice < N / 2, "most were done once"


def test_the_same_bits_though_a_worker_is_killed(cluster: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zarr_sink, "MAX_SHARD_FRAMES", 4)
    monkeypatch.setattr(plan, "MAX_CHUNK_FRAMES", 4)
    movie = small_movie(tmp_path / "movie.ome.zarr")
    expected = hs.correct(movie, tmp_path / "whole.ome.zarr", reference="first", report=False)
    victims = [pid_of_a_process(cluster)]

    def kill(stage: str, done: int, total: int) -> None:
        if stage == "correct" and victims:
            os.kill(victims.pop(), signal.SIGKILL)

    found = hs.correct(
        movie, tmp_path / "still.ome.zarr", reference="first", report=False, engine=cluster, progress=kill
    )
    equal(found, expected)
    np.testing.assert_array_equal(pixels(tmp_path / "still.ome.zarr"), pixels(tmp_path / "whole.ome.zarr"))
    assert not list((tmp_path / "still.ome.zarr").rglob("*.partial"))
