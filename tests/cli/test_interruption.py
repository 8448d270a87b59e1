"""Ctrl-C at a moment when Python cannot raise it."""

import os
import signal
import sys
from importlib.resources import files

import numpy as np
import pytest
import tifffile

from holdstill import cli
from holdstill.cli.interruption import check, go_on, heed_interrupts
from holdstill.contracts.progress import heed
from holdstill.run import align

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a process cannot send itself Ctrl-C on Windows")


class Finalized:
    """Something during whose clearing away Ctrl-C is pressed."""

    def __del__(self) -> None:
        os.kill(os.getpid(), signal.SIGINT)


class Broken:
    """Something whose clearing away fails for another reason."""

    def __del__(self) -> None:
        raise ValueError("broken")


def test_swallowed_but_told_again(capsys: pytest.CaptureFixture[str]) -> None:
    with heed_interrupts():
        thing = Finalized()
        del thing
        with pytest.raises(KeyboardInterrupt):
            check()
    assert capsys.readouterr().err == ""


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_other_failures_are_still_told(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[type] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda unraisable: told.append(unraisable.exc_type))
    with heed_interrupts():
        thing = Broken()
        del thing
    assert told == [ValueError]


def test_what_a_signal_left_half_made_is_not_told(capsys: pytest.CaptureFixture[str]) -> None:
    with heed_interrupts():
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGTERM)
        thing = Broken()  # as an event loop that was never given its sockets
        del thing
    assert capsys.readouterr().err == ""


def test_one_that_only_progress_told_of(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """As where a library's loop takes the exception for its own, which ended with code 128 and no line."""

    def swallow(**_: object) -> None:
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        heed(go_on)("looking", 16, 64)

    monkeypatch.setattr(cli, "app", swallow)
    assert cli.run(["correct", "movie.tif", "still.tif"]) == 130
    assert "`correct` goes on with --resume" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("step", ["_align", "_write_moving"])
def test_an_alignment_of_sections_ends_without_a_trace(step, tmp_path, monkeypatch, capsys) -> None:
    """Ctrl-C after the field was found, and after the pixels were written but not yet given their names."""
    with files("holdstill").joinpath("data", "lung_sem.tif").open("rb") as file:
        section = tifffile.imread(file)[4, :200, :200]
    tifffile.imwrite(tmp_path / "fixed.tif", section)
    tifffile.imwrite(tmp_path / "moving.tif", np.roll(section, (3, -5), (0, 1)))
    work = getattr(align, step)

    def do_and_interrupt(*given: object, **more: object) -> object:
        done = work(*given, **more)
        signal.raise_signal(signal.SIGINT)
        return done

    monkeypatch.setattr(align, step, do_and_interrupt)
    monkeypatch.chdir(tmp_path)
    assert cli.run(["align", "fixed.tif", "moving.tif", "still.ome.tif", "--motion", "dense"]) == 130
    assert capsys.readouterr().err.splitlines() == ["holdstill: interrupted; nothing unfinished looks whole"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["fixed.tif", "moving.tif"]
