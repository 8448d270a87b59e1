"""Points, labels and vectors lie where the files and the result say."""

import json
from contextlib import ExitStack

import numpy as np
import pytest
import tifffile

from holdstill.contracts import ImagesInfo
from holdstill.errors import InputError, MissingFile
from holdstill.io.array import ArraySource
from holdstill.result.registration import Registration
from holdstill.result.viewer.drawn import Drawn, list_points, list_vectors, open_drawn, outline_labels, read_points
from holdstill.result.viewer.opening import open_show
from holdstill.result.viewer.regions import Region
from holdstill.transforms.trajectory import Trajectory

SHIFTS = np.array([[0.0, 0], [3, -2], [5, 4]])
INFO = ImagesInfo(name="movie.tif", axes="TYX", shape=(3, 40, 50), dtype=np.dtype(np.uint16))
FOUND = Registration.of_trajectory(Trajectory.of("translation", SHIFTS, (40, 50)))
WHOLE = Region(y=0, x=0, rows=40, columns=50, factor=1)
TABLES = {
    "plain": "t,y,x\n1,13,8\n2,15.5,14\n",
    "other names": "Frame,X (px),Y (px),name\n1,8,13,a\n2,14,15.5,<b>\n",
    "napari": "index,axis-0,axis-1,axis-2\n0,1,13,8\n1,2,15.5,14\n",
}


@pytest.mark.parametrize("text", TABLES.values(), ids=TABLES)
def test_points_of_tables(text, tmp_path) -> None:
    path = tmp_path / "spots.csv"
    path.write_text(text, encoding="utf-8-sig")
    np.testing.assert_array_equal(read_points(path, INFO), [[1, 13, 8], [2, 15.5, 14]])


WRONG = {
    "t,y\n1,2\n": "has columns t, y; points need y, x",
    "": "has columns none",
    "t,y,x\n1,2,far\n": "not a number",
    "t,y,x\n1,2\n": "not a number",
    "t,y,x\n1,2,nan\n": "not finite",
    "t,y,x\n3,2,2\n": "frames that the movie of 3 lacks",
    "t,y,x\n-1,2,2\n": "frames that the movie of 3 lacks",
    "t,y,x\nnan,2,2\n": "frames that the movie of 3 lacks",
}


@pytest.mark.parametrize("text", WRONG)
def test_wrong_tables_are_told(text, tmp_path) -> None:
    path = tmp_path / "spots.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=WRONG[text]) as caught:
        read_points(path, INFO)
    assert str(path) in str(caught.value)
    path.write_bytes(b"\xff\xfe\x00t")
    with pytest.raises(InputError, match="is not a table"):
        read_points(path, INFO)


def test_what_is_not_there_or_of_other_frames_is_told(tmp_path) -> None:
    with pytest.raises(MissingFile, match="no such file"):
        open_drawn(tmp_path / "a.csv", None, INFO, ExitStack())
    tifffile.imwrite(tmp_path / "small.tif", np.zeros((3, 9, 9), np.uint8), photometric="minisblack")
    tifffile.imwrite(tmp_path / "grey.tif", np.zeros((3, 40, 50), np.float32), photometric="minisblack")
    with ExitStack() as stack:
        with pytest.raises(InputError, match="labels of each frame, or one image of the reference"):
            open_drawn(None, tmp_path / "small.tif", INFO, stack)
        tifffile.imwrite(tmp_path / "one.tif", np.zeros((9, 9), np.uint8))
        with pytest.raises(InputError, match="has 1 frame of 9 x 9 px"):
            open_drawn(None, tmp_path / "one.tif", INFO, stack)
        with pytest.raises(InputError, match="labels are whole numbers"):
            open_drawn(None, tmp_path / "grey.tif", INFO, stack)


def test_points_of_frames_stand_still_once_corrected() -> None:
    drawn = Drawn(points=np.column_stack([np.arange(3), 10 + SHIFTS]))
    for t in range(3):
        told = list_points(drawn, FOUND, t, None)
        np.testing.assert_allclose(told["raw"], [10 + SHIFTS[t]])
        np.testing.assert_allclose(told["corrected"], [[10, 10]])


