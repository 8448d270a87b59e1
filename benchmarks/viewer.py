"""The viewer in a browser: a movie of 100 GB, of which most was never written, corrected while it is looked at."""

from __future__ import annotations

import os
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import zarr

import holdstill as hs
from benchmarks.tables import Claim, Section

try:
    from playwright.sync_api import sync_playwright
except ImportError:  # the tests run without it
    sync_playwright = None

__all__ = ["CHROMIUM", "SERVE", "opening", "peak_memory", "sync_playwright", "viewer"]

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
# no graphics card: the page of a movie asks for no WebGL, and Chromium draws fastest without pretending to have it
FLAGS = ["--no-sandbox", "--disable-gpu"]
# in a process of its own, so that its memory is its own
SERVE = """
import sys
from pathlib import Path
from holdstill.result.viewer.opening import open_show
from holdstill.result.viewer.server import Server
server = Server(open_show([Path(sys.argv[1])]))
print(server.address, flush=True)
server.serve()
"""
# the slider is put at one frame after the other, each as soon as the last one is drawn
SCRUB = """frames => new Promise(async done => {
  const slider = document.querySelector('#frame'), screen = document.querySelector('#screen'), times = [];
  for (const t of frames) {
    const began = performance.now();
    slider.value = t;
    slider.dispatchEvent(new Event('input'));
    while (Number(screen.dataset.frame) !== t) await new Promise(later => setTimeout(later, 1));
    await new Promise(later => requestAnimationFrame(later));
    times.push(performance.now() - began);
  }
  done(times);
})"""


def viewer(n_frames: int = 48_000, size: int = 1024, n_real: int = 120) -> Section:
    """Raw and corrected side by side; `n_real` frames hold pixels, half of them far apart, half neighbours."""
    if sync_playwright is None or CHROMIUM is None:
        raise SystemExit("no browser here: pip install playwright, and Chromium (Debian: apt-get install chromium)")
    with tempfile.TemporaryDirectory() as folder:
        result, frames = _write_movie(Path(folder), n_frames, size, n_real)
        ready, apart, together, peak = _look(result, frames)
    rates = {name: len(times) / sum(times) * 1e3 for name, times in (("apart", apart), ("together", together))}
    rows = [
        ("from the command to the first paint", f"{ready[0]:.2f} s", ""),
        ("from the command until all is there", f"{ready[1]:.2f} s", ""),
        ("the page again, all of it", f"{ready[3]:.2f} s", ""),
        ("frames far apart", f"{statistics.median(apart):.0f} ms", f"{rates['apart']:.1f}"),
        ("one frame after the other", f"{statistics.median(together):.0f} ms", f"{rates['together']:.1f}"),
    ]
    claims = [
        Claim("viewer: a movie of 100 GB is opened", "<= 2 s", f"{ready[0]:.2f} s", ready[0] <= 2),
        Claim("viewer: frames are scrubbed", ">= 10 a second", f"{min(rates.values()):.1f}", min(rates.values()) >= 10),
        Claim("viewer: memory of the server", "<= 600 MB", f"{peak / 1e6:.0f} MB", peak <= 600e6),
    ]
    gigabytes = n_frames * size * size * 2 / 1e9
    note = (
        f"OME-Zarr of {n_frames:,} frames of {size} x {size} px, uint16, {gigabytes:.0f} GB if all were written; "
        f"{n_real} are, packed, dropped from the cache of the disk before. No corrected file: each frame is read, "
        "corrected and shown raw and corrected side by side, in headless Chromium without graphics card, which "
        "runs already and is asked by the command to open the page. "
        "First paint: the raw frame, with slider and controls; all: the corrected one and the "
        "drift of all frames as well."
    )
    return Section("The viewer", ("what", "time", "frames a second"), rows, note, claims)


