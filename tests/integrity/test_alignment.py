"""Cycles are registered in every motion, whatever tissue they lost; what cannot be registered is missing, not lost."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tifffile
from scipy import ndimage

from holdstill import integrity
from holdstill.api import correct
from holdstill.contracts import ControlGrid, Verdict
from holdstill.devices.cpu import CpuDevice
from holdstill.errors import InputError
from holdstill.evaluation.slides import area_under_curve, make_slide
from holdstill.integrity import alignment
from holdstill.integrity.agreement import Tissue, fill_nodes
from holdstill.integrity.alignment import recall_verdicts, register_cycles
from holdstill.integrity.cycles import Cycle
from holdstill.integrity.rows import AlignedRows, FileRows
from holdstill.io.array import ArraySource
from holdstill.result.registration import Registration, load
from holdstill.transforms.trajectory import Trajectory

SHAPE = (300, 320)
POOL = ThreadPoolExecutor(2)


@pytest.fixture(scope="module")
def slide():
    return make_slide(SHAPE, 4, fold_from=3, seed=1)


def area_of(found, present):
    known = np.isfinite(found.correlation_first[:, 1:])
    assert known.mean() > 0.85
    return area_under_curve(found.correlation_first[:, 1:][known], present[:, 1:][known])


@pytest.mark.parametrize(
    "motion", ["rigid", *(pytest.param(name, marks=pytest.mark.slow) for name in ("affine", "piecewise"))]
)
def test_richer_motions_register_tissue_that_gets_lost(slide, motion) -> None:
    """The verdict of these methods is mismatch for every cycle that lost cells."""
    found = integrity.measure(slide.images, labels=slide.labels, register=motion)
    assert found.verdicts == ("ok",) * 4
    assert area_of(found, slide.present) > 0.99


def test_cycles_that_turned_are_registered_from_nothing(slide) -> None:
    images = slide.images.copy()
    for k, degrees in ((1, 2.0), (2, -5.0)):
        images[k] = ndimage.rotate(slide.images[k].astype(float), degrees, reshape=False, order=1, mode="nearest")
    found = integrity.measure(images, labels=slide.labels, register="rigid")
    assert area_of(found, slide.present) > 0.99
    with pytest.raises(InputError, match="no cycle could be registered"):
        integrity.measure(images[[0, 2]], labels=slide.labels, register="translation")


def bend(images, seed=5, height=4.0):
    """Each cycle bent by up to so many px along each axis, over some hundred px."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[: images.shape[1], : images.shape[2]].astype(float)
    bent = images.copy()
    for k in range(1, len(images)):
        a, b, c, d = random.uniform(0, 6, 4)
        places = [y + height * np.sin(y / 110 + a) * np.cos(x / 130 + b),
                  x + height * np.cos(y / 120 + c) * np.sin(x / 100 + d)]  # fmt: skip
        bent[k] = ndimage.map_coordinates(images[k].astype(float), places, order=3, mode="nearest").clip(0)
    return bent


@pytest.mark.slow
def test_tissue_that_bends_is_refined_tile_by_tile(tmp_path: Path) -> None:
    slide = make_slide(SHAPE, 3, seed=11)
    images = bend(slide.images)
    as_one = integrity.measure(images, labels=slide.labels, register="translation")
    found = integrity.measure(images, labels=slide.labels, register="piecewise", out=tmp_path / "out")
    assert area_of(as_one, slide.present) < 0.9
    assert area_of(found, slide.present) > 0.99
    told = json.loads((tmp_path / "out" / "summary.json").read_text())["registration"]
    assert told["motion"].startswith("piecewise")
    assert told["placed_by"][1:] == ["piecewise", "piecewise"]


