"""When lines were scanned: what is asked for, what the images say, and what does not go together."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from holdstill.contracts import ImagesInfo
from holdstill.errors import InputError
from holdstill.estimators import Lines
from holdstill.io.array import ArraySource
from holdstill.run.options import RegisteringOptions
from holdstill.run.parts import estimator_for
from holdstill.run.timing import place_in_time

INFO = ImagesInfo(
    name="movie.tif", axes="TYX", shape=(6, 100, 120), dtype=np.dtype(np.uint16), frame_interval_s=0.05,
)  # fmt: skip


def settle(info: ImagesInfo = INFO, **options: Any) -> Any:
    return estimator_for(RegisteringOptions(motion="lines", **options), info)


def test_the_time_of_a_line_is_that_of_a_frame_over_its_lines() -> None:
    assert settle().line_time == pytest.approx(0.0005)
    assert settle().joins
    assert settle(line_axis="y").line_time == pytest.approx(0.05 / 120)
    assert settle(line_time=0.0004).line_time == 0.0004
    uneven = replace(INFO, frame_interval_s=None, times_s=(0.0, 0.05, 0.11, 0.2, 0.25, 0.3))
    assert settle(uneven).line_time == pytest.approx(0.0005)
    assert settle(line_time=0.0005000001).joins  # rounded


def test_frames_stand_by_themselves_where_nothing_says_when_they_began_or_it_is_asked_for() -> None:
    assert not settle(replace(INFO, frame_interval_s=None)).joins
    assert not settle(line_time=0).joins
    assert not settle(smooth="spline").joins
    assert not settle(reference="previous").joins
    assert not settle(replace(INFO, frame_interval_s=None, times_s=(0.0, 0.05, 0.05, 0.2, 0.25, 0.3))).joins
    assert not Lines().joins
    assert not estimator_for(RegisteringOptions(method=Lines(), line_time=0), INFO).joins
    assert estimator_for(RegisteringOptions(method=Lines()), INFO).joins
    estimator_for(RegisteringOptions(motion="rigid", line_time=0), INFO)  # as means of frames have it


@pytest.mark.parametrize(
    ("options", "info", "told"),
    [
        ({"line_time": 0.0006}, INFO, "100 lines of 0.0006 s take 0.06 s, longer than the 0.05 s from frame to frame"),
        ({"line_time": 0.5}, INFO, "in seconds, at most 0.0005"),
        ({"line_time": -0.0004}, INFO, "line_time is the number of seconds from one line to the next, not -0.0004"),
        ({"line_time": np.nan}, INFO, "line_time is the number of seconds"),
        ({"line_time": "63us"}, INFO, "line_time is the number of seconds"),
        ({"line_time": 1e-4}, replace(INFO, frame_interval_s=None), "movie.tif: nothing says when its frames begin"),
        ({"line_time": 1e-4, "smooth": "spline"}, INFO, "leave smooth out"),
        ({"line_time": 1e-4, "reference": "previous"}, INFO, "take reference='template'"),
    ],
)
def test_times_that_cannot_be(options: dict[str, Any], info: ImagesInfo, told: str) -> None:
    with pytest.raises(InputError, match=told):
        settle(info, **options)


def test_other_motions_have_no_lines() -> None:
    with pytest.raises(InputError, match="line_time is the time of a line of motion 'lines'; 'rigid' has none"):
        estimator_for(RegisteringOptions(motion="rigid", line_time=1e-4), INFO)
    with pytest.raises(InputError, match="set them there"):
        estimator_for(RegisteringOptions(method=Lines(), line_time=1e-4), INFO)


def test_images_that_do_not_say_when_frames_began_are_told() -> None:
    frames = np.arange(6 * 100 * 120, dtype=np.uint16).reshape(6, 100, 120)
    source, options = place_in_time(ArraySource(frames), RegisteringOptions(motion="lines", line_time=(0.0004, 0.05)))
    assert source.info.frame_interval_s == 0.05
    assert options.line_time == 0.0004
    np.testing.assert_array_equal(source.read(1, 3)[:, 0], frames[1:3])
    assert settle(source.info, line_time=0.0004).joins
    for given, told in (((1e-4, 0.0), "frame interval"), ((1e-4, -1), "frame interval"), ((1e-4,), "of a line and")):
        with pytest.raises(InputError, match=told):
            place_in_time(ArraySource(frames), RegisteringOptions(motion="lines", line_time=given))
