"""What masked correlation promises beyond the contract, which `test_estimators` holds it to."""

import numpy as np
import pytest

from holdstill.contracts import Reference, Verdict
from holdstill.devices.cpu import CpuDevice
from holdstill.estimators import ExhaustiveSearch, MaskedCorrelation
from holdstill.evaluation.movies import make_movie
from holdstill.evaluation.presets import texture

DEVICE = CpuDevice()


def correlation(frame: np.ndarray, reference: np.ndarray, dy: int, dx: int) -> float:
    """Pearson's, of what is known on both sides, one shift, written out."""
    (height, width), moved = frame.shape, np.full(frame.shape, np.nan)
    part = frame[max(dy, 0) : height + min(dy, 0), max(dx, 0) : width + min(dx, 0)]
    moved[max(-dy, 0) : height - max(dy, 0), max(-dx, 0) : width - max(dx, 0)] = part
    both = np.isfinite(moved) & np.isfinite(reference)
    return float(np.corrcoef(moved[both], reference[both])[0, 1])


def test_equals_a_loop_over_what_both_know() -> None:
    movie = make_movie(texture((40, 52)), np.array([(3.0, -4.0)]), photons=100.0, seed=3)
    mask = np.ones((40, 52), bool)
    mask[:12, 20:] = False
    frame = movie.frames[0].astype(np.float32)
    frame[25:, :18] = np.nan
    reference = np.where(mask, movie.reference, np.nan)
    scores = {(y, x): correlation(frame, reference, y, x) for y in range(-6, 7) for x in range(-6, 7)}
    estimator = MaskedCorrelation(max_shift=6, subpixel="none")
    state = estimator.prepare(Reference(image=movie.reference.astype(np.float32), mask=mask), DEVICE)
    found = estimator.estimate(state, frame[None], DEVICE)
    assert tuple(found.parameters[0]) == max(scores, key=lambda shift: scores[shift]) == (3, -4)


def test_without_masks_it_is_the_oracle() -> None:
    movie = make_movie(texture((96, 120)), np.array([(2.3, -4.6), (-5.5, 1.2)]), photons=200.0, seed=3)
    reference = Reference(image=movie.reference.astype(np.float32), noise=movie.noise)
    one, other = (
        estimator.estimate(estimator.prepare(reference, DEVICE), movie.frames, DEVICE).parameters
        for estimator in (MaskedCorrelation(max_shift=8), ExhaustiveSearch(max_shift=8))
    )
    np.testing.assert_allclose(one, other, atol=1e-3)


@pytest.mark.parametrize("limit", [5, (5, 7)])
def test_a_shift_at_the_limit_is_in_range(limit: int | tuple[int, int]) -> None:
    movie = make_movie(texture((96, 120)), np.array([(5.0, -5.0)]), photons=400.0, seed=3)
    estimator = MaskedCorrelation(max_shift=limit)
    state = estimator.prepare(Reference(image=movie.reference.astype(np.float32), noise=movie.noise), DEVICE)
    found = estimator.estimate(state, movie.frames, DEVICE)
    np.testing.assert_allclose(found.parameters, movie.shifts, atol=0.05)
    assert found.verdicts == (Verdict.OK,)
