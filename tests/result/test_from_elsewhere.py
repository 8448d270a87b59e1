"""Transforms that another program found."""

import numpy as np
import pytest

import holdstill as hs
from holdstill.contracts import Verdict
from holdstill.errors import InputError
from holdstill.methods.likelihood.verdicts import make_limits


def test_shifts_are_applied() -> None:
    image = np.random.default_rng(0).integers(0, 255, (20, 24), dtype=np.uint8)
    movie = np.stack([image, np.roll(image, 3, axis=0)])
    reg = hs.Registration.from_shifts([[0, 0], [3, 0]], (20, 24))
    assert reg.motion == "translation"
    assert reg.ok.all()
    np.testing.assert_array_equal(reg.apply(movie)[1, :17], image[:17])


def test_unknown_shifts_are_interpolated_and_said() -> None:
    reg = hs.Registration.from_shifts([[0, 0], [np.nan, 1], [4, 2]], (20, 24))
    np.testing.assert_allclose(reg.shifts[1], [2, 1])
    assert reg.verdicts[1] is Verdict.UNREADABLE


def test_a_shift_for_each_plane() -> None:
    shifts = np.arange(24.0).reshape(3, 4, 2) % 5
    reg = hs.Registration.from_shifts(shifts, (4, 16, 18))
    np.testing.assert_array_equal(reg.plane_shifts, shifts)
    volumes = np.random.default_rng(1).random((3, 4, 16, 18))
    still = reg.apply(volumes)
    dy, dx = shifts[2, 1].astype(int)
    np.testing.assert_allclose(still[2, 1, : 16 - dy, : 18 - dx], volumes[2, 1, dy:, dx:])
    with pytest.raises(InputError, match="planes-z"):
        _ = hs.Registration.from_shifts([[0, 0]], (8, 8)).plane_shifts


def test_matrices_keep_their_motion() -> None:
    angle = 0.1
    turn = np.array([[np.cos(angle), -np.sin(angle), 2], [np.sin(angle), np.cos(angle), -1], [0, 0, 1]])
    reg = hs.Registration.from_matrices([np.eye(3), turn], (30, 40))
    assert reg.motion == "rigid"
    np.testing.assert_allclose(reg[1].matrix, turn, atol=1e-12)


def test_matrices_on_x_and_y_are_turned() -> None:
    """Of StackReg, scikit-image and OpenCV: read as (y, x) they moved down what belongs to the right, silently."""
    angle = 0.1
    turn = np.array([[np.cos(angle), -np.sin(angle), 2], [np.sin(angle), np.cos(angle), -1], [0, 0, 1]])
    ours = hs.Registration.from_matrices([turn], (30, 40))
    theirs = np.asarray(ours[0].to_skimage())
    for matrix in (theirs, theirs[:2]):
        reg = hs.Registration.from_matrices(matrix[None], (30, 40), order="xy")
        np.testing.assert_allclose(reg[0].matrix, turn, atol=1e-12)
    volume = np.eye(4)
    volume[:3, 3] = (1, 2, 3)
    assert hs.Registration.from_matrices([volume], (8, 9, 10), order="xy").shifts.tolist() == [[3, 2, 1]]
    with pytest.raises(hs.HoldstillError, match="yx, xy"):
        hs.Registration.from_matrices([turn], (30, 40), order="rc")


def test_a_frame_is_no_shape_of_one() -> None:
    for make, given in ((hs.Registration.from_shifts, [[0, 0]]), (hs.Registration.from_matrices, [np.eye(3)])):
        for shape in (np.zeros((20, 24)), 20, (5, 6, 20, 24)):
            with pytest.raises(InputError, match="shape of a frame"):
                make(given, shape)  # type: ignore[operator]


@pytest.mark.parametrize("shifts", [[0, 0], [[0, 0, 0]], [[np.nan, np.nan]], np.zeros((2, 3, 2))])
def test_what_does_not_fit_is_refused(shifts: object) -> None:
    with pytest.raises(InputError):
        hs.Registration.from_shifts(shifts, (20, 24))


def test_matrices_that_do_not_fit_are_refused() -> None:
    for wrong in (np.eye(3), np.eye(4)[None], np.full((1, 3, 3), np.nan)):
        with pytest.raises(InputError, match=r"\(T, 3, 3\)"):
            hs.Registration.from_matrices(wrong, (20, 24))


def test_a_largest_shift_below_a_pixel_is_questioned() -> None:
    with pytest.warns(UserWarning, match="give 51"):
        make_limits(np.zeros((512, 512)), 0.1)
