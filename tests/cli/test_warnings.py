"""Warnings on the command line: one line each, without the place in the code."""

import json
import warnings
from pathlib import Path

import numpy as np
import pytest

from holdstill.cli import main

GOLDEN = Path(__file__).parents[1] / "result" / "golden" / "schema2-rigid.json"


def test_a_result_that_was_edited_is_told_of_in_one_line(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "drift.json"
    path.write_text(json.dumps(json.loads(GOLDEN.read_text()) | {"clamped": 7}))
    np.save(tmp_path / "movie.npy", np.arange(128, dtype=np.uint8).reshape(2, 8, 8))
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        with pytest.raises(SystemExit) as ended:
            main(["apply", str(path), str(tmp_path / "movie.npy"), str(tmp_path / "out.tif")])
    assert ended.value.code == 2
    first, second = capfd.readouterr().err.splitlines()
    assert first == f"holdstill: warning: {path}: was changed after it was written; its numbers are taken as they stand"
    assert "movie.npy" in second
    assert "2 frames" in second
