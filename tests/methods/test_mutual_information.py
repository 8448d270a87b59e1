"""Frames in another light than the reference."""

import numpy as np
import pytest
from scipy import ndimage

import holdstill as hs
from holdstill.contracts import Reference, Verdict
from holdstill.devices.cpu import CpuDevice
from holdstill.errors import InputError
from holdstill.estimators import MutualInformation
from holdstill.evaluation.presets import cells, sparse, texture
from holdstill.evaluation.warped import corner_distances, make_warped_movie
from holdstill.methods.search.information import mutual_information
from holdstill.transforms.motions import find_motion
from holdstill.transforms.trajectory import Trajectory

SHAPE = (128, 144)
SCENES = {"texture": (texture(SHAPE), 400.0), "sparse": (sparse(SHAPE), 100.0), "cells": (cells(SHAPE), 100.0)}


def other_light(image: np.ndarray, how: str) -> np.ndarray:
    """The scene dark on bright, or with its middle greys darkest."""
    low, high = np.percentile(image, [1, 99])
    grey = (image - low) / (high - low)
    return (800 - 600 * grey if how == "inverted" else 300 + 500 * (grey - 0.4) ** 2).astype(np.float32)


@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("motion", ["translation", "rigid", "affine"])
@pytest.mark.parametrize("how", ["inverted", "folded"])
def test_another_light(scene: str, motion: str, how: str) -> None:
    family = find_motion(motion)
    spread = np.array([6.0 if "shift" in name else 0.02 for name in family.names(2)])
    truth = family.identity(2) + np.random.default_rng(1).normal(size=(2, len(spread))) * spread
    made, photons = SCENES[scene]
    movie = make_warped_movie(made, motion, truth, photons=photons, seed=2)
    estimator = MutualInformation(motion=motion)
    state = estimator.prepare(Reference(image=other_light(movie.reference, how)), CpuDevice())
    found = estimator.estimate(state, movie.frames, CpuDevice())
    trajectory = Trajectory(family, found.parameters, SHAPE)
    off, error = corner_distances(trajectory, movie.truth), trajectory.corner_errors(found.covariance)
    good = np.array([verdict is Verdict.OK for verdict in found.verdicts])
    assert good.all() or how == "folded" or motion == "affine"  # halves of small images bind an affine map poorly
    assert (off[good] < np.maximum(5 * error[good], 0.05)).all()
    assert (off[good] < (0.2 if how == "inverted" else 0.6)).all()


@pytest.mark.parametrize("scene", ["texture", "cells"])
@pytest.mark.parametrize("folded", ["reference", "frame"])
def test_either_image_may_have_two_greys_for_one_of_the_other(scene: str, folded: str) -> None:
    movie = make_warped_movie(SCENES[scene][0], "translation", np.array([[3.3, -5.7]]), photons=2000.0, seed=4)
    low, high = np.percentile(movie.reference, [1, 99])
    one, other = ((image - low) / (high - low) for image in (movie.reference, movie.frames.astype(np.float64)))
    reference, frame = (np.abs(one - 0.4), other) if folded == "reference" else (one, np.abs(other - 0.4))
    found = MutualInformation().fit(frame.astype(np.float32), reference=reference.astype(np.float32))
    off = found.estimates[0] - (3.3, -5.7)
    assert found.verdicts[0] is Verdict.OK
    assert np.hypot(*off) < 0.05
    assert (np.abs(off) < 4 * found.errors[0]).all()


@pytest.mark.parametrize("scene", ["texture", "cells"])
@pytest.mark.parametrize("out_of_order", ["reference", "frame", "both"])
def test_greys_may_be_out_of_order(scene: str, out_of_order: str) -> None:
    """Levels in a random order are rough between pixels: that pulled the estimate halfway between them."""
    movie = make_warped_movie(SCENES[scene][0], "translation", np.array([[1.917, -3.223]]), photons=2000.0, seed=6)
    random = np.random.default_rng(6)

    def mix(image: np.ndarray, part: str) -> np.ndarray:
        low, high = np.percentile(image, [1, 99])
        level = np.clip(8 * (image - low) / (high - low), 0, 7).astype(int)
        return (random.permutation(8)[level] if out_of_order in (part, "both") else image).astype(np.float32)

    reference, frame = mix(movie.reference, "reference"), mix(movie.frames.astype(np.float64), "frame")
    found = MutualInformation().fit(frame, reference=reference)
    off = found.estimates[0] - (1.917, -3.223)
    assert found.verdicts[0] is Verdict.OK
    assert np.hypot(*off) < (0.1 if scene == "texture" else 0.5)  # of cells few contours tell the two apart
    assert (np.abs(off) < 3 * found.errors[0]).all()


