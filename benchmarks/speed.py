"""Frames per second of the whole public call, in memory; the peers on the same frames, and frames of other sizes."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np

import holdstill as hs
from benchmarks.tables import Claim, Section
from holdstill.engines.threads import available_cores
from holdstill.evaluation import trajectories
from holdstill.evaluation.peers import available_peers
from holdstill.evaluation.presets import presets

__all__ = ["UNIQUE", "in_memory", "sizes"]

SLOW_PEER_FRAMES = 12
# A sample is every so-manyth frame: of a movie that repeats 250 frames it had ten of 3,200, whose noise passed for a
# pattern. A prime number of them is never in step with it.
UNIQUE, LARGE_PX = 997, 1024
# a movie of so many px in all, whatever the size of its frames: 40 frames of 2,048 x 2,048
PIXELS = 40 * 2048**2
FLAT = 1.5


@dataclass(frozen=True)
class Whole:
    """Seconds of a whole call, `register` and `apply`, and the processor time that both took together."""

    wall: float
    cpu: float


def _call(frames: np.ndarray, reference: np.ndarray | str, out: np.ndarray) -> Whole:
    """What a user waits for; `out` was touched before."""
    began, used = time.perf_counter(), time.process_time()
    hs.register(frames, reference=reference).apply(frames, out=out)
    return Whole(time.perf_counter() - began, time.process_time() - used)


def _best(frames: np.ndarray, reference: np.ndarray | str, out: np.ndarray, repeat: int) -> Whole:
    return min((_call(frames, reference, out) for _ in range(repeat)), key=lambda one: one.wall)


def _timed(run: Callable[[], object], repeat: int) -> float:
    times = []
    for _ in range(repeat):
        began = time.perf_counter()
        run()
        times.append(time.perf_counter() - began)
    return float(np.min(times))


def _movie(n_frames: int, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Frames, small ones often, and the image without noise that they show.

    Of large frames none is repeated: a sample has few of them, and noise that two of these share passes for a pattern
    that stands still, which takes longer to refute than all else.
    """
    n_unique = min(n_frames, UNIQUE) if size < LARGE_PX else n_frames
    unique = presets((size, size))["sparse-100"].movie(trajectories.jitter(n_unique, 3.0, seed=1), seed=2)
    times = -(-n_frames // len(unique.frames))
    return np.concatenate([unique.frames] * times)[:n_frames], unique.reference.astype(np.float32)


def _run_opencv(frames: np.ndarray, reference: np.ndarray, out: np.ndarray, workers: int) -> None:
    """OpenCV as fast as it goes: the window made once, one frame a thread, none of its own threads."""
    window = cv2.createHanningWindow(reference.shape[::-1], cv2.CV_32F)

    def correct(n: int) -> None:
        # it multiplies the window into what it is given
        (x, y), _ = cv2.phaseCorrelate(reference.copy(), frames[n].astype(np.float32), window)
        move = np.array([[1, 0, x], [0, 1, y]])
        cv2.warpAffine(frames[n], move, frames[n].shape[::-1], out[n], cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP)

    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(correct, range(len(frames))))
    finally:
        cv2.setNumThreads(threads)


