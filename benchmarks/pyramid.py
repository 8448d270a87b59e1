"""A slide of 60,000 px in a browser: its pyramid is opened, zoomed and panned, raw and turned by a result."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import tifffile
import zarr
from numpy.typing import NDArray

import holdstill as hs
from benchmarks.tables import Claim, Section
from benchmarks.viewer import CHROMIUM, opening, peak_memory, sync_playwright

__all__ = ["pyramid"]

TILE = 512
KEYS = "+++++++sdsdsdwwaa-----"
# a key is pressed, and the next one as soon as another part is drawn
STEP = """keys => new Promise(async done => {
  const place = () => JSON.stringify(document.querySelector('#screen canvas').region), times = [];
  for (const key of keys) {
    const began = performance.now(), before = place();
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
    for (let n = 0; n < 2000 && place() === before; n++) await new Promise(later => setTimeout(later, 1));
    await new Promise(later => requestAnimationFrame(later));
    times.push(performance.now() - began);
  }
  done(times);
})"""


def pyramid(
    size: int = 60_000, n_levels: int = 8, n_real: int = 7, suffixes: tuple[str, ...] = (".ome.tif", ".ome.zarr")
) -> Section:
    """Each format alone and with a result that turns it; `n_real` tiles a side hold pixels."""
    if sync_playwright is None or CHROMIUM is None:
        raise SystemExit("no browser here: pip install playwright, and Chromium (Debian: apt-get install chromium)")
    rows, slowest, opened, most = [], 0.0, 0.0, 0.0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for suffix in suffixes:
            path = folder / f"slide{suffix}"
            WRITERS[suffix](path, size, n_levels, n_real)
            for shown, what in ((path, path.suffix), (_turn(path, size), f"{path.suffix}, raw and corrected")):
                ready, times, peak = _look(shown)
                middle = statistics.median(times)
                seconds = (f"{each:.2f} s" for each in ready)
                rows.append((what, *seconds, f"{middle:.0f}", f"{max(times):.0f}", f"{peak / 1e6:.0f}"))
                opened, slowest, most = max(opened, ready[0]), max(slowest, middle), max(most, peak)
    claims = [
        Claim("viewer: a pyramid of 60,000 px is opened", "<= 2 s", f"{opened:.2f} s", opened <= 2),
        Claim("viewer: and zoomed and panned", "<= 100 ms a step", f"{slowest:.0f} ms", slowest <= 100),
        Claim("viewer: memory for a pyramid", "<= 600 MB", f"{most / 1e6:.0f} MB", most <= 600e6),
    ]
    note = (
        f"{size:,} x {size:,} px, uint8, {n_levels} levels in tiles of {TILE} px, deflate and Zstandard; of the finest "
        f"three levels {n_real} x {n_real} tiles in the middle hold pixels. First paint: from the command to the raw "
        "picture, with its controls; all: the corrected one as well. Steps: zoom by keys to the finest level, pan and "
        "back, median and slowest, ms; memory of the server, MB. Headless Chromium without graphics card, which runs "
        "already and is asked by the command to open the page."
    )
    columns = ("what", "first paint", "all", "step (ms)", "slowest (ms)", "memory (MB)")
    return Section("Slides in the viewer", columns, rows, note, claims)


def _tiles(size: int, level: int, n_real: int) -> Iterator[NDArray[np.uint8] | None]:
    """Tiles of a level row by row, None where there is nothing; each has a shade of its own."""
    random, n = np.random.default_rng(level), -(-(size >> level) // TILE)
    for y in range(n):
        for x in range(n):
            far = max(abs(y - n // 2), abs(x - n // 2))
            if level < 3 and far > n_real // 2 and (y, x) != (0, 0):
                yield None
            else:
                yield ((7 * y + 3 * x) * TILE % 150 + random.integers(0, 100, (TILE, TILE))).astype(np.uint8)


def _write_tiff(path: Path, size: int, n_levels: int, n_real: int) -> None:
    options: dict[str, Any] = {"tile": (TILE, TILE), "photometric": "minisblack", "compression": "zlib", "dtype": "u1"}
    with tifffile.TiffWriter(path, ome=True, bigtiff=True) as tif:
        for level in range(n_levels):
            more: dict[str, Any] = (
                {"subfiletype": 1} if level else {"subifds": n_levels - 1, "metadata": {"axes": "YX"}}
            )
            tif.write(_tiles(size, level, n_real), shape=(size >> level, size >> level), **options, **more)


def _write_zarr(path: Path, size: int, n_levels: int, n_real: int) -> None:
    datasets = [
        {"path": str(level), "coordinateTransformations": [{"type": "scale", "scale": [1 << level, 1 << level]}]}
        for level in range(n_levels)
    ]
    axes = [{"name": name, "type": "space"} for name in "yx"]
    ome = {"ome": {"version": "0.5", "multiscales": [{"axes": axes, "datasets": datasets}]}}
    group = zarr.open_group(str(path), mode="w", attributes=ome)
    for level in range(n_levels):
        side = size >> level
        array = group.create_array(str(level), shape=(side, side), chunks=(TILE, TILE), dtype="uint8")
        n = -(-side // TILE)
        for number, tile in enumerate(_tiles(size, level, n_real)):
            y, x = (TILE * place for place in divmod(number, n))
            if tile is not None:
                array[y : y + TILE, x : x + TILE] = tile[: side - y, : side - x]


WRITERS = {".ome.tif": _write_tiff, ".ome.zarr": _write_zarr}


def _turn(path: Path, size: int) -> Path:
    """A result that says that the slide is turned by 1.5 degrees and moved."""
    angle = np.deg2rad(1.5)
    matrix = np.array([[np.cos(angle), -np.sin(angle), 300], [np.sin(angle), np.cos(angle), -200], [0, 0, 1]])
    known = {"input": str(path), "axes": "YX"}
    found = replace(hs.Registration.from_matrices(matrix[None], (size, size)), provenance=known)
    return found.save(path.with_name(f"{path.name}.turned.drift.json"))


def _look(shown: Path) -> tuple[list[float], list[float], float]:
    # the nearer levels hold pixels in the middle alone: files that claim to unpack to so much more are to be trusted
    with opening(shown, (1400, 1000), "--trust") as (page, _, ready, server):
        return ready, page.evaluate(STEP, list(KEYS)), peak_memory(server)
