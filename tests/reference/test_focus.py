"""Frames out of focus: detail gone, coarse structure still there."""

import numpy as np
import pytest
from scipy import ndimage

import holdstill as hs
from holdstill.contracts import Covariance, Estimates, NoiseModel, Reference, Verdict
from holdstill.evaluation import trajectories
from holdstill.evaluation.presets import cells, sparse
from holdstill.reference.focus import Focus, prepare_focus

SHAPE, OFFSET, READ = (112, 128), 100.0, 2.0
BLURRED = [4, 9, 10, 11]
SCENES = {"sparse": sparse, "cells": cells}


def make_light(scene: str, seed: int, n: int = 16) -> tuple[np.ndarray, np.ndarray]:
    made = SCENES[scene](SHAPE, seed=seed)
    path = trajectories.walk(n, 0.6, seed=seed)
    light = np.stack([made.intensity(shift) for shift in path])
    return light / light.mean(), path


def record(light: np.ndarray, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return np.rint(rng.poisson(light) + rng.normal(0, READ, light.shape) + OFFSET).astype(np.uint16)


def make_focus(light: np.ndarray, path: np.ndarray, seed: int) -> Focus:
    """Of the mean of frames, each brought back."""
    frames = record(light, seed).astype(float)
    image = np.mean([ndimage.shift(one, -s, mode="nearest") for one, s in zip(frames, path, strict=True)], axis=0)
    noise = NoiseModel(gain=1.0, read_variance=READ**2, offset=OFFSET)
    focus = prepare_focus(Reference(image=image.astype(np.float32), noise=noise, n_averaged=len(path)), 2)
    assert focus is not None
    return focus


def find_lost(focus: Focus, frames: np.ndarray, path: np.ndarray) -> list[int]:
    n = len(frames)
    found = Estimates(
        parameters=path, covariance=Covariance.of_errors(np.full(path.shape, 0.05)), scores=np.ones(n),
        verdicts=(Verdict.OK,) * n,
    )  # fmt: skip
    return [t for t, verdict in enumerate(focus.judge(frames, found).verdicts) if verdict is Verdict.FOCUS_LOST]


@pytest.mark.parametrize(("scene", "photons"), [("sparse", 10.0), ("sparse", 60.0), ("cells", 60.0)])
@pytest.mark.parametrize("seed", [1, 2])
def test_frames_out_of_focus_are_told(scene: str, photons: float, seed: int) -> None:
    light, path = make_light(scene, seed)
    focus = make_focus(photons * light, path, seed)
    blurred = photons * light
    for t in BLURRED:
        blurred[t] = ndimage.gaussian_filter(blurred[t], 4)
    assert find_lost(focus, record(blurred, seed + 10), path) == BLURRED


@pytest.mark.parametrize("scene", ["sparse", "cells"])
@pytest.mark.parametrize("photons", [2.0, 60.0])
def test_others_are_not(scene: str, photons: float) -> None:
    """Sharp ones, bleaching to a tenth, a blur of 0.7 px, smoothed frames, and some in which content turned over."""
    light, path = make_light(scene, 3)
    focus = make_focus(photons * light, path, 3)
    assert find_lost(focus, record(photons * light, 4), path) == []
    fading = np.linspace(1, 0.1, len(path))[:, None, None]
    assert find_lost(focus, record(photons * light * fading, 5), path) == []
    assert find_lost(focus, record(photons * ndimage.gaussian_filter(light, (0, 0.7, 0.7)), 6), path) == []
    assert find_lost(focus, record(photons * light[:, ::-1], 7), path) == []
    smooth = ndimage.gaussian_filter(record(photons * light, 8).astype(np.float32), (0, 0.7, 0.7))
    assert find_lost(focus, smooth, path) == []


def test_what_says_nothing_of_focus() -> None:
    image, noise = np.zeros((64, 64), np.float32), NoiseModel()
    assert prepare_focus(Reference(image=image, noise=noise), 2) is None  # from elsewhere
    assert prepare_focus(Reference(image=image, noise=noise, n_averaged=1), 2) is None
    assert prepare_focus(Reference(image=image, n_averaged=9), 2) is None
    assert prepare_focus(Reference(image=image, noise=noise, n_averaged=9), 3) is None
    assert prepare_focus(Reference(image=np.zeros((8, 64, 64), np.float32), noise=noise, n_averaged=9), 3) is None


def test_a_movie_that_goes_out_of_focus_keeps_its_shifts() -> None:
    """Twelve frames of forty blurred by 4 px while the stage drifts: neighbours would place them up to 3 px off."""
    margin, lost, path = 24, slice(14, 26), np.stack([3 * np.sin(np.arange(40) / 4), np.zeros(40)], axis=1)
    made = sparse((SHAPE[0] + 2 * margin, SHAPE[1] + 2 * margin), seed=5)
    light = np.stack([made.intensity(shift) for shift in path])
    light[lost] = ndimage.gaussian_filter(light[lost], (0, 4, 4))
    found = hs.register(record(40 * light[:, margin:-margin, margin:-margin] / light.mean(), 9))
    told = [t for t, verdict in enumerate(found.verdicts) if verdict is Verdict.FOCUS_LOST]
    assert told == list(range(14, 26))
    assert "fine detail is gone" in found.reasons[20]
    assert found.treatments[20] == "estimated"
    off = found.shifts - path
    off -= np.median(off[found.ok], axis=0)
    assert np.abs(off[found.ok]).max() < 0.1
    assert np.abs(off[lost]).max() < 1  # what the blur pushes aside, which no error bar knows
    assert np.isnan(found.errors[lost]).all()
    assert not found.ok[lost].any()
    assert found.repair("drop").kept.sum() == 28
    again = found.repair("identity").repair("interpolate")
    np.testing.assert_array_equal(again.shifts, found.shifts)