def test_points_of_the_reference_move_with_the_raw_frames() -> None:
    drawn = Drawn(points=np.array([[np.nan, 10, 10], [np.nan, 20, 30]]))
    told = list_points(drawn, FOUND, 2, None)
    np.testing.assert_allclose(told["corrected"], [[10, 10], [20, 30]])
    np.testing.assert_allclose(told["raw"], [[15, 14], [25, 34]])
    assert list_points(drawn, None, 2, None)["raw"] == told["corrected"]
    assert list_points(Drawn(), FOUND, 0, None)["raw"] == []


def test_points_of_volumes_show_on_their_plane() -> None:
    drawn = Drawn(points=np.array([[0, 2, 10, 10], [0, 4, 20, 20.0]]))
    assert list_points(drawn, None, 0, 4.0)["raw"] == [[20.0, 20.0]]


def test_vectors_lead_from_the_reference_to_the_frame() -> None:
    rows = np.array(list_vectors(FOUND, 2, Region(y=8, x=4, rows=16, columns=20, factor=2), None))
    np.testing.assert_allclose(rows[:, 2:] - rows[:, :2], np.broadcast_to(SHIFTS[2], (len(rows), 2)))
    assert rows[:, 0].min() >= 7.5
    assert rows[:, 0].max() <= 8 + 32
    assert len(rows) > 100


def make_labels(shift):
    labels = np.zeros((40, 50), np.int64)
    y, x = 10 + shift
    labels[y : y + 8, x : x + 6] = 2**40 + 1
    return labels


def expect_border(shift):
    border = (make_labels(shift) > 0).astype(np.uint8)
    y, x = 10 + shift
    border[y + 1 : y + 7, x + 1 : x + 5] = 0
    return border


def test_labels_of_frames_stand_still_once_corrected() -> None:
    labels = ArraySource(np.stack([make_labels(shift) for shift in SHIFTS.astype(int)]), axes="TYX")
    for t in range(3):
        for view, shift in (("raw", SHIFTS[t].astype(int)), ("corrected", np.zeros(2, int))):
            seen = outline_labels(Drawn(labels=labels), FOUND, view, t, WHOLE, None)
            np.testing.assert_array_equal(seen, expect_border(shift))


def test_labels_of_the_reference_move_with_the_raw_frames() -> None:
    labels = ArraySource(make_labels(np.zeros(2, int)), axes="YX")
    for view, shift in (("raw", SHIFTS[2].astype(int)), ("corrected", np.zeros(2, int))):
        np.testing.assert_array_equal(
            outline_labels(Drawn(labels=labels), FOUND, view, 2, WHOLE, None), expect_border(shift)
        )
    part = Region(y=8, x=8, rows=6, columns=6, factor=2)
    np.testing.assert_array_equal(
        outline_labels(Drawn(labels=labels), FOUND, "corrected", 0, part, None)[1:5, 1:4],
        [[1, 1, 1], [1, 0, 1], [1, 0, 1], [1, 1, 1]],
    )
    with pytest.raises(InputError, match="there are no labels"):
        outline_labels(Drawn(), FOUND, "raw", 0, WHOLE, None)


def test_the_page_is_told_of_what_is_drawn(tmp_path) -> None:
    frames = np.random.default_rng(0).integers(0, 999, INFO.shape).astype(np.uint16)
    tifffile.imwrite(tmp_path / "movie.tif", frames, photometric="minisblack")
    (tmp_path / "spots.csv").write_text(TABLES["plain"])
    tifffile.imwrite(tmp_path / "cells.tif", make_labels(np.zeros(2, int)).astype(np.uint16))
    known = {"input": str(tmp_path / "movie.tif"), "axes": "TYX"}
    result = Registration.of_trajectory(Trajectory.of("translation", SHIFTS, (40, 50)), provenance=known)
    path = result.save(tmp_path / "still.drift.json")
    show = open_show([path], points=tmp_path / "spots.csv", labels=tmp_path / "cells.tif")
    assert json.loads(show.handlers["summary"]({}, b"").body)["drawn"] == {"points": True, "labels": True}
    told = json.loads(show.handlers["drawn"]({"t": "1", "vectors": "1"}, b"").body)
    assert told["corrected"] == [[10.0, 10.0]]
    assert len(told["vectors"]) > 100
    answer = show.handlers["outlines"]({"t": "1", "view": "raw"}, b"")
    np.testing.assert_array_equal(
        np.frombuffer(answer.body, np.uint8).reshape(40, 50), expect_border(SHIFTS[1].astype(int))
    )
    with pytest.raises(InputError, match="no frame 3"):
        show.handlers["drawn"]({"t": "3"}, b"")
    show.close()
