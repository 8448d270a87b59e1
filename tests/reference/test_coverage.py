"""A template holds what enough frames show: where one or two look, each is compared with its own noise."""

from __future__ import annotations

import numpy as np
import pytest

import holdstill as hs
from holdstill.evaluation.stress.base import Setting
from holdstill.evaluation.stress.score import score
from holdstill.evaluation.stress.suite import SCENES


@pytest.mark.parametrize("seed", [9801, 9911])
def test_frames_of_few_photons_within_a_border_of_zeros(seed: int) -> None:
    scene = SCENES["still/zero_border"](Setting(photons=5.0, n_frames=30, size=128, seed=seed))
    found = hs.register(scene.frames, **scene.options)
    told = score(scene, found.shifts, found.shift_errors, np.asarray(found.ok))
    assert told.misses == 0
    assert told.ok == 30
    assert told.rmse < 1.3 * scene.bound  # 1.4 to 1.7 where a tenth of the frames was enough
    assert 0.8 < told.z_sd < 1.25  # 1.65 and 2.06
