from __future__ import annotations

import numpy as np
import pytest

from holdstill.evaluation.pictures import clip_background, dead_leaves, move_picture, rectangle


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
