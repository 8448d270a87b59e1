"""Frames too dim to be compared one with another are placed all at once."""

import numpy as np
import pytest

from holdstill.api import register
from holdstill.evaluation.stress.base import Setting
from holdstill.evaluation.stress.score import score
from holdstill.evaluation.stress.suite import SCENES
from holdstill.reference.joint_start import find_shifts_jointly

NOISE = 4.0


def record_dim(peak: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Frames, (40, 96, 96), of a few spots in noise, and where they were."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:96, :96]
    shifts = np.rint(np.cumsum(rng.normal(0, 1.5, (40, 2)), axis=0)).astype(int)
    places = rng.uniform(10, 86, (12, 2))
    specimen = sum(peak * np.exp(-((y - a) ** 2 + (x - b) ** 2) / 8) for a, b in places)
    frames = np.stack([np.roll(specimen, tuple(shift), (0, 1)) for shift in shifts])
    return (frames + rng.normal(0, np.sqrt(NOISE), frames.shape)).astype(np.float32), shifts


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_forty_frames_tell_what_no_pair_does(seed: int) -> None:
    frames, truth = record_dim(2.2, seed)
    off = find_shifts_jointly(frames, NOISE) - truth
    off -= np.median(off, axis=0)
    assert (np.abs(off).max(axis=1) <= 2).mean() > 0.9


@pytest.mark.parametrize(("name", "seed"), [("still/dust_on_bright", 41), ("still/odd_even_rows", 25)])
def test_dim_movies_behind_what_stands_still_are_told_from_it(name: str, seed: int) -> None:
    """Before, nearly every frame of the first followed the dust, half of the second every other row; all ok."""
    light = 20.0 if "dust" in name else 5.0
    scene = SCENES[name](Setting(photons=light, n_frames=40, size=128, seed=seed))
    found = register(scene.frames)
    judged = score(scene, found.shifts, found.errors, found.ok)
    assert judged.misses <= 1
    assert judged.ok > 30


def test_what_cannot_be_told_from_a_pattern_is_refused() -> None:
    scene = SCENES["still/smooth_pattern"](Setting(photons=5.0, n_frames=40, size=128, seed=25))
    assert not register(scene.frames).ok.any()
