"""What is done with flagged and with good frames: the same bits on every engine, and after an interruption."""

from pathlib import Path

import numpy as np
import pytest
import tifffile

import holdstill as hs
from holdstill.cli import run
from holdstill.engines import plan
from holdstill.errors import InputError, UnknownName
from tests.run.test_resume import cropped, interrupted

BLANK = [9, 50]


@pytest.fixture(scope="module")
def movie(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """70 frames of which two are blank."""
    frames = cropped(70, (64, 72))
    frames[BLANK] = 100
    path = tmp_path_factory.mktemp("movie") / "short.tif"
    tifffile.imwrite(path, frames, imagej=True, metadata={"axes": "TYX", "finterval": 0.5})
    return path


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "MAX_CHUNK_FRAMES", 10)


def read(path: Path) -> np.ndarray:
    with hs.open(path) as source:
        return source.read(0, source.info.n_frames)[:, 0]


@pytest.mark.parametrize("options", [{"repair": "drop"}, {"repair": "identity", "smooth": "spline"}])
def test_interrupted_and_resumed(movie: Path, tmp_path: Path, options: dict[str, str]) -> None:
    whole, target = tmp_path / "whole.ome.tif", tmp_path / "out.ome.tif"
    hs.correct(movie, whole, report=False, **options)
    interrupted(movie, target, 3, **options)
    reg = hs.correct(movie, target, report=False, resume=True, workers=1, **options)
    assert target.read_bytes() == whole.read_bytes()
    assert reg.treatments[9] == {"drop": "dropped", "identity": "identity"}[options["repair"]]
    assert reg.treatments[10] == ("smoothed" if "smooth" in options else "estimated")
    assert np.array_equal(read(whole), reg.apply(read(movie)))
    assert reg.provenance["repair"] == options["repair"]


def test_dropped_frames_are_left_out_of_the_file_and_listed(movie: Path, tmp_path: Path) -> None:
    target = tmp_path / "still.ome.tif"
    reg = hs.correct(movie, target, repair="drop", report=False)
    assert np.flatnonzero(~reg.kept).tolist() == BLANK
    with hs.open(target) as source:
        assert source.info.n_frames == 68
        assert source.info.times_s[8:10] == (4.0, 5.0)
    usual = hs.correct(movie, tmp_path / "usual.ome.tif", report=False)
    assert np.array_equal(read(target), np.delete(read(tmp_path / "usual.ome.tif"), BLANK, axis=0))
    assert np.array_equal(usual.estimates, reg.estimates, equal_nan=True)
    rows = (tmp_path / "still.drift.csv").read_text().splitlines()
    assert ",dropped,0," in rows[10]


def test_smoothing_after_the_fact_is_the_same(movie: Path) -> None:
    raw = hs.register(movie)
    asked = hs.register(movie, smooth="kalman")
    later = raw.smooth("kalman")
    assert np.array_equal(asked.parameters, later.parameters)
    assert np.array_equal(asked.errors, later.errors, equal_nan=True)
    assert asked.treatments == later.treatments
    assert np.array_equal(asked.estimates, raw.estimates, equal_nan=True)
    assert not np.array_equal(asked.parameters, raw.parameters)
    with pytest.raises(InputError, match="smoothed already"):
        later.smooth()
    slow = cropped(18, (64, 72)).repeat(4, axis=0)  # means of frames that jump show other content each
    averaged = hs.register(slow, smooth="kalman", average=4)
    assert averaged.treatments[0] == "smoothed"
    assert not np.array_equal(averaged.estimates, averaged.parameters)


def test_contradictions_are_told_before_anything_is_read(movie: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(InputError, match="take reference='template'"):
        hs.register(movie, reference="previous", smooth="kalman")
    with pytest.raises(UnknownName, match="no repair 'mend'"):
        hs.register(movie, repair="mend")
    assert run(["register", str(movie), "-o", str(movie.with_name("x.json")), "--smooth", "wiener"]) == 2
    assert capsys.readouterr().err == (
        "holdstill: there is no smooth 'wiener'; choose one of spline, kalman, or leave it out\n"
    )
