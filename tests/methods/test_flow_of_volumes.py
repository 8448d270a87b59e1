"""Flow of volumes, and how sure a flow is: exact truth, borders, what is unknown."""

from typing import Any

import numpy as np
import pytest
from scipy import ndimage

import holdstill as hs
from holdstill.contracts import ControlGrid, Covariance, Reference, Verdict
from holdstill.devices.cpu import CpuDevice
from holdstill.errors import InputError
from holdstill.estimators import OpticalFlow
from holdstill.evaluation.local import draw_field, make_local_movie, make_tissue
from holdstill.methods.flow.confidence import make_window_light
from holdstill.methods.flow.following import follow, unfold
from holdstill.methods.flow.levels import double_flow, linearise, make_level, make_pyramid, warp_frame
from holdstill.methods.flow.tvl1 import TotalVariation
from holdstill.methods.flow.volumes import take_medians
from holdstill.methods.flow.windows import Windows
from holdstill.transforms.folds import find_least_areas
from holdstill.transforms.motions import find_motion

SHAPE = (12, 56, 64)


@pytest.mark.parametrize("settings", [TotalVariation(attachment=5.0), Windows()])
def test_a_shift_of_a_volume_is_followed_and_what_is_unknown_filled_in(settings: TotalVariation | Windows) -> None:
    image = make_tissue(SHAPE, 0.4).astype(np.float32)[24:-24, 24:-24, 24:-24]
    hidden = image.copy()
    hidden[4:7, 20:28, 30:36] = np.nan
    slope = np.float32(np.sqrt(np.nanmean(make_level(image).slopes ** 2) * 3))
    levels = tuple(make_level(one / slope) for one in make_pyramid(hidden))
    assert [level.image.shape for level in levels] == [(12, 56, 64), (12, 28, 32)]
    frame = ndimage.shift(image, (0.6, 1.3, -0.7), order=5, mode="nearest").astype(np.float32)
    flow = follow(levels, frame / slope, np.zeros(3), settings, settings)
    inner = flow[:, 3:-3, 8:-8, 8:-8]
    assert np.abs(inner - np.array([0.6, 1.3, -0.7])[:, None, None, None]).mean() < 0.05
    assert np.isfinite(flow).all()


def test_slopes_warps_and_differences_are_exact_for_a_parabola() -> None:
    z, y, x = np.indices((10, 14, 16)).astype(np.float32)
    image = 0.5 * y**2 + 2 * x - 3 * z
    level = make_level(image)
    np.testing.assert_allclose(level.slopes[0, 3:-3], -3.0, rtol=1e-5)
    np.testing.assert_allclose(level.slopes[1, :, 3:-3], y[:, 3:-3], rtol=1e-5)
    np.testing.assert_allclose(level.slopes[2, :, :, 3:-3], 2.0, rtol=1e-5)
    flow, warped = np.full((3, 10, 14, 16), 0.25, np.float32), np.empty_like(image)
    warp_frame(image, flow, warped)
    expected = 0.5 * (y + 0.25) ** 2 + 2 * (x + 0.25) - 3 * (z + 0.25)
    np.testing.assert_allclose(warped[2:-2, 2:-2, 2:-2], expected[2:-2, 2:-2, 2:-2], rtol=1e-5)
    assert np.isnan(warped[-1]).all()
    assert np.isfinite(warped[:-1, :-1, :-1]).all()
    rest, moved, steep = np.empty_like(image), np.empty_like(flow), np.empty_like(flow)
    linearise(image, level.slopes, warped, moved, rest, steep)
    assert (rest[-1] == 0).all()
    assert (steep[:, -1] == 0).all()
    np.testing.assert_allclose(rest[3:-4, 3:-4, 3:-4], (warped - image)[3:-4, 3:-4, 3:-4], rtol=1e-5)


