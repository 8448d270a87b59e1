"""What a specimen shows at most at each pixel, whatever passes through the frame."""

import numpy as np

from holdstill import register
from holdstill.devices.choosing import find_device
from holdstill.evaluation.stress.base import Setting
from holdstill.evaluation.stress.score import score
from holdstill.evaluation.stress.suite import SCENES
from holdstill.reference.ceilings import find_ceiling
from holdstill.reference.contrast import Contrast, blur_finely
from holdstill.reference.defects import Defects
from holdstill.transforms.trajectory import Trajectory

SHAPE = (72, 80)
Y, X = np.indices(SHAPE)


def draw(y: float, x: float, height: float, width: float = 2.0) -> np.ndarray:
    return height * np.exp(-((Y - y) ** 2 + (X - x) ** 2) / (2 * width**2))


def test_a_ceiling_lies_above_the_specimen_and_below_what_passes() -> None:
    rng = np.random.default_rng(1)
    shifts = rng.normal(0, 1.5, (16, 2))
    places = rng.uniform(12, 60, (12, 2))
    specimen = np.stack([sum(draw(y + dy, x + dx, 20.0) for y, x in places) for dy, dx in shifts])
    # one thing crosses the frame, another hardly moves while the specimen does
    passing = np.stack([draw(36, 5 * t, 60.0, 3.0) for t in range(16)])
    staying = np.stack([draw(60, 70 + 0.1 * t, 60.0, 3.0) for t in range(16)])
    frames = (100 + rng.normal(0, 1, specimen.shape) + specimen + passing + staying).astype(np.float32)
    device = find_device("cpu", SHAPE, np.dtype(np.float32), 1)
    ceiling = find_ceiling(frames, Trajectory.of("translation", shifts, SHAPE), 1.0, 0.1, device)
    steady = ~np.isneginf(ceiling)
    assert (blur_finely((100 + specimen).astype(np.float32))[:, steady] < ceiling[steady]).all()
    assert not steady[57:64, 68:74].any()
    assert steady[(staying < 0.1).all(axis=0)].mean() > 0.95
    seen = Contrast(ceiling=ceiling)(frames)
    assert np.isnan(seen[passing + staying > 3]).all()
    assert np.isfinite(seen).mean() > 0.6


def test_a_ceiling_of_binned_pixels_holds_for_each_of_theirs_and_is_kept() -> None:
    ceiling = np.full((4, 5), 50.0, np.float32)
    ceiling[1, 2] = -np.inf
    frames = np.zeros((1, 33, 41), np.float32)
    contrast = Contrast(ceiling=ceiling)
    seen = contrast(frames)
    assert np.isnan(seen[0, 8:16, 16:24]).all()
    assert np.isfinite(seen[0, :, 32:]).all()
    again = Defects.unpack(Defects(contrast=contrast).pack())
    np.testing.assert_array_equal(again.view(frames), seen)


def test_debris_between_few_spots_is_left_out() -> None:
    """Flattened frames were 0.3 px off and contradicted by their halves: refused, as a speck hardly moves."""
    scene = SCENES["moving/debris"](Setting(photons=20.0, n_frames=24, size=128, seed=9701))
    found = register(scene.frames)
    judged = score(scene, found.shifts, found.errors, found.ok)
    assert judged.misses == judged.refused == 0
    assert judged.rmse < 3 * judged.bound


def test_stripes_and_shading_that_hold_flattened_frames_are_told_as_recorded() -> None:
    """Of 24 frames that were ok 20 were wrong by up to 4 px: a flattened view shows no pattern that holds it."""
    scene = SCENES["still/striped_shading"](Setting(photons=20.0, n_frames=30, size=128, seed=9701))
    found = register(scene.frames)
    judged = score(scene, found.shifts, found.errors, found.ok)
    assert judged.misses == judged.refused == 0
    assert judged.rmse < 0.15
