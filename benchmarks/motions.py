"""Motion models beside StackReg, ECC and scikit-image's log-polar recipe: corner error and frames per second."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
from skimage.registration import phase_cross_correlation
from skimage.transform import warp_polar

from benchmarks.tables import Claim, Section
from holdstill.devices.cpu import CpuDevice
from holdstill.engines.threads import ThreadsEngine, available_cores
from holdstill.estimators import Direct
from holdstill.evaluation.presets import sparse, texture
from holdstill.evaluation.warped import WarpedMovie, corner_distances, make_warped_movie
from holdstill.io.array import ArraySink, ArraySource
from holdstill.resampling.settings import Resampling
from holdstill.transforms import Transform
from holdstill.transforms.motions import find_motion
from holdstill.transforms.trajectory import Trajectory

try:
    from pystackreg import StackReg
except ImportError:  # the tests run without it
    StackReg = None

__all__ = ["motions"]

STACKREG = {"rigid": "RIGID_BODY", "similarity": "SCALED_ROTATION", "affine": "AFFINE", "bilinear": "BILINEAR"}
ECC = {"rigid": cv2.MOTION_EUCLIDEAN, "affine": cv2.MOTION_AFFINE, "projective": cv2.MOTION_HOMOGRAPHY}
SPEED = {"rigid": (600, 30), "affine": (400, 20)}
SLOW_FRAMES = 6
SCENES = {"sparse": 60.0, "texture": 400.0}  # photons of each


def _movie(name: str, motion: str, n_frames: int, size: int, photons: float) -> WarpedMovie:
    """Shifts of 3 px, rotations of 0.3 degrees, scales and shears of half a percent."""
    found = find_motion(motion)
    names = found.names(2)
    spread = [3.0 if "shift" in name else 1e-5 if "per_px" in name else 0.005 for name in names]
    steps = np.random.default_rng(11).normal(size=(n_frames, len(names))) * np.array(spread)
    scene = sparse((size, size)) if name == "sparse" else texture((size, size))
    return make_warped_movie(scene, motion, found.identity(2) + steps, photons=photons, seed=12)


def _corner_error(transforms: list[Any], truth: Trajectory) -> float:
    """Root mean square distance of corners, px, of transforms that map points as ours do."""
    sides = np.array(
        [(0.0, 0.0), (0.0, truth.shape[1] - 1.0), (truth.shape[0] - 1.0, 0.0), np.array(truth.shape) - 1.0]
    )
    off = [t.map(sides) - truth.transform(k).map(sides) for k, t in enumerate(transforms)]
    return float(np.sqrt(np.mean(np.sum(np.square(off), axis=2))))


def _ours(movie: WarpedMovie, motion: str, repeats: int) -> tuple[float, float, float]:
    """Corner error px, its ratio to the bound, and frames/s of estimate and resample on all cores."""
    reference = movie.reference.astype(np.float32)
    found = Direct(motion=motion).fit(movie.frames, reference)
    error = corner_distances(found.trajectory, movie.truth)
    frames = np.concatenate([movie.frames] * repeats)
    source = ArraySource(frames)
    out = np.zeros_like(frames)
    rates = []
    for _ in range(2):
        sink = ArraySink(source.info, out)
        timed = Direct(motion=motion).fit(
            source, reference, engine=ThreadsEngine(available_cores()), sink=sink, resampling=Resampling()
        )
        rates.append(len(frames) / timed.provenance["seconds"]["frames"])
    ratio = np.sqrt((error**2).mean() / (movie.corner_bounds**2).mean())
    return float(np.sqrt((error**2).mean())), float(ratio), max(rates)


def _stackreg(movie: WarpedMovie, motion: str) -> Callable[[np.ndarray], Any]:
    registration = StackReg(getattr(StackReg, STACKREG[motion]))

    def one(frame: np.ndarray) -> Any:
        matrix = registration.register(movie.reference, frame.astype(float))
        registration.transform(frame.astype(float), matrix)
        return Transform.from_skimage(matrix) if motion != "bilinear" else None

    return one


def _ecc(movie: WarpedMovie, motion: str) -> Callable[[np.ndarray], Any]:
    reference = movie.reference.astype(np.float32)
    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 100, 1e-6)

    def one(frame: np.ndarray) -> Any:
        start = np.eye(3 if motion == "projective" else 2, 3, dtype=np.float32)
        image = frame.astype(np.float32)
        _, matrix = cv2.findTransformECC(reference, image, start, ECC[motion], criteria, None, 5)
        warp = cv2.warpPerspective if motion == "projective" else cv2.warpAffine
        warp(image, matrix, image.shape[::-1], flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
        return Transform.from_opencv(matrix)

    return one


def _log_polar(movie: WarpedMovie) -> Callable[[np.ndarray], Any]:
    """scikit-image's gallery recipe: rotation from polar spectra, then the shift of the frame turned back."""
    window = np.outer(np.hanning(movie.truth.shape[0]), np.hanning(movie.truth.shape[1]))
    radius = min(movie.truth.shape) // 4

    def spectrum(image: np.ndarray) -> Any:
        power = np.abs(np.fft.fftshift(np.fft.fft2((image - image.mean()) * window)))
        return warp_polar(power, radius=radius, output_shape=(720, radius))[:360]

    fixed = spectrum(movie.reference)

    def one(frame: np.ndarray) -> Any:
        (turn, _), _, _ = phase_cross_correlation(
            fixed, spectrum(frame.astype(float)), upsample_factor=20, normalization=None
        )
        centre = (np.array(frame.shape) - 1) / 2
        angle = np.deg2rad(turn / 2)
        c, s = np.cos(angle), np.sin(angle)
        rotation = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1.0]])
        rotation[:2, 2] = centre - rotation[:2, :2] @ centre
        turned = np.empty((1, *frame.shape), np.float32)
        Trajectory.of("rigid", np.array([[0, 0, angle]]), frame.shape).resample(
            CpuDevice(), frame[None], interpolation="cubic", edge="nearest", fill=0, out=turned
        )
        shift, _, _ = phase_cross_correlation(turned[0], movie.reference, upsample_factor=20, normalization=None)
        moved = rotation.copy()
        moved[:2, 2] += rotation[:2, :2] @ shift
        return Transform(moved)

    return one


