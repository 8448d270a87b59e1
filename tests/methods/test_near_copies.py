"""The reference against itself, all but a little: nowhere in the code is a frame compared for equality."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy import ndimage

import holdstill as hs
from holdstill import estimators
from holdstill.contracts import Reference, Verdict
from holdstill.devices.cpu import CpuDevice
from holdstill.evaluation.movies import make_movie
from holdstill.evaluation.pictures import dead_leaves
from holdstill.evaluation.presets import cells

DEVICE = CpuDevice()
IMAGE = np.rint(dead_leaves((112, 120), 2)).astype(np.uint8)
METHODS = ("Direct", "PhaseCorrelation", "CrossCorrelation", "MaskedCorrelation", "ExhaustiveSearch")
METHODS += ("TemplateMatching", "MutualInformation", "LogPolar", "Features")


def near_copies() -> np.ndarray:
    pixel, row, noisy = IMAGE.copy(), IMAGE.copy(), IMAGE.astype(np.int64)
    pixel[40, 50] ^= 1
    row[-1] = row[-2]
    noisy += np.random.default_rng(0).integers(-1, 2, IMAGE.shape)
    return np.stack([IMAGE, pixel, row, np.clip(noisy, 0, 255).astype(np.uint8)])


MOTIONS = ("translation", "rigid", "affine", "projective")
CASES = [(name, motion) for name in METHODS for motion in MOTIONS if motion in getattr(estimators, name).motions]


@pytest.mark.parametrize(("name", "motion"), CASES)
def test_near_copies_stay_where_they_are(name: str, motion: str) -> None:
    estimator = getattr(estimators, name)(motion=motion)
    state = estimator.prepare(Reference(image=IMAGE.astype(np.float32)), DEVICE)
    found = estimator.estimate(state, near_copies(), DEVICE)
    assert found.verdicts == (Verdict.OK,) * 4
    assert np.abs(found.parameters[:, :2]).max() <= 0.01


def of_dtype(dtype: str) -> np.ndarray:
    """The image as `dtype` would hold it: offsets as large as it goes."""
    if dtype == "bool":
        return np.asarray(IMAGE > 127)
    if dtype in ("float16", "float32", "float64"):
        return (IMAGE / 255).astype(dtype)
    info = np.iinfo(dtype)
    return np.asarray(IMAGE.astype(object) // (2 if info.bits == 8 else 1) + int(info.max) - 255, dtype)


DTYPES = ("bool", "uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64")
DTYPES += ("float16", "float32", "float64")


@pytest.mark.parametrize("dtype", DTYPES)
def test_an_image_lies_on_itself_whatever_its_dtype(dtype: str) -> None:
    """int8 overflowed where its grey levels were counted, and so did 64 bits near their end."""
    image = of_dtype(dtype)
    for motion in ("translation", "rigid"):
        reg = hs.align(image, image, motion=motion)
        assert reg.ok.all()
        assert np.abs(reg.estimates).max() <= 2e-3


@pytest.mark.parametrize("offset", [1e6, -3e9])
def test_numbers_far_from_zero_keep_their_differences(offset: float) -> None:
    """As float32 they were rounded: an image lay 0.04 px beside itself, at a stated 0.004."""
    frames = np.stack([np.roll(IMAGE, (k, -2 * k), (0, 1)) / 255 for k in range(4)]) + offset
    reg = hs.register(frames, reference=0)
    assert reg.ok.all()
    assert np.abs(reg.estimates - [(k, -2 * k) for k in range(4)]).max() <= 2e-3


@pytest.mark.parametrize("name", ["TemplateMatching", "MutualInformation"])
def test_a_mask_and_a_smooth_picture_lie_on_themselves(name: str) -> None:
    """Of two grey levels mutual information saw one; a template was found 0.12 px beside where it was cut out."""
    smooth = make_movie(cells((64, 72)), np.zeros((1, 2)), photons=100.0, seed=1).reference
    for image in (IMAGE > 127, smooth.astype(np.float32)):
        estimator = getattr(hs.estimators, name)()
        reg = estimator.fit(np.stack([image] * 2), reference=image)
        assert reg.ok.all()
        assert np.abs(reg.estimates).max() <= 1e-3


@pytest.mark.parametrize(("size", "seed"), [(16, 1), (24, 0), (100, 0)])
def test_an_image_of_noise_alone_lies_on_itself(size: int, seed: int) -> None:
    """Less its noise it has hardly any contrast: the gain that makes up for that hid how well it agrees as it is."""
    image = np.rint(np.random.default_rng(seed).random((size, size)) * 200 + 20).astype(np.uint8)
    reg = hs.estimators.Direct().fit(image[None], reference=image)
    assert reg.ok.all()
    assert np.abs(reg.estimates).max() <= 1e-3


@pytest.mark.parametrize(("size", "seed"), [(12, 0), (16, 1)])
def test_small_discs_lie_on_themselves_when_turned(size: int, seed: int) -> None:
    """Less its noise a reference is another one: they were found 0.1 px beside themselves, ok."""
    image = np.rint(dead_leaves((100, 100), seed)[32 : 32 + size, 32 : 32 + size]).astype(np.uint8)
    reg = hs.estimators.LogPolar().fit(image[None], reference=image)
    assert reg.ok.all()
    assert np.abs(reg.estimates[:, :2]).max() <= 0.01


FEW_PX = ("Direct", "PhaseCorrelation", "CrossCorrelation", "MaskedCorrelation", "ExhaustiveSearch", "TemplateMatching")


@pytest.mark.parametrize("size", [3, 4, 5, 6, 8, 12, 24])
@pytest.mark.parametrize("name", FEW_PX)
def test_frames_of_few_pixels_lie_on_themselves(name: str, size: int) -> None:
    """Those of 3 to 8 px were called blank, or found 0.1 px off or in a corner that two pixels had in common."""
    if (name, size) == ("TemplateMatching", 3):
        pytest.skip("a region of 3 px has no room to move in 3 px, and says so")
    noise = np.rint(250 * np.random.default_rng(size).random((size, size))).astype(np.uint8)
    for image in (noise, IMAGE[20 : 20 + size, 30 : 30 + size]):
        reg = getattr(hs.estimators, name)().fit(np.stack([image] * 3), reference=image)
        assert reg.ok.all()
        assert np.abs(reg.estimates).max() <= 2e-3


@pytest.mark.parametrize(
    ("name", "motion"), [("MutualInformation", "translation"), ("MutualInformation", "rigid"), ("LogPolar", "rigid")]
)
@pytest.mark.parametrize("size", [6, 7, 8, 12, 16])
def test_few_pixels_lie_on_themselves_turned_and_in_any_light(name: str, motion: str, size: int) -> None:
    """Up to 12 px mutual information called all of them blank, and what tells of turns all of up to 7."""
    image = IMAGE[20 : 20 + size, 30 : 30 + size]
    pixel = image.copy()
    pixel[size // 2, size // 2] ^= 1
    reg = getattr(hs.estimators, name)(motion=motion).fit(np.stack([image, pixel]), reference=image)
    assert reg.ok.all()
    assert np.abs(reg.estimates[:, :2]).max() <= 0.01


@pytest.mark.parametrize("name", FEW_PX)
@pytest.mark.parametrize("filled", [0, 60], ids=["dark", "filled"])
def test_a_border_without_content_does_not_move_an_image_from_itself(name: str, filled: int) -> None:
    """It was left out of the frame and not of the reference: 0.2 px, and 0.03 with the likelihood."""
    for size in (16, 48):
        image = IMAGE[20 : 20 + size, 30 : 30 + size].astype(np.float32) + 80 * (filled > 0)
        image[: size // 3] = filled
        reg = getattr(hs.estimators, name)().fit(image[None], reference=image)
        assert reg.ok.all()
        assert np.abs(reg.estimates).max() <= 0.01


@pytest.mark.parametrize("name", ["ExhaustiveSearch", "MaskedCorrelation"])
def test_a_corner_that_agrees_by_chance_is_never_ok(name: str) -> None:
    """One speck on a mask of 8 px: the corner of 4 x 4 px that agreed in full was 4 px off, ok, error 0."""
    mask = np.zeros((8, 8), bool)
    mask[5:, 4:] = mask[3:, 7] = mask[7, 3] = True
    speck = mask.copy()
    speck[4, 2] = True
    reg = getattr(hs.estimators, name)().fit(speck[None], reference=mask)
    assert not reg.ok.any() or np.abs(reg.estimates).max() <= 0.5


OVERLAPPING = ("CrossCorrelation", "MaskedCorrelation", "ExhaustiveSearch")


def smooth_and_sharp(size: int) -> list[np.ndarray]:
    """Cells, discs and a mask, of a few px."""
    smooth = make_movie(cells((size, size)), np.zeros((1, 2)), photons=100.0, seed=1).reference
    smooth = np.rint(255 * (smooth - smooth.min()) / np.ptp(smooth)).astype(np.uint8)
    return [smooth, IMAGE[20 : 20 + size, 30 : 30 + size], smooth > np.median(smooth)]


@pytest.mark.parametrize("name", ["Direct", *OVERLAPPING])
@pytest.mark.parametrize("size", [12, 16, 32])
def test_a_row_that_was_replaced_moves_nothing(name: str, size: int) -> None:
    """Up to 0.97 px off: the place beside the right one leaves the row out, and agrees better."""
    for image in smooth_and_sharp(size):
        dark, mixed = image.copy(), image.copy()
        dark[-1] = False
        mixed[-1] = np.random.default_rng(9).permutation(image[-2])
        reg = getattr(hs.estimators, name)().fit(np.stack([dark, mixed]), reference=image)
        assert reg.ok.all()
        assert np.abs(reg.estimates).max() <= (0.02 if image.dtype == bool and name == "Direct" else 0.01)


@pytest.mark.parametrize("name", OVERLAPPING)
def test_what_is_taken_for_a_bad_row_is_left_out_on_both_sides(name: str) -> None:
    """A row of spots was bridged in the frame and not in the reference: 0.02 px."""
    rng, image = np.random.default_rng(5), np.zeros((20, 20))
    image[rng.integers(0, 20, 4), rng.integers(0, 20, 4)] = rng.uniform(0.5, 1, 4)
    image = ndimage.gaussian_filter(image, 1.0)
    image = np.rint(255 * image / image.max()).astype(np.uint8)
    reg = getattr(hs.estimators, name)().fit(image[None], reference=image)
    assert reg.ok.all()
    assert np.abs(reg.estimates).max() <= 1e-3


@pytest.mark.parametrize("corner", [(70, 10), (60, 80), (5, 70)])
@pytest.mark.parametrize("size", [12, 16, 24])
def test_a_fit_beside_a_smoother_reference_does_not_stay_where_that_ended(corner: tuple[int, int], size: int) -> None:
    """One step led back from 0.6 px to 0.06, and was taken for the last."""
    image = IMAGE[corner[0] : corner[0] + size, corner[1] : corner[1] + size]
    for one in (image, image > np.median(image)):
        if one.any() and one.min() < one.max():  # some corners are one disc
            reg = hs.estimators.Direct().fit(one[None], reference=one)
            assert reg.ok.all()
            assert np.abs(reg.estimates).max() <= 1e-4


@pytest.mark.parametrize("corner", [(20, 30), (5, 70), (60, 80)])
@pytest.mark.parametrize("size", [12, 16, 24])
@pytest.mark.parametrize(("name", "motion"), [("Direct", "affine"), ("LogPolar", "similarity")])
def test_a_row_that_was_replaced_turns_nothing(name: str, motion: str, size: int, corner: tuple[int, int]) -> None:
    """Of a few px a correlation is no surer than chance: mismatch or ambiguous, and masks 0.1 px off, ok."""
    image = IMAGE[corner[0] : corner[0] + size, corner[1] : corner[1] + size]
    for one in (image, image > np.median(image)):
        dark, mixed = one.copy(), one.copy()
        dark[-1] = False
        mixed[-1] = np.random.default_rng(9).permutation(one[-2])
        reg = getattr(hs.estimators, name)(motion=motion).fit(np.stack([one, dark, mixed]), reference=one)
        assert reg.ok.all()
        assert np.abs(reg.estimates[:, :2]).max() <= 0.01


def test_steps_from_the_very_place_do_not_lead_away() -> None:
    """An edge and nothing else lies on itself at many scales: 1.8 px and a scale of 0.27, ok."""
    image = smooth_and_sharp(12)[2]
    reg = hs.estimators.LogPolar(motion="similarity").fit(image[None], reference=image)
    assert not reg.ok.any() or np.abs(reg.estimates[:, :2]).max() <= 0.01


def replace_row(image: np.ndarray) -> np.ndarray:
    """The image with its last row dark, the one above in any order, and the one above."""
    dark, mixed, above = image.copy(), image.copy(), image.copy()
    dark[-1], mixed[-1], above[-1] = 0, np.random.default_rng(9).permutation(image[-2]), image[-2]
    return np.stack([dark, mixed, above])


SMALL = [(12, (80, 10)), (16, (60, 80)), (16, (40, 50))]


@pytest.mark.parametrize("dtype", ["uint8", "float32"])
@pytest.mark.parametrize(("size", "corner"), SMALL)
def test_a_row_that_was_replaced_holds_no_shift(size: int, corner: tuple[int, int], dtype: str) -> None:
    """Discs lay 0.01 - 0.12 px beside themselves, ok, or were mismatches: the row held the robust cutoff wide."""
    image = IMAGE[corner[0] : corner[0] + size, corner[1] : corner[1] + size]
    image = image if dtype == "uint8" else (image / 255).astype(np.float32)
    reg = hs.estimators.Direct().fit(replace_row(image), reference=image)
    assert reg.ok.all()
    assert np.abs(reg.estimates).max() <= 0.01


PEAKS = [
    ("PhaseCorrelation", 6, (60, 80), bool), ("PhaseCorrelation", 8, (5, 70), np.uint8),
    ("PhaseCorrelation", 8, (60, 80), np.uint8), ("PhaseCorrelation", 12, (60, 80), bool),
    ("TemplateMatching", 6, (40, 50), np.uint8), ("TemplateMatching", 8, (5, 70), bool),
    ("TemplateMatching", 12, (80, 10), np.uint8), ("TemplateMatching", 12, (40, 50), bool),
]  # fmt: skip


@pytest.mark.parametrize(("name", "size", "corner", "dtype"), PEAKS)
def test_a_row_that_was_replaced_moves_no_peak(name: str, size: int, corner: tuple[int, int], dtype: type) -> None:
    """Peaks of 6 and 12 px lay up to 3 px off, ok, mismatch or blank."""
    image = IMAGE[corner[0] : corner[0] + size, corner[1] : corner[1] + size]
    image = image > np.median(image) if dtype is bool else image
    reg = getattr(hs.estimators, name)().fit(replace_row(image), reference=image)
    assert reg.ok.all()
    assert np.abs(reg.estimates).max() <= 0.01


TINY = [
    ("Direct", 6, (20, 30)), ("Direct", 6, (5, 70)), ("Direct", 8, (60, 80)), ("PhaseCorrelation", 6, (5, 70)),
    ("TemplateMatching", 6, (40, 50)), ("CrossCorrelation", 6, (60, 80)), ("CrossCorrelation", 8, (60, 80)),
    ("MaskedCorrelation", 8, (60, 80)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "size", "corner"), TINY)
def test_a_row_that_was_replaced_leads_no_search_away(name: str, size: int, corner: tuple[int, int]) -> None:
    """A sixth of the frame, darker than all the rest: up to 4 px off, ok, or blank and mismatch."""
    image = IMAGE[corner[0] : corner[0] + size, corner[1] : corner[1] + size]
    for copy in replace_row(image):
        reg = getattr(hs.estimators, name)().fit(copy[None], reference=image)
        assert reg.ok.all()
        assert np.abs(reg.estimates).max() <= 0.01


@pytest.mark.parametrize("device", ["plain", "gpu"])
def test_near_copies_lie_on_the_reference_on_any_device(device: str, skip_unusable: Callable[[str], None]) -> None:
    skip_unusable(device)
    image = IMAGE[60:68, 80:88]
    for name in ("Direct", "CrossCorrelation"):
        reg = getattr(hs.estimators, name)().fit(replace_row(image)[:1], reference=image, device=device)
        assert reg.ok.all()
        assert np.abs(reg.estimates).max() <= 0.01


def test_a_mask_with_one_pixel_turned_over_stays() -> None:
    """The step that the pixel asks for was taken: 0.03 px."""
    mask = IMAGE[60:68, 80:88] > np.median(IMAGE[60:68, 80:88])
    for place in ((2, 2), (6, 1), (7, 7)):
        other = mask.copy()
        other[place] ^= True
        reg = estimators.Direct().fit(other[None], reference=mask)
        assert reg.ok.all()
        assert np.abs(reg.estimates).max() <= 0.01


@pytest.mark.parametrize("name", ["CrossCorrelation", "MaskedCorrelation", "ExhaustiveSearch"])
def test_a_dark_row_is_no_mismatch_where_all_else_lies_on_the_reference(name: str) -> None:
    """Nothing that was drawn smoothly shows as much detail as the edge of the row: 12 of 12 were mismatches."""
    smooth = ndimage.gaussian_filter(np.random.default_rng(0).normal(size=(64, 64)), 8)
    image = np.rint(150 + 40 * (smooth - smooth.min()) / np.ptp(smooth)).astype(np.uint8)
    dark = image.copy()
    dark[-1] = 0
    reg = getattr(hs.estimators, name)().fit(dark[None], reference=image)
    assert reg.ok.all()
    assert np.abs(reg.estimates).max() <= 0.01


@pytest.mark.parametrize("name", ["TemplateMatching", "PhaseCorrelation"])
def test_what_is_taken_for_hot_pixels_is_filled_alike_in_frame_and_reference(name: str) -> None:
    """The frame's were bridged, those of the reference that was given stayed: 0.02 px beside itself."""
    rng = np.random.default_rng(2)
    smooth = ndimage.gaussian_filter(rng.normal(size=(112, 120)), 4)
    image = np.rint(60 + 60 * (smooth - smooth.min()) / np.ptp(smooth)).astype(np.uint8)
    image[tuple(rng.integers(2, 110, (2, 60)))] = 250
    reg = getattr(hs.estimators, name)().fit(image[None], reference=image)
    assert reg.ok.all()
    assert np.abs(reg.estimates).max() <= 1e-3


def test_who_asks_for_whole_shifts_gets_them() -> None:
    image = IMAGE[60:72, 80:92]
    for options in ({"subpixel": "none"}, {"upsample": 1}):
        reg = hs.estimators.PhaseCorrelation(**options).fit(replace_row(image), reference=image)
        assert np.array_equal(reg.estimates, np.rint(reg.estimates))
