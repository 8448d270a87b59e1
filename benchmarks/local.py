"""Motion that bends, and lines that were scanned while it moved: error of the field beside bounds and `translation`."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import holdstill as hs
from benchmarks.tables import Claim, Section
from holdstill.contracts import ControlGrid
from holdstill.evaluation.local import (
    LocalMovie,
    bound_of_grid,
    draw_field,
    field_errors,
    make_local_movie,
    make_tissue,
    represent_field,
)

__all__ = ["piecewise", "tabulate"]

SPACING = 64
# of structures of a few px: the bound without a prior is 0.24, 0.16, 0.11 and 0.07 px
CONTRAST = 0.33
LIGHT = (0.5, 1.0, 2.0, 5.0)
# what suite2p 1.x, non-rigid, reached on the smooth field in a run of its own
SUITE2P = dict(zip(LIGHT, (0.198, 0.175, 0.157, 0.147), strict=True))
ASKED = dict(zip(LIGHT, (0.115, 0.09, 0.07, 0.05), strict=True))
# knots of the field, px; of the last two neurons flash
SCENES = {"smooth": 256.0, "rough": 128.0, "rigid": None, "flashing": 256.0, "flashing, rigid": None}
# one neuron on so many px^2, with a standard deviation, px, and a mean brightness over that of the tissue around it
PER_NEURON, NEURON_PX, FLASH, ACTIVE = 2200, 3.9, 4.0, 0.3
PEER = Path(__file__).parent / "suite2p_peer.py"
# the Python that has suite2p, where it is not this one
INTERPRETER = "HOLDSTILL_SUITE2P"


def _record(scene: str, photons: float, n_frames: int, size: int, seed: int = 0) -> LocalMovie:
    shape, knots_px = (size, size), SCENES[scene]
    shifts = np.random.default_rng(seed).normal(0, 3, (n_frames, 2))
    fields = np.zeros((n_frames, 2, *shape))
    if knots_px is not None:
        fields = np.stack([draw_field(shape, knots_px, 1000 * seed + t) for t in range(n_frames)])
    tissue = make_tissue(shape, CONTRAST, seed)
    if not scene.startswith("flashing"):
        return make_local_movie(tissue, shifts, fields, photons=photons, seed=seed)
    flashing = tissue + _draw_flashes(tissue.shape, n_frames, seed)
    movies = [
        make_local_movie(one, shifts[[t]], fields[[t]], photons=photons, seed=1000 * seed + t)
        for t, one in enumerate(flashing)
    ]
    mean = make_local_movie(flashing.mean(axis=0), shifts[:1], fields[:1], photons=photons, seed=seed)
    frames, truth = (np.concatenate([getattr(one, name) for one in movies]) for name in ("frames", "fields"))
    return replace(mean, frames=frames, fields=truth)


def _draw_flashes(shape: tuple[int, ...], n_frames: int, seed: int) -> NDArray[np.float64]:
    """Light of neurons in each frame: most are dark, others several times as bright as what surrounds them."""
    rng = np.random.default_rng(seed)
    n = max(int(np.prod(shape)) // PER_NEURON, 1)
    light = FLASH * rng.exponential(1.0, (n_frames, n)) * (rng.random((n_frames, n)) < ACTIVE)
    rows, columns = (
        np.exp(-((np.arange(length) - rng.uniform(0, length, (n, 1))) ** 2) / (2 * NEURON_PX**2)) for length in shape
    )
    return np.stack([(rows * one[:, None]).T @ columns for one in light])


def _run_suite2p(movie: LocalMovie) -> tuple[float, float, float]:
    """Error of suite2p's field, that away from the border, and processor time, s; NaN where there is no suite2p."""
    with tempfile.TemporaryDirectory() as folder:
        np.save(f"{folder}/frames.npy", movie.frames)
        np.save(f"{folder}/reference.npy", movie.reference)
        done = subprocess.run([os.environ.get(INTERPRETER, sys.executable), PEER, folder], capture_output=True)
        if done.returncode:
            return np.nan, np.nan, np.nan
        found, seconds = np.load(f"{folder}/field.npy"), float(Path(f"{folder}/seconds.txt").read_text())
    inside = (..., *(slice(SPACING, n - SPACING) for n in movie.fields.shape[2:]))
    return field_errors(found, movie.fields), field_errors(found[inside], movie.fields[inside]), seconds


def _field(reg: hs.Registration) -> NDArray[np.float32]:
    """Displacement of each pixel in each frame, as found, whatever the verdict: shifts of what bends are a mismatch."""
    reg = reg.repair("estimates")
    shape = reg.frame_shape
    pixels = np.moveaxis(np.indices(shape), 0, -1).reshape(-1, 2).astype(float)
    found = np.empty((len(reg), 2, *shape), np.float32)
    for t in range(len(reg)):
        found[t] = (reg[t].map(pixels) - pixels).T.reshape(2, *shape)
    return found


def _z_score(reg: hs.Registration, movie: LocalMovie, grid: ControlGrid, *, is_learned: bool = False) -> float:
    """Root mean square of (estimate - truth) over the stated error, at the control points.

    A learned reference has a form of its own: the mean over time of what estimates are off by is taken off.
    """
    places = np.rint(grid.points()).astype(int).T
    truth = np.moveaxis(movie.fields[(slice(None), slice(None), *places)], 1, 2)
    reg = reg.repair("estimates")
    off = reg.parameters.reshape(truth.shape) - truth
    if is_learned:
        off = (off - off.mean(axis=0)) * np.sqrt(len(off) / (len(off) - 1))
    return float(np.sqrt(np.mean((off / reg.errors.reshape(truth.shape)) ** 2)))


