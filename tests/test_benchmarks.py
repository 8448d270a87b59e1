"""The benchmarks run, as plain tests, at sizes that only show that they do."""

from __future__ import annotations

import io
import os
import runpy
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from benchmarks import local, viewer
from benchmarks.__main__ import PARTS, main, page
from benchmarks.tables import Claim, Section
from holdstill.io import disk

ROOT = Path(__file__).parents[1]
IN_A_BROWSER = ("viewer", "pyramid", "tissue_page")
RUN = subprocess.run


@pytest.mark.parametrize("part", [name for name in PARTS if name not in ("start", *IN_A_BROWSER)])
def test_a_part_runs_quickly(
    part: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    skip_unusable: Callable[[str], None],
) -> None:
    skip_unusable(part)
    monkeypatch.setattr(subprocess, "run", run_here)
    main([part, "--quick"])
    assert capsys.readouterr().out.startswith("## ")


def test_what_is_seen_in_a_browser_runs_quickly() -> None:
    """In a process of its own, one for all: Playwright refuses a second driver where tests of pages hold one."""
    pytest.importorskip("playwright", reason="no playwright here: pip install playwright")
    if viewer.CHROMIUM is None:
        pytest.skip("no Chromium here; Debian: apt-get install chromium")
    command = [sys.executable, "-m", "benchmarks", *IN_A_BROWSER, "--quick"]
    told = RUN(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=300).stdout
    assert told.startswith("## ")
    assert told.count("\n## ") == len(IN_A_BROWSER) - 1


def run_here(command: list[str], **options: Any) -> subprocess.CompletedProcess[str]:
    """Run a script of a part in this process: its time and memory count for nothing here, and starting it is dear."""
    if command[0] != sys.executable or command[1] == local.PEER:  # which needs a Python of its own
        return RUN(command, **options)
    kind, told, cores = command[1], io.StringIO(), getattr(os, "sched_getaffinity", lambda _: None)(0)
    given = command[2:] if kind in ("-c", "-m") else command[1:]
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(told):
        patch.setattr(sys, "argv", given)
        for name in ("sync", "sync_folder"):  # which one script replaces
            patch.setattr(disk, name, getattr(disk, name))
        try:
            if kind == "-c":
                exec(compile(given[0], "script", "exec"), {"__name__": "__main__"})
            elif kind == "-m":
                runpy.run_module(given[0], run_name="__main__")
            else:
                runpy.run_path(kind, run_name="__main__")
        finally:
            if cores is not None:  # one script binds itself to a single core
                os.sched_setaffinity(0, cores)
    return subprocess.CompletedProcess(command, 0, stdout=told.getvalue(), stderr="")


def test_the_page_tells_misses_and_results_survive_the_disk(tmp_path: Path) -> None:
    claims = (Claim("what", "asked", "measured", reached=False), Claim("other", "1", "2", reached=True))
    section = Section("title", ("a", "b"), [("1", "2")], "a note", claims, "today")
    section.save(tmp_path / "kept" / "part.json")
    shown = page([Section.load(tmp_path / "kept" / "part.json")])
    assert "| what | asked | measured | **missed** |" in shown
    assert shown == page([section])
