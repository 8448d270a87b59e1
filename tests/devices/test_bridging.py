"""What is not known of an image is filled with what lies nearest, however the unknown lies."""

import numpy as np
import pytest
from scipy import ndimage

from holdstill.devices import interpolation
from holdstill.devices.interpolation import bridge, make_spline

SHAPE = (60, 83)


def stairs(n_frames: int, least: int, shape: tuple[int, ...] = SHAPE, most: tuple[int, ...] = (6, 6)) -> np.ndarray:
    """Where so many of some shifted frames show something: corners with steps."""
    rng, seen = np.random.default_rng(n_frames), np.zeros(shape, int)
    for shift in rng.integers(-np.array(most), np.array(most) + 1, (n_frames, len(shape))):
        seen[tuple(slice(max(0, d), n + min(0, d)) for d, n in zip(shift.tolist(), shape, strict=True))] += 1
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


@pytest.mark.parametrize(("n_frames", "least"), [(12, 4), (40, 20), (5, 3)])
def test_borders_of_volumes_are_bridged_strip_by_strip(
    n_frames: int, least: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    shape = (24, 50, 41)
    known = stairs(n_frames, least, shape, (2, 3, 4))
    image = np.random.default_rng(1).standard_normal(shape).astype(np.float32)
    nearest = ndimage.distance_transform_edt(~known, return_distances=False, return_indices=True)
    looked_at: list[int] = []
    take = interpolation._take_nearest
    monkeypatch.setattr(interpolation, "_take_nearest", lambda i, k: looked_at.append(i.size) or take(i, k))
    np.testing.assert_array_equal(bridge(image, known), image[tuple(nearest)])
    assert len(looked_at) > 1


def test_neighbours_of_the_unknown_do_not_count() -> None:
    image = np.random.default_rng(3).standard_normal(SHAPE).astype(np.float32)
    image[~holes()] = np.nan
    expected = ndimage.binary_erosion(holes(), np.ones((3, 3)), border_value=1)
    np.testing.assert_array_equal(make_spline(image).mask.astype(bool), expected)
