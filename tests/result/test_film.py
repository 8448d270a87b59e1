"""Films: raw and corrected side by side, one page a frame."""

import json
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from holdstill.cli import run
from holdstill.contracts import Verdict
from holdstill.errors import FileError, InputError
from holdstill.io.array import ArraySource
from holdstill.result.film import FilmOptions, choose_step, load_font, write_film
from holdstill.result.registration import Registration
from holdstill.transforms.trajectory import Trajectory


@pytest.fixture
def found() -> tuple[Registration, np.ndarray]:
    """Six frames of a square that moves down by 4 px each; the last is flagged."""
    movie = np.zeros((6, 64, 80), np.uint16)
    for t in range(6):
        movie[t, 8 + 4 * t : 20 + 4 * t, 30:42] = 1000
    shifts = np.array([[4.0 * t, 0] for t in range(6)])
    verdicts = [Verdict.OK] * 5 + [Verdict.BLANK]
    trajectory = Trajectory.of("translation", shifts, (64, 80))
    return Registration.of_trajectory(trajectory, verdicts, pixel_size_um=(None, 0.5, 0.5), provenance={}), movie


def sources(found: Registration, movie: np.ndarray) -> tuple[ArraySource, ArraySource]:
    return ArraySource(movie, axes="TYX"), ArraySource(found.apply(movie), axes="TYX")


def test_a_gif_shows_raw_moving_and_corrected_standing(found: tuple[Registration, np.ndarray], tmp_path: Path) -> None:
    path = write_film(found[0], *sources(*found), tmp_path / "film.gif", FilmOptions(fps=10))
    with Image.open(path) as film:
        assert film.n_frames == 6
        assert film.info["duration"] == 100
        pages = []
        for t in range(6):
            film.seek(t)
            pages.append(np.asarray(film.convert("L")).astype(int))
    panels = 3 * 64, 3 * 80  # enlarged by whole pixels
    raw = [page[24 : 24 + panels[0] - 40, : panels[1]] for page in pages]
    still = [page[24 : 24 + panels[0] - 40, panels[1] + 8 : 2 * panels[1] + 8] for page in pages]
    rows = [np.flatnonzero((part > 200).sum(axis=1) > 20).min() for part in raw]
    assert np.diff(rows).tolist() == [12] * 5
    assert len({np.flatnonzero((part > 200).sum(axis=1) > 20).min() for part in still}) == 1


def test_a_blank_frame_in_the_middle_does_not_set_black_and_white(
    found: tuple[Registration, np.ndarray], tmp_path: Path
) -> None:
    movie = found[1] + np.linspace(0, 500, 80).astype(np.uint16)
    movie[3] = 7
    verdicts = [Verdict.BLANK if t == 3 else Verdict.OK for t in range(6)]
    marked = Registration.of_trajectory(found[0].trajectory, verdicts, provenance={})
    path = write_film(marked, *sources(marked, movie), tmp_path / "film.gif", FilmOptions())
    with Image.open(path) as film:
        raw = np.asarray(film.convert("L"))[24 : 24 + 3 * 64, : 3 * 80]
    assert (raw > 250).mean() < 0.1  # the square; on the scale of the blank frame all was white


def test_infinite_pixels_are_as_black_as_unknown_ones(found: tuple[Registration, np.ndarray], tmp_path: Path) -> None:
    movie = found[1].astype(np.float32)
    movie[0, 40:50, 10:20] = np.inf
    path = write_film(found[0], *sources(found[0], movie), tmp_path / "film.gif", FilmOptions())
    with Image.open(path) as film:
        raw = np.asarray(film.convert("L"))[24 : 24 + 3 * 64, : 3 * 80]
    assert raw[125:145, 35:55].max() < 30


def test_the_font_has_a_micro_sign_for_the_scale_bar() -> None:
    font = load_font()
    assert bytes(font.getmask("\N{MICRO SIGN}")) != bytes(font.getmask("\uffff"))  # what is drawn for a missing sign


def test_an_mp4_has_every_second_frame(found: tuple[Registration, np.ndarray], tmp_path: Path) -> None:
    av = pytest.importorskip("av", reason='no av here: pip install "holdstill[video]"')
    path = write_film(found[0], *sources(*found), tmp_path / "film.mp4", FilmOptions(step=2))
    with av.open(str(path)) as container:
        pages = [page.to_ndarray(format="rgb24") for page in container.decode(video=0)]
    assert len(pages) == 3
    assert all(side % 2 == 0 for side in pages[0].shape[:2])


def test_narrow_frames_and_one_that_cannot_be_read(tmp_path: Path) -> None:
    movie = np.random.default_rng(0).integers(0, 999, (5, 300, 20)).astype(np.uint16)
    found = Registration.of_trajectory(Trajectory.of("translation", np.zeros((5, 2)), (300, 20)))

    class Broken(ArraySource):
        def read(self, start, stop, *, channel=None):
            if start == 2:
                raise FileError("frame 2 cannot be decoded")
            return super().read(start, stop, channel=channel)

    raw = Broken(movie, axes="TYX")
    path = write_film(found, raw, ArraySource(movie, axes="TYX"), tmp_path / "film.gif", FilmOptions())
    with Image.open(path) as film:
        assert film.n_frames == 5
        assert film.size[0] >= 300
        pages = []
        for t in range(5):
            film.seek(t)
            pages.append(np.asarray(film.convert("L")).astype(int)[60:300, :20])
    assert pages[2].max() < 60 < pages[1].max()  # black, and said so above


def test_steps_and_options_that_do_not_fit(found: tuple[Registration, np.ndarray], tmp_path: Path) -> None:
    assert [choose_step(n, None) for n in (1, 600, 601, 6000)] == [1, 1, 2, 10]
    for path, options, text in (
        (tmp_path / "film.avi", FilmOptions(), r"\.mp4 or \.gif"),
        (tmp_path / "film.gif", FilmOptions(step=0), "--step 0"),
        (tmp_path / "film.gif", FilmOptions(fps=0), "--fps 0"),
        (tmp_path / "film.gif", FilmOptions(channel=1), "no channel 1 of 1"),
    ):
        with pytest.raises(InputError, match=text):
            write_film(found[0], *sources(*found), path, options)
    assert list(tmp_path.iterdir()) == []


def test_the_command(
    found: tuple[Registration, np.ndarray], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    registration, movie = found
    tifffile.imwrite(tmp_path / "movie.tif", movie, photometric="minisblack")
    registration.save(tmp_path / "drift.json")
    command = ["movie", str(tmp_path / "drift.json"), str(tmp_path / "film.gif"), "--raw", str(tmp_path / "movie.tif")]
    assert run([*command, "--axes", "TYX", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"film": str(tmp_path / "film.gif"), "step": 1}
    assert run([*command, "--axes", "TYX"]) == 2  # it is there already
    assert run(["movie", str(tmp_path / "movie.tif"), str(tmp_path / "other.gif"), "--axes", "TYX"]) == 2
    assert "is not a result" in capsys.readouterr().err
