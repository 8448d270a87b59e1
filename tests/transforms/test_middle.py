"""The middle of frames moves as the whole does."""

import numpy as np
import pytest

from holdstill.transforms.middle import find_middle, move_to_middle
from holdstill.transforms.trajectory import Trajectory


@pytest.mark.parametrize("shape", [(100, 121), (33, 400), (20, 90, 91)])
@pytest.mark.parametrize("most", [30**2, 51**2])
def test_points_of_the_middle_go_where_those_of_the_whole_go(shape: tuple[int, ...], most: int) -> None:
    motion = "rigid" if len(shape) == 2 else "translation"
    parameters = np.array([[3.0, -2.0, 0.1]]) if len(shape) == 2 else np.array([[1.0, 3.0, -2.0]])
    whole = Trajectory.of(motion, parameters, shape)
    box = find_middle(shape, most)
    part = move_to_middle(whole, box)
    corner = np.array([axis.start for axis in box], float)
    assert np.prod(part.shape) <= most
    assert all(0 <= axis.start < axis.stop <= n for axis, n in zip(box, shape, strict=True))
    points = np.array([np.zeros(len(shape)), np.array(part.shape) - 1.0])
    np.testing.assert_allclose(
        part.transform(0).map(points) + corner, whole.transform(0).map(points + corner), atol=1e-9
    )


def test_frames_that_are_small_enough_are_their_own_middle() -> None:
    assert find_middle((40, 50), 2000) == (slice(0, 40), slice(0, 50))
