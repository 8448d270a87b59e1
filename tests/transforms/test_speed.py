"""Frames that no neighbour bears out."""

import numpy as np

from holdstill.transforms.speed import Speed, find_unsupported


def find(
    places: list[float], px: float = 1.0, bars: float = 0.0, bad: tuple[int, ...] = (), ticks: np.ndarray | None = None
) -> list[int]:
    shifts = np.stack([np.array(places, float), np.zeros(len(places))], axis=1)
    good = ~np.isin(np.arange(len(places)), bad)
    ticks = np.arange(len(places), dtype=float) if ticks is None else ticks
    return np.flatnonzero(find_unsupported(shifts, np.full(shifts.shape, bars), good, ticks, (px, px))).tolist()


def test_a_frame_alone_is_found_and_its_neighbours_are_not() -> None:
    assert find([0, 0, 0, 9, 0, 0]) == [3]
    assert find([9, 0, 0, 0]) == [0]
    assert find([0, 9, 0, 0]) == [1]
    assert find([0, 0, 0, 9]) == [3]
    assert find([0, 0, 9, 0, -9, 0, 0]) == [2, 4]


def test_a_jump_that_stays_is_borne_out() -> None:
    assert find([0, 0, 0, 9, 9, 9]) == []
    assert find([0, 0, 0, 9, 40, 9, 9]) == [4]


def test_what_is_slow_enough_stays() -> None:
    assert find([0, 0.9, 1.8, 2.7, 3.6]) == []
    assert find([0, 5, 10, 15, 20]) == [0, 1, 2, 3, 4]
    assert find([0, 5, 10, 15, 20], bars=1.0) == []  # 3 x 1.4 px of doubt and one of speed
    assert find([0, 0, 50, 3, 3], bad=(2,), px=1.5) == []  # 3 px in two ticks


def test_time_counts() -> None:
    assert find([0, 0, 9, 9, 9, 9], ticks=np.array([0.0, 1, 11, 12, 13, 14])) == []
    assert find([0, 0, 9], ticks=np.array([0.0, 1, 10])) == []
    assert find([0, 0, 9], ticks=np.array([0.0, 1, 8])) == [2]


def test_one_frame_or_none_cannot_be_judged() -> None:
    assert find([5], px=0.1) == []
    assert find([5, 9], px=0.1, bad=(0, 1)) == []


def test_a_copy_of_fewer_px_and_frames() -> None:
    assert Speed(px=(2.0, 4.0)).reduce(bin=4, average=3) == Speed(px=(1.5, 3.0))
    assert Speed(px=(2.0,), per_second=True).reduce(bin=4, average=3) == Speed(px=(0.5,), per_second=True)
