"""The mean of frames that move, as a reference: frames are placed as by a template, in respect of where the mean is."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import ndimage

import holdstill as hs
from holdstill.contracts import Reference
from holdstill.evaluation.movies import Movie, make_movie
from holdstill.evaluation.presets import cells, texture
from holdstill.reference.defects import NO_DEFECTS
from holdstill.reference.learned import LearnedReference
from holdstill.reference.moving_mean import _is_moving_mean, _is_sharper
from holdstill.reference.strategies import Given


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


def test_the_mean_of_frames_of_all_scales_is_told_by_their_noise() -> None:
    """It is nearly as steep as a frame, for its coarse detail: 24 frames were ok, up to 1.7 px off."""
    shifts = np.cumsum(2 * np.random.default_rng(0).normal(size=(24, 2)), axis=0)
    movie = make_movie(texture((80, 80)), shifts, photons=100.0, seed=0)
    with pytest.warns(UserWarning, match="mean of frames that move"):
        reg = hs.register(movie.frames, reference=movie.frames.mean(axis=0))
    assert reg.ok.all()
    assert np.abs(reg.shifts - (movie.shifts - movie.shifts.mean(axis=0))).max() < 0.25


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


def test_a_frame_of_a_smooth_picture_is_no_mean() -> None:
    """It is as much like the mean of frames that moved a little: it made way for a template 0.6 px beside itself."""
    picture = np.hypot(*np.mgrid[-60:60, -60:60]).astype(np.float32)
    moved = [np.roll(picture, move, (0, 1)) for move in np.random.default_rng(5).integers(-4, 5, (9, 2))]
    mean = np.mean(moved, axis=0, dtype=np.float32)
    for image, expected in ((picture, False), (mean, True)):
        learned = LearnedReference(
            reference=Reference(image=image), anchored=False, defects=NO_DEFECTS, before=mean, after=picture, rounds=1,
            n_good=9,
        )  # fmt: skip
        assert np.corrcoef(image.ravel(), mean.ravel())[0, 1] > 0.97
        assert _is_moving_mean(Given(image), learned, 9) is expected
    assert _is_moving_mean(Given(mean), replace(learned, after=mean), 9)  # beside it no frame was placed


def test_a_template_is_as_sharp_as_frames_were_recorded() -> None:
    """Flattened frames are steeper than any of them, and none was sharp beside their template."""
    rng = np.random.default_rng(0)
    sharp = rng.random((40, 40)).astype(np.float32)
    blurred = ndimage.uniform_filter(sharp, 3)
    template, other = (
        LearnedReference(
            reference=Reference(image=image), anchored=False, defects=NO_DEFECTS, before=image, after=after, rounds=1,
            n_good=9,
        )
        for image, after in ((sharp, blurred), (blurred, blurred))
    )  # fmt: skip
    assert not _is_sharper(template, other)
    assert _is_sharper(replace(template, after=sharp), other)
