"""When lines were scanned: from what is asked for and what the images say of their frames."""

from __future__ import annotations

import warnings
from dataclasses import replace
from typing import Any

import numpy as np

from holdstill.contracts import Estimator, Frames, ImagesInfo, Source
from holdstill.errors import InputError
from holdstill.io.view import SourceView
from holdstill.methods.lines import Lines, check_line_time
from holdstill.reference.kinds import is_sequential
from holdstill.run.options import RegisteringOptions
from holdstill.transforms.motions.lines import LINE_AXES, LINES

__all__ = ["TimedSource", "place_in_time", "time_lines", "warn_of_times"]

# by so much lines may take longer than the frame that they make up: files round their times
ROUNDED = 1e-3


class TimedSource(SourceView):
    """Frames that were begun in equal steps of so many seconds, whatever their file says.

    Parameters
    ----------
    source : Source
        Stays the caller's to close.
    frame_interval_s : float
    """

    def __init__(self, source: Source, frame_interval_s: float) -> None:
        super().__init__(source)
        self.info = replace(source.info, frame_interval_s=frame_interval_s, times_s=())

    def read(self, start: int, stop: int, *, channel: int | None = None) -> Frames:
        return self._source.read(start, stop, channel=channel)


def place_in_time(source: Source, options: RegisteringOptions) -> tuple[Source, RegisteringOptions]:
    """The images with the frame interval that is asked for, if one is, and the options with the time of a line alone.

    Raises InputError for times that are not positive numbers.
    """
    given: Any = options.line_time
    if not isinstance(given, tuple | list):
        return source, options
    if len(given) != 2:
        raise InputError(f"line_time is the seconds of a line, or of a line and of a frame, not {given!r}")
    line, frame = given
    check_line_time(line)
    if not isinstance(frame, int | float | np.number) or not 0 < frame < np.inf:
        raise InputError(f"the frame interval is a number of seconds above 0, not {frame!r}")
    return TimedSource(source, float(frame)), replace(options, line_time=float(line))


def time_lines(estimator: Estimator, options: RegisteringOptions, info: ImagesInfo) -> Estimator:
    """The estimator with the time of a line where frames are joined in time; others as they are.

    Raises
    ------
    InputError
        Lines take longer than frames, nothing says when these begin, or their errors depend on each other.
    """
    if not isinstance(estimator, Lines) or estimator.line_time == 0 or info.n_frames < 2:
        return estimator
    if options.line_time == 0:
        return replace(estimator, line_time=0.0)
    given, times = estimator.line_time, info.frame_times
    n_lines = info.frame_shape[LINE_AXES[estimator.line_axis]]
    interval = None if times is None else float(np.diff(times).min())
    dependent = is_sequential(options.reference) or options.smooth is not None
    if given is None:
        known = interval is not None and interval > 0 and not dependent
        return replace(estimator, line_time=interval / n_lines) if known and interval else estimator
    if dependent:
        raise InputError(
            "line_time joins frames that were each compared with one reference, and smooths over time by itself; leave "
            "smooth out, and take reference='template'"
        )
    if interval is None:
        raise InputError(
            f"{info.name}: nothing says when its frames begin, so that the pause from the last line of one to the "
            f"first of the next is not known; give both times, line_time=({given:g}, interval), in seconds"
        )
    if given * n_lines > interval * (1 + ROUNDED):
        raise InputError(
            f"{info.name}: {n_lines} lines of {given:g} s take {given * n_lines:.4g} s, longer than the "
            f"{interval:.4g} s from frame to frame; line_time is in seconds, at most {interval / n_lines:.3g}"
        )
    return estimator


def warn_of_times(options: RegisteringOptions, info: ImagesInfo) -> None:
    """Say that lines are fitted frame by frame since nothing says when frames begin, unless that is asked for."""
    asked = options.method if isinstance(options.method, Lines) else options
    is_lines = asked is not options or options.motion.partition(":")[0] == LINES
    dependent = is_sequential(options.reference) or options.smooth is not None
    if is_lines and not dependent and options.line_time is asked.line_time is None and info.frame_times is None:
        warnings.warn(
            f"{info.name}: nothing says when its frames begin, so that the lines of each are fitted by themselves; "
            "line_time=(LINE, FRAME), in seconds, joins them; line_time=0 says that this is meant",
            stacklevel=2,
        )
