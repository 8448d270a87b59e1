"""A wrong transform that fits in places is not a match, and a right one with changes in places is."""

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.views import tilted
from holdstill.contracts import Estimates, Reference, Verdict
from holdstill.devices.cpu import CpuDevice
from holdstill.estimators import Direct
from holdstill.evaluation.movies import make_movie
from holdstill.evaluation.presets import sparse, texture
from holdstill.evaluation.warped import WarpedMovie, corner_distances, make_warped_movie
from holdstill.transforms.trajectory import Trajectory

DEVICE = CpuDevice()


def views(tilt: float, n: int = 3, size: int = 192) -> WarpedMovie:
    parameters = np.array([tilted(tilt, 40.0 * k, size) for k in range(n)])
    # a quarter of the waves of a texture: they take most of the time
    scene = replace(texture((size, size)), n_waves=64)
    return make_warped_movie(scene, "projective", parameters, photons=400.0, seed=3)


def estimate(estimator: Direct, movie: WarpedMovie) -> Estimates:
    state = estimator.prepare(Reference(image=movie.reference.astype(np.float32), noise=movie.noise), DEVICE)
    return estimator.estimate(state, movie.frames, DEVICE)


@pytest.mark.parametrize("tilt", [20, 30, 45, 55])
def test_tilted_views_are_right_or_refused(tilt: float) -> None:
    movie = views(tilt)
    found = estimate(Direct(motion="projective"), movie)
    far = corner_distances(Trajectory.of("projective", found.parameters, movie.truth.shape), movie.truth)
    good = np.array([verdict is Verdict.OK for verdict in found.verdicts])
    assert (far[good] < 0.5).all()
    assert good.all() or tilt > 30


@pytest.mark.parametrize("motion", ["translation", "rigid"])
def test_frames_of_another_scene_are_refused(motion: str) -> None:
    """Spots of one scene coincide with some of another by chance."""
    shifts = np.random.default_rng(1).uniform(-5, 5, (8, 2))
    one, other = (make_movie(sparse((192, 192), seed=k), shifts, photons=30.0, seed=k) for k in (1, 2))
    estimator = Direct(motion=motion)
    state = estimator.prepare(Reference(image=one.reference.astype(np.float32), noise=one.noise), DEVICE)
    assert all(verdict is Verdict.OK for verdict in estimator.estimate(state, one.frames, DEVICE).verdicts)
    assert not any(verdict is Verdict.OK for verdict in estimator.estimate(state, other.frames, DEVICE).verdicts)


def test_half_of_the_specimen_may_go_its_own_way() -> None:
    still, moving = (
        make_movie(texture((192, 192)), np.full((3, 2), shift), photons=400.0, seed=4) for shift in (2.0, 9.0)
    )
    frames = still.frames.copy()
    frames[:, :, 120:] = moving.frames[:, :, 120:]
    robust = Direct(cutoff=1.5)
    state = robust.prepare(Reference(image=still.reference.astype(np.float32), noise=still.noise), DEVICE)
    found = robust.estimate(state, frames, DEVICE)
    assert all(verdict is Verdict.OK for verdict in found.verdicts)
    np.testing.assert_allclose(found.parameters, 2.0, atol=0.15)


@pytest.mark.parametrize("photons", [0.25, 0.3, 0.33])
def test_a_dim_frame_whose_peak_stands_out_is_no_mismatch(photons: float) -> None:
    """Of noise that is taken for too little a part passes for what disagrees; correlations are below 0.2 either way."""
    shifts = np.random.default_rng(1).uniform(-5, 5, (4, 2))
    movie = make_movie(sparse((192, 192), seed=1), shifts, photons=photons, seed=1)
    estimator = Direct()
    noise = movie.noise.scale(0.85)
    state = estimator.prepare(Reference(image=movie.reference.astype(np.float32), noise=noise), DEVICE)
    found = estimator.estimate(state, movie.frames, DEVICE)
    assert (found.scores < 0.2).all()
    assert all(verdict is Verdict.OK for verdict in found.verdicts)
    np.testing.assert_allclose(found.parameters, shifts, atol=0.3)
