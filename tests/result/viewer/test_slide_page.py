"""Chromium opens the page of tissue: names of what was stained, cycles that are missing, selections, keys and links."""

import csv
import json
import shutil

import numpy as np
import pytest

from holdstill.result.viewer.opening import open_show
from holdstill.result.viewer.server import Server

pytestmark = pytest.mark.slow

CHANNELS = [["DAPI", "CD3"], ["DAPI", "<i>CD8</i> & 'x'"], ["DAPI", "Ki67"], []]
# share of pixels of the second chart that are painted within 5 px of a cycle of four, at about so high correlations
PAINTED = """([cycle, low, high]) => {
    const canvas = document.querySelectorAll('.chart canvas')[1], box = canvas.getBoundingClientRect();
    const over = canvas.parentElement.querySelector('.u-over').getBoundingClientRect();
    const x = Math.round(over.left - box.left + over.width * (cycle - 0.8) / 3.4) - 5;
    const [top, bottom] = [high, low].map(r => Math.round(over.top - box.top + over.height * (1.03 - r) / 1.13));
    const data = canvas.getContext('2d').getImageData(x, top, 10, bottom - top).data;
    return data.filter((_, i) => i % 4 === 3 && data[i] > 20).length / (data.length / 4);
}"""


@pytest.fixture
def serve():
    running = []

    def start(path):
        running.append(Server(open_show([path])))
        running[-1].start()
        return running[-1].address

    yield start
    for server in running:
        server.stop()


@pytest.fixture
def cells(slide_folder):
    with open(slide_folder / "integrity.csv", encoding="ascii") as file:
        return list(dict.fromkeys(row["cell"] for row in csv.DictReader(file)))


def wait_until(page, expression):
    for _ in range(100):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never came true: {expression}")


def wait_for_cell(page, cell):
    wait_until(page, f"document.querySelector('#facts dd')?.textContent === '{cell}'")


def draw_lasso(page, corners):
    """Corners as shares of the map's width and height."""
    page.check("#lasso")
    box = page.locator(".map").bounding_box()
    at = [(box["x"] + box["width"] * x, box["y"] + box["height"] * y) for x, y in corners]
    page.mouse.move(*at[0])
    page.mouse.down()
    for x, y in at[1:]:
        page.mouse.move(x, y, steps=3)
    page.mouse.up()


def press(page, key, cell):
    """A key, and whether another cell than this one is shown at last."""
    page.locator("body").press(key)
    wait_until(page, f"document.querySelector('#facts dd').textContent !== '{cell}'")
    page.wait_for_timeout(100)
    return page.inner_text("#facts dd >> nth=0")


def test_what_was_stained_is_told_and_a_cycle_alone_is_marked(slide_folder, serve, open_page, tmp_path) -> None:
    folder = tmp_path / "result"
    shutil.copytree(slide_folder, folder)
    told = json.loads((folder / "summary.json").read_text())
    told |= {"channels": CHANNELS, "names": ["a.tif", "b.tif", "c.tif", "cycle 4"]}
    told["verdicts"] = ["ok", "blank", "ok", "ok"]
    told["residuals"] = [None, None, *({"median_px": 2.13, "p90_px": p90, "tiles": 30} for p90 in (4.26, 0.3))]
    for values, alone in zip(told["quantiles"].values(), (0.1, 0.2, 0.5, 0.8, 0.9), strict=True):
        values[:2] = [alone, None]
    (folder / "summary.json").write_text(json.dumps(told))
    page = open_page(serve(folder) + "#cycle=1")
    off = page.inner_text("#off")
    assert off.startswith("Still off after registration: cycle 3 by 2.1 px in the median, 4.3 in a tenth of it. Tissue")
    options = page.locator("#cycle option").all_inner_texts()
    assert options == ["1: DAPI, CD3", "2: DAPI, <i>CD8</i> & 'x' (missing)", "3: DAPI, Ki67", "cycle 4"]
    captions = page.locator("#tiles figcaption").all_inner_texts()
    assert captions == ["1 DAPI, CD3", "2 DAPI, <i>CD8</i> & 'x'", "3 DAPI, Ki67", "4"]
    assert page.inner_text("#facts").splitlines()[-4:] == ["stained in it", "DAPI, CD3", "image of it", "a.tif"]
    places = page.locator(".chart").nth(1)
    assert (places.get_attribute("data-alone"), places.get_attribute("data-missing")) == ("1", "2")
    page.locator("body").press("ArrowRight")
    wait_until(page, "document.querySelector('#cycle').value === '2'")
    assert page.inner_text("#tiles .none") == "missing: shows nothing (blank)"
    assert page.evaluate(PAINTED, [2, 0.3, 0.7]) > 0.05  # hatched
    assert page.evaluate(PAINTED, [1, 0.3, 0.7]) > 0.9  # the box of a cycle alone


