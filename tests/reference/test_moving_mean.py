"""The mean of frames that move, as a reference: frames are placed as by a template, in respect of where the mean is."""

import numpy as np
import pytest

import holdstill as hs
from holdstill.evaluation.movies import Movie, make_movie
from holdstill.evaluation.presets import cells


def drifting(n_frames: int = 24, px: float = 6.0) -> Movie:
    shifts = np.random.default_rng(3).normal(size=(n_frames, 2)) * px
    return make_movie(cells((72, 80)), shifts - shifts[0], photons=200.0, seed=1)


@pytest.mark.parametrize("given", [True, False])
@pytest.mark.parametrize("method", ["Direct", "CrossCorrelation"])
def test_frames_are_right_beside_the_mean_of_frames_that_move(method: str, given: bool) -> None:
    """All of them were flagged, or called ok 1.2 px off; thunder's integers are 0.8 px off in the mean."""
    movie = drifting(px=6.0 if method == "Direct" else 1.5)
    estimator = getattr(hs.estimators, method)()
    with pytest.warns(UserWarning, match="mean of frames that move"):
        reg = estimator.fit(movie.frames, reference=movie.frames.mean(axis=0) if given else "mean")
    assert reg.ok.all()
    off = reg.shifts - (movie.shifts - movie.shifts.mean(axis=0))  # the mean is where its frames are on average
    assert np.abs(off - off.mean(axis=0)).max() < 0.25
    assert np.abs(off.mean(axis=0)).max() < 0.1
    assert reg.provenance["template"]["stands_for"].startswith("the mean")


def test_a_mean_of_frames_that_stand_still_stays() -> None:
    movie = drifting(px=0.1)
    reg = hs.register(movie.frames, reference="mean")
    assert reg.ok.all()
    assert "stands_for" not in reg.provenance["template"]


def test_another_reference_is_not_replaced() -> None:
    movie = drifting()
    reg = hs.register(movie.frames, reference=movie.frames[::-1, ::-1, ::-1].mean(axis=0))
    assert not reg.ok.any()
    reg = hs.register(drifting(px=1.5).frames, reference=movie.reference)  # sharp, and much like the mean
    assert reg.ok.all()
    assert "stands_for" not in reg.provenance["template"]
