"""A browser without a screen, and results to look at; tests are skipped where no Chromium is installed."""

import shutil
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
import tifffile

from holdstill import integrity
from holdstill.api import correct
from holdstill.contracts import Candidates
from holdstill.evaluation.slides import make_slide
from holdstill.result.registration import load

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
# WebGL in software: no graphics card is asked for, and what is no WebGL is drawn without pretending to have one
FLAGS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]
FLAGS += ["--disable-gpu-compositing"]


@pytest.fixture(scope="session")
def slide_folder(tmp_path_factory):
    """What `holdstill integrity` makes of a generated slide."""
    folder = tmp_path_factory.mktemp("slide")
    slide = make_slide((300, 320), 4, fold_from=2, lost=0.1, seed=3)
    tifffile.imwrite(folder / "cycles.ome.tif", slide.images, metadata={"axes": "TYX"}, tile=(64, 64))
    tifffile.imwrite(folder / "cells.tif", slide.labels.astype(np.int64) + 2**33)  # labels beyond what JS counts in
    labels = tifffile.imread(folder / "cells.tif")
    labels[slide.labels == 0] = 0
    tifffile.imwrite(folder / "cells.tif", labels)
    out = folder / "a <b> & 'c'"
    integrity.measure(folder / "cycles.ome.tif", labels=folder / "cells.tif", register="translation", out=out)
    return out


@pytest.fixture(scope="session")
def movie_folder(tmp_path_factory):
    """A movie that drifts, with one bad frame, and what `holdstill correct` makes of it."""
    folder = tmp_path_factory.mktemp("movie")
    random = np.random.default_rng(5)
    scene = make_slide((96, 96), 1, seed=5).images[0]
    frames = np.stack([random.poisson(np.roll(scene, (t % 7, -(t % 5)), (0, 1))) for t in range(16)]).astype(np.uint16)
    frames[9] = random.poisson(90, frames[9].shape)
    tifffile.imwrite(folder / "movie.tif", frames, photometric="minisblack")
    correct(folder / "movie.tif", folder / "still.ome.tif", reference="first", report=False)
    return folder


@pytest.fixture(scope="session")
def placed_folder(movie_folder, tmp_path_factory):
    """The same movie with a result in which flagged frame 9 has three places."""
    found = load(movie_folder / "still.drift.json")
    places = Candidates(
        frames=np.array([9, 9, 9]), parameters=np.array([[1.5, -2.25], [20.0, 3.0], [-7.0, 11.0]]),
        scores=np.array([0.31, 0.28, 0.2]), evidence=np.array([40.0, 39.0, 17.0]),
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("placed")
    assert not found.ok[9]
    replace(found, places=places).save(folder / "still.drift.json")
    return folder


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """Chromium, driven by Playwright."""
    playwright = pytest.importorskip("playwright.sync_api", reason="no playwright here: pip install playwright")
    if CHROMIUM is None:
        pytest.skip("no Chromium here; Debian: apt-get install chromium")
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def open_page(browser):
    """Opens an address; at the end nothing may have gone wrong, and nobody but this machine been asked."""
    trouble, pages = [], []

    def open_(address, **options):
        page = browser.new_page(viewport={"width": 1400, "height": 1000}, **options)
        pages.append(page)
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("console", lambda told: trouble.append(told.text) if is_trouble(told) else None)
        page.on("request", lambda asked: trouble.append(asked.url) if not is_own(asked.url) else None)
        page.goto(address)
        page.wait_for_selector("main[data-ready], .wrong:not([hidden])", timeout=30_000)
        return page

    yield open_
    for page in pages:
        page.close()
    assert trouble == []


def is_trouble(told):
    """Errors on the console, but for answers that say what is wrong with the question: the page shows those."""
    return told.type == "error" and "status of 422" not in told.text


def is_own(url):
    return url.startswith(("http://127.0.0.1:", "blob:", "data:"))
