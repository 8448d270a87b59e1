"""What is taken out of frames before they are compared."""

import numpy as np

from holdstill.contracts import Covariance, Estimates, Verdict
from holdstill.reference.defects import NO_DEFECTS, Defects


def test_without_defects_frames_stay_the_same_array() -> None:
    frames = np.ones((2, 4, 5), np.uint16)
    assert NO_DEFECTS.view(frames) is frames
    assert not NO_DEFECTS


def test_missing_pixels_and_rails_are_unknown_and_the_recording_stays() -> None:
    frames = np.arange(40, dtype=np.uint16).reshape(2, 4, 5)
    recorded, missing = frames.copy(), np.zeros((4, 5), bool)
    missing[1, 2] = True
    seen = Defects(missing=missing, rails=(0.0, 39.0)).view(frames)
    assert np.argwhere(np.isnan(seen)).tolist() == [[0, 0, 0], [0, 1, 2], [1, 1, 2], [1, 3, 4]]
    np.testing.assert_array_equal(seen[np.isfinite(seen)], frames[np.isfinite(seen)])
    np.testing.assert_array_equal(frames, recorded)


def test_large_offsets_go_before_float32() -> None:
    frames = np.array([[[-2_000_000_000, -1_999_999_999]]], np.int32)
    assert Defects(level=-2_000_000_000).view(frames).tolist() == [[[0.0, 1.0]]]


def test_a_frame_that_failed_at_the_top_of_the_range_is_saturated() -> None:
    frames = np.full((3, 4, 4), 10, np.uint8)
    frames[1:] = 255
    found = Estimates(
        parameters=np.zeros((3, 2)), covariance=Covariance.of_errors(np.ones((3, 2))), scores=np.ones(3),
        verdicts=(Verdict.BLANK, Verdict.BLANK, Verdict.OK),
    )  # fmt: skip
    assert Defects(clipped=255.0).judge(frames, found).verdicts == (Verdict.BLANK, Verdict.SATURATED, Verdict.OK)


def test_they_survive_packing() -> None:
    defects = Defects(missing=np.eye(3, dtype=bool), rails=(0.0, 7.5), clipped=255.0, level=-5)
    again = Defects.unpack({name: np.asarray(value) for name, value in defects.pack().items()})
    np.testing.assert_array_equal(again.missing, defects.missing)
    assert (again.rails, again.clipped, again.level) == ((0.0, 7.5), 255.0, -5)
    assert not Defects.unpack(NO_DEFECTS.pack())
