"""thunder-registration: its tests, on ramps that wrap around, and its tutorial: known drift, mean of the frames."""

from pathlib import Path

import numpy as np
import pytest
import tifffile
from scipy import ndimage

import holdstill as hs
from holdstill.evaluation import trajectories
from holdstill.evaluation.movies import make_movie
from holdstill.evaluation.presets import cells
from tests.peers.comparing import assert_no_worse, rms


def moved(image: np.ndarray, delta: tuple[int, ...]) -> np.ndarray:
    """As `scipy.ndimage.shift` with ``mode="wrap", order=0`` moves."""
    return np.asarray(ndimage.shift(image, delta, mode="wrap", order=0))


def test_small_pictures_in_a_list() -> None:
    reference = np.arange(25).reshape(5, 5)
    deltas = [(1, 2), (-2, 1)]
    reg = hs.estimators.CrossCorrelation().fit([moved(reference, delta) for delta in deltas], reference=reference)
    np.testing.assert_allclose(reg.estimates, deltas, atol=1e-3)


def test_random_pictures_to_the_pixel() -> None:
    """Without noise (1, 2) was found as (1.080, 2.068): what overlaps is not the same on both sides of a peak."""
    picture = np.random.default_rng(0).random((40, 40))
    frames = [picture[10 - dy : 30 - dy, 10 - dx : 30 - dx] for dy, dx in ((1, 2), (-2, 1), (0, 0))]
    for method in (hs.estimators.CrossCorrelation(), hs.estimators.ExhaustiveSearch(max_shift=5)):
        reg = method.fit(frames, reference=picture[10:30, 10:30])
        np.testing.assert_allclose(reg.estimates, [(1, 2), (-2, 1), (0, 0)], atol=0.005)


@pytest.mark.parametrize("method", ["CrossCorrelation", "PhaseCorrelation", "MaskedCorrelation", "Direct"])
def test_the_tutorial(method: str) -> None:
    """Cells that drift, against the picture before the drift."""
    shifts = trajectories.walk(12, 0.7, seed=2)
    movie = make_movie(cells((64, 64)), shifts, photons=300.0, seed=1)
    reg = getattr(hs.estimators, method)().fit(movie.frames, reference=movie.reference)
    assert reg.ok.all()
    assert np.abs(reg.shifts - movie.shifts).max() < 0.3


def test_the_mouse(shared_data: Path) -> None:
    """Frames of the tutorial, moved by known whole pixels: found, ok, and `transform` puts them back."""
    movie = tifffile.imread(shared_data / "thunder" / "mouse_2p.tif")[:10]
    deltas = np.random.default_rng(4).integers(-5, 6, (10, 2))
    drifting = np.stack([np.roll(frame, tuple(delta), (0, 1)) for frame, delta in zip(movie, deltas, strict=True)])
    reg = hs.estimators.CrossCorrelation(max_shift=10).fit(drifting, reference=movie.mean(axis=0))
    assert reg.ok.all()
    assert np.median(np.abs(reg.shifts - deltas)) < 0.15
    still = reg.transform(drifting)
    inner = (slice(None), slice(8, -8), slice(8, -8))
    assert np.corrcoef(still[inner].ravel(), movie[inner].ravel())[0, 1] > 0.9


def test_the_mouse_beside_the_mean_of_its_drifting_frames(shared_data: Path) -> None:
    """The tutorial's first step: the reference is blurred by the drift; whole pixels beside it are 1.3 px off."""
    movie = tifffile.imread(shared_data / "thunder" / "mouse_2p.tif")[:30]
    noise = np.random.default_rng(1).normal(size=(2, 30))
    deltas = np.rint(np.clip([ndimage.gaussian_filter(one, 1.5) * 25 for one in noise], -20, 20)).astype(int).T
    drifting = np.stack([np.roll(frame, tuple(delta), (0, 1)) for frame, delta in zip(movie, deltas, strict=True)])
    mean = drifting.mean(axis=0)
    surfaces = np.fft.ifft2(np.conj(np.fft.fft2(mean)) * np.fft.fft2(drifting)).real.reshape(30, -1)
    theirs = (np.stack(np.unravel_index(surfaces.argmax(axis=1), (64, 64)), axis=1) + 32) % 64 - 32
    for method in ("CrossCorrelation", "Direct"):
        with pytest.warns(UserWarning, match="mean of frames that move"):
            reg = getattr(hs.estimators, method)().fit(drifting, reference=mean)
        assert reg.ok.all()
        ours, peer = (found - deltas - np.median(found - deltas, axis=0) for found in (reg.shifts, theirs))
        assert rms(ours) < 0.15
        assert_no_worse(rms(ours), rms(peer))


def test_volumes_and_a_shift_for_each_plane() -> None:
    """Its tests in 3D: a volume that moves as a whole, and with ``axis=0`` one shift for each of its planes."""
    picture = ndimage.gaussian_filter(np.random.default_rng(5).random((12, 60, 64)), (0.5, 1, 1)) * 100
    inner = (slice(3, -3), slice(10, -10), slice(10, -10))
    frames = np.stack([np.roll(picture, delta, (0, 1, 2))[inner] for delta in ((1, 2, 0), (0, -3, 1))])
    reg = hs.estimators.CrossCorrelation().fit(frames, reference=picture[inner], axes="TZYX")
    np.testing.assert_allclose(reg.estimates, [(1, 2, 0), (0, -3, 1)], atol=0.05)
    sideways = np.stack([np.roll(picture, delta, (1, 2))[inner] for delta in ((2, 0), (-3, 1))])
    reg = hs.estimators.CrossCorrelation(axis=0).fit(sideways, reference=picture[inner], axes="TZYX")
    expected = np.tile([[2.0, 0.0], [-3.0, 1.0]], (1, 6)).reshape(2, 6, 2)
    np.testing.assert_allclose(reg.estimates.reshape(2, 6, 2), expected, atol=0.05)
