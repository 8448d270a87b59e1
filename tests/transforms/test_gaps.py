"""Gaps are filled along straight lines."""

import numpy as np

from holdstill.transforms.gaps import fill_gaps

VALUES = np.array([[9.0, 1.0], [0.0, 9.0], [9.0, 9.0], [9.0, 4.0], [3.0, 9.0]])


def test_each_column_has_gaps_of_its_own() -> None:
    known = np.array([[False, True], [True, False], [False, False], [False, True], [True, False]])
    before = VALUES.copy()
    np.testing.assert_array_equal(fill_gaps(VALUES, known), [[0, 1], [0, 2], [1, 3], [2, 4], [3, 4]])
    np.testing.assert_array_equal(VALUES, before)


def test_rows_are_known_as_a_whole() -> None:
    known = np.array([True, True, False, True, False])
    np.testing.assert_array_equal(fill_gaps(VALUES, known), [[9, 1], [0, 9], [4.5, 6.5], [9, 4], [9, 4]])


def test_without_anything_known_nothing_changes() -> None:
    np.testing.assert_array_equal(fill_gaps(VALUES, np.zeros(5, bool)), VALUES)
