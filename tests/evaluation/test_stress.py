"""Scenes that mislead, and how registrations of them are counted."""

import numpy as np
import pytest

from holdstill.evaluation.stress.base import Setting, StressScene
from holdstill.evaluation.stress.score import score
from holdstill.evaluation.stress.suite import HARD, HARD_AT, LEVELS, SCENES, is_hard


@pytest.mark.parametrize("name", SCENES)
def test_scenes_are_what_their_setting_says(name: str) -> None:
    setting = Setting(n_frames=4, size=48, seed=3)
    scene = SCENES[name](setting)
    again = SCENES[name](setting)
    assert len(scene.frames) == len(scene.truth) == len(scene.good) == 4
    assert scene.truth.ndim == 3
    assert scene.truth.shape[2] == scene.frames.ndim - 1
    np.testing.assert_array_equal(scene.frames, again.frames)
    assert (SCENES[name](Setting(n_frames=4, size=48, seed=4)).frames != scene.frames).any()


def test_at_most_a_third_is_hard() -> None:
    for level in LEVELS:
        assert 3 * sum(is_hard(name, level) for name in SCENES) <= len(SCENES)
    assert set(SCENES) >= HARD | {name for name, _ in HARD_AT}
    assert {level for _, level in HARD_AT} <= set(LEVELS)


def test_misses_and_refusals_are_counted() -> None:
    truth = np.zeros((6, 1, 2))
    truth[:, 0, 0] = np.arange(6)
    scene = StressScene(frames=np.zeros((6, 4, 4)), truth=truth, good=np.array([1, 1, 1, 1, 1, 0], bool), bound=0.1)
    shifts, errors = truth[:, 0] + 5.0, np.full((6, 2), 0.1)
    perfect = score(scene, shifts, errors, np.ones(6, bool))
    assert (perfect.misses, perfect.refused, perfect.good, perfect.rmse) == (0, 0, 5, 0.0)
    shifts[1, 1] += 1.0  # wrong, and sure
    shifts[2, 1] += 1.0  # as wrong, with an error bar that says so
    errors[2] = 0.5
    shifts[3, 1] += 1.0  # as wrong, and refused
    found = score(scene, shifts, errors, np.array([1, 1, 1, 0, 1, 1], bool))
    assert (found.misses, found.ok, found.refused) == (1, 5, 1)
    assert not found.is_worse_than_raw
    assert score(scene, 3 * truth[:, 0], errors, np.ones(6, bool)).is_worse_than_raw


def test_errors_relative_to_a_frame_are_compared_from_there() -> None:
    """Whose error is none: what is wrong of it would count twice, in itself and not in the others."""
    truth = np.zeros((5, 1, 2))
    scene = StressScene(frames=np.zeros((5, 4, 4)), truth=truth, good=np.ones(5, bool), bound=0.1)
    shifts, errors = np.full((5, 2), 0.5), np.full((5, 2), 0.3)
    shifts[0], errors[0] = 0.0, 0.0
    assert score(scene, shifts, errors, np.ones(5, bool)).misses == 0
    assert score(scene, shifts, errors / 3, np.ones(5, bool)).misses == 4
