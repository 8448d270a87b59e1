"""File to file against a plain copy, peak memory against length, start-up: each in a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import tifffile

from benchmarks.speed import UNIQUE
from benchmarks.tables import Claim, Section
from holdstill.contracts import ImagesInfo
from holdstill.evaluation import trajectories
from holdstill.evaluation.presets import presets
from holdstill.io import create_sink

__all__ = ["file_to_file", "long_movies", "memory", "start_up", "zarr_to_zarr"]

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
LONG = """
import json, pathlib, sys, time
import numpy as np
from holdstill.contracts import ImagesInfo, Sink, Source
from holdstill.estimators import Direct
from holdstill.evaluation import trajectories
from holdstill.evaluation.presets import presets
from holdstill.io import create_sink
from holdstill.resampling.settings import Resampling
n_frames, size = int(sys.argv[1]), int(sys.argv[2])
few = presets((size, size))["sparse-100"].movie(trajectories.jitter(64, 3.0, seed=1), seed=2).frames[:, None]
class Generated(Source):
    info = ImagesInfo(name="generated", axes="TYX", shape=(n_frames, size, size), dtype=few.dtype)
    def read(self, start, stop, *, channel=None):
        return few[np.arange(start, stop) % len(few)]
    def close(self):
        pass
class Nowhere(Sink):
    info, bytes = Generated.info, 0
    def write(self, start, frames):
        self.bytes += frames.nbytes
    def finish(self):
        pass
    def close(self):
        pass
began, sink = time.perf_counter(), Nowhere()
Direct().fit(Generated(), sink=sink, resampling=Resampling())
status = pathlib.Path("/proc/self/status").read_text()
peak = 1024 * int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1])
print(json.dumps({"seconds": time.perf_counter() - began, "peak": peak, "bytes": sink.bytes}))
"""
OPEN = """
import json, sys, time
import holdstill as hs
began = time.perf_counter()
with hs.open(sys.argv[1]) as source:
    first = source.read(0, 64)
    n_frames = source.info.n_frames
print(json.dumps({"seconds": time.perf_counter() - began, "frames": n_frames}))
"""
ZARR_COPY = """
import json, os, sys, time
from concurrent.futures import ThreadPoolExecutor
import zarr
from zarr.codecs import ZstdCodec
began = time.perf_counter()
source = zarr.open_group(sys.argv[1], mode="r")["0"]
target = zarr.create_array(sys.argv[2], shape=source.shape, dtype=source.dtype, chunks=source.chunks,
                           shards=source.shards, compressors=ZstdCodec(level=3))
step = source.shards[0]
def copy(start):
    target[start : start + step] = source[start : start + step]
with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as threads:
    list(threads.map(copy, range(0, source.shape[0], step)))
print(json.dumps({"seconds": time.perf_counter() - began}))
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
    usual = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    result = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        check=True,
        env=usual | environment,
    )
    found: dict[str, float] = json.loads(result.stdout.splitlines()[-1])
    return found


def _write_movie(path: Path, n_frames: int, size: int) -> None:
    """A movie of `n_frames`, few of them alike, written page by page as a microscope does."""
    unique = presets((size, size))["sparse-100"].movie(trajectories.jitter(min(n_frames, UNIQUE), 3.0, seed=1), seed=2)
    with tifffile.TiffWriter(path, bigtiff=True) as writer:
        for t in range(n_frames):
            writer.write(unique.frames[t % len(unique.frames)], contiguous=True)


