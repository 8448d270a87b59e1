"""The benchmarks run, as plain tests, at sizes that only show that they do."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks import viewer
from benchmarks.__main__ import PARTS, main, page
from benchmarks.tables import Claim, Section

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("part", [name for name in PARTS if name != "start"])
def test_a_part_runs_quickly(
    part: str, capsys: pytest.CaptureFixture[str], skip_unusable: Callable[[str], None]
) -> None:
    skip_unusable(part)
    if part in ("viewer", "pyramid", "tissue_page"):
        pytest.importorskip("playwright", reason="no playwright here: pip install playwright")
        if viewer.CHROMIUM is None:
            pytest.skip("no Chromium here; Debian: apt-get install chromium")
        assert run_apart(part).startswith("## ")
        return
    main([part, "--quick"])
    assert capsys.readouterr().out.startswith("## ")


def run_apart(part: str) -> str:
    """What a part prints in a process of its own: Playwright refuses a second driver where tests of pages hold one."""
    command = [sys.executable, "-m", "benchmarks", part, "--quick"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=300).stdout


def test_the_page_tells_misses_and_results_survive_the_disk(tmp_path: Path) -> None:
    claims = (Claim("what", "asked", "measured", reached=False), Claim("other", "1", "2", reached=True))
    section = Section("title", ("a", "b"), [("1", "2")], "a note", claims, "today")
    section.save(tmp_path / "kept" / "part.json")
    shown = page([Section.load(tmp_path / "kept" / "part.json")])
    assert "| what | asked | measured | **missed** |" in shown
    assert shown == page([section])
