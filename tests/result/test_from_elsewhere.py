"""Transforms that another program found."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

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


def test_unknown_matrices_are_interpolated_and_said() -> None:
    """As unknown shifts are; they were refused."""
    matrices = np.stack([np.eye(3)] * 4)
    matrices[2, 0, 2] = 4
    matrices[[1, 3]] = np.nan
    reg = hs.Registration.from_matrices(matrices, (20, 24))
    np.testing.assert_allclose(reg.shifts, [[0, 0], [2, 0], [4, 0], [4, 0]])
    assert [verdict is Verdict.OK for verdict in reg.verdicts] == [True, False, True, False]
    assert reg.verdicts[1] is Verdict.UNREADABLE
    assert np.isnan(reg.estimates[1]).all()


def test_what_is_no_number_is_told_in_one_line() -> None:
    for text in (["left", "right"], [["a", "b"]], [[1, 2], [3]], [{"y": 1}]):
        with pytest.raises(InputError, match="shifts are numbers"):
            hs.Registration.from_shifts(text, (20, 24))  # type: ignore[arg-type]
        with pytest.raises(InputError, match="matrices are numbers"):
            hs.Registration.from_matrices(text, (20, 24))  # type: ignore[arg-type]


def test_matrices_of_the_bilinear_model_of_stackreg() -> None:
    """Four columns: of x, y, x y and 1."""
    matrix = np.eye(4)
    matrix[:2] = [[1.01, 0.02, 3e-4, 2.5], [-0.03, 0.98, -2e-4, -1.5]]
    reg = hs.Registration.from_matrices([np.eye(4), matrix], (40, 50), order="xy")
    assert reg.motion == "bilinear"
    points = np.array([[0.0, 0.0], [39.0, 49.0], [7.0, 21.5]])
    there = np.array([[x, y, x * y, 1] for y, x in points]) @ matrix[:2].T
    np.testing.assert_allclose(reg[1].map(points), there[:, ::-1], atol=1e-9)
    np.testing.assert_allclose(reg[0].map(points), points, atol=1e-9)


def test_stackreg_and_its_matrices_resample_alike() -> None:
    stackreg = pytest.importorskip("pystackreg").StackReg
    image = gaussian_filter(np.random.default_rng(0).random((60, 70)), 3) * 1000
    matrix = np.eye(4)
    matrix[:2] = [[1.01, 0.02, 3e-4, 2.5], [-0.03, 0.98, -2e-4, -1.5]]
    theirs = stackreg(stackreg.BILINEAR).transform(image, matrix)
    ours = hs.Registration.from_matrices([matrix], (60, 70), order="xy").apply(image)
    inner = (slice(12, -12), slice(12, -12))
    np.testing.assert_allclose(ours[inner], theirs[inner], atol=0.01 * np.ptp(image))


def test_four_columns_of_planes_that_are_not_stackregs() -> None:
    for order, told in (("yx", "order='xy'"), ("xy", "last two rows")):
        with pytest.raises(InputError, match=told):
            hs.Registration.from_matrices([np.arange(16.0).reshape(4, 4)], (20, 24), order=order)


def test_a_largest_shift_below_a_pixel_is_questioned() -> None:
    with pytest.warns(UserWarning, match="give 51"):
        make_limits(np.zeros((512, 512)), 0.1)
