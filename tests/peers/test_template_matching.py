"""TemplateMatchingPy: a stack as its README makes, six scores, a static and a following template, its large drift."""

import numpy as np
import pytest
from scipy import ndimage

import holdstill as hs
from holdstill.evaluation.pictures import dead_leaves
from tests.peers.comparing import assert_no_worse, rms

SCORES = ("sqdiff", "sqdiff_normed", "ccorr", "ccorr_normed", "ccoeff", "ccoeff_normed")
BOX = ((30, 90), (40, 110))
SHIFTS = np.array([(0.0, 0.0), (1.5, -2.0), (3.25, -4.5), (4.0, -5.25)])


def stack() -> np.ndarray:
    picture = dead_leaves((190, 200), 4)
    rng = np.random.default_rng(0)
    frames = np.stack([ndimage.shift(picture, shift, order=3)[30:-30, 30:-30] for shift in SHIFTS])
    return np.asarray(np.clip(frames + 2.0 * rng.normal(size=frames.shape), 0, 255), np.uint8)


def theirs(movie: np.ndarray, score: int, reference_type: str, box: tuple[tuple[int, int], ...] = BOX) -> np.ndarray:
    peer = pytest.importorskip("templatematchingpy")
    (top, bottom), (left, right) = box
    config = peer.AlignmentConfig(method=score, search_area=0, subpixel=True)
    number = 0 if reference_type == "static" else -1  # the frame before
    _, found = peer.register_stack(
        movie.astype(np.float32), (left, top, right - left, bottom - top), number, reference_type, config
    )
    return -np.array([(dy, dx) for dx, dy in found])


@pytest.fixture(scope="module")
def drifting() -> tuple[np.ndarray, np.ndarray]:
    """Frames as those of its own movie, which is not at hand: to (-44, -33) px in the end, noise, a region of 50 px."""
    rng = np.random.default_rng(4)
    picture = dead_leaves((360, 360), 4)
    shifts = np.linspace(0, 1, 7)[:, None] * np.array([-44.3, -33.4]) + rng.uniform(-2, 2, (7, 2))
    shifts[0] = 0
    frames = np.stack([ndimage.shift(picture, shift, order=3)[80:280, 80:280] for shift in shifts])
    return np.asarray(np.clip(frames + 3 * rng.normal(size=frames.shape), 0, 255), np.uint8), shifts


@pytest.mark.parametrize("follows", [False, True])
@pytest.mark.parametrize("score", SCORES)
def test_a_movie_that_drifts_as_its_own(score: str, follows: bool, drifting: tuple[np.ndarray, np.ndarray]) -> None:
    movie, shifts = drifting
    region = ((80, 130), (70, 130))
    matching = hs.estimators.TemplateMatching(roi=region, score=score)
    reg = matching.fit(movie, reference="previous" if follows else 0)
    off = np.abs(reg.estimates - shifts).max(axis=1)
    if score == "ccorr":  # a plain product follows what is bright, theirs too; nobody calls that ok
        assert not reg.ok.any() or off[reg.ok].max() < 0.5
        return
    if score != "ccoeff":  # and this one leans there
        assert reg.ok.all()
    peer = theirs(movie, SCORES.index(score), "dynamic" if follows else "static", region)
    assert_no_worse(rms(off[reg.ok]), rms(np.abs(peer - shifts).max(axis=1)))


@pytest.mark.parametrize("score", SCORES)
def test_its_readme(score: str) -> None:
    movie = stack()
    reg = hs.estimators.TemplateMatching(roi=BOX, score=score, search=20).fit(movie, reference=0)
    assert reg.ok.all()
    own = rms(reg.shifts - SHIFTS)
    assert own < (0.3 if score == "ccorr" else 0.1)  # a plain product leans towards what is bright
    if score.endswith("normed"):  # its plain sums follow the brightest place of the frame
        assert_no_worse(own, rms(theirs(movie, SCORES.index(score), "static") - SHIFTS))


def test_a_template_that_follows() -> None:
    reg = hs.estimators.TemplateMatching(roi=BOX, search=20).fit(stack(), reference="previous")
    assert reg.ok.all()
    assert rms(reg.shifts - SHIFTS) < 0.15


@pytest.mark.parametrize("method", ["TemplateMatching", "MaskedCorrelation", "Direct", "CrossCorrelation"])
def test_a_large_drift_of_a_picture_full_of_texture(method: str) -> None:
    """A corner of the picture is searched, and lies 44 and 33 px away; others are right, or say that they are not."""
    picture = ndimage.gaussian_filter(np.random.default_rng(1).normal(size=(320, 320)), 1.2)
    picture += 0.5 * ndimage.gaussian_filter(np.random.default_rng(2).normal(size=(320, 320)), 12) * 12
    shifts = np.array([(0, 0), (-44, -33), (20, 41)])
    frames = np.stack([picture[60 - dy : 260 - dy, 60 - dx : 260 - dx] for dy, dx in shifts])
    estimator = getattr(hs.estimators, method)
    given = estimator(roi=((80, 130), (70, 130))) if method == "TemplateMatching" else estimator()
    reg = given.fit(frames.astype(np.float32), reference=0)
    off = np.abs(reg.estimates - shifts).max(axis=1)
    assert (off[reg.ok] < 0.2).all()
    if method in ("TemplateMatching", "Direct"):
        assert reg.ok.all()
