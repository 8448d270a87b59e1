"""What it costs that pixels are on the disk before anything promises them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import tifffile

from benchmarks.tables import Section
from holdstill.evaluation import trajectories
from holdstill.evaluation.presets import presets

__all__ = ["syncing"]

# in a process of its own; "without" never waits for the disk, and so promises what may not be there after a power cut
CORRECT = """
import json, sys, time
import holdstill as hs
from holdstill.io import disk
syncs, waited, real = 0, 0.0, (disk.sync, disk.sync_folder)
def timed(function):
    def call(*given):
        global syncs, waited
        began = time.perf_counter()
        if sys.argv[3] == "with":
            function(*given)
        syncs, waited = syncs + 1, waited + time.perf_counter() - began
    return call
disk.sync, disk.sync_folder = map(timed, real)
began = time.perf_counter()
hs.correct(sys.argv[1], sys.argv[2], overwrite=True, report=False)
print(json.dumps({"seconds": time.perf_counter() - began, "waited": waited, "syncs": syncs}))
"""


def syncing(n_frames: int = 2000, size: int = 512, repeat: int = 3, warm: bool = True) -> Section:
    """TIFF to TIFF with and without waiting for the disk, in turn; the least time of each counts."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "in.tif"
        few = presets((size, size))["sparse-100"].movie(trajectories.jitter(64, 3.0, seed=1), seed=2).frames
        tifffile.imwrite(source, few[np.arange(n_frames) % len(few)], bigtiff=True, photometric="minisblack")
        found: dict[str, list[dict[str, float]]] = {"with": [], "without": []}
        for turn in range(0 if warm else 1, repeat + 1):
            for how, told in found.items():
                os.sync()
                target = Path(folder) / f"{how}.ome.tif"
                command = [sys.executable, "-c", CORRECT, str(source), str(target), how]
                done = subprocess.run(command, capture_output=True, text=True, check=True)
                if turn:  # the first compiles, and reads the file into memory
                    told.append(json.loads(done.stdout))
    best = {how: min(told, key=lambda one: one["seconds"]) for how, told in found.items()}
    rows = [
        (f"{how} syncs", f"{one['seconds']:.2f}", f"{one['waited']:.2f}", f"{one['syncs']:.0f}")
        for how, one in best.items()
    ]
    megabytes = n_frames * size * size * 2 / 1e6
    note = (
        f"{n_frames:,} frames of {size} x {size} px, uint16, {megabytes:,.0f} MB, least of {repeat} runs, in turn. "
        "Waited: the sum over threads, s; while one waits for the disk the others compute. Without syncs pages are "
        "still to be written when the run has ended."
    )
    ratio = best["with"]["seconds"] / best["without"]["seconds"]
    rows.append(("with / without", f"{ratio:.2f}", "", ""))
    return Section("Pixels that are on the disk", ("TIFF to TIFF", "s", "waited (s)", "syncs"), rows, note)
