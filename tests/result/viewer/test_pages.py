"""Chromium opens the pages; what it shows is what the files say."""

import csv
import io
import json
import re
import shutil

import numpy as np
import pytest
import tifffile

from holdstill.api import correct
from holdstill.io import open_source
from holdstill.result.registration import load
from holdstill.result.viewer.opening import open_show
from holdstill.result.viewer.server import Server
from tests.result.viewer.barriers import AXE, SERIOUS

pytestmark = pytest.mark.slow


UNNAMED = """[...document.querySelectorAll('input,select,button,canvas,img')].filter(e => !(e.labels?.length
    || e.ariaLabel || e.textContent.trim() || e.alt || e.closest('.map,.chart'))).length"""


@pytest.fixture
def serve():
    running = []

    def start(*paths):
        running.append(Server(open_show(list(paths))))
        running[-1].start()
        return running[-1].address

    yield start
    for server in running:
        server.stop()


@pytest.fixture
def table(slide_folder):
    with open(slide_folder / "integrity.csv", encoding="ascii") as file:
        return list(csv.DictReader(file))


def wait_until(page, expression):
    """Wait, asking from outside: the page's own rules forbid it to evaluate text."""
    for _ in range(100):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never came true: {expression}")


def counts(page):
    return {
        name: int(page.get_attribute("#counts", f"data-{name}")) for name in ("kept", "through", "unknown", "cells")
    }


def facts(page):
    names, values = (page.locator(f"#facts {kind}").all_inner_texts() for kind in ("dt", "dd"))
    return dict(zip(names, values, strict=True))


def wait_for_cell(page, cell):
    wait_until(page, f"document.querySelector('#facts dd')?.textContent === '{cell}'")


def kept_cells(table, cycle, threshold):
    """Cells that all cycles up to one kept, by the table alone."""
    so_far = [row for row in table if int(row["cycle"]) <= cycle]
    lost = {row["cell"] for row in so_far if not float(row["correlation_first"]) >= threshold}
    return {row["cell"] for row in table} - lost


def test_a_cell_and_the_counts_are_those_of_the_table(slide_folder, table, serve, open_page) -> None:
    summary = json.loads((slide_folder / "summary.json").read_text())
    cell = table[4 * 17]["cell"]
    page = open_page(serve(slide_folder) + f"#cell={cell}&cycle=3")
    assert page.inner_text("h1") == slide_folder.name  # brackets and quotes as they are
    found = facts(page)
    third = next(row for row in table if row["cell"] == cell and row["cycle"] == "3")
    assert found["number"] == cell
    assert found["area"] == f"{int(third['area']):,} px"
    assert found["in cycle 3"].startswith(f"r = {float(third['correlation_first']):.4f}")
    tiles = page.locator("#tiles figure")
    assert tiles.count() == 4
    for number, told in enumerate(tiles.locator(".verdict").all_inner_texts()):
        row = table[4 * 17 + number]
        assert told.split()[0] == ("kept" if row["kept"] == "1" else "lost")
        assert told.split()[-1] == f"{float(row['correlation_first']):.3f}"
    wait_until(page, "[...document.images].every(i => i.complete && i.naturalWidth > 0)")
    third_column = [row for row in table if row["cycle"] == "3"]
    expected = {"kept": sum(row["kept"] == "1" for row in third_column), "cells": len(third_column),
                "unknown": sum(row["correlation_first"] == "nan" for row in third_column),
                "through": len(kept_cells(table, 3, summary["threshold"]))}  # fmt: skip
    assert counts(page) == expected  # as the server counts at first sight
    wait_until(page, "document.querySelector('main').dataset.loaded === 'yes'")
    for value in ("0.5", str(summary["threshold"])):
        page.locator("#threshold").fill(f"{float(value):.3f}")
    page.click("text=As found")
    wait_until(page, f"document.querySelector('#counts').dataset.kept == {expected['kept']}")
    assert counts(page) == expected  # and as the page counts itself


