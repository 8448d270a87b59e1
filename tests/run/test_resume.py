"""A job that was killed goes on where it was, to the same bytes."""

import os
import random
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import tifffile
from scipy.ndimage import gaussian_filter

import holdstill as hs
from holdstill.cli import run
from holdstill.contracts import Chunk, Covariance, Estimates, Verdict
from holdstill.engines import plan
from holdstill.errors import FileInTheWay, InputError
from holdstill.io.workspace import Workspace
from holdstill.run.checkpoint import Book, rechunk
from tests.run.warm import CHUNK_FRAMES, Job, Warm

# of SIGKILL, half of them for each format; `make fuzz` asks for more
N_KILLS = int(os.environ.get("HOLDSTILL_FUZZ", "4"))
KILLS = ["SIGKILL", "SIGTERM", "SIGKILL", "SIGKILL", "SIGHUP", "SIGKILL", "SIGKILL", "SIGINT"]
POSIX = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")


def cropped(n_frames: int, shape: tuple[int, int]) -> np.ndarray:
    """A movie that moves by whole pixels, with the noise of light.

    Parts of a larger picture: where what leaves comes in from the other side, a pattern that stands still is looked for
    at length (five times the time).
    """
    picture = gaussian_filter(np.random.default_rng(0).random((shape[0] + 8, shape[1] + 8)), 1.5)
    picture = 4000 * (picture - picture.min())
    starts = [(4 + t % 7 - 3, 4 - t % 5) for t in range(n_frames)]
    parts = np.stack([picture[y : y + shape[0], x : x + shape[1]] for y, x in starts])
    return np.random.default_rng(1).poisson(parts).astype(np.uint16)


@pytest.fixture(scope="module")
def movie(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seven chunks of small frames, two of them with a frame that has to be repaired."""
    frames = cropped(7 * CHUNK_FRAMES, (64, 64))
    frames[5::50] = 100
    path = tmp_path_factory.mktemp("movie") / "long.npy"
    np.save(path, frames)
    return path


@pytest.fixture(scope="module")
def warm() -> Iterator[Warm]:
    """Starts runs that need no time to load."""
    with Warm() as started:
        yield started


def start(warm: Warm, source: Path, target: Path, *options: str) -> Job:
    return warm.start("correct", str(source), str(target), "--no-report", *options)


def complete(job: Job) -> None:
    """Wait until a run ends well."""
    code, said = job.complete()
    assert code == 0, said


def end(job: Job, name: str) -> bool:
    """Kill a run, or ask it to end: it says so in one line then. Whether it came to that before it was done."""
    number = getattr(signal, name)
    os.kill(job.pid, number)  # nobody else gets its number before `complete` asked for it
    code, said = job.complete()
    if code == 128 + number:
        assert said.count(b"\n") == 1, said
        assert b"goes on with --resume" in said
    else:  # by the system's way, before ours was there
        assert code in (0, -number), said
    return code != 0


@pytest.mark.slow
@POSIX
@pytest.mark.parametrize("suffix", [".ome.tif", ".ome.zarr"])
def test_killed_at_random_moments(warm: Warm, movie: Path, tmp_path: Path, suffix: str) -> None:
    """At start, while learning, writing, finishing: what is there under its name is whole, and the end the same."""
    whole, target = tmp_path / f"whole{suffix}", tmp_path / f"killed{suffix}"
    began = time.monotonic()
    complete(start(warm, movie, whole))
    within_s = time.monotonic() - began
    expected = read_all(whole)
    rng, n_kills, n_ends, n_whole = random.Random(3), 0, 0, 0
    while n_kills < max(2, N_KILLS // 2):
        job = start(warm, movie, target, "--resume")
        time.sleep(within_s * rng.random())
        name = KILLS[n_ends % len(KILLS)]
        if end(job, name):
            n_ends += 1
            n_kills += name == "SIGKILL"
            within_s *= 1.05  # others use the machine, and how long a run takes changes: one in ten is to be whole
        if target.exists():
            n_whole += 1
            within_s *= 0.6
            assert read_all(target) == expected
            assert target.with_name("killed.drift.csv").read_bytes() == whole.with_name("whole.drift.csv").read_bytes()
            complete(start(warm, movie, target, "--resume"))  # it had finished
            for path in tmp_path.glob("*killed*"):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
    print(f"{suffix}: {n_kills} SIGKILL, {n_ends - n_kills} other signals, {n_whole} runs that were whole before")
    complete(start(warm, movie, target, "--resume"))
    assert read_all(target) == expected
    one, other = (hs.load(tmp_path / f"{name}.drift.json") for name in ("whole", "killed"))
    np.testing.assert_array_equal(one.parameters, other.parameters)
    np.testing.assert_array_equal(one.errors, other.errors)
    assert one.clamped == other.clamped
    assert not list(tmp_path.glob(".*"))


def read_all(path: Path) -> dict[str, bytes]:
    """Every byte of a file or folder."""
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    return {str(file.relative_to(path)): file.read_bytes() for file in files if file.is_file()}


@pytest.mark.slow
@POSIX
def test_two_runs_of_one_target(warm: Warm, movie: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One of them writes it; the other is refused in one line, or finds it finished."""
    other = tmp_path / "other.npy"
    np.save(other, np.load(movie)[::-1, ::-1][:50])
    target = tmp_path / "out.ome.tif"
    rng = random.Random(4)
    for _ in range(max(1, N_KILLS // 8)):
        first = start(warm, movie, target)
        time.sleep(rng.random() * 0.1)
        other_code = run(["correct", str(other), str(target), "--no-report"])
        (code, text), other_text = first.complete(), capsys.readouterr().err.encode()
        assert sorted((code, other_code)) == [0, 2], (text, other_text)
        refused = other_text if code == 0 else text
        assert refused.count(b"\n") == 1
        assert b"is being written by another process" in refused or b"exists already" in refused
        with hs.open(target) as source:
            assert source.info.n_frames == len(hs.load(tmp_path / "out.drift.json"))
            assert source.info.n_frames == (7 * CHUNK_FRAMES if code == 0 else 50)
        for path in tmp_path.glob("out.*"):
            path.unlink()


def interrupted(source: Path, target: Path, after: int, **options: object) -> None:
    """A run that Ctrl-C ends after some chunks."""
    done = 0

    def stop(stage: str, n: int, total: int) -> None:
        nonlocal done
        done += stage in ("correct", "estimate", "apply")
        if done == after:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        hs.correct(source, target, progress=stop, report=False, **options)


@pytest.fixture
def short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """70 frames in 7 chunks."""
    monkeypatch.setattr(plan, "MAX_CHUNK_FRAMES", 10)
    path = tmp_path / "short.tif"
    tifffile.imwrite(path, cropped(70, (64, 72)), metadata={"axes": "TYX"})
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