def test_halves_keep_planes_where_there_are_few_and_flows_are_doubled_as_they_were_halved() -> None:
    volume = np.indices((40, 33, 64)).sum(axis=0).astype(np.float32)
    volume[20, 16, 30] = np.nan
    whole, half = make_pyramid(volume)
    assert (whole.shape, half.shape) == ((40, 33, 64), (20, 17, 32))
    np.testing.assert_allclose(half[2:8, 2:-2, 2:-2], volume[4:16:2, 4:-3:2, 4:-4:2], rtol=1e-4)
    assert np.isfinite(half).all()
    flow = np.stack(np.indices((12, 17, 32))).astype(np.float32)
    fine = double_flow(flow, (12, 33, 64))
    np.testing.assert_allclose(fine[0, :, 8, 8], np.arange(12))
    np.testing.assert_allclose(fine[1, 0, :-1, 8], np.arange(32))
    np.testing.assert_allclose(fine[2, 0, 0, :-2], np.arange(62))


def test_medians_leave_what_slopes_and_take_away_what_stands_out() -> None:
    flow = np.tile(np.arange(9, dtype=np.float32), (3, 5, 6, 1))
    spoilt = flow.copy()
    spoilt[1, 2, 3, 4] = 99
    take_medians(spoilt)
    np.testing.assert_array_equal(spoilt, flow)


def test_folds_of_volumes_are_smoothed() -> None:
    grid = ControlGrid(counts=(5, 12, 14), origins=(0.0,) * 3, spacings=(4.0,) * 3, moved=(0, 1, 2))
    nodes = np.zeros((3, *grid.counts))
    nodes[2, 2, 5:8, 6] = 9.0
    assert find_least_areas(grid, nodes[None])[0][0] < 0
    found = unfold(grid, nodes)
    assert find_least_areas(grid, found[None])[0][0] > 0
    assert (found[:, :, :, 12:] == 0).all()


@pytest.mark.slow
@pytest.mark.parametrize("method", ["tvl1", "ilk"])
def test_volumes_that_flow_are_registered(method: str) -> None:
    fields = np.stack([draw_field(SHAPE, 48, 10 + t) * np.array([0.3, 1, 1]).reshape(3, 1, 1, 1) for t in range(2)])
    movie = make_local_movie(make_tissue(SHAPE, 0.4), np.zeros((2, 3)), fields, photons=400.0, seed=2)
    reg = hs.register(movie.frames, axes="TZYX", method=OpticalFlow(method=method), reference=movie.reference)
    assert reg.ok.all()
    pixels = np.moveaxis(np.indices(SHAPE), 0, -1).reshape(-1, 3).astype(float)
    moves = reg.trajectory.motion.map_points(reg.parameters, pixels, SHAPE) - pixels
    off = (np.moveaxis(moves, 2, 1).reshape(2, 3, *SHAPE) - movie.fields)[:, :, 2:-2, 6:-6, 6:-6]
    assert np.sqrt(np.mean(np.sum(off**2, axis=1))) < 0.25
    again = reg.apply(movie.frames, axes="TZYX")
    truth = np.broadcast_to(movie.reference, again.shape)[:, 3:-3, 8:-8, 8:-8]
    assert np.corrcoef(again[:, 3:-3, 8:-8, 8:-8].ravel(), truth.ravel())[0, 1] > 0.98


def test_volumes_too_thin_to_follow_are_told() -> None:
    with pytest.raises(InputError, match="3 px and more along each axis, not 2 x 40 x 40 px"):
        OpticalFlow().prepare(Reference(image=np.zeros((2, 40, 40), np.float32)), CpuDevice())
    with pytest.raises(InputError, match="take method='tvl1' or 'ilk'"):
        OpticalFlow(method="dis").prepare(Reference(image=np.zeros((9, 40, 40), np.float32)), CpuDevice())


