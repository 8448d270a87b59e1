"""Frames a second of motion that bends, on the clock: the whole call, estimate and resample."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

import holdstill as hs
from benchmarks.local import CONTRAST
from benchmarks.tables import Claim, Section
from holdstill.evaluation.local import LocalMovie, draw_field, make_local_movie, make_tissue

__all__ = ["bending_speed"]

PHOTONS, DRAWN = 2.0, 16
VOLUME, VOLUME_GRID = (64, 512, 512), (21.0, 170.0, 170.0)
# motion, its options, and frames a second that are asked for
PLANES: dict[str, tuple[dict[str, Any], float]] = {
    "piecewise, grid=64": ({"motion": "piecewise", "grid": 64}, 400.0),
    "lines, grid=16, joined": ({"motion": "lines", "grid": 16, "line_time": (6.5e-5, 1 / 30)}, 250.0),
    "lines, grid=16, each by itself": ({"motion": "lines", "grid": 16, "line_time": 0}, 250.0),
}
VOLUMES_ASKED = 1.5


def _record(shape: tuple[int, ...], knots_px: float, n_drawn: int) -> LocalMovie:
    shifts = np.random.default_rng(5).normal(0, 3 if len(shape) == 2 else 1, (n_drawn, len(shape)))
    fields = np.stack([draw_field(shape, knots_px, t) for t in range(n_drawn)])
    return make_local_movie(make_tissue(shape, CONTRAST), shifts, fields, photons=PHOTONS, seed=5)


def _run(frames: Any, axes: str, options: dict[str, Any]) -> tuple[float, float, float]:
    """Seconds on the clock of estimating, and of resampling; and seconds of processor of both."""
    out = np.zeros_like(frames)
    began, spent = time.perf_counter(), time.process_time()
    reg = hs.register(frames, axes=axes, **options)
    estimated = time.perf_counter()
    reg.apply(frames, axes=axes, out=out)
    return estimated - began, time.perf_counter() - estimated, time.process_time() - spent


def bending_speed(
    n_frames: int = 800, size: int = 512, volume: tuple[int, ...] = VOLUME, n_volumes: int = 8
) -> Section:
    """Planes with a known and a learned reference, and volumes."""
    rows, claims = [], []
    movie = _record((size, size), size / 2, min(DRAWN, n_frames))
    frames = np.concatenate([movie.frames] * (n_frames // len(movie.frames)))
    grid = tuple(min(one, n / 3) for one, n in zip(VOLUME_GRID, volume, strict=True))
    deep = _record(volume, max(volume) / 2, min(4, n_volumes))
    volumes = np.concatenate([deep.frames] * max(n_volumes // len(deep.frames), 1))
    jobs = [(name, frames, movie, "TYX", *told) for name, told in PLANES.items()]
    told = {"motion": "piecewise", "grid": grid}
    jobs.append((f"volumes {' x '.join(map(str, volume))}, 4 x 4 x 4", volumes, deep, "TZYX", told, VOLUMES_ASKED))
    for name, images, one, axes, options, asked in jobs:
        _run(images[: len(one.frames)], axes, {**options, "reference": one.reference})  # compiled before it is timed
        for kind, reference in (("known", one.reference), ("learned", "template")):
            estimating, resampling, spent = _run(images, axes, {**options, "reference": reference})
            rate = len(images) / (estimating + resampling)
            per = (1e3 * seconds / len(images) for seconds in (estimating, resampling, spent))
            rows.append((name, kind, f"{rate:.3g}", *(f"{ms:.2f}" for ms in per)))
            told_rate = f"{rate:.3g} a second"
            claims.append(
                Claim(f"{name}, {kind} reference: whole call", f">= {asked:g} a second", told_rate, rate >= asked)
            )
    note = (
        f"{len(frames)} frames of {size} x {size} px and {len(volumes)} volumes at {PHOTONS:g} photons, uint16 in "
        "memory; fields of 1 px beside shifts. The whole public call: reference, learning how the movie bends, "
        "estimating, and `apply` into memory that was touched before."
    )
    columns = ("motion", "reference", "a second", "ms to estimate", "ms to resample", "ms of processor")
    return Section("Motion that bends: speed", columns, rows, note, claims)
