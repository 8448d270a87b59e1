from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from holdstill.contracts import Estimator, NoiseModel, Reference, Verdict
from holdstill.devices.cpu import CpuDevice
from holdstill.methods.cross_correlation import CrossCorrelation
from holdstill.methods.exhaustive_search import ExhaustiveSearch
from holdstill.methods.likelihood.significance import count_independent, make_detail, significance, weigh_overlaps
from holdstill.methods.masked_correlation import MaskedCorrelation
from holdstill.methods.template_matching import TemplateMatching

DEVICE = CpuDevice()
FOUND = [CrossCorrelation(), MaskedCorrelation(), ExhaustiveSearch(max_shift=6), TemplateMatching()]


def test_independent_pixels_are_counted() -> None:
    white = np.random.default_rng(0).normal(size=(96, 96)).astype(np.float32)
    assert 0.4 < count_independent(white) / white.size < 0.6  # half: a sample's own spectrum fluctuates
    smooth = ndimage.gaussian_filter(white, 3.0)
    assert count_independent(smooth) < 0.03 * white.size


def test_chance_is_not_significant() -> None:
    rng = np.random.default_rng(1)
    for sd in (0.0, 1.5, 3.0):
        images = ndimage.gaussian_filter(rng.normal(size=(81, 64, 64)), (0, sd, sd)).astype(np.float32)
        z = make_detail(images[0], DEVICE).measure(images[1:], np.zeros((80, 2)), DEVICE)
        assert np.abs(z).max() < 5
        assert 0.4 < z.std() < 1.4


def test_few_pixels_that_agree_perfectly_are_enough() -> None:
    assert significance(np.array([1.0]), np.array([10.0]))[0] > 10
    assert significance(np.array([0.9]), np.array([10.0]))[0] < 6


def _tissue(size: int, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Broad structure and fine, as in calcium movies of 64 px: no peak of a correlation stands out."""
    rng = np.random.default_rng(2)
    scene = 12 * ndimage.gaussian_filter(rng.normal(size=(size + 20, size + 20)), 9) * 9
    scene += 3 * ndimage.gaussian_filter(rng.normal(size=scene.shape), 1.5) * 1.5
    shifts = rng.integers(-4, 5, (n, 2))
    frames = [scene[10 - y : 10 - y + size, 10 - x : 10 - x + size] for y, x in [(0, 0), *shifts]]
    return np.stack(frames) + rng.normal(size=(n + 1, size, size)), shifts


@pytest.mark.parametrize("estimator", FOUND, ids=lambda one: type(one).__name__)
def test_small_frames_of_broad_structure_are_ok(estimator: Estimator) -> None:
    """All 500 frames of a tutorial were flagged, though each was found right."""
    frames, shifts = _tissue(64, 6)
    reference = Reference(image=frames[0].astype(np.float32), noise=NoiseModel(read_variance=0.1))
    found = estimator.estimate(estimator.prepare(reference, DEVICE), frames[1:].astype(np.float32), DEVICE)
    np.testing.assert_allclose(found.parameters, shifts, atol=0.3)
    assert found.verdicts == (Verdict.OK,) * len(shifts)


@pytest.mark.parametrize("estimator", FOUND, ids=lambda one: type(one).__name__)
def test_another_specimen_is_not(estimator: Estimator) -> None:
    frames, _ = _tissue(64, 1)
    other = np.random.default_rng(9).normal(size=(5, 84, 84))
    other = 108 * ndimage.gaussian_filter(other, (0, 9, 9)) + 4.5 * ndimage.gaussian_filter(other, (0, 1.5, 1.5))
    reference = Reference(image=frames[0].astype(np.float32), noise=NoiseModel(read_variance=0.1))
    state = estimator.prepare(reference, DEVICE)
    found = estimator.estimate(state, other[:, 10:-10, 10:-10].astype(np.float32), DEVICE)
    assert Verdict.OK not in found.verdicts


def test_overlaps_of_more_pixels_are_surer() -> None:
    shifts = np.array([[[0, 0], [-5, 0], [2, 15], [10, 3]]])
    found = weigh_overlaps(np.array([[0.5, 0.5, 0.5, 1.0]]), shifts, (10, 20))
    np.testing.assert_allclose(found, np.arctanh(0.5) * np.sqrt([[200, 100, 40, 0]]), atol=1e-12)
