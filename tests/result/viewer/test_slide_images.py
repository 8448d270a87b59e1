"""The images behind a result are found where they lie now, and cells whatever their numbers."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import tifffile

from holdstill import integrity
from holdstill.errors import InputError, MissingFile
from holdstill.result.viewer.opening import open_show
from holdstill.result.viewer.slide import SlideView, show_slide

SIDE, CELL = 60, 20
CYCLES = np.random.default_rng(0).poisson(np.random.default_rng(1).gamma(4, 50, (SIDE, SIDE)), (3, SIDE, SIDE))


def make_labels(dtype, offset=0):
    line = np.arange(SIDE, dtype=dtype) // dtype(CELL)
    return line[:, None] * dtype(3) + line + dtype(1) + dtype(offset)


def measure(folder: Path, labels=None, **options):
    """Cycles and labels as files in ``images``, results in ``out``."""
    (folder / "images").mkdir()
    tifffile.imwrite(
        folder / "images" / "cycles.tif", CYCLES.astype(np.uint16), metadata={"axes": "TYX"}, photometric="minisblack"
    )
    tifffile.imwrite(folder / "images" / "cells.tif", make_labels(np.uint32) if labels is None else labels)
    files = {"images": folder / "images" / "cycles.tif", "labels": folder / "images" / "cells.tif"}
    integrity.measure(**files, axes="TYX", out=folder / "out", threshold=0.5, **options)
    return folder / "out"


def tiles_of(view, **query):
    return json.loads(view.tiles({"row": "4", **query}, b"").body)


def ask(show, name, body=b"", **query):
    return json.loads(show.handlers[name](query, body).body)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int32, np.uint32, np.int64, np.uint64])
def test_cells_of_the_largest_numbers_are_found_each_for_itself(tmp_path: Path, dtype) -> None:
    """As floats 2**53 and its neighbour are one number, and 2**63 and a thousand of its neighbours."""
    highest = int(np.iinfo(dtype).max) - 9
    labels = make_labels(dtype, highest)
    view = SlideView(measure(tmp_path, labels))
    try:
        for row in range(9):
            y, x = row // 3 * CELL + 10, row % 3 * CELL + 10
            found = json.loads(view.at({"y": str(y), "x": str(x)}, b"").body)
            assert (found["row"], found["cell"]) == (row, str(highest + row + 1))
            assert json.loads(view.cell({"id": found["cell"]}, b"").body) == found
        for name in (str(highest + 10), str(2**70), "0"):
            with pytest.raises(InputError, match=f"there is no cell {name}; the labels go from"):
                view.cell({"id": name}, b"")
        for name in ("-3", "²", "1.5", "x"):
            with pytest.raises(InputError, match="is not the number of a cell"):
                view.cell({"id": name}, b"")
        with pytest.raises(InputError, match="give the number of a cell"):
            view.cell({}, b"")  # as of an empty field
    finally:
        view.close()


def test_results_moved_with_their_images_find_them(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    measure(tmp_path / "here")
    shutil.move(tmp_path / "here", tmp_path / "there")
    view = SlideView(tmp_path / "there" / "out")
    try:
        told = tiles_of(view)
        assert told["asks"] == []
        assert all("first" in tile for tile in told["tiles"])
        assert told["outline"]
    finally:
        view.close()


def test_images_that_moved_are_asked_for_and_found(tmp_path: Path) -> None:
    out = measure(tmp_path)
    shutil.move(tmp_path / "images", tmp_path / "elsewhere")
    show = show_slide(out)
    try:
        asks = ask(show, "summary")["asks"]
        assert [line.split(" is not at ")[0] for line in asks] == ["cycles.tif", "cells.tif"]
        assert all(line.endswith("where is it now?") for line in asks)
        told = ask(show, "tiles", row="4")
        assert (told["outline"], told["asks"]) == (None, asks)
        assert all("cycles.tif is not at" in tile["error"] for tile in told["tiles"])
        assert ask(show, "at", x="30", y="30")["row"] == 4  # the nearest, where labels are not there
        for place, text in (("nowhere", "is not there; give the file"), (str(out), "is none of cycles.tif, cells.tif")):
            with pytest.raises((InputError, MissingFile), match=text):
                show.handlers["place"]({}, json.dumps({"place": place}).encode())
        with pytest.raises(InputError, match="give the file"):
            show.handlers["place"]({}, b'{"place": " "}')
        assert ask(show, "place", json.dumps({"place": str(tmp_path / "elsewhere")}).encode())["asks"] == []
        told = ask(show, "tiles", row="4")
        assert told["outline"]
        assert all("first" in tile for tile in told["tiles"])
    finally:
        show.close()


def test_one_file_of_another_name_is_taken_if_it_fits(tmp_path: Path) -> None:
    out = measure(tmp_path)
    shutil.move(tmp_path / "images" / "cells.tif", tmp_path / "images" / "nuclei.tif")
    tifffile.imwrite(tmp_path / "small.tif", np.ones((9, 9), np.uint8))
    show = show_slide(out)
    try:
        with pytest.raises(InputError, match=r"small\.tif: is 9 x 9 px and the slide 60 x 60 px; give cells\.tif"):
            show.handlers["place"]({}, json.dumps({"place": str(tmp_path / "small.tif")}).encode())
        place = json.dumps({"place": str(tmp_path / "images" / "nuclei.tif")}).encode()
        assert ask(show, "place", place)["asks"] == []
        assert ask(show, "tiles", row="4")["outline"]
    finally:
        show.close()


def test_places_are_given_on_opening_too(tmp_path: Path) -> None:
    out = measure(tmp_path)
    expected = SlideView(out)
    shutil.copytree(tmp_path / "images", tmp_path / "elsewhere")
    told = tiles_of(expected)
    expected.close()
    shutil.rmtree(tmp_path / "images")
    shows = (
        open_show([out, tmp_path / "elsewhere"]),
        open_show([out, tmp_path / "elsewhere" / "cycles.tif"], labels=tmp_path / "elsewhere" / "cells.tif"),
        show_slide(out, CYCLES.astype(np.uint16), make_labels(np.uint32)),
    )
    for show in shows:
        try:
            assert ask(show, "tiles", row="4") == told
        finally:
            show.close()


def test_arrays_in_python_are_said_and_their_labels_outlined(tmp_path: Path) -> None:
    integrity.measure(CYCLES, labels=make_labels(np.int64), out=tmp_path / "out", threshold=0.5)
    show = show_slide(tmp_path / "out")
    try:
        assert ask(show, "summary")["asks"] == ["the cycles were an array in Python; which file holds them now?"]
        assert ask(show, "tiles", row="4")["outline"]
        tifffile.imwrite(
            tmp_path / "now.tif", CYCLES.astype(np.uint16), metadata={"axes": "TYX"}, photometric="minisblack"
        )
        assert ask(show, "place", json.dumps({"place": str(tmp_path / "now.tif")}).encode())["asks"] == []
        assert all("first" in tile for tile in ask(show, "tiles", row="4")["tiles"])
    finally:
        show.close()


def test_a_bent_cycle_is_shown_through_its_displacements(tmp_path: Path) -> None:
    moved = np.stack([np.roll(CYCLES[0], (3 * k, -2 * k), (0, 1)) for k in range(3)]).astype(np.uint16)
    (tmp_path / "images").mkdir()
    tifffile.imwrite(tmp_path / "images" / "cycles.tif", moved, metadata={"axes": "TYX"}, photometric="minisblack")
    out = tmp_path / "out"
    integrity.measure(tmp_path / "images" / "cycles.tif", axes="TYX", tile=20, out=out, register="piecewise")
    view = SlideView(out)
    try:
        rows = columns = slice(20, 40)
        first, last = (view.images.read_window(k, rows, columns) for k in (0, 2))
        assert np.corrcoef(first.ravel(), last.ravel())[0, 1] > 0.97
    finally:
        view.close()
