import subprocess
import sys

import numpy as np
import pytest

from holdstill.evaluation.accuracy import rmse
from holdstill.evaluation.movies import make_movie
from holdstill.evaluation.peers import available_peers
from holdstill.evaluation.scenes import Spots

NAMES = {
    "pystackreg": 0.02,
    "OpenCV phaseCorrelate": 0.3,
    "OpenCV findTransformECC": 0.02,
    "scikit-image phase": 0.3,
    "scikit-image cross": 0.2,
    "imreg_dft": 0.3,
    "TemplateMatchingPy": 0.05,
}


@pytest.fixture(scope="module")
def peers():
    return available_peers()


@pytest.fixture(scope="module")
def movie():
    scene = Spots(shape=(192, 256), n_spots=80, sigma_px=1.5)  # small and dim: the whitened methods need that
    return make_movie(scene, np.array([[3.4, -6.7], [-8.2, 1.3]]), photons=8)


@pytest.mark.filterwarnings("ignore:.*scipy.ndimage.interpolation:DeprecationWarning")  # imreg_dft
@pytest.mark.parametrize(("name", "tolerance_px"), NAMES.items())
def test_peer_speaks_our_conventions(name, tolerance_px, peers, movie):
    if name not in peers:
        pytest.skip(f"{name} is not installed")
    reference, frames = movie.reference.astype(np.float32), movie.frames.copy()
    untouched = reference.copy()
    shifts = peers[name].estimate(reference, frames)
    assert rmse(shifts, movie.shifts) < tolerance_px
    corrected = peers[name].run(reference, frames)
    assert corrected.shape == frames.shape
    assert corrected.dtype == frames.dtype
    inside = (slice(20, -20), slice(20, -20))
    for frame in corrected:
        assert np.corrcoef(frame[inside].ravel(), reference[inside].ravel())[0, 1] > 0.97
    np.testing.assert_array_equal(reference, untouched)
    np.testing.assert_array_equal(frames, movie.frames)


def test_ecc_gives_up_as_nan(peers):
    if "OpenCV findTransformECC" not in peers:
        pytest.skip("OpenCV is not installed")
    blank = np.full((1, 64, 64), 100, dtype=np.uint16)
    reference = Spots(shape=(64, 64), n_spots=20).intensity((0, 0))
    peer = peers["OpenCV findTransformECC"]
    assert np.isnan(peer.estimate(reference, blank)).all()
    np.testing.assert_array_equal(peer.run(reference, blank), blank)


def test_peers_are_imported_only_when_asked_for():
    peers = "{'cv2', 'skimage', 'pystackreg', 'imreg_dft', 'templatematchingpy'}"
    code = f"import sys, holdstill.evaluation.peers; print({peers} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"
