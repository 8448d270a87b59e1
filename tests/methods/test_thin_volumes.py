"""Volumes of so few planes that they do not tell how they moved along z."""

import numpy as np
import pytest
from scipy import ndimage

from holdstill.api import register
from holdstill.contracts import Verdict
from holdstill.evaluation.presets import texture
from holdstill.evaluation.scenes import Spots
from holdstill.evaluation.stress.base import Setting


@pytest.mark.parametrize("n_planes", [1, 2, 3])
def test_they_are_registered_within_the_plane(n_planes: int) -> None:
    setting = Setting(photons=30.0, n_frames=8, size=64, seed=2)
    path = np.column_stack([np.zeros(8), setting.path(4.0)])
    scene = Spots(shape=(n_planes, 64, 64), n_spots=8 * n_planes, sigma_px=(0.8, 2.0, 2.0), background=0.1, seed=3)
    found = register(setting.record(setting.show(scene, path)), axes="TZYX")
    assert set(found.verdicts) == {Verdict.OK}
    np.testing.assert_array_equal(found.shifts[:, 0], 0.0)
    np.testing.assert_allclose(found.shifts, path - path[0], atol=0.2)
    np.testing.assert_allclose(found.errors[:, 0], 0.0, atol=1e-9)
    assert (found.errors[:, 1:] > 0.005).all()


@pytest.mark.parametrize(("n_planes", "motion"), [(1, "rigid"), (2, "affine"), (3, "similarity")])
def test_they_are_turned_within_the_plane(n_planes: int, motion: str) -> None:
    # all of them were blank: what cannot be told of tilts made all that is told singular
    rng, angles = np.random.default_rng(1), np.radians([0.0, 2.0, -3.0, 1.0])
    light = [texture((96, 96), seed=seed).intensity((0.0, 0.0)) for seed in range(n_planes)]
    middle = np.full(2, 47.5)
    turns = [np.array([[np.cos(a), np.sin(a)], [-np.sin(a), np.cos(a)]]) for a in angles]
    frames = np.stack([
        [ndimage.affine_transform(plane / plane.mean(), turn, middle - turn @ middle, mode="mirror") for plane in light]
        for turn in turns
    ])[..., 12:-12, 12:-12]  # fmt: skip
    movie = np.rint(100 + rng.poisson(4000 * np.clip(frames, 0, None))).astype(np.uint16)
    found = register(movie, axes="TZYX", motion=motion, reference="first")
    assert set(found.verdicts) == {Verdict.OK}
    matrices = np.stack([transform.matrix for transform in found.transforms])
    np.testing.assert_allclose(np.arctan2(matrices[:, 2, 1], matrices[:, 2, 2]), angles, atol=3e-3)
    np.testing.assert_allclose(matrices[:, 0], np.broadcast_to([1.0, 0, 0, 0], (4, 4)), atol=0.01)
    corners = np.array([[0.0, y, x, 1.0] for y in (0, 71) for x in (0, 71)])
    truth = np.einsum("tij,nj->tni", [turn.T for turn in turns], corners[:, 1:3] - 35.5) + 35.5
    np.testing.assert_allclose((matrices @ corners.T)[:, 1:3].transpose(0, 2, 1), truth, atol=0.3)


def test_error_bars_of_dim_planes_that_differ_hold() -> None:
    # rms .2 px beside bars of .07, seven of twenty frames silently wrong
    setting = Setting(photons=10.0, n_frames=16, size=96, seed=5)
    path = setting.path(2.0)
    rng, frames = np.random.default_rng(2), []
    for seed in range(3):
        scene = texture((96, 96), seed=seed)
        bright = 10.0 / np.quantile(scene.intensity(np.zeros(2)), 0.99)
        frames.append([rng.poisson(bright * scene.intensity(shift)) for shift in path])
    volumes = np.rint(np.stack(frames, axis=1) + rng.normal(100, 2, (16, 3, 96, 96))).astype(np.uint16)
    found = register(volumes, axes="TZYX")
    assert found.ok.all()
    off = found.shifts[:, 1:] - path
    z = (off - off.mean(axis=0)) / found.errors[:, 1:]
    assert 0.5 < z.std() < 1.6
    assert np.abs(z).max() < 4
