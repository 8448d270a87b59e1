"""Frames resampled and written."""

import numpy as np
import pytest

import holdstill as hs

SHIFTS = np.random.default_rng(0).uniform(-3, 3, (70, 2))
FRAMES = np.random.default_rng(1).integers(0, 60_000, (70, 20, 24)).astype(np.uint16)


@pytest.mark.parametrize("edge", ["constant", "reflect"])
def test_images_are_corrected_in_place_as_they_are_elsewhere(edge: str) -> None:
    found = hs.Registration.from_shifts(SHIFTS, (20, 24))
    expected, given = found.apply(FRAMES, edge=edge), np.zeros_like(FRAMES)
    assert found.apply(FRAMES, edge=edge, out=given) is given
    np.testing.assert_array_equal(given, expected)
    own = FRAMES.copy()
    found.apply(own, edge=edge, out=own)
    np.testing.assert_array_equal(own, expected)


def test_an_array_that_lies_otherwise_takes_the_same() -> None:
    found, strange = hs.Registration.from_shifts(SHIFTS, (20, 24)), np.zeros((24, 20, 70), np.uint16).T
    found.apply(FRAMES, out=strange)
    np.testing.assert_array_equal(strange, found.apply(FRAMES))
