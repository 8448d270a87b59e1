"""Transforms of a sequence: from matrices of others, what all frames show, how frames are resampled."""

import numpy as np
import pytest

from holdstill.devices.plain import PlainDevice
from holdstill.errors import InputError
from holdstill.transforms.trajectory import Trajectory

SHAPE = (21, 30)
DEVICE = PlainDevice()
STEPS = {
    "translation": [[3.0, -2.0], [0.0, 1.0]],
    "rigid": [[3.0, -2.0, 0.3], [0.0, 1.0, -2.0]],
    "similarity": [[3.0, -2.0, 0.3, 1.2], [0.0, 1.0, -0.1, 0.8]],
    "affine": [[3.0, -2.0, 0.3, 1.2, 0.9, 0.1], [0.0, 1.0, 0.1, 1.0, 1.1, -0.2]],
    "projective": [[3.0, -2.0, 0.3, 1.2, 0.9, 0.1, 1e-3, -2e-3], [0.0, 1.0, 0.1, 1.0, 1.1, -0.2, 0.0, 1e-3]],
}


@pytest.mark.parametrize("motion", STEPS)
@pytest.mark.parametrize("scale", [1.0, -3.0])
def test_matrices_of_others_are_of_the_narrowest_motion(motion: str, scale: float) -> None:
    known = Trajectory.of(motion, np.array(STEPS[motion]), SHAPE)
    matrices = scale * np.stack([known.transform(t).matrix for t in range(2)])
    found = Trajectory.of_matrices(matrices, SHAPE)
    assert found.motion.name == motion
    points = np.array([[0.0, 0.0], [20.0, 29.0], [4.0, 17.0]])
    for t in range(2):
        np.testing.assert_allclose(found.transform(t).map(points), known.transform(t).map(points), atol=1e-7)


def test_mirrored_matrices_are_refused() -> None:
    with pytest.raises(InputError, match="are they mirrored"):
        Trajectory.of_matrices(np.diag([1.0, -1.0, 1.0])[None], SHAPE)


def test_what_every_frame_shows() -> None:
    seen = Trajectory.of("translation", np.array([[2.0, 0.0], [0.0, -3.0]]), SHAPE).find_common_pixels(DEVICE)
    expected = np.zeros(SHAPE, bool)
    expected[:-2, 3:] = True
    np.testing.assert_array_equal(seen, expected)


def resample(trajectory: Trajectory, frames: np.ndarray, edge: str = "constant") -> np.ndarray:
    out = np.zeros_like(frames)
    trajectory.resample(DEVICE, frames, interpolation="linear", edge=edge, fill=-1.0, out=out)
    return out


def test_resampling_at_borders_and_over_them() -> None:
    frames = np.random.default_rng(0).random((1, *SHAPE)).astype(np.float32)
    moves = Trajectory.of("translation", np.array([[2.0, -3.0]]), SHAPE)
    np.testing.assert_array_equal(resample(moves, frames)[0, :-2, 3:], frames[0, 2:, :-3])
    assert (resample(moves, frames)[0, -2:] == -1).all()
    np.testing.assert_allclose(resample(moves, frames, "wrap"), np.roll(frames, (-2, 3), axis=(1, 2)), atol=1e-6)


def test_rows_scanned_to_and_fro_are_put_straight_where_they_are_displaced() -> None:
    frames = np.random.default_rng(0).random((2, *SHAPE)).astype(np.float32)
    still = Trajectory.of("translation", np.zeros((2, 2)), SHAPE)
    scanned = Trajectory(still.motion, still.parameters, SHAPE, phases=np.array([0.0, 2.0]))
    none = Trajectory(still.motion, still.parameters, SHAPE, phases=np.zeros(2))
    np.testing.assert_array_equal(resample(none, frames), frames)
    np.testing.assert_array_equal(resample(none, frames, "wrap"), frames)
    found = resample(scanned, frames)
    np.testing.assert_allclose(found[0], frames[0], atol=1e-6)
    np.testing.assert_allclose(found[1, ::2, :-2], frames[1, ::2, :-2], atol=1e-6)
    np.testing.assert_allclose(found[1, 1::2, :-2], frames[1, 1::2, 2:], atol=1e-6)
    with pytest.raises(InputError, match="choose another edge"):
        resample(scanned, frames, "wrap")


def test_what_a_wider_time_asks_is_clipped_at_both_ends() -> None:
    ends = Trajectory.of("translation", np.array([[0.0, 0.0], [1.0, 2.0]]), SHAPE)
    found = ends.interpolate(np.array([5, 15]), np.array([-100, 5, 10, 15, 100]))
    assert found.parameters.tolist() == [[0, 0], [0, 0], [0.5, 1], [1, 2], [1, 2]]


def test_each_channel_of_a_frame_moves_alike() -> None:
    moves = Trajectory.of("translation", np.array([[1.0, 2.0], [3.0, 4.0]]), SHAPE)
    both = Trajectory(moves.motion, moves.parameters, SHAPE, phases=np.array([0.1, 0.2])).repeat(2)
    assert both.parameters.tolist() == [[1, 2], [1, 2], [3, 4], [3, 4]]
    assert both.phases is not None
    assert both.phases.tolist() == [0.1, 0.1, 0.2, 0.2]
    assert moves.repeat(3).phases is None


def test_matrices_of_volumes_may_have_any_scale() -> None:
    known = Trajectory.of("translation", np.array([[1.0, 2.0, -3.0]]), (9, 21, 30))
    found = Trajectory.of_matrices(-2.0 * known.transform(0).matrix[None], (9, 21, 30))
    assert found.motion.name == "translation"
    np.testing.assert_allclose(found.parameters, known.parameters, atol=1e-9)


def test_images_of_the_reference_are_moved_back_onto_the_frames() -> None:
    images = np.random.default_rng(0).random((1, *SHAPE)).astype(np.float32)
    out = np.zeros_like(images)
    moves = Trajectory.of("translation", np.array([[2.0, -3.0]]), SHAPE)
    moves.resample_back(DEVICE, images, fill=-1.0, out=out, interpolation="linear")
    np.testing.assert_array_equal(out[0, 2:, :-3], images[0, :-2, 3:])
    assert (out[0, :2] == -1).all()
