"""The last lines on the terminal: what would help, in the words of the report."""

from pathlib import Path

import numpy as np
import pytest
import tifffile

from holdstill.cli import information
from holdstill.cli.screen import show
from holdstill.cli.summary import summary
from holdstill.contracts import ReadingOptions, Verdict
from holdstill.result.advice import advise
from holdstill.result.registration import Registration
from holdstill.transforms.trajectory import Trajectory


def test_advice_stands_at_the_end_as_in_the_report(capsys: pytest.CaptureFixture[str]) -> None:
    trajectory = Trajectory.of("translation", np.zeros((4, 2)), (16, 16))
    verdicts = [Verdict.OK, Verdict.BLANK, Verdict.OUT_OF_RANGE, Verdict.BLANK]
    found = Registration.of_trajectory(trajectory, verdicts, clamped=1, provenance={"dtype": "uint8"})
    content = summary(found, 1.0, {"transforms": Path("drift.json")})
    assert content["advice"][:2] == [str(each) for each in advise(found)]
    show({"movie.tif": content}, as_json=False)
    told = capsys.readouterr().out
    assert "2 frames blank (1, 3): There is no signal" in told
    assert "1 frame out of range (2)" in told
    assert "1 pixel clamped: interpolation went beyond the range of uint8. --dtype float32 keeps such values." in told
    assert told.index("Try --reference pairs") < told.index("drift.json")


def test_a_plan_of_one_chunk_is_singular(tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "movie.tif", np.zeros((3, 32, 32), np.uint16), photometric="minisblack")
    told = information.of_file(tmp_path / "movie.tif", ReadingOptions(axes="TYX"), None)
    assert told["plan"].startswith("1 chunk of ")
