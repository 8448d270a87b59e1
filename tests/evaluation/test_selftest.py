"""The user's own movie, moved in a known way."""

import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console
from scipy import ndimage

from holdstill.cli import run
from holdstill.cli.selftest import draw_scores
from holdstill.errors import InputError
from holdstill.evaluation import selftest, trajectories
from holdstill.evaluation.copies import make_copy
from holdstill.evaluation.movies import make_movie
from holdstill.evaluation.presets import sparse
from holdstill.evaluation.selftest import Score, recommend, try_methods
from holdstill.io.array import ArraySource
from holdstill.run.options import RegisteringOptions

OURS = Score(
    method="holdstill", error_px=0.02, stated_px=0.02, z_score=1.0, lost=0.0, flagged=0.0, ms_per_frame=1.0,
    memory_mb=1.0,
)  # fmt: skip
PEER = replace(OURS, method="another", stated_px=None, z_score=None, error_px=0.03)


@pytest.fixture(scope="module")
def movie() -> np.ndarray:
    truth = trajectories.walk(16, 0.4, seed=1)
    return make_movie(sparse((112, 128)), truth, photons=20.0, seed=2).frames


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """No other package; a package may or may not be there."""
    monkeypatch.setattr(selftest, "available_peers", dict)


def test_the_copy_has_the_noise_and_the_specimen_of_the_movie(movie: np.ndarray) -> None:
    frames, truth, clean = make_copy(ArraySource(movie, axes="TYX"), RegisteringOptions(), 30)
    assert frames.dtype == movie.dtype
    assert frames.shape[0] == len(truth) == 30
    assert clean.shape == frames.shape[1:]
    assert np.abs(truth.mean(axis=0)).max() < 1e-9
    dark = np.median(np.diff(frames.astype(float), axis=0).std(axis=0))
    assert dark == pytest.approx(np.median(np.diff(movie.astype(float), axis=0).std(axis=0)), rel=0.1)
    assert frames.mean() == pytest.approx(movie.mean(), rel=0.02)


def test_a_copy_shows_nothing_that_has_no_place_between_pixels() -> None:
    # of what is as fine as pixels the shift is up to 7 error bars off even beside the very picture that was moved
    rng = np.random.default_rng(0)
    fine = 300 + 60 * ndimage.gaussian_filter(rng.standard_normal((96, 96)), 2) / 0.14
    fine += 10 * rng.standard_normal((96, 96))
    movie = np.rint(fine + 5 * rng.standard_normal((12, 96, 96))).astype(np.uint16)
    clean = make_copy(ArraySource(movie, axes="TYX"), RegisteringOptions(), 20)[2]
    shown, recorded = (_share_of_finest(image) for image in (clean, movie.mean(axis=0)))
    assert shown < 0.3 * recorded


def _share_of_finest(image: np.ndarray) -> float:
    """How much of the slopes of an image is finer than 0.35 cycles per px."""
    power = np.abs(np.fft.fft2(image - image.mean())) ** 2
    cycles = np.hypot(*np.meshgrid(*(np.fft.fftfreq(n) for n in image.shape), indexing="ij"))
    return float((power * cycles**2)[cycles > 0.35].sum() / (power * cycles**2).sum())


def test_a_copy_has_the_grey_levels_of_the_movie_however_its_frames_are_compared() -> None:
    # a glow that stands still is taken out where frames are compared, not where a copy is made
    truth = trajectories.walk(16, 1.0, seed=1)
    frames = make_movie(sparse((112, 128)), truth, photons=20.0, seed=2).frames.astype(float)
    rows, columns = np.indices((112, 128))
    glow = 300 * np.exp(-((rows - 40) ** 2 + (columns - 70) ** 2) / (2 * 30**2))
    movie = np.rint(np.random.default_rng(0).poisson(glow, frames.shape) + frames).astype(np.uint16)
    copy = make_copy(ArraySource(movie, axes="TYX"), RegisteringOptions(), 12)[0]
    assert copy.mean() == pytest.approx(movie.mean(), rel=0.1)


def test_ours_finds_what_was_injected(movie: np.ndarray, alone: None) -> None:
    found = try_methods(ArraySource(movie, axes="TYX"), RegisteringOptions(), 24)
    [ours] = found.scores
    assert ours.error_px < 0.1
    assert ours.z_score is not None
    assert 0.6 < ours.z_score < 1.6
    assert ours.lost == ours.flagged == 0
    assert found.raw_px > 3 * ours.error_px
    assert found.recommendation.startswith("Register it with the defaults")


def test_the_command(movie: np.ndarray, tmp_path: Path, capsys: pytest.CaptureFixture[str], alone: None) -> None:
    np.save(tmp_path / "movie.npy", movie)
    assert run(["selftest", str(tmp_path / "movie.npy"), "--frames", "12"]) == 0
    said = capsys.readouterr().out
    assert "12 frames of" in said
    assert "with the noise of movie.npy" in said
    assert said.strip().splitlines()[-1].endswith(".")
    assert run(["selftest", str(tmp_path / "movie.npy"), "--frames", "12", "--json"]) == 0
    content = json.loads(capsys.readouterr().out)
    assert content["scores"][0]["method"] == "holdstill"


def test_the_table_fits_a_screen_of_eighty_columns() -> None:
    """Headers were broken within words: "refuse" and "d" below it."""
    peer = replace(PEER, method="OpenCV findTransformECC", error_px=0.1456, ms_per_frame=116.8)
    console = Console(width=80, record=True, file=io.StringIO())
    console.print(draw_scores((OURS, peer)))
    header, second, *rows = console.export_text().splitlines()
    assert {"error", "stated", "refused", "lost", "MB"} <= {*header.split(), *second.split()}
    assert [len(row.split()) for row in rows] == [10, 9]


@pytest.mark.parametrize(
    ("scores", "raw", "told"),
    [
        ((OURS, PEER), 1.0, "Register it with the defaults: they find its motion to 0.02 px, and the error bars hold"),
        ((OURS, replace(PEER, error_px=0.01)), 1.0, "another is more exact .0.01 px against 0.02"),
        ((OURS, replace(PEER, error_px=0.01, lost=0.5)), 1.0, "Register it with the defaults"),
        ((replace(OURS, z_score=3.0), PEER), 1.0, "the errors are 3.0 times those stated"),
        ((replace(OURS, flagged=0.2), PEER), 1.0, "20 % were refused and 0 % lost"),
        ((replace(OURS, flagged=0.9), PEER), 1.0, "90 % of them were lost or refused; try average=4"),
        ((OURS, PEER), 0.01, "leave the movie as it is"),
    ],
)
def test_one_sentence(scores: tuple[Score, ...], raw: float, told: str) -> None:
    sentence = recommend(scores, raw)
    assert told.split(".0.01")[0] in sentence
    assert sentence.endswith(".")


def test_movies_that_cannot_be_tried(alone: None) -> None:
    with pytest.raises(InputError, match="takes movies of planes of 48 px or more"):
        try_methods(ArraySource(np.zeros((4, 3, 64, 64), np.uint8), axes="TZYX"), RegisteringOptions())
