"""Many files at once, and positions that share one motion."""

import json
from pathlib import Path

import numpy as np
import pytest
import tifffile

import holdstill as hs
from holdstill.batch import correct_all, target_of
from holdstill.cli import run
from holdstill.contracts import Verdict
from holdstill.errors import HoldstillError, InputError
from holdstill.evaluation import trajectories
from holdstill.evaluation.movies import make_movie
from holdstill.evaluation.presets import texture
from holdstill.result.registration import Registration

SHIFTS = trajectories.walk(30, 0.8, seed=1)


def write(
    path: Path, seed: int, photons: float = 300.0, blank: tuple[int, ...] = (), shifts: np.ndarray = SHIFTS
) -> Path:
    movie = make_movie(texture((80, 96), seed=seed), shifts, photons=photons, seed=seed, blank_frames=blank)
    tifffile.imwrite(path, movie.frames, metadata={"axes": "TYX"})
    return path


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    bad = tmp_path / "b bad.tif"
    bad.write_bytes(b"no TIFF")
    good = [write(tmp_path / name, seed, shifts=SHIFTS[:8]) for seed, name in enumerate(("a.tif", "c ü.ome.tif"), 1)]
    return [good[0], bad, good[1], tmp_path / "missing.tif"]


def test_bad_files_stop_no_others(files: list[Path], tmp_path: Path) -> None:
    told = []
    results = correct_all(files, tmp_path / "out", notify=lambda path, result: told.append(path), report=False)
    assert told == files
    assert [isinstance(results[path], Registration) for path in files] == [True, False, True, False]
    assert "no such file" in str(results[files[3]])
    assert sorted(path.name for path in (tmp_path / "out").glob("*.tif")) == ["a.ome.tif", "c ü.ome.tif"]


def test_from_the_command_line(files: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = str(tmp_path / "out")
    assert run(["correct", *map(str, files), "-o", out, "--no-report"]) == 1
    said = capsys.readouterr()
    assert said.err.count("holdstill:") == 2
    assert said.out.count("failed") == 2
    assert said.out.count("corrected") == 2
    assert run(["correct", str(files[0]), str(files[2]), "-o", out, "--overwrite", "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert content[str(files[0])]["frames"] == 8
    assert run(["correct", str(files[0]), "-o", out]) == 1
    assert "--overwrite" in capsys.readouterr().err
    assert run(["correct", str(files[0])]) == 2
    assert "IN and OUT" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["still.ome.tif", "still.OME.ZARR"])
def test_a_folder_has_not_the_name_of_a_file(tmp_path: Path, name: str) -> None:
    """`-o still.tif` of one movie made a folder of that name."""
    with pytest.raises(InputError, match=r"into a folder; for one: holdstill correct .*a\.tif .*still"):
        correct_all([tmp_path / "a.tif"], tmp_path / name)
    assert not list(tmp_path.iterdir())


def test_names_that_would_meet(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="same name"):
        correct_all([tmp_path / "x" / "a.tif", tmp_path / "y" / "a.ome.tif"], tmp_path)
    assert target_of(Path("x/run.1.tiff"), Path("o")) == Path("o/run.1.ome.tif")


def test_positions_share_one_motion(tmp_path: Path) -> None:
    """A bright position carries a dim one, and each the frames that the other lacks."""
    paths = [write(tmp_path / "bright.tif", 1, 300.0, blank=(9,)), write(tmp_path / "dim.tif", 2, 30.0, blank=(4, 20))]
    alone = hs.register(paths[1])
    together = correct_all(paths, tmp_path / "out", share=True)
    one, other = (together[path] for path in paths)
    assert isinstance(one, Registration)
    assert isinstance(other, Registration)
    np.testing.assert_array_equal(one.parameters, other.parameters)
    assert other.ok.all()
    off = other.shifts - SHIFTS
    off -= np.median(off, axis=0)
    before = alone.shifts - SHIFTS
    before -= np.median(before, axis=0)
    assert np.sqrt((off**2).mean()) < 0.5 * np.sqrt((before[alone.ok] ** 2).mean())
    assert alone.verdicts[4] is Verdict.BLANK
    assert {path.name for path in (tmp_path / "out").iterdir()} >= {"bright.ome.tif", "dim.ome.tif", "dim.report.html"}


def test_positions_that_move_on_their_own(tmp_path: Path) -> None:
    paths = [write(tmp_path / "a.tif", 1), write(tmp_path / "b.tif", 2, shifts=trajectories.walk(30, 0.8, seed=9))]
    with pytest.raises(InputError, match="moves on its own"):
        correct_all(paths, tmp_path / "out", share=True)
    longer = write(tmp_path / "c.tif", 2, shifts=trajectories.walk(31, 0.8, seed=9))
    with pytest.raises(InputError, match="as many of them"):
        correct_all([paths[0], longer], tmp_path / "out", share=True)


@pytest.mark.parametrize("motion", ["translation", "rigid"])
@pytest.mark.parametrize("crop", [False, True])
def test_coverage(tmp_path: Path, motion: str, crop: bool) -> None:
    path, mask = write(tmp_path / "a.tif", 1), tmp_path / "mask.tif"
    reg = hs.correct(path, tmp_path / "out.ome.tif", motion=motion, coverage=mask, crop=crop, report=False)
    shown = tifffile.imread(mask)
    still = tifffile.imread(tmp_path / "out.ome.tif")
    assert shown.shape == still.shape[1:]
    assert set(np.unique(shown)) <= {0, 255}
    if motion == "translation":
        expected = np.zeros(reg.frame_shape, bool)
        expected[reg.coverage] = True
        np.testing.assert_array_equal(shown > 0, expected[reg.coverage] if crop else expected)
    np.testing.assert_array_equal(shown > 0, (still > 0).all(axis=0))
    with pytest.raises(HoldstillError, match="exists already"):
        hs.correct(path, tmp_path / "other.ome.tif", coverage=mask)


def test_filled_with_nan(tmp_path: Path) -> None:
    path = tmp_path / "float.tif"
    tifffile.imwrite(path, tifffile.imread(write(tmp_path / "a.tif", 1)).astype(np.float32), metadata={"axes": "TYX"})
    assert run(["correct", str(path), str(tmp_path / "out.ome.tif"), "--fill", "nan", "--no-report"]) == 0
    reg = hs.load(tmp_path / "out.drift.json")
    still = tifffile.imread(tmp_path / "out.ome.tif")
    np.testing.assert_array_equal(np.isfinite(still).all(axis=0), reg.coverage_mask())
