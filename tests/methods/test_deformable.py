"""Unlike sections, found at any angle; what does not belong together is refused."""

import numpy as np
import pytest
from scipy import interpolate, ndimage

from holdstill.contracts import Reference, Verdict
from holdstill.devices.cpu import CpuDevice
from holdstill.errors import InputError
from holdstill.evaluation.sections import SectionPair, make_sections
from holdstill.methods.deformable import Deformable
from holdstill.methods.sections.affine_fit import compare, fit_affine, to_level, to_whole
from holdstill.methods.sections.bending import bend_sections, make_pyramid
from holdstill.methods.sections.field_fit import refine_field
from holdstill.methods.sections.local import bin_picture, make_picture
from holdstill.methods.sections.manner import PLANES
from holdstill.methods.sections.staining import prepare_section
from holdstill.transforms.motions import find_matrix_motion, find_motion

SHAPE = (230, 290)
rng = np.random.default_rng(0)


def grey(image: np.ndarray) -> np.ndarray:
    return prepare_section(np.moveaxis(image, -1, 0), "absorption")


def measure(pair: SectionPair, estimator: Deformable) -> tuple[float, Verdict]:
    """Median distance of landmarks, px, and the verdict."""
    state = estimator.prepare(Reference(image=grey(pair.fixed)), CpuDevice())
    found = estimator.estimate(state, grey(pair.moving)[None], CpuDevice())
    mapped = find_motion(estimator.motion, SHAPE).transform(found.parameters[0], SHAPE).map(pair.points)
    return float(np.median(np.linalg.norm(mapped - pair.moved, axis=1))), found.verdicts[0]


@pytest.mark.parametrize(("angle_deg", "motion"), [(4, "rigid"), (131, "rigid"), (-96, "affine")])
def test_other_stains_are_found_at_any_angle(angle_deg: float, motion: str) -> None:
    pair = make_sections(SHAPE, angle_deg=angle_deg, shift_px=(9, -14), seed=2)
    error, verdict = measure(pair, Deformable(motion=motion))
    assert verdict is Verdict.OK
    assert error < 0.4


def test_what_is_mirrored_is_found_where_that_is_allowed() -> None:
    pair = make_sections(SHAPE, angle_deg=70, is_mirrored=True, seed=3)
    error, verdict = measure(pair, Deformable(motion="affine", allow_flip=True))
    assert verdict is Verdict.OK
    assert error < 0.4
    assert measure(pair, Deformable(motion="affine"))[1] is not Verdict.OK


def test_other_sizes_are_found_where_that_is_allowed() -> None:
    pair = make_sections(SHAPE, angle_deg=-30, scale=0.62, seed=4)
    error, verdict = measure(pair, Deformable(motion="similarity", allow_scale=True))
    assert verdict is Verdict.OK
    assert error < 0.4
    assert measure(pair, Deformable(motion="rigid"))[1] is not Verdict.OK


def test_a_shift_alone() -> None:
    pair = make_sections(SHAPE, shift_px=(-21, 30), seed=5)
    error, verdict = measure(pair, Deformable(motion="translation"))
    assert verdict is Verdict.OK
    assert error < 0.4
    assert measure(pair, Deformable(motion="translation", max_shift=25.0))[1] is Verdict.OUT_OF_RANGE


@pytest.mark.parametrize("seed", [6, 7, 8])
def test_unrelated_sections_are_refused(seed: int) -> None:
    one, other = make_sections(SHAPE, seed=seed), make_sections(SHAPE, seed=seed + 100)
    pair = SectionPair(fixed=one.fixed, moving=other.moving, points=one.points, moved=one.moved)
    assert measure(pair, Deformable())[1] is not Verdict.OK


@pytest.mark.parametrize("seed", [5, 14])
def test_outlines_alone_are_not_enough(seed: int) -> None:
    one, other = (make_sections((300, 360), seed=n) for n in (seed, seed + 500))
    pair = SectionPair(fixed=one.fixed, moving=other.moving, points=one.points, moved=one.moved)
    assert measure(pair, Deformable(motion="affine"))[1] is Verdict.MISMATCH


@pytest.mark.parametrize("kind", ["empty", "noise", "label"])
def test_a_slide_without_the_tissue_is_refused(kind: str) -> None:
    one, moving = make_sections(SHAPE, seed=9), rng.normal(240, 2, (*SHAPE, 3))
    if kind == "noise":
        moving = rng.uniform(0, 255, (*SHAPE, 3))
    if kind == "label":
        moving[40:60, 30:260] = moving[90:105, 30:180] = moving[130:200, 40:120] = 30
    pair = SectionPair(fixed=one.fixed, moving=moving.astype(np.uint8), points=one.points, moved=one.moved)
    assert measure(pair, Deformable())[1] is not Verdict.OK


