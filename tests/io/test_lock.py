"""One process at a time for one target, whatever became of the one before."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from holdstill.errors import FileError, FileInTheWay
from holdstill.io import lock, processes
from holdstill.io.lock import Lock
from holdstill.io.workspace import Workspace

TRY = """
import random, sys, time
from pathlib import Path
from holdstill.errors import FileInTheWay
from holdstill.io.workspace import Workspace

folder, rounds = Path(sys.argv[1]), int(sys.argv[2])
random.seed(sys.argv[3])
for number in range(rounds):
    # the file that both wait for sets them off at the same moment
    while not (folder / f"go{number}").exists():
        time.sleep(0.0005)
    time.sleep(random.choice((0.0, 0.0, 0.0005, 0.002)) * random.random())
    won = False
    try:
        with Workspace(folder / f"out{number}.tif") as workspace:
            won = True
            with open(folder / f"inside{number}", "x"):
                time.sleep(0.003)
            (folder / f"inside{number}").unlink()
            workspace.check()
    except FileInTheWay:
        pass
    (folder / f"end{number}.{sys.argv[3]}").write_text("won" if won else "refused")
"""


@pytest.mark.parametrize("is_left", [False, True])
def test_two_processes_at_once(tmp_path: Path, is_left: bool) -> None:
    """They never hold it together, over many starts, from nothing and from what a process that was killed left."""
    rounds = 25
    command = [sys.executable, "-c", TRY, str(tmp_path), str(rounds)]
    both = [subprocess.Popen([*command, name], stderr=subprocess.PIPE) for name in ("a", "b")]
    dead = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True)
    for number in range(rounds):
        if is_left:
            folder = tmp_path / f".out{number}.tif.resume"
            folder.mkdir()
            holder = {**processes.identify_process(), "pid": int(dead.stdout), "token": "dead"}
            (folder / "lock").write_text(json.dumps(holder))
        (tmp_path / f"go{number}").touch()
        deadline = time.monotonic() + 30
        ends = [tmp_path / f"end{number}.{name}" for name in ("a", "b")]
        while not all(end.exists() and end.read_text() for end in ends) and time.monotonic() < deadline:
            time.sleep(0.001)
        assert "won" in {end.read_text() for end in ends}
    for process in both:
        assert process.wait(30) == 0, process.stderr.read().decode() if process.stderr else ""
        if process.stderr:
            process.stderr.close()
    assert not list(tmp_path.glob(".*")), "nothing is left behind"


def test_the_second_is_refused_in_one_line(tmp_path: Path) -> None:
    with Workspace(tmp_path / "out.tif"):
        with pytest.raises(FileInTheWay, match=rf"being written by another process \(process {os.getpid()} on .*wait"):
            Workspace(tmp_path / "out.tif").__enter__()
        with Workspace(tmp_path / "other.tif"):
            pass
    with Workspace(tmp_path / "out.tif"):
        pass
    assert not list(tmp_path.iterdir())


def test_who_is_refused_leaves_no_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who holds it may leave while the other's claim stands in the folder, which then cannot be removed."""

    def refuse(lock: Lock) -> None:
        raise FileInTheWay(f"{lock.path}: held")

    monkeypatch.setattr(Lock, "__enter__", refuse)
    with pytest.raises(FileInTheWay):
        Workspace(tmp_path / "out.tif").__enter__()
    assert not list(tmp_path.iterdir())


def held_by(path: Path, age_s: float, **other: Any) -> None:
    path.write_text(json.dumps({**processes.identify_process(), "token": "other", "since": "12:00", **other}))
    os.utime(path, (time.time() - age_s,) * 2)


def is_taken(path: Path) -> bool:
    try:
        with Lock(path, Path("out.tif")):
            return True
    except FileInTheWay:
        return False


