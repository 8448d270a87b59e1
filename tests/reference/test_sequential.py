"""References that change from frame to frame."""

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

import holdstill as hs
from holdstill.evaluation import trajectories
from holdstill.evaluation.movies import Movie, make_movie
from holdstill.evaluation.presets import texture
from holdstill.evaluation.warped import corner_distances, make_warped_movie
from holdstill.reference.kinds import is_sequential
from holdstill.reference.sequential import lags_of
from holdstill.result.advice import advise
from holdstill.transforms.motions import find_motion


@pytest.fixture(scope="module")
def movie() -> Movie:
    """A bleaching movie with two blank frames."""
    path = trajectories.walk(60, 0.8, seed=1)
    return make_movie(texture((112, 120)), path, photons=300.0, seed=3, bleaching=0.5, blank_frames=(20, 41))


@pytest.fixture(scope="module")
def registered(movie: Movie) -> Callable[[str], hs.Registration]:
    """The movie beside a reference, registered once."""
    return cache(lambda reference: hs.register(movie.frames, reference=reference))


def off(reg: hs.Registration, movie: Movie) -> np.ndarray:
    return (reg.shifts - (movie.shifts - movie.shifts[0]))[reg.ok]


@pytest.mark.parametrize("reference", ["previous", "previous:3", "rolling", "pairs"])
def test_motion_accumulates_past_blank_frames(
    movie: Movie, registered: Callable[[str], hs.Registration], reference: str
) -> None:
    reg = registered(reference)
    assert np.flatnonzero(~reg.ok).tolist() == [20, 41]
    assert np.abs(off(reg, movie)).max() < (0.8 if reference == "rolling" else 0.6)
    assert (reg.shifts[0] == 0).all() or reference == "rolling"
    assert 0.2 < (off(reg, movie)[1:] / reg.errors[reg.ok][1:]).std() < 3.5
    assert reg.apply(movie.frames).shape == movie.frames.shape


def test_pairs_beat_first_and_previous(movie: Movie, registered: Callable[[str], hs.Registration]) -> None:
    rms = {name: np.sqrt((off(registered(name), movie) ** 2).mean()) for name in ("pairs", "first", "previous")}
    assert rms["pairs"] < rms["first"]
    assert rms["pairs"] < 0.5 * rms["previous"]


@pytest.mark.parametrize("reference", ["previous", "pairs"])
def test_turns_accumulate_too(reference: str) -> None:
    steps = np.random.default_rng(3).normal(size=(20, 3)) * (1.0, 1.0, 0.01)
    path = np.cumsum(steps, axis=0) - steps[0]
    movie = make_warped_movie(texture((112, 120)), "rigid", path, photons=300.0, seed=2)
    reg = hs.register(movie.frames, motion="rigid", reference=reference)
    assert reg.ok.all()
    assert corner_distances(reg.trajectory, movie.truth).max() < 0.5
    np.testing.assert_allclose(reg.parameters[0], find_motion("rigid").identity(2), atol=1e-9)


def test_workers_change_nothing(movie: Movie, registered: Callable[[str], hs.Registration]) -> None:
    one = registered("pairs")
    two = hs.register(movie.frames, reference="pairs", workers=2)
    np.testing.assert_array_equal(one.parameters, two.parameters)


def test_names() -> None:
    assert [is_sequential(name) for name in ("previous", "previous:4", "previous:0", "first", 3)] == [
        True,
        True,
        False,
        False,
        False,
    ]
    assert lags_of("previous:4", 3) == (2,)
    assert lags_of("pairs", 10) == (1, 2, 4, 8)
    assert lags_of("rolling", 10) == ()


def test_bilinear_maps_make_no_chain(movie: Movie) -> None:
    with pytest.raises(hs.HoldstillError, match="cannot be chained"):
        hs.register(movie.frames[:4], motion="bilinear", reference="previous")


@pytest.mark.parametrize("reference", ["previous", "previous:3", "rolling", "pairs"])
@pytest.mark.parametrize("dark", ["black", "noise"])
def test_the_first_frame_that_shows_something_is_the_beginning(movie: Movie, reference: str, dark: str) -> None:
    frames = movie.frames[:16].copy()
    frames[:2] = 0 if dark == "black" else np.random.default_rng(0).poisson(120, (2, *frames.shape[1:]))
    reg = hs.register(frames, reference=reference)
    assert np.flatnonzero(~reg.ok).tolist() == [0, 1]
    true = movie.shifts[2:16] - movie.shifts[2]
    assert np.abs(reg.shifts[2:] - reg.shifts[2] - true).max() < 0.8


def test_nothing_is_found_in_a_first_frame_that_shows_nothing(movie: Movie) -> None:
    frames = movie.frames[:16].copy()
    frames[0] = 0
    reg = hs.register(frames, reference="first")
    assert not reg.ok.any()
    assert "another frame as --reference" in advise(reg)[0].remedy
