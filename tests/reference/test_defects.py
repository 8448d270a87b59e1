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


def estimates(*verdicts: Verdict) -> Estimates:
    n = len(verdicts)
    return Estimates(
        parameters=np.zeros((n, 2)), covariance=Covariance.of_errors(np.ones((n, 2))), scores=np.ones(n),
        verdicts=verdicts,
    )  # fmt: skip


def test_a_frame_that_failed_at_the_top_of_the_range_is_saturated() -> None:
    frames = np.full((3, 4, 4), 10, np.uint8)
    frames[1:] = 255
    found = estimates(Verdict.BLANK, Verdict.BLANK, Verdict.OK)
    assert Defects(clipped=255.0).judge(frames, found).verdicts == (Verdict.BLANK, Verdict.SATURATED, Verdict.OK)


def test_a_doubt_is_told_of_every_frame_and_error_bars_are_widened() -> None:
    frames = np.zeros((2, 4, 4), np.uint8)
    found = Defects(widening=3.0, doubt=Verdict.STATIC_PATTERN).judge(frames, estimates(Verdict.OK, Verdict.BLANK))
    assert found.verdicts == (Verdict.STATIC_PATTERN, Verdict.BLANK)
    np.testing.assert_allclose(found.errors, 3.0)


def test_a_pattern_is_subtracted() -> None:
    pattern = np.arange(6, dtype=np.float32).reshape(2, 3)
    seen = Defects(pattern=pattern).view(np.full((1, 2, 3), 10, np.uint8))
    np.testing.assert_array_equal(seen[0], 10 - pattern)


def test_they_survive_packing() -> None:
    defects = Defects(
        missing=np.eye(3, dtype=bool), rails=(0.0, 7.5), clipped=255.0, level=-5,
        pattern=np.ones((3, 3), np.float32), widening=1.5, doubt=Verdict.CONTENT_CHANGED, spikes=True,
    )  # fmt: skip
    again = Defects.unpack({name: np.asarray(value) for name, value in defects.pack().items()})
    np.testing.assert_array_equal(again.missing, defects.missing)
    np.testing.assert_array_equal(again.pattern, defects.pattern)
    assert (again.rails, again.clipped, again.level) == ((0.0, 7.5), 255.0, -5)
    assert again.describe() == defects.describe()
    assert "widened by 1.5" in defects.describe()[-1]
    assert (again.widening, again.doubt, again.spikes) == (1.5, Verdict.CONTENT_CHANGED, True)
    assert not Defects.unpack(NO_DEFECTS.pack())


def test_a_twentieth_at_the_top_is_not_yet_saturated() -> None:
    frames = np.full((2, 4, 5), 10, np.uint8)
    frames[0, 0, 0] = frames[1, 0, 0] = frames[1, 0, 1] = 255
    found = Defects(clipped=255.0).judge(frames, estimates(Verdict.LOW_CONTRAST, Verdict.LOW_CONTRAST))
    assert found.verdicts == (Verdict.LOW_CONTRAST, Verdict.SATURATED)


def test_they_say_what_they_are() -> None:
    assert NO_DEFECTS.describe() == []
    assert Defects(missing=np.eye(3, dtype=bool)).describe() == ["3 pixels left out: dead, hot, blinking or drawn over"]
    assert Defects(missing=np.ones((1, 1), bool)).describe() == ["1 pixel left out: dead, hot, blinking or drawn over"]
    assert Defects(rails=(0.0,)).describe() == ["pixels at grey level 0 left out: filled in or drawn over"]
    assert Defects(clipped=255.0).describe() == ["light is cut off at grey level 255"]
    assert Defects(pattern=np.ones((3, 3), np.float32)).describe() == [
        "a pattern that stands still in the frame was told from the specimen and subtracted"
    ]
    said = "error bars widened by 1.2: neighbouring pixels share noise, or not all moves alike"
    assert Defects(widening=1.25).describe() == [said]


def test_what_is_infinite_tells_nothing() -> None:
    """One infinite pixel, as a division by a dark flat field leaves, made a frame blank."""
    frames = np.ones((2, 6, 7), np.float32)
    frames[1, 2, 3], frames[0, 0, 0] = -np.inf, np.nan
    seen = NO_DEFECTS.view(frames)
    assert np.isnan(seen[1, 2, 3])
    assert np.isnan(seen[0, 0, 0])
    assert np.isfinite(seen).sum() == frames.size - 2
    assert NO_DEFECTS.view(seen) is seen
    assert np.isnan(Defects(level=1).view(frames)[1, 2, 3])
