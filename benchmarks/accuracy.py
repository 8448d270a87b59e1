"""Error over the Cramér-Rao bound, calibration of the error bars, failures; known and learned reference; peers."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.tables import Claim, Section
from holdstill.api import register
from holdstill.contracts import Reference, Verdict
from holdstill.devices.cpu import CpuDevice
from holdstill.estimators import Direct
from holdstill.evaluation import trajectories
from holdstill.evaluation.accuracy import failure_rate, ratio_to_bound, rmse, z_score_std
from holdstill.evaluation.peers import available_peers
from holdstill.evaluation.presets import Preset, presets, sparse

__all__ = ["known_reference", "learned_reference", "peers", "trouble"]


def _estimate(movie: Any) -> Any:
    device, estimator = CpuDevice(), Direct()
    state = estimator.prepare(Reference(image=movie.reference.astype(np.float32), noise=movie.noise), device)
    return estimator.estimate(state, movie.frames, device)


def _scenes(size: int, names: tuple[str, ...]) -> dict[str, Preset]:
    """The presets of these names; without any, all."""
    return {name: preset for name, preset in presets((size, size)).items() if not names or name in names}


def known_reference(n_frames: int = 400, size: int = 512, scenes: tuple[str, ...] = ()) -> Section:
    """The reference is the noise-free scene; shifts to a quarter of the frame."""
    rows, ratios, scores, failures = [], [], [], []
    for name, preset in _scenes(size, scenes).items():
        for reach in (5.0, size / 4):
            shifts = trajectories.uniform(n_frames, reach, seed=3)
            movie = preset.movie(shifts, seed=5)
            found = _estimate(movie)
            ratio = ratio_to_bound(found.parameters, shifts, movie.bounds)
            z = z_score_std(found.parameters, shifts, found.errors)
            failed = failure_rate(found.parameters, shifts)
            ratios.append(ratio)
            scores.append(z)
            failures.append(failed)
            error = rmse(found.parameters, shifts)
            rows.append((name, f"±{reach:.0f}", f"{error:.5f}", f"{ratio:.3f}", f"{z:.3f}", f"{100 * failed:.1f} %"))
    spread = 100 / np.sqrt(4 * n_frames)
    claims = (
        Claim(
            "translation, known reference: RMSE / bound", "<= 1.05", f"{max(ratios):.3f} (worst)", max(ratios) <= 1.05
        ),
        Claim(
            "error bars: z-scores' standard deviation, known reference",
            "0.9 - 1.1",
            f"{min(scores):.2f} - {max(scores):.2f}",
            min(scores) >= 0.9 and max(scores) <= 1.1,
        ),
        Claim("failures beyond 1 px, known reference", "none", f"{100 * max(failures):.1f} %", max(failures) == 0),
    )
    return Section(
        "Accuracy, known reference",
        ("scene - photons", "shifts (px)", "RMSE (px)", "RMSE / bound", "z-score sd", "failures"),
        rows,
        f"{n_frames} frames of {size} x {size} px each, uint16, photon and read noise. The ratio itself is known to "
        f"±{spread:.1f} %.",
        claims,
    )


def learned_reference(n_frames: int = 500, size: int = 512, scenes: tuple[str, ...] = ()) -> Section:
    """The default: the template is learned from the movie itself."""
    rows, ratios, scores = [], [], []
    for name, preset in _scenes(size, scenes).items():
        shifts = trajectories.drift(n_frames, size / 25, seed=3) + trajectories.jitter(n_frames, 1.0, seed=4)
        movie = preset.movie(shifts, seed=6)
        found = register(movie.frames)
        ratio = ratio_to_bound(found.shifts, shifts, movie.bounds, free_origin=True)
        z = z_score_std(found.shifts, shifts, found.errors, free_origin=True)
        failed = failure_rate(found.shifts, shifts, free_origin=True)
        ratios.append(ratio)
        scores.append(z)
        error = rmse(found.shifts, shifts, free_origin=True)
        rows.append((name, f"{error:.5f}", f"{ratio:.3f}", f"{z:.3f}", f"{100 * failed:.1f} %"))
    claims = (
        Claim(
            "translation, learned template: RMSE / bound", "<= 1.15", f"{max(ratios):.3f} (worst)", max(ratios) <= 1.15
        ),
        Claim(
            "error bars: z-scores' standard deviation, learned template",
            "0.9 - 1.1",
            f"{min(scores):.2f} - {max(scores):.2f}",
            min(scores) >= 0.9 and max(scores) <= 1.1,
        ),
    )
    return Section(
        "Accuracy, reference learned from the movie",
        ("scene - photons", "RMSE (px)", "RMSE / bound", "z-score sd", "failures"),
        rows,
        f"{n_frames} frames of {size} x {size} px, drift of ±{size / 25:.0f} px with 1 px jitter; `register(frames)` "
        "with its defaults. The origin, which a learned template leaves open, is fitted before comparing.",
        claims,
    )


DISTURBANCES: dict[str, dict[str, Any]] = {
    "none": {},
    "bleaching 60 %": {"bleaching": 0.6},
    "fixed pattern": {"fixed_pattern": 0.3},
    "200 hot pixels": {"hot_pixels": 200},
    "10 pieces of debris": {"debris": 10},
    "all of these": {"bleaching": 0.6, "fixed_pattern": 0.3, "hot_pixels": 200, "debris": 10},
}


def trouble(
    n_frames: int = 200,
    size: int = 512,
    disturbances: tuple[str, ...] = tuple(DISTURBANCES),
    scenes: tuple[str, ...] = (),
) -> Section:
    """What real microscopes add; every tenth frame or so is blank and must be flagged, no other."""
    rows, failures, wrong = [], 0, 0
    blank = tuple(range(7, n_frames, 23))
    for name, preset in _scenes(size, scenes).items():
        for label in disturbances:
            shifts = trajectories.walk(n_frames, 1.5, seed=8)
            movie = preset.movie(shifts, seed=7, blank_frames=blank, **DISTURBANCES[label])
            found = register(movie.frames)
            good = ~movie.blank
            error = found.shifts - shifts
            error = error - np.median(error[good], axis=0)
            failed = int((np.abs(error[good]).max(axis=1) > 1).sum())
            flagged = np.array([verdict is not Verdict.OK for verdict in found.verdicts])
            missed, false = int((movie.blank & ~flagged).sum()), int((good & flagged).sum())
            failures, wrong = failures + failed, wrong + missed + false
            typical = float(np.sqrt(np.median(error[good] ** 2)))
            rows.append((name, label, str(failed), f"{missed} of {movie.blank.sum()}", str(false), f"{typical:.4f}"))
    claims = (
        Claim("failures beyond 1 px, all disturbances", "none", f"{failures} frames", failures == 0),
        Claim("blank frames flagged, and no others", "all", f"{wrong} wrong verdicts", wrong == 0),
    )
    columns = ("scene - photons", "disturbance", "failures", "blank missed", "good flagged", "median error (px)")
    note = f"{n_frames} frames of {size} x {size} px on a random walk of 1.5 px steps, {len(blank)} of them blank."
    return Section("Failures and verdicts", columns, rows, note, claims)


def peers(n_frames: int = 40, size: int = 512) -> Section:
    """Everyone gets the noise-free reference, his own copy of the frames, and shifts that all can find."""
    rows = []
    scenes = {"sparse-6": Preset(scene=sparse((size, size)), photons=6.0)}
    scenes |= {name: preset for name, preset in presets((size, size)).items() if name.startswith(("texture", "cells"))}
    for scene, preset in scenes.items():
        shifts = trajectories.uniform(n_frames, 5.0, seed=9)
        movie = preset.movie(shifts, seed=10)
        ours = _estimate(movie)
        results = {"**holdstill**": ours.parameters}
        for name, peer in available_peers().items():
            results[name] = peer.estimate(movie.reference.astype(np.float32), movie.frames.copy())
        for name, found in results.items():
            keep = np.isfinite(found).all(axis=1)
            ratio = ratio_to_bound(found, shifts, movie.bounds, keep=keep) if keep.any() else np.nan
            error = rmse(found, shifts, keep=keep) if keep.any() else np.nan
            failed = failure_rate(found, shifts)
            rows.append((scene, name, f"{error:.4f}", f"{ratio:.2f}", f"{100 * failed:.0f} %"))
    note = (
        f"{n_frames} frames of {size} x {size} px, shifts of ±5 px. Frames that a method gave up on count as failures."
    )
    return Section(
        "Accuracy beside the peers", ("scene - photons", "method", "RMSE (px)", "RMSE / bound", "failures"), rows, note
    )
