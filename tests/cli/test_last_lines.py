"""Whatever goes wrong ends in one line, and an exit code that tells."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import tifffile

from holdstill import cli
from holdstill.cli import run
from holdstill.cli.screen import COMPILING
from holdstill.cli.summary import advise

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="as POSIX systems do it")


@pytest.fixture
def movie(tmp_path: Path) -> Path:
    np.save(tmp_path / "a.npy", np.random.default_rng(0).integers(0, 999, (4, 16, 16), np.uint16))
    return tmp_path / "a.npy"


def read_errors(capsys: pytest.CaptureFixture[str]) -> str:
    """What was written to standard error, less the notice of whoever compiles a kernel first."""
    lines = capsys.readouterr().err.splitlines(keepends=True)
    return "".join(line for line in lines if line.strip() != COMPILING)


def told(capsys: pytest.CaptureFixture[str]) -> str:
    """The one line."""
    lines = read_errors(capsys).strip().splitlines()
    assert len(lines) == 1, lines
    assert lines[0].startswith("holdstill: ")
    return lines[0]


def test_names_that_are_refused(tmp_path: Path, movie: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "loop.tif").symlink_to("loop.tif")
    for name in ("x" * 300 + ".tif", "loop.tif"):
        assert run(["info", str(tmp_path / name)]) == 2
        assert "cannot be opened" in told(capsys)
    for name in ("x" * 300 + ".ome.tif", "y" * 246 + ".ome.tif"):
        assert run(["correct", str(movie), str(tmp_path / name), "--reference", "first"]) == 2
        assert "ame too long" in told(capsys)
    assert run(["correct", str(movie), str(tmp_path / "no" / "out.ome.tif")]) == 2
    assert "there is no folder" in told(capsys)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.npy", "loop.tif"]


@POSIX
def test_a_pipe_as_a_movie(tmp_path: Path, movie: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(tmp_path / "pipe.tif")
    assert run(["info", str(tmp_path / "pipe.tif")]) == 2
    assert "is a pipe or a device; save the images to a file first" in told(capsys)
    assert run(["correct", str(movie), str(tmp_path / "o.tif"), "--mask", str(tmp_path / "pipe.tif")]) == 2
    assert "is a pipe" in told(capsys)


@POSIX
def test_a_pipe_among_images(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    for t in range(3):
        tifffile.imwrite(folder / f"img{t}.tif", np.zeros((8, 8), np.uint16))
    os.mkfifo(folder / "img1a.tif")
    for name in (folder, folder / "img*.tif"):
        assert run(["info", str(name)]) == 2
        assert "img1a.tif: is a pipe or a device" in told(capsys)
        assert run(["correct", str(name), str(tmp_path / "o.ome.tif"), "--reference", "first"]) == 2
        assert "img1a.tif: is a pipe or a device" in told(capsys)
    assert list(tmp_path.iterdir()) == [folder]


@POSIX
def test_names_that_are_not_text(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/m\xff.npy"
    command = [sys.executable, "-m", "holdstill", "info", os.fsdecode(name)]
    ended = subprocess.run(command, capture_output=True, timeout=120)
    assert ended.returncode == 2
    assert ended.stderr.count(b"\n") == 1
    assert b"no such file" in ended.stderr


@POSIX
@pytest.mark.parametrize("where", ["full", "closed"])
def test_standard_output_that_takes_nothing(movie: Path, where: str) -> None:
    if where == "full" and not Path("/dev/full").exists():
        pytest.skip("this system has no disk that is always full")
    read, write = os.pipe()
    os.close(read)
    with open("/dev/full", "wb") if where == "full" else os.fdopen(write, "wb") as out:
        command = [sys.executable, "-m", "holdstill", "info", str(movie)]
        ended = subprocess.run(command, stdout=out, stderr=subprocess.PIPE, timeout=120)
    assert ended.returncode == 2
    assert ended.stderr.count(b"\n") == 1, ended.stderr
    assert b"standard output takes no more" in ended.stderr


def test_what_nobody_foresaw(
    tmp_path: Path, movie: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(**_: object) -> None:
        raise ZeroDivisionError("by a colleague")

    monkeypatch.setattr(cli, "app", fail)
    monkeypatch.setattr(cli.tempfile, "tempdir", str(tmp_path))
    assert run(["info", str(movie)]) == 2
    line = told(capsys)
    assert "unexpected ZeroDivisionError; please report it, with" in line
    details = Path(line.rpartition(" ")[2]).read_text()
    assert "by a colleague" in details
    assert "Traceback" in details
    assert str(movie) in details


@POSIX
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_signals(name: str, movie: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    number = getattr(signal, name)

    def interrupt(**_: object) -> None:
        os.kill(os.getpid(), number)

    before = signal.getsignal(number)
    if before is signal.SIG_IGN:
        pytest.skip(f"{name} is ignored here, as under nohup")
    monkeypatch.setattr(cli, "app", interrupt)
    assert run(["info", str(movie)]) == 128 + number
    line = told(capsys)
    assert "nothing unfinished looks whole" in line
    assert "--resume" not in line  # `info` has nothing to go on with
    assert signal.getsignal(number) is before


def test_a_movie_of_which_no_frame_is_of_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    movie = np.full((5, 32, 32), 100, np.uint16) + np.arange(5, dtype=np.uint16)[:, None, None]
    np.save(tmp_path / "a.npy", movie)
    np.save(tmp_path / "reference.npy", np.random.default_rng(0).integers(100, 999, (32, 32), np.uint16))
    options = ["--reference", str(tmp_path / "reference.npy"), "--device", "plain", "--no-report"]
    assert run(["correct", str(tmp_path / "a.npy"), str(tmp_path / "out.ome.tif"), *options]) == 1
    assert "no frame could be used (5 " in told(capsys)


def test_a_movie_of_which_only_the_reference_was_placed_on_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A film of noise exited with 0, since the frame that the others were compared with was ok."""
    noise = np.random.default_rng(0).integers(100, 999, (3, 32, 32), np.uint16)
    noise[1:] = 7
    np.save(tmp_path / "a.npy", noise)
    np.save(tmp_path / "reference.npy", noise[0])
    options = ["--device", "plain", "--no-report", "--overwrite", "--reference"]
    command = ["correct", str(tmp_path / "a.npy"), str(tmp_path / "out.ome.tif"), *options]
    assert run([*command, "first"]) == 1
    assert "no frame could be placed on another (2 blank)" in told(capsys)
    assert run([*command, str(tmp_path / "reference.npy")]) == 0  # on an image of another file it was placed indeed


