"""A job that was killed goes on where it was, to the same bytes."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import tifffile

import holdstill as hs
from holdstill.contracts import Chunk, Covariance, Estimates, Verdict
from holdstill.errors import FileInTheWay, InputError
from holdstill.evaluation import trajectories
from holdstill.evaluation.movies import make_movie
from holdstill.evaluation.presets import texture
from holdstill.io.workspace import Workspace
from holdstill.run.checkpoint import Book, rechunk

N_KILLS = 20


@pytest.fixture(scope="module")
def movie(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A long movie of small frames: 150 chunks, some of them with a frame that has to be repaired."""
    path = tmp_path_factory.mktemp("movie") / "long.tif"
    part = make_movie(texture((64, 64)), trajectories.walk(96, 0.4, seed=1), photons=300.0, seed=2).frames
    with tifffile.TiffWriter(path) as writer:
        for t in range(9600):
            writer.write(np.full_like(part[0], 100) if t % 997 == 5 else part[t % 96], contiguous=True)
    return path


def run(source: Path, target: Path, *options: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "holdstill", "correct", str(source), str(target), "--no-report", *options]
    return subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)


def wait_for_lines(journal: Path, n: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        if journal.exists() and journal.read_bytes().count(b"\n") >= n:
            return
        time.sleep(0.002)


@pytest.mark.slow
def test_killed_at_random_moments(movie: Path, tmp_path: Path) -> None:
    whole, target = tmp_path / "whole.ome.tif", tmp_path / "killed.ome.tif"
    assert run(movie, whole).wait(120) == 0
    journal = tmp_path / ".killed.ome.tif.resume" / "book.jsonl"
    rng, known = random.Random(3), 0
    for _ in range(N_KILLS):
        process = run(movie, target, "--resume")
        wait_for_lines(journal, known + rng.randint(0, 12), process)
        time.sleep(rng.random() * 0.03)
        assert process.poll() is None
        process.kill()
        process.wait()
        assert not target.exists()
        before, known = known, journal.read_bytes().count(b"\n") if journal.exists() else 0
        assert known >= before, "what was known is never lost"
    assert run(movie, target, "--resume").wait(120) == 0
    assert target.read_bytes() == whole.read_bytes()
    one, other = (hs.load(path.with_name(path.name.replace(".ome.tif", ".drift.json"))) for path in (whole, target))
    np.testing.assert_array_equal(one.parameters, other.parameters)
    np.testing.assert_array_equal(one.errors, other.errors)
    assert one.clamped == other.clamped
    assert not list(tmp_path.glob(".*"))


def interrupted(source: Path, target: Path, after: int, **options: object) -> None:
    """A run that Ctrl-C ends after some chunks."""
    done = 0

    def stop(stage: str, n: int, total: int) -> None:
        nonlocal done
        done += stage != "sample"
        if done == after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        hs.correct(source, target, progress=stop, report=False, **options)


@pytest.fixture
def short(tmp_path: Path) -> Path:
    path = tmp_path / "short.tif"
    rng = np.random.default_rng(0)
    image = rng.random((64, 72)).cumsum(0).cumsum(1) % 50 * 100
    moved = np.stack([np.roll(image, (t % 7 - 3, -(t % 5)), axis=(0, 1)) for t in range(400)])
    tifffile.imwrite(path, rng.poisson(moved).astype(np.uint16), metadata={"axes": "TYX"})
    return path


@pytest.mark.parametrize(
    "options", [{}, {"crop": True}, {"reference": 3, "motion": "rigid"}, {"workers": 1}, {"reference": "pairs"}]
)
def test_interrupted_and_resumed(short: Path, tmp_path: Path, options: dict[str, object]) -> None:
    whole, target = tmp_path / "whole.ome.tif", tmp_path / "out.ome.tif"
    hs.correct(short, whole, report=False, **options)
    interrupted(short, target, 3, **options)
    assert not target.exists()
    hs.correct(short, target, report=False, resume=True, **{**options, "workers": 2})
    assert target.read_bytes() == whole.read_bytes()
    assert not list(tmp_path.glob(".*"))


def test_another_job_is_not_gone_on_with(short: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.ome.tif"
    interrupted(short, target, 3)
    with pytest.raises(InputError, match=r"differs in motion; repeat its options, or start again with --overwrite"):
        hs.correct(short, target, resume=True, motion="rigid")
    os.utime(short, (1, 1))
    with pytest.raises(InputError, match="differs in input files"):
        hs.correct(short, target, resume=True)
    with pytest.raises(FileInTheWay, match=r"\d+ % is done by a run that was interrupted; --resume"):
        hs.correct(short, target, report=False)
    hs.correct(short, target, report=False, overwrite=True)
    assert target.exists()
    assert not list(tmp_path.glob(".*"))


def test_resuming_what_never_began(short: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.ome.tif"
    first = hs.correct(short, target, resume=True, report=False)
    before = target.stat().st_mtime_ns
    again = hs.correct(short, target, resume=True, report=False)
    assert target.stat().st_mtime_ns == before, "it had finished"
    np.testing.assert_array_equal(again.parameters, first.parameters)
    assert again.provenance["had finished"]
    for options in ({"resume": True, "max_shift": 5}, {}):
        with pytest.raises(hs.HoldstillError, match="exists already"):
            hs.correct(short, target, report=False, **options)


def test_a_failed_job_leaves_nothing(short: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        hs.correct(short, tmp_path / "out.ome.tif", reference=999)
    assert [path.name for path in tmp_path.iterdir()] == ["short.tif"]


def test_a_book_whose_last_line_is_torn(tmp_path: Path) -> None:
    estimates = Estimates(
        parameters=np.array([[1 / 3, np.nan]]), covariance=Covariance.of_errors([[0.1, 0.2]]), scores=np.array([0.5]),
        verdicts=(Verdict.BLANK,),
    )  # fmt: skip
    with Workspace(tmp_path / "out.ome.tif") as workspace:
        book = Book(workspace, {"input": "a"})
        book.add(Chunk(0, 1), estimates)
        book.commit()
        book.close()
        file = workspace.folder / "book.jsonl"
        for cut in (1, 5, 30):
            file.write_bytes(file.read_bytes() + b'0badc0de {"chunk": [1, 2], "estimates":'[:cut])
            again = Book(workspace, {"input": "a"}, resume=True)
            again.close()
            np.testing.assert_array_equal(again.estimates[Chunk(0, 1)].parameters, estimates.parameters)
            np.testing.assert_array_equal(again.estimates[Chunk(0, 1)].errors, estimates.errors)
            assert again.estimates[Chunk(0, 1)].verdicts == (Verdict.BLANK,)
        with pytest.raises(FileInTheWay, match="--resume"):
            Book(workspace, {"input": "a"})
        with pytest.raises(InputError, match="differs in input"):
            Book(workspace, {"input": "b"}, resume=True)


def test_what_is_known_is_told_of_other_chunks() -> None:
    known = {Chunk(0, 4): 1, Chunk(4, 8): 2, Chunk(8, 12): 3, Chunk(16, 20): 4}
    wanted = [Chunk(0, 8), Chunk(4, 8), Chunk(8, 10), Chunk(8, 16), Chunk(16, 20)]
    assert rechunk(known, wanted, sum) == {Chunk(0, 8): 3, Chunk(4, 8): 2, Chunk(16, 20): 4}