def file_to_file(n_frames: int = 2000, size: int = 512, repeat: int = 3, times: tuple[int, ...] = (1, 4)) -> Section:
    """Correct an uncompressed TIFF, and copy it, in turn; files in the page cache for both."""
    rows, ratios = [], []
    with tempfile.TemporaryDirectory() as folder:
        movie, still, copy = (str(Path(folder) / name) for name in ("movie.tif", "still.ome.tif", "copy.tif"))
        for length in (n_frames * factor for factor in times):
            _write_movie(Path(movie), length, size)
            runs = []
            for _ in range(repeat + 1):
                for target in (still, copy):
                    Path(target).unlink(missing_ok=True)
                runs.append((_run(PEAK, movie, still)["seconds"], _run(COPY, movie, copy)["seconds"]))
            ours, theirs = (float(np.median([run[k] for run in runs[1:] or runs])) for k in (0, 1))
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


def zarr_to_zarr(n_frames: int = 3000, size: int = 512, repeat: int = 3) -> Section:
    """Correct a zstd OME-Zarr, and compress it anew without correction, in turn; same codec, shards and threads."""
    with tempfile.TemporaryDirectory() as folder:
        movie, still, copy = (str(Path(folder) / name) for name in ("movie.zarr", "still.ome.zarr", "copy.zarr"))
        path = trajectories.jitter(min(n_frames, UNIQUE), 3.0, seed=1)
        frames = presets((size, size))["sparse-100"].movie(path, seed=2).frames
        info = ImagesInfo(name=movie, axes="TYX", shape=(n_frames, size, size), dtype=frames.dtype)
        with create_sink(movie, info) as sink:
            for start in range(0, n_frames, 30):
                stop = min(start + 30, n_frames)
                sink.write(start, frames[np.arange(start, stop) % len(frames), None])
            sink.finish()
        runs = []
        for _ in range(repeat + 1):
            for target in (still, copy):
                shutil.rmtree(target, ignore_errors=True)
            runs.append((_run(PEAK, movie, still)["seconds"], _run(ZARR_COPY, movie, copy)["seconds"]))
    ours, theirs = (float(np.median([run[k] for run in runs[1:] or runs])) for k in (0, 1))
    ratio = ours / theirs
    rows = [(f"{n_frames:,}", f"{ours:.2f} s", f"{theirs:.2f} s", f"{ratio:.2f}", f"{n_frames / ours:,.0f}")]
    claim = Claim("OME-Zarr to OME-Zarr over compressing anew", "<= 1.3 x", f"{ratio:.2f} x", ratio <= 1.3)
    columns = ("frames", "holdstill correct", "copy", "ratio", "frames/s")
    note = (
        f"{size} x {size} px, uint16, zstd level 3, one chunk a frame, sharded; median of {repeat} runs taken in turn, "
        "process start apart."
    )
    return Section("OME-Zarr to OME-Zarr", columns, rows, note, (claim,))


def long_movies(n_frames: int = 131072, size: int = 512, n_pages: int = 100_000, page_px: int = 64) -> Section:
    """A movie of 64 GB that is generated as it is read, and the first frames of a TIFF of 100,000 pages."""
    long = _run(LONG, str(n_frames), str(size))
    with tempfile.TemporaryDirectory() as folder:
        movie = Path(folder) / "pages.tif"
        _write_movie(movie, n_pages, page_px)
        opened = _run(OPEN, str(movie))
    peak = long["peak"] / 2**20
    made = f"{long['bytes'] / 2**30:.0f} GB generated, {n_frames:,} frames of {size} x {size} px"
    rows = [
        (made, f"{peak:.0f} MB peak RSS", f"{n_frames / long['seconds']:,.0f} frames/s"),
        (f"TIFF of {opened['frames']:,.0f} pages: opened, 64 frames read", f"{opened['seconds']:.2f} s", ""),
    ]
    claims = (
        Claim("peak memory, 64 GB", "<= 600 MB", f"{peak:.0f} MB", peak <= 600),
        Claim("opening a TIFF of 100,000 pages", "<= 3 s", f"{opened['seconds']:.2f} s", opened["seconds"] <= 3),
    )
    note = "Estimated, resampled and handed to a sink that keeps nothing; reference learned, memory at its default."
    return Section("Long movies", ("what", "measured", ""), rows, note, claims)


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