@pytest.mark.parametrize(
    ("other", "age_s", "expected"),
    [
        ({}, 5, False),  # this very process
        ({"started": "1"}, 5, True),  # its number was given again
        ({}, 700, True),  # it stands still
        ({"host": "elsewhere"}, 500, False),
        ({"host": "elsewhere"}, 700, True),
        ({"boot": "before"}, 30, False),  # perhaps another machine of the same name
        ({"boot": "before"}, 90, True),
        ({"space": "pid:[1]"}, 500, False),  # another container
        ({"space": "pid:[1]"}, 700, True),
    ],
)
def test_who_is_gone(tmp_path: Path, other: dict[str, Any], age_s: float, expected: bool) -> None:
    held_by(tmp_path / "lock", age_s, **other)
    assert is_taken(tmp_path / "lock") == expected


def test_a_lock_that_a_power_cut_left_empty(tmp_path: Path) -> None:
    (tmp_path / "lock").touch()
    assert not is_taken(tmp_path / "lock"), "it may be written this moment"
    os.utime(tmp_path / "lock", (time.time() - 90,) * 2)
    assert is_taken(tmp_path / "lock")


def test_a_guard_that_was_left(tmp_path: Path) -> None:
    for name in ("lock", "lock.guard"):
        held_by(tmp_path / name, 700)
    assert is_taken(tmp_path / "lock")
    assert not list(tmp_path.iterdir())


def test_claims_that_were_left(tmp_path: Path) -> None:
    held_by(tmp_path / "lock.0123", 90)
    held_by(tmp_path / "lock.4567", 1)
    assert is_taken(tmp_path / "lock")
    assert [path.name for path in tmp_path.iterdir()] == ["lock.4567"], "another process makes its claim this moment"


def test_beats_and_what_was_taken_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lock, "BEAT_S", 0.02)
    path = tmp_path / "lock"
    with Lock(path, Path("out.tif")) as mine:
        os.utime(path, (1, 1))
        time.sleep(0.2)
        assert time.time() - path.stat().st_mtime < 60
        mine.check()
        held_by(path, 0)
        with pytest.raises(FileError, match=r"out\.tif: another process took over"):
            mine.check()
    assert path.exists(), "what is another's stays"


def test_disks_without_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "link", refuse)
    with Lock(tmp_path / "lock", Path("out.tif")):
        assert not is_taken(tmp_path / "lock")
    assert is_taken(tmp_path / "lock")


def test_folders_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"there is no folder .*missing; make it first"):
        Workspace(tmp_path / "missing" / "out.tif").__enter__()


def test_long_names_have_short_workspaces(tmp_path: Path) -> None:
    with Workspace(tmp_path / f"{'x' * 246}.tif") as workspace:
        assert workspace.folder.is_dir()


def windows(handle: int, code: int = 259, began: int = 77) -> SimpleNamespace:
    """Answers as Windows does when it is asked for a process."""

    def tell(value: int, *places: Any) -> int:
        places[0]._obj.value = value
        return 1

    return SimpleNamespace(
        OpenProcess=lambda rights, inherit, pid: handle,
        CloseHandle=lambda handle: 1,
        GetExitCodeProcess=lambda handle, place: tell(code, place),
        GetProcessTimes=lambda handle, *places: tell(began, *places),
    )


def test_processes_of_windows() -> None:
    ask = processes._ask_windows
    assert ask(1, windows(5), lambda: 87) == "77"
    assert ask(1, windows(5, code=0), lambda: 87) is None
    assert ask(1, windows(0), lambda: 87) is None
    assert ask(1, windows(0), lambda: 5) == "", "of another user"


def test_systems_that_do_not_say_when_a_process_began(monkeypatch: pytest.MonkeyPatch) -> None:
    """As macOS: a number alone may have been given again, so that the beat decides."""
    monkeypatch.setattr(processes, "_read_line", lambda path: "")
    here = processes.identify_process()
    assert here["started"] == ""
    assert processes.is_running(here) is None
    assert processes.is_running({**here, "pid": 2**22 - 3}) is False
