"""Limits: numbers are px, text carries its unit, and what cannot be is told in one line."""

from typing import Any

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

import holdstill as hs
from holdstill.contracts import ImagesInfo
from holdstill.errors import InputError
from holdstill.run.limits import check_limits, shift_limit, speed_limit
from holdstill.transforms.speed import Speed
from tests.run.test_resume import cropped


def info_of(sizes: Any = (2.0, 0.5, 0.25), interval: float | None = 0.5, axes: str = "TYX") -> ImagesInfo:
    shape = (9, 20, 30) if axes == "TYX" else (9, 4, 20, 30)
    return ImagesInfo(
        name="m.tif", axes=axes, shape=shape, dtype=np.dtype(np.uint8), pixel_size_um=sizes, frame_interval_s=interval
    )


@pytest.mark.parametrize(
    ("limit", "px"),
    [
        (None, None), (20, 20), ((20, 40.0), (20, 40.0)), ("20", 20.0), ("20px", 20.0), ("20,40 px", (20.0, 40.0)),
        ("3um", (6.0, 12.0)), ("3 µm", (6.0, 12.0)), ("500nm", (1.0, 2.0)), ("0.003mm", (6.0, 12.0)),
        (("3um", "8px"), (6.0, 8.0)), ("3um,8", (6.0, 8.0)), (("3um", 8), (6.0, 8.0)),
    ],
)  # fmt: skip
def test_a_length_in_px_of_each_axis(limit: Any, px: Any) -> None:
    assert shift_limit(limit, info_of()) == pytest.approx(px)


def test_of_volumes_each_axis_has_its_pixel_size() -> None:
    assert shift_limit("4um", info_of(axes="TZYX")) == pytest.approx((2, 8, 16))
    assert speed_limit("4um/s", info_of(axes="TZYX")).px == pytest.approx((2, 8, 16))


@pytest.mark.parametrize(
    ("limit", "px", "per_second"),
    [
        (2, (2, 2), False), ("2", (2, 2), False), ("2px/frame", (2, 2), False), ("2 px / frame", (2, 2), False),
        ("1um/frame", (2, 4), False), ("1um/s", (2, 4), True), ("5px/s", (5, 5), True), ("60um/min", (2, 4), True),
        (("1um/s", "5px/s"), (2, 5), True),
    ],
)  # fmt: skip
def test_a_speed(limit: Any, px: tuple[float, ...], per_second: bool) -> None:
    found = speed_limit(limit, info_of())
    assert found.px == pytest.approx(px)
    assert found.per_second is per_second


@pytest.mark.parametrize(
    ("limit", "told"),
    [
        ("far", "'far' is not a number with a unit; give it as 20, 3um or 20,40"),
        ("3um/s", "'3um/s' is a speed; give a length"),
        ("3parsec", "no unit of length 'parsec'; known are px, nm, um and mm"),
        ("-3um", "-3.0 is not above zero"),
        ("1um,2um,3um", "has 3 values; m.tif has 2 spatial axes"),
    ],
)
def test_lengths_that_are_none(limit: str, told: str) -> None:
    with pytest.raises(InputError, match=f"max_shift.*{told}"):
        shift_limit(limit, info_of())


@pytest.mark.parametrize(
    ("limit", "told"),
    [
        ("3um", "'3um' is not a speed; give it as 2 \\(px per frame\\), 0.2um/s or 5px/s"),
        ("3um/parsec", "is not a speed"),
        ("3um/s,2px/frame", "is not a speed"),
        (0, "0 is not above zero"),
        (float("nan"), "nan is not above zero"),
    ],
)
def test_speeds_that_are_none(limit: Any, told: str) -> None:
    with pytest.raises(InputError, match=f"max_speed.*{told}"):
        speed_limit(limit, info_of())


