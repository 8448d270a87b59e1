"""Flow: exact truth, what is kept of it, what is refused."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import ndimage

import holdstill as hs
from holdstill.contracts import ControlGrid, Reference, Verdict
from holdstill.devices.cpu import CpuDevice
from holdstill.errors import InputError, UnknownName
from holdstill.estimators import OpticalFlow
from holdstill.evaluation.local import LocalMovie, draw_field, make_local_movie, make_tissue
from holdstill.methods.flow.following import follow, match, measure_noise, spread_on, unfold
from holdstill.methods.flow.levels import linearise, make_level, make_pyramid, warp_frame
from holdstill.methods.flow.tvl1 import TotalVariation, take_median
from holdstill.methods.flow.windows import Windows
from holdstill.transforms.fields import BentAffine

SHAPE = (112, 136)


def record(photons: float = 400.0, n: int = 3, bends: float = 1.5) -> LocalMovie:
    shifts = np.random.default_rng(1).uniform(-3, 3, (n, 2))
    fields = bends * np.stack([draw_field(SHAPE, 64, 10 + t) for t in range(n)])
    return make_local_movie(make_tissue(SHAPE, 0.4), shifts, fields, photons=photons, seed=2)


def fields_of(reg: hs.Registration) -> np.ndarray:
    pixels = np.moveaxis(np.indices(reg.frame_shape), 0, -1).reshape(-1, 2).astype(float)
    moves = reg.trajectory.motion.map_points(reg.parameters, pixels, reg.frame_shape) - pixels
    return np.moveaxis(moves, 2, 1).reshape(len(reg), -1, *reg.frame_shape)


@pytest.fixture(scope="module")
def movie() -> LocalMovie:
    return record()


@pytest.fixture(scope="module")
def found(movie: LocalMovie) -> hs.Registration:
    return hs.register(movie.frames, motion="dense", reference=movie.reference)


def off(reg: hs.Registration, movie: LocalMovie) -> float:
    inner = (..., slice(8, -8), slice(8, -8))
    return float(np.sqrt(np.mean(np.sum((fields_of(reg) - movie.fields)[inner] ** 2, axis=1))))


def test_a_movie_with_dense_motion_is_followed_by_total_variation(movie: LocalMovie, found: hs.Registration) -> None:
    rigid = hs.register(movie.frames, reference=movie.reference)
    still = np.broadcast_to(rigid.shifts[:, :, None, None], movie.fields.shape)
    rigid_off = np.sqrt(np.mean(np.sum((still - movie.fields) ** 2, axis=1)))
    assert found.ok.all()
    assert found.provenance["method"] == "OpticalFlow"
    assert found.provenance["settings"]["method"] == "tvl1"
    assert off(found, movie) < 0.25
    assert off(found, movie) < rigid_off / 4
    assert (found.scores > rigid.scores).all()
    assert np.isnan(found.errors).all()


@pytest.mark.parametrize("method", ["ilk", "dis"])
def test_other_methods_of_flow(movie: LocalMovie, method: str) -> None:
    if method == "dis":
        pytest.importorskip("cv2")
    reg = OpticalFlow(method=method, spacing=8).fit(movie.frames[:1], reference=movie.reference)
    one = LocalMovie(frames=movie.frames[:1], fields=movie.fields[:1], reference=movie.reference, noise=movie.noise)
    assert reg.verdicts == (Verdict.OK,)
    assert off(reg, one) < 0.3


def test_it_is_kept_beside_the_json_and_applied_once(movie: LocalMovie, found: hs.Registration, tmp_path: Path) -> None:
    path = found.save(tmp_path / "m.drift.json")
    again = hs.load(path)
    assert (tmp_path / "m.drift.fields.npz").exists()
    assert path.stat().st_size < 1 << 20
    np.testing.assert_array_equal(again.apply(movie.frames), found.apply(movie.frames))
    table = found.to_csv(tmp_path / "m.csv")
    head = table.read_text(encoding="utf-8").splitlines()[0].split(",")
    assert "affine_shift_y_px" in head
    assert not any("node" in column for column in head)


def test_a_pair_can_ask_for_it(movie: LocalMovie) -> None:
    pair = movie.reference.astype(np.float32), movie.frames[0]
    assert hs.align(*pair, motion="dense", method="optical_flow").provenance["method"] == "OpticalFlow"


def test_gain_and_offset_change_nothing(movie: LocalMovie) -> None:
    estimator = OpticalFlow()
    state = estimator.prepare(Reference(image=movie.reference.astype(np.float32)), CpuDevice())
    plain = movie.frames[:1].astype(np.float32)
    motion, points = state.motion, state.motion.grid.points()
    one, *others = (
        motion.map_points(estimator.estimate(state, frames, CpuDevice()).parameters, points, SHAPE)
        for frames in (plain, 0.4 * plain + 70, 2 * plain - 10)
    )
    for other in others:
        assert np.sqrt(np.mean((one - other) ** 2)) < 0.01


def test_the_reference_itself_stays(movie: LocalMovie) -> None:
    image = movie.reference.astype(np.float32)
    for method in ("tvl1", "ilk"):
        reg = OpticalFlow(method=method).fit(image[None], reference=image)
        assert reg.verdicts == (Verdict.OK,)
        assert np.abs(reg.parameters).max() < 1e-3


@pytest.mark.parametrize("content", ["noise", "blank", "other"])
def test_what_is_not_the_reference_is_refused(movie: LocalMovie, content: str) -> None:
    rng = np.random.default_rng(5)
    frame = {
        "noise": rng.normal(400, 100, SHAPE), "blank": np.full(SHAPE, 7.0),
        "other": 400 * make_tissue(SHAPE, 0.4, seed=9)[24:-24, 24:-24],
    }[content]  # fmt: skip
    estimator = OpticalFlow()
    state = estimator.prepare(Reference(image=movie.reference.astype(np.float32)), CpuDevice())
    assert estimator.estimate(state, frame[None].astype(np.float32), CpuDevice()).verdicts[0] is not Verdict.OK


def test_displacements_beyond_the_limit(movie: LocalMovie) -> None:
    reg = hs.register(movie.frames, motion="dense", reference=movie.reference, max_shift=1.5)
    assert set(reg.verdicts) <= {Verdict.OUT_OF_RANGE, Verdict.MISMATCH}


@pytest.mark.parametrize(
    ("settings", "text"),
    [({"method": "best"}, "tvl1, ilk, dis"), ({"spacing": 0.5}, "spacing"), ({"radius": 0}, "radius"),
     ({"attachment": -1}, "attachment"), ({"motion": "rigid"}, "knows dense")],
)  # fmt: skip
def test_settings_that_have_no_meaning(settings: dict[str, Any], text: str) -> None:
    with pytest.raises((InputError, UnknownName), match=text):
        OpticalFlow(**settings)


def bend(image: np.ndarray, flow: np.ndarray) -> np.ndarray:
    """The frame of which `image` is what shows where a small constant flow takes it."""
    return ndimage.shift(image, flow, order=5, mode="nearest").astype(np.float32)


@pytest.mark.parametrize("settings", [TotalVariation(attachment=5.0), Windows()])
def test_a_shift_is_followed_and_what_is_unknown_filled_in(settings: TotalVariation | Windows) -> None:
    image = make_tissue((60, 70), 0.4).astype(np.float32)
    hidden = image.copy()
    hidden[40:52, 50:60] = np.nan
    slope = float(np.sqrt(np.nanmean(make_level(image).slopes ** 2) * 2))
    levels = tuple(make_level(one / np.float32(slope)) for one in make_pyramid(hidden))
    flow = follow(levels, bend(image, np.array([1.3, -0.7])) / np.float32(slope), np.zeros(2), settings, settings)
    inner = flow[:, 8:-8, 8:-8]
    assert np.abs(inner - np.array([1.3, -0.7])[:, None, None]).mean() < 0.03
    assert np.isfinite(flow).all()


def test_slopes_and_warps_are_exact_for_a_parabola() -> None:
    y, x = np.indices((20, 24)).astype(np.float32)
    image = 0.5 * y**2 + 2 * x
    level = make_level(image)
    np.testing.assert_allclose(level.slopes[0, 3:-3], y[3:-3], rtol=1e-5)
    np.testing.assert_allclose(level.slopes[1, :, 3:-3], 2.0, rtol=1e-5)
    flow, warped = np.full((2, 20, 24), 0.25, np.float32), np.empty_like(image)
    warp_frame(image, flow, warped)
    np.testing.assert_allclose(warped[3:-3, 3:-3], (0.5 * (y + 0.25) ** 2 + 2 * (x + 0.25))[3:-3, 3:-3], rtol=1e-5)
    assert np.isnan(warped[-1]).all()
    assert np.isnan(warped[:, -1]).all()
    rest, moved, steep = np.empty_like(image), np.empty_like(flow), np.empty_like(flow)
    linearise(image, level.slopes, warped, moved, rest, steep)
    assert (rest[-1] == 0).all()
    assert (steep[:, -1] == 0).all()
    np.testing.assert_allclose(rest[3:-3, 3:-4], (warped - image)[3:-3, 3:-4], rtol=1e-5)


def test_medians_are_those_of_the_plain_filter() -> None:
    flow = np.random.default_rng(0).normal(size=(2, 17, 23)).astype(np.float32)
    expected = np.stack([ndimage.median_filter(one, 3) for one in flow])
    take_median(flow, np.empty_like(flow))
    np.testing.assert_array_equal(flow[:, 1:-1, 1:-1], expected[:, 1:-1, 1:-1])


def test_noise_gain_and_offset_are_measured() -> None:
    rng = np.random.default_rng(3)
    image = make_tissue((150, 160), 0.3).astype(np.float32)
    assert abs(measure_noise(rng.normal(0, 2.0, (200, 220)).astype(np.float32)) - 2) < 0.1
    flow = np.zeros((2, *image.shape), np.float32)
    other = 3 * image + 5
    other[30:60] = 40  # what flashes has no say
    assert np.allclose(match(image, other, flow, 2.0, 5.5), (3, 5), atol=0.02)


def test_folds_are_smoothed_and_nothing_else() -> None:
    grid = ControlGrid(counts=(30, 32), origins=(0.0, 0.0), spacings=(4.0, 4.0), moved=(0, 1))
    nodes = np.zeros((2, 30, 32))
    nodes[1, 10:14, 12] = 9.0
    assert BentAffine(grid, np.eye(2), np.zeros(2), nodes, np.zeros(2)).smallest_determinant < 0
    found = unfold(grid, nodes)
    assert BentAffine(grid, np.eye(2), np.zeros(2), found, np.zeros(2)).smallest_determinant > 0
    assert (found[:, 22:] == 0).all()
    smooth = 0.3 * np.sin(np.indices((2, 30, 32))[2] / 5.0)
    np.testing.assert_array_equal(unfold(grid, smooth), smooth)


def test_a_constant_flow_is_that_of_its_control_points() -> None:
    grid = ControlGrid(counts=(6, 8), origins=(0.0, 0.0), spacings=(5.0, 5.0), moved=(0, 1))
    np.testing.assert_allclose(spread_on(np.full((2, 26, 36), 1.5, np.float32), grid), 1.5, rtol=1e-6)


@pytest.mark.parametrize("photons", [50, 3000])
def test_pictures_of_something_else_are_refused_though_a_flow_makes_them_alike(photons: int) -> None:
    rng = np.random.default_rng(0)
    smooth = [ndimage.gaussian_filter(rng.normal(size=(128, 128)), 3) for _ in range(5)]
    frames = rng.poisson([photons * (1 + 0.3 * one / one.std()).clip(0.1) for one in smooth]).astype(np.uint16)
    found = hs.register(frames, motion="dense", reference=0)
    assert found.ok.tolist() == [True, False, False, False, False]


def test_dense_inverse_search_of_small_frames_is_refused() -> None:
    with pytest.raises(InputError, match="frames of 24 px and more; take method='tvl1'"):
        OpticalFlow(method="dis").fit(np.random.default_rng(0).poisson(9, (3, 12, 40)), reference=0)
