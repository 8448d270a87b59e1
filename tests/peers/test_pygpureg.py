"""pyGPUreg: the calls of its README, a template, then frame after frame."""

import numpy as np
import pytest

import holdstill as hs
from holdstill.evaluation.movies import make_movie
from holdstill.evaluation.presets import texture


@pytest.mark.parametrize("size", [(128, 128), (100, 150)])
def test_its_readme(size: tuple[int, int]) -> None:
    """Squares of a power of two, as it takes, and any other size."""
    shifts = np.array([(0.0, 0.0), (5.0, -3.0), (-2.5, 7.25)])
    movie = make_movie(texture(size), shifts, photons=400.0, seed=3)
    tracker = hs.Tracker(movie.reference.astype(np.float32))
    for frame, shift in zip(movie.frames, shifts, strict=True):
        update = tracker.update(frame)
        np.testing.assert_allclose(update.shift, shift, atol=0.05)
    reg = hs.estimators.PhaseCorrelation().fit(movie.frames, reference=movie.reference)
    np.testing.assert_allclose(reg.shifts, shifts, atol=0.15)