def test_the_threshold_recounts_and_exports(slide_folder, table, serve, open_page, tmp_path) -> None:
    page = open_page(serve(slide_folder) + "#cycle=4")
    page.locator(".chart .u-over").first.click(position={"x": 5, "y": 30})  # near -1: all that is known is kept
    wait_until(page, "Number(document.querySelector('#threshold').value) < -0.9")
    told = "document.querySelector('#counts').dataset"
    wait_until(page, f"{told}.kept == {told}.cells - {told}.unknown")
    before = counts(page)
    page.locator("#threshold").fill("0.93")
    wait_until(page, f"document.querySelector('#counts').dataset.kept < {before['kept']}")
    expected = kept_cells(table, 4, 0.93)
    assert counts(page)["through"] == len(expected)
    with page.expect_download() as told:
        page.click("text=Kept cells (CSV)")
    told.value.save_as(tmp_path / "kept.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "kept.csv").read_text())))
    assert {row["cell"] for row in rows} == expected
    with page.expect_download() as told:
        page.click("text=Kept labels (TIFF)")
    told.value.save_as(tmp_path / "kept.tif")
    labels, filtered = (tifffile.imread(path) for path in (slide_folder.parent / "cells.tif", tmp_path / "kept.tif"))
    assert filtered.dtype == labels.dtype
    np.testing.assert_array_equal(filtered, np.where(np.isin(labels, [int(cell) for cell in expected]), labels, 0))


def test_cells_are_found_by_key_click_and_lasso(slide_folder, table, serve, open_page) -> None:
    page = open_page(serve(slide_folder) + "#cycle=2")
    cells = list(dict.fromkeys(row["cell"] for row in table))
    wait_for_cell(page, cells[0])
    page.locator("body").press("n")
    wait_for_cell(page, cells[1])
    page.locator("body").press("p")
    wait_for_cell(page, cells[0])
    second = [row for row in table if row["cycle"] == "2" and row["correlation_first"] != "nan"]
    worst = sorted(second, key=lambda row: float(row["correlation_first"]))
    page.locator("body").press("w")
    wait_for_cell(page, worst[0]["cell"])
    page.locator("body").press("w")
    wait_for_cell(page, worst[1]["cell"])
    assert f"cell={worst[1]['cell']}" in page.evaluate("location.hash")
    box = page.locator(".map").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    wait_until(page, f"document.querySelector('#facts dd').textContent !== '{worst[1]['cell']}'")
    row = next(row for row in table if row["cell"] == facts(page)["number"])
    assert np.hypot(float(row["y"]) - 150, float(row["x"]) - 160) < 22  # the middle of the slide
    page.check("#lasso")
    corners = [(0.3, 0.3), (0.7, 0.3), (0.7, 0.7), (0.3, 0.7)]
    at = [(box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x, y in corners]
    page.mouse.move(*at[0])
    page.mouse.down()
    for x, y in at[1:]:
        page.mouse.move(x, y, steps=3)
    page.mouse.up()
    wait_until(page, f"Number(document.querySelector('#counts').dataset.cells) < {len(cells)}")
    assert 0 < counts(page)["cells"] < len(cells)
    page.click("text=Clear selection")
    wait_until(page, f"document.querySelector('#counts').dataset.cells === '{len(cells)}'")
    page.fill("#cell-id", "12")
    page.locator("#cell-id").press("Enter")
    page.wait_for_selector(".wrong:not([hidden])")
    assert "there is no cell 12" in page.inner_text(".wrong")


def test_fast_keys_and_pasted_links_end_where_they_say(slide_folder, table, serve, open_page) -> None:
    cells = list(dict.fromkeys(row["cell"] for row in table))
    page = open_page(serve(slide_folder) + f"#cell={cells[3]}&cycle=2")
    page.evaluate(
        "for (let k = 0; k < 5; k++) dispatchEvent(new KeyboardEvent('keydown', { key: 'n', bubbles: true }))"
    )
    wait_until(page, f"document.querySelector('#facts dd').textContent === '{cells[8]}'")
    page.evaluate(f"location.hash = '#cell={cells[5]}&cycle=4&threshold=0.251'")
    wait_until(page, f"document.querySelector('#facts dd').textContent === '{cells[5]}'")
    wait_until(page, "document.querySelector('#cycle').value === '4'")
    assert page.locator("#threshold").input_value() == "0.251"


def test_images_that_moved_are_asked_for_in_one_line(slide_folder, serve, open_page, tmp_path) -> None:
    shutil.copytree(slide_folder, tmp_path / "kept" / "result")
    summary = json.loads((slide_folder / "summary.json").read_text())
    for each in summary["inputs"]["cycles"]:
        each["file"] = "/gone/cycles.ome.tif"
    summary["inputs"] |= {"labels": "/gone/cells.tif", "beside": {}}
    summary["verdicts"] = ["ok", "ok", "out_of_range", "ok"]
    (tmp_path / "kept" / "result" / "summary.json").write_text(json.dumps(summary))
    page = open_page(serve(tmp_path / "kept" / "result"))
    assert page.inner_text("#question") == "cycles.ome.tif is not at /gone/cycles.ome.tif any more; where is it now?"
    assert page.locator("#tiles .none").count() == 4
    page.fill("#asking input", str(slide_folder.parent))
    page.locator("#asking input").press("Enter")
    wait_until(page, "document.querySelector('#asking').hidden && document.querySelectorAll('#tiles img').length === 6")
    assert page.inner_text("#tiles .none") == "missing: not registered (out of range)"  # and no cell is lost by it
    assert "(missing)" in page.locator("#cycle option").nth(2).inner_text()
    again = page.inner_text("#again")
    assert not page.locator("#asking").is_visible()
    assert again == f'holdstill view "result{page.evaluate("location.hash")}"'
    assert "#cell=" in again


def canvas_pixels(page, number=0):
    """The grey values of a canvas, (y, x, 4)."""
    code = """n => { const c = document.querySelectorAll('canvas')[n];
        return [c.height, c.width, Array.from(c.getContext('2d').getImageData(0, 0, c.width, c.height).data)]; }"""
    height, width, values = page.evaluate(code, number)
    return np.array(values).reshape(height, width, 4)


def wait_for_frame(page, t, mode):
    page.wait_for_selector(f"#screen[data-frame='{t}'][data-mode='{mode}']")


@pytest.mark.parametrize("name", ["still.ome.tif", "still.drift.json"])
def test_frames_are_those_of_the_files(movie_folder, serve, open_page, name) -> None:
    """From the corrected file, and corrected on the way from the raw one."""
    page = open_page(serve(movie_folder / name) + "#frame=5")
    wait_for_frame(page, 5, "side")
    found = load(movie_folder / "still.drift.json")
    assert f"Shift {found.shifts[5][0]:.3f}, {found.shifts[5][1]:.3f} px" in page.inner_text("#told")
    page.fill("#low", "0")
    page.fill("#high", "255")
    page.locator("#high").press("Enter")
    page.evaluate("document.activeElement.blur()")
    page.wait_for_timeout(1500)
    with open_source(movie_folder / "movie.tif") as raw, open_source(movie_folder / "still.ome.tif") as still:
        expected = [source.read(5, 6)[0, 0] for source in (raw, still)]
    for number, frame in enumerate(expected):
        np.testing.assert_allclose(canvas_pixels(page, number)[..., 0], np.clip(frame.astype(int), 0, 255), atol=1)
    page.locator("body").press("ArrowRight")
    wait_for_frame(page, 6, "side")
    page.locator("body").press("f")
    wait_for_frame(page, 9, "side")
    assert found.verdicts[9].value.replace("_", " ") in page.inner_text("#told .flagged")
    assert "frame=9" in page.evaluate("location.hash")


def test_both_are_shown_in_every_way(movie_folder, serve, open_page) -> None:
    page = open_page(serve(movie_folder / "still.ome.tif") + "#frame=3")
    wait_for_frame(page, 3, "side")
    raw, still = (canvas_pixels(page, number)[..., 0] for number in (0, 1))
    page.click("[data-mode=overlay]")
    wait_for_frame(page, 3, "overlay")
    mixed = canvas_pixels(page)
    np.testing.assert_array_equal(mixed[..., 0], raw)
    np.testing.assert_array_equal(mixed[..., 1], still)
    page.click("[data-mode=difference]")
    wait_for_frame(page, 3, "difference")
    assert np.abs(canvas_pixels(page)[..., 0] - (128 + (still - raw) / 2)).max() <= 1
    page.click("[data-mode=flicker]")
    wait_for_frame(page, 3, "flicker")
    page.click("button[data-mode=divider]")
    wait_for_frame(page, 3, "divider")
    box = page.locator("canvas.divided").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 20)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 4, box["y"] + 20)
    page.mouse.up()
    at = int(page.get_attribute("canvas.divided", "data-at"))
    assert abs(at - 24) <= 1
    divided = canvas_pixels(page)[..., 0]
    np.testing.assert_array_equal(divided[:, :at], raw[:, :at])
    np.testing.assert_array_equal(divided[:, at + 1 :], still[:, at + 1 :])