def test_rows_of_what_bends_equal_the_frame_resampled_whole() -> None:
    image = ndimage.gaussian_filter(np.random.default_rng(0).random((160, 120)), 2).astype(np.float32) * 1000
    trajectory = Trajectory.of("piecewise:40", np.random.default_rng(1).uniform(-0.2, 0.2, (1, 40)) + 2.3, (160, 120))
    whole = np.empty((1, 160, 120), np.float32)
    trajectory.resample(CpuDevice(), image[None], interpolation="cubic", edge="constant", fill=np.nan, out=whole)
    rows = AlignedRows(FileRows(ArraySource(image, axes="YX"), 0, 0), trajectory.transform(0), CpuDevice())
    parts = np.concatenate([rows.read(top, min(top + 23, 160)) for top in range(0, 160, 23)])
    inside = (slice(5, -5), slice(5, -5))
    assert np.nanmax(np.abs(parts - whole[0])[inside]) < 0.05 * image.std()  # linear over 16 px, beside kinks at 40


def test_an_infinite_pixel_costs_its_cell_alone(slide) -> None:
    images = slide.images.astype(np.float32)
    cell = slide.labels[200, 220] or slide.labels[slide.labels > 0][0]
    images[2, 200, 220] = np.inf
    plain = integrity.measure(slide.images, labels=slide.labels, register="translation")
    found = integrity.measure(images, labels=slide.labels, register="translation")
    assert found.verdicts == ("ok",) * 4
    others = found.cells != cell
    assert np.isfinite(found.correlation_first[others, 2]).mean() > 0.95
    assert np.nanmax(np.abs(found.correlation_first - plain.correlation_first)[others]) < 0.02


def test_a_cycle_that_shows_nothing_is_missing_and_loses_no_cell(slide, tmp_path: Path) -> None:
    images = slide.images.copy()
    images[1] = np.random.default_rng(0).poisson(40, SHAPE)
    found = integrity.measure(images, labels=slide.labels, register="translation", out=tmp_path / "out")
    assert found.verdicts[1] != "ok"
    assert np.isnan(found.correlation_first[:, 1]).all()
    assert np.isnan(found.correlation_previous[:, 1:3]).all()
    assert np.isfinite(found.correlation_first[:, 2]).mean() > 0.95
    assert 2 not in found.first_lost
    told = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert told["share_kept"][1] is None
    assert told["share_kept_through"][1] == 1.0
    regions = json.loads((tmp_path / "out" / "regions.geojson").read_text())["features"]
    assert 2 not in {feature["properties"]["cycle"] for feature in regions}


@pytest.mark.parametrize("motion", ["translation", pytest.param("rigid", marks=pytest.mark.slow)])
def test_a_first_cycle_that_shows_nothing_is_told(slide, motion) -> None:
    """The others lay over each other, and no cell of any was ever measured."""
    images = slide.images.copy()
    images[0] = 0
    with pytest.raises(InputError, match="its first cycle shows nothing, and all are compared with it"):
        integrity.measure(images, labels=slide.labels, register=motion)


def test_what_correct_flagged_is_missing(tmp_path: Path) -> None:
    slide = make_slide((220, 240), 4, seed=3)
    images = slide.images.copy()
    images[2] = np.random.default_rng(0).poisson(40, images.shape[1:])
    tifffile.imwrite(tmp_path / "cycles.tif", images, photometric="minisblack")
    correct(tmp_path / "cycles.tif", tmp_path / "still.ome.tif", reference="first", axes="TYX", report=False)
    found = integrity.measure(tmp_path / "still.ome.tif", labels=slide.labels, axes="TYX", threshold=0.5)
    assert [verdict == "ok" for verdict in found.verdicts] == [True, True, False, True]
    assert np.isnan(found.correlation_first[:, 2]).all()
    assert not (found.first_lost == 3).any()
    assert recall_verdicts(tmp_path / "cycles.tif", 4) == ()
    assert recall_verdicts(tmp_path / "still.ome.tif", 3) == ()
    told = load(tmp_path / "still.drift.json")
    replace(told, verdicts=(Verdict.BLANK, *told.verdicts[1:])).save(tmp_path / "still.drift.json")
    with pytest.raises(InputError, match=r"its first cycle was flagged \(blank, in still.drift.json\)"):
        integrity.measure(tmp_path / "still.ome.tif", labels=slide.labels, axes="TYX")