def in_memory(n_frames: int = 800, size: int = 512, repeat: int = 3, n_long: int = 3200) -> Section:
    """The best of `repeat` whole calls each, kernels warm, at two lengths; then the peers."""
    cores = available_cores()
    frames, reference = _movie(n_long, size)
    out, short = np.zeros_like(frames), slice(0, n_frames)
    _call(frames[:64], reference, out[:64])
    _call(frames[:64], "template", out[:64])
    runs = {
        (name, n): _best(frames[:n], given, out[:n], repeat)
        for n in (n_frames, n_long)
        for name, given in (("reference known", reference), ("template learned", "template"))
    }
    copied = n_frames / _timed(lambda: np.copyto(out[short], frames[short]), repeat)
    rows = [("copy of the array", str(n_frames), f"{copied:,.0f}", f"{1000 / copied:.3f}", "", "")]
    rates = {key: key[1] / run.wall for key, run in runs.items()}
    for (name, n), run in runs.items():
        used = 1000 * run.cpu / n
        rows.append((f"**holdstill**, {name}", f"{n:,}", f"{rates[name, n]:,.0f}", f"{used:.2f}", "", ""))
    known = rates["reference known", n_frames]
    threaded = n_frames / _timed(lambda: _run_opencv(frames[short], reference, out[short], cores), repeat)
    peers = {f"OpenCV phaseCorrelate + warpAffine, {cores} threads": (n_frames, threaded)}
    for name, peer in available_peers().items():
        few = frames[: min(n_frames, SLOW_PEER_FRAMES)].copy()
        peer.run(reference, few)
        peers[name] = len(few), len(few) / _timed(partial(peer.run, reference, few), repeat)
    for name, (n, rate) in peers.items():
        ratio = known / rate
        rows.append((name, str(n), f"{rate:,.1f}", f"{1000 / rate:.2f}", f"{ratio:,.1f}", f"{ratio / cores:,.1f}"))
    columns = ("method", "frames", "frames/s", "ms/frame", "holdstill, known, is faster by", "core for core")
    note = (
        f"{size} x {size} px, uint16, sparse fluorescence at 100 photons, 3 px jitter. The whole public call, "
        f"`register` and `apply` into an array that was touched before, on {cores} threads, best of {repeat}; "
        "its ms/frame are of processor time. "
        "Peers that run a single call after the other: estimate and resample, divide by the cores."
    )
    return Section("Speed in memory", columns, rows, note, _judge(rates, peers, n_frames, n_long))


def _judge(
    rates: dict[tuple[str, int], float], peers: dict[str, tuple[int, float]], n_frames: int, n_long: int
) -> list[Claim]:
    asked = [("reference known", n_frames, 3000), ("reference known", n_long, 3800), ("template learned", n_long, 2400)]
    claims = []
    for name, n, least in asked:
        rate = rates[name, n]
        what = f"estimate + resample, whole call, {name}, {n:,} frames, all cores"
        claims.append(Claim(what, f">= {least:,} frames/s", f"{rate:,.0f} frames/s", rate >= least))
    for part, times in (("OpenCV phaseCorrelate + warpAffine", 6), ("pystackreg", 100)):
        name = next((name for name in peers if part.lower() in name.lower()), None)
        if name is not None:
            ratio = rates["reference known", n_frames] / peers[name][1]
            claims.append(Claim(f"speed against {name}", f">= {times} x", f"{ratio:,.1f} x", ratio >= times))
    return claims


def sizes(edges: tuple[int, ...] = (256, 512, 1024, 2048, 4096), pixels: int = PIXELS, repeat: int = 3) -> Section:
    """Whole calls for movies of as many pixels in frames of several sizes."""
    rows, rates, seconds = [], {}, {}
    for edge in edges:
        frames, reference = _movie(max(4, pixels // edge**2), edge)
        out, few = np.zeros_like(frames), min(len(frames), 8)
        for name, given in (("known", reference), ("learned", "template")):
            _call(frames[:few], given, out[:few])
            run = _best(frames, given, out, repeat)
            rates[name, edge], seconds[name, edge] = frames.size / run.wall / 1e6, run.wall
            row = (f"{edge} x {edge}", f"{len(frames):,}", name, f"{run.wall:.2f}", f"{run.cpu:.2f}")
            rows.append((*row, f"{rates[name, edge]:,.0f}"))
        del frames, out
    claims = []
    for name in ("known", "learned"):
        found = [rates[name, edge] for edge in edges]
        spread = max(found) / min(found)
        what = f"reference {name}: fastest over slowest size of frames, {edges[0]} to {edges[-1]} px"
        claims.append(Claim(what, f"<= {FLAT} x", f"{spread:.1f} x", spread <= FLAT))
    for name, most in (("known", 1.0), ("learned", 2.0)):
        if ("known", 2048) in seconds:
            took = seconds[name, 2048]
            what = f"{pixels // 2048**2} frames of 2,048 x 2,048 px, reference {name}"
            claims.append(Claim(what, f"<= {most} s", f"{took:.1f} s", took <= most))
    columns = ("px", "frames", "reference", "seconds", "processor seconds", "Mpx/s")
    note = f"Whole calls, `register` and `apply`, best of {repeat}; about {pixels / 1e6:,.0f} Mpx each, uint16."
    return Section("Speed by the size of frames", columns, rows, note, claims)