def test_frames_are_judged_and_a_mask_is_drawn(movie_folder, serve, open_page, tmp_path) -> None:
    page = open_page(serve(movie_folder / "still.ome.tif") + "#frame=3")
    wait_for_frame(page, 3, "side")
    found = load(movie_folder / "still.drift.json")
    page.locator("body").press("r")
    wait_until(page, "document.querySelector('#told .flagged')?.textContent === 'refused by hand'")
    shift = found.refused(3).shifts[3]
    assert f"Shift {shift[0]:.3f}, {shift[1]:.3f} px" in page.inner_text("#told")
    assert "Somebody looked at it" in page.inner_text("#advice")
    page.reload()
    wait_for_frame(page, 3, "side")
    assert page.inner_text("#told .flagged") == "refused by hand"
    with page.expect_download() as told:
        page.click("text=Save result")
    told.value.save_as(tmp_path / "judged.json")
    assert load(tmp_path / "judged.json").provenance["refused by hand"] == [3]
    other = open_page(page.url)  # in a context of its own, as another browser
    wait_for_frame(other, 3, "side")
    page.click("text=Accept this frame")
    for each in (page, other):
        wait_until(each, "document.querySelector('#told .flagged') === null")
    other.close()
    assert page.is_disabled("text=Save result")  # nothing is left to save
    page.click("text=Draw a mask")
    box = page.locator("canvas").first.bounding_box()
    corners = [(0.25, 0.25), (0.25, 0.5), (0.75, 0.5), (0.75, 0.25)]  # of the height and the width
    points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for y, x in corners]
    page.mouse.move(*points[0])
    page.mouse.down()
    for point in points[1:]:
        page.mouse.move(*point)
    page.mouse.up()
    with page.expect_download() as told:
        page.click("text=Save mask")
    told.value.save_as(tmp_path / "mask.tif")
    mask = tifffile.imread(tmp_path / "mask.tif")
    # drawn on the raw frame: of the reference it is what that frame shows there
    top, left = (np.array([24, 24]) - np.rint(found.shifts[3])).astype(int)
    expected = np.zeros((96, 96), np.uint8)
    expected[top : top + 48, left : left + 24] = 255
    assert np.abs(found.shifts[3]).max() > 2
    assert (mask != expected).sum() <= 4 * 48  # a line of pixels at the border


