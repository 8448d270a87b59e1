"""Motion that bends: exact truth, error bars, and nothing worse than a shift where nothing bends."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import linalg

import holdstill as hs
from holdstill.contracts import ControlGrid, Reference, Verdict
from holdstill.devices.cpu import CpuDevice
from holdstill.errors import HoldstillError, InputError, MissingFile
from holdstill.estimators import Piecewise
from holdstill.evaluation.local import (
    LocalMovie,
    bound_of_grid,
    draw_field,
    field_errors,
    make_local_movie,
    make_tissue,
    represent_field,
)
from holdstill.methods.likelihood.banded import band_of, cover_fields, step_fields
from holdstill.methods.likelihood.bending import (
    _correlate,
    check_size,
    find_candidates,
    find_pilot,
    list_near,
    make_prior,
)
from holdstill.methods.likelihood.cholesky import factor
from holdstill.methods.likelihood.field_newton import cover
from holdstill.methods.likelihood.gauss_newton import inflation
from holdstill.methods.likelihood.judged_field import find_uncertainty_beyond, find_unfollowed
from holdstill.transforms.grids import displace
from holdstill.transforms.motions import find_motion
from holdstill.transforms.motions.piecewise import name_piecewise
from holdstill.transforms.trajectory import Trajectory

SHAPE, GRID = (128, 144), 36


def record(bends: float, photons: float, n: int = 6, shape: tuple[int, ...] = SHAPE) -> LocalMovie:
    shifts = np.random.default_rng(1).uniform(-3, 3, (n, len(shape)))
    shifts[0] = 0
    fields = bends * np.stack([draw_field(shape, 96, 10 + t) for t in range(n)])
    fields[0] = 0
    return make_local_movie(make_tissue(shape, 0.4), shifts, fields, photons=photons, seed=2)


def fields_of(reg: hs.Registration) -> np.ndarray:
    pixels = np.moveaxis(np.indices(reg.frame_shape), 0, -1).reshape(-1, len(reg.frame_shape)).astype(float)
    moves = reg.trajectory.motion.map_points(reg.parameters, pixels, reg.frame_shape) - pixels
    return np.moveaxis(moves, 2, 1).reshape(len(reg), -1, *reg.frame_shape)


@pytest.fixture(scope="module")
def movie() -> LocalMovie:
    return record(1.0, 4.0)


@pytest.fixture(scope="module")
def known(movie: LocalMovie) -> hs.Registration:
    return hs.register(movie.frames, motion="piecewise", grid=GRID, reference=movie.reference)


def test_fields_are_found_with_their_error_bars(movie: LocalMovie, known: hs.Registration) -> None:
    grid = ControlGrid.spanning(SHAPE, (GRID, GRID))
    off = field_errors(fields_of(known), movie.fields, centre=False)
    assert known.ok.all()
    assert known.motion == "piecewise:36"
    unfollowed = represent_field(movie.fields[1], grid)
    assert off < 1.15 * np.hypot(bound_of_grid(movie.reference, movie.noise, grid), unfollowed)
    nodes = np.rint(grid.points()).astype(int).T
    truth = np.moveaxis(movie.fields[(slice(None), slice(None), *nodes)], 1, 2).reshape(len(known), -1)
    assert 0.6 < np.sqrt(np.mean(((known.parameters - truth) / known.errors) ** 2)) < 1.4
    assert not known.follows.any()


def test_points_that_nobody_knows_stay_unknown(known: hs.Registration) -> None:
    """Tracks have gaps; of control points they ended in an IndexError."""
    points = np.array([[np.nan, 3.0], [20.0, 30.0]])
    mapped = known[0].map(points)
    assert np.isnan(mapped[0]).all()
    np.testing.assert_array_equal(mapped[1], known[0].map(points[1:])[0])


def test_points_and_pixels_follow_the_field(movie: LocalMovie, known: hs.Registration, tmp_path: Path) -> None:
    corrected = known.apply(movie.frames)
    inner = (slice(None), slice(12, -12), slice(12, -12))
    smooth = [
        np.corrcoef(images[inner][3].ravel(), movie.reference[inner[1:]].ravel())[0, 1]
        for images in (
            movie.frames,
            hs.register(movie.frames, reference=movie.reference, repair="estimates").apply(movie.frames),
            corrected,
        )
    ]
    assert smooth[0] < smooth[1] < smooth[2]
    place = known[3].map([[40.0, 70.0]])[0]
    np.testing.assert_allclose(place, [40, 70] + movie.fields[3, :, 40, 70], atol=0.3)
    np.testing.assert_allclose(known[3].inverse.map([place])[0], [40, 70], atol=1e-5)
    loaded = hs.load(known.save(tmp_path / "drift.json"))
    np.testing.assert_array_equal(loaded.parameters, known.parameters)
    np.testing.assert_allclose(loaded.errors, known.errors, rtol=1e-12)
    np.testing.assert_array_equal(loaded.apply(movie.frames), corrected)
    assert (tmp_path / "drift.json").stat().st_size < (tmp_path / "drift.fields.npz").stat().st_size + 200_000
    assert "npz" in (tmp_path / "drift.json").read_text(encoding="utf-8")
    (tmp_path / "drift.fields.npz").rename(tmp_path / "lost.npz")
    with pytest.raises(MissingFile, match="move both together"):
        hs.load(tmp_path / "drift.json")
    known.to_csv(tmp_path / "drift.csv")
    known.report(tmp_path / "report.html")
    assert known.coverage[0].start < 12


def test_a_template_is_learned(movie: LocalMovie, known: hs.Registration) -> None:
    learned = hs.register(movie.frames, motion="piecewise", grid=GRID)
    shift = hs.register(movie.frames)
    bent, whole = field_errors(fields_of(learned), movie.fields), field_errors(fields_of(shift), movie.fields)
    assert bent < 0.6 * whole
    np.testing.assert_allclose(learned.parameters[0].reshape(-1, 2).mean(axis=0), 0, atol=0.01)


def test_what_does_not_bend_moves_as_a_whole() -> None:
    still = record(0.0, 2.0)
    for reference in (still.reference, "template"):
        bent = hs.register(still.frames, motion="piecewise", grid=GRID, reference=reference)
        whole = hs.register(still.frames, reference=reference)
        np.testing.assert_array_equal(bent.parameters, np.tile(whole.parameters, bent.parameters.shape[1] // 2))
        np.testing.assert_allclose(bent.errors[:, :2], whole.errors)


def test_bleaching_does_not_bend_what_does_not() -> None:
    """Early frames alone showed one border: the mean was brighter there, and fields were .44 px off, all ok."""
    n, size = 30, (128, 128)
    shifts = np.cumsum(np.random.default_rng(5).normal(size=(n, 2)) * 0.7, axis=0)
    shifts -= shifts.mean(axis=0)
    still, tissue = np.zeros((1, 2, *size)), make_tissue(size, 0.4, 5)
    light = 30 * np.exp(-np.arange(n) / 18)
    movies = [make_local_movie(tissue, shifts[[t]], still, photons=light[t], seed=t) for t in range(n)]
    bent = hs.register(np.concatenate([one.frames for one in movies]), motion="piecewise", grid=32)
    nodes = bent.parameters.reshape(n, -1, 2) - shifts[:, None]
    assert bent.ok.all()
    assert np.sqrt(np.mean((nodes - nodes.mean(axis=(0, 1))) ** 2)) < 0.03


def test_control_points_without_signal_follow_their_neighbours() -> None:
    movie = record(0.7, 4.0)
    dark = movie.reference.copy()
    frames, level = movie.frames.copy(), int(movie.reference.mean())
    noise = np.random.default_rng(0).poisson(4.0, frames[:, :, 72:].shape)
    dark[:, 72:], frames[:, :, 72:] = level, 100 + 20 * noise
    reg = hs.register(frames, motion="piecewise", grid=GRID, reference=dark)
    errors = reg.errors.reshape(len(reg), 5, 5, 2).mean(axis=(0, 1, 3))
    follows = reg.follows.reshape(len(reg), 5, 5, 2)
    assert reg.ok.all()
    assert (errors[3:] > 2 * errors[:2].max()).all()
    assert follows[:, :, 4].all()
    assert not follows[:, :, 0].any()


@pytest.mark.parametrize("size", [2.0, 3.0, 5.0])
def test_parts_that_move_far_by_themselves_are_found_or_flagged(size: float) -> None:
    movie = record(size, 60.0, n=4)
    reg = hs.register(movie.frames, motion="piecewise", grid=GRID, reference=movie.reference)
    points = np.rint(ControlGrid.spanning(SHAPE, (GRID, GRID)).points()).astype(int)
    truth = np.moveaxis(movie.fields[:, :, points[:, 0], points[:, 1]], 1, 2)
    seen = ((points + truth > 8) & (points + truth < np.array(SHAPE) - 9)).all(axis=2)
    off = np.abs(reg.parameters.reshape(truth.shape) - truth)
    sure = seen[:, :, None] & ~reg.follows.reshape(truth.shape)
    wrong = sure & (off > np.maximum(1.0, 5 * reg.errors.reshape(truth.shape)))
    assert reg.ok.sum() >= 3
    for t in np.flatnonzero(reg.ok):
        assert sure[t].mean() > 0.35
        assert wrong[t].sum() <= 1


def test_what_was_replaced_has_no_say() -> None:
    movie, other = record(1.0, 20.0), record(1.0, 20.0, n=2)
    frames = movie.frames.copy()
    frames[2, :60, :60] = other.frames[1, 60:120, 60:120][::-1]
    frames[4] = frames[4][::-1, ::-1]
    reg = hs.register(frames, motion="piecewise", grid=GRID, reference=movie.reference)
    assert not reg.ok[4]
    assert reg.ok.sum() == len(reg) - 1
    follows = reg.follows.reshape(len(reg), 5, 5, 2)
    assert follows[2, 0, 0].all()
    assert not follows[2, 3:, 3:].any()
    assert not follows[1].any()
    truth = movie.fields[2][:, 70:, 70:]
    assert field_errors(fields_of(reg)[2:3, :, 70:, 70:], truth[None], centre=False) < 0.2


def test_one_image_with_another() -> None:
    movie = record(1.0, 10.0, n=2)
    reg = hs.align(movie.reference, movie.frames[1], motion="piecewise", grid=GRID)
    assert field_errors(fields_of(reg), movie.fields[1:], centre=False) < 0.25


def test_volumes_bend() -> None:
    movie = record(0.8, 4.0, n=3, shape=(24, 64, 72))
    reg = hs.register(movie.frames, axes="TZYX", motion="piecewise", grid=(12, 24, 24), reference=movie.reference)
    whole = hs.register(movie.frames, axes="TZYX", reference=movie.reference)
    assert reg.ok.all()
    off, rigid = (field_errors(fields_of(one), movie.fields, centre=False) for one in (reg, whole))
    assert off < 0.5 * rigid


def test_results_do_not_depend_on_workers_and_largest_displacements_are_kept(movie: LocalMovie) -> None:
    given = {"motion": "piecewise", "grid": GRID, "reference": movie.reference}
    one, other = (hs.register(movie.frames, workers=workers, **given) for workers in (1, 2))
    np.testing.assert_array_equal(one.parameters, other.parameters)
    largest = np.abs(one.parameters).max(axis=1)
    limit = float(np.sort(largest)[-2:].mean())
    reg = hs.register(movie.frames, max_shift=limit, **given)
    assert reg.verdicts[int(largest.argmax())] is Verdict.OUT_OF_RANGE
    assert reg.ok.sum() == len(reg) - 1


@pytest.mark.parametrize("grid", [0, -3, np.nan, 1, (64, 64, 64)])
def test_grids_that_cannot_be(movie: LocalMovie, grid: object) -> None:
    with pytest.raises(HoldstillError, match="grid"):
        hs.register(movie.frames, motion="piecewise", grid=grid)  # type: ignore[arg-type]


def test_what_needs_a_movie_says_so(movie: LocalMovie) -> None:
    with pytest.raises(InputError, match="learned from many frames"):
        hs.Tracker(movie.reference, motion="piecewise")
    with pytest.raises(InputError, match="knows no reference 'previous'"):
        hs.register(movie.frames, motion="piecewise", reference="previous")
    with pytest.raises(InputError, match="Piecewise does not estimate"):
        Piecewise(motion="rigid")


def test_frames_smaller_than_the_grid_move_as_a_whole(movie: LocalMovie) -> None:
    frames = movie.frames[:, :60, :60]
    with pytest.warns(UserWarning, match="frames of 60 x 60 px are smaller than the distance.*grid below 60"):
        bent = hs.register(frames, motion="piecewise")
    whole = hs.register(frames)
    assert bent.parameters.shape == (len(frames), 2)
    np.testing.assert_array_equal(bent.parameters, whole.parameters)


def test_an_axis_shorter_than_the_grid_is_told_unless_it_is_meant(movie: LocalMovie) -> None:
    frames = movie.frames[:, :30]
    with pytest.warns(UserWarning, match=r"shorter than the distance.* along y, .*grid=\(30, 48\) or less.*\(48, 48\)"):
        told = hs.register(frames, motion="piecewise", grid=48)
    meant = hs.register(frames, motion="piecewise", grid=(48, 48))
    np.testing.assert_array_equal(told.parameters, meant.parameters)


def test_frames_that_tell_nothing_teach_no_prior(movie: LocalMovie) -> None:
    estimator, device = Piecewise(grid=GRID), CpuDevice()
    state = estimator.prepare(Reference(image=movie.reference.astype(np.float32), noise=movie.noise), device)
    assert len(estimator.weigh_priors(state, np.zeros_like(movie.frames[:2]), device)) == 0


def test_steps_solve_the_whole_system() -> None:
    rng, p = np.random.default_rng(0), 12
    root = rng.normal(size=(p, p))
    dense = root @ root.T + p * np.eye(p)
    block, unknowns = np.ascontiguousarray(dense[None, :6, :6]), np.arange(6)[None]
    rows, columns = np.indices((p, p)).reshape(2, -1)
    prior = band_of(rows, columns, dense.ravel(), p, p - 1)
    matrix = dense.copy()
    matrix[:6, :6] += 0.5 * 2.0 * dense[:6, :6]
    nodes, right, decrement = rng.normal(size=(1, p)), rng.normal(size=(1, p)), np.empty(1)
    expected = nodes[0] + np.linalg.solve(matrix, 3.0 * right[0] - dense @ nodes[0])
    ratios, scales = np.array([[0.5]]), np.array([2.0])
    step_fields(ratios, right, scales, np.array([3.0]), block, unknowns, prior, nodes, 1e9, decrement)
    np.testing.assert_allclose(nodes[0], expected, rtol=1e-9)
    bands, own = np.empty((1, 3, p)), np.empty((1, p))
    cover_fields(ratios, scales, block, unknowns, prior, bands, own)
    inverse = np.linalg.inv(matrix)
    for k in range(3):
        np.testing.assert_allclose(bands[0, k, : p - k], np.diag(inverse, k), rtol=1e-9)
    np.testing.assert_allclose(own[0], np.concatenate([np.diag(dense)[:6], np.zeros(6)]))


@pytest.mark.parametrize(("p", "b"), [(23, 4), (23, 22), (5, 4), (9, 1)])
def test_what_is_wanted_of_the_inverse_of_a_band_is_exact(p: int, b: int) -> None:
    rng = np.random.default_rng(1)
    dense = np.where(np.abs(np.subtract(*np.indices((p, p)))) <= b, rng.normal(size=(p, p)), 0.0)
    dense = dense + dense.T + 9 * b * np.eye(p) + np.eye(p)
    rows, columns = np.nonzero(np.abs(np.subtract(*np.indices((p, p)))) <= b)
    prior, n_bands = band_of(rows, columns, dense[rows, columns], p, b), min(2, p)
    bands, own = np.full((1, n_bands, p), np.nan), np.empty((1, p))
    cover_fields(np.zeros((1, 1)), np.ones(1), np.zeros((1, 1, 1)), np.zeros((1, 1), np.int64), prior, bands, own)
    inverse = np.linalg.inv(dense)
    for k in range(min(n_bands, b + 1)):
        np.testing.assert_allclose(bands[0, k, : p - k], np.diag(inverse, k), rtol=1e-9)


@pytest.mark.parametrize(("p", "b"), [(1, 0), (5, 4), (23, 4), (38, 37), (67, 9), (70, 33)])
def test_factors_of_bands_are_those_of_the_matrix(p: int, b: int) -> None:
    rng, apart = np.random.default_rng(2), np.subtract(*np.indices((p, p)))
    dense = np.where(np.abs(apart) <= b, rng.normal(size=(p, p)), 0.0)
    dense = dense + dense.T + (4 * b + 4) * np.eye(p)
    rows, columns = np.nonzero(np.abs(apart) <= b)
    band = band_of(rows, columns, dense[rows, columns], p, b)
    assert factor(band)
    expected = np.linalg.cholesky(dense)
    for k in range(b + 1):
        np.testing.assert_allclose(band[k:, b - k], np.diag(expected, -k), rtol=1e-12, atol=1e-12)
    dense[p // 2, p // 2] = -1.0
    assert not factor(band_of(rows, columns, dense[rows, columns], p, b))


def test_fine_grids_are_learned_by_narrow_bands_from_a_few_frames() -> None:
    fine = ControlGrid.spanning((512, 512), (16, 16))
    band = make_prior(fine, *find_pilot(fine)).band
    assert band.shape[1] < len(band) / 10
    assert Piecewise(grid=4).count_telling((96, 96)) == 4
    assert Piecewise(grid=64).count_telling((512, 512)) > 16


def test_the_middle_of_large_frames_tells_what_pulls_more_than_noise(monkeypatch: pytest.MonkeyPatch) -> None:
    movie, device = record(0.0, 4.0, shape=(192, 208)), CpuDevice()
    lights = np.random.default_rng(8).integers(1, 6, (len(movie.frames), 12, 13)).repeat(16, axis=1).repeat(16, axis=2)
    flashing = np.random.default_rng(9).poisson(movie.frames * lights).astype(np.float32)
    estimator = Piecewise(grid=48)
    state = estimator.prepare(Reference(image=movie.reference.astype(np.float32), noise=movie.noise), device)
    whole = estimator.weigh_priors(state, flashing, device)[0, -1]
    monkeypatch.setattr("holdstill.methods.piecewise.MEASURED_PX", 128 * 128)
    middle = estimator.weigh_priors(state, flashing, device)[0, -1]
    assert whole > 2
    assert 0.5 < middle / whole < 2
    assert middle != whole


@pytest.mark.parametrize("counts", [(3, 4), (12, 13), (2, 3, 4), (1, 5)])
def test_priors_let_frames_move_as_a_whole(counts: tuple[int, ...]) -> None:
    ndim = len(counts)
    grid = ControlGrid(counts=counts, origins=(0.0,) * ndim, spacings=(9.0,) * ndim, moved=tuple(range(ndim)))
    for numbers in (find_candidates(grid)[0], find_candidates(grid)[-1], (2.0, 1.0, 0.1)):
        prior = make_prior(grid, *numbers)
        p, width = prior.band.shape
        dense = np.zeros((p, p))
        for i in range(p):
            for j in range(max(0, i - width + 1), i + 1):
                dense[i, j] = dense[j, i] = prior.band[i, j - i + width - 1]
        np.testing.assert_allclose(prior.log_determinant, np.linalg.slogdet(dense)[1], rtol=1e-6)
        uniform, bent = np.tile(np.eye(ndim)[0], p // ndim), np.random.default_rng(0).normal(size=p)
        assert uniform @ dense @ uniform < 1e-2 * (bent @ dense @ bent)


def test_the_way_back_of_corrected_frames() -> None:
    motion = find_motion("piecewise:36", SHAPE)
    parameters = np.random.default_rng(3).uniform(-1, 1, (1, motion.count_parameters(2)))
    one = Trajectory(motion, parameters, SHAPE)
    points = np.random.default_rng(4).uniform(10, 110, (30, 2))
    np.testing.assert_allclose(one.invert().transform(0).map(one.transform(0).map(points)), points, atol=0.1)


def test_files_are_corrected_and_gone_on_with(movie: LocalMovie, tmp_path: Path) -> None:
    np.save(tmp_path / "movie.npy", movie.frames)
    given = {"motion": "piecewise", "grid": GRID, "axes": "TYX"}
    done = hs.correct(tmp_path / "movie.npy", tmp_path / "out.tif", report=False, **given)
    assert (tmp_path / "out.drift.fields.npz").exists()
    loaded = hs.load(tmp_path / "out.drift.json")
    np.testing.assert_array_equal(loaded.parameters, done.parameters)
    again = hs.correct(tmp_path / "movie.npy", tmp_path / "out.tif", report=False, resume=True, **given)
    np.testing.assert_array_equal(again.parameters, done.parameters)


def test_frames_do_not_depend_on_those_beside_them(movie: LocalMovie) -> None:
    reference = Reference(image=movie.reference.astype(np.float32), noise=movie.noise, prior=(1.0, 1.0, 2.0))
    estimator, device = Piecewise(grid=GRID), CpuDevice()
    state = estimator.prepare(reference, device)
    together = estimator.estimate(state, movie.frames, device)
    for t in range(len(movie.frames)):
        alone = estimator.estimate(state, movie.frames[t : t + 1], device)
        np.testing.assert_array_equal(alone.parameters[0], together.parameters[t])
        np.testing.assert_array_equal(alone.covariance.values[0], together.covariance.values[t])


def test_smooth_priors_are_positive() -> None:
    grid = ControlGrid.spanning((512, 512), (64, 64))
    for numbers in ((0.0, 1.0, 4.0), (0.0, 4.0, 5.6)):
        prior = make_prior(grid, *numbers)
        p = len(prior.band)
        dense = np.zeros((p, p))
        width = prior.band.shape[1]
        for k in range(width):
            np.fill_diagonal(dense[k:, : p - k], prior.band[k:, width - 1 - k])
        linalg.cholesky(dense, lower=True)
        assert np.isfinite(prior.log_determinant)


@pytest.mark.parametrize("grid", ["a", (8.0, None), -3])
def test_a_grid_that_is_no_distance_is_told(grid: object) -> None:
    with pytest.raises(InputError, match="distance of control points"):
        name_piecewise(grid)  # type: ignore[arg-type]


def test_priors_are_weighed_alike_by_modes_and_by_bands(movie: LocalMovie, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Piecewise, "_measure_dispersion", lambda *_: 1.3)
    estimator, device = Piecewise(grid=GRID), CpuDevice()
    state = estimator.prepare(Reference(image=movie.reference.astype(np.float32), noise=movie.noise), device)
    several = np.concatenate([movie.frames, movie.frames])
    by_modes = estimator.weigh_priors(state, several, device)
    by_bands = np.concatenate([estimator.weigh_priors(state, movie.frames[[t]], device) for t in range(6)])
    gains = [found[:6, :-1] - found[:6, -2:-1] for found in (by_modes, by_bands)]
    assert np.abs(gains[0] - gains[1]).max() < 0.1 * np.abs(gains[1]).max()
    assert estimator.find_prior(state, by_modes) == estimator.find_prior(state, by_bands)
    assert estimator.find_prior(state, by_modes)[-1] == 1.3


def test_a_grid_for_other_axes_is_told(movie: LocalMovie) -> None:
    with pytest.raises(InputError, match=r"3 distances.*the axes y, x"):
        hs.register(movie.frames, motion="piecewise", grid=(8, 8, 8))


@pytest.mark.parametrize("grid", [8, (8, 32)])
def test_a_grid_too_fine_for_the_binned_copy_is_told_in_px_of_the_frames(movie: LocalMovie, grid: object) -> None:
    with pytest.raises(InputError, match=r"grid .*8.*2.66667 px apart on a copy binned by 3.*grid=12"):
        hs.register(movie.frames, motion="piecewise", grid=grid, bin=3)


def test_control_points_whose_content_left_the_frame_are_less_sure() -> None:
    movie = record(0.0, 20.0, n=2)
    estimator, device = Piecewise(grid=GRID), CpuDevice()
    reference = Reference(image=movie.reference.astype(np.float32), noise=movie.noise, prior=(1.0, 2.0, 2.0))
    state = estimator.prepare(reference, device)
    n_nodes = int(np.prod(state.motion.grid.counts))
    moves = np.zeros((1, *state.motion.grid.counts, 2))
    moves[0, 0, :, 0] = -12.0  # the first row came to lie 12 px above the frame
    flat, shift = moves.reshape(1, -1), np.zeros((1, 2))
    prior = state.solvers[-1].prior
    added = find_uncertainty_beyond(state.motion, prior, flat, shift).reshape((*state.motion.grid.counts, 2))
    assert added.shape[0] * added.shape[1] == n_nodes
    steps = 12.0 / state.motion.grid.spacings[0]
    expected = 2 * 2.0**2 * (1 - _correlate(1.0, np.array(steps / 2.0)))
    np.testing.assert_allclose(added[0], expected)
    assert (added[1:] == 0).all()
    # a shift of the whole is no such thing: what is solved moves with it
    whole = np.tile([[5.0, -7.0]], (1, n_nodes))
    assert (find_uncertainty_beyond(state.motion, prior, whole, np.array([[5.0, -7.0]])) == 0).all()


def test_noise_that_pulls_more_widens_what_is_seen_and_not_what_is_expected(movie: LocalMovie) -> None:
    estimator, device, excess = Piecewise(grid=GRID), CpuDevice(), 1.7**2
    given = Reference(image=movie.reference.astype(np.float32), noise=movie.noise, prior=(1.0, 1.0, 2.0))
    known = replace(given, widening=1.7)
    plain, wider = (
        estimator.estimate(estimator.prepare(one, device), movie.frames[1:2], device) for one in (given, known)
    )
    np.testing.assert_array_equal(wider.parameters, plain.parameters)
    np.testing.assert_allclose(wider.bound.variances, plain.bound.variances, rtol=1e-9)
    # and the whole covariance is that of noise of such a variance
    state = estimator.prepare(given, device)
    solver, n = state.solvers[-1], state.motion.grid.n_parameters
    fit, _ = estimator._fit(state, movie.frames[1:2], plain.parameters[:, :2], device)
    fit.ratios[:] = 0.9  # alike all over
    covariance, _ = cover(solver, fit, estimator.cutoff, excess)
    light = np.zeros((n, n))
    at = solver.field.unknowns
    np.add.at(light, (at[:, :, None], at[:, None, :]), 0.9 * fit.gains[0] ** 2 * solver.blocks)
    light /= inflation(estimator.cutoff) * fit.chi_square[0] * excess
    expected = np.diag(np.linalg.inv(light + solver.modes.precision))
    np.testing.assert_allclose(excess * covariance.variances[0], expected, rtol=1e-6)


def test_near_candidates_are_those_a_step_away() -> None:
    grid = ControlGrid.spanning((256, 256), (64, 64))
    candidates = find_candidates(grid)
    near = [one for one, is_near in zip(candidates, list_near(grid, (1.0, 1.0, 2.0)), strict=True) if is_near]
    assert len(near) == 2 * 3 * 3 + 1
    assert candidates[-1] in near
    assert {one[1] for one in near[:-1]} == {0.5, 1.0, 2.0}
    assert {one[2] for one in near[:-1]} == {1.4, 2.0, 2.8}


@pytest.mark.parametrize("shape", [(97, 1), (97, 97)])
def test_what_a_grid_cannot_follow_is_what_the_nearest_linear_one_is_off_by(shape: tuple[int, int]) -> None:
    motion: Any = find_motion("lines:16" if shape[1] == 1 else "piecewise:16", shape)
    grid, pixels = motion.grid, np.indices(shape).astype(float)
    field = np.stack(
        [1.5 * np.sin(pixels[0] / 26) + 0.4 * np.cos(pixels[1] / 30), 0.7 * np.cos(pixels.sum(axis=0) / 45)]
    )
    points = np.moveaxis(pixels, 0, -1).reshape(-1, 2)
    unit = np.eye(len(grid.points())).reshape(-1, 1, *grid.counts)
    hats = displace(replace(grid, moved=(0,)), unit, points)[:, :, 0].T
    fitted = np.linalg.lstsq(hats, field.reshape(2, -1).T, rcond=None)[0]
    places = np.rint(grid.points()).astype(int).T
    off = fitted - field[(slice(None), *places)].T
    told = find_unfollowed(motion, fitted.reshape(1, -1)).reshape(off.shape)
    assert np.sqrt(np.mean(off**2)) > 0.005
    assert np.sqrt(np.mean((off + told) ** 2)) < 0.3 * np.sqrt(np.mean(off**2))


@pytest.mark.parametrize(
    ("shape", "spacing", "told"),
    [((4096, 4096), (16.0, 16.0), "257 x 257 control points .* 1.1 GB .* grid=2"),
     ((64, 512, 512), (8.0, 8.0, 8.0), "grid=")],
)  # fmt: skip
def test_more_control_points_than_memory_holds_are_refused_with_a_grid_that_would_do(
    shape: tuple[int, ...], spacing: tuple[float, ...], told: str
) -> None:
    with pytest.raises(InputError, match=told) as caught:
        check_size(ControlGrid.spanning(shape, spacing))
    told_px = float(re.findall(r"grid=(\d+)", str(caught.value))[0])
    check_size(ControlGrid.spanning(shape, (told_px,) * len(shape)))
    check_size(ControlGrid.spanning((1024, 1024), (16.0, 16.0)))


def test_parts_that_flash_do_not_bend_a_specimen_that_does_not() -> None:
    rng, n = np.random.default_rng(4), 6
    tissue, y, x = make_tissue(SHAPE, 0.2), *np.indices((SHAPE[0] + 48, SHAPE[1] + 48))
    cells = np.stack([np.exp(-((y - a) ** 2 + (x - b) ** 2) / 30) for a, b in rng.uniform(10, 170, (30, 2))])
    light = 4.0 * rng.exponential(1.0, (n, 30)) * (rng.random((n, 30)) < 0.3)
    still, shifts = np.zeros((1, 2, *SHAPE)), rng.uniform(-3, 3, (n, 2))
    scenes = [tissue + np.tensordot(one, cells, 1) for one in light]
    movies = [make_local_movie(one, shifts[[t]], still, photons=5.0, seed=t) for t, one in enumerate(scenes)]
    mean = make_local_movie(np.mean(scenes, axis=0), shifts[:1], still, photons=5.0).reference
    frames = np.concatenate([one.frames for one in movies])
    whole = hs.register(frames, reference=mean)
    reg = hs.register(frames, motion="piecewise", grid=GRID, reference=mean)
    np.testing.assert_array_equal(reg.parameters[:, :2], whole.parameters)