def test_windows_tell_what_independent_noise_allows() -> None:
    rng = np.random.default_rng(0)
    image = make_tissue((80, 90), 0.4).astype(np.float32)
    grid = ControlGrid.spanning(image.shape, (8.0, 8.0))
    light = make_window_light(make_level(image), grid, 5, 0.0)
    sd, flow = 0.05, np.zeros((2, *image.shape), np.float32)
    told = light.measure((image + rng.normal(0, sd, image.shape)).astype(np.float32), flow)
    slopes = np.gradient(image.astype(float))
    at = len(told) // 2
    y, x = (round(one) for one in grid.points()[at])
    window = [one[y - 5 : y + 6, x - 5 : x + 6].ravel() for one in slopes]
    expected = sd * np.sqrt(np.diag(np.linalg.inv(np.array([[a @ b for b in window] for a in window]))))
    np.testing.assert_allclose(told[at], expected, rtol=0.2)
    flat = image.copy()
    flat[:40] = 1.0
    unknown = make_window_light(make_level(flat), grid, 5, 0.0).measure(flat, flow).reshape(*grid.counts, 2)
    assert np.isnan(unknown[:3]).all()
    assert np.isfinite(unknown[-3:]).all()


def test_what_windows_cannot_follow_is_covered() -> None:
    image = make_tissue((80, 90), 0.4).astype(np.float32)
    grid, rows = ControlGrid.spanning(image.shape, (8.0, 8.0)), np.arange(float(image.shape[0]))
    bent = 0.01 * (rows - 64) ** 2 * (np.abs(rows - 64) < 30)
    flow = np.zeros((2, *image.shape), np.float32)
    flow[0] = bent[:, None]
    places = np.interp(rows, rows + bent, rows)
    frame = ndimage.map_coordinates(image, np.broadcast_arrays(places[:, None], np.arange(float(image.shape[1]))))
    told = make_window_light(make_level(image), grid, 5, 0.0).measure(frame, flow)
    at = np.abs(grid.points() - (64, 70)).sum(axis=1).argmin()
    # the mean of a parabola over a window of 11 px is 0.01 * (11^2 - 1) / 12 above its middle
    np.testing.assert_allclose(told[at], (0.1, 0.0), atol=0.03)


def test_how_sure_a_flow_is_grows_where_pictures_differ() -> None:
    shape = (96, 112)
    tissue = make_tissue(shape, 0.4)
    movie = make_local_movie(tissue, np.zeros((1, 2)), 0.8 * draw_field(shape, 64, 1)[None], photons=300.0)
    frame = movie.frames[:1].astype(np.float32)
    frame[0, 30:60, 40:75] = 6200 * make_tissue(shape, 0.4, seed=5)[60:90, 60:95]
    estimator = OpticalFlow()
    state = estimator.prepare(Reference(image=movie.reference.astype(np.float32)), CpuDevice())
    found = estimator.estimate(state, frame, CpuDevice())
    assert found.verdicts == (Verdict.OK,)
    sure = found.known_bound.errors[0, 6:].reshape(*state.motion.grid.counts, 2)
    assert np.isfinite(sure).all()
    assert np.median(sure[9:13, 12:17]) > 4 * np.median(sure[17:, :8])


def test_how_sure_a_flow_is_goes_along_where_results_are_moved() -> None:
    motion: Any = find_motion("dense:8px", (40, 48))
    rng, n_affine = np.random.default_rng(0), 6
    parameters = rng.normal(0, 0.2, (2, motion.count_parameters(2)))
    bounds = rng.uniform(0.1, 0.2, parameters.shape)
    bounds[:, :n_affine] = np.nan
    unknown = Covariance.unknown(*parameters.shape)

    def move(rows: np.ndarray) -> np.ndarray:
        return np.asarray(motion.shift_reference(rows, np.array([0.0, 0.0]), (40, 48)))

    errors, moved = motion.propagate(move, parameters, unknown, Covariance.of_errors(bounds))
    assert np.isnan(errors.errors).all()
    assert np.isnan(moved.errors[:, :n_affine]).all()
    np.testing.assert_allclose(moved.errors[:, n_affine:], bounds[:, n_affine:], rtol=1e-4)
