"""The page of tissue integrity in a browser: a slide of a million cells is opened, and clicked at."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.integrity import write_cycles, write_labels
from benchmarks.tables import Claim, Section
from benchmarks.viewer import CHROMIUM, SERVE, peak_memory, sync_playwright
from holdstill import integrity as tissue

__all__ = ["look", "tell", "tissue_page"]

# WebGL in software: no graphics card is asked for
FLAGS = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]
# from the press of the button to the frame after the one in which all pictures of the cell are in the page
CLICK = """() => new Promise(done => {
  const tiles = document.querySelector('#tiles'), place = document.querySelector('.map canvas').parentElement;
  const before = document.querySelector('#facts dd')?.textContent;
  addEventListener('pointerdown', () => {
    const began = performance.now();
    const look = () => {
      const cell = document.querySelector('#facts dd')?.textContent;
      const shown = tiles.dataset.cell && tiles.dataset.cell === cell && cell !== before;
      const drawn = shown && [...tiles.querySelectorAll('img')].every(image => image.complete);
      if (drawn) requestAnimationFrame(() => done(performance.now() - began)); else setTimeout(look, 1);
    };
    look();
  }, { capture: true, once: true });
})"""


def tissue_page(size: int = 20_000, n_cycles: int = 10, cell_px: int = 20, clicks: int = 25) -> Section:
    """A slide of ``size x size`` px full of cells of `cell_px` px."""
    if sync_playwright is None or CHROMIUM is None:
        raise SystemExit("no browser here: pip install playwright, and Chromium (Debian: apt-get install chromium)")
    with tempfile.TemporaryDirectory() as folder:
        cycles, labels, out = (Path(folder) / name for name in ("cycles.tif", "cells.tif", "out"))
        write_cycles(cycles, size, n_cycles)
        write_labels(labels, size, cell_px)
        tissue.measure(cycles, labels=labels, axes="TYX", out=out)
        os.sync()  # what was written is on the disk, and does not keep it busy while the page is opened
        return tell(out, (size // cell_px) ** 2, clicks)


def tell(out: Path, n_cells: int, clicks: int) -> Section:
    """What the page of a result in `out` takes."""
    ready, again, times, peak = look(out, clicks)
    median, slowest = statistics.median(times), max(times)
    rows = [
        ("first paint, first time", f"{ready:.2f} s", ""),
        ("first paint, again", f"{again:.2f} s", ""),
        ("a click, median", f"{median:.0f} ms", ""),
        ("a click, slowest", f"{slowest:.0f} ms", f"of {clicks}"),
    ]
    claims = [
        Claim("tissue page: a million cells are opened", "<= 2 s", f"{ready:.2f} s", ready <= 2),
        Claim("tissue page: a click shows a cell in all cycles", "<= 200 ms", f"{slowest:.0f} ms", slowest <= 200),
    ]
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    height, width = summary["shape"]
    note = (
        f"{n_cells:,} cells in {summary['n_cycles']} cycles of {height:,} x {width:,} px, raw TIFF; a server of "
        f"{peak / 1e6:.0f} MB, headless Chromium, WebGL in software. First paint: from the address to counts, map, "
        "charts and the values of the first cell. A click: from the button to all pictures of the cell in all cycles."
    )
    return Section("The page of tissue integrity", ("what", "time", ""), rows, note, claims)


def look(out: Path, clicks: int) -> tuple[float, float, list[float], float]:
    """First paint in s, first and again, clicks in ms, and the most memory of the server in bytes."""
    server = subprocess.Popen([sys.executable, "-c", SERVE, str(out)], stdout=subprocess.PIPE, text=True)
    try:
        address = server.stdout.readline().strip() if server.stdout else ""
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            browser.new_page().goto("about:blank")  # the browser itself is open
            ready, _ = _open(browser, address)
            again, page = _open(browser, address)
            page.wait_for_selector("main[data-loaded]", timeout=120_000)
            times = [_click(page, k, clicks) for k in range(clicks)]
            browser.close()
        return ready, again, times, peak_memory(server.pid)
    finally:
        server.terminate()
        server.wait()


def _open(browser: Any, address: str) -> tuple[float, Any]:
    page = browser.new_page(viewport={"width": 1400, "height": 1000})
    began = time.perf_counter()
    page.goto(address)
    page.wait_for_selector("main[data-ready]", timeout=120_000)
    return time.perf_counter() - began, page


def _click(page: Any, number: int, clicks: int) -> float:
    """One click, each at another place of the slide; ms."""
    box = page.locator(".map").bounding_box()
    side = 0.8 * min(box["width"], box["height"])
    across, down = (number + 0.5) / clicks, (number * 0.618) % 1
    x = box["x"] + box["width"] / 2 + side * (across - 0.5)
    y = box["y"] + box["height"] / 2 + side * (down - 0.5)
    page.evaluate(f"() => {{ window.clicked = ({CLICK})(); }}")
    page.mouse.click(x, y)
    return float(page.evaluate("window.clicked"))
