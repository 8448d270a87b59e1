"""Frames a second of motion that bends, on the clock: the whole call, estimate and resample."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

import holdstill as hs
from benchmarks.local import CONTRAST
from benchmarks.tables import Claim, Section
from holdstill.evaluation.local import draw_field, make_local_movie, make_tissue

__all__ = ["bending_speed"]

PHOTONS, TOGETHER_PX = 2.0, 1 << 22
# frames, and px along their edges, that are registered before, for what is compiled
FIRST, EDGE = 16, 192
VOLUME, VOLUME_GRID = (64, 512, 512), (21.0, 170.0, 170.0)
# motion, its options, and frames a second that are asked for
PLANES: dict[str, tuple[dict[str, Any], float]] = {
    "piecewise, grid=64": ({"motion": "piecewise", "grid": 64}, 400.0),
    "lines, grid=16, joined": ({"motion": "lines", "grid": 16, "line_time": (6.5e-5, 1 / 30)}, 250.0),
    "lines, grid=16, each by itself": ({"motion": "lines", "grid": 16, "line_time": 0}, 250.0),
}
VOLUMES_ASKED = 1.5


def _record(shape: tuple[int, ...], knots_px: float, n: int) -> tuple[NDArray[Any], NDArray[np.float64]]:
    """Frames, no two of them alike, and the specimen; a few at a time, for fields take much memory."""
    shifts = np.random.default_rng(5).normal(0, 3 if len(shape) == 2 else 1, (n, len(shape)))
    tissue, parts = make_tissue(shape, CONTRAST), []
    for rows in np.array_split(np.arange(n), max(1, n * int(np.prod(shape)) // TOGETHER_PX)):
        if len(rows):
            fields = np.stack([draw_field(shape, knots_px, t) for t in rows])
            parts.append(make_local_movie(tissue, shifts[rows], fields, photons=PHOTONS, seed=5 + int(rows[0])))
    return np.concatenate([part.frames for part in parts]), parts[0].reference


def _run(frames: Any, axes: str, options: dict[str, Any]) -> tuple[float, float, float]:
    """Seconds on the clock of estimating, and of resampling; and seconds of processor of both."""
    out = np.zeros_like(frames)
    began, spent = time.perf_counter(), time.process_time()
    reg = hs.register(frames, axes=axes, **options)
    estimated = time.perf_counter()
    reg.apply(frames, axes=axes, out=out)
    return estimated - began, time.perf_counter() - estimated, time.process_time() - spent


def bending_speed(
    n_frames: int = 480, size: int = 512, volume: tuple[int, ...] = VOLUME, n_volumes: int = 4
) -> Section:
    """Planes with a known and a learned reference, and volumes."""
    rows, claims = [], []
    frames, specimen = _record((size, size), size / 2, n_frames)
    grid = tuple(min(one, n / 3) for one, n in zip(VOLUME_GRID, volume, strict=True))
    volumes, deep = _record(volume, max(volume) / 2, n_volumes)
    jobs = [(name, frames, specimen, "TYX", *told) for name, told in PLANES.items()]
    told = {"motion": "piecewise", "grid": grid}
    jobs.append((f"volumes {' x '.join(map(str, volume))}, 4 x 4 x 4", volumes, deep, "TZYX", told, VOLUMES_ASKED))
    for name, images, known, axes, options, asked in jobs:
        few = images[:FIRST, ..., :EDGE, :EDGE]
        for reference in (known[..., :EDGE, :EDGE], "template"):  # compiled before it is timed
            _run(few, axes, {**options, "reference": reference})
        for kind, reference in (("known", known), ("learned", "template")):
            estimating, resampling, spent = _run(images, axes, {**options, "reference": reference})
            rate = len(images) / (estimating + resampling)
            per = (1e3 * seconds / len(images) for seconds in (estimating, resampling, spent))
            rows.append((name, kind, f"{rate:.3g}", *(f"{ms:.2f}" for ms in per)))
            told_rate = f"{rate:.3g} a second"
            claims.append(
                Claim(f"{name}, {kind} reference: whole call", f">= {asked:g} a second", told_rate, rate >= asked)
            )
    note = (
        f"{len(frames)} frames of {size} x {size} px and {len(volumes)} volumes, no two alike, at {PHOTONS:g} photons, "
        "uint16 in memory; fields of 1 px beside shifts. The whole public call: reference, learning how the movie "
        "bends, estimating, and `apply` into memory that was touched before."
    )
    columns = ("motion", "reference", "a second", "ms to estimate", "ms to resample", "ms of processor")
    return Section("Motion that bends: speed", columns, rows, note, claims)
