"""Dask and Spark beside threads on the same cores, and what the driver needs for long movies."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.tables import Claim, Section
from holdstill.contracts import ImagesInfo
from holdstill.evaluation import trajectories
from holdstill.evaluation.presets import presets
from holdstill.io import create_sink

__all__ = ["driver_memory", "engines"]

LIMIT = 1.2
FLAT = 1.1

# a run of a short movie first: workers import holdstill and load its kernels
CORRECT = """
import json, os, sys, time
os.environ["PYSPARK_PYTHON"] = sys.executable
import psutil
import holdstill as hs
from holdstill.engines.choosing import open_engine
def core_seconds():
    me, total = psutil.Process(), 0.0
    for process in (me, *me.children(recursive=True)):
        try:
            times = process.cpu_times()
            total += times.user + times.system
        except psutil.Error:
            continue
    return total
def main():
    engine, short, movie, still = sys.argv[1:]
    began = time.perf_counter()
    with open_engine(engine) as running:
        started = time.perf_counter()
        hs.correct(short, still, overwrite=True, report=False, engine=running)
        warm, cores = time.perf_counter(), core_seconds()
        found = hs.correct(movie, still, overwrite=True, report=False, engine=running)
        done, cores = time.perf_counter(), core_seconds() - cores
    print(json.dumps({"start": started - began, "warm": warm - started, "seconds": done - warm, "cores": cores,
                      "stages": found.provenance["seconds"]}))
if __name__ == "__main__":
    main()
"""
VIRTUAL = """
import json, os, pathlib, sys, time
os.environ["PYSPARK_PYTHON"] = sys.executable
import numpy as np
from holdstill.contracts import ImagesInfo, Source
from holdstill.estimators import Direct
from holdstill.evaluation import trajectories
from holdstill.evaluation.presets import presets
from holdstill.engines.choosing import open_engine
class Generated(Source):
    def __init__(self, n_frames, size):
        self.few = presets((size, size))["sparse-100"].movie(trajectories.jitter(64, 2.0, seed=1), seed=2).frames
        self.info = ImagesInfo(name="generated", axes="TYX", shape=(n_frames, size, size), dtype=self.few.dtype)
    def read(self, start, stop, *, channel=None):
        return self.few[np.arange(start, stop) % len(self.few), None]
    def close(self):
        pass
def high_water():
    status = pathlib.Path("/proc/self/status").read_text()
    return 1024 * int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1])
def main():
    engine, n_frames, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    with open_engine(engine) as running:
        began = time.perf_counter()
        found = Direct().fit(Generated(n_frames, size), engine=running)
        seconds, peak = time.perf_counter() - began, high_water()
    result = sum(a.nbytes for a in (found.parameters, found.errors, found.corner_errors, found.scores))
    print(json.dumps({"seconds": seconds, "peak": peak, "result": result}))
if __name__ == "__main__":
    main()
"""


def _run(code: str, *arguments: str) -> dict[str, float]:
    """The script in a process of its own, from a file: workers that are spawned read it again."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "script.py"
        script.write_text(code, encoding="utf-8")
        result = subprocess.run([sys.executable, str(script), *arguments], capture_output=True, text=True)
    if result.returncode:
        raise RuntimeError(result.stderr[-2000:])
    found: dict[str, float] = json.loads(result.stdout.splitlines()[-1])
    return found


def _write_movie(path: Path, n_frames: int, size: int) -> Path:
    frames = presets((size, size))["sparse-100"].movie(trajectories.jitter(60, 3.0, seed=1), seed=2).frames
    info = ImagesInfo(name="movie", axes="TYX", shape=(n_frames, size, size), dtype=frames.dtype)
    with create_sink(path, info) as sink:
        for start in range(0, n_frames, 64):
            chosen = np.arange(start, min(start + 64, n_frames)) % len(frames)
            sink.write(start, frames[chosen, None])
        sink.finish()
    return path


def _names() -> tuple[str, ...]:
    """Engines that can run here: Spark needs Java."""
    java = shutil.which("java") or os.environ.get("JAVA_HOME")
    return ("threads", "dask", "spark") if java else ("threads", "dask")


def engines(
    n_frames: int = 8192, size: int = 512, repeat: int = 3, names: tuple[str, ...] = ("threads", "dask", "spark")
) -> Section:
    """Correct an OME-Zarr movie on each engine, in turn, and compare with threads."""
    runs: dict[str, list[dict[str, float]]] = {name: [] for name in _names() if name in names}
    with tempfile.TemporaryDirectory() as folder:
        movie = _write_movie(Path(folder) / "movie.ome.zarr", n_frames, size)
        short = _write_movie(Path(folder) / "short.ome.zarr", min(n_frames, 200), size)
        for _ in range(repeat):
            for name, found in runs.items():
                found.append(_run(CORRECT, name, str(short), str(movie), str(Path(folder) / "still.ome.zarr")))
    rows, claims = [], []
    for name, found in runs.items():
        start, warm, seconds = (float(np.median([run[key] for run in found])) for key in ("start", "warm", "seconds"))
        ratios = [run["seconds"] / other["seconds"] for run, other in zip(found, runs["threads"], strict=True)]
        ratio = float(np.median(ratios))
        cores = float(np.median([run["cores"] for run in found]))
        cells = (f"{start:.1f} s", f"{warm:.1f} s", f"{seconds:.1f} s", f"{ratio:.2f}", f"{cores:.0f} s")
        rows.append((name, *cells))
        if name != "threads":
            asked = f"<= {LIMIT} x"
            claims.append(Claim(f"`{name}` over `threads`, same cores", asked, f"{ratio:.2f} x", ratio <= LIMIT))
    note = (
        f"{n_frames:,} frames of {size} x {size} px, uint16, {2 * n_frames * size**2 / 2**30:.1f} GB, OME-Zarr to "
        f"OME-Zarr, one worker a core; median of {repeat} runs taken in turn. *Start* is that of the cluster, *first "
        "run* is of 200 frames, in which workers import holdstill and load its kernels; both are paid once a cluster."
    )
    columns = ("engine", "start", "first run", "the movie", "ratio", "core time")
    return Section("Engines", columns, rows, note, tuple(claims))


def driver_memory(
    lengths: tuple[int, ...] = (1000, 1_000_000), size: int = 64, names: tuple[str, ...] = ("dask", "spark")
) -> Section:
    """Peak memory of the process that asks, for short and for very long movies whose pixels are made by the workers."""
    rows, claims = [], []
    for name in (name for name in _names() if name in names):
        peaks = []
        for n_frames in lengths:
            found = _run(VIRTUAL, name, str(n_frames), str(size))
            peaks.append(found["peak"])
            cells = (
                f"{found['peak'] / 2**20:.0f} MB",
                f"{found['result'] / 2**20:.1f} MB",
                f"{found['seconds']:.1f} s",
            )
            rows.append((name, f"{n_frames:,}", *cells))
        growth = (peaks[-1] - peaks[0]) / max(lengths[-1] - lengths[0], 1)
        what = f"driver memory, `{name}`, {lengths[-1]:,} frames over {lengths[0]:,}"
        told = f"{peaks[-1] / peaks[0]:.2f} x, {growth:.0f} bytes a frame"
        claims.append(Claim(what, "flat", told, peaks[-1] <= FLAT * peaks[0]))
    note = (
        f"Frames of {size} x {size} px that exist nowhere; motion estimated, reference learned. Of `dask` the "
        "scheduler runs in the same process. The result itself, transforms, errors and scores, grows with the movie."
    )
    return Section("Driver memory", ("engine", "frames", "peak RSS", "the result", "time"), rows, note, tuple(claims))