def test_tiles_agree_where_tissue_is_left_and_only_there() -> None:
    random = np.random.default_rng(0)
    scene = ndimage.gaussian_filter(random.standard_normal((256, 256)), 2) * 100
    first, other = (scene + random.normal(0, 5, scene.shape) for _ in range(2))
    other[:, 128:] = random.normal(0, 30, (256, 128))
    grid = ControlGrid.spanning(scene.shape, (64.0, 64.0))
    tissue = Tissue(first.astype(np.float32), grid)
    agree, _ = tissue.find_agreeing(other.astype(np.float32))
    assert agree[:, :2].all()
    assert not agree[:, 3:].any()
    assert tissue.judge(other.astype(np.float32)) == agree.sum()
    assert not tissue.judge(np.roll(other, 6, axis=0).astype(np.float32))
    assert not tissue.judge(random.normal(0, 30, scene.shape).astype(np.float32))


def test_tiles_that_tell_nothing_follow_the_nearest() -> None:
    moves = np.zeros((3, 4, 2))
    known = np.zeros((3, 4), bool)
    assert (fill_nodes(moves + 5, known) == 0).all()
    moves[:, 0], moves[:, 3] = (1, 2), (-4, 8)
    known[:, [0, 3]] = True
    filled = fill_nodes(moves, known)
    assert (filled[known] == moves[known]).all()
    assert (filled[:, 1, 1] < 5).all()  # the middle of both
    assert (filled[:, 2, 1] > 5).all()


@pytest.mark.slow
@pytest.mark.parametrize("motion", ["rigid", "piecewise"])
def test_large_slides_are_registered_on_copies(slide, motion, monkeypatch) -> None:
    monkeypatch.setattr(alignment, "COPY_PX", 160 * 160)
    found = integrity.measure(slide.images, labels=slide.labels, register=motion)
    assert found.verdicts == ("ok",) * 4
    assert area_of(found, slide.present) > 0.98


def test_a_shift_that_no_tile_agrees_with_is_not_believed(slide, monkeypatch) -> None:
    """Three hot pixels of 60,000 in cycles of 200 photons brought one 50 px off, ok."""

    def find_wrongly(images, motion, reference, **options):
        return Registration.from_shifts(slide.shifts + np.array([[0, 0], [7, -6], [0, 0], [0, 0]]), SHAPE)

    monkeypatch.setattr(alignment, "_register", find_wrongly)
    found = integrity.measure(slide.images, labels=slide.labels, register="translation")
    assert found.verdicts == ("ok", "mismatch", "ok", "ok")


def test_a_first_cycle_in_doubt_stays_where_tiles_of_others_agree(slide, monkeypatch) -> None:
    """Of all pairs the first alone had no place: every cell of every cycle was unknown."""
    moves = slide.shifts + np.array([[0, 0], [0, 0], [6, -7], [0, 0]])
    register = alignment._register

    def find(images, motion, reference, **options):
        if reference != "pairs":
            return register(images, motion, reference, **options)
        return replace(Registration.from_shifts(moves, SHAPE), verdicts=(Verdict.MISMATCH, *[Verdict.OK] * 3))

    monkeypatch.setattr(alignment, "_register", find)
    found = integrity.measure(slide.images, labels=slide.labels, register="translation")
    assert found.verdicts == ("ok", "ok", "mismatch", "ok")
    assert found.is_measurable.all()


