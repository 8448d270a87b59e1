"""Transforms: inverse, composition and mapping of points, whatever the numbers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from holdstill.errors import InputError
from holdstill.transforms import Transform

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


def test_what_is_no_transform_is_refused() -> None:
    for matrix in (np.eye(2), np.eye(5), np.full((3, 3), np.nan), np.zeros((3, 4))):
        with pytest.raises(InputError, match="3 x 3"):
            Transform(matrix)
    with pytest.raises(InputError, match=r"\(n, 2\)"):
        Transform.from_shift([1, 2]).map([[1, 2, 3]])
    with pytest.raises(InputError, match="compose"):
        Transform.from_shift([1, 2]).compose(Transform.from_shift([1, 2, 3]))
