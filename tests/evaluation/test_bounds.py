import numpy as np
import pytest

from holdstill.errors import InputError
from holdstill.evaluation.bounds import cramer_rao, overlap
from holdstill.evaluation.movies import make_movie
from holdstill.evaluation.scenes import Spots

SCENE = Spots(shape=(48, 56), n_spots=8, seed=2)
SHIFT = np.array([0.3, -0.2])
RNG = np.random.default_rng(0)


def test_equals_the_expected_curvature_of_the_likelihood():
    def divergence(shift):  # Poisson, from the scene at SHIFT to the scene at `shift`: its curvature is the information
        here, there = 40 * SCENE.intensity(SHIFT), 40 * SCENE.intensity(shift)
        return np.sum(here * np.log(here / there) - here + there)

    step = 1e-3 * np.eye(2)
    curvature = np.empty((2, 2))
    for i in range(2):
        for j in range(2):
            corners = [(1, 1), (1, -1), (-1, 1), (-1, -1)]
            curvature[i, j] = sum(a * b * divergence(SHIFT + a * step[i] + b * step[j]) for a, b in corners) / 4e-6
    covariance = cramer_rao(40 * SCENE.gradient(SHIFT), 40 * SCENE.intensity(SHIFT))
    np.testing.assert_allclose(covariance, np.linalg.inv(curvature), rtol=1e-3)


def test_linear_least_squares_reaches_it():
    gradient, variance = SCENE.gradient(SHIFT), 0.01 + SCENE.intensity(SHIFT)
    noise = np.sqrt(variance) * RNG.normal(size=(4000, *SCENE.shape))
    columns = gradient.reshape(2, -1) / np.sqrt(variance).ravel()
    estimates = np.linalg.lstsq(columns.T, (noise / np.sqrt(variance)).reshape(4000, -1).T, rcond=None)[0]
    bound = np.sqrt(np.diag(cramer_rao(gradient, variance)))
    np.testing.assert_allclose(estimates.std(axis=1), bound, rtol=0.04)


def test_nuisance_is_a_block_of_the_joint_inverse():
    gradient, variance = SCENE.gradient(SHIFT), 1 + SCENE.intensity(SHIFT)
    nuisance = np.stack([SCENE.intensity(SHIFT), np.ones(SCENE.shape)])
    joint = np.concatenate([gradient, nuisance]).reshape(4, -1)
    inverse = np.linalg.inv((joint / variance.ravel()) @ joint.T)
    with_nuisance = cramer_rao(gradient, variance, nuisance=nuisance)
    np.testing.assert_allclose(with_nuisance, inverse[:2, :2], rtol=1e-9)
    assert (np.diag(with_nuisance) >= np.diag(cramer_rao(gradient, variance))).all()


def test_pixels_of_infinite_variance_tell_nothing():
    gradient, variance = SCENE.gradient(SHIFT), np.ones(SCENE.shape)
    variance[:, 30:] = np.inf
    np.testing.assert_allclose(cramer_rao(gradient, variance), cramer_rao(gradient[:, :, :30], variance[:, :30]))


def test_movies_carry_it():
    movie = make_movie(SCENE, np.array([SHIFT]), photons=25, gain=2.0, read_noise=1.5)
    scale = 2.0 * 25 / SCENE.intensity((0, 0)).mean()
    gradient = np.stack([slope[1:, :-1] for slope in scale * SCENE.gradient(SHIFT)])
    values = scale * SCENE.intensity(SHIFT)[1:, :-1]
    covariance = cramer_rao(gradient, 2.0 * values + (2.0 * 1.5) ** 2 + 1 / 12)
    np.testing.assert_allclose(movie.bounds[0], np.sqrt(np.diag(covariance)))


def test_structure_along_one_axis_is_refused():
    gradient = np.stack([np.ones((5, 5)), np.zeros((5, 5))])
    with pytest.raises(InputError, match="no structure"):
        cramer_rao(gradient, np.ones((5, 5)))
    with pytest.raises(InputError, match="does not fit"):
        cramer_rao(gradient, np.ones((4, 5)))


def test_overlap_is_what_both_frames_show():
    assert overlap((10, 10), np.array([2.5, -3.0])) == (slice(3, 10), slice(0, 7))
    assert overlap((10, 10), np.array([0.0, 12.0])) == (slice(0, 10), slice(12, 12))
