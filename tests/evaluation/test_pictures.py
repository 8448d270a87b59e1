from __future__ import annotations

import numpy as np
import pytest

from holdstill.errors import InputError
from holdstill.evaluation.pictures import (
    PICTURES,
    clip_background,
    dead_leaves,
    make_pictures,
    move_picture,
    rectangle,
    warp_picture,
)
from holdstill.transforms import Transform


def test_whole_pixels_move_exactly() -> None:
    picture = dead_leaves((120, 130))
    still = move_picture(picture, np.zeros(2), (48, 56))
    moved = move_picture(picture, np.array([3.0, -2.0]), (48, 56))
    np.testing.assert_allclose(moved[3:, :-2], still[:-3, 2:], atol=1e-6)


def test_two_halves_make_a_whole() -> None:
    picture = dead_leaves((120, 120), seed=1)
    half = move_picture(picture, np.array([0.5, 0.0]), (48, 48))
    back = move_picture(picture, np.array([-0.5, 0.0]), (48, 48))
    np.testing.assert_allclose(half[1:], back[:-1], atol=0.5)


def test_too_small_a_picture_is_refused() -> None:
    with pytest.raises(ValueError, match="margin"):
        move_picture(np.zeros((60, 60)), np.zeros(2), (48, 48))


def test_drawings_and_clipped_frames() -> None:
    assert set(np.unique(rectangle((30, 40)))) == {0.0, 255.0}
    assert clip_background(np.array([3.0, 9.0]), 5).tolist() == [0.0, 4.0]


@pytest.mark.parametrize("kind", PICTURES)
def test_every_kind_of_picture_moves_as_told(kind: str) -> None:
    frames = make_pictures(kind, np.array([[2.0, -3.0]]), (64, 72))
    assert frames.shape == ((2, 16, 16) if kind == "tiny" else (2, 64, 72))
    np.testing.assert_allclose(frames[1, 3:, :-4], frames[0, 1:-2, 3:-1], atol=0.05)


def test_a_kind_that_is_not_known_is_refused() -> None:
    with pytest.raises(InputError, match="sharp, binary"):
        make_pictures("blue", np.zeros((1, 2)))


def test_a_warped_picture_shows_what_the_transform_says() -> None:
    picture = dead_leaves((90, 100), 1)
    turned = warp_picture(picture, Transform(np.array([[0.0, -1, 69], [1, 0, 0], [0, 0, 1]])), (70, 70))
    np.testing.assert_allclose(turned, np.rot90(picture[10:80, 15:85]), atol=1e-6)
