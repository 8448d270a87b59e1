"""What is not known of an image is filled with what lies nearest, however the unknown lies."""

import numpy as np
import pytest
from scipy import ndimage

from holdstill.devices.interpolation import bridge, make_spline

SHAPE = (60, 83)


def stairs(n_frames: int, least: int) -> np.ndarray:
    """Where so many of some shifted frames show something: corners with steps."""
    rng, seen = np.random.default_rng(n_frames), np.zeros(SHAPE, int)
    for dy, dx in rng.integers(-6, 7, (n_frames, 2)):
        seen[max(0, dy) : SHAPE[0] + min(0, dy), max(0, dx) : SHAPE[1] + min(0, dx)] += 1
    return seen >= least


def border() -> np.ndarray:
    known = np.zeros(SHAPE, bool)
    known[3:-5, 7:] = True
    return known


def holes() -> np.ndarray:
    known = border()
    known[20:24, 30] = False
    return known


@pytest.mark.parametrize("known", [border(), holes(), stairs(12, 4), stairs(9, 9), stairs(40, 20)])
def test_the_nearest_known_pixel_is_taken(known: np.ndarray) -> None:
    image = np.random.default_rng(1).standard_normal(SHAPE).astype(np.float32)
    assert not known.all()
    nearest = ndimage.distance_transform_edt(~known, return_distances=False, return_indices=True)
    np.testing.assert_array_equal(bridge(image, known), image[tuple(nearest)])


def test_volumes_are_bridged_too() -> None:
    image, known = np.random.default_rng(2).standard_normal((6, 9, 11)).astype(np.float32), np.zeros((6, 9, 11), bool)
    known[1:, 2:-1, 3:] = True
    nearest = ndimage.distance_transform_edt(~known, return_distances=False, return_indices=True)
    np.testing.assert_array_equal(bridge(image, known), image[tuple(nearest)])
    assert not bridge(image, np.zeros_like(known)).any()


def test_neighbours_of_the_unknown_do_not_count() -> None:
    image = np.random.default_rng(3).standard_normal(SHAPE).astype(np.float32)
    image[~holes()] = np.nan
    expected = ndimage.binary_erosion(holes(), np.ones((3, 3)), border_value=1)
    np.testing.assert_array_equal(make_spline(image).mask.astype(bool), expected)
