"""A cluster on paper: tasks, stragglers, failures and a scheduler with a limit, from 10 to 10,000 workers.

``python -m benchmarks.scale_simulation`` draws ``docs/scale.png``; ``python -m benchmarks scale`` makes the table.
"""

from __future__ import annotations

import heapq
import math
import random
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from benchmarks.tables import Claim, Section
from holdstill.contracts import Chunk
from holdstill.engines._groups import group_chunks

__all__ = ["Cluster", "Run", "figure", "scale", "simulate"]

TB = 10**12
# one note in the journal: measured
NOTE_S = 1e-4
# core seconds of a chunk: measured
CHUNK_S = 0.24
# of its 16 MB of pixels, as compressed in storage
CHUNK_BYTES = 8 << 20
WORKERS = (10, 30, 100, 300, 1000, 3000, 10_000)
# chunks to a task; None: as the engines do it
GROUPS = (1, 4, 16, 64, None)


@dataclass(frozen=True, kw_only=True)
class Cluster:
    """What a cluster is like.

    Attributes
    ----------
    n_workers : int
        Cores, one task each at a time.
    chunk_s : float
        Core seconds to read, estimate, resample and write one chunk: measured.
    tasks_per_s : float
        What the scheduler hands out at most.
    spread : float
        Standard deviation of the logarithm of a task's time.
    straggler_share, straggler_factor : float
        So many tasks take so many times as long.
    failures_per_hour : float
        Of one worker; its task is lost, and it is back after `repair_s`.
    storage_bytes_per_s : float
        What the storage reads and writes, of all workers together.
    """

    n_workers: int
    chunk_s: float = CHUNK_S
    tasks_per_s: float = 1000.0
    spread: float = 0.2
    straggler_share: float = 0.01
    straggler_factor: float = 5.0
    failures_per_hour: float = 0.05
    repair_s: float = 60.0
    storage_bytes_per_s: float = math.inf


@dataclass(frozen=True, kw_only=True)
class Run:
    """What came of a run: its time, the share of it that workers worked for good, and tasks that were lost."""

    seconds: float
    efficiency: float
    lost: int


def simulate(cluster: Cluster, n_chunks: int, group: int | None, *, stored: int = CHUNK_BYTES, seed: int = 1) -> Run:
    """Run all chunks, `group` of them to a task, each task on the worker that is free first.

    Efficiency is that against workers that never wait.
    """
    chance = random.Random(seed)
    moved_s = cluster.n_workers * 2 * stored / cluster.storage_bytes_per_s
    chunk_s = max(cluster.chunk_s, moved_s)
    tasks = sizes_of(n_chunks, group, cluster.n_workers)
    free = [0.0] * cluster.n_workers
    scheduler, end, lost = 0.0, 0.0, 0
    while tasks:
        n = tasks.popleft()
        begin = max(heapq.heappop(free), scheduler)
        scheduler = begin + 1 / cluster.tasks_per_s
        seconds = n * chunk_s * math.exp(chance.gauss(0, cluster.spread))
        if chance.random() < cluster.straggler_share:
            seconds *= cluster.straggler_factor
        if chance.random() < seconds * cluster.failures_per_hour / 3600:
            lost += 1
            tasks.append(n)
            heapq.heappush(free, begin + seconds * chance.random() + cluster.repair_s)
            continue
        end = max(end, begin + seconds)
        heapq.heappush(free, begin + seconds)
    usual = math.exp(cluster.spread**2 / 2) * (1 + cluster.straggler_share * (cluster.straggler_factor - 1))
    ideal = n_chunks * chunk_s * usual / cluster.n_workers
    return Run(seconds=end, efficiency=ideal / end, lost=lost)


def sizes_of(n_chunks: int, group: int | None, n_workers: int) -> deque[int]:
    """Chunks of each task."""
    if group is None:
        return deque(len(chunks) for chunks in group_chunks([Chunk(0, 1)] * n_chunks, n_workers))
    return deque(min(group, n_chunks - first) for first in range(0, n_chunks, group))


def reduction_s(n_parts: int, part_bytes: int, *, fan_in: int | None, bytes_per_s: float = 1e9) -> float:
    """Seconds to add up partial sums: all by the driver (`fan_in` None), or as a tree of workers."""
    if fan_in is None:
        return n_parts * part_bytes / bytes_per_s
    depth = math.ceil(math.log(max(n_parts, 2), fan_in))
    return depth * (fan_in * part_bytes / bytes_per_s + 2 / 1000)


