import numpy as np
import pytest

from holdstill.errors import InputError
from holdstill.evaluation.movies import Recording, make_movie
from holdstill.evaluation.presets import presets, sparse
from holdstill.evaluation.scenes import Spots, Texture
from holdstill.evaluation.trajectories import drift, jitter, jumps, uniform, walk

SCENE = Texture(shape=(64, 80), n_waves=60)
STILL = np.zeros((150, 2))


@pytest.mark.parametrize("settings", [{}, {"gain": 2.5, "offset": 400.0, "read_noise": 3.0}, {"dtype": np.float32}])
def test_noise_is_that_of_the_model(settings):
    movie = make_movie(SCENE, STILL, photons=20, **settings)
    values = movie.frames.astype(float)
    expected = movie.noise.variance(movie.reference)
    deviation = (values.mean(axis=0) - movie.reference) / np.sqrt(expected / len(values))
    assert abs(deviation.mean()) < 0.06
    assert deviation.std() == pytest.approx(1.0, abs=0.05)
    assert (values.var(axis=0, ddof=1) / expected).mean() == pytest.approx(1.0, abs=0.01)
    assert movie.frames.dtype == settings.get("dtype", np.uint16)


def test_photons_are_the_mean_above_the_offset():
    movie = make_movie(SCENE, STILL[:2], photons=37, gain=2.0, offset=50.0)
    assert movie.reference.mean() == pytest.approx(50 + 2 * 37)


def test_frames_show_the_shifted_scene():
    shifts = np.array([[0.0, 0.0], [5.0, -7.0]])
    movie = make_movie(SCENE, shifts, photons=1e4)
    still, moved = movie.frames.astype(float)[:, 10:-10, 10:-10]
    back = movie.frames[1].astype(float)[15:-5, 3:-17]
    assert np.corrcoef(still.ravel(), back.ravel())[0, 1] > 0.99
    assert np.corrcoef(still.ravel(), moved.ravel())[0, 1] < 0.9


def test_same_seed_same_movie_whatever_the_threads():
    one = make_movie(SCENE, STILL[:5], photons=5, hot_pixels=3, debris=2, fixed_pattern=0.2, seed=1, workers=1)
    two = make_movie(SCENE, STILL[:5], photons=5, hot_pixels=3, debris=2, fixed_pattern=0.2, seed=1, workers=2)
    other = make_movie(SCENE, STILL[:5], photons=5, hot_pixels=3, debris=2, fixed_pattern=0.2, seed=2)
    np.testing.assert_array_equal(one.frames, two.frames)
    np.testing.assert_array_equal(one.bounds, two.bounds)
    assert not np.array_equal(one.frames, other.frames)
    assert not np.array_equal(one.frames[0], one.frames[1])


def test_recording_yields_the_frames_of_the_movie():
    recording = Recording(scene=SCENE, shifts=STILL[:4], photons=5)
    np.testing.assert_array_equal(np.stack(list(recording)), recording.movie().frames)
    assert len(recording) == 4


def test_bleaching_loses_the_asked_fraction():
    frames = make_movie(SCENE, STILL[:20], photons=200, bleaching=0.4).frames.astype(float)
    assert (frames[-1].mean() - 100) / (frames[0].mean() - 100) == pytest.approx(0.6, abs=0.01)


def test_fixed_pattern_stays_put_while_the_specimen_moves():
    recording = Recording(scene=SCENE, shifts=np.array([[0.0, 0.0], [9.0, 4.0]]), photons=50, fixed_pattern=0.5)
    plain = Recording(scene=SCENE, shifts=recording.shifts, photons=50)
    pattern = [recording.photon_rate(t) / plain.photon_rate(t) for t in range(2)]
    np.testing.assert_allclose(*pattern)
    assert pattern[0].min() < 0.6
    assert pattern[0].max() > 0.9


def test_hot_pixels_stay_put():
    movie = make_movie(SCENE, uniform(30, 10.0), photons=20, hot_pixels=7)
    dimmest = movie.frames.min(axis=0)
    assert np.count_nonzero(dimmest > 100 + 5 * 20) == 7


def test_debris_moves_on_its_own():
    dirty = Recording(scene=SCENE, shifts=STILL[:11], photons=20, debris=3)
    clean = Recording(scene=SCENE, shifts=STILL[:11], photons=20)
    specks = [dirty.photon_rate(t) - clean.photon_rate(t) for t in (4, 5, 6)]
    assert all(speck.max() > 50 for speck in specks)
    assert np.corrcoef(specks[0].ravel(), specks[2].ravel())[0, 1] < 0.9


def test_blank_frames_are_dark_and_without_bound():
    movie = make_movie(SCENE, STILL[:4], photons=50, blank_frames=(2,))
    assert movie.blank.tolist() == [False, False, True, False]
    assert movie.frames[2].mean() == pytest.approx(100, abs=0.2)
    assert np.isnan(movie.bounds[2]).all()
    assert np.isfinite(movie.bounds[~movie.blank]).all()


def test_integers_are_clamped():
    movie = make_movie(SCENE, STILL[:1], photons=500, dtype=np.uint8)
    assert movie.frames.max() == 255


def test_bound_grows_as_the_overlap_shrinks_and_the_light_fades():
    shifts = np.array([[0.0, 0.0], [16.0, 20.0], [0.0, 0.0]])
    bounds = make_movie(SCENE, shifts, photons=50, bleaching=0.5).bounds
    assert (bounds[1] > 1.1 * bounds[0]).all()
    assert (bounds[2] > 1.3 * bounds[0]).all()
    assert np.isnan(make_movie(SCENE, np.array([[70.0, 0.0]]), photons=50).bounds).all()


def test_volumes():
    movie = make_movie(
        Spots(shape=(8, 30, 40), n_spots=20), np.ones((2, 3)), photons=10, fixed_pattern=0.2, hot_pixels=2
    )
    assert movie.frames.shape == (2, 8, 30, 40)
    assert movie.bounds.shape == (2, 3)


@pytest.mark.parametrize(
    "settings",
    [{"photons": 0}, {"photons": 5, "gain": -1}, {"photons": 5, "bleaching": 1}, {"photons": 5, "shifts": STILL[0]}],
)
def test_settings_without_meaning_are_refused(settings):
    with pytest.raises(InputError):
        Recording(**{"scene": SCENE, "shifts": STILL, **settings})


def test_trajectories():
    smooth = drift(100, 30.0, seed=1)
    np.testing.assert_allclose(np.abs(smooth).max(axis=0), 30.0)
    np.testing.assert_allclose(smooth[0], 0.0)
    assert np.abs(np.diff(smooth, axis=0)).max() < 5
    assert jitter(4000, 0.5, ndim=3).std() == pytest.approx(0.5, rel=0.05)
    assert np.abs(uniform(100, np.array([3.0, 8.0]))).max(axis=0) == pytest.approx([3, 8], rel=0.1)
    assert len(np.unique(jumps(50, 40.0, n_jumps=4), axis=0)) == 5
    assert np.diff(walk(4000, 0.2), axis=0).std() == pytest.approx(0.2, rel=0.05)
    assert all(move(1, 5.0).shape == (1, 2) for move in (drift, jitter, uniform, jumps, walk))


def test_presets_have_the_bounds_they_claim():
    named = presets()
    claims = {"sparse-6": 0.0044, "texture-400": 0.0039, "cells-50": 0.0040}
    for name, claim in claims.items():
        movie = named[name].movie(np.zeros((1, 2)))
        assert movie.bounds == pytest.approx(claim, rel=0.05)
    assert sparse((256, 256)).n_spots == sparse().n_spots // 4
