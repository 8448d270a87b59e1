import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdstill.contracts import ImagesInfo
from holdstill.errors import AxesError, InputError
from holdstill.io import require_sequence
from holdstill.io.axes import array_axes, check_axes, name_axes

VALID = {"".join(part) + "YX" for n in range(4) for part in itertools.combinations("TCZ", n)}


@given(st.text(alphabet="TCZYXSQ", max_size=6))
def test_accepts_the_eight_sets_of_axes_and_no_other(axes):
    if axes in VALID:
        assert check_axes(axes.lower(), "a.tif") == axes
    else:
        with pytest.raises(AxesError, match=r"a\.tif: axes="):
            check_axes(axes, "a.tif")


@pytest.mark.parametrize(
    ("found", "named"),
    [
        ("IYX", "TYX"),
        ("QZYX", "TZYX"),
        ("QYXS", "TYXC"),
        ("TZCYX", "TZCYX"),
        ("SYX", "CYX"),
        ("ZYX", "ZYX"),
        ("YX", "YX"),
    ],
)
def test_names_what_a_file_says(found, named):
    assert name_axes(found, None, "a.tif") == named


@pytest.mark.parametrize("found", ["QQYX", "TQYX", "IQZYX", "TCYXS"])
def test_ambiguous_axes_are_asked_for(found):
    with pytest.raises(AxesError, match=r"a\.tif: .*ambiguous; pass axes=.*--axes T"):
        name_axes(found, None, "a.tif")


@pytest.mark.parametrize(
    ("found", "axes", "named"),
    [
        ("ZYX", "TYX", "TYX"),
        ("QQYX", "TZYX", "TZYX"),
        ("CTYX", "TZYX", "ZTYX"),
        ("TZCYX", "TCZYX", "TZCYX"),
        ("TYX", "TCYX", "TYX"),
        ("QYXS", "TCYX", "TYXC"),  # as a result says of a film in colours: it could not be opened again
        ("ZQYX", "TZYX", "ZTYX"),
    ],
)
def test_a_user_renames_axes(found, axes, named):
    assert name_axes(found, axes, "a.tif") == named


def test_a_user_cannot_name_more_axes_than_there_are():
    with pytest.raises(AxesError, match="does not fit"):
        name_axes("QYX", "TZYX", "a.tif")


def test_axes_of_arrays():
    assert array_axes((5, 6), None, "array") == "YX"
    assert array_axes((4, 5, 6), None, "array") == "TYX"
    assert array_axes((4, 5, 6), "ZYX", "array") == "ZYX"
    with pytest.raises(AxesError, match='axes="TZYX", axes="TCYX" or'):
        array_axes((3, 4, 5, 6), None, "array")
    with pytest.raises(AxesError, match='axes="TCZYX"'):
        array_axes((2, 3, 4, 5, 6), None, "array")
    assert array_axes((4, 5, 6), "yxt", "array") == "YXT"
    for wrong in ("TYY", "TXQ", "TZX"):
        with pytest.raises(AxesError, match="does not fit; give letters of TCZYX, each once, Y and X among them"):
            array_axes((4, 5, 6), wrong, "array")
    with pytest.raises(AxesError, match="names 4 axes"):
        array_axes((4, 5, 6), "TZYX", "array")
    with pytest.raises(AxesError, match="3 to 5 dimensions"):
        array_axes((6,), None, "array")


def info(axes, *shape):
    return ImagesInfo(name="a.tif", axes=axes, shape=shape, dtype=np.dtype(np.uint8))


def test_a_sequence_has_two_frames():
    require_sequence(info("TYX", 2, 5, 6))
    for single in (info("YX", 5, 6), info("TCZYX", 1, 1, 1, 5, 6)):
        with pytest.raises(InputError, match="only one frame: nothing to register"):
            require_sequence(single)
    with pytest.raises(InputError, match="has no frames"):
        require_sequence(info("TYX", 0, 5, 6))


@pytest.mark.parametrize(("axes", "wanted"), [("ZYX", "TYX"), ("CZYX", "TCYX"), ("CYX", "TYX")])
def test_planes_without_time_may_be_taken_for_frames(axes, wanted):
    with pytest.raises(AxesError, match=f"no time axis; .* pass axes='{wanted}'"):
        require_sequence(info(axes, *range(3, 3 + len(axes))))
