"""What cross-correlation promises beyond the contract, which `test_estimators` holds it to."""

import numpy as np
import pytest

from holdstill.contracts import NoiseModel, Reference, Verdict
from holdstill.devices.cpu import CpuDevice
from holdstill.estimators import CrossCorrelation, ExhaustiveSearch, MaskedCorrelation, PhaseCorrelation
from holdstill.estimators import TemplateMatching as Matching
from holdstill.evaluation import trajectories
from holdstill.evaluation.movies import make_movie
from holdstill.evaluation.presets import texture

DEVICE = CpuDevice()


def test_a_slope_of_brightness_does_not_pull_to_zero() -> None:
    """Circular correlation would see the step where one border meets the other."""
    movie = make_movie(texture((200, 260)), np.array([(30.0, -41.5), (-62.25, 80.0)]), photons=400.0, seed=3)
    slope = np.linspace(0, 2 * float(np.ptp(movie.reference)), 260)
    frames, image = movie.frames + slope, (movie.reference + slope).astype(np.float32)
    estimator = CrossCorrelation()
    found = estimator.estimate(estimator.prepare(Reference(image=image), DEVICE), frames, DEVICE)
    np.testing.assert_allclose(found.parameters, movie.shifts, atol=0.5)


def test_whole_pixels() -> None:
    movie = make_movie(texture((96, 130)), np.array([(3.4, -7.0), (-1.0, 2.6)]), photons=400.0, seed=3)
    estimator = CrossCorrelation(subpixel="none")
    state = estimator.prepare(Reference(image=movie.reference.astype(np.float32), noise=movie.noise), DEVICE)
    found = estimator.estimate(state, movie.frames, DEVICE)
    np.testing.assert_array_equal(found.parameters, [(3, -7), (-1, 3)])
    # the error bar tells how far whole pixels are off: 0.4, and nothing where the truth is whole
    np.testing.assert_allclose(found.errors, np.abs(found.parameters - movie.shifts), atol=0.1)


@pytest.mark.parametrize(
    "estimator",
    [CrossCorrelation(), PhaseCorrelation(), Matching(), ExhaustiveSearch(), MaskedCorrelation(max_shift=12)],
    ids=lambda estimator: type(estimator).__name__,
)
def test_a_frame_with_nan_changes_no_other(estimator: CrossCorrelation) -> None:
    movie = make_movie(texture((61, 97)), trajectories.uniform(5, 6.0, seed=1), photons=400.0, seed=3)
    state = estimator.prepare(Reference(image=movie.reference.astype(np.float32), noise=movie.noise), DEVICE)
    clean = movie.frames.astype(np.float32)
    partly = clean.copy()
    partly[2, 10:20, 10:30] = np.nan
    one, other = (estimator.estimate(state, frames, DEVICE) for frames in (clean, partly))
    for name in ("parameters", "errors", "scores"):
        np.testing.assert_array_equal(np.delete(getattr(one, name), 2, 0), np.delete(getattr(other, name), 2, 0))


@pytest.mark.parametrize("shape", [(512, 300), (120, 144), (24, 80, 96)])
def test_on_random_images_all_agree_with_the_truth(shape: tuple[int, ...]) -> None:
    """Nothing but noise that moves: no hill leads to the peak."""
    rng, pad = np.random.default_rng(1), 12
    world = rng.normal(1000, 50, tuple(n + 2 * pad for n in shape))
    shifts = rng.integers(-5, 6, (3, len(shape)))
    parts = [tuple(slice(pad - s, pad - s + n) for s, n in zip(shift, shape, strict=True)) for shift in shifts]
    frames = np.stack([world[part] for part in parts]) + rng.normal(0, 30, (3, *shape))
    image = world[(slice(pad, -pad),) * len(shape)].astype(np.float32)
    reference = Reference(image=image, noise=NoiseModel(read_variance=30.0**2))
    for estimator in (CrossCorrelation(), PhaseCorrelation(), Matching(), MaskedCorrelation(max_shift=9)):
        found = estimator.estimate(estimator.prepare(reference, DEVICE), frames, DEVICE)
        np.testing.assert_allclose(found.parameters, shifts, atol=0.3, err_msg=type(estimator).__name__)
        assert set(found.verdicts) == {Verdict.OK}