def test_a_mask_is_drawn_by_keys(movie_folder, serve, open_page, tmp_path) -> None:
    page = open_page(serve(movie_folder / "still.ome.tif") + "#frame=3&at=24,12,48")
    wait_for_frame(page, 3, "side")
    page.locator("body").press("b")
    wait_until(page, "![...document.querySelectorAll('button')].find(e => e.textContent === 'Save mask').disabled")
    with page.expect_download() as told:
        page.click("text=Save mask")
    told.value.save_as(tmp_path / "mask.tif")
    rows, columns = np.nonzero(tifffile.imread(tmp_path / "mask.tif"))
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (24, 71, 12, 59)


def test_keys_work_while_a_control_has_the_focus(movie_folder, serve, open_page) -> None:
    page = open_page(serve(movie_folder / "still.ome.tif") + "#frame=3")
    wait_for_frame(page, 3, "side")
    page.focus("#frame")
    page.keyboard.press("ArrowRight")  # the slider's own
    wait_for_frame(page, 4, "side")
    page.keyboard.press("f")
    wait_for_frame(page, 9, "side")
    page.keyboard.press("m")
    wait_for_frame(page, 9, "overlay")
    page.focus("button[data-mode=divider]")
    page.keyboard.press(" ")  # presses the button, and plays nothing
    wait_for_frame(page, 9, "divider")
    assert page.inner_text("button:has-text('Play')") == "Play"
    at = int(page.get_attribute("canvas.divided", "data-at"))
    page.keyboard.press(".")
    wait_until(page, f"Number(document.querySelector('canvas.divided').dataset.at) > {at}")
    page.focus("#divider")
    page.keyboard.press("Home")
    wait_until(page, "document.querySelector('canvas.divided').dataset.at === '0'")
    page.fill("#low", "3")
    page.focus("#low")
    page.keyboard.press("f")  # who types is left alone
    assert "frame=9" in page.evaluate("location.hash")


