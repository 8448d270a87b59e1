"""Frames that go on at the other side, beside many copies of them."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import ndimage

import holdstill as hs
from holdstill.devices.plain import PlainDevice
from holdstill.errors import InputError
from holdstill.evaluation.presets import texture
from holdstill.transforms.motions import find_motion
from holdstill.transforms.trajectory import Trajectory

SHAPE = (40, 53)


@pytest.fixture(scope="module")
def image() -> np.ndarray:
    return (texture(SHAPE).intensity((0.0, 0.0)) * 100).astype(np.float32)


def wrap(image: np.ndarray, trajectory: Trajectory) -> tuple[np.ndarray, np.ndarray]:
    frames = np.repeat(image[None], len(trajectory.parameters), axis=0)
    out = np.empty_like(frames)
    clamped = trajectory.resample(PlainDevice(), frames, interpolation="cubic", edge="wrap", fill=0, out=out)
    return out, clamped


@pytest.mark.parametrize("shift", [(3, -7), (0, 53), (41, -160), (-20, 26)])
def test_whole_shifts_are_those_of_a_roll(image: np.ndarray, shift: tuple[int, int]) -> None:
    out, clamped = wrap(image.astype(np.uint16), Trajectory.of("translation", np.array([shift], float), SHAPE))
    np.testing.assert_array_equal(out[0], np.roll(image.astype(np.uint16), (-shift[0], -shift[1]), (0, 1)))
    assert clamped[0] == 0


def resample_tiled(image: np.ndarray, trajectory: Trajectory) -> np.ndarray:
    """The middle of five times five copies, beside one another."""
    tiled = np.tile(image, (5, 5)).astype(np.float64)[None]
    wide = trajectory.rescale(np.ones(2), np.zeros(2), tiled.shape[1:])
    out = np.empty_like(tiled)
    wide.resample(PlainDevice(), tiled, interpolation="cubic", edge="nearest", fill=0, out=out)
    return out[0, 2 * SHAPE[0] : 3 * SHAPE[0], 2 * SHAPE[1] : 3 * SHAPE[1]]


@pytest.mark.parametrize(
    ("motion", "parameters"),
    [
        ("translation", [2.3, -11.8]),
        ("translation", [37.7, 90.25]),
        ("rigid", [1.5, -2.5, 0.6]),
        ("affine", [8.0, -6.0, 1.1, 0.1, -0.2, 0.8]),
    ],
)
def test_what_is_seen_is_that_of_many_copies(image: np.ndarray, motion: str, parameters: list[float]) -> None:
    trajectory = Trajectory.of(motion, np.array([parameters]), SHAPE)
    out, _ = wrap(100 * image, trajectory)
    np.testing.assert_allclose(out[0], resample_tiled(100 * image, trajectory), atol=1e-4)


def test_a_single_control_point_reaches_beyond_the_frame_too(image: np.ndarray) -> None:
    family = find_motion("piecewise:8", SHAPE)
    parameters = np.zeros((1, family.count_parameters(2)))
    still = Trajectory(family, parameters, SHAPE)
    bent = parameters.copy()
    bent[0, 3] = -25.0
    trajectory = replace(still, parameters=bent)
    out, _ = wrap(100 * image, trajectory)
    y, x = np.mgrid[: SHAPE[0], : SHAPE[1]]
    points = np.stack([y.ravel(), x.ravel()], axis=1).astype(float)
    places = family.map_points(bent, points, SHAPE)[0]
    assert places.min() < -10
    tiled = np.tile(100 * image, (3, 3)).astype(np.float64)
    expected = ndimage.map_coordinates(tiled, (places + SHAPE).T, order=1).reshape(SHAPE)
    assert np.corrcoef(out[0].ravel(), expected.ravel())[0, 1] > 0.99


def test_pixels_beyond_the_type_are_clamped_and_counted() -> None:
    sharp = np.zeros(SHAPE, np.uint8)
    sharp[10:20] = 255
    trajectory = Trajectory.of("translation", np.array([[0.4, 0.0]]), SHAPE)
    out, clamped = wrap(sharp, trajectory)
    exact = np.rint(resample_tiled(sharp, trajectory))
    assert clamped[0] == ((exact < 0) | (exact > 255)).sum() > 0
    np.testing.assert_array_equal(out[0], np.clip(exact, 0, 255))


def test_a_registration_wraps_and_scanned_rows_do_not(image: np.ndarray) -> None:
    movie = np.stack([image, np.roll(image, (2, -3), (0, 1))])
    reg = hs.Registration.from_shifts(np.array([[0.0, 0.0], [2.0, -3.0]]), frame_shape=SHAPE)
    np.testing.assert_allclose(reg.apply(movie, edge="wrap"), np.stack([image, image]), atol=1e-4)
    scanned = Trajectory(reg.trajectory.motion, reg.trajectory.parameters, SHAPE, np.array([0.0, 0.5]))
    with pytest.raises(InputError, match="to and fro"):
        wrap(image, scanned)