def test_what_the_images_do_not_say() -> None:
    with pytest.raises(InputError, match=r"m\.tif does not say how large its pixels are; give it in px"):
        shift_limit("3um", info_of(sizes=(None, 0.5, None)))
    with pytest.raises(InputError, match=r"m\.tif does not say when its frames were taken; give px per frame"):
        speed_limit("5px/s", info_of(interval=None))
    with pytest.raises(InputError, match="where no images tell how large a pixel is"):
        hs.Tracker(max_shift="3um")


def test_limits_that_contradict_each_other() -> None:
    with pytest.raises(InputError, match="max_speed 30 px/frame never comes to bear: with max_shift 10 px"):
        check_limits(10, Speed(px=(30, 30), text="30 px/frame"), info_of())
    check_limits(10, Speed(px=(15, 15)), info_of())
    check_limits(10, Speed(px=(30, 30), per_second=True), info_of())
    with pytest.raises(InputError, match="max_speed 50px/s never comes to bear: with max_shift 10 px"):
        check_limits(10, Speed(px=(50, 50), per_second=True, text="50px/s"), info_of())


@pytest.fixture(scope="module")
def movie() -> np.ndarray:
    """Moves by a px at most, but for frames 0 and 20, of the same specimen elsewhere."""
    picture = gaussian_filter(np.random.default_rng(0).random((84, 64)), 1.5)
    shifts = np.arange(40) // 8
    shifts[[0, 20]] = [9, -8]
    light = np.stack([picture[10 - shift : 74 - shift] for shift in shifts])
    return np.random.default_rng(1).poisson(4000 * (light - picture.min())).astype(np.uint16)


def test_what_is_too_fast_is_flagged_and_the_origin_is_a_good_frame(movie: np.ndarray) -> None:
    free = hs.register(movie)
    assert free.ok.all()
    reg = hs.register(movie, max_speed=2)
    assert np.flatnonzero(~reg.ok).tolist() == [0, 20]
    assert reg.verdicts[0] is hs.Verdict.MISMATCH
    assert np.abs(reg.shifts[1]).max() == 0
    assert reg.shifts[39, 0] == pytest.approx(4, abs=0.1)
    assert reg.shifts[20, 0] == pytest.approx(2, abs=0.1)
    assert reg.estimates[20, 0] == pytest.approx(-8, abs=0.1)
    assert reg.provenance["max_speed"] == "2 px/frame"


def test_a_speed_that_no_frame_keeps(movie: np.ndarray) -> None:
    """Frames of which the first leaves nothing at all: where a pattern is looked for, that was divided by."""
    moving = np.stack([np.roll(movie[1], 4 * t % 16, axis=0) for t in range(8)])
    with pytest.raises(InputError, match=r"no frame keeps to max_speed 0\.1 px/frame; .* move by 4 px in the median"):
        hs.register(moving, max_speed=0.1, reference="first")


def test_a_grid_belongs_to_motion_that_bends() -> None:
    frames = np.zeros((4, 40, 40), np.uint16)
    with pytest.raises(hs.HoldstillError, match=r"grid is the distance of the control points .*; 'rigid' has none"):
        hs.register(frames, motion="rigid", grid=32)
    with pytest.raises(hs.HoldstillError, match=r"grid are settings of Direct"):
        hs.register(frames, method=hs.estimators.Direct(), grid=32)


@pytest.mark.parametrize("limit", ["3um", "ten", ["3um", 2], True])
def test_what_an_estimator_is_given_is_a_number(limit: Any) -> None:
    """Text with a unit ended in a ValueError of NumPy's, and True was a limit of one pixel."""
    with pytest.raises(InputError, match=r"max_shift must be one number >= 0 or one for each of \(y, x\), not"):
        hs.estimators.Direct(max_shift=limit).fit(cropped(4, (48, 48)), reference="first")
    if limit is True:
        with pytest.raises(InputError, match="not True"):
            hs.register(cropped(4, (48, 48)), max_shift=True)