def _peer(one: Callable[[np.ndarray], Any], movie: WarpedMovie) -> tuple[float, float]:
    """Corner error px and frames/s of a peer, on its own copies."""
    frames = [frame.copy() for frame in movie.frames[:SLOW_FRAMES]]
    began = time.perf_counter()
    found = [one(frame) for frame in frames]
    rate = len(frames) / (time.perf_counter() - began)
    if any(transform is None for transform in found):
        return np.nan, rate
    return _corner_error(found, movie.truth), rate


def _peers(movie: WarpedMovie, motion: str) -> dict[str, Callable[[np.ndarray], Any]]:
    found: dict[str, Callable[[np.ndarray], Any]] = {}
    if motion in STACKREG and StackReg is not None:
        found["pystackreg"] = _stackreg(movie, motion)
    if motion in ECC:
        found["OpenCV ECC"] = _ecc(movie, motion)
    if motion == "rigid":
        found["scikit-image log-polar"] = _log_polar(movie)
    return found


def motions(n_frames: int = 32, size: int = 512, repeats: int = 6, scenes: tuple[str, ...] = tuple(SCENES)) -> Section:
    """Each motion model on two scenes at medium noise, small motions as in a movie."""
    rows, claims, ratios, beaten = [], [], [], []
    for scene, photons in ((name, SCENES[name]) for name in scenes):
        for motion in ("rigid", "similarity", "affine", "projective", "bilinear"):
            movie = _movie(scene, motion, n_frames if motion in STACKREG else min(n_frames, 12), size, photons)
            error, ratio, rate = _ours(movie, motion, repeats)
            ratios.append(ratio)
            rows.append((scene, motion, "**holdstill**", f"{error:.4f}", f"{ratio:.2f}", f"{rate:,.0f}", "1"))
            for name, one in _peers(movie, motion).items():
                off, speed = _peer(one, movie)
                bound = f"{off / np.sqrt((movie.corner_bounds**2).mean()):.2f}"
                shown = ("", "") if np.isnan(off) else (f"{off:.4f}", bound)
                rows.append((scene, motion, name, *shown, f"{speed:.1f}", f"{rate / speed:,.1f}"))
                beaten += [] if np.isnan(off) else [error < off]
                if name == "pystackreg" and motion in SPEED and scene == "sparse":
                    claims += _speed_claims(motion, rate, speed)
    worst = max(ratios)
    claims.insert(0, Claim("all motion models: corner error / bound", "<= 1.1", f"{worst:.2f} (worst)", worst <= 1.1))
    claims.insert(
        1, Claim("corner error below that of the peers", "each", f"{sum(beaten)} of {len(beaten)}", all(beaten))
    )
    note = (
        f"{n_frames} frames of {size} x {size} px against the noise-free reference: shifts of 3 px, rotations of "
        "0.3 degrees, scales and shears of 0.5 % (standard deviations). "
        f"Ours on {available_cores()} threads, peers one call after the other."
    )
    columns = ("scene", "motion", "method", "corner error (px)", "/ bound", "frames/s", "holdstill is faster by")
    return Section("Motion models", columns, rows, note, claims)


def _speed_claims(motion: str, rate: float, peer_rate: float) -> list[Claim]:
    frames, times = SPEED[motion]
    ratio = rate / peer_rate
    return [
        Claim(f"{motion}: estimate + resample", f">= {frames} frames/s", f"{rate:,.0f} frames/s", rate >= frames),
        Claim(f"{motion}: speed against pystackreg", f">= {times} x", f"{ratio:,.0f} x", ratio >= times),
    ]
