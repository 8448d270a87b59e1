"""Where the images of a result are found again: never another file that happens to have their name."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tifffile

from holdstill.api import register
from holdstill.contracts import ReadingOptions
from holdstill.errors import InputError, MissingFile
from holdstill.io.inputs import fingerprint
from holdstill.result.originals import find_images, is_input, recall_reading
from holdstill.result.registration import Registration


@pytest.fixture
def movie(tmp_path: Path) -> Path:
    scene = np.random.default_rng(1).random((40, 44)).cumsum(0).cumsum(1) % 50
    frames = np.stack([np.roll(scene, t, 0) for t in range(3)])
    (tmp_path / "data").mkdir()
    tifffile.imwrite(tmp_path / "data" / "movie.tif", (frames * 100).astype(np.uint16), photometric="minisblack")
    return tmp_path / "data" / "movie.tif"


@pytest.fixture
def found(movie: Path, monkeypatch: pytest.MonkeyPatch) -> Registration:
    monkeypatch.chdir(movie.parent.parent)
    return register("data/movie.tif", axes="TYX", reference="first")


def test_a_relative_name_is_found_from_elsewhere(found: Registration, movie: Path, monkeypatch, tmp_path) -> None:
    assert found.provenance["input"] == "data/movie.tif"
    (tmp_path / "other").mkdir()
    monkeypatch.chdir(tmp_path / "other")
    assert Path(find_images(found)) == movie
    os.utime(movie)  # touched, not changed
    assert Path(find_images(found)) == movie


def test_one_of_the_same_name_is_not_taken_for_it(found: Registration, movie: Path, monkeypatch, tmp_path) -> None:
    (tmp_path / "other" / "data").mkdir(parents=True)
    tifffile.imwrite(
        tmp_path / "other" / "data" / "movie.tif", np.zeros((3, 40, 44), np.uint16), photometric="minisblack"
    )
    monkeypatch.chdir(tmp_path / "other")
    moved = movie.rename(tmp_path / "kept.tif")
    with pytest.raises(MissingFile, match="not there any more"):
        find_images(found)
    with pytest.raises(InputError, match="is not what was registered"):
        find_images(found, tmp_path / "other" / "data")
    shutil.copy(moved, tmp_path / "movie.tif")  # copied beside the result, with another time
    assert Path(find_images(found, tmp_path)) == tmp_path / "movie.tif"


def test_a_movie_that_was_changed_is_told(found: Registration, movie: Path) -> None:
    with movie.open("r+b") as file:
        file.seek(-1, os.SEEK_END)
        file.write(b"\xee")
    with pytest.raises(InputError, match="changed since"):
        find_images(found)
    assert not is_input(found, movie)


def test_without_a_note_of_the_content_only_the_full_name_counts(found: Registration, movie: Path, tmp_path) -> None:
    known = {"input": str(movie)}
    assert Path(find_images(replace(found, provenance=known))) == movie
    for name in ("data/movie.tif", "movie.tif"):
        with pytest.raises(MissingFile):
            find_images(replace(found, provenance={"input": name}), tmp_path / "nowhere")
    for nothing in ({}, {"input": "array"}, {"input": 7}):
        with pytest.raises(InputError, match="does not say"):
            find_images(replace(found, provenance=nothing))


def test_results_that_counted_the_time_too_are_known(found: Registration, movie: Path) -> None:
    old = {"input": "data/movie.tif", "input_files": fingerprint([movie])}
    assert Path(find_images(replace(found, provenance=old))) == movie


def test_how_it_was_read_is_recalled(found: Registration) -> None:
    assert recall_reading(found) == ReadingOptions(axes="TYX")
    told = {"axes": "TYX", "reading": {"scene": 2, "skip_bad": True, "trust": True}}
    assert recall_reading(replace(found, provenance=told)) == ReadingOptions(
        axes="TYX", scene=2, skip_bad=True, trust=True
    )
    assert recall_reading(replace(found, provenance={"reading": 3, "axes": 4})) == ReadingOptions()
