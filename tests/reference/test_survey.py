"""Defects are found, and none invented."""

import numpy as np
import pytest
from scipy import ndimage

from holdstill.evaluation.movies import make_movie
from holdstill.evaluation.presets import cells
from holdstill.evaluation.stress.base import Setting
from holdstill.evaluation.stress.suite import SCENES
from holdstill.reference.dead_lines import find_lines
from holdstill.reference.defects import Defects
from holdstill.reference.survey import find_defects, find_lone, survey


def mean_image(seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return 100 + 300 * ndimage.gaussian_filter(rng.random((80, 90)), 3) + 0.2 * rng.standard_normal((80, 90))


def recording(name: str, **setting: float) -> np.ndarray:
    return SCENES[name](Setting(n_frames=24, seed=5, **setting)).frames


def found_in(name: str) -> Defects:
    return find_defects(recording(name))


@pytest.mark.parametrize("share", [0.001, 0.03])
def test_hot_pixels_are_found(share: float) -> None:
    image, rng = mean_image(), np.random.default_rng(1)
    hot = rng.choice(image.size, round(share * image.size), replace=False)
    image.ravel()[hot] += 400
    found = np.flatnonzero(find_lone(image))
    assert len(np.setdiff1d(hot, found)) <= 0.03 * len(hot)
    assert len(np.setdiff1d(found, hot)) == 0


def test_none_are_invented() -> None:
    for seed in range(5):
        assert not find_lone(mean_image(seed)).any()
        assert not find_lines(mean_image(seed)).any()
    spots = np.zeros((80, 90))
    spots[20::20, 20::20] = 4000.0
    assert not find_lone(ndimage.gaussian_filter(spots, 1.2)).any()


def test_texture_of_single_pixels_is_left_alone() -> None:
    image = np.zeros((60, 60))
    image[::5, ::5] = 100
    assert not find_lone(image).any()


@pytest.mark.parametrize("photons", [5, 20, 100])
@pytest.mark.parametrize("name", [name for name in SCENES if name.startswith("clean/")])
def test_clean_movies_have_none(name: str, photons: float) -> None:
    assert not find_defects(recording(name, photons=photons))


def test_a_background_cut_off_at_zero_and_binary_pixels_are_no_rails() -> None:
    frames = recording("clean/spots").astype(np.float32)
    assert not find_defects(np.maximum(frames - 104, 0))
    binary = find_defects((frames > 110).astype(np.uint8) * 255)
    assert binary.missing is None
    assert binary.rails == ()


def test_dead_rows_borders_and_captions_are_missing() -> None:
    clean = recording("clean/spots")
    for name in ("still/dead_rows", "still/zero_border", "still/caption"):
        frames = recording(name)
        changed = (frames != clean).all(axis=0)
        missing = find_defects(frames).missing
        assert missing is not None
        np.testing.assert_array_equal(missing, changed)


def test_letters_that_change_and_borders_that_move_are_missing_frame_by_frame() -> None:
    frames = recording("still/time_stamp")
    assert found_in("still/time_stamp").rails == (float(frames.max()),)
    assert found_in("beyond/moving_border").rails == (0.0,)


def test_clipped_light_stays() -> None:
    found = found_in("refused/eight_bit_saturated")
    assert found.clipped == 255.0
    assert found.rails == ()


def test_one_hot_column_is_missing_whole() -> None:
    missing = found_in("still/hot_column").missing
    assert missing is not None
    assert missing.all(axis=0).sum() == 1
    assert missing.sum() == len(missing)


@pytest.mark.parametrize("dtype", [np.uint16, np.float32])
def test_large_frames_are_surveyed_part_by_part(dtype: type) -> None:
    frames = np.random.default_rng(3).poisson(5, (6, 300, 200)).astype(dtype)
    frames[:, 150, 20] = 7
    if dtype is np.float32:
        frames[2, 10, 11], frames[:, 12, 13] = np.nan, np.nan
    measured, exact = survey(frames), frames.astype(np.float64)
    lacking = np.isnan(exact).all(axis=0)
    np.testing.assert_allclose(measured.mean[~lacking], np.nanmean(exact[:, ~lacking], axis=0), rtol=1e-12)
    np.testing.assert_allclose(measured.spread[~lacking], np.nanstd(exact[:, ~lacking], axis=0), rtol=1e-6, atol=1e-6)
    assert np.isnan(measured.mean[lacking]).all()
    assert np.flatnonzero(measured.constant).tolist() == np.flatnonzero((frames == frames[0]).all(axis=0)).tolist()
    changing = ~measured.constant & ~lacking
    assert measured.repeats == pytest.approx((frames[1:] == frames[:-1])[:, changing].mean(), rel=1e-3)


def test_lines_with_unknown_pixels_are_compared_by_what_is_known() -> None:
    image = mean_image()
    image[30] += 50
    image[28:33, ::3] = np.nan
    found = find_lines(image)
    assert found[30].all()
    assert not np.delete(found, 30, axis=0).any()


def test_the_border_and_the_crest_of_a_smooth_picture_are_no_lines_of_the_camera() -> None:
    """Of cells in 48 px the outermost rows and columns were left out, and every shift was called a static pattern."""
    for size in (48, 64):
        for seed in range(4):
            shifts = np.random.default_rng(seed).uniform(-4, 4, (10, 2))
            movie = make_movie(cells((size, size)), shifts, photons=2000.0, seed=seed)
            assert find_defects(movie.frames).missing is None
            for row in (0, size // 2, size - 1):
                dead = movie.frames.copy()
                dead[:, row] = 0
                missing = find_defects(dead).missing
                assert missing is not None
                assert np.flatnonzero(missing.all(axis=1)).tolist() == [row]
                assert missing.sum() == size