def test_specks_have_no_say_in_where_a_cycle_lies() -> None:
    slide = make_slide(SHAPE, 3, seed=8)
    images = slide.images.copy()
    places = np.random.default_rng(1).integers(20, 280, (3, 4, 2))
    for k, specks in enumerate(places):
        images[k][tuple(specks.T)] = 60_000
    found = integrity.measure(images, labels=slide.labels, register="rigid")
    assert found.verdicts == ("ok",) * 3
    assert area_of(found, slide.present) > 0.97  # of cells without a speck 1


@pytest.mark.filterwarnings("ignore:the cycles")
def test_shifts_in_doubt_add_up_from_cycle_to_cycle() -> None:
    """Those from the cycle before were taken for those from the first: a lattice lay four cells off, and ok."""
    rng, size, pitch = np.random.default_rng(9), 700, 20
    places = np.arange(pitch // 2, size, pitch)
    cells = np.zeros((size, size))
    cells[np.ix_(places, places)] = 1
    y, x = np.mgrid[-6:7, -6:7]
    mask = ndimage.binary_dilation(cells, (y**2 + x**2 <= 36))
    texture = ndimage.gaussian_filter(rng.normal(size=(size, size)), 1.5)
    slide = np.where(mask, 200 * (1 + 0.05 * texture / texture.std()), 8.0)
    shifts = [(0, 0), (6, 5), (11, -9)]
    copies = [rng.poisson(ndimage.shift(slide, by, order=1, mode="nearest")).astype(np.float32) for by in shifts]
    found = alignment._place(np.stack(copies), "piecewise")
    for t in np.flatnonzero(found.ok):
        np.testing.assert_allclose(found[int(t)].map(np.array([[200.0, 200.0]]))[0] - 200, shifts[t], atol=1)


def test_specks_and_hot_pixels_that_stand_still_hold_no_cycle(slide) -> None:
    """Cycles that had moved by 8 px were held by specks of the camera, and 93 % of their cells called lost."""
    rng, moved = np.random.default_rng(5), [(0, 0), (9, -6), (-7, 5), (4, 8)]
    images = np.stack([np.roll(image, by, (0, 1)) for image, by in zip(slide.images, moved, strict=True)]).astype(float)
    specks = np.zeros(SHAPE)
    specks[tuple(rng.integers(5, 295, (2, 12)))] = 40 * np.ptp(images[0])
    images += ndimage.gaussian_filter(specks, 1.5)
    images[:, *rng.integers(0, 299, (2, 150))] += 3 * np.ptp(images[0])
    plain = integrity.measure(slide.images, labels=slide.labels, register="translation")
    assert plain.verdicts == ("ok",) * 4
    source = [ArraySource(image, axes="YX") for image in (*slide.images, *images)]
    ways = [register_cycles([Cycle(source=each, frame=0, channel=0, name="") for each in part], "translation", POOL)
            for part in (source[:4], source[4:])]  # fmt: skip
    assert ways[1].ok.all()
    np.testing.assert_allclose(ways[1].shifts - ways[0].shifts, np.array(moved), atol=0.3)


@pytest.mark.parametrize("light", [5.0, 40.0])
def test_tissue_that_covers_little_of_a_slide_is_not_taken_for_specks(light) -> None:
    """Nuclei in less than a hundredth of the slide were cut down to the ground: 2 px off, ok, correlations .3."""
    rng, size = np.random.default_rng(3), 1000
    tissue = make_slide((90, 90), 3, seed=4)
    moved = [(0, 0), (8, -8), (-14, 6)]
    images = rng.poisson(light, (3, size, size)).astype(np.float32)
    for image, cells, (down, right) in zip(images, tissue.images, moved, strict=True):
        image[400 + down : 490 + down, 500 + right : 590 + right] += cells
    sources = [ArraySource(image, axes="YX") for image in images]
    found = register_cycles([Cycle(source=s, frame=0, channel=0, name="") for s in sources], "translation", POOL)
    assert found.ok.all()
    np.testing.assert_allclose(found.shifts, tissue.shifts + moved, atol=0.5)