def lost_s(cluster: Cluster, interval_chunks: int, write_s: float, run_s: float, per_day: float = 1.0) -> float:
    """Seconds that a checkpoint every so many chunks costs a run.

    The driver writes while others work, so that only what it cannot keep up with counts; and what was not noted when it
    is interrupted, `per_day` times, is done again.
    """
    rate = cluster.n_workers / cluster.chunk_s
    writing = run_s * max(0.0, rate / interval_chunks * write_s - 1)
    again = run_s / 86400 * per_day * interval_chunks / rate / 2
    return writing + again


def scale(n_bytes: float = 10 * TB, workers: tuple[int, ...] = WORKERS) -> Section:
    """Efficiency over workers and chunks to a task."""
    n_chunks, rows = int(n_bytes / (16 << 20)), []
    for n_workers in workers:
        cluster = Cluster(n_workers=n_workers)
        runs = [simulate(cluster, n_chunks, group) for group in GROUPS]
        cells = (f"{run.efficiency:.0%}" for run in runs)
        rows.append((f"{n_workers:,}", *cells, f"{runs[-1].seconds:,.0f} s", f"{runs[-1].lost:,}"))
    worst = simulate(Cluster(n_workers=1000), n_chunks, None).efficiency
    named = (f"{group} to a task" if group else "16, then fewer" for group in GROUPS)
    columns = ("workers", *named, f"{n_bytes / TB:g} TB take", "tasks lost")
    note = (
        f"Simulated: {n_chunks:,} chunks of 16 MB, {Cluster(n_workers=1).chunk_s} core seconds each (measured), a "
        "scheduler of 1,000 tasks/s, 1 % of tasks five times as slow, a failure in 20 worker hours. Time and losses "
        "are those of the last way, which is that of the engines."
    )
    claim = Claim("simulated efficiency, 1,000 workers", ">= 90 %", f"{worst:.0%}", worst >= 0.9)
    return Section("Scale, simulated", columns, rows, note, (claim,))


def figure(path: Path, n_bytes: float = 10 * TB) -> None:
    """Three panels: chunks to a task, ways to add up a template, checkpoint intervals."""
    import matplotlib as mpl

    mpl.use("agg")
    import matplotlib.pyplot as plt

    n_chunks = int(n_bytes / (16 << 20))
    shown, (left, middle, right) = plt.subplots(1, 3, figsize=(12, 3.6), layout="constrained")
    for group in GROUPS:
        runs = [simulate(Cluster(n_workers=n), n_chunks, group) for n in WORKERS]
        left.plot(WORKERS, [100 * run.efficiency for run in runs], "o-", label=str(group or "16, then fewer"))
    limited = [simulate(Cluster(n_workers=n, storage_bytes_per_s=5e10), n_chunks, None) for n in WORKERS]
    shares = [1.06 * CHUNK_S * n_chunks / n / run.seconds for n, run in zip(WORKERS, limited, strict=True)]
    left.plot(WORKERS, [100 * share for share in shares], "k--", label="the same, storage of 50 GB/s")
    left.set(xscale="log", xlabel="workers", ylabel="efficiency (%)", ylim=(0, 105))
    left.legend(title="chunks to a task", fontsize=8)
    parts = [4**k for k in range(11)]
    for fan_in, label in ((None, "driver adds up"), (2, "tree of 2"), (4, "tree of 4"), (16, "tree of 16")):
        middle.plot(parts, [reduction_s(n, 3 << 20, fan_in=fan_in) for n in parts], label=label)
    middle.axvline(8, color="0.6", ls=":")
    middle.set(xscale="log", yscale="log", xlabel="partial sums (dotted: a template of 128 frames)", ylabel="time (s)")
    middle.legend(fontsize=8)
    intervals = [4**k for k in range(10)]
    for n in (10, 100, 1000, 10_000):
        cluster = Cluster(n_workers=n)
        run_s = n_chunks * cluster.chunk_s / n
        costs = [100 * lost_s(cluster, k, NOTE_S, run_s) / run_s for k in intervals]
        right.plot(intervals, costs, label=f"{n:,} workers")
    right.set(xscale="log", yscale="log", xlabel="chunks from one note to the next", ylabel="lost time (%)")
    right.legend(fontsize=8)
    shown.savefig(path, dpi=110)
    plt.close(shown)


if __name__ == "__main__":
    figure(Path(__file__).parents[1] / "docs" / "scale.png")
