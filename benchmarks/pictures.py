"""Sharp pictures and what everyday preparations leave, beside StackReg: errors, and whether their bars are true."""

from __future__ import annotations

import imagecodecs
import numpy as np
from numpy.typing import NDArray

import holdstill as hs
from benchmarks.tables import Claim, Section
from holdstill.evaluation.pictures import PICTURES, make_pictures

try:
    from pystackreg import StackReg
except ImportError:  # the tests run without it
    StackReg = None

__all__ = ["pictures"]

NOISE = (0.0, 1.0, 3.0, 10.0)
WHOLE = ("binary", "dark rectangle")
KINDS, CLEAN, QUALITY = (*PICTURES, "JPEG 15"), ("dark rectangle", "JPEG 15"), 15
ASKED_PX, ASKED_Z = 0.002, (0.8, 1.25)


def _rms(values: NDArray[np.float64]) -> float:
    return float(np.sqrt(np.mean(np.square(values))))


def _stackreg(fixed: NDArray[np.float32], frames: NDArray[np.float32]) -> NDArray[np.float64] | None:
    if StackReg is None:
        return None
    engine = StackReg(StackReg.TRANSLATION)
    matrices = [engine.register(fixed.astype(float), frame.astype(float)) for frame in frames]
    return np.array([(matrix[1, 2], matrix[0, 2]) for matrix in matrices])


def pictures(n_frames: int = 12, size: int = 160, seeds: tuple[int, ...] = (0, 1, 2)) -> Section:
    """Each kind of picture against its first frame, of whose noise nothing is told."""
    rows, claims = [], []
    for kind in KINDS:
        for noise in (0.0,) if kind in CLEAN else NOISE:
            off, z, theirs, good = [], [], [], []
            for seed in seeds:
                shifts = np.random.default_rng(seed).uniform(-4, 4, (n_frames, 2))
                shifts = np.rint(shifts) if kind in WHOLE else shifts
                frames = _make(kind, shifts, size, noise, seed)
                found = hs.register(frames[1:], reference=frames[0])
                off.append(found.estimates - shifts)
                z.append(((found.estimates - shifts) / found.errors)[found.ok])
                good.append(found.ok)
                peer = _stackreg(frames[0], frames[1:])
                theirs.append(shifts * np.nan if peer is None else peer - shifts)
            ours, spread, other = _rms(np.array(off)), _rms(np.concatenate(z)), _rms(np.array(theirs))
            told = f"{np.sum(good)} of {np.size(good)}"
            rows.append((kind, f"{noise:g}", f"{ours:.5f}", f"{other:.5f}", f"{spread:.2f}", told))
            if kind == "sharp":
                claims += _claims(noise, ours, other, spread)
    columns = ("picture", "noise (grey levels)", "RMSE (px)", "StackReg (px)", "sd of z", "ok")
    note = (
        f"{len(seeds)} pictures of each kind, {n_frames} frames of {size} x {size} px, shifts to 4 px; JPEG of quality "
        f"{QUALITY}. z-scores are of frames that are ok."
    )
    return Section("Sharp and prepared pictures", columns, rows, note, tuple(claims))


def _make(kind: str, shifts: NDArray[np.float64], size: int, noise: float, seed: int) -> NDArray[np.floating]:
    """As `make_pictures`, and sharp ones as a camera or a web page stores them with much loss."""
    if kind != "JPEG 15":
        return make_pictures(kind, shifts, (size, size), noise, seed)
    frames = np.clip(np.rint(make_pictures("sharp", shifts, (size, size), noise, seed)), 0, 255).astype(np.uint8)
    stored = [imagecodecs.jpeg_decode(imagecodecs.jpeg_encode(frame, level=QUALITY)) for frame in frames]
    return np.asarray(stored, np.float32)


def _claims(noise: float, ours: float, theirs: float, spread: float) -> list[Claim]:
    most = ASKED_PX if np.isnan(theirs) or noise == 0 else max(1.1 * theirs, ASKED_PX)
    told = Claim(f"sharp pictures, noise {noise:g}: RMSE", f"<= {most:.4f} px", f"{ours:.4f} px", ours <= most)
    if noise == 0:
        return [told]
    low, high = ASKED_Z
    return [
        told,
        Claim(f"sharp pictures, noise {noise:g}: sd of z", f"{low} - {high}", f"{spread:.2f}", low <= spread <= high),
    ]
