"""`holdstill integrity` and `holdstill view` from the command line."""

import json
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import numpy as np
import pytest
import tifffile
from scipy import ndimage

from holdstill.cli import run
from holdstill.cli.view import _split_place
from holdstill.evaluation.slides import make_slide


@pytest.fixture
def cycles(tmp_path: Path) -> Path:
    random = np.random.default_rng(0)
    images = random.poisson(random.gamma(4, 50, (60, 60)), (3, 60, 60)).astype(np.uint16)
    images[2, :, 30:] = 5
    tifffile.imwrite(tmp_path / "cycles.tif", images, photometric="minisblack")
    return tmp_path / "cycles.tif"


def test_integrity_tells_what_was_kept(cycles: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = cycles.parent / "out"
    options = [str(cycles), "-o", str(out), "--tile", "30", "--threshold", "0.5", "--axes", "TYX"]
    assert run(["integrity", *options, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["share_kept"] == [1.0, 1.0, 0.5]
    assert told["n_unknown"] == [0, 0, 2]  # without variance
    assert run(["integrity", *options, "--overwrite"]) == 0
    shown = capsys.readouterr().out
    assert re.search(r"3 +50\.0% +50\.0% +2 +2 +cycle 3", shown)
    assert "4 cells, kept from a correlation of 0.500 on" in shown
    assert run(["integrity", *options, "--names", "CD3,CD8,Ki67", "--overwrite"]) == 0
    shown = capsys.readouterr().out
    assert re.search(r"3 +50\.0% +50\.0% +2 +2 +cycle 3 +Ki67", shown)
    assert "had finished" not in shown
    assert run(["integrity", *options, "--names", "CD3,CD8,Ki67", "--resume"]) == 0
    assert f"{out} had finished already; nothing was left to do" in capsys.readouterr().out.replace("\n", "")


def test_tissue_that_bends_is_told_of_where_a_matrix_was_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    slide = make_slide((300, 320), 2, seed=1)
    y, x = np.mgrid[:300, :320].astype(float)
    places = [y + 4 * np.sin(y / 110) * np.cos(x / 130), x + 4 * np.cos(y / 120) * np.sin(x / 100)]
    images = slide.images.copy()
    images[1] = ndimage.map_coordinates(images[1].astype(float), places, order=3, mode="nearest").clip(0)
    np.save(tmp_path / "cycles.npy", images)
    options = [str(tmp_path / "cycles.npy"), "-o", str(tmp_path / "out"), "--axes", "TYX"]
    assert run(["integrity", *options, "--register", "translation"]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "Cycle 2 still lies off after translation: by" in shown
    assert "registered by --register piecewise." in shown


@pytest.mark.parametrize(
    ("options", "text"),
    [(["--channel", "DAPI"], "has no channel 'DAPI'"), (["--labels", "no.tif"], "no.tif: no such file"),
     (["--register", "shear"], "not registered by motion 'shear'"), (["--slack", "9"], "not 0 to 3 px"),
     (["--names", "a,b"], "names of 2 cycles for 3"), (["--labels", ""], "is a folder; give one image of labels")],
)  # fmt: skip
def test_bad_options_are_one_line(cycles: Path, capsys: pytest.CaptureFixture[str], options, text) -> None:
    assert run(["integrity", str(cycles), "-o", str(cycles.parent / "out"), "--axes", "TYX", *options]) == 2
    told = capsys.readouterr().err.strip()
    assert text in told
    assert "\n" not in told


def test_a_cell_is_named_behind_the_folder(tmp_path: Path) -> None:
    (tmp_path / "a#cell=3").mkdir()
    assert _split_place(tmp_path / "result#cell=17&cycle=3") == (tmp_path / "result", "#cell=17&cycle=3")
    assert _split_place(tmp_path / "a#cell=3") == (tmp_path / "a#cell=3", "")
    assert _split_place(tmp_path / "movie #2.tif") == (tmp_path / "movie #2.tif", "")


def test_what_cannot_be_shown_is_one_object(cycles: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (cycles.parent / "broken.drift.json").write_text("{}")
    assert run(["view", str(cycles.parent / "broken.drift.json"), "--json", "--no-browser", "--port", "0"]) == 2
    told = capsys.readouterr().out
    assert "not a result of holdstill" in json.loads(told)["error"]  # nothing before or after it


def test_a_file_that_cannot_be_shown_has_no_address(cycles: Path, capsys, monkeypatch) -> None:
    """An address of a page that is gone was printed; now the page that is opened says what is wrong."""
    (cycles.parent / "broken.drift.json").write_text("{}")
    seen: list[str] = []
    pages: list[threading.Timer] = []

    def open_page(address: str) -> bool:
        def load() -> None:
            with pytest.raises(HTTPError, match="422") as told:
                urlopen(address + "api/summary", timeout=20)
            seen.append(json.load(told.value)["error"])

        pages.append(threading.Timer(0.5, load))  # a browser that comes when the command has failed already
        pages[0].start()
        return True

    monkeypatch.setattr("webbrowser.open", open_page)
    assert run(["view", str(cycles.parent / "broken.drift.json"), "--port", "0"]) == 2
    pages[0].join(20)  # the command may end before the page has read its answer
    told = capsys.readouterr()
    assert told.out == ""
    assert "not a result of holdstill" in told.err
    assert "not a result of holdstill" in seen[0]


def test_view_serves_until_interrupted(cycles: Path) -> None:
    command = [sys.executable, "-m", "holdstill", "view", str(cycles), "--axes", "TYX", "--json", "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as viewer:
        assert viewer.stdout is not None
        try:
            told = json.loads(viewer.stdout.readline())
            with urlopen(told["address"] + "api/summary", timeout=20) as answer:
                assert json.load(answer)["n_frames"] == 3
            with pytest.raises(HTTPError, match="403"):
                urlopen(f"http://127.0.0.1:{told['port']}/", timeout=20)
        finally:
            viewer.send_signal(signal.SIGINT)
        told_at_the_end = viewer.stdout.read()
        assert viewer.wait(timeout=30) == 0  # it was told to end so
        assert told_at_the_end == ""
