"""Lines that were scanned while the specimen moved: error of each line beside the best motion of whole frames."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import signal

import holdstill as hs
from benchmarks.tables import Claim, Section
from holdstill.evaluation.local import LocalMovie, make_local_movie, make_tissue

__all__ = ["lines"]

CONTRAST, FRAMES_PER_S, PEAK_PX, GRID = 0.33, 30.0, 4.0, 16
ASKED = {0.5: 0.6, 2.0: 0.3}
# shift and shear are what a frame as a whole can follow of its lines
FRAME_WISE = ("translation", "affine")
KINDS = ("1 Hz", "3 Hz", "10 Hz", "random walk")


def _draw_walk(times: NDArray[np.float64], rate: float, seed: int) -> NDArray[np.float64]:
    """A random walk low-passed at 10 Hz, less its line, with a peak of one."""
    steps = np.random.default_rng(seed).standard_normal(len(times)).cumsum()
    smooth = signal.sosfiltfilt(signal.butter(4, 10.0, fs=rate, output="sos"), steps)
    flat = signal.detrend(smooth)
    return np.asarray(flat / np.abs(flat).max(), np.float64)


def _move(kind: str, n_frames: int, size: int) -> NDArray[np.float64]:
    """Displacement of each line, (T, lines, 2) px."""
    rate = FRAMES_PER_S * size
    times = np.arange(n_frames * size) / rate
    if kind == "random walk":
        axes = [_draw_walk(times, rate, seed) for seed in (1, 2)]
    else:
        hertz = float(kind.split()[0])
        axes = [np.sin(2 * np.pi * hertz * times), np.cos(2 * np.pi * 0.83 * hertz * times)]
    return PEAK_PX * np.stack(axes, axis=-1).reshape(n_frames, size, 2)


def _record(moves: NDArray[np.float64], photons: float) -> LocalMovie:
    n, size, _ = moves.shape
    fields = np.broadcast_to(np.moveaxis(moves, 2, 1)[..., None], (n, 2, size, size))
    return make_local_movie(make_tissue((size, size), CONTRAST), np.zeros((n, 2)), fields, photons=photons)


def _error(reg: hs.Registration, moves: NDArray[np.float64]) -> float:
    """Root mean square over lines of the vector between displacements, less its mean over time."""
    size, rows = moves.shape[1], np.arange(moves.shape[1], dtype=float)
    points = np.stack([rows, np.full(size, (size - 1) / 2)], axis=1)
    off = np.empty_like(moves)
    for t in range(len(reg)):
        there = reg[t].map(points)
        off[t] = np.stack([np.interp(rows, there[:, 0], (there - points)[:, a]) for a in range(2)], axis=1) - moves[t]
    off -= off.mean(axis=0)
    return float(np.sqrt((off**2).sum(axis=2).mean()))


def lines(
    n_frames: int = 24, size: int = 512, photons: tuple[float, ...] = (0.5, 2.0), kinds: tuple[str, ...] = KINDS
) -> Section:
    """Four motions at two levels of light, with a known and a learned reference."""
    rows, claims = [], []
    for kind in kinds:
        for light in photons:
            moves = _move(kind, n_frames, size)
            movie = _record(moves, light)
            found: dict[str, Any] = {}
            for name, reference in (("known", movie.reference), ("learned", "template")):
                reg = hs.register(
                    movie.frames, motion="lines", grid=GRID, reference=reference,
                    line_time=(1 / (FRAMES_PER_S * size), 1 / FRAMES_PER_S),
                )  # fmt: skip
                found[name] = _error(reg, moves)
            best = min(
                _error(hs.register(movie.frames, motion=motion, reference=movie.reference), moves)
                for motion in FRAME_WISE
            )
            rows.append((kind, f"{light:g}", f"{found['known']:.3f}", f"{found['learned']:.3f}", f"{best:.3f}"))
            limit = min(ASKED[light], best / 2)
            worst = max(found.values())
            what = f"lines, {kind}, {light:g} photons: known and learned"
            claims.append(Claim(what, f"<= {limit:.2f} px", f"{worst:.3f} px (worse)", worst <= limit))
    note = (
        f"{n_frames} frames of {size} x {size} px at 30 Hz, {PEAK_PX:g} px peak, control points {GRID} lines "
        "apart, lines of consecutive frames joined, without a pause between them; "
        "root mean square over lines of the vector between displacements, px, less its mean over time. Beside it the "
        "better of translation and affine motion."
    )
    columns = ("motion", "photons", "known reference", "learned", "best of whole frames")
    return Section("Scan lines", columns, rows, note, claims)