def test_an_address_moves_everything_and_nonsense_nothing(movie_folder, serve, open_page) -> None:
    page = open_page(serve(movie_folder / "still.ome.tif") + "#frame=abc&mode=toString&at=x")
    wait_for_frame(page, 0, "side")
    for address, frame, mode in (("#frame=5&mode=overlay&at=24,12,48", 5, "overlay"), ("#frame=abc", 5, "overlay"),
                                 ("#frame=99&mode=side", 15, "side"), ("#frame=-3", 0, "side")):  # fmt: skip
        page.evaluate(f"location.hash = '{address}'")
        wait_for_frame(page, frame, mode)
        wait_until(page, f"location.hash.includes('frame={frame}&')")
    page.evaluate("location.hash = '#frame=2&at=24,12,48'")
    wait_until(page, "document.querySelector('#part').textContent.startsWith('Rows 24 to 71, columns 12 to 59')")


def test_a_frame_that_the_file_lacks_does_not_hide_the_raw_one(movie_folder, serve, open_page, tmp_path) -> None:
    correct(movie_folder / "movie.tif", tmp_path / "a.ome.tif", reference="first", repair="drop", report=False)
    page = open_page(serve(tmp_path / "a.ome.tif") + "#frame=9")
    page.wait_for_selector("#screen[data-frame='9']")
    assert page.locator("#screen canvas:visible").count() == 1
    assert "frame 9 was left out of it" in page.inner_text(".missing:visible")
    assert "of 15 frames" in page.inner_text("main")
    page.locator("body").press("ArrowRight")
    wait_for_frame(page, 10, "side")
    assert page.locator("#screen canvas:visible").count() == 2
    assert not page.is_visible(".wrong")


