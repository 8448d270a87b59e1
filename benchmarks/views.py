"""Views of planes from another angle: homographies of up to 30 degrees of tilt, and honest verdicts beyond."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from benchmarks.tables import Claim, Section
from holdstill.contracts import Device, Estimator, Reference, Verdict
from holdstill.devices.cpu import CpuDevice
from holdstill.estimators import Direct, Features
from holdstill.evaluation.presets import texture
from holdstill.evaluation.warped import WarpedMovie, corner_distances, make_warped_movie
from holdstill.transforms.motions import find_matrix_motion
from holdstill.transforms.trajectory import Trajectory

__all__ = ["homographies"]

PHOTONS = 400.0
FOCAL_LENGTHS = 1.5  # in lengths of the frame
TILTS = (5, 10, 20, 30, 40, 50, 60)
ASKED_TILT, ASKED_PX, LOST_PX = 30, 0.5, 2.0


def tilted(tilt_deg: float, axis_deg: float, size: int, turn_deg: float = 0.0) -> NDArray[np.float64]:
    """Parameters, (8,), of the view of a plane that is tilted about an axis within it, and turned by some degrees."""
    tilt, axis, turn = np.deg2rad([tilt_deg, axis_deg, turn_deg])
    k = np.array([np.cos(axis), np.sin(axis), 0.0])
    cross = np.array([[0, -k[2], k[1]], [k[2], 0, -k[0]], [-k[1], k[0], 0]])
    rotation = np.eye(3) + np.sin(tilt) * cross + (1 - np.cos(tilt)) * cross @ cross
    c, s = np.cos(turn), np.sin(turn)
    matrix = np.eye(3)
    matrix[:2, :2] = rotation[:2, :2] @ np.array([[c, -s], [s, c]])
    matrix[2, :2] = rotation[2, :2] @ np.array([[c, -s], [s, c]]) / (FOCAL_LENGTHS * size)
    motion = find_matrix_motion("projective")
    return motion.of_matrices(matrix[None])[0]


def _views(tilt: float, n: int, size: int) -> WarpedMovie:
    rng = np.random.default_rng(int(tilt))
    parameters = np.array([tilted(tilt, rng.uniform(0, 180), size, rng.normal(0, 5)) for _ in range(n)])
    parameters[:, :2] += rng.normal(0, 4, (n, 2))
    return make_warped_movie(texture((size, size)), "projective", parameters, photons=PHOTONS, seed=3)


def _judged(estimator: Estimator, movie: WarpedMovie, device: Device) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Mean distance of corners, px, and which views are called good."""
    state = estimator.prepare(Reference(image=movie.reference.astype(np.float32), noise=movie.noise), device)
    found = estimator.estimate(state, movie.frames, device)
    far = corner_distances(Trajectory.of("projective", found.parameters, movie.truth.shape), movie.truth)
    return far, np.array([verdict is Verdict.OK for verdict in found.verdicts])


def homographies(n_views: int = 12, size: int = 384, tilts: tuple[int, ...] = TILTS) -> Section:
    """Tilts from 5 to 60 degrees about random axes, against the noise-free upright view."""
    device, rows, worst, wrong = CpuDevice(), [], 0.0, 0
    methods = {"Direct": Direct(motion="projective"), "Features": Features(motion="projective")}
    for tilt in tilts:
        movie = _views(tilt, n_views, size)
        for name, estimator in methods.items():
            far, good = _judged(estimator, movie, device)
            silent = int((good & ~(far < LOST_PX)).sum())
            mean = float(far[good].mean()) if good.any() else np.nan
            bound = float(np.sqrt((movie.corner_bounds**2).mean()))
            rows.append((f"{tilt}°", name, f"{mean:.3f}", f"{bound:.3f}", f"{good.sum()} of {len(good)}", f"{silent}"))
            wrong += silent
            if tilt <= ASKED_TILT and name == "Direct":
                worst = max(worst, mean if good.all() else np.inf)
    claims = [
        Claim(f"homographies to {ASKED_TILT}°: mean corner error", f"< {ASKED_PX} px", f"{worst:.3f} px, all views ok"
              if np.isfinite(worst) else "some views were not found", worst < ASKED_PX),
        Claim("views that were lost and yet called ok, to 60°", "none", f"{wrong}", wrong == 0),
    ]  # fmt: skip
    note = (
        f"{n_views} views of {size} x {size} px at each tilt, about random axes, turned by some 5°, from "
        f"{FOCAL_LENGTHS} frame lengths away, {PHOTONS:g} photons. Mean over the views that are called ok; lost: "
        f"corners off by {LOST_PX:g} px."
    )
    columns = ("tilt", "method", "mean corner error (px)", "bound (px)", "called ok", "lost, yet ok")
    return Section("Homographies", columns, rows, note, claims)
