"""The viewer from Python."""

import json
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import numpy as np
import pytest
import tifffile

import holdstill as hs
from holdstill.errors import InputError, MissingFile
from holdstill.result.registration import Registration
from holdstill.transforms.trajectory import Trajectory


@pytest.fixture
def found() -> Registration:
    return Registration.of_trajectory(Trajectory.of("translation", np.eye(4, 2) * 2, (16, 20)))


def test_a_result_in_memory_is_shown_until_it_is_closed(found: Registration) -> None:
    movie = np.random.default_rng(0).integers(0, 99, (4, 16, 20)).astype(np.uint8)
    with hs.view(found, movie, browser=False) as window:
        assert window.address in window._repr_html_()
        with urlopen(window.address + "api/summary") as answer:
            told = json.load(answer)
        assert told["views"] == ["raw", "corrected"]
        with urlopen(window.address + "api/frame?view=corrected&t=1&low=0&high=255") as answer:
            pixels = np.frombuffer(answer.read(), np.uint8).reshape(16, 20)
        np.testing.assert_array_equal(pixels, found.apply(movie)[1])
    with pytest.raises(URLError):
        urlopen(window.address, timeout=2)


def test_what_cannot_be_shown(found: Registration, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="give the images"):
        hs.view(found, browser=False)
    with pytest.raises(InputError, match="4"):
        hs.view(found, np.zeros((3, 16, 20)), browser=False)
    with pytest.raises(MissingFile):
        hs.view(tmp_path / "movie.tif", browser=False)


def test_arrays_are_shown_alone_and_side_by_side() -> None:
    movie = np.random.default_rng(0).integers(0, 99, (4, 16, 20)).astype(np.uint8)
    for others, views in ((None, ["raw"]), (movie[::-1], ["raw", "corrected"])):
        with hs.view(movie, others, browser=False) as window:
            with urlopen(window.address + "api/summary") as answer:
                told = json.load(answer)
            assert (told["views"], told["name"], told["n_frames"]) == (views, "Movie in memory", 4)
            with urlopen(window.address + f"api/frame?view={views[-1]}&t=1&low=0&high=255") as answer:
                pixels = np.frombuffer(answer.read(), np.uint8).reshape(16, 20)
            np.testing.assert_array_equal(pixels, (movie if others is None else others)[1])
    with pytest.raises(InputError, match="one length"):
        hs.view(movie, movie[:2], browser=False)
    with pytest.raises(InputError, match="both as paths"):
        hs.view("movie.tif", movie, browser=False)


def test_a_file_is_shown(tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "movie.tif", np.zeros((3, 8, 9), np.uint8), photometric="minisblack")
    with hs.view(tmp_path / "movie.tif", axes="TYX", browser=False) as window, urlopen(window.address) as answer:
        assert answer.status == 200
