"""File to file against a plain copy, peak memory against length, start-up: each in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import tifffile

from benchmarks.tables import Claim, Section
from holdstill.evaluation import trajectories
from holdstill.evaluation.presets import presets

__all__ = ["file_to_file", "memory", "start_up"]

PEAK = """
import json, pathlib, resource, sys, time
import holdstill as hs
began, first = time.perf_counter(), []
def tell(stage, done, total):
    if stage == "correct" and not first:
        first.append(time.time())
found = hs.correct(sys.argv[1], sys.argv[2], overwrite=True, report=False, progress=tell)
seconds = time.perf_counter() - began
status = pathlib.Path("/proc/self/status")
if status.exists():  # ru_maxrss would count what the parent held when it started this process
    peak = 1024 * int(next(line for line in status.read_text().splitlines() if line.startswith("VmHWM")).split()[1])
else:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
print(json.dumps({"seconds": seconds, "peak": peak, "first": first[0]}))
"""
IMPORT = """
import json, time
began = time.perf_counter()
import holdstill
print(json.dumps({"seconds": time.perf_counter() - began}))
"""
COPY = """
import json, sys, time, tifffile
began = time.perf_counter()
with tifffile.TiffFile(sys.argv[1]) as source, tifffile.TiffWriter(sys.argv[2], bigtiff=True) as target:
    for page in source.pages:
        target.write(page.asarray(), contiguous=True)
print(json.dumps({"seconds": time.perf_counter() - began}))
"""


def _run(code: str, *arguments: str, **environment: str) -> dict[str, float]:
    result = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | environment,
    )
    found: dict[str, float] = json.loads(result.stdout.splitlines()[-1])
    return found


def _write_movie(path: Path, n_frames: int, size: int) -> None:
    """A movie of `n_frames` from 100 different ones, written page by page as a microscope does."""
    unique = presets((size, size))["sparse-100"].movie(trajectories.jitter(min(n_frames, 100), 3.0, seed=1), seed=2)
    with tifffile.TiffWriter(path, bigtiff=True) as writer:
        for t in range(n_frames):
            writer.write(unique.frames[t % len(unique.frames)], contiguous=True)


def file_to_file(n_frames: int = 2000, size: int = 512, repeat: int = 3) -> Section:
    """Correct an uncompressed TIFF, and copy it, in turn; files in the page cache for both."""
    rows, ratios = [], []
    with tempfile.TemporaryDirectory() as folder:
        movie, still, copy = (str(Path(folder) / name) for name in ("movie.tif", "still.ome.tif", "copy.tif"))
        for length in (n_frames, 4 * n_frames):
            _write_movie(Path(movie), length, size)
            runs = []
            for _ in range(repeat + 1):
                for target in (still, copy):
                    Path(target).unlink(missing_ok=True)
                runs.append((_run(PEAK, movie, still)["seconds"], _run(COPY, movie, copy)["seconds"]))
            ours, theirs = (float(np.median([run[k] for run in runs[1:]])) for k in (0, 1))
            ratios.append(ours / theirs)
            cells = (f"{ours:.2f} s", f"{theirs:.2f} s", f"{ours / theirs:.2f}", f"{length / ours:,.0f}")
            rows.append((f"{length:,}", *cells))
    claim = Claim("TIFF to TIFF over a plain copy, page by page", "<= 2 x", f"{ratios[0]:.2f} x", ratios[0] <= 2)
    return Section(
        "TIFF to TIFF",
        ("frames", "holdstill correct", "plain copy", "ratio", "frames/s"),
        rows,
        f"{size} x {size} px, uint16, uncompressed; median of {repeat} runs taken in turn, process start apart.",
        (claim,),
    )


def memory(n_frames: int = 500, size: int = 512) -> Section:
    """Peak resident memory of the whole process for a movie and for one eight times as long."""
    rows, peaks = [], []
    with tempfile.TemporaryDirectory() as folder:
        movie, still = str(Path(folder) / "movie.tif"), str(Path(folder) / "still.ome.tif")
        for length in (n_frames, 8 * n_frames):
            _write_movie(Path(movie), length, size)
            peaks.append(_run(PEAK, movie, still)["peak"] / 2**20)
            megabytes = Path(movie).stat().st_size / 2**20
            rows.append((f"{length:,}", f"{megabytes:,.0f} MB", f"{peaks[-1]:.0f} MB"))
    claims = (
        Claim("peak memory", "<= 600 MB", f"{max(peaks):.0f} MB", max(peaks) <= 600),
        Claim("peak memory, 8 x the length", "flat", f"{peaks[1] / peaks[0]:.2f} x", peaks[1] <= 1.1 * peaks[0]),
    )
    return Section(
        "Memory", ("frames", "size of the movie", "peak RSS"), rows, "Peak of the process, libraries included.", claims
    )


def start_up(repeat: int = 5) -> Section:
    """Import, first run on a new machine (nothing compiled), later runs."""
    imported = float(np.median([_run(IMPORT)["seconds"] for _ in range(repeat)]))
    with tempfile.TemporaryDirectory() as folder:
        movie, still, cache = (str(Path(folder) / name) for name in ("movie.tif", "still.ome.tif", "cache"))
        _write_movie(Path(movie), 64, 512)
        first = _to_first_chunk(movie, still, cache)
        later = float(np.median([_to_first_chunk(movie, still, cache) for _ in range(repeat)]))
    rows = [
        ("`import holdstill`", f"{imported:.3f} s"),
        ("first run on a new machine, from the start of the process to the first corrected frames", f"{first:.1f} s"),
        ("later runs of the same", f"{later:.2f} s"),
    ]
    claims = (
        Claim("`import holdstill`", "<= 0.3 s", f"{imported:.3f} s", imported <= 0.3),
        Claim("compilation on a new machine", "<= 20 s", f"{first - later:.1f} s", first - later <= 20),
        Claim("later runs, process start to first frames", "< 1 s", f"{later:.2f} s", later < 1),
    )
    note = "Template, noise model and the first 32 frames of 512 x 512 px, estimated, resampled and written."
    return Section("Start-up", ("what", "time"), rows, note, claims)


def _to_first_chunk(movie: str, still: str, cache: str) -> float:
    began = time.time()
    return _run(PEAK, movie, still, NUMBA_CACHE_DIR=cache)["first"] - began
