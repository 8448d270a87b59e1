"""Volumes of so few planes that they do not tell how they moved along z."""

import numpy as np
import pytest

from holdstill.api import register
from holdstill.contracts import Verdict
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
