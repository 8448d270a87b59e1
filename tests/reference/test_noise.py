"""Numbers from arrays."""

import numpy as np
import pytest
from scipy import ndimage

from holdstill.api import register
from holdstill.contracts import Verdict
from holdstill.evaluation.stress.base import Setting
from holdstill.evaluation.stress.suite import SCENES
from holdstill.reference.noise import _steepness, crispness, fit_noise, white_noise


def scene(seed: int = 0, shape: tuple[int, ...] = (200, 220)) -> np.ndarray:
    smooth = ndimage.gaussian_filter(np.random.default_rng(seed).random(shape), 5)
    return 50 + 400 * (smooth - smooth.min()) / np.ptp(smooth)


@pytest.mark.parametrize("sd", [0.5, 3.0, 20.0])
def test_white_noise_is_told_from_content(sd: float) -> None:
    image = scene() + sd * np.random.default_rng(1).standard_normal((200, 220))
    assert white_noise(image) == pytest.approx(sd**2, rel=0.1)


def test_white_noise_of_nothing() -> None:
    assert white_noise(np.full((20, 20), np.nan)) == 0
    assert white_noise(np.ones((20, 20))) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(("gain", "read"), [(1.0, 1.0), (2.5, 6.0), (0.4, 0.2)])
def test_noise_model_of_a_camera(gain: float, read: float) -> None:
    rng, models = np.random.default_rng(2), np.stack([scene(n) for n in range(4)]).astype(np.float32)
    frames = gain * rng.poisson((models - 50) / gain) + 50 + read * rng.standard_normal(models.shape)
    found = fit_noise(np.rint(frames).astype(np.int32), models, 1.0, integer=True)
    assert found is not None
    levels = np.array([150.0, 250.0, 400.0])  # a tenth of the pixels are darker, few brighter
    np.testing.assert_allclose(found.variance(levels), gain * (levels - 50) + read**2 + 1 / 12, rtol=0.2)


def test_no_overlap_no_noise_model() -> None:
    assert fit_noise(np.ones((1, 50, 50)), np.full((1, 50, 50), np.nan, np.float32), 1.0, integer=False) is None


def test_crispness_falls_with_blur() -> None:
    image = np.random.default_rng(0).random((64, 64))
    assert crispness(ndimage.gaussian_filter(image, 1.0)) < 0.5 * crispness(image)
    assert crispness(2 * image) == pytest.approx(2 * crispness(image))
    assert crispness(np.ones((8, 8, 8))) == 0


def test_white_noise_is_looked_for_where_both_axes_are_finest() -> None:
    """A pattern that is finest along one axis, and does not change along the other, is content."""
    stripes = np.where(np.arange(40) % 2, 3.0, 5.0)
    assert white_noise(np.tile(stripes, (50, 1))) == pytest.approx(0, abs=1e-20)
    assert white_noise(np.tile(stripes[:, None], (1, 50))) == pytest.approx(0, abs=1e-20)
    assert white_noise(np.where(np.add.outer(np.arange(50), np.arange(40)) % 2, 1.0, -1.0)) > 1


def test_unknown_pixels_count_as_the_mean() -> None:
    image = np.random.default_rng(0).standard_normal((60, 60)) + 100
    image[:30] = np.nan
    filled = np.where(np.isfinite(image), image, np.nanmean(image))
    assert white_noise(image) == white_noise(filled) == pytest.approx(0.5, rel=0.15)


