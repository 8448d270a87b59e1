"""A pattern that stands still is told from the specimen that moves, or doubt is."""

import numpy as np
import pytest

from holdstill.api import register
from holdstill.contracts import Verdict
from holdstill.evaluation.stress.base import Setting
from holdstill.evaluation.stress.score import score
from holdstill.evaluation.stress.suite import SCENES


@pytest.mark.parametrize("name", ["still/odd_even_rows", "still/bright_blobs"])
def test_shifts_follow_the_specimen(name: str) -> None:
    scene = SCENES[name](Setting(photons=40.0, n_frames=24, size=96, seed=4))
    found = register(scene.frames)
    ok = np.array([verdict is Verdict.OK for verdict in found.verdicts])
    judged = score(scene, found.shifts, found.errors, ok)
    assert judged.misses == judged.refused == 0
    assert judged.rmse < 3 * judged.bound < 0.2 * judged.raw


def test_what_changes_without_moving_is_doubtful_not_ok() -> None:
    rng = np.random.default_rng(3)
    still = 20 * rng.random((64, 64))
    y, x = np.indices((64, 64))
    spots = np.zeros((24, 64, 64))
    for centres in rng.uniform(0, 64, (6, 24, 2)):
        spots += [np.exp(-((y - cy) ** 2 + (x - cx) ** 2) / 18) for cy, cx in centres]
    frames = rng.poisson(100 + still + 60 * spots).astype(np.uint16)
    assert Verdict.OK not in register(frames).verdicts
