"""A pattern that stands still is told from the specimen that moves, or doubt is."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from holdstill.api import register
from holdstill.contracts import Verdict
from holdstill.evaluation.movies import make_movie
from holdstill.evaluation.presets import texture
from holdstill.evaluation.stress.base import Setting
from holdstill.evaluation.stress.score import score
from holdstill.evaluation.stress.suite import SCENES
from holdstill.evaluation.trajectories import walk


@pytest.mark.parametrize("name", ["still/odd_even_rows", "still/bright_blobs"])
def test_shifts_follow_the_specimen(name: str) -> None:
    scene = SCENES[name](Setting(photons=40.0, n_frames=24, size=96, seed=4))
    found = register(scene.frames)
    ok = np.array([verdict is Verdict.OK for verdict in found.verdicts])
    judged = score(scene, found.shifts, found.errors, ok)
    assert judged.misses == judged.refused == 0
    assert judged.rmse < 3 * judged.bound < 0.2 * judged.raw


@pytest.mark.parametrize("trembling_px", [0.0, 0.02])
def test_a_stage_that_stands_or_trembles_is_no_pattern(trembling_px: float) -> None:
    """The mean explains such frames nearly as well as the template, and what stands still is the specimen."""
    setting = Setting(photons=1000.0, n_frames=16, size=96, seed=6)
    path = trembling_px * setting.rng(9).standard_normal((16, 2))
    assert register(setting.record(setting.show(setting.specimen(), path))).ok.all()


def test_of_large_frames_a_part_decides_and_all_of_the_pattern_is_found() -> None:
    rng = np.random.default_rng(1)
    specimen = gaussian_filter(rng.random((352, 352)), 2)
    specimen = 60 * (specimen - specimen.min()) / np.ptp(specimen)
    truth = rng.integers(0, 32, (16, 2))
    columns = 30 * rng.random(320)
    frames = np.array([rng.poisson(columns + specimen[y : y + 320, x : x + 320]) for y, x in truth]).astype(np.uint16)
    found = register(frames)
    assert any("pattern" in text for text in found.provenance["defects"])
    assert all(found.ok)
    np.testing.assert_allclose(found.shifts - found.shifts.mean(axis=0), truth.mean(axis=0) - truth, atol=0.05)


def test_what_changes_without_moving_is_doubtful_not_ok() -> None:
    rng = np.random.default_rng(3)
    still = 20 * rng.random((64, 64))
    y, x = np.indices((64, 64))
    spots = np.zeros((24, 64, 64))
    for centres in rng.uniform(0, 64, (6, 24, 2)):
        spots += [np.exp(-((y - cy) ** 2 + (x - cx) ** 2) / 18) for cy, cx in centres]
    frames = rng.poisson(100 + still + 60 * spots).astype(np.uint16)
    assert Verdict.OK not in register(frames).verdicts


def test_references_that_change_learn_nothing_of_views_and_patterns() -> None:
    """Far from the first frame, which the sample is compared with, content may be another."""
    movie = make_movie(texture((192, 192)), walk(24, 0.8, seed=3), photons=100.0, seed=4, debris=2)
    assert any("detail" in text for text in register(movie.frames).provenance["defects"])
    assert not register(movie.frames, reference="previous").provenance["defects"]