def _write_movie(folder: Path, n_frames: int, size: int, n_real: int) -> tuple[Path, tuple[list[int], list[int]]]:
    """The result beside its movie, and the frames that hold pixels: far apart, then neighbours."""
    random = np.random.default_rng(0)
    movie = folder / "movie.ome.zarr"
    group = zarr.open_group(str(movie), mode="w", zarr_format=2)
    array = group.create_array(
        "0", shape=(n_frames, size, size), chunks=(1, size, size), dtype="uint16",
        chunk_key_encoding={"name": "v2", "separator": "/"},
    )  # fmt: skip
    axes = [{"name": "t", "type": "time"}, {"name": "y", "type": "space"}, {"name": "x", "type": "space"}]
    scale = [{"type": "scale", "scale": [1.0, 1.0, 1.0]}]
    datasets = [{"path": "0", "coordinateTransformations": scale}]
    group.attrs["multiscales"] = [{"version": "0.4", "axes": axes, "datasets": datasets}]
    half = n_real // 2
    apart = [int(t) for t in np.linspace(0, n_frames - half - 2, half).round()]
    together = list(range(n_frames - half - 1, n_frames - 1))
    scene = random.gamma(2, 40, (size + 32, size + 32))
    shifts = np.cumsum(random.normal(0, 0.05, (n_frames, 2)), axis=0)
    for t in {*apart, *together, n_frames // 2}:
        top, left = (int(v) for v in random.integers(0, 32, 2))
        array[t] = random.poisson(scene[top : top + size, left : left + size])
    for file in movie.rglob("*"):
        if file.is_file() and hasattr(os, "posix_fadvise"):
            with file.open("rb") as opened:
                os.fsync(opened.fileno())
                os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    known = {"input": str(movie), "axes": "TYX"}
    found = replace(hs.Registration.from_shifts(shifts, (size, size)), provenance=known)
    return found.save(folder / "movie.drift.json"), (apart, together)


def _look(result: Path, frames: tuple[list[int], list[int]]) -> tuple[list[float], list[float], list[float], float]:
    """Seconds to the first paint and until all is there, twice; ms of each frame, and bytes of the server."""
    with opening(result, (2200, 1400)) as (page, address, ready, server):
        page, began = page.context.new_page(), time.perf_counter()
        ready += wait_ready(page, began, address)
        apart, together = (page.evaluate(SCRUB, list(chosen[1:])) for chosen in frames)
        return ready, apart, together, peak_memory(server)


@contextmanager
def opening(shown: Path, size: tuple[int, int], *more: str) -> Iterator[tuple[Any, str, list[float], int]]:
    """`holdstill view` and a browser that runs already: the page, its address, `wait_ready`, the server's process."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        # what the command opens is told to the browser that runs already
        place = shown.with_name("address")
        place.unlink(missing_ok=True)
        asked = {**os.environ, "BROWSER": f"sh -c 'echo %s > {shlex.quote(str(place))}'"}
        began = time.perf_counter()
        command = [sys.executable, "-m", "holdstill", "view", str(shown), *more]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=asked)
        try:
            while not (address := place.read_text().strip() if place.exists() else ""):
                time.sleep(0.002)
            context = browser.new_context(viewport=dict(zip(("width", "height"), size, strict=True)))
            page = context.new_page()
            yield page, address, wait_ready(page, began, address), server.pid
            browser.close()
        finally:
            server.terminate()
            server.wait()


def wait_ready(page: Any, began: float, address: str) -> list[float]:
    """Seconds to the first paint, the raw frame with its controls, and until all is there."""
    page.goto(address)
    ready = []
    for told in ("painted", "ready"):
        page.wait_for_selector(f"main[data-{told}]", timeout=120_000)
        ready.append(time.perf_counter() - began)
    return ready


def peak_memory(process: int) -> float:
    """Most memory that a process held, bytes; NaN where the system does not say."""
    status = Path(f"/proc/{process}/status")
    lines: list[Any] = status.read_text().splitlines() if status.exists() else []
    return next((1024.0 * int(line.split()[1]) for line in lines if line.startswith("VmHWM")), float("nan"))
