"""What is judged and drawn in the page of a movie."""

import base64
import json
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import tifffile

from holdstill.errors import InputError
from holdstill.result.registration import load
from holdstill.result.viewer.masks import fill_polygons, mask_of_body
from holdstill.result.viewer.opening import open_show


def test_polygons_are_filled_pixel_by_pixel() -> None:
    square = np.array([[1.5, 2.5], [1.5, 6.5], [4.5, 6.5], [4.5, 2.5]])
    expected = np.zeros((8, 9), bool)
    expected[2:5, 3:7] = True
    np.testing.assert_array_equal(fill_polygons([square], (8, 9)), expected)
    beyond = square - np.array([4, 5])  # most of it lies outside
    expected[:] = False
    expected[:1, :2] = True
    np.testing.assert_array_equal(fill_polygons([beyond], (8, 9)), expected)


def test_a_circle_has_its_area() -> None:
    angles = np.linspace(0, 2 * np.pi, 200, endpoint=False)
    ring = 50 + 30 * np.stack([np.sin(angles), np.cos(angles)], axis=1)
    assert fill_polygons([ring], (100, 100)).sum() == pytest.approx(np.pi * 900, rel=0.01)


def test_a_mask_is_a_tiff_of_the_frame(tmp_path: Path) -> None:
    body = json.dumps({"polygons": [[[1.5, 2.5], [1.5, 6.5], [4.5, 4.5]]]}).encode()
    mask = tifffile.imread(BytesIO(mask_of_body(body, (3, 8, 9))))
    assert (mask.shape, mask.dtype) == ((3, 8, 9), np.uint8)
    assert set(np.unique(mask)) == {0, 255}


BROKEN = [
    b"", b"{}", b"[1]", b'{"polygons": []}', b'{"polygons": [[[0, "x"]]]}', b'{"polygons": [[[1, 2, 3]]]}',
    b'{"polygons": [[[0.2, 0.2], [0.4, 0.2], [0.2, 0.4]]]}',
]  # fmt: skip


@pytest.mark.parametrize("body", BROKEN)
def test_regions_that_cannot_be_read(body: bytes) -> None:
    """What the page draws wrong is told as such, what it never sends as a question that is not understood."""
    with pytest.raises((ValueError, KeyError, TypeError)):
        mask_of_body(body, (8, 9))


def test_regions_without_a_pixel_are_told() -> None:
    for body in (BROKEN[3], BROKEN[-1]):
        with pytest.raises(InputError):
            mask_of_body(body, (8, 9))


@pytest.mark.slow
def test_frames_are_judged_in_the_page_and_kept(movie_folder: Path, tmp_path: Path) -> None:
    # frame 3 lies so nearly between its neighbours that its picture would not change
    show = open_show([movie_folder / "still.ome.tif"])
    before = load(movie_folder / "still.drift.json")
    query = {"view": "corrected", "t": "4", "low": "0", "high": "255"}
    pixels = show.handlers["frame"](query, b"").body
    told = json.loads(show.handlers["judge"]({}, b'{"frame": 4, "accept": false}').body)
    assert told["verdicts"][4] == "refused by hand"
    assert told["is_changed"]
    assert json.loads(show.handlers["drift"]({}, b"").body)["is_changed"]  # a page that is loaded again can save it
    assert show.handlers["frame"](query, b"").body != pixels  # from its neighbours now
    (tmp_path / "judged.json").write_bytes(show.handlers["result"]({}, b"").body)
    judged = load(tmp_path / "judged.json")
    assert judged.provenance["refused by hand"] == [4]
    np.testing.assert_allclose(judged.shifts, before.refused(4).shifts)
    told = json.loads(show.handlers["judge"]({}, b'{"frame": 4, "accept": true}').body)
    sent = np.frombuffer(base64.b64decode(told["shifts"]), "<f8").reshape(-1, 2)
    np.testing.assert_array_equal(sent, before.shifts)
    assert show.handlers["frame"](query, b"").body == pixels
    assert not told["is_changed"]
    show.close()


def test_a_movie_alone_has_nothing_to_judge(tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "movie.tif", np.zeros((3, 8, 9), np.uint8), photometric="minisblack")
    show = open_show([tmp_path / "movie.tif"], axes="TYX")
    with pytest.raises(InputError, match="there is no result to judge"):
        show.handlers["judge"]({}, b'{"frame": 0, "accept": false}')
    show.close()
