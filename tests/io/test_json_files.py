"""JSON from a disk: quickly, and nothing is left changed by it."""

import gc
import json
from pathlib import Path

import pytest

from holdstill.errors import FileError
from holdstill.io.json_files import read_json


def test_no_circles_are_looked_for_in_json(tmp_path: Path) -> None:
    """That took half of the time of reading a result of 48,000 frames."""
    (tmp_path / "rows.json").write_text(json.dumps([[0.5, 1.5]] * 20_000))
    (tmp_path / "broken.json").write_text("[1, 2")
    runs: list[str] = []
    gc.callbacks.append(lambda phase, info: runs.append(phase))
    gc.collect()
    before = len(runs)
    try:
        assert len(read_json(tmp_path / "rows.json")) == 20_000
        assert len(runs) <= before + 2  # at most one, once it is read
        with pytest.raises(FileError):
            read_json(tmp_path / "broken.json")
        assert gc.isenabled()
    finally:
        gc.callbacks.pop()