def test_a_job_that_had_finished_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    image = np.random.default_rng(0).random((32, 32)).cumsum(0).cumsum(1) % 50 * 100
    np.save(tmp_path / "a.npy", np.stack([np.roll(image, t, axis=0) for t in range(4)]).astype(np.uint16))
    command = ["correct", str(tmp_path / "a.npy"), str(tmp_path / "out.ome.tif"), "--reference", "first", "--no-report"]
    command += ["--device", "plain", "--method", "phase_correlation", "--resume"]
    assert run(command) == 0
    assert "had finished" not in capsys.readouterr().out
    assert run(command) == 0
    assert "a.npy had finished already" in capsys.readouterr().out
    assert run(command[:-1]) == 2
    assert "exists already" in capsys.readouterr().err


def test_where_many_frames_are_flagged_the_last_line_says_what_would_help(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    image = np.random.default_rng(0).random((32, 32)).cumsum(0).cumsum(1) % 50 * 100
    movie = np.stack([image] * 6).astype(np.uint16)
    movie[[1, 3]] = 7
    np.save(tmp_path / "a.npy", movie)
    options = ["--reference", "first", "--device", "plain", "--no-report", "--repair", "drop"]
    assert run(["correct", str(tmp_path / "a.npy"), str(tmp_path / "out.ome.tif"), *options]) == 0
    said = capsys.readouterr()
    *notices, last = said.err.splitlines()
    assert set(notices) <= {COMPILING}
    assert last == "holdstill: a.npy: 2 of 6 frames are flagged (2 blank). If the light was on, try another --channel."
    assert re.search(r"frames left out +1, 3 *\n", said.out)


def test_a_few_flagged_frames_are_no_news() -> None:
    assert advise({"frames": 10, "flagged": {"blank": 2}}) is None
    told = advise({"frames": 10, "flagged": {"blank": 1, "mismatch": 2}, "remedies": {"mismatch": "Try this."}})
    assert told is not None
    assert told == "3 of 10 frames are flagged (1 blank, 2 mismatch). Try this."


def test_limits_and_events_that_cannot_be(movie: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for options, text in {
        ("--max-shift", "3um"): "a.npy does not say how large its pixels are; give it in px",
        ("--max-shift", "far"): "max_shift 'far' is not a number with a unit; give it as 20, 3um or 20,40",
        ("--max-speed", "0.2um/s"): "a.npy does not say when its frames were taken; give px per frame",
        ("--refocus-at", "two"): "--refocus-at 'two' is not a list of frame numbers; give it as 120,480",
        ("--refocus-at", "2,9"): "a.npy has frames 0 to 3; name frames after the first",
    }.items():
        assert run(["register", str(movie), "-o", str(movie.with_name("o.json")), *options]) == 2
        assert text in told(capsys)
