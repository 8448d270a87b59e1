"""Methods that find large changes of view from scratch."""

from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest

import holdstill as hs
from holdstill.contracts import Estimates, Reference, Verdict
from holdstill.devices.cpu import CpuDevice
from holdstill.errors import HoldstillError, InputError
from holdstill.estimators import Direct, Features, LogPolar
from holdstill.evaluation.presets import sparse, texture
from holdstill.evaluation.warped import WarpedMovie, corner_distances, make_warped_movie
from holdstill.transforms import Transform
from holdstill.transforms.motions import find_motion
from holdstill.transforms.trajectory import Trajectory

SHARED = Path(__file__).parents[3] / "shared" / "data"
SCENES = {"texture": (texture((144, 160)), 400.0), "sparse": (sparse((144, 160)), 100.0)}


def run(estimator: Any, movie: WarpedMovie) -> tuple[Estimates, np.ndarray]:
    """Estimates, and how far off the corners are, px."""
    reference = Reference(image=movie.reference.astype(np.float32), noise=movie.noise)
    found = estimator.estimate(estimator.prepare(reference, CpuDevice()), movie.frames, CpuDevice())
    return found, corner_distances(Trajectory(movie.truth.motion, found.parameters, movie.truth.shape), movie.truth)


def movie_of(scene: str, motion: str, parameters: np.ndarray) -> WarpedMovie:
    made, photons = SCENES[scene]
    return make_warped_movie(made, motion, parameters, photons=photons, seed=4)


@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("estimator", [LogPolar(), Direct(motion="rigid")])
def test_any_rotation(estimator: Any, scene: str) -> None:
    angles = np.linspace(-np.pi, np.pi, 8, endpoint=False) + 0.1
    shifts = np.random.default_rng(2).uniform(-8, 8, (8, 2))
    found, off = run(estimator, movie_of(scene, "rigid", np.column_stack([shifts, angles])))
    good = np.array([verdict is Verdict.OK for verdict in found.verdicts])
    assert good.sum() >= 7
    assert off[good].max() < 0.2


@pytest.mark.parametrize("estimator", [LogPolar(motion="similarity"), Direct(motion="similarity")])
def test_scale(estimator: Any) -> None:
    scales = np.exp(np.linspace(-0.4, 0.4, 6))
    parameters = np.column_stack([np.full((6, 2), 3.0), np.linspace(-1, 1, 6), scales])
    found, off = run(estimator, movie_of("texture", "similarity", parameters))
    good = np.array([verdict is Verdict.OK for verdict in found.verdicts])
    assert good.sum() >= 5
    assert off[good].max() < 0.3


def tilted(n: int) -> np.ndarray:
    rng = np.random.default_rng(6)
    return find_motion("projective").identity(2) + np.column_stack(
        [rng.uniform(-8, 8, (n, 2)), rng.uniform(-3, 3, n), rng.uniform(-0.15, 0.15, (n, 2)),
         rng.uniform(-0.1, 0.1, n), rng.uniform(-1e-3, 1e-3, (n, 2))]
    )  # fmt: skip


@pytest.mark.parametrize("detector", ["sift", "orb"])
def test_features_find_tilted_planes(detector: str) -> None:
    found, off = run(Features(detector=detector), movie_of("texture", "projective", tilted(4)))
    good = np.array([verdict is Verdict.OK for verdict in found.verdicts])
    assert good.sum() >= 3
    assert off[good].max() < 0.6


@pytest.mark.parametrize("motion", ["translation", "rigid", "similarity", "affine"])
def test_features_fit_any_motion(motion: str) -> None:
    family = find_motion(motion)
    spread = [6.0 if "shift" in name else 0.1 for name in family.names(2)]
    parameters = family.identity(2) + np.random.default_rng(3).normal(size=(2, len(spread))) * np.array(spread)
    _, off = run(Features(motion=motion), movie_of("texture", motion, parameters))
    assert off.max() < 0.3