def _measure(scene: str, photons: float, n_frames: int, size: int, seed: int = 0) -> dict[str, float]:
    movie = _record(scene, photons, n_frames, size, seed)
    grid = ControlGrid.spanning((size, size), (SPACING, SPACING))
    given: dict[str, Any] = {"motion": "piecewise", "grid": SPACING}
    known = hs.register(movie.frames, reference=movie.reference, **given)
    began = time.process_time()
    corrected = hs.register(movie.frames, reference=movie.reference, **given).apply(movie.frames)
    spent = time.process_time() - began
    learned = hs.register(movie.frames, **given)
    whole = hs.register(movie.frames, reference=movie.reference)
    whole_learned = hs.register(movie.frames)
    del corrected
    theirs, inside, peer_spent = _run_suite2p(movie)
    return {
        "suite2p": theirs,
        "suite2p inside": inside,
        "suite2p ms": 1e3 * peer_spent / n_frames,
        "bound": bound_of_grid(movie.reference, movie.noise, grid),
        "unfollowed": float(np.sqrt(np.mean([represent_field(f, grid) ** 2 for f in movie.fields[:4]]))),
        "known": field_errors(_field(known), movie.fields),
        "learned": field_errors(_field(learned), movie.fields),
        "translation": field_errors(_field(whole), movie.fields),
        "translation learned": field_errors(_field(whole_learned), movie.fields),
        "z": _z_score(known, movie, grid),
        "z learned": _z_score(learned, movie, grid, is_learned=True),
        "ms": 1e3 * spent / n_frames,
    }


def _claims(scene: str, photons: float, found: dict[str, float]) -> list[Claim]:
    where = f"{scene} field, {photons:g} photons"
    if scene.endswith("rigid"):
        ratios = found["known"] / found["translation"], found["learned"] / found["translation learned"]
        told = f"{max(ratios):.3f} x"
        return [Claim(f"{where}: error beside translation, known and learned", "<= 1.02 x", told, max(ratios) <= 1.02)]
    told = f"{found['known']:.3f} px"
    limit = 1.15 * float(np.hypot(found["bound"], found["unfollowed"]))
    claims = [
        Claim(f"{where}: within bound and grid", f"<= {limit:.3f} px", told, found["known"] <= limit),
        Claim(
            f"{where}: learned beside known", "<= 1.15 x", f"{found['learned'] / found['known']:.2f} x",
            found["learned"] <= 1.15 * found["known"],
        ),
        Claim(
            f"{where}: z-scores, known and learned", "0.8 - 1.25", f"{found['z']:.2f} and {found['z learned']:.2f}",
            all(0.8 <= found[name] <= 1.25 for name in ("z", "z learned")),
        ),
    ]  # fmt: skip
    if np.isfinite(found["suite2p inside"]):
        limit = 0.6 * found["suite2p inside"]
        what = f"{where}: error beside suite2p's away from the border"
        claims.append(Claim(what, f"<= {limit:.3f} px", told, found["known"] <= limit))
    if scene == "smooth":
        asked = min(ASKED[photons], 0.6 * SUITE2P[photons])
        claims.insert(0, Claim(f"{where}: error", f"<= {asked:.3f} px", told, found["known"] <= asked))
    return claims


def piecewise(
    n_frames: int = 40, size: int = 512, light: tuple[float, ...] = LIGHT, seed: int = 47,
    scenes: tuple[str, ...] = tuple(SCENES)
) -> Section:  # fmt: skip
    """Error of the field at four levels of light, with a known and a learned reference."""
    measured = {(scene, one): _measure(scene, one, n_frames, size, seed) for scene in scenes for one in light}
    return tabulate(measured, n_frames, size)


def tabulate(measured: dict[tuple[str, float], dict[str, float]], n_frames: int, size: int) -> Section:
    """The section of what was measured of some scenes at some levels of light."""
    rows, claims = [], []
    names = (
        "bound", "unfollowed", "known", "learned", "translation", "translation learned", "z", "z learned", "suite2p",
        "suite2p inside",
    )  # fmt: skip
    for (scene, photons), found in measured.items():
        rows.append(
            (
                scene,
                f"{photons:g}",
                *(f"{found[name]:.3f}" for name in names),
                f"{found['ms']:.1f}",
                f"{found['suite2p ms']:.0f}",
            )
        )
        claims += _claims(scene, photons, found)
    note = (
        f"{n_frames} frames of {size} x {size} px; root mean square over frames and pixels of what fields differ by, "
        "px, less its mean over time. Fields of 1 px standard deviation with knots every 256 px (smooth) and 128 px "
        "(rough), beside shifts of 3 px. The bound is that of the grid without a prior; what the grid cannot follow is "
        "beside it; of the last two scenes neurons flash, 0.3 of them at a time and 4 times as bright as the tissue. "
        f"suite2p, where `{INTERPRETER}` names a Python that has it: non-rigid, blocks of 128 px, against the known "
        f"reference; also without {SPACING} px at the border, which its blocks do not follow. Milliseconds of "
        "processor for each frame: the whole call, learning and resampling included."
    )
    columns = (
        "field", "photons", "bound", "grid cannot follow", "known reference", "learned", "translation, known",
        "translation, learned", "z-scores", "z-scores, learned", "suite2p", "suite2p inside", "ms/frame", "suite2p, ms",
    )  # fmt: skip
    return Section("Motion that bends", columns, rows, note, claims)
