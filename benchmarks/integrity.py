"""Tissue integrity: a whole slide beside a loop of scikit-image's regionprops and NumPy over a part of its cells."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import tifffile
from numpy.typing import NDArray

from benchmarks.tables import Claim, Section
from holdstill import integrity as tissue

try:
    from skimage.measure import regionprops
except ImportError:  # the tests run without it
    regionprops = None

__all__ = ["integrity", "write_cycles", "write_labels"]

BLOCK = 500
# in a process of its own, so that its memory is its own
MEASURE = """
import json, resource, sys, time
import numpy as np
from holdstill import integrity
cycles, labels, out = sys.argv[1:]
squares = np.arange(4096, dtype=np.uint32).reshape(64, 64) // 9
integrity.measure(np.ones((2, 64, 64), np.uint16), labels=squares, threshold=0.5)  # loads what is compiled
stages = {}
began, spent = time.perf_counter(), time.process_time()
def tell(stage, done, total):
    stages[stage] = time.process_time() - spent
found = integrity.measure(cycles, labels=labels, axes="TYX", out=out, progress=tell)
print(json.dumps({"sums": stages["measuring"], "all": time.perf_counter() - began, "cpu": sum(resource.getrusage(
    resource.RUSAGE_SELF)[:2]), "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    "cells": found.n_cells}))
"""


def integrity(
    size: int = 20_000, n_cycles: int = 10, cell_px: int = 20, part: int = 1000, few: int = 1000, repeat: int = 2
) -> Section:
    """A slide of ``size x size`` px on the disk, full of cells of ``cell_px`` px; with `few`; a quarter of it."""
    told: dict[str, dict[str, Any]] = {}
    quarter = size // 2
    few_px = int(size / np.sqrt(few))
    with tempfile.TemporaryDirectory() as folder:
        cycles = Path(folder) / "cycles.tif"
        sides = {"a quarter": cell_px, "many cells": cell_px, "few cells": few_px}
        # many and few take turns, the least of several counts: other work on the machine only ever adds
        for turn, name in enumerate(["a quarter", *["many cells", "few cells"] * repeat]):
            wide = quarter if name == "a quarter" else size
            if turn < 2:
                write_cycles(cycles, wide, n_cycles)
            labels = Path(folder) / f"{sides[name]}.tif"
            if turn < 3:
                write_labels(labels, wide, sides[name])
                os.sync()  # what was written is on the disk, and does not keep it busy while the clock runs
            again = _measure(cycles, labels, Path(folder) / f"out {turn}")
            before = told.setdefault(name, again)
            before |= {key: min(before[key], again[key]) for key in ("sums", "all", "cpu")}
        rows = [
            (f"{name}, {quarter if name == 'a quarter' else size:,} px", f"{one['cells']:,}", f"{one['sums']:.1f}",
             f"{one['all']:.1f}", f"{one['cpu']:.1f}", f"{one['peak']:.0f}")
            for name, one in told.items()
        ]  # fmt: skip
        few_rows = min(part, size)
        ours, theirs = _beside(cycles, Path(folder) / f"{cell_px}.tif", few_rows, n_cycles)
    rows.append(("ours, a part in memory", f"{(few_rows // cell_px) ** 2:,}", f"{ours:.3f}", "", "", ""))
    rows.append(("regionprops and NumPy, that part", f"{(few_rows // cell_px) ** 2:,}", f"{theirs:.3f}", "", "", ""))
    many, sparse, part_of = told["many cells"], told["few cells"], told["a quarter"]
    linear = many["sums"] / (part_of["sums"] * (size / quarter) ** 2)
    claims = [
        Claim("a slide in minutes", "<= 180 s", f"{many['all']:.0f} s", many["all"] <= 180),
        Claim("memory", "< 2,000 MB", f"{many['peak']:.0f} MB", many["peak"] < 2000),
        Claim("faster than the loop", ">= 20 x", f"{theirs / ours:.0f} x", theirs >= 20 * ours),
        Claim("sums do not feel the number of cells", "<= 1.2 x", f"{many['sums'] / sparse['sums']:.2f} x",
              many["sums"] <= 1.2 * sparse["sums"]),
        Claim("sums are linear in pixels", "<= 1.2 x", f"{linear:.2f} x", linear <= 1.2),
    ]  # fmt: skip
    note = (
        f"{n_cycles} cycles of {size:,} x {size:,} px, uint16, in one raw TIFF, labels of uint32. Sums: reading and "
        "summing, s of processor; all: with tables, maps and regions, s; processor: s on all cores; peak: MB. The part "
        f"is {few_rows} x {few_rows} px, in memory for both, on one core."
    )
    columns = ("what", "cells", "sums (s)", "all (s)", "processor (s)", "peak (MB)")
    return Section("Tissue integrity", columns, rows, note, claims)


def write_cycles(path: Path, size: int, n_cycles: int) -> None:
    """One texture, repeated; each cycle bleaches and has noise of its own."""
    random = np.random.default_rng(0)
    texture = random.gamma(4, 50, (BLOCK, BLOCK))
    with tifffile.TiffWriter(path, bigtiff=True) as tif:
        for k in range(n_cycles):
            block = random.poisson(texture * 0.95**k).astype(np.uint16)
            tif.write(_repeat(block, size), contiguous=True, metadata=None)


def write_labels(path: Path, size: int, side: int) -> None:
    """Squares of `side` px all over the slide."""
    line = np.arange(size, dtype=np.uint32) // side
    across = -(-size // side)
    with tifffile.TiffWriter(path) as tif:
        rows = ((line[y] * across + line + 1)[None] for y in range(size))
        tif.write(rows, shape=(size, size), dtype=np.uint32, rowsperstrip=1)


def _repeat(block: NDArray[np.uint16], size: int) -> NDArray[np.uint16]:
    times = -(-size // BLOCK)
    return np.tile(block, (times, times))[:size, :size]


def _measure(cycles: Path, labels: Path, out: Path) -> dict[str, Any]:
    # compiled once before, and loaded in the process, so that neither is done while the clock runs
    small = np.ones((2, 64, 64), np.uint16)
    tissue.measure(small, labels=np.arange(4096, dtype=np.uint32).reshape(64, 64) // 9, threshold=0.5)
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(cycles), str(labels), str(out)], capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _beside(cycles: Path, labels: Path, n: int, n_cycles: int) -> tuple[float, float]:
    """Seconds of one core of both, on the same corner of the slide."""
    images = np.stack([tifffile.imread(cycles, key=k)[:n, :n] for k in range(n_cycles)])
    corner = tifffile.imread(labels)[:n, :n]
    tissue.measure(images, labels=corner, threshold=0.5)
    began = time.process_time()
    found = tissue.measure(images, labels=corner, threshold=0.5, workers=1)
    ours = time.process_time() - began
    began = time.process_time()
    theirs = _loop(images, corner)
    seconds = time.process_time() - began
    np.testing.assert_allclose(found.correlation_first, theirs, atol=1e-9)
    return ours, seconds


def _loop(images: NDArray[np.uint16], labels: NDArray[np.uint32]) -> NDArray[np.float64]:
    rows = []
    for region in regionprops(labels):
        inside = region.image
        first = images[0][region.slice][inside]
        rows.append([np.corrcoef(first, image[region.slice][inside])[0, 1] for image in images])
    return np.array(rows)
