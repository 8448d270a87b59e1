"""What is left after registration is told, and of large slides mended, at full resolution."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from scipy import ndimage

from holdstill import integrity
from holdstill.evaluation.slides import area_under_curve, make_slide
from holdstill.integrity import alignment
from holdstill.integrity.refining import refine
from holdstill.integrity.rows import FileRows
from holdstill.io.array import ArraySource
from holdstill.result.registration import Registration
from holdstill.transforms.motions import find_motion
from holdstill.transforms.trajectory import Trajectory

SHAPE = (420, 440)


@pytest.fixture(scope="module")
def slide():
    return make_slide(SHAPE, 3, seed=2)


def refine_by(images, found, motion, **options):
    with ThreadPoolExecutor(2) as pool:
        sources = [ArraySource(image, axes="YX") for image in images]
        return refine(lambda: [FileRows(source, 0, 0) for source in sources], found, motion, pool, **options)


def turn(images, degrees):
    turned = images.copy()
    for k, angle in enumerate(degrees):
        turned[k] = ndimage.rotate(images[k].astype(float), angle, reshape=False, order=3, mode="nearest").clip(0)
    return turned


def test_shifts_are_mended_to_a_part_of_a_pixel(slide) -> None:
    wrong = slide.shifts + np.array([[0, 0], [1.3, -0.8], [-4.6, 2.2]])
    found = refine_by(slide.images, Registration.from_shifts(wrong, SHAPE), "translation", passes=2)
    assert np.abs(found.shifts - slide.shifts).max() < 0.05
    told = found.provenance["residuals"]
    assert told[0] is None
    assert all(each["tiles"] > 30 and each["p90_px"] < 0.3 for each in told[1:])
    before = refine_by(slide.images, Registration.from_shifts(wrong, SHAPE), "translation").provenance["residuals"]
    assert before[1]["median_px"] == pytest.approx(np.hypot(1.3, 0.8), abs=0.15)
    assert before[2]["median_px"] == pytest.approx(np.hypot(4.6, 2.2), abs=0.15)


def test_a_turn_is_mended_in_its_family() -> None:
    slide = make_slide(SHAPE, 3, largest_shift_px=0, seed=6)
    images = turn(slide.images, (0, 0.4, -0.7))
    found = refine_by(images, Registration.from_shifts(np.zeros((3, 2)), SHAPE), "rigid", passes=2)
    assert found.motion == "rigid"
    assert np.abs(np.rad2deg(found.parameters[:, 2])) == pytest.approx([0, 0.4, 0.7], abs=0.01)
    assert all(each["p90_px"] < 0.3 for each in found.provenance["residuals"][1:])


def test_control_points_are_mended_one_by_one_and_lost_tissue_follows() -> None:
    slide = make_slide(SHAPE, 2, largest_shift_px=0, lost=0.0, seed=7)
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]].astype(float)
    down = 3 * np.sin(y / 130)
    images = slide.images.copy()
    images[1] = ndimage.map_coordinates(slide.images[1].astype(float), [y - down, x], order=3, mode="nearest").clip(0)
    images[1, 120:250, 150:300] = np.random.default_rng(0).poisson(16, (130, 150))
    motion = find_motion("piecewise:48", SHAPE)
    flat = Trajectory(motion, np.zeros((2, motion.count_parameters(2))), SHAPE)
    found = refine_by(images, Registration.of_trajectory(flat), "piecewise", passes=2)
    points = np.array([[60.0, 60], [60, 380], [350, 90], [360, 360], [180, 220]])
    moves = found[1].map(points) - points
    expected = 3 * np.sin(points[:, 0] / 130)
    assert np.abs(moves[:4, 0] - expected[:4]).max() < 0.4  # it is linear from point to point
    assert np.abs(moves[4, 0] - expected[4]) < 1.0
    assert np.abs(moves[:, 1]).max() < 0.3


def test_windows_that_show_something_else_tell_nothing(slide) -> None:
    images = slide.images.copy()
    images[1] = make_slide(SHAPE, 1, spacing_px=17, seed=99).images[0]
    found = refine_by(images, Registration.from_shifts(slide.shifts, SHAPE), "translation", passes=2)
    assert found.provenance["residuals"][1] is None
    assert np.abs(found.shifts[1] - slide.shifts[1]).max() < 1e-9
    assert np.abs(found.shifts[2] - slide.shifts[2]).max() < 0.05


@pytest.mark.parametrize("side", [6, 12, 24])
def test_images_smaller_than_a_window_tell_nothing(side) -> None:
    images = np.random.default_rng(0).poisson(200, (2, side, side)).astype(np.uint16)
    found = refine_by(images, Registration.from_shifts(np.zeros((2, 2)), (side, side)), "translation")
    assert found.provenance["residuals"] == [None, None]


def test_slides_that_were_registered_on_copies_are_as_exact(monkeypatch) -> None:
    """A pixel of the copy is four of the slide: what it left cost a tenth of the area under the curve."""
    slide = make_slide((900, 920), 3, seed=5)
    monkeypatch.setattr(alignment, "COPY_PX", 230 * 230)
    monkeypatch.setattr(alignment, "TILE_PX", 32.0)
    found = integrity.measure(slide.images, labels=slide.labels, register="translation")
    known = np.isfinite(found.correlation_first[:, 1:])
    assert area_under_curve(found.correlation_first[:, 1:][known], slide.present[:, 1:][known]) > 0.999
    assert np.median(found.correlation_first[:, 1:][slide.present[:, 1:] & known]) > 0.9


def test_what_bends_is_told_where_a_matrix_was_asked_for(slide, tmp_path: Path) -> None:
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]].astype(float)
    images = slide.images.copy()
    places = [y + 4 * np.sin(y / 110) * np.cos(x / 130), x + 4 * np.cos(y / 120) * np.sin(x / 100)]
    images[2] = ndimage.map_coordinates(slide.images[2].astype(float), places, order=3, mode="nearest").clip(0)
    found = integrity.measure(images, labels=slide.labels, register="translation", out=tmp_path / "out")
    assert found.verdicts == ("ok",) * 3
    told = json.loads((tmp_path / "out" / "summary.json").read_text())["residuals"]
    assert told[1]["p90_px"] < 0.5
    assert told[2]["p90_px"] > 2
