"""Pixels of which nothing is known, in methods that know no masks."""

import numpy as np
import pytest

import holdstill as hs
from holdstill.evaluation.movies import make_movie
from holdstill.evaluation.presets import cells
from holdstill.methods.search.unknown import fill_unknown


def test_holes_are_bridged_from_their_sides_and_excluded_pixels_are_the_mean() -> None:
    ramp = np.add.outer(np.arange(20.0), 2 * np.arange(24.0)).astype(np.float32)[None]
    torn, counts = ramp.copy(), np.ones((20, 24), bool)
    torn[0, 7], torn[0, 3, 5] = np.nan, np.inf
    counts[:, 20:] = False
    np.testing.assert_allclose(fill_unknown(torn), ramp, atol=1e-4)
    filled = fill_unknown(torn, counts)
    np.testing.assert_allclose(filled[..., :20], ramp[..., :20], atol=1e-4)
    assert np.ptp(filled[..., 20:]) == 0
    assert fill_unknown(ramp).dtype == np.float32


def test_of_much_that_is_unknown_nothing_is_made_up() -> None:
    image = np.random.default_rng(0).random((1, 30, 30)).astype(np.float32)
    image[:, :12] = np.nan
    assert np.ptp(fill_unknown(image)[0, :12]) == 0


@pytest.mark.parametrize("name", ["CrossCorrelation", "ExhaustiveSearch", "PhaseCorrelation", "TemplateMatching"])
def test_a_dead_row_does_not_hold_small_frames_back(name: str) -> None:
    """Filled with the mean it stood still as a line would: 0.1 to 0.6 px at 48 px."""
    shifts = np.random.default_rng(3).uniform(-4, 4, (8, 2))
    movie = make_movie(cells((48, 48)), shifts, photons=2000.0, seed=2)
    frames = movie.frames.copy()
    frames[:, 24] = 0
    reg = getattr(hs.estimators, name)().fit(frames, reference=movie.reference.astype(np.float32))
    assert reg.ok.all()
    assert np.abs(reg.shifts - shifts).max() < 0.25
