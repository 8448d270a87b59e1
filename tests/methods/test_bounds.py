"""The bound that estimates carry: what the noise model says, whatever the frame's residuals."""

import numpy as np
import pytest

from holdstill.contracts import Covariance, Reference, Verdict
from holdstill.devices.plain import PlainDevice
from holdstill.evaluation.movies import make_movie
from holdstill.evaluation.presets import texture
from holdstill.methods.cross_correlation import CrossCorrelation
from holdstill.methods.direct import Direct
from holdstill.methods.likelihood.gauss_newton import find_bound, inflation


def test_a_bound_is_the_covariance_less_what_widened_it() -> None:
    """Least squares widen by chi square alone; a robust cutoff costs a few per cent of the light."""
    covariance = Covariance.of_errors([[2.0, 4.0], [2.0, 4.0]])
    chi_square = np.array([1.0, 4.0])
    np.testing.assert_allclose(find_bound(covariance, chi_square, np.inf).errors, [[2, 4], [1, 2]], rtol=1e-6)
    # for Gaussian noise the stated variance, chi square of the trimmed residuals in it, is above the bound
    rng = np.random.default_rng(0)
    t = rng.standard_normal(400_000) ** 2
    rho = (1 + t / 16) ** -2
    stated = inflation(4.0) * (rho * t).sum() / rho.sum() ** 2
    trimmed = np.array([(rho * t).sum() / rho.sum()])
    bound = find_bound(Covariance.of_errors(np.sqrt([[stated]])), trimmed, 4.0)
    assert bound.errors[0, 0] == pytest.approx(1 / np.sqrt(len(t)), rel=1e-3)


@pytest.mark.parametrize("estimator", [Direct(), CrossCorrelation()])
def test_the_bound_is_that_of_the_scene(estimator: Direct | CrossCorrelation) -> None:
    """Known reference and noise; a frame that flickers beyond the model has a wider error and the same bound."""
    movie = make_movie(texture((64, 72)), np.zeros((3, 2)), photons=300.0, seed=1)
    frames = movie.frames.astype(np.float32)
    frames[1] += np.random.default_rng(0).normal(0, 3 * frames[1].std(), frames[1].shape).astype(np.float32) * 0.3
    frames[2] = 5.0
    state = estimator.prepare(Reference(image=movie.reference.astype(np.float32), noise=movie.noise), PlainDevice())
    found = estimator.estimate(state, frames, PlainDevice())
    assert found.bound is not None
    np.testing.assert_allclose(found.bound.errors[0], movie.bounds[0], rtol=0.1)
    np.testing.assert_allclose(found.bound.errors[1], movie.bounds[0], rtol=0.2)
    assert (found.errors[1] > 1.5 * found.bound.errors[1]).all()
    assert found.verdicts[2] is Verdict.BLANK
    assert np.isnan(found.parameters[2]).all()
    unknown = estimator.estimate(
        estimator.prepare(Reference(image=movie.reference.astype(np.float32)), PlainDevice()), frames[:1], PlainDevice()
    )
    assert unknown.bound is None