def test_cells_kept_through_a_missing_cycle_are_counted(slide_folder, serve, open_page, tmp_path) -> None:
    """The first count was right; once the page counted itself none was kept up to a missing cycle."""
    folder = tmp_path / "result"
    shutil.copytree(slide_folder, folder)
    told = json.loads((folder / "summary.json").read_text())
    told["verdicts"] = ["ok", "blank", *told["verdicts"][2:]]
    (folder / "summary.json").write_text(json.dumps(told))
    first = np.load(folder / "arrays" / "correlation_first.npy")
    first[:, 1] = np.nan
    np.save(folder / "arrays" / "correlation_first.npy", first)
    page = open_page(serve(folder) + "#cycle=1")
    wait_until(page, "document.querySelector('main').dataset.loaded === 'yes'")
    page.locator("body").press("ArrowRight")
    wait_until(page, f"document.querySelector('#counts').dataset.unknown === '{len(first)}'")
    assert page.get_attribute("#counts", "data-kept") == "0"
    assert page.get_attribute("#counts", "data-through") == str(int((first[:, 0] >= told["threshold"]).sum()))


def test_an_older_result_without_names_is_shown(slide_folder, serve, open_page, tmp_path) -> None:
    folder = tmp_path / "result"
    shutil.copytree(slide_folder, folder)
    told = json.loads((folder / "summary.json").read_text())
    for name in ("channels", "job"):
        del told[name]
    (folder / "summary.json").write_text(json.dumps(told))
    page = open_page(serve(folder))
    assert page.locator("#cycle option").all_inner_texts() == [f"cycle {k}" for k in range(1, 5)]


def test_an_empty_selection_shows_no_cell_and_one_goes_round(slide_folder, cells, serve, open_page) -> None:
    page = open_page(serve(slide_folder) + f"#cell={cells[3]}&cycle=2")
    wait_for_cell(page, cells[3])
    wait_until(page, "document.querySelector('main').dataset.loaded === 'yes'")
    draw_lasso(page, [(0.001, 0.001), (0.004, 0.001), (0.004, 0.004), (0.001, 0.004)])  # beside the slide
    wait_until(page, "document.querySelector('#counts').dataset.cells === '0'")
    for key in "rnpw":
        page.locator("body").press(key)
    page.wait_for_timeout(400)
    assert page.inner_text("#facts dd >> nth=0") == cells[3]
    assert not page.locator(".wrong").first.is_visible()
    draw_lasso(page, [(0.4, 0.4), (0.6, 0.4), (0.6, 0.6), (0.4, 0.6)])  # cell 3 lies outside of it
    wait_until(page, "Number(document.querySelector('#counts').dataset.cells) > 1")
    n = int(page.get_attribute("#counts", "data-cells"))
    last = press(page, "p", cells[3])
    first = press(page, "n", last)
    assert cells.index(first) < cells.index(last)
    seen = [first]
    for _ in range(n - 1):
        seen.append(press(page, "n", seen[-1]))
    assert seen[-1] == last
    assert seen == sorted(seen, key=cells.index)
    assert press(page, "r", "") in seen


def test_keys_work_after_a_number_was_typed(slide_folder, cells, serve, open_page) -> None:
    page = open_page(serve(slide_folder))
    wait_for_cell(page, cells[0])
    page.fill("#cell-id", cells[7])
    page.locator("#cell-id").press("Enter")
    wait_for_cell(page, cells[7])
    page.keyboard.press("n")
    wait_for_cell(page, cells[8])
    page.keyboard.press("ArrowRight")
    wait_until(page, "document.querySelector('#cycle').value === '3'")


def test_a_link_counts_as_the_page_did(slide_folder, cells, serve, open_page) -> None:
    """Rounded to three digits, a threshold between two cells kept another number of them."""
    address = serve(slide_folder)
    page = open_page(address + f"#cell={cells[2]}&cycle=2")
    wait_for_cell(page, cells[2])
    wait_until(page, "document.querySelector('main').dataset.loaded === 'yes'")
    page.click("text=As found")
    page.wait_for_timeout(200)
    found = json.loads((slide_folder / "summary.json").read_text())["threshold"]
    place = page.evaluate("location.hash")
    assert float(place.split("threshold=")[1]) == found
    again = open_page(address + place)
    wait_for_cell(again, cells[2])
    assert again.evaluate("location.hash") == place
    assert again.inner_text("#counts") == page.inner_text("#counts")
