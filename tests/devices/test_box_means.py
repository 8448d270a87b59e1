"""Means over boxes equal those of SciPy, for planes of any shape and width."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from holdstill.devices.cpu.box_means import average_boxes, average_boxes_twice


@settings(max_examples=30, deadline=None)
@given(shape=st.tuples(st.integers(1, 40), st.integers(1, 40)), half=st.integers(0, 12), seed=st.integers(0, 99))
def test_means_equal_those_of_scipy(shape: tuple[int, int], half: int, seed: int) -> None:
    image, width = np.random.default_rng(seed).normal(100, 30, shape).astype(np.float32), 2 * half + 1
    wanted = ndimage.uniform_filter(image.astype(float), width, mode="nearest")
    wanted = ndimage.uniform_filter(wanted, width, mode="nearest")
    np.testing.assert_allclose(average_boxes_twice(image, width), wanted, rtol=2e-6, atol=2e-5)


@pytest.mark.parametrize("width", [13, 17])
def test_planes_of_a_volume_are_averaged_each_for_itself(width: int) -> None:
    volume = np.random.default_rng(0).normal(0, 1, (3, 30, 25)).astype(np.float32)
    found = average_boxes_twice(volume, width)
    for plane, means in zip(volume, found, strict=True):
        np.testing.assert_array_equal(means, average_boxes_twice(plane, width))


@settings(max_examples=20, deadline=None)
@given(shape=st.tuples(st.integers(1, 3), st.integers(1, 30), st.integers(1, 30)), half=st.integers(0, 8))
def test_means_taken_once_equal_those_of_scipy(shape: tuple[int, int, int], half: int) -> None:
    images, width = np.random.default_rng(half).normal(100, 30, shape).astype(np.float32), 2 * half + 1
    wanted = ndimage.uniform_filter(images.astype(float), (0, width, width), mode="nearest")
    np.testing.assert_allclose(average_boxes(images, width), wanted, rtol=2e-6, atol=2e-5)