def test_a_flagged_frame_is_put_at_another_place(placed_folder, movie_folder, serve, open_page, tmp_path) -> None:
    page = open_page(serve(placed_folder / "still.drift.json", movie_folder / "movie.tif") + "#frame=3")
    wait_for_frame(page, 3, "side")
    assert page.locator("#place").is_hidden()  # one place only
    page.locator("body").press("f")
    wait_for_frame(page, 9, "side")
    offered = page.locator("#place option").all_inner_texts()
    assert offered == [
        "as it was",
        "1.50, -2.25 px, correlation 0.31, the likeliest",
        "20.00, 3.00 px, correlation 0.28, 37 % as likely",
        "-7.00, 11.00 px, correlation 0.20, 10^-10 as likely",
    ]
    page.select_option("#place", "1")
    wait_until(page, "document.querySelector('#told .flagged') === null")
    assert "Shift 20.000, 3.000 px, correlation 0.280: ok" in page.inner_text("#told")
    assert page.input_value("#place") == "1"
    with page.expect_download() as told:
        page.click("text=Save result")
    told.value.save_as(tmp_path / "judged.json")
    judged = load(tmp_path / "judged.json")
    assert judged.provenance["candidate by hand"] == {"9": 1}
    assert judged.shifts[9].tolist() == [20, 3]
    page.select_option("#place", "")
    wait_until(page, "document.querySelector('#told .flagged') !== null")
    assert page.inner_text("#told .flagged") == load(placed_folder / "still.drift.json").verdict_names[9].replace(
        "_", " "
    )
    assert page.is_disabled("text=Save result")
    page.select_option("#place", "1")
    wait_until(page, "document.querySelector('#told .flagged') === null")
    page.locator("body").press("r")
    wait_until(page, "document.querySelector('#told .flagged')?.textContent === 'refused by hand'")
    assert page.input_value("#place") == ""
    for width in (700, 1400):
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(200)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    if AXE.exists():
        page.evaluate(AXE.read_text(encoding="utf-8"))
        assert page.evaluate(SERIOUS) == []


def test_a_movie_alone_and_a_damaged_frame(tmp_path, serve, open_page) -> None:
    frames = np.random.default_rng(0).integers(0, 4000, (6, 2, 40, 50)).astype(np.uint16)
    path = tmp_path / "<i>movie's &amp; <b>.ome.tif"
    names = {"axes": "TCYX", "Channel": {"Name": ["<b>red</b>", "green"]}}
    tifffile.imwrite(path, frames, metadata=names, compression="zlib", photometric="minisblack")
    with tifffile.TiffFile(path) as tif:
        offset, count = tif.pages[6].dataoffsets[0], tif.pages[6].databytecounts[0]
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(b"\xff" * count)
    page = open_page(serve(path))
    assert page.inner_text("h1") == path.name
    assert page.locator("#channel option").all_inner_texts() == ["<b>red</b>", "green"]
    wait_for_frame(page, 0, "single")
    page.locator("#frame").fill("3")
    page.wait_for_selector(".wrong:not([hidden])")
    assert "frame 3 cannot be decoded" in page.inner_text(".wrong")
    page.select_option("#channel", "1")
    wait_for_frame(page, 3, "single")
    assert not page.is_visible(".wrong")


def test_the_plane_of_a_volume_is_told(tmp_path, serve, open_page) -> None:
    volumes = np.arange(2 * 5, dtype=np.uint16).reshape(2, 5, 1, 1) + np.zeros((1, 1, 30, 40), np.uint16)
    tifffile.imwrite(tmp_path / "volumes.ome.tif", volumes, metadata={"axes": "TZYX"}, photometric="minisblack")
    page = open_page(serve(tmp_path / "volumes.ome.tif") + "#z=1")
    wait_for_frame(page, 0, "single")
    assert page.inner_text("output[for=z]") == "1 of 0 to 4"
    page.locator("#z").press("End")
    wait_until(page, "document.querySelector('output').textContent === '4 of 0 to 4'")
    page.close()