def test_matches_of_features_agree_with_the_truth() -> None:
    movie = movie_of("texture", "rigid", np.array([[4.0, -6.0, 0.4]]))
    reference = Reference(image=movie.reference.astype(np.float32))
    matches = Features(motion="rigid").find_matches(reference, movie.frames[0])
    assert len(matches) >= 20
    truth = movie.truth.transform(0)
    assert np.linalg.norm(truth.map(matches[:, :2]) - matches[:, 2:], axis=1).max() < 4
    other = np.random.default_rng(0).poisson(300, movie.frames[0].shape).astype(np.uint16)
    assert len(Features(motion="rigid").find_matches(reference, other)) < 8
    assert Direct().find_matches(reference, movie.frames[0]).shape == (0, 4)


def test_align_keeps_matches_for_its_report() -> None:
    movie = movie_of("texture", "rigid", np.array([[4.0, -6.0, 0.4]]))
    found = hs.align(movie.reference.astype(np.float32), movie.frames[0], motion="rigid", method="features")
    matches = found.images["matches"]
    assert np.linalg.norm(found[0].map(matches[:, :2]) - matches[:, 2:], axis=1).max() < 4
    assert "matches" not in hs.align(movie.reference.astype(np.float32), movie.frames[0], motion="rigid").images


def test_a_frame_of_something_else_is_a_verdict() -> None:
    movie = movie_of("texture", "projective", tilted(1))
    other = np.random.default_rng(0).poisson(300, movie.frames.shape).astype(np.uint16)
    reference = Reference(image=movie.reference.astype(np.float32), noise=movie.noise)
    for estimator in (Features(), LogPolar()):
        state = estimator.prepare(reference, CpuDevice())
        assert Verdict.OK not in estimator.estimate(state, other, CpuDevice()).verdicts


def test_what_they_cannot_do_is_said() -> None:
    volume, flat = Reference(image=np.zeros((9, 20, 20), np.float32)), Reference(image=np.zeros((64, 64), np.float32))
    for estimator in (Features(), LogPolar()):
        with pytest.raises(InputError, match="planes"):
            estimator.prepare(volume, CpuDevice())
    with pytest.raises(InputError, match="0 features of sift, at least 8 are needed"):
        Features().prepare(flat, CpuDevice())
    with pytest.raises(HoldstillError, match="sift, orb, akaze"):
        Features(detector="surf")


@pytest.mark.skipif(not SHARED.exists(), reason="the folder shared/data with real test data is absent")
@pytest.mark.parametrize("estimator", [Features(detector="orb"), Features(), Direct(motion="projective")])
def test_graffiti(estimator: Any) -> None:
    """The graf pair: 30 degrees of tilt, homography known to a px or so."""
    one, other = (imagecodecs.imread(SHARED / "opencv" / name).mean(axis=-1) for name in ("graf1.png", "graf3.png"))
    text = (SHARED / "opencv" / "H1to3p.xml").read_text()
    numbers = np.array(text[text.index("<data>") + 6 : text.index("</data>")].split(), float).reshape(3, 3)
    reg = estimator.fit(np.stack([other, other]).astype(np.float32), one.astype(np.float32))
    inner = np.array([[200.0, 250], [200, 550], [450, 250], [450, 550]])
    off = reg[0].map(inner) - Transform.from_skimage(numbers).map(inner)
    assert reg.ok.all()
    assert np.abs(off).max() < 1.0


@pytest.mark.skipif(not SHARED.exists(), reason="the folder shared/data with real test data is absent")
def test_the_samples_of_imreg_dft() -> None:
    one, shifted, turned = (
        np.atleast_3d(imagecodecs.imread(SHARED / "imreg_dft" / f"sample{n}.png"))[..., :3].mean(axis=-1)
        for n in (1, 2, 3)
    )
    found = LogPolar(motion="similarity").fit(np.stack([shifted, turned]), one)
    np.testing.assert_allclose(found.parameters[0], [-79, 19, 0, 1], atol=1e-3)
    # features of OpenCV say 30.1 and 30.0, imreg_dft itself 30.05, its documentation 30; 27 came from a flat peak
    assert np.rad2deg(found.parameters[1, 2]) == pytest.approx(30, abs=0.2)
    assert found.parameters[1, 3] == pytest.approx(0.8, abs=0.005)


def test_by_name() -> None:
    movie = movie_of("texture", "rigid", np.array([[0.0, 0, 0], [4, -3, 0.5]]))
    reg = hs.register(movie.frames, motion="rigid", method="log_polar", reference=movie.reference)
    assert corner_distances(reg.trajectory, movie.truth).max() < 0.3
