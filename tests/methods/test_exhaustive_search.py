"""What the oracle promises beyond the contract, which `test_estimators` holds it to."""

import numpy as np
import pytest
from scipy import ndimage

from holdstill.contracts import Reference, Verdict
from holdstill.devices.cpu import CpuDevice
from holdstill.estimators import ExhaustiveSearch
from holdstill.evaluation.movies import make_movie
from holdstill.evaluation.presets import texture

DEVICE = CpuDevice()


def find_by_a_loop(reference: np.ndarray, frame: np.ndarray, reach: int) -> tuple[int, int]:
    """The shift of the highest correlation of those that leave a quarter of the frame in view."""
    height, width = reference.shape
    best, where = -2.0, (0, 0)
    for dy in range(-reach, reach + 1):
        for dx in range(-reach, reach + 1):
            moving = frame[max(dy, 0) : height + min(dy, 0), max(dx, 0) : width + min(dx, 0)]
            fixed = reference[max(-dy, 0) : height - max(dy, 0), max(-dx, 0) : width - max(dx, 0)]
            if moving.size < 0.25 * frame.size:
                continue
            score = float(np.corrcoef(moving.ravel(), fixed.ravel())[0, 1])
            best, where = max((best, where), (score, (dy, dx)))
    return where


@pytest.mark.parametrize("seed", range(12))
def test_the_maximum_of_its_own_score_is_found_wherever_it_lies(seed: int) -> None:
    """Of frames that agree, of frames that hardly do, and of frames that have nothing in common."""
    rng = np.random.default_rng(seed)
    shape, reach = rng.integers(9, 34, 2), int(rng.integers(2, 9))
    grain = float(rng.uniform(0, 2))
    reference = ndimage.gaussian_filter(rng.normal(size=shape), grain)
    other = ndimage.gaussian_filter(rng.normal(size=shape), grain)
    frame = (seed % 3) / 2 * np.roll(reference, rng.integers(-reach, reach + 1, 2), (0, 1)) + other
    estimator = ExhaustiveSearch(max_shift=reach, subpixel="none")
    state = estimator.prepare(Reference(image=reference.astype(np.float32)), DEVICE)
    found = estimator.estimate(state, frame[None].astype(np.float32), DEVICE)
    assert tuple(found.parameters[0]) == find_by_a_loop(reference, frame, reach)


def test_a_shift_at_the_limit_is_in_range() -> None:
    movie = make_movie(texture((96, 120)), np.array([(6.0, -6.0), (-6.0, 0.0)]), photons=400.0, seed=3)
    estimator = ExhaustiveSearch(max_shift=6)
    state = estimator.prepare(Reference(image=movie.reference.astype(np.float32), noise=movie.noise), DEVICE)
    found = estimator.estimate(state, movie.frames, DEVICE)
    np.testing.assert_allclose(found.parameters, movie.shifts, atol=0.05)
    assert set(found.verdicts) == {Verdict.OK}
