"""What phase correlation promises beyond the contract, which `test_estimators` holds it to."""

import numpy as np
import pytest

from holdstill.contracts import Estimates, Reference, Verdict
from holdstill.devices.cpu import CpuDevice
from holdstill.estimators import PhaseCorrelation
from holdstill.evaluation import trajectories
from holdstill.evaluation.accuracy import rmse
from holdstill.evaluation.movies import Movie, make_movie
from holdstill.evaluation.presets import texture

DEVICE = CpuDevice()


def run(estimator: PhaseCorrelation, movie: Movie) -> Estimates:
    state = estimator.prepare(Reference(image=movie.reference.astype(np.float32), noise=movie.noise), DEVICE)
    return estimator.estimate(state, movie.frames, DEVICE)


@pytest.mark.parametrize(("shape", "factors"), [((256, 301), (2, 2)), ((256, 100), (2, 1)), ((90, 100), (1, 1))])
def test_smooth_content_is_halved_where_there_are_pixels_enough(
    shape: tuple[int, int], factors: tuple[int, int]
) -> None:
    estimator = PhaseCorrelation()
    movie = make_movie(texture(shape), trajectories.uniform(8, 8.0, seed=4), photons=400.0, seed=3)
    reference = Reference(image=movie.reference.astype(np.float32), noise=movie.noise)
    assert estimator.prepare(reference, DEVICE).search.factors == factors
    found = run(estimator, movie)
    assert set(found.verdicts) == {Verdict.OK}
    assert rmse(found.parameters, movie.shifts) < 0.1


def test_fine_content_is_not_halved() -> None:
    rng = np.random.default_rng(0)
    image = rng.normal(1000, 50, (256, 256))
    frames = np.stack([np.roll(image, shift, (0, 1)) for shift in ((0, 0), (3, -5))]).astype(np.float32)
    estimator = PhaseCorrelation()
    state = estimator.prepare(Reference(image=frames[0]), DEVICE)
    assert state.search.factors == (1, 1)
    np.testing.assert_allclose(estimator.estimate(state, frames, DEVICE).parameters, [(0, 0), (3, -5)], atol=0.02)


@pytest.mark.parametrize(("upsample", "subpixel"), [(1, "upsampled"), (7, "upsampled"), (100, "upsampled")])
def test_shifts_lie_on_the_grid_that_was_asked_for(upsample: int, subpixel: str) -> None:
    movie = make_movie(texture((160, 200)), trajectories.uniform(5, 8.0, seed=4), photons=400.0, seed=3)
    found = run(PhaseCorrelation(upsample=upsample, subpixel=subpixel), movie)
    steps = found.parameters * upsample
    np.testing.assert_allclose(steps, np.rint(steps), atol=1e-6)
    np.testing.assert_allclose(found.parameters, movie.shifts, atol=0.5 / upsample + 0.15)


def test_whole_pixels_of_a_halved_frame_are_odd_too() -> None:
    movie = make_movie(texture((160, 200)), np.array([(3.0, -5.0), (0.0, 1.0), (7.0, 7.0)]), photons=400.0, seed=3)
    np.testing.assert_array_equal(run(PhaseCorrelation(subpixel="none"), movie).parameters, movie.shifts)


def with_dust(moved: tuple[float, float]) -> Estimates:
    """A specimen that moved below dust and shade that did not."""
    movie = make_movie(texture((256, 256)), np.array([moved]), photons=400.0, seed=3)
    dust = 1 - 0.3 * (np.random.default_rng(7).random((256, 256)) < 0.002)
    still = dust * (0.6 + 0.4 * np.hanning(256)[:, None])
    frames = np.rint((movie.frames - 100.0) * still + 100).astype(np.uint16)
    reference = Reference(image=((movie.reference - 100) * still + 100).astype(np.float32), noise=movie.noise)
    estimator = PhaseCorrelation()
    return estimator.estimate(estimator.prepare(reference, DEVICE), frames, DEVICE)


@pytest.mark.parametrize("moved", [(0.0, 0.0), (6.0, -9.0), (2.0, 2.0), (-31.0, 14.0)])
def test_a_strong_pattern_that_stays_put(moved: tuple[float, float]) -> None:
    """Neither does it draw a specimen that moved to zero, nor is a true zero taken for it."""
    np.testing.assert_allclose(with_dust(moved).parameters, [moved], atol=0.5)


def test_the_error_bar_tells_when_the_pattern_and_the_specimen_make_one_peak() -> None:
    """A px apart the two peaks are one, and its top lies between; the likelihood knows."""
    found = with_dust((1.0, 1.0))
    assert (np.abs(found.parameters - 1.0) < 3 * found.errors).all()
    assert (found.errors > 0.3).all()
