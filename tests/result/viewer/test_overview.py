"""A slide at first sight: counted cell by cell here."""

import json
import math

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

from holdstill.errors import InputError
from holdstill.result.viewer.overview import BINS, draw_overview
from holdstill.result.viewer.pictures import border, encode_png, stretch
from holdstill.result.viewer.slide import SlideView


def test_counts_are_those_of_a_loop() -> None:
    random = np.random.default_rng(0)
    values = random.uniform(-1, 1, (500, 3))
    values[random.integers(0, 500, 40), random.integers(0, 3, 40)] = np.nan
    values[:4, 2] = (-1, 1, 0.25, np.nan)  # both ends, the threshold itself, nothing known
    cells = random.permutation(np.append(np.arange(500), [-1] * 12)).reshape(16, 32).astype(np.int32)
    picture, counts = draw_overview(values[:, -1], values, 0.25, cells)
    kept, lost, unknown, through = [0] * BINS, [0] * BINS, 0, 0
    classes = []
    for row in values.tolist():
        through += all(value >= 0.25 for value in row)
        if math.isnan(row[-1]):
            unknown += 1
            classes.append(3)
            continue
        bin_ = min(BINS - 1, math.floor((row[-1] + 1) / 2 * BINS))
        (kept if row[-1] >= 0.25 else lost)[bin_] += 1
        classes.append(1 if row[-1] >= 0.25 else 2)
    assert counts == {"kept": kept, "lost": lost, "unknown": unknown, "through": through}
    assert picture.ravel().tolist() == [0 if row < 0 else classes[row] for row in cells.ravel()]


def test_a_cell_is_named_by_its_label_or_its_row(slide_folder) -> None:
    view = SlideView(slide_folder)
    try:
        by_row = json.loads(view.cell({"row": "5"}, b"").body)
        assert by_row == json.loads(view.cell({"id": str(view.arrays["cells"][5])}, b"").body)
        assert view.tiles({"row": "5"}, b"").body == view.tiles({"id": by_row["cell"]}, b"").body
        with pytest.raises(InputError, match="there is no row -1 of"):
            view.cell({"row": "-1"}, b"")
    finally:
        view.close()


def test_grey_where_all_is_known_and_a_colour_where_not(tmp_path) -> None:
    pixels = ndimage.gaussian_filter(np.random.default_rng(0).uniform(0, 9, (20, 24)), 2).astype(np.float32)
    grey = stretch(pixels, pixels)
    assert grey.shape == (20, 24)
    holed = pixels.copy()
    holed[3, 4] = np.nan
    coloured = stretch(holed, pixels)
    np.testing.assert_array_equal(np.delete(coloured.reshape(-1, 3), 3 * 24 + 4, 0)[:, 0], np.delete(grey.ravel(), 76))
    assert len(set(coloured[3, 4].tolist())) > 1
    (tmp_path / "a.png").write_bytes(encode_png(grey))
    np.testing.assert_array_equal(np.asarray(Image.open(tmp_path / "a.png")), grey)


@pytest.mark.parametrize("side", [48, 60, 100, 400])
def test_an_outline_is_seen_at_the_size_it_is_shown_at(side) -> None:
    inside = np.zeros((side, side), bool)
    inside[side // 3 : 2 * side // 3, side // 3 : 2 * side // 3] = True
    shown = np.asarray(Image.fromarray(border(inside)).resize((90, 90), Image.Resampling.BOX))[..., 3]
    assert shown[45, :30].max() > 150
    assert shown[45, 60:].max() > 150
    assert shown[40:50, 40:50].max() == 0
