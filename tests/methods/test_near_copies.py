"""The reference against itself, all but a little: nowhere in the code is a frame compared for equality."""

import numpy as np
import pytest

from holdstill import estimators
from holdstill.contracts import Reference, Verdict
from holdstill.devices.cpu import CpuDevice
from holdstill.evaluation.pictures import dead_leaves

DEVICE = CpuDevice()
IMAGE = np.rint(dead_leaves((112, 120), 2)).astype(np.uint8)
METHODS = ("Direct", "PhaseCorrelation", "CrossCorrelation", "MaskedCorrelation", "ExhaustiveSearch")
METHODS += ("TemplateMatching", "MutualInformation", "LogPolar", "Features")


def near_copies() -> np.ndarray:
    pixel, row, noisy = IMAGE.copy(), IMAGE.copy(), IMAGE.astype(np.int64)
    pixel[40, 50] ^= 1
    row[-1] = row[-2]
    noisy += np.random.default_rng(0).integers(-1, 2, IMAGE.shape)
    return np.stack([IMAGE, pixel, row, np.clip(noisy, 0, 255).astype(np.uint8)])


MOTIONS = ("translation", "rigid", "affine", "projective")
CASES = [(name, motion) for name in METHODS for motion in MOTIONS if motion in getattr(estimators, name).motions]


@pytest.mark.parametrize(("name", "motion"), CASES)
def test_near_copies_stay_where_they_are(name: str, motion: str) -> None:
    estimator = getattr(estimators, name)(motion=motion)
    state = estimator.prepare(Reference(image=IMAGE.astype(np.float32)), DEVICE)
    found = estimator.estimate(state, near_copies(), DEVICE)
    assert found.verdicts == (Verdict.OK,) * 4
    assert np.abs(found.parameters[:, :2]).max() <= 0.01
