"""Scenes that mislead: how many frames are wrong and called ok, how many refused without need, which bars hold."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from benchmarks.tables import Claim, Section
from holdstill.api import register
from holdstill.contracts import Verdict
from holdstill.evaluation.peers import Peer, available_peers
from holdstill.evaluation.stress.base import Setting, StressScene
from holdstill.evaluation.stress.score import Score, score
from holdstill.evaluation.stress.suite import LEVELS, SCENES, is_hard

__all__ = ["Row", "measure", "run_scene", "stress"]

COUNTS = ("misses", "ok", "refused", "good")
COLUMNS = ("scene", "light", *COUNTS, "z-score sd", "RMSE (px)", "raw (px)", "bound (px)", "best peer (px)")
# the packages that a microscopist would take, fast enough for all scenes
PEERS = ("pystackreg", "OpenCV phaseCorrelate", "OpenCV findTransformECC")


@dataclass(frozen=True)
class Row:
    """One scene under one setting, and what came of it; `peers` is the RMSE of each, px."""

    name: str
    level: str
    setting: Setting
    score: Score
    seconds: float
    verdicts: str
    peers: dict[str, float] = field(default_factory=dict)

    def cells(self) -> tuple[str, ...]:
        """As a line of the table."""
        s = self.score
        name = f"{self.name} (hard)" if is_hard(self.name, self.level) else self.name
        return (
            name, self.level, str(self.setting.size), str(s.misses), str(s.ok), str(s.refused), str(s.good),
            f"{s.z_sd:.2f}", f"{s.rmse:.3f}", f"{s.raw:.3f}", f"{s.bound:.3f}",
            _name_best(self.peers),
        )  # fmt: skip


def run_scene(name: str, level: str, setting: Setting, peers: dict[str, Peer] | None = None) -> Row:
    """Register one scene with its defaults, and count."""
    scene = SCENES[name](setting)
    began = time.process_time()
    found = register(scene.frames, **scene.options)
    seconds = time.process_time() - began
    ok = np.array([verdict is Verdict.OK for verdict in found.verdicts])
    kinds = sorted({str(verdict) for verdict in found.verdicts})
    counts = ", ".join(f"{kind} {sum(str(v) == kind for v in found.verdicts)}" for kind in kinds)
    judged = score(scene, found.shifts, found.errors[:, : scene.truth.shape[2]], ok)
    beside = {title: _run_peer(peer, scene) for title, peer in (peers or {}).items() if scene.frames.ndim == 3}
    return Row(name, level, setting, judged, seconds, counts, beside)


def _run_peer(peer: Peer, scene: StressScene) -> float:
    """RMSE of another package over all good frames, against the first frame; frames it gave up stay where they are."""
    if scene.frames.dtype == np.int32:  # no peer takes offsets of a thousand million
        return float("nan")
    shifts = np.nan_to_num(peer.estimate(scene.frames[0], scene.frames))
    return score(scene, shifts, np.full(shifts.shape, np.inf), np.ones(len(shifts), bool)).rmse


def _name_best(peers: dict[str, float]) -> str:
    known = {name: rmse for name, rmse in peers.items() if np.isfinite(rmse)}
    if not known:
        return ""
    best = min(known, key=lambda name: known[name])
    return f"{known[best]:.3f} {best}"


def measure(
    names: Iterable[str], levels: Iterable[str], *, n_frames: int, sizes: Iterable[int], seeds: Iterable[int]
) -> list[Row]:
    """All scenes under all settings, one after the other; each is told on stderr."""
    rows = []
    peers = {name: peer for name, peer in available_peers().items() if name in PEERS}
    for name in names:
        for level in levels:
            for size in sizes:
                for seed in seeds:
                    setting = Setting(photons=LEVELS[level], n_frames=n_frames, size=size, seed=seed)
                    row = run_scene(name, level, setting, peers)
                    rows.append(row)
                    sys.stderr.write("  ".join([*row.cells(), f"{row.seconds:.1f} s", row.verdicts]) + "\n")
    return rows


def stress(
    n_frames: int = 60, sizes: tuple[int, ...] = (128, 512), seeds: tuple[int, ...] = (0, 1, 2),
    names: tuple[str, ...] = tuple(SCENES), levels: tuple[str, ...] = tuple(LEVELS),
) -> Section:  # fmt: skip
    """The table, a line for each scene and level over all seeds, and the promises."""
    rows = measure(names, levels, n_frames=n_frames, sizes=sizes, seeds=seeds)
    return Section("Movies that mislead", COLUMNS, _lines(rows), _note(n_frames, sizes, seeds), _claims(rows))


def _lines(rows: list[Row]) -> list[tuple[str, ...]]:
    """Sizes and seeds of a scene at a level as one line."""
    lines = []
    for name, level in dict.fromkeys((row.name, row.level) for row in rows):
        these = [row for row in rows if (row.name, row.level) == (name, level)]
        some = [row.score for row in these]
        totals = [str(sum(getattr(s, field) for s in some)) for field in COUNTS]
        z = np.sqrt(np.nanmean([s.z_sd**2 for s in some])) if any(np.isfinite(s.z_sd) for s in some) else np.nan
        means = [np.sqrt(np.mean([getattr(s, field) ** 2 for s in some])) for field in ("rmse", "raw", "bound")]
        title = f"{name} (hard)" if is_hard(name, level) else name
        lines.append(
            (
                title.replace("_", " "),
                level,
                *totals,
                f"{z:.2f}",
                *(f"{value:.3f}" for value in means),
                _name_best(_mean_peers(these)),
            )
        )
    return lines


def _mean_peers(rows: list[Row]) -> dict[str, float]:
    """RMSE of each peer over several settings."""
    names = dict.fromkeys(name for row in rows for name in row.peers)
    return {name: float(np.sqrt(np.mean([row.peers.get(name, np.nan) ** 2 for row in rows]))) for name in names}


def _claims(rows: list[Row]) -> tuple[Claim, ...]:
    scores = [row.score for row in rows]
    ok, misses = sum(s.ok for s in scores), sum(s.misses for s in scores)
    easy = [row.score for row in rows if not is_hard(row.name, row.level)]
    good, refused = sum(s.good for s in easy), sum(s.refused for s in easy)
    worse = sum(s.is_worse_than_raw for s in scores)
    spreads = [s.z_sd for s in scores if np.isfinite(s.z_sd)]
    held = sum(0.8 <= z <= 1.25 for z in spreads)
    beside = [row for row in rows if any(np.isfinite(rmse) for rmse in row.peers.values())]
    beaten = sum(np.nanmin(list(row.peers.values())) < 0.97 * row.score.rmse for row in beside)
    return (
        Claim("wrong and called ok, movies that mislead", "<= 0.3 %", f"{misses} of {ok}", misses <= 0.003 * ok),
        Claim("good frames refused, movies that mislead", "<= 1 %", f"{refused} of {good}", refused <= 0.01 * good),
        Claim("movies made worse than raw", "none", f"{worse} of {len(scores)}", worse == 0),
        Claim("movies with a z-score sd of 0.8 - 1.25", ">= 90 %", f"{held} of {len(spreads)}",
              held >= 0.9 * len(spreads)),
        Claim("movies that mislead in which a peer does better", "none", f"{beaten} of {len(beside)}", beaten == 0),
    )  # fmt: skip


def _note(n_frames: int, sizes: tuple[int, ...], seeds: tuple[int, ...]) -> str:
    return (
        f"{n_frames} frames of {' and '.join(map(str, sizes))} px, seeds {', '.join(map(str, seeds))}, "
        "`register(frames)` with its defaults; peers against the first frame. n5: a typical spot peaks at 5 photons, "
        "read noise 2. A miss is a frame called ok that is more than three stated standard deviations and more than "
        "0.3 px off. In scenes marked hard beforehand, specimen and disturbance cannot be told apart, or the model "
        "does not hold: there frames may be refused, never wrong."
    )
