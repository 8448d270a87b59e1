"""Some of the frames of a source."""

from dataclasses import replace

import numpy as np
import pytest

from holdstill.errors import InputError
from holdstill.io.array import ArraySource
from holdstill.io.chosen import ChosenSource

MOVIE = np.arange(10 * 2 * 3 * 4, dtype=np.uint16).reshape(10, 2, 3, 4)


class Counting(ArraySource):
    """Notes what is read."""

    def __init__(self) -> None:
        super().__init__(MOVIE, axes="TCYX")
        self.info = replace(self.info, frame_interval_s=0.5)
        self.asked: list[tuple[int, int]] = []

    def read(self, start: int, stop: int, *, channel: int | None = None) -> np.ndarray:
        self.asked.append((start, stop))
        return super().read(start, stop, channel=channel)

    def unreadable(self, start: int, stop: int) -> tuple[int, ...]:
        return tuple(t for t in (3, 7) if start <= t < stop)


def test_what_is_left_out_is_not_read() -> None:
    source, numbers = Counting(), [0, 1, 2, 7, 9]
    chosen = ChosenSource(source, numbers)
    assert np.array_equal(chosen.read(0, 5), MOVIE[numbers])
    assert source.asked == [(0, 3), (7, 8), (9, 10)]
    assert np.array_equal(chosen.read(2, 4, channel=1), MOVIE[[2, 7], 1:])
    assert chosen.read(3, 3).shape == (0, 2, 3, 4)
    assert chosen.unreadable(2, 5) == (3,)
    with pytest.raises(InputError, match="has frames 0 to 4"):
        chosen.read(3, 6)


def test_times_are_those_of_the_frames_that_are_left() -> None:
    source = Counting()
    assert ChosenSource(source, [0, 4, 5]).info.times_s == (0.0, 2.0, 2.5)
    assert ChosenSource(source, range(10)).info.times_s == ()
    source.info = replace(source.info, times_s=tuple(float(t * t) for t in range(10)))
    assert ChosenSource(source, [0, 4, 5]).info.times_s == (0.0, 16.0, 25.0)
