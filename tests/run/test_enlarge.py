"""What was found on binned frames, for the frames as they are: exact, without pixels."""

from dataclasses import replace

import numpy as np
import pytest

from holdstill.contracts import ImagesInfo, Verdict
from holdstill.devices.plain import PlainDevice
from holdstill.errors import InputError
from holdstill.io.array import ArraySource
from holdstill.result.registration import Registration
from holdstill.run.reduction import ReducedSource, enlarge, expand
from holdstill.transforms.motions import MOTIONS, find_motion
from holdstill.transforms.trajectory import Trajectory


@pytest.mark.parametrize("factor", [2, 3])
@pytest.mark.parametrize("shape", [(101, 62), (60, 61)])
@pytest.mark.parametrize("motion", MOTIONS)
def test_a_binned_pixel_lies_in_the_middle_of_its_own(motion: str, shape: tuple[int, ...], factor: int) -> None:
    """Pixel d of the copy covers the pixels ``factor * d`` and those after it, whatever is left over at the far end."""
    family = find_motion(motion)
    steps = np.array([2.0 if "shift" in name else 1e-4 if "per_px" in name else 0.05 for name in family.names(2)])
    small = Trajectory(family, (family.identity(2) + steps)[None], tuple(n // factor for n in shape))
    large = enlarge(small, factor, shape)
    points, middle = np.array([[0.0, 0], [5, 17], [18, 3]]), (factor - 1) / 2
    expected = factor * small.transform(0).map(points) + middle
    np.testing.assert_allclose(large.transform(0).map(factor * points + middle), expected, atol=1e-9)


def test_planes_are_not_binned_along_their_stack() -> None:
    moves = Trajectory.of("planes-z", np.zeros((1, 8)), (4, 20, 30))
    with pytest.raises(InputError, match="is of single planes; leave out bin"):
        enlarge(moves, 2, (8, 40, 60))
    assert enlarge(moves, 1, (4, 20, 30)).shape == (4, 20, 30)


INFO = ImagesInfo(name="m.tif", axes="TYX", shape=(10, 24, 27), dtype=np.dtype(np.uint16))


class Damaged(ArraySource):
    """Frames 5 and 9 cannot be read."""

    def unreadable(self, start: int, stop: int) -> tuple[int, ...]:
        return tuple(t for t in (5, 9) if start <= t < stop)


def reduce_by(bin: int, average: int) -> ReducedSource:
    frames = np.arange(10 * 24 * 27, dtype=np.uint16).reshape(10, 24, 27)
    return ReducedSource(Damaged(frames, axes="TYX"), bin=bin, average=average, device=PlainDevice())


def test_a_mean_is_unreadable_where_one_of_its_frames_is() -> None:
    assert reduce_by(1, 4).unreadable(0, 3) == (1, 2)
    assert reduce_by(2, 5).unreadable(0, 2) == (1,)
    assert reduce_by(2, 5).unreadable(0, 1) == ()
    assert reduce_by(3, 1).unreadable(4, 9) == (5,)


@pytest.mark.parametrize(("bin", "average"), [(0, 2), (2, 0), (-1, 1), (1.5, 1)])
def test_numbers_below_one_are_refused(bin: int, average: int) -> None:
    with pytest.raises(InputError, match="bin and average are whole numbers of 1 or more"):
        reduce_by(bin, average)


@pytest.mark.parametrize(("bin", "average", "told"), [(4, 1, "too small; bin less"), (1, 10, "are one; average fewer")])
def test_too_little_is_left(bin: int, average: int, told: str) -> None:
    with pytest.raises(InputError, match=told):
        reduce_by(bin, average)


def test_a_binned_mask_is_true_where_most_of_its_pixels_are() -> None:
    mask = np.zeros((24, 27), bool)
    mask[0, :3] = mask[1, :2] = True  # 5 of 9
    mask[0, 3:6] = mask[1, 3] = True  # 4 of 9
    reduced = reduce_by(3, 1).reduce_mask(mask)
    assert reduced is not None
    assert np.argwhere(reduced).tolist() == [[0, 0]]
    assert reduce_by(1, 2).reduce_mask(mask) is mask


def test_means_say_of_each_frame_what_lies_between_their_middles() -> None:
    """Means of 4, 4 and 2 frames, whose middles are 1.5, 5.5 and 8.5: motion of a px a frame, at both ends too."""
    middles = np.array([1.5, 5.5, 8.5])
    found = Registration.from_shifts(np.stack([middles, -middles], axis=1), (24, 27))
    found = replace(found, verdicts=(Verdict.OK, Verdict.BLANK, Verdict.OK), scores=np.array([0.1, 0.2, 0.3]))
    each = expand(found, INFO, bin=1, average=4)
    frames = np.arange(10.0)
    np.testing.assert_allclose(each.shifts, np.stack([frames, -frames], axis=1), atol=1e-12)
    assert np.flatnonzero(~each.ok).tolist() == [4, 5, 6, 7]
    assert each.scores.tolist() == [0.1] * 4 + [0.2] * 4 + [0.3] * 2
    np.testing.assert_allclose(each.estimates[each.ok], each.parameters[each.ok], atol=1e-12)
    np.testing.assert_array_equal(each.estimates[4:8], np.tile([5.5, -5.5], (4, 1)))  # as found, for all four
    anchored = expand(found, INFO, bin=1, average=4, anchor=6)
    np.testing.assert_allclose(anchored.shifts, np.stack([frames - 6, 6 - frames], axis=1), atol=1e-12)
    assert each.provenance["average"] == 4
    assert each.frame_shape == (24, 27)


def test_what_copies_binned_by_two_found_is_twice_as_far() -> None:
    found = Registration.from_shifts(np.arange(20.0).reshape(10, 2), (12, 13))
    each = expand(found, INFO, bin=2, average=1)
    np.testing.assert_allclose(each.shifts, 2 * np.arange(20.0).reshape(10, 2), atol=1e-12)
    assert each.frame_shape == (24, 27)


def test_a_mean_was_taken_when_its_frames_were_in_the_mean() -> None:
    times = tuple(float(t**2) for t in range(10))
    source = Damaged(np.zeros((10, 24, 27), np.uint16), axes="TYX")
    source.info = replace(source.info, times_s=times, frame_interval_s=2.0)
    info = ReducedSource(source, bin=1, average=4, device=PlainDevice()).info
    assert info.times_s == (np.mean(times[:4]), np.mean(times[4:8]), np.mean(times[8:]))
    assert info.frame_interval_s == 8.0


@pytest.mark.parametrize("planes", [1, 2, 3])
def test_volumes_keep_a_plane(planes: int) -> None:
    volumes = ArraySource(np.zeros((10, planes, 24, 27), np.uint16), axes="TZYX")
    if planes == 1:
        with pytest.raises(InputError, match="too small; bin less"):
            ReducedSource(volumes, bin=2, average=1, device=PlainDevice())
    else:
        reduced = ReducedSource(volumes, bin=2, average=1, device=PlainDevice())
        assert reduced.info.frame_shape == (1, 12, 13)
