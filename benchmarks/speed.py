"""Frames per second of estimate and resample, in memory; the peers on the same frames."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import numpy as np

from benchmarks.tables import Claim, Section
from holdstill.api import register
from holdstill.contracts import Sink
from holdstill.engines.threads import ThreadsEngine, available_cores
from holdstill.estimators import Direct
from holdstill.evaluation import trajectories
from holdstill.evaluation.peers import available_peers
from holdstill.evaluation.presets import presets
from holdstill.io.array import ArraySink, ArraySource
from holdstill.resampling.settings import Resampling

__all__ = ["in_memory"]

SLOW_PEER_FRAMES = 12


def _ours(frames: np.ndarray, reference: np.ndarray | str, out: np.ndarray, workers: int) -> tuple[float, float]:
    """Seconds for the frames alone, and with what is learned before."""
    source = ArraySource(frames)
    sink: Sink = ArraySink(source.info, out)
    began = time.perf_counter()
    found = Direct().fit(source, reference, engine=ThreadsEngine(workers), sink=sink, resampling=Resampling())
    return found.provenance["seconds"]["frames"], time.perf_counter() - began


def _timed(run: Callable[[], object], repeat: int) -> float:
    times = []
    for _ in range(repeat):
        began = time.perf_counter()
        run()
        times.append(time.perf_counter() - began)
    return float(np.median(times))


def in_memory(n_frames: int = 1500, size: int = 512, repeat: int = 3) -> Section:
    """Median of `repeat` runs each, ours and the peers' taken in turn."""
    preset = presets((size, size))["sparse-100"]
    unique = preset.movie(trajectories.jitter(min(n_frames, 250), 3.0, seed=1), seed=2)
    frames = np.concatenate([unique.frames] * max(1, n_frames // len(unique.frames)))
    reference = unique.reference.astype(np.float32)
    out, copy = np.zeros_like(frames), np.zeros_like(frames)
    cores = available_cores()
    register(frames[:64])
    _ours(frames[:64], reference, out[:64], cores)
    runs = [(_ours(frames, reference, out, cores), _ours(frames, "template", out, cores)) for _ in range(repeat)]
    known = len(frames) / float(np.median([run[0][0] for run in runs]))
    learned = len(frames) / float(np.median([run[1][1] for run in runs]))
    copied = len(frames) / _timed(lambda: np.copyto(copy, frames), repeat)
    rows = [
        ("copy of the array", f"{copied:,.0f}", f"{1000 / copied:.3f}", "", ""),
        ("**holdstill**, reference known", f"{known:,.0f}", f"{1000 * cores / known:.2f}", "1", "1"),
        ("**holdstill**, template learned from these frames", f"{learned:,.0f}", "", f"{known / learned:.1f}", ""),
    ]
    rates = {}
    for name, peer in available_peers().items():
        few = frames[: min(len(frames), SLOW_PEER_FRAMES)].copy()
        peer.run(reference, few)
        rates[name] = len(few) / _timed(partial(peer.run, reference, few), repeat)
        ratio = known / rates[name]
        rows.append(
            (name, f"{rates[name]:,.1f}", f"{1000 / rates[name]:.2f}", f"{ratio:,.1f}", f"{ratio / cores:,.1f}")
        )
    claims = [Claim("estimate + resample, both cores", ">= 3,000 frames/s", f"{known:,.0f} frames/s", known >= 3000)]
    for part, asked in (("phaseCorrelate", 5), ("pystackreg", 100)):
        match = [name for name in rates if part.lower() in name.lower().replace(" ", "")]
        if match:
            ratio = known / rates[match[0]]
            claims.append(Claim(f"speed against {match[0]}", f">= {asked} x", f"{ratio:,.1f} x", ratio >= asked))
    columns = ("method", "frames/s", "ms/frame and core", "holdstill is faster by", "core for core")
    note = (
        f"{len(frames)} frames of {size} x {size} px, uint16, sparse fluorescence at 100 photons, 3 px jitter; "
        f"estimate and resample. Peers run as they come, one call after the other; ours on {cores} threads."
    )
    return Section("Speed in memory", columns, rows, note, claims)