def make_ramp(n_rows: int = 64, n_columns: int = 64, *, outliers: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """A model that rises by 1 from row to row, and a frame ``2 * model + 30`` of variance ``4 + 0.5 * level``, exactly.

    In each row as many pixels lie above what is expected as below.
    """
    model = np.tile(np.arange(10.0, 10 + n_rows)[:, None], (1, n_columns)).astype(np.float32)
    level = 2 * model.astype(float) + 30
    off = np.where(np.arange(n_columns) % 2, 1.0, -1.0) * np.sqrt(4 + 0.5 * level)
    if outliers:
        off[::2, 6:8] *= 300
    return (level + off)[None], model[None]


@pytest.mark.parametrize("outliers", [False, True])
@pytest.mark.parametrize("share", [1.0, 2.0])
def test_a_variance_that_rises_with_the_level_is_found_exactly(outliers: bool, share: float) -> None:
    """The offset is the mean of the darkest of 32 levels; two rows each, here of 50 and 52."""
    found = fit_noise(*make_ramp(outliers=outliers), share, integer=False)
    assert found is not None
    assert found.gain * share == pytest.approx(0.5, rel=1e-5)
    assert found.offset == pytest.approx(51, rel=1e-5)
    # without its outliers the darker of two rows counts a little less
    assert found.read_variance * share == pytest.approx(4 + 0.5 * 51, rel=1e-3 if outliers else 1e-5)


def test_noise_is_the_median_of_what_frames_say() -> None:
    frames, models = make_ramp()
    five = np.repeat(frames, 5, axis=0)
    five[1] = 2 * models[0] + 30  # a frame without noise, and one with a hundred times the variance
    five[3] = five[1] + 10 * (frames[0] - five[1])
    found = fit_noise(five, np.repeat(models, 5, axis=0), 1.0, integer=False)
    assert found is not None
    assert found.gain == pytest.approx(0.5, rel=1e-5)


def test_frames_of_zeros_tell_no_gain() -> None:
    models = np.random.default_rng(0).normal(0, 1e-3, (1, 64, 64)).astype(np.float32)
    found = fit_noise(np.zeros((1, 64, 64), np.uint8), models, 1.0, integer=True)
    assert found is not None
    assert (found.gain, found.read_variance) == (0.0, 1 / 12)


def test_rounding_alone_makes_noise() -> None:
    frames, models = 2 * make_ramp()[1] + 30, make_ramp()[1]
    exact, rounded = (fit_noise(frames, models, 1.0, integer=integer) for integer in (False, True))
    assert exact is not None
    assert rounded is not None
    assert exact.read_variance < 1e-9
    assert rounded.read_variance == pytest.approx(1 / 12)


def test_ten_pixels_for_each_level_are_needed() -> None:
    assert fit_noise(*make_ramp(16, 20), 1.0, integer=False) is not None
    assert fit_noise(*make_ramp(16, 19), 1.0, integer=False) is None
    assert fit_noise(make_ramp()[0], np.ones((1, 64, 64), np.float32), 1.0, integer=False) is None


def test_beside_what_is_unknown_nothing_is_told_of_slopes() -> None:
    """The pixels around a hole are known and their slopes are not; the others still tell the noise."""
    frames, models = make_ramp()
    models[0, 30:32, 30:34] = np.nan
    found = fit_noise(frames, models, 1.0, integer=False)
    assert found is not None
    assert found.gain == pytest.approx(0.5, rel=1e-3)


@pytest.mark.parametrize("more", [1.0, 1.5, 2.0])
def test_noise_of_slopes_is_that_of_all_pixels_up_to_twice(more: float) -> None:
    """Of 20 rows whose slopes are known 14 have each level over 8 px; the other 6 rise and fall and have more noise."""
    found = fit_noise(*make_plateaus(more), 1.0, integer=False)
    assert found is not None
    assert found.gain == pytest.approx(0.5 * (0.7 + 0.3 * more), rel=1e-6)


def test_noise_of_slopes_counts_alone_where_it_is_another() -> None:
    found = fit_noise(*make_plateaus(30.0), 1.0, integer=False)
    assert found is not None
    assert found.gain > 2 * 0.5 * (0.7 + 0.3 * 30)


def test_no_line_is_the_noise_of_slopes_many_of_which_are_outliers() -> None:
    frames, models = make_plateaus(30.0)
    frames[0, 17:, 15::16] += 7 * (frames - models)[0, 17:, 15::16]
    few = fit_noise(frames, models, 1.0, integer=False)
    frames[0, 17:, 14::16] += 7 * (frames - models)[0, 17:, 14::16]
    many = fit_noise(frames, models, 1.0, integer=False)
    assert few is not None
    assert many is not None
    assert few.gain > 0
    assert many.gain == 0
    assert many.read_variance > few.read_variance


def make_plateaus(more: float) -> tuple[np.ndarray, np.ndarray]:
    """Variance ``4 + 0.5 * level`` where the model is flat, `more` times that where it rises and falls."""
    levels = np.arange(10.0, 74)
    model = np.full((24, 512), np.nan, np.float32)
    model[:15], model[17:] = np.repeat(levels, 8), np.tile(np.concatenate([levels, levels[::-1]]), 4)
    variance = (4 + 0.5 * model) * np.where(np.arange(24) < 16, 1.0, more)[:, None]
    sign = np.where(np.arange(24) % 2, 1.0, -1.0)[:, None] * np.where(np.arange(512) // 2 % 2, 1.0, -1.0)
    return (model + sign * np.sqrt(variance))[None], model[None]


def test_slopes_along_axes_of_two_pixels_count() -> None:
    assert _steepness(np.array([[0, 0], [3, 3]], np.float32)).tolist() == [[9, 9], [9, 9]]
    assert _steepness(np.array([[[0, 2, 4]], [[1, 3, 5]]], np.float32)).tolist() == [[[5, 5, 5]], [[5, 5, 5]]]


def test_what_floating_point_does_not_hold_tells_no_noise() -> None:
    # a fit through infinite variances ended in a LinAlgError
    model = np.random.default_rng(0).random((1, 64, 64)).astype(np.float32)
    frame = model.astype(np.float64)
    frame[0, 3, 3] = 1e200
    assert fit_noise(frame, model, share=0.5, integer=False) is None


@pytest.mark.parametrize("seed", [0, 1])
def test_what_is_cut_off_tells_no_noise(seed: int) -> None:
    """A line through its lack of noise, in the dark, and the noise of the rest was half of that at the dark edges."""
    rng = np.random.default_rng(seed)
    model = np.maximum(scene(seed) - 220, -20).astype(np.float32)
    frames = np.maximum(model + 10 * rng.standard_normal((3, *model.shape)), 0)
    found = fit_noise(np.rint(frames).astype(np.uint8), np.maximum(model, 0)[None].repeat(3, 0), 1.0, integer=True)
    assert found is not None
    np.testing.assert_allclose(found.variance(np.array([40.0, 90.0, 150.0])), 100, rtol=0.25)


@pytest.mark.parametrize("seed", [0, 1])
def test_noise_that_is_cut_at_nearly_every_level_is_told_from_what_is_left(seed: int) -> None:
    """Dim cells with bright nuclei: 34 is left where half was cut, 100 in nuclei; they were 0.86 px off, ok."""
    rng = np.random.default_rng(seed)
    light = np.where(scene(seed) > np.quantile(scene(seed), 0.94), 120.0, 0.1 * scene(seed) - 25)
    frames = np.rint(np.maximum(light + 10 * rng.standard_normal((4, *light.shape)), 0)).astype(np.uint8)
    left = np.mean([np.maximum(light + 10 * rng.standard_normal(light.shape), 0) for _ in range(200)], axis=0)
    found = fit_noise(frames, left.astype(np.float32)[None].repeat(4, 0), 1.0, integer=True)
    assert found is not None
    np.testing.assert_allclose(found.variance(np.array([2.0, 6.0, 15.0])), 100, rtol=0.2)


def test_dim_light_keeps_its_line() -> None:
    """Many of its pixels stand at zero as well, and their noise is as little as the line says."""
    rng = np.random.default_rng(0)
    models = np.stack([(scene(n) - 50) / 100 for n in range(4)]).astype(np.float32)
    found = fit_noise(rng.poisson(models).astype(np.uint16), models, 1.0, integer=True)
    assert found is not None
    np.testing.assert_allclose(found.variance(np.array([1.0, 2.0, 3.0])), [1.0, 2.0, 3.0], rtol=0.15, atol=0.1)


@pytest.mark.parametrize("size", [24, 32])
def test_the_noise_of_small_frames_is_not_taken_too_low(size: int) -> None:
    """Of few pixels each, levels whose variance is small by chance draw a line through all to themselves."""
    rng, y = np.random.default_rng(0), np.linspace(0, 3, size)
    model = (8 * np.exp(-((y[:, None] - 1.5) ** 2) - (y - 1.2) ** 2)).astype(np.float32)
    told = []
    for _ in range(8):
        frames = rng.poisson(model, (9, size, size)) + 2 * rng.standard_normal((9, size, size))
        found = fit_noise(frames, np.repeat(model[None], 9, axis=0), 1.0, integer=False)
        assert found is not None
        told.append(float(found.variance(model.astype(np.float64)).mean()) / (4 + float(model.mean())))
    assert np.mean(told) == pytest.approx(1, abs=0.1)


def test_dim_frames_of_24_px_are_not_refused_because_their_noise_is_taken_too_low() -> None:
    movie = SCENES["refused/tiny"](Setting(photons=5.0, n_frames=30, seed=9101))
    assert [verdict for verdict in register(movie.frames).verdicts if verdict is not Verdict.OK] == []
