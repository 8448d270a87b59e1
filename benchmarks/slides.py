"""A pair of slides from file to file: time, memory, and errors against the field that bent them."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.slide_pair import make_pair
from benchmarks.tables import Claim, Section
from holdstill.result.registration import load

__all__ = ["slide"]

# in a process of its own, of which time and memory are told
SCRIPT = """
import json, resource, sys, time
from holdstill.cli import run
began, code = time.perf_counter(), run(sys.argv[1:])
used = resource.getrusage(resource.RUSAGE_SELF)
peak = used.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
told = {"code": code, "s": time.perf_counter() - began, "cpu": used.ru_utime + used.ru_stime, "peak": peak}
print("\\n" + json.dumps(told))
"""

MOST_S, MOST_MB, MOST_PX = 360.0, 1536.0, 2.0


def slide(longer: int = 60_000, folder: Path | None = None) -> Section:
    """`holdstill align` on a generated pair; on one that `folder` holds already, if it is given."""
    with tempfile.TemporaryDirectory() as made:
        place = Path(made) if folder is None else folder
        if folder is None:
            make_pair(place, longer)
        paths = [str(place / name) for name in ("fixed.ome.tif", "moving.ome.tif")]
        asked = ["align", *paths, "-o", str(Path(made, "out.ome.tif")), "--motion", "dense", "--fill", "243"]
        ended = subprocess.run(
            [sys.executable, "-c", SCRIPT, *asked, "--no-report"], check=True, capture_output=True, text=True
        )
        told = json.loads(ended.stdout.splitlines()[-1])
        assert told["code"] == 0, ended.stderr
        truth, found = np.load(place / "truth.npz"), load(Path(made, "out.drift.json"))
    seconds, processor, memory = told["s"], told["cpu"], told["peak"]
    off = np.linalg.norm(found[0].map(truth["fixed"]) - truth["moving"], axis=1)
    median, late = float(np.median(off)), float(np.percentile(off, 90))
    size = f"{found.frame_shape[1]:,} x {found.frame_shape[0]:,} px"
    rows = [(size, f"{seconds:.0f}", f"{processor:.0f}", f"{memory:.0f}", f"{median:.2f}", f"{late:.2f}")]
    claims = [
        Claim(f"slides of {size}: registered and written", f"<= {MOST_S:g} s", f"{seconds:.0f} s", seconds <= MOST_S),
        Claim("slides: peak memory", f"<= {MOST_MB:,.0f} MB", f"{memory:.0f} MB", memory <= MOST_MB),
        Claim("slides: median error at full resolution", f"<= {MOST_PX:g} px", f"{median:.2f} px", median <= MOST_PX),
    ]
    note = (
        "A generated pair in colours, stained differently, turned by 30 degrees, bent by 1/1000 of its longer side "
        "(RMS), with noise and two tears; tiles of 512 px in JPEG in, and out. 2,000 points of the tissue."
    )
    columns = ("size", "s", "s of processor", "peak MB", "median error (px)", "90th percentile (px)")
    return Section("Slides", columns, rows, note, claims)
