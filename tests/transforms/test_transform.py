"""Transforms: inverse, composition and mapping of points, whatever the numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from holdstill.errors import InputError
from holdstill.transforms import Transform
from holdstill.transforms.trajectory import Trajectory

numbers = st.floats(-1e4, 1e4)


def shifts(ndim: int) -> st.SearchStrategy[np.ndarray]:
    return hnp.arrays(np.float64, ndim, elements=numbers)


@given(st.integers(2, 3).flatmap(lambda ndim: st.tuples(shifts(ndim), shifts(ndim), shifts(ndim))))
def test_inverse_and_composition(values: tuple[np.ndarray, np.ndarray, np.ndarray]) -> None:
    one, other, point = values
    a, b, points = Transform.from_shift(one), Transform.from_shift(other), point[None]
    np.testing.assert_allclose(a.inverse.map(a.map(points)), points, atol=1e-8)
    np.testing.assert_allclose(a.compose(b).map(points), a.map(b.map(points)), atol=1e-8)
    np.testing.assert_allclose(a.shift, one)


@given(hnp.arrays(np.float64, (2, 2), elements=st.floats(-0.3, 0.3)), shifts(2), shifts(2))
def test_affine(change: np.ndarray, move: np.ndarray, point: np.ndarray) -> None:
    matrix = np.eye(3)
    matrix[:2, :2] += change
    matrix[:2, 2] = move
    transform = Transform(matrix)
    np.testing.assert_allclose(transform.map(point[None])[0], matrix[:2, :2] @ point + move, rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(transform.inverse.map(transform.map(point[None]))[0], point, rtol=1e-6, atol=1e-5)


def test_content_that_moved_down_by_three_rows_has_shift_three() -> None:
    np.testing.assert_array_equal(Transform.from_shift([3, 0]).map([[10, 10]]), [[13, 10]])


def turned(angle: float = 0.02, shift: tuple[float, float] = (3, -2), side: int = 512) -> Trajectory:
    return Trajectory.of("rigid", np.array([[*shift, angle]]), (side, side))


def test_the_shift_is_that_of_the_centre_in_one_transform_as_in_all() -> None:
    one = turned().transform(0)
    np.testing.assert_allclose(one.shift, [3, -2], atol=1e-12)
    np.testing.assert_allclose(one.shift, turned().shifts[0], atol=1e-12)
    np.testing.assert_allclose(one.matrix[:-1, -1], [8.16, -7.06], atol=0.005)  # where the origin goes


def test_inverse_and_composition_keep_the_centre() -> None:
    one, other = turned().transform(0), turned(-0.3, (40, 7)).transform(0)
    for made in (one.inverse, one.compose(other), Transform(one.matrix).compose(other)):
        np.testing.assert_array_equal(made.centre, [255.5, 255.5])
    both = one.compose(other)
    np.testing.assert_allclose(both.shift, one.map(other.map([[255.5, 255.5]]))[0] - 255.5, atol=1e-10)
    np.testing.assert_allclose(one.inverse.shift, one.inverse.map([[255.5, 255.5]])[0] - 255.5, atol=1e-10)


def test_without_a_centre_only_what_shifts_all_points_alike_has_a_shift() -> None:
    np.testing.assert_array_equal(Transform(Transform.from_shift([3, -2]).matrix).shift, [3, -2])
    bare = Transform(turned().transform(0).matrix)
    with pytest.raises(InputError, match="each point shifts differently"):
        bare.shift  # noqa: B018
    tilted = np.eye(3)
    tilted[2, 0] = 1e-4
    with pytest.raises(InputError, match="each point shifts differently"):
        Transform(tilted).shift  # noqa: B018
    np.testing.assert_allclose(Transform(bare.matrix, [255.5, 255.5]).shift, [3, -2], atol=1e-12)


def test_constructors_take_the_centre() -> None:
    one = turned().transform(0)
    for made in (
        Transform.from_skimage(one.to_skimage(), one.centre),
        Transform.from_opencv(one.to_opencv(), centre=[255.5, 255.5]),
        Transform.from_shift([1, 1], centre=one.centre),
    ):
        np.testing.assert_array_equal(made.centre, one.centre)
    for wrong in ([1.0], [1.0, np.nan], 3.0):
        with pytest.raises(InputError, match="the centre of a frame is 2 finite numbers"):
            Transform(np.eye(3), wrong)


def test_what_is_no_transform_is_refused() -> None:
    for matrix in (np.eye(2), np.eye(5), np.full((3, 3), np.nan), np.zeros((3, 4))):
        with pytest.raises(InputError, match="3 x 3"):
            Transform(matrix)
    with pytest.raises(InputError, match=r"\(n, 2\)"):
        Transform.from_shift([1, 2]).map([[1, 2, 3]])
    with pytest.raises(InputError, match="compose"):
        Transform.from_shift([1, 2]).compose(Transform.from_shift([1, 2, 3]))