@pytest.mark.parametrize("shown", ["slide", "movie"])
def test_nothing_runs_over_the_edge(slide_folder, movie_folder, serve, open_page, shown) -> None:
    page = open_page(serve(slide_folder if shown == "slide" else movie_folder / "still.ome.tif"))
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for width in (1400, 700):
            page.set_viewport_size({"width": width, "height": 900})
            page.wait_for_timeout(200)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            dark = page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 22, 26)"
            assert dark == (scheme == "dark")
            assert page.evaluate(UNNAMED) == 0


@pytest.mark.parametrize("shown", ["slide", "movie"])
def test_no_serious_barrier(slide_folder, movie_folder, serve, open_page, shown) -> None:
    if not AXE.exists():
        pytest.skip("no axe-core here: npm ci in tools/viewer")
    page = open_page(serve(slide_folder if shown == "slide" else movie_folder / "still.ome.tif"))
    page.evaluate(AXE.read_text(encoding="utf-8"))
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert page.evaluate(SERIOUS) == []


def test_the_cursor_of_the_drift_stands_at_the_frame(movie_folder, serve, open_page) -> None:
    page = open_page(serve(movie_folder / "still.ome.tif") + "#frame=2")
    place = "document.querySelector('.cursor-line').getBoundingClientRect().left"
    width = page.evaluate("document.querySelector('.chart .u-over').getBoundingClientRect().width")
    before = page.evaluate(place)
    page.locator("#frame").fill("12")
    wait_until(page, "document.querySelector('#screen').dataset.frame === '12'")
    assert page.evaluate(place) - before == pytest.approx(width * 10 / 16, abs=1.5)  # of 16 frames
    page.set_viewport_size({"width": 900, "height": 800})
    wait_until(page, f"document.querySelector('.chart .u-over').getBoundingClientRect().width < {width} - 300")
    left, room = (page.evaluate(f"document.querySelector('{name}').getBoundingClientRect().left")
                  for name in (".cursor-line", ".chart .u-over"))  # fmt: skip
    narrow = page.evaluate("document.querySelector('.chart .u-over').getBoundingClientRect().width")
    assert left - room == pytest.approx(narrow * 12.5 / 16, abs=2)


def test_the_raw_frame_is_seen_while_the_rest_is_made(movie_folder, serve, browser) -> None:
    """A page of a long movie waited for the drift of all frames, and for what corrects frames to be loaded."""
    held, first, page = [], [], browser.new_page(viewport={"width": 1400, "height": 1000})
    page.route(re.compile(r"api/(drift|frame\?view=corrected)"), lambda asked: held.append(asked))
    page.route(re.compile(r"api/frame\?view=raw"), lambda asked: first.append(asked))
    page.goto(serve(movie_folder / "still.drift.json"))
    page.wait_for_timeout(300)
    assert (len(first), held) == (1, [])  # nothing is made beside the raw frame
    page.unroute(re.compile(r"api/frame\?view=raw"))
    first[0].continue_()
    page.wait_for_selector("main[data-painted]", timeout=30_000)
    pixels = "document.querySelector('#screen canvas').getContext('2d').getImageData(30, 30, 30, 30).data"
    assert page.evaluate(f"{pixels}.some(value => value > 0 && value < 255)")
    assert page.locator("main[data-ready]").count() == 0
    assert page.locator("#told").inner_text() == "Frame 0 of 0 to 15"
    for each in held:
        each.continue_()
    page.wait_for_selector("main[data-ready]", timeout=30_000)
    assert "Shift" in page.locator("#told").inner_text()
    page.close()


def test_a_page_whose_server_was_ended_says_what_to_do(movie_folder, serve, browser) -> None:
    page = browser.new_page()
    page.goto(serve(movie_folder / "still.drift.json"))
    page.wait_for_selector("main[data-ready]")
    page.route("**/api/**", lambda asked: asked.abort("connectionrefused"))
    for _ in range(9):  # beyond what was fetched ahead
        page.keyboard.press("ArrowRight")
    page.get_by_text("start it again").first.wait_for(timeout=5000)
    assert "Failed to fetch" not in page.inner_text("body")
    page.close()
