"""Latency of the tracker: one frame after the other, on one core."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

import numpy as np

from benchmarks.tables import Claim, Section
from holdstill.evaluation import trajectories
from holdstill.evaluation.presets import presets
from holdstill.live.tracker import Tracker

__all__ = ["latency"]

WARM_UP = 50
# frames in which the noise is learned, on the same core
BEGINNING = 500


def latency(n_frames: int = 2000, size: int = 512) -> Section:
    """Milliseconds from a frame to its shift and its corrected image; in a process of its own, bound to one core."""
    command = [sys.executable, "-m", "benchmarks.live", str(n_frames), str(size)]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1])
    rows = [
        (name, *(f"{measured[key]:.2f}" for key in ("median", "p99", "settled", "most", "copy")))
        for name, measured in found.items()
    ]
    known = found["reference known"]
    claims = [
        Claim("tracker, median latency on one core", "<= 1 ms", f"{known['median']:.2f} ms", known["median"] <= 1),
        Claim("tracker, 99th percentile", "<= 2 ms", f"{known['p99']:.2f} ms", known["p99"] <= 2),
    ]
    note = (
        f"{n_frames} frames of {size} x {size} uint16, one after the other without a pause, ms. Estimate, verdict and "
        f"resampling. While the first {BEGINNING} come the noise is learned beside them, on the same core; the "
        "99th percentile of the others stands beside that of all."
    )
    columns = ("tracker", "median", "99th percentile", "once the noise is known", "longest", "a copy of the frame")
    return Section("Live: latency of the tracker", columns, rows, note, tuple(claims))


def _measured(frames: np.ndarray, n_frames: int, **options: object) -> dict[str, float]:
    times, copies, target = np.zeros(n_frames), np.zeros(n_frames), np.zeros_like(frames[0])
    with Tracker(**options) as tracker:  # type: ignore[arg-type]
        for number in range(-WARM_UP, n_frames):
            frame = frames[number % len(frames)]
            began = time.perf_counter()
            tracker.update(frame)
            ended = time.perf_counter()
            np.copyto(target, frame)
            if number >= 0:
                times[number], copies[number] = ended - began, time.perf_counter() - ended
    begin = min(BEGINNING, n_frames // 4)
    return {
        "median": 1e3 * float(np.median(times)), "p99": 1e3 * float(np.percentile(times, 99)),
        "settled": 1e3 * float(np.percentile(times[begin:], 99)), "most": 1e3 * float(times.max()),
        "copy": 1e3 * float(np.median(copies)),
    }  # fmt: skip


def _main(n_frames: int, size: int) -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    preset = presets((size, size))["sparse-100"]
    movie = preset.movie(trajectories.walk(min(n_frames, 200), 0.5, seed=1), seed=2)
    print(
        json.dumps(
            {
                "reference known": _measured(movie.frames, n_frames, reference=movie.reference),
                "reference known, template follows": _measured(
                    movie.frames, n_frames, reference=movie.reference, follow=0.01
                ),
                "rigid": _measured(movie.frames, n_frames, reference=movie.reference, motion="rigid"),
            }
        )
    )


if __name__ == "__main__":
    _main(int(sys.argv[1]), int(sys.argv[2]))
