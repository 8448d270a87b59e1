"""Clusters from the command line: the same options, errors in a line, Ctrl-C that cancels."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import holdstill as hs
from holdstill import cli
from tests.engines.movies import pixels, small_movie


@pytest.fixture
def movie(tmp_path: Path) -> Path:
    return small_movie(tmp_path / "movie.ome.zarr")


def test_correct_and_apply_on_a_scheduler(dask_client: object, movie: Path, tmp_path: Path) -> None:
    address = str(dask_client.scheduler.address).replace("tcp://", "dask://")  # type: ignore[attr-defined]
    still, again = tmp_path / "still.ome.zarr", tmp_path / "again.ome.zarr"
    assert cli.run(["correct", str(movie), str(still), "--engine", address, "--no-report", "--json"]) == 0
    drift = tmp_path / "still.drift.json"
    assert cli.run(["apply", str(drift), str(movie), str(again), "--engine", address, "--json"]) == 0
    np.testing.assert_array_equal(pixels(again), pixels(still))
    np.testing.assert_array_equal(hs.register(movie).parameters, hs.load(drift).parameters)


def test_nobody_there(movie: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = str(tmp_path / "still.ome.zarr")
    assert cli.run(["correct", str(movie), target, "--engine", "dask://127.0.0.1:1"]) == 2
    assert "holdstill: dask://127.0.0.1:1: nobody answers there" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["movie.ome.zarr"]


@pytest.mark.slow
def test_interrupted_and_resumed(tmp_path: Path) -> None:
    movie = small_movie(tmp_path / "movie.ome.zarr", repeats=20)
    target, journal = tmp_path / "still.ome.zarr", tmp_path / ".still.ome.zarr.resume" / "book.jsonl"
    command = [sys.executable, "-m", "holdstill", "correct", str(movie), str(target), "--no-report", "--engine", "dask"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)
    deadline = time.monotonic() + 60
    while not journal.exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does it: workers hear it too
    _, told = process.communicate(timeout=30)
    assert process.returncode == 130, told
    assert "Traceback" not in told
    assert "`correct` goes on with --resume" in told
    assert not target.exists()
    assert cli.run(["correct", str(movie), str(target), "--no-report", "--resume", "--json"]) == 0
    found = hs.load(tmp_path / "still.drift.json")
    np.testing.assert_array_equal(found.parameters, hs.register(movie).parameters)
