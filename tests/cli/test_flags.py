"""Messages in the words of the command line."""

from pathlib import Path

import numpy as np
import pytest
import tifffile

from holdstill.cli import information, run
from holdstill.cli.flags import name_flags
from holdstill.contracts import ReadingOptions


@pytest.mark.parametrize(
    ("told", "here"),
    [
        ("pass axes='TYX' (--axes TYX)", "pass --axes TYX"),
        ("take reference='template'", "take --reference template"),
        ("--resume (resume=True) goes on, --overwrite (overwrite=True) starts", "--resume goes on, --overwrite starts"),
        ("take grid=(16, 64, 64) or more, average=4", "take --grid 16,64,64 or more, --average 4"),
        ("name the array itself, with axes=...", "name the array itself, with --axes ..."),
        (
            "max_shift=0.1 is in px; give 10",
            "max_shift=0.1 is in px; give 10",
        ),  # the first word may be of a file's name
        ("/data/bin=2/a.tif: no such file", "/data/bin=2/a.tif: no such file"),
        ("there is no score='x'", "there is no score='x'"),
    ],
)
def test_arguments_are_told_as_flags(told: str, here: str) -> None:
    assert name_flags(told) == here


def test_a_single_image_is_told_of_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    np.save(tmp_path / "a.npy", np.zeros((9, 9), np.uint8))
    assert run(["correct", str(tmp_path / "a.npy"), str(tmp_path / "out.tif")]) == 2
    assert "holdstill align FIXED MOVING OUT" in capsys.readouterr().err


def test_wrapped_frames_are_not_cropped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    np.save(tmp_path / "a.npy", np.random.default_rng(0).random((3, 16, 16)))
    options = ["--edge", "wrap", "--crop", "--reference", "first", "--device", "plain"]
    assert run(["correct", str(tmp_path / "a.npy"), str(tmp_path / "out.tif"), *options]) == 2
    assert "with --edge wrap frames lack nothing" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["a.npy"]


@pytest.mark.parametrize("n_frames", [3, 4])
def test_a_few_frames_that_look_like_colours(n_frames: int, tmp_path: Path) -> None:
    """TIFF of three or four frames of 8 bit is one in colours; `info` said nothing of `--axes`."""
    tifffile.imwrite(
        tmp_path / "a.tif", np.zeros((n_frames, 20, 30), np.uint8), photometric="rgb", planarconfig="separate"
    )
    assert f"{n_frames} channels are frames, pass --axes TYX" in _plan(tmp_path / "a.tif")
    assert "--axes" not in _plan(tmp_path / "a.tif", "TYX")


def test_planes_that_may_be_frames(tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "a.ome.tif", np.zeros((5, 20, 30), np.uint8), metadata={"axes": "ZYX"})
    assert "5 planes are frames, pass --axes TYX" in _plan(tmp_path / "a.ome.tif")


def _plan(path: Path, axes: str | None = None) -> str:
    return str(information.of_file(path, ReadingOptions(axes=axes), None)["plan"])
