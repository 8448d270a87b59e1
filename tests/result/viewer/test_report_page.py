"""Chromium opens a report: the divider moves, a flagged frame is clicked, numbers are those of the files."""

import csv
import json

import numpy as np
import pytest

from holdstill.api import align
from holdstill.result.registration import Registration, load
from tests.result.viewer.barriers import AXE, SERIOUS

pytestmark = pytest.mark.slow


@pytest.fixture
def open_report(browser, tmp_path):
    """Opens a report; at the end nothing may have gone wrong, and nobody been asked."""
    trouble, pages = [], []

    def open_(path, **options):
        page = browser.new_page(viewport={"width": options.pop("width", 1400), "height": 900}, **options)
        pages.append(page)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("console", lambda told: trouble.append(told.text) if told.type in ("error", "warning") else None)
        page.on(
            "request", lambda asked: None if asked.url.startswith(("file:", "data:")) else trouble.append(asked.url)
        )
        page.goto(path.as_uri())
        page.wait_for_timeout(200)
        return page

    yield open_
    for page in pages:
        page.close()
    assert trouble == []


@pytest.fixture(scope="module")
def report(movie_folder, tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "a <b> & 'c'.html"
    return load(movie_folder / "still.drift.json").report(path, movie_folder / "movie.tif")


def find_serious(page):
    if not AXE.exists():
        pytest.skip("no axe-core here: npm ci in tools/viewer")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    return page.evaluate(SERIOUS)


def test_numbers_are_those_of_the_files(report, movie_folder, open_report) -> None:
    page = open_report(report)
    found = load(movie_folder / "still.drift.json")
    drift = json.loads(
        page.inner_text("#data-drift") or page.evaluate("document.querySelector('#data-drift').textContent")
    )
    with open(movie_folder / "still.drift.csv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    np.testing.assert_allclose(drift["series"][0]["mean"], [float(row["shift_y_px"]) for row in rows], atol=1e-4)
    assert drift["flagged"] == np.flatnonzero(~found.ok).tolist()
    labels = page.locator(".numbers dt").all_inner_texts()
    values = dict(zip(labels, page.locator(".numbers dd").all_inner_texts(), strict=True))
    assert values["frames"].startswith(str(len(found)))
    assert values["frames flagged"].startswith(str((~found.ok).sum()))
    assert "It worked" in page.inner_text(".answer")


def test_the_divider_moves_by_key_and_by_pointer(report, open_report) -> None:
    page = open_report(report)
    at = "getComputedStyle(document.querySelector('.compare .over')).clipPath"
    assert "50%" in page.evaluate(at)
    page.focus(".compare input")
    for _ in range(10):
        page.keyboard.press("ArrowLeft")
    assert "40%" in page.evaluate(at)
    box = page.locator(".compare").bounding_box()
    page.mouse.click(box["x"] + 0.8 * box["width"], box["y"] + box["height"] / 2)
    assert page.locator(".compare input").input_value() in ("79", "80", "81")


def test_a_flagged_frame_is_shown_in_the_charts(report, open_report) -> None:
    page = open_report(report)
    page.click("button[data-frame='9']")
    page.wait_for_timeout(300)
    assert page.inner_text("#pointed") == "The charts show frame 9."
    assert page.locator("#drift .u-legend .u-value").first.inner_text() == "9"


WRITE_DOWN = """window.written = [];
const write = CanvasRenderingContext2D.prototype.fillText;
CanvasRenderingContext2D.prototype.fillText = function (...told) { written.push(told[0]); write.apply(this, told); };"""


@pytest.mark.parametrize(("span", "expected"), [(0.0, "0.004"), (0.0125, "0.0025")])
def test_the_axis_of_hardly_any_drift_tells_its_ticks_apart(browser, tmp_path, span: float, expected: str) -> None:
    found = Registration.from_shifts(span * np.linspace(-0.5, 0.5, 60)[:, None] * [1, 1], (64, 64))
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.add_init_script(WRITE_DOWN)
    page.goto(found.report(tmp_path / "a.html").as_uri())
    page.wait_for_timeout(200)
    written = page.evaluate("written")
    page.close()
    assert expected in written
    assert "100" not in written


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_barrier(report, open_report, scheme: str) -> None:
    page = open_report(report, color_scheme=scheme)
    assert find_serious(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_prints_on_a_page_of_a4(report, open_report, scheme: str) -> None:
    """On paper it is dark on white, as wide as the page, and its charts are whole pictures."""
    page = open_report(report, width=718, color_scheme=scheme)  # 190 mm between the margins
    page.emulate_media(media="print", color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= 718
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(29, 35, 38)"
    assert page.locator("#drift .static svg").is_visible()
    assert not page.locator("#drift .chart").is_visible()
    assert not page.locator("button:visible").count()
    assert page.locator(".flagged b").first.is_visible()  # which frame it is
    # nothing is higher than the paper between its margins, 273 mm: it would be cut in two
    tallest = (
        "Math.max(...[...document.querySelectorAll('figure, .numbers')].map(e => e.getBoundingClientRect().height))"
    )
    assert page.evaluate(tallest) < 1031


def test_options_do_not_break_after_their_dashes(report, open_report) -> None:
    page = open_report(report)
    for width in range(400, 1000, 40):
        page.set_viewport_size({"width": width, "height": 900})
        heights = page.evaluate("[...document.querySelectorAll('.option')].map(e => e.getClientRects().length)")
        assert heights
        assert set(heights) == {1}


def test_it_reads_without_scripts_and_on_narrow_screens(report, open_report) -> None:
    page = open_report(report, java_script_enabled=False, width=700)
    assert page.locator("#drift .static svg").is_visible()
    assert page.locator(".compare img").nth(1).is_visible()
    assert not page.locator(".compare input").is_visible()


def test_a_pair_has_no_barrier_either(tmp_path, open_report) -> None:
    image = np.random.default_rng(0).random((96, 96)).cumsum(0).cumsum(1) % 50
    pair = align(image, np.roll(image, 2, axis=1), motion="translation")
    page = open_report(pair.report(tmp_path / "pair.html"))
    assert page.locator("section img").count() == 7  # divider, two of each, what counted
    assert "shift x" in page.inner_text(".numbers")
    assert find_serious(page) == []
