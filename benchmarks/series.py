"""Series whose content changes: references that follow, and really misaligned sections beside StackReg and ECC."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from importlib.resources import as_file, files
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
import tifffile
from numpy.typing import NDArray
from scipy.ndimage import binary_erosion

from benchmarks.tables import Claim, Section
from holdstill.api import register
from holdstill.evaluation import trajectories
from holdstill.evaluation.movies import make_movie
from holdstill.evaluation.presets import sparse, texture

try:
    from pystackreg import StackReg
except ImportError:  # the tests run without it
    StackReg = None

__all__ = ["changing", "sections"]

Aligner = Callable[[NDArray[np.uint8], str], tuple[NDArray[Any], NDArray[np.float64]]]
REFERENCES = ("first", "previous", "rolling", "pairs")


def changing(n_frames: int = 200, size: int = 192, fading: float = 0.5) -> Section:
    """A bleaching movie whose content turns, frame by frame, into another: shifts against the truth."""
    rows, beaten = [], []
    for name, scenes, photons in (
        ("texture", (texture((size, size), seed=1), texture((size, size), seed=2)), 200.0),
        ("sparse", (sparse((size, size), seed=1), sparse((size, size), seed=2)), 30.0),
    ):
        shifts = trajectories.walk(n_frames, 0.6, seed=3)
        old, new = (
            make_movie(scene, shifts, photons=photons, seed=k, offset=0.0, bleaching=fading)
            for k, scene in enumerate(scenes)
        )
        share = np.linspace(0, 1, n_frames)[:, None, None]
        frames = np.rint((1 - share) * old.frames + share * new.frames).astype(np.uint16)
        errors = {}
        for reference in REFERENCES:
            reg = register(frames, reference=reference)
            off = (reg.shifts - (shifts - shifts[0]))[reg.ok]
            errors[reference] = float(np.sqrt(np.mean(off**2)))
            end = float(np.sqrt(np.mean(off[-20:] ** 2)))
            flagged = f"{int((~reg.ok).sum())}"
            rows.append((name, reference, f"{errors[reference]:.4f}", f"{end:.4f}", flagged))
        others = min(errors["first"], errors["previous"])
        beaten.append(errors["pairs"] < others)
    claims = [
        Claim("`pairs` beats `first` and `previous`", "each scene", f"{sum(beaten)} of {len(beaten)}", all(beaten))
    ]
    note = (
        f"{n_frames} frames of {size} x {size} px that bleach by half while one scene fades into another; a random "
        "walk of 0.6 px a frame. RMSE over the frames called ok, and over the last 20 of them: drift that has added up."
    )
    return Section(
        "Series that change", ("scene", "reference", "RMSE (px)", "at the end (px)", "flagged"), rows, note, claims
    )


def _likeness(still: NDArray[Any], known: NDArray[np.bool_]) -> float:
    """Mean correlation of neighbours where both show something, borders apart."""
    inner = binary_erosion(known, np.ones((1, 7, 7)))
    scores = []
    for (a, seen), (b, also) in pairwise(zip(still, inner, strict=True)):
        both = seen & also
        scores.append(np.corrcoef(a[both].astype(float), b[both].astype(float))[0, 1])
    return float(np.mean(scores))


def _stackreg(reference: str) -> Aligner:
    def align(images: NDArray[np.uint8], motion: str) -> tuple[NDArray[Any], NDArray[np.float64]]:
        registration = StackReg({"rigid": StackReg.RIGID_BODY, "affine": StackReg.AFFINE}[motion])
        matrices = registration.register_stack(images.astype(float), reference=reference)
        return registration.transform_stack(images.astype(float), tmats=matrices), matrices

    return align


def _ecc(images: NDArray[np.uint8], motion: str) -> tuple[NDArray[Any], NDArray[np.float64]]:
    """Chained from section to section; one that does not converge stays where the one before is."""
    model = {"rigid": cv2.MOTION_EUCLIDEAN, "affine": cv2.MOTION_AFFINE}[motion]
    criteria = (cv2.TERM_CRITERIA_EPS | cv2.TERM_CRITERIA_COUNT, 200, 1e-6)
    chain = [np.eye(3)]
    for fixed, moving in pairwise(images.astype(np.float32)):
        step = np.eye(3)
        with contextlib.suppress(cv2.error):
            start = np.eye(2, 3, dtype=np.float32)
            step[:2] = cv2.findTransformECC(fixed, moving, start, model, criteria, None, 5)[1]
        chain.append(step @ chain[-1])
    matrices = np.array(chain)
    return _warped(images, matrices), matrices


def _ours(reference: str) -> Aligner:
    def align(images: NDArray[np.uint8], motion: str) -> tuple[NDArray[Any], NDArray[np.float64]]:
        reg = register(images, motion=motion, reference=reference)
        return reg.apply(images), np.array([transform.to_skimage() for transform in reg])

    return align


def _warped(images: NDArray[Any], matrices: NDArray[np.float64], flags: int = cv2.INTER_CUBIC) -> NDArray[Any]:
    """Matrices on (x, y, 1) applied by OpenCV."""
    size = images.shape[:0:-1]
    pairs = zip(images, matrices, strict=True)
    return np.array(
        [cv2.warpPerspective(image.copy(), m, size, flags=flags | cv2.WARP_INVERSE_MAP) for image, m in pairs]
    )


def sections(n_sections: int = 12) -> Section:
    """The lung sections that ship inside the package, up to 60 px and a degree apart, dirty."""
    with as_file(files("holdstill") / "data" / "lung_sem.tif") as path:
        images = tifffile.imread(path)[:n_sections]
    methods: dict[str, Aligner] = {
        "**holdstill**, pairs": _ours("pairs"),
        "**holdstill**, previous": _ours("previous"),
        "OpenCV ECC, chained": _ecc,
    }
    if StackReg is not None:
        methods |= {f"pystackreg, {reference}": _stackreg(reference) for reference in ("first", "previous")}
    rows, claims = [], []
    before = f"{_likeness(images, np.ones(images.shape, bool)):.4f}"
    rows.append(("", "as they are", before, before))
    for motion in ("rigid", "affine"):
        scores = {}
        for name, align in methods.items():
            still, matrices = align(images, motion)
            known = _warped(np.ones(images.shape, np.uint8), matrices, cv2.INTER_NEAREST) > 0
            scores[name] = _likeness(still, known)
            alike = _likeness(_warped(images, matrices), known)
            rows.append((motion, name, f"{scores[name]:.4f}", f"{alike:.4f}"))
        best = max(score for name, score in scores.items() if "holdstill" not in name)
        ours = scores["**holdstill**, pairs"]
        asked = f"> {best:.4f} (best peer)"
        claims.append(Claim(f"lung sections, {motion}: correlation of neighbours", asked, f"{ours:.4f}", ours > best))
    note = (
        f"{n_sections} serial sections of lung (SEM, ITKElastix), {images.shape[1]} x {images.shape[2]} px. Each "
        "package resamples in its own way; in the last column OpenCV resamples for all, so that transforms alone count."
    )
    columns = ("motion", "method", "correlation of neighbours", "resampled alike")
    return Section("Serial sections", columns, rows, note, claims)
