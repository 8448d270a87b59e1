"""What template matching promises beyond the contract, which `test_estimators` holds it to."""

from typing import Any

import numpy as np
import pytest
from scipy import ndimage

from holdstill.contracts import Estimates, Reference
from holdstill.devices.cpu import CpuDevice
from holdstill.errors import InputError
from holdstill.estimators import TemplateMatching
from holdstill.evaluation import trajectories
from holdstill.evaluation.movies import Movie, make_movie
from holdstill.evaluation.presets import texture
from holdstill.methods import template_matching
from holdstill.methods.template_matching import SCORES

DEVICE = CpuDevice()


def run(estimator: TemplateMatching, movie: Movie) -> Estimates:
    state = estimator.prepare(Reference(image=movie.reference.astype(np.float32), noise=movie.noise), DEVICE)
    return estimator.estimate(state, movie.frames, DEVICE)


@pytest.fixture(scope="module")
def movie() -> Movie:
    return make_movie(texture((200, 240)), trajectories.uniform(6, 20.0, seed=5), photons=200.0, seed=3)


def test_slices_are_pairs() -> None:
    one = TemplateMatching(roi=(slice(20, 60), slice(None, 80)))
    assert one == TemplateMatching(roi=((20, 60), (None, 80)))
    assert hash(one) == hash(TemplateMatching(roi=((20, 60), (None, 80))))


def test_a_region_to_the_border_moves_along_the_other_axis() -> None:
    movie = make_movie(texture((120, 144)), np.array([(7.0, 0.0), (-4.4, 0.0)]), photons=400.0, seed=3)
    found = run(TemplateMatching(roi=(slice(20, 100), slice(None))), movie)
    np.testing.assert_allclose(found.parameters, movie.shifts, atol=0.1)


@pytest.mark.parametrize("roi", [((0, 50), 7), (slice(0, 50, 2), (0, 9)), ((-5, 50), (0, 50)), ((50, 20), (0, 50))])
def test_regions_that_are_none(roi: Any) -> None:
    with pytest.raises(InputError, match="roi"):
        TemplateMatching(roi=roi).prepare(Reference(image=np.zeros((120, 144), np.float32)), DEVICE)


def test_a_template_as_large_as_its_search_region_names_both() -> None:
    with pytest.raises(InputError, match=r"template of 120 x 144 px leaves no room .* of 120 x 144 px; make the roi"):
        TemplateMatching(roi=((0, 120), (0, 144))).prepare(
            Reference(image=np.zeros((120, 144), np.float32)), DEVICE
        )  # fmt: skip


def test_a_shift_at_the_end_of_the_search() -> None:
    movie = make_movie(texture((120, 144)), np.array([(6.0, -6.0)]), photons=400.0, seed=3)
    np.testing.assert_allclose(run(TemplateMatching(search=6), movie).parameters, movie.shifts, atol=0.05)


@pytest.mark.parametrize("score", SCORES)
def test_climbing_ends_where_the_whole_search_does(score: str, movie: Movie, monkeypatch: pytest.MonkeyPatch) -> None:
    climbed = run(TemplateMatching(score=score), movie)
    monkeypatch.setattr(template_matching, "HILL", 2.0)
    np.testing.assert_allclose(run(TemplateMatching(score=score), movie).parameters, climbed.parameters, atol=1e-2)


def test_scores_that_are_normalised_agree(movie: Movie) -> None:
    found = [run(TemplateMatching(score=score), movie).parameters for score in SCORES if score.endswith("_normed")]
    for shifts in found:
        np.testing.assert_allclose(shifts, movie.shifts, atol=0.1)


@pytest.mark.parametrize("seed", range(4))
def test_the_best_place_is_not_lost_on_binned_images(seed: int) -> None:
    """A region of fine texture, one of four that look alike when binned: 42 px off, and ok."""
    rng = np.random.default_rng(seed)
    fine = rng.normal(size=(192, 192))
    fine -= ndimage.uniform_filter(fine, 4)
    scene = np.tile(ndimage.zoom(rng.normal(size=(12, 12)), 8, order=1), (2, 2)) + 0.7 * fine
    roi = ((80, 128), (72, 120))
    shift = (-44, -33)
    cloud = ndimage.zoom(rng.normal(size=(24, 24)), 8, order=1)
    moved = np.roll(scene, shift, axis=(0, 1)) + 0.5 * cloud
    found = TemplateMatching(roi=roi, max_shift=90).fit(np.stack([scene, moved]).astype(np.float32), 0)
    np.testing.assert_allclose(found.estimates[1], shift, atol=0.2)