def test_nothing_at_all_is_blank() -> None:
    one = make_sections(SHAPE, seed=10)
    white = np.full((*SHAPE, 3), 255, np.uint8)
    for fixed, moving in ((one.fixed, white), (white, one.fixed)):
        estimator = Deformable()
        state = estimator.prepare(Reference(image=grey(fixed)), CpuDevice())
        found = estimator.estimate(state, grey(moving)[None], CpuDevice())
        assert found.verdicts == (Verdict.BLANK,)
        assert np.isnan(found.parameters).all()


def test_settings_that_have_no_meaning_are_refused() -> None:
    with pytest.raises(InputError, match="mirrors nothing"):
        Deformable(motion="rigid", allow_flip=True)
    with pytest.raises(InputError, match="keeps sizes"):
        Deformable(motion="rigid", allow_scale=True)
    with pytest.raises(InputError, match="too thin"):
        Deformable().prepare(Reference(image=np.zeros((7, 30, 30), np.float32)), CpuDevice())


def test_a_fit_ends_at_the_truth_and_maps_go_from_level_to_level() -> None:
    pair, family = make_sections(SHAPE, seed=11), find_matrix_motion("affine")
    fixed, moving = (make_picture(grey(image), 2, (4.0, 12.0)) for image in (pair.fixed, pair.moving))
    off = np.array([3.0, 1.02, 0.01, -2.0, 0.01, 0.99])
    np.testing.assert_allclose(to_whole(to_level(off, fixed), fixed), off, atol=1e-12)
    found = to_whole(fit_affine(fixed, moving, to_level(off, fixed), family, CpuDevice()), fixed)
    np.testing.assert_allclose(found, [0, 1, 0, 0, 0, 1], atol=0.15)
    right, wrong = (compare(fixed, moving, to_level(warp, fixed), CpuDevice()) for warp in (found, off))
    assert right.score > wrong.score + 0.1
    assert right.overlap > 0.95


def test_blocks_that_are_hardly_known_are_unknown() -> None:
    image = np.arange(20.0, dtype=np.float32).reshape(4, 5)
    image[0, :2] = image[1, 0] = np.nan
    image[2, 2] = np.nan
    binned = bin_picture(image, 2)
    assert np.isnan(binned[0, 0])
    assert binned[1, 1] == pytest.approx((13 + 17 + 18) / 3)
    assert binned.shape == (2, 2)


def test_what_bends_is_followed_and_what_does_not_is_left_alone() -> None:
    bent = make_sections(SHAPE, angle_deg=50, bend_px=5, seed=12)
    straight, _ = measure(bent, Deformable(motion="affine"))
    error, verdict = measure(bent, Deformable())
    assert verdict is Verdict.OK
    assert error < 0.5 * straight
    assert error < 1
    flat = make_sections(SHAPE, angle_deg=50, seed=13)
    assert measure(flat, Deformable())[0] < measure(flat, Deformable(motion="affine"))[0] + 0.2


def test_mirrored_sections_bend_too() -> None:
    pair = make_sections(SHAPE, angle_deg=-20, bend_px=5, is_mirrored=True, seed=14)
    error, verdict = measure(pair, Deformable(allow_flip=True))
    assert verdict is Verdict.OK
    assert error < 1


@pytest.mark.slow
def test_displacements_between_pictures_that_agree_to_the_pixel() -> None:
    pair = make_sections(SHAPE, bend_px=4, seed=15)
    moved = _bend_back(pair)
    warp = np.array([0.0, 1, 0, 0, 0, 1])
    found = bend_sections(make_pyramid(grey(pair.fixed)), make_pyramid(moved), warp, CpuDevice())
    assert found.bending is PLANES.candidates[1]
    points = pair.points.T
    off = points + found.read(points) - pair.moved.T
    assert np.median(np.linalg.norm(off, axis=0)) < 0.35


def _bend_back(pair: SectionPair) -> np.ndarray:
    """The fixed section's own grey, bent as the moving one: by splines through many landmarks."""
    many = make_sections(SHAPE, bend_px=4, n_points=600, seed=15)
    spline = interpolate.RBFInterpolator(many.moved, many.points, neighbors=40, smoothing=1e-3)
    places = spline(np.indices(SHAPE).reshape(2, -1).T).T.reshape(2, *SHAPE)
    return ndimage.map_coordinates(grey(pair.fixed), places, order=1, mode="nearest").astype(np.float32)


def test_control_points_say_the_same_in_other_numbers() -> None:
    nodes = np.random.default_rng(1).normal(size=(2, 4, 5))
    finer = refine_field(nodes, (7, 9))
    np.testing.assert_allclose(finer[:, ::2, ::2], nodes, atol=1e-9)
    np.testing.assert_allclose(finer[:, 1::2, ::2], (nodes[:, 1:] + nodes[:, :-1]) / 2, atol=1e-9)