def test_it_ends_where_another_round_would_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four rounds at each resolution and of a blurred reference, and halves of both, took half as long again."""
    movie = make_warped_movie(SCENES["texture"][0], "translation", np.array([[3.3, -5.7]]), photons=400.0, seed=5)
    made: list[str] = []

    def note(name: str) -> None:
        plain = getattr(MutualInformation, name)

        def noted(*given: object, **more: object) -> object:
            made.append(name)
            return plain(*given, **more)

        monkeypatch.setattr(MutualInformation, name, noted)

    note("_translate")
    note("_spread")
    estimator = MutualInformation()
    state = estimator.prepare(Reference(image=other_light(movie.reference, "inverted")), CpuDevice())
    found = estimator.estimate(state, movie.frames, CpuDevice())
    assert np.hypot(*(found.parameters[0] - (3.3, -5.7))) < 0.05
    assert made.count("_translate") <= 8  # of at most twelve
    assert made.count("_spread") == 2  # both ways, neither blurred


@pytest.mark.parametrize("how", ["inverted", "folded"])
def test_what_bends_in_another_light(how: str) -> None:
    def smooth(size: float, seed: int) -> np.ndarray:
        made = ndimage.gaussian_filter(np.random.default_rng(seed).standard_normal((150, 170)), size, mode="reflect")
        return made / made.std()

    def make_tissue(seed: int) -> np.ndarray:
        return 600 + 150 * (smooth(3, seed) + smooth(8, seed + 1))

    pixels = np.indices((150, 170), dtype=float)
    places = pixels + np.array([4.0, -3.0])[:, None, None] + 1.5 * np.stack([smooth(22, 7), smooth(22, 8)])
    noise = np.random.default_rng(9).normal(0, 5, (2, 150, 170))
    fixed = make_tissue(1) + noise[0]
    moving = other_light(ndimage.map_coordinates(make_tissue(1), places, order=3, mode="reflect"), how) + noise[1]
    found = hs.align(fixed, moving.astype(np.float32), method="mutual_information", motion="dense")
    assert found.ok.all()
    points = np.argwhere(np.ones((10, 12), bool)) * 10.0 + 25
    back = np.stack([ndimage.map_coordinates(one, found[0].map(points).T, order=1) for one in places], axis=1)
    assert np.median(np.linalg.norm(back - points, axis=1)) < 0.3  # 1.8 px affine
    if how == "inverted":
        other = hs.align(make_tissue(21) + noise[0], moving, method="mutual_information", motion="dense")
        assert not other.ok.any()


def test_what_does_not_bend_is_the_same_and_what_is_unknown_is_blank() -> None:
    same = ndimage.gaussian_filter(np.random.default_rng(1).standard_normal((24, 30)), 2).astype(np.float32)
    found = hs.align(same, same, method="mutual_information", motion="dense")
    assert found.ok.all()
    np.testing.assert_allclose(found[0].map([[3.0, 4.0], [20.0, 25.0]]), [[3, 4], [20, 25]], atol=0.01)
    unknown = hs.align(np.full_like(same, np.nan), same, method="mutual_information", motion="dense")
    assert list(unknown.verdicts) == [Verdict.BLANK]


def test_volumes() -> None:
    shifts = np.array([[1.0, -3.0, 2.25]])
    movie = make_warped_movie(sparse((20, 48, 56)), "translation", shifts, photons=200.0, seed=3)
    estimator = MutualInformation(max_shift=6)
    state = estimator.prepare(Reference(image=other_light(movie.reference, "inverted")), CpuDevice())
    np.testing.assert_allclose(estimator.estimate(state, movie.frames, CpuDevice()).parameters, shifts, atol=0.2)


def test_noise_is_refused() -> None:
    movie = make_warped_movie(SCENES["texture"][0], "translation", np.zeros((1, 2)), photons=400.0)
    estimator = MutualInformation()
    state = estimator.prepare(Reference(image=movie.reference.astype(np.float32)), CpuDevice())
    noise = np.random.default_rng(5).poisson(400, (5, *SHAPE)).astype(np.uint16)
    assert Verdict.OK not in estimator.estimate(state, noise, CpuDevice()).verdicts
    flat = np.full((1, *SHAPE), 7.0, np.float32)
    assert estimator.estimate(state, flat, CpuDevice()).verdicts == (Verdict.BLANK,)


def test_information_of_images() -> None:
    one = np.random.default_rng(0).integers(0, 8, (200, 200))
    assert mutual_information(one, 7 - one, 8) == pytest.approx(np.log(8), rel=1e-2)
    assert mutual_information(one, np.random.default_rng(1).integers(0, 8, one.shape), 8) < 0.01
    with pytest.raises(InputError, match="levels"):
        MutualInformation(levels=2)


def test_volumes_of_like_outline_and_other_content_are_not_bent_until_they_agree() -> None:
    shape = (24, 32, 36)
    away = [(axis - (n - 1) / 2) / (0.4 * n) for axis, n in zip(np.indices(shape), shape, strict=True)]

    def make_organ(seed: int) -> np.ndarray:
        drawn = np.random.default_rng(seed).standard_normal((3, *shape))
        fine, coarse, edge = (ndimage.gaussian_filter(one, size) for one, size in zip(drawn, (1.5, 4, 6), strict=True))
        inside = 1 / (1 + np.exp(12 * (np.linalg.norm(away, axis=0) + 0.15 * edge / edge.std() - 1)))
        return 1500 * (1 + 0.35 * fine / fine.std() + 0.4 * coarse / coarse.std()).clip(0.05) * inside

    fixed, other = (make_organ(seed).astype(np.float32) for seed in (1, 2))
    estimator = MutualInformation(motion="dense")
    state = estimator.prepare(Reference(image=fixed), CpuDevice())
    assert estimator.estimate(state, -other[None], CpuDevice()).verdicts[0] is not Verdict.OK
