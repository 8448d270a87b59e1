"""What was found on binned frames, for the frames as they are: exact, without pixels."""

import numpy as np
import pytest

from holdstill.errors import InputError
from holdstill.run.reduction import enlarge
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
