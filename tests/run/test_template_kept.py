"""The template at full size: where corrected frames lie, and not where a result has none."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import holdstill as hs
from holdstill.evaluation.movies import make_movie
from holdstill.evaluation.presets import texture

SHIFTS = np.array([(2.0, -3.0), (3.25, -1.5), (0.5, 0.5), (-1.0, 2.0)] * 3)
INNER = (slice(8, -8), slice(8, -8))


@pytest.fixture(scope="module")
def movie() -> NDArray[np.uint16]:
    return make_movie(texture((72, 80)), SHIFTS, photons=400.0, seed=2).frames


@pytest.fixture(scope="module")
def reg(movie: NDArray[np.uint16]) -> hs.Registration:
    return hs.register(movie)


def test_it_looks_like_the_mean_of_corrected_frames(movie: NDArray[np.uint16], reg: hs.Registration) -> None:
    mean = reg.apply(movie, dtype="float32").mean(axis=0)
    assert reg.template.shape == movie.shape[1:]
    assert np.corrcoef(reg.template[INNER].ravel(), mean[INNER].ravel())[0, 1] > 0.995


def test_frames_registered_with_it_find_the_same_shifts(movie: NDArray[np.uint16], reg: hs.Registration) -> None:
    again = hs.register(movie, reference=reg.template)
    offset = (again.shifts - reg.shifts).mean(axis=0)
    assert np.abs(offset).max() < 3 * reg.shift_errors.max()
    np.testing.assert_allclose(again.shifts - offset, reg.shifts, atol=0.02)


def test_a_reference_that_was_given_is_the_template(movie: NDArray[np.uint16]) -> None:
    given = movie[3].astype(np.float32)
    np.testing.assert_allclose(hs.register(movie, reference=given).template, given, rtol=0.02)


def test_what_changes_the_place_or_keeps_no_pixels_has_none(
    movie: NDArray[np.uint16], reg: hs.Registration, tmp_path: Path
) -> None:
    loaded = hs.load(reg.save(tmp_path / "drift.json"))
    without = [loaded, reg.inverse, hs.register(movie, bin=2), hs.register(movie, reference="previous")]
    for one in without:
        with pytest.raises(hs.HoldstillError, match="no template at full size"):
            _ = one.template
    assert reg.repair("identity").template is reg.template
