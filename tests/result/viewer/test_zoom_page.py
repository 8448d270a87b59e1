"""Chromium zooms into a frame; what is drawn over it lies where the pixels lie."""

import re

import numpy as np
import pytest
import tifffile

from holdstill.result.registration import load
from holdstill.result.viewer import movie as movies
from holdstill.result.viewer import regions
from holdstill.result.viewer.opening import open_show
from holdstill.result.viewer.server import Server
from tests.result.viewer.barriers import AXE, SERIOUS
from tests.result.viewer.test_regions import write_tiff

pytestmark = pytest.mark.slow

# grey of the first canvas, and of the outline 0
PIXELS = """() => { const c = document.querySelector("#screen canvas");
    const d = c.getContext("2d").getImageData(0, 0, c.width, c.height).data;
    return [c.height, c.width, Array.from(d.filter((_, i) => i % 4 === 0))]; }"""
FIRST_ROW = "parseInt(document.querySelector('#part').textContent.split(' ')[1])"
CIRCLES = """[...document.querySelectorAll("#screen figure:nth-child(%d) .spot")]
    .map(e => [+e.getAttribute("cy"), +e.getAttribute("cx")])"""


@pytest.fixture
def serve():
    running = []

    def start(*paths, **drawn):
        running.append(Server(open_show(list(paths), **drawn)))
        running[-1].start()
        return running[-1].address

    yield start
    for server in running:
        server.stop()


def wait_until(page, expression):
    for _ in range(100):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never came true: {expression}")


def read_pixels(page):
    height, width, values = page.evaluate(PIXELS)
    return np.array(values, np.uint8).reshape(height, width)


def read_part(page):
    return page.inner_text("#part")


@pytest.fixture
def pyramid(tmp_path, monkeypatch):
    """A slide that counts as large, of one frame; where a value lies is known from it."""
    monkeypatch.setattr(movies, "LARGEST_PX", 128)
    monkeypatch.setattr(regions, "LARGE_PX", 1000)
    y, x = np.mgrid[:600, :800]
    frames = (y * 80 + x).astype(np.uint16)[None]
    write_tiff(tmp_path / "slide.ome.tif", frames, (2, 4, 8))
    return tmp_path / "slide.ome.tif", frames[0]


def test_a_slide_is_zoomed_and_panned(pyramid, serve, open_page) -> None:
    path, image = pyramid
    page = open_page(serve(path))
    assert "mean of 8 x 8" in read_part(page)
    assert page.inner_text("#told").startswith("One frame")
    assert page.is_disabled("#frame")
    assert read_pixels(page).shape == (75, 100)
    for field, value in (("#low", 0), ("#high", 255 * 200)):
        page.fill(field, str(value))
        page.locator(field).blur()
    for _ in range(4):
        page.locator("body").press("+")
    page.locator("body").press("s")
    page.locator("body").press("d")
    wait_until(page, "document.querySelector('#part').textContent === 'Rows 290 to 328, columns 387 to 437. '")
    shown = np.clip(image[290:329, 387:438] / 200.0, 0, 255).astype(int)
    wait_until(page, f"document.querySelector('#screen canvas').height === {shown.shape[0]}")
    assert np.abs(read_pixels(page).astype(int) - shown).max() <= 1
    again = open_page(page.url)  # the address holds the place
    assert again.inner_text("#part") == read_part(page)
    page.locator("body").press("0")
    wait_until(page, "document.querySelector('#part').textContent.startsWith('Each pixel is the mean of 8 x 8')")
    assert "at=" not in page.url


def test_the_wheel_and_a_drag_do_the_same(pyramid, serve, open_page) -> None:
    page = open_page(serve(pyramid[0]))
    box = page.locator("#screen canvas").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 4, box["y"] + box["height"] / 4)
    page.mouse.wheel(0, -100)
    wait_until(page, "document.querySelector('#part').textContent.startsWith('Rows ')")
    # what lay under the pointer, a quarter of the way, still does: 600 px became 480
    words = [int(word) for word in re.findall(r"\d+", read_part(page))]
    assert abs(words[0] - 30) <= 1
    assert abs(words[1] - words[0] - 479) <= 1
    page.locator("body").press("+")
    wait_until(page, f"{FIRST_ROW} > 100")
    first = page.evaluate(FIRST_ROW)
    box = page.locator("#screen canvas").bounding_box()
    page.mouse.move(box["x"] + 100, box["y"] + 100)
    page.mouse.down()
    page.mouse.move(box["x"] + 100, box["y"] + 40, steps=4)
    page.mouse.up()
    wait_until(page, f"{FIRST_ROW} > {first}")


def test_points_labels_and_motion_lie_on_the_pixels(movie_folder, serve, open_page, tmp_path) -> None:
    found = load(movie_folder / "still.drift.json")
    (tmp_path / "spots.csv").write_text("t,y,x\n3,40,50\n4,1,1\n")
    labels = np.zeros((96, 96), np.uint8)
    labels[20:30, 40:60] = 7
    tifffile.imwrite(tmp_path / "cells.tif", labels)
    paths = {"points": tmp_path / "spots.csv", "labels": tmp_path / "cells.tif"}
    page = open_page(serve(movie_folder / "still.drift.json", **paths) + "#frame=3")
    (raw,), (corrected,) = (page.evaluate(CIRCLES % number) for number in (1, 2))
    np.testing.assert_allclose(raw, [40.5, 50.5], atol=1e-3)
    np.testing.assert_allclose(corrected, np.array([40.5, 50.5]) - found.shifts[3], atol=2e-3)
    outlined = read_pixels(page)[:, :]
    page.uncheck("#show-labels")
    wait_until(page, "true")
    page.wait_for_timeout(200)
    changed = np.argwhere(outlined != read_pixels(page))
    # labels of the reference lie where the frame shows them
    first = np.array([20, 40]) + np.rint(found.shifts[3])
    assert np.abs(changed.min(axis=0) - first).max() <= 1
    assert np.abs(changed.max(axis=0) - first - [9, 19]).max() <= 1
    page.check("#show-vectors")
    wait_until(page, "document.querySelectorAll('#screen .arrow').length > 100")
    assert "Arrows point from where a place of the reference lies" in read_part(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if AXE.exists():
        page.evaluate(AXE.read_text(encoding="utf-8"))
        assert page.evaluate(SERIOUS) == []


def test_a_mask_drawn_while_zoomed_in_lies_where_it_was_drawn(movie_folder, serve, open_page, tmp_path) -> None:
    page = open_page(serve(movie_folder / "still.drift.json") + "#frame=0&at=24,24,48")
    assert read_part(page) == "Rows 24 to 71, columns 24 to 71."
    page.click("text=Draw a mask")
    canvas = page.locator("#screen canvas").first
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    corners = [(0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75)]
    page.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.25)
    page.mouse.down()
    for x, y in corners[1:]:
        page.mouse.move(box["x"] + box["width"] * x, box["y"] + box["height"] * y)
    page.mouse.up()
    with page.expect_download() as told:
        page.click("text=Save mask")
    told.value.save_as(tmp_path / "mask.tif")
    rows, columns = np.nonzero(tifffile.imread(tmp_path / "mask.tif"))
    for edges in (rows, columns):
        np.testing.assert_allclose((edges.min(), edges.max()), (36, 59), atol=1)
