"""The command line as a user meets it: what works, and one line for what does not."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import tifffile

from holdstill.cli import run
from holdstill.cli.summary import summary
from holdstill.evaluation import trajectories
from holdstill.evaluation.movies import make_movie
from holdstill.evaluation.presets import sparse
from holdstill.result.registration import Registration
from holdstill.transforms.trajectory import Trajectory

SHIFTS = trajectories.drift(24, 4.0, seed=2)


@pytest.fixture(scope="module")
def movie() -> np.ndarray:
    return make_movie(sparse((96, 112)), SHIFTS, photons=50.0, seed=1).frames


@pytest.fixture
def path(tmp_path: Path, movie: np.ndarray) -> Path:
    target = tmp_path / "movie with space \N{GREEK SMALL LETTER MU}.tif"
    tifffile.imwrite(target, movie, photometric="minisblack")
    return target


def failure(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    assert run(arguments) == 2
    text = capsys.readouterr().err
    assert text.startswith("holdstill: ")
    assert text.count("\n") == 1
    return text


def test_correct_writes_everything_and_says_so(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = path.with_name("still.ome.tif")
    assert run(["correct", str(path), str(target), "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert content["frames"] == 24
    assert content["flagged"] == {}
    assert {Path(name).name for name in content["files"].values()} == {
        "still.ome.tif", "still.drift.json", "still.drift.csv", "still.report.html",
    }  # fmt: skip
    assert all(Path(name).stat().st_size for name in content["files"].values())
    with tifffile.TiffFile(target) as file:
        assert file.is_ome
        assert file.series[0].axes == "TYX"


def test_register_then_apply_equals_correct(path: Path) -> None:
    folder = path.parent
    names = [str(folder / name) for name in ("a.ome.tif", "drift.json", "b.ome.tif")]
    assert run(["correct", str(path), names[0], "--no-report"]) == 0
    assert run(["register", str(path), "-o", names[1]]) == 0
    assert run(["apply", names[1], str(path), names[2]]) == 0
    np.testing.assert_array_equal(tifffile.imread(names[0]), tifffile.imread(names[2]))


def test_report_from_the_saved_result(path: Path) -> None:
    drift = path.with_name("drift.json")
    assert run(["register", str(path), "-o", str(drift)]) == 0
    assert run(["report", str(drift)]) == 0
    assert "<html" in drift.with_suffix(".html").read_text(encoding="utf-8")
    beside = drift.with_name("still.drift.json")  # as `correct` calls it, and still.report.html its report
    beside.write_bytes(drift.read_bytes())
    assert run(["report", str(beside)]) == 0
    assert "<html" in drift.with_name("still.report.html").read_text(encoding="utf-8")
    assert run(["report", str(beside)]) == 2  # not a second one under another name


def test_report_finds_the_movie_beside_a_result_that_was_moved(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drift = path.with_name("drift.json")
    assert run(["register", str(path), "-o", str(drift)]) == 0
    there = tmp_path / "elsewhere"
    there.mkdir()
    for each in (path, drift):
        each.rename(there / each.name)
    assert run(["report", str(there / drift.name)]) == 0
    assert "not at hand" not in (there / drift.name).with_suffix(".html").read_text(encoding="utf-8")
    assert "--raw MOVIE" not in capsys.readouterr().out
    (there / path.name).unlink()
    assert run(["report", str(there / drift.name), "--overwrite"]) == 0
    assert f"name it: holdstill report {there / drift.name} --raw MOVIE" in capsys.readouterr().out


def test_a_wrong_mask_or_channel_is_told_in_few_words(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (path.parent / "mask.json").write_text("{}")
    for option, value, told in (
        ("--mask", str(path.parent / "mask.json"), "no decoder of pictures takes it"),
        ("--channel", "5", "has no channel 5; it has 0 alone"),
    ):
        assert run(["correct", str(path), str(path.parent / "out.ome.tif"), option, value]) == 2
        shown = capsys.readouterr().err
        assert told in shown
        assert len(shown) < 300


def test_crop_keeps_what_all_frames_cover(path: Path) -> None:
    target = path.with_name("cropped.ome.tif")
    assert run(["correct", str(path), str(target), "--crop", "--no-report", "--max-shift", "20,20"]) == 0
    shape = tifffile.imread(target).shape
    assert shape[1] < 96
    assert shape[2] < 112


def test_info_of_a_file_and_of_the_machine(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["info", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["axes"] == "TYX"
    assert run(["info"]) == 0
    assert "cpu" in capsys.readouterr().out


def test_info_of_a_file_that_is_cut_short(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cut = path.with_name("cut.tif")
    cut.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    assert run(["info", str(cut)]) == 2
    assert "cut short" in capsys.readouterr().err
    assert run(["info", str(cut), "--skip-bad", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["shape"] == list(tifffile.imread(path).shape)


@pytest.mark.parametrize("command", ["correct", "register", "apply", "report", "info", "demo"])
def test_help_has_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([command, "--help"]) == 0
    assert f"Example: holdstill {command}" in capsys.readouterr().out


def test_a_wrong_option_names_the_help_that_lists_the_right_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["correct", "--bogus"]) == 2
    assert capsys.readouterr().err.strip().endswith("(see: holdstill correct --help)")
    assert run(["corect"]) == 2
    assert capsys.readouterr().err.strip().endswith("(see: holdstill --help)")


def write(path: Path, frames: np.ndarray) -> Path:
    tifffile.imwrite(path, frames, photometric="minisblack")
    return path


def test_bad_input_is_one_line_and_writes_nothing(
    tmp_path: Path, movie: np.ndarray, capsys: pytest.CaptureFixture[str]
) -> None:
    good = write(tmp_path / "good.tif", movie)
    text = tmp_path / "text.tif"
    text.write_text("no picture")
    cut = tmp_path / "cut.tif"
    cut.write_bytes(good.read_bytes()[: good.stat().st_size * 2 // 3])
    sizes = tmp_path / "sizes.tif"
    with tifffile.TiffWriter(sizes) as writer:
        writer.write(movie[0], photometric="minisblack")
        writer.write(movie[1, :50], photometric="minisblack")
    ambiguous = tmp_path / "ambiguous.tif"
    tifffile.imwrite(ambiguous, np.zeros((3, 4, 32, 32), np.uint8), metadata=None, photometric="minisblack")
    tifffile.imwrite(ambiguous, np.zeros((3, 4, 32, 32), np.uint8), metadata={"axes": "QQYX"}, photometric="minisblack")
    cases = {
        "missing.tif": (tmp_path / "missing.tif", [], "no such file"),
        "text.tif": (text, [], "TIFF"),
        "cut.tif": (cut, [], "frame"),
        "one.tif": (write(tmp_path / "one.tif", movie[0]), [], "frame"),
        "sizes.tif": (sizes, [], "1"),
        "ambiguous.tif": (ambiguous, [], "axes"),
        "constant.tif": (
            write(tmp_path / "constant.tif", np.full((5, 64, 64), 7, np.uint8)),
            [],
            "nothing to register",
        ),
        "good.tif": (good, ["--channel", "GFP"], "no channel"),
    }
    before = sorted(tmp_path.iterdir())
    for name, (source, options, expected) in cases.items():
        said = failure(["correct", str(source), str(tmp_path / "out.ome.tif"), *options], capsys)
        assert name in said
        assert expected in said
    assert sorted(tmp_path.iterdir()) == before


def test_wrong_shapes_of_mask_and_reference(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    small = write(path.with_name("small.tif"), np.ones((20, 20), np.uint8))
    out = path.with_name("out.ome.tif")
    for option in ("--mask", "--reference"):
        said = failure(["correct", str(path), str(out), option, str(small)], capsys)
        assert "(20, 20)" in said
        assert "(96, 112)" in said
    assert not out.exists()


def test_targets_in_the_way(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "same file" in failure(["correct", str(path), str(path), "--overwrite"], capsys)
    out = path.with_name("out.ome.tif")
    out.write_text("mine")
    assert "--overwrite" in failure(["correct", str(path), str(out)], capsys)
    assert out.read_text() == "mine"
    assert run(["correct", str(path), str(out), "--overwrite", "--no-report"]) == 0


def test_inputs_are_never_overwritten(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    drift = path.with_name("drift.json")
    assert run(["register", str(path), "-o", str(drift)]) == 0
    before = path.read_bytes(), drift.read_bytes()
    for arguments in (
        ["register", str(path), "-o", str(path)],
        ["apply", str(drift), str(path), str(path)],
        ["apply", str(drift), str(path), str(drift)],
        ["report", str(drift), "-o", str(drift)],
    ):
        assert "same file" in failure([*arguments, "--overwrite"], capsys)
    assert (path.read_bytes(), drift.read_bytes()) == before


def test_names_are_shown_as_they_are(tmp_path: Path, movie: np.ndarray, capsys: pytest.CaptureFixture[str]) -> None:
    source = write(tmp_path / "cell [red] :car:.tif", movie)
    assert run(["register", str(source), "-o", str(tmp_path / "drift [bold].json")]) == 0
    shown = capsys.readouterr().out
    assert source.name in shown
    assert "drift [bold].json" in shown


def test_no_error_bar_is_null_in_json() -> None:
    unknown = Registration.of_trajectory(Trajectory.of("translation", np.zeros((3, 2)), (8, 8)))
    assert json.dumps(summary(unknown, 0.1, {}), allow_nan=False)


def test_no_space_left(path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("holdstill.io.file_sink.shutil.disk_usage", lambda folder: SimpleNamespace(free=0))
    out = path.with_name("out.ome.tif")
    assert "out.ome.tif" in failure(["correct", str(path), str(out)], capsys)
    assert not list(path.parent.glob("*out*"))


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--method", "direkt"], "direct"),
        (["--motion", "wobble"], "translation"),
        (["--device", "abacus"], "cpu"),
        (["--engine", "steam"], "threads"),
        (["--interpolation", "magic"], "cubic"),
        (["--edge", "magic"], "reflect"),
        (["--reference", "best"], "template"),
        (["--max-shift", "far"], "20,40"),
        (["--max-shift", "1,2,3"], "(y, x)"),
        (["--fill", "-1"], "0 to 65535"),
        (["--reference", "99"], "24 frames"),
        (["--workers", "0"], "1 or more"),
    ],
)
def test_unknown_names_list_the_known(
    path: Path, capsys: pytest.CaptureFixture[str], options: list[str], expected: str
) -> None:
    said = failure(["correct", str(path), str(path.with_name("out.ome.tif")), *options], capsys)
    assert expected in said
    assert not list(path.parent.glob("*out*"))


def test_usage_errors_are_one_line(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "--frobnicate" in failure(["correct", str(path), "out.tif", "--frobnicate"], capsys)
    assert "OUT" in failure(["correct", str(path)], capsys)
    assert "corect" in failure(["corect"], capsys)


def test_errors_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["info", "missing.tif", "--json"]) == 2
    assert "no such file" in json.loads(capsys.readouterr().out)["error"]


@pytest.mark.skipif(os.name == "nt", reason="sends SIGINT")
def test_interrupt_leaves_nothing_that_looks_whole(tmp_path: Path, movie: np.ndarray) -> None:
    source = tmp_path / "long.tif"
    with tifffile.TiffWriter(source) as writer:
        for frame in np.concatenate([movie] * 150):
            writer.write(frame, contiguous=True)
    target = str(tmp_path / "out.ome.tif")
    command = [sys.executable, "-m", "holdstill", "correct", str(source), target, "--workers", "1"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 30
    while not list(tmp_path.glob(".out*")) and time.monotonic() < deadline and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 130, said
    assert "goes on with --resume" in said
    assert {path.name for path in tmp_path.iterdir()} <= {"long.tif", ".out.ome.tif.resume"}
