"""What the oracle promises beyond the contract, which `test_estimators` holds it to."""

import numpy as np

from holdstill.contracts import Reference, Verdict
from holdstill.devices.cpu import CpuDevice
from holdstill.estimators import ExhaustiveSearch
from holdstill.evaluation.movies import make_movie
from holdstill.evaluation.presets import texture

DEVICE = CpuDevice()


def test_equals_a_loop_over_all_shifts() -> None:
    rng = np.random.default_rng(2)
    reference, frame = rng.random((2, 20, 25))
    frame[3:, :-2] = 0.5 * frame[3:, :-2] + reference[:-3, 2:]
    best, where = -2.0, (0, 0)
    for dy in range(-4, 5):
        for dx in range(-4, 5):
            moving = frame[max(dy, 0) : 20 + min(dy, 0), max(dx, 0) : 25 + min(dx, 0)]
            fixed = reference[max(-dy, 0) : 20 - max(dy, 0), max(-dx, 0) : 25 - max(dx, 0)]
            score = float(np.corrcoef(moving.ravel(), fixed.ravel())[0, 1])
            best, where = max((best, where), (score, (dy, dx)))
    estimator = ExhaustiveSearch(max_shift=4, subpixel="none")
    state = estimator.prepare(Reference(image=reference.astype(np.float32)), DEVICE)
    found = estimator.estimate(state, frame[None].astype(np.float32), DEVICE)
    assert tuple(found.parameters[0]) == where == (3, -2)


def test_a_shift_at_the_limit_is_in_range() -> None:
    movie = make_movie(texture((96, 120)), np.array([(6.0, -6.0), (-6.0, 0.0)]), photons=400.0, seed=3)
    estimator = ExhaustiveSearch(max_shift=6)
    state = estimator.prepare(Reference(image=movie.reference.astype(np.float32), noise=movie.noise), DEVICE)
    found = estimator.estimate(state, movie.frames, DEVICE)
    np.testing.assert_allclose(found.parameters, movie.shifts, atol=0.05)
    assert set(found.verdicts) == {Verdict.OK}
