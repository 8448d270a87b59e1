"""OpenCV: findTransformECC from a random warp, as its sample makes, and phaseCorrelate with a window."""

import numpy as np
import pytest

import holdstill as hs
from holdstill.evaluation.movies import make_movie
from holdstill.evaluation.presets import texture
from holdstill.evaluation.warped import make_warped_movie
from holdstill.transforms.motions import find_motion
from tests.peers.comparing import assert_no_worse, corner_error, rms, to_yx

cv2 = pytest.importorskip("cv2")
KINDS = {"translation": "TRANSLATION", "rigid": "EUCLIDEAN", "affine": "AFFINE", "projective": "HOMOGRAPHY"}


@pytest.mark.parametrize("motion", KINDS)
def test_find_transform_ecc(motion: str) -> None:
    """Small warps of each kind, which ECC finds from the identity."""
    family = find_motion(motion)
    spread = np.array([2.0 if "shift" in n else 1e-5 if "per_px" in n else 0.01 for n in family.names(2)])
    steps = np.random.default_rng(7).normal(size=(3, len(spread))) * spread
    movie = make_warped_movie(texture((128, 128)), motion, family.identity(2) + steps, photons=400.0, seed=6)
    reg = hs.register(movie.frames, motion=motion, reference=movie.reference)
    assert reg.ok.all()
    fixed = movie.reference.astype(np.float32)
    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 100, 1e-6)
    found = []
    for frame in movie.frames:
        begin = np.eye(3 if motion == "projective" else 2, 3, dtype=np.float32)
        kind = getattr(cv2, f"MOTION_{KINDS[motion]}")
        _, matrix = cv2.findTransformECC(fixed, frame.astype(np.float32), begin, kind, criteria, None, 5)
        found.append(to_yx(np.vstack([matrix, [0, 0, 1]])[:3]))
    assert_no_worse(corner_error([one.matrix for one in reg], movie.truth), corner_error(found, movie.truth))


def test_phase_correlate() -> None:
    shifts = np.array([(3.5, -2.25), (-7.75, 11.0), (0.0, 0.4)])
    movie = make_movie(texture((128, 160)), shifts, photons=200.0, seed=3)
    window = cv2.createHanningWindow((160, 128), cv2.CV_32F)
    fixed = movie.reference.astype(np.float32)
    # the window is multiplied into its inputs in place
    found = [cv2.phaseCorrelate(fixed.copy(), f.astype(np.float32), window.copy())[0] for f in movie.frames]
    theirs = rms(np.array(found)[:, ::-1] - shifts)
    for method in ("Direct", "PhaseCorrelation"):
        reg = getattr(hs.estimators, method)().fit(movie.frames, reference=movie.reference)
        assert reg.ok.all()
        assert_no_worse(rms(reg.shifts - shifts), theirs)
