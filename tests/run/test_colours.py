"""Pictures in colours are compared by the mean of their samples, wherever they come from."""

from pathlib import Path

import imagecodecs
import numpy as np
import pytest
import tifffile

import holdstill as hs
from holdstill.evaluation.pictures import dead_leaves
from holdstill.result.report.methods import methods, repeat_python

N = 5
TRUTH = np.array([(0, 0), (1, -2), (3, 1), (-2, 2), (2, 3)])
NOISE = 12.0


def make_colours(seed: int = 0) -> np.ndarray:
    """(T, Y, X, 3) uint8: a picture whose red is hardly there, with noise of its own in each sample."""
    rng, whole = np.random.default_rng(seed), dead_leaves((112, 120), 4)
    cut = np.stack([whole[8 - y : 104 - y, 8 - x : 112 - x] for y, x in TRUTH])
    samples = np.stack([110 + 0.1 * cut, 20 + 0.6 * cut, 40 + 0.5 * cut], axis=-1)
    return np.clip(np.rint(samples + NOISE * rng.standard_normal(samples.shape)), 0, 255).astype(np.uint8)


MOVIE = make_colours()
GREY = (MOVIE.astype(np.float64).sum(axis=-1) / 3).astype(np.float32)
ALPHA = np.random.default_rng(1).integers(0, 256, (*MOVIE.shape[:-1], 1)).astype(np.uint8)
WITH_ALPHA = np.concatenate([MOVIE, ALPHA], axis=-1)


def write(path: Path, image: np.ndarray) -> Path:
    extra = {"extrasamples": ["unassalpha"]} if image.shape[-1] == 4 else {}
    if path.suffix == ".png":
        path.write_bytes(imagecodecs.png_encode(image))
    else:
        tifffile.imwrite(path, image, photometric="rgb", **extra)
    return path


@pytest.mark.parametrize("movie", [MOVIE, WITH_ALPHA], ids=["RGB", "RGBA"])
@pytest.mark.parametrize("kind", ["array", "png", "tif"])
def test_a_pair_is_compared_by_the_mean_of_its_colours(kind: str, movie: np.ndarray, tmp_path: Path) -> None:
    """Red alone was compared, which hardly shows the picture."""
    pair = [movie[k] if kind == "array" else write(tmp_path / f"{k}.{kind}", movie[k]) for k in (0, 1)]
    found = hs.align(*pair, motion="translation")
    alone = hs.align(*GREY[:2], motion="translation")
    assert np.array_equal(found.estimates, alone.estimates)
    assert np.abs(found.estimates - TRUTH[1]).max() < 0.05
    assert "mean of red, green and blue" in methods(found)


def test_a_channel_that_is_named_is_compared_alone() -> None:
    named = hs.align(MOVIE[0], MOVIE[1], motion="translation", channel=0)
    red = hs.align(MOVIE[0, ..., 0], MOVIE[1, ..., 0], motion="translation")
    assert np.array_equal(named.estimates, red.estimates)
    assert named.provenance["asked"]["channel"] == 0
    assert named.provenance["colours"] == 0
    movie = hs.register(MOVIE, axes="TYXS", channel=0)
    assert "channel=0" in repeat_python(movie)


@pytest.fixture
def movie(tmp_path: Path) -> Path:
    path = tmp_path / "movie.tif"
    tifffile.imwrite(path, MOVIE, photometric="rgb", metadata={"axes": "TYXS"})
    return path


def test_a_movie_is_the_same_from_an_array_a_file_and_a_folder(movie: Path, tmp_path: Path) -> None:
    for k in range(N):
        write(tmp_path / f"frame{k}.png", WITH_ALPHA[k])
    expected = hs.register(GREY).estimates
    for images, axes in ((MOVIE, "TYXS"), (movie, None), (str(tmp_path / "*.png"), None)):
        assert np.array_equal(hs.register(images, axes=axes).estimates, expected)


@pytest.mark.parametrize("options", [{"reference": "previous"}, {"motion": "auto"}, {"bin": 2}, {"scan": "auto"}])
def test_what_looks_at_frames_besides_sees_the_mean_too(options: dict[str, object]) -> None:
    colours, grey = hs.register(MOVIE, axes="TYXS", **options), hs.register(GREY, **options)
    assert np.abs(colours.estimates - grey.estimates).max() < 1e-4


@pytest.mark.parametrize("kind", ["array", "png", "tif"])
def test_a_reference_in_colours_is_seen_alike(kind: str, tmp_path: Path) -> None:
    reference = MOVIE[0] if kind == "array" else write(tmp_path / f"first.{kind}", MOVIE[0])
    found = hs.register(MOVIE, axes="TYXS", reference=reference)
    assert np.array_equal(found.estimates, hs.register(GREY, reference=GREY[0]).estimates)
    green = hs.register(MOVIE, axes="TYXS", reference=reference, channel=1)
    assert np.array_equal(green.estimates, hs.register(MOVIE[..., 1], reference=MOVIE[0, ..., 1]).estimates)


def test_a_movie_is_corrected_in_one_pass_with_all_its_colours(movie: Path, tmp_path: Path) -> None:
    target = tmp_path / "still.ome.tif"
    found = hs.correct(movie, target, report=False)
    assert np.array_equal(found.estimates, hs.register(GREY).estimates)
    applied = np.moveaxis(found.apply(MOVIE, axes="TYXS"), -1, 1)
    assert np.array_equal(tifffile.imread(target), applied)
    again = hs.correct(movie, target, resume=True, report=False)
    assert np.array_equal(again.estimates, found.estimates)


def test_workers_elsewhere_find_the_same(movie: Path) -> None:
    found = hs.register(movie, engine="dask", workers=1)
    assert np.array_equal(found.estimates, hs.register(GREY).estimates)


def test_channels_of_a_microscope_are_no_colours() -> None:
    with hs.open(np.moveaxis(MOVIE, -1, 1), axes="TCYX") as source:
        assert source.info.n_colours == 0
    found = hs.register(np.moveaxis(MOVIE, -1, 1), axes="TCYX")
    assert np.array_equal(found.estimates, hs.register(MOVIE[..., 0]).estimates)
