"""The main job on the movies that ship inside the package."""

from __future__ import annotations

import time
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
import tifffile
from numpy.typing import NDArray

from holdstill.api import correct
from holdstill.cli.summary import summary
from holdstill.devices.cpu import CpuDevice
from holdstill.errors import FileError
from holdstill.run.targets import sidecars

__all__ = ["make_drift", "run"]

MARGIN_PX = 6


def make_drift(n_frames: int) -> NDArray[np.float64]:
    """A smooth drift, (T, 2) px, that starts at zero: what the demo adds, and has to find again."""
    t = np.linspace(0, 1, n_frames)
    drift = np.stack([5 * np.sin(2.3 * np.pi * t), 4 * np.sin(1.1 * np.pi * t) - 3 * t**2], axis=1)
    return drift - drift[0]


def run(folder: Path, progress: Any) -> dict[str, dict[str, Any]]:
    """Correct both movies into `folder`; a summary for each. Raises FileError if the folder cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f"{folder}: cannot be made ({error.strerror}); choose another with --out") from error
    with as_file(files("holdstill") / "data") as data:
        sections = _correct_movie(data / "lung_sem.tif", folder / "lung_sem.ome.tif", progress, motion="rigid")
        moved, truth = _drifting(data / "mouse_2p.tif", folder / "mouse_2p_drifting.tif")
        calcium = _correct_movie(moved, folder / "mouse_2p.ome.tif", progress, truth=truth)
    return {"lung sections (SEM)": sections, "mouse, two-photon": calcium}


def _drifting(recorded: Path, target: Path) -> tuple[Path, NDArray[np.float64]]:
    """The calcium movie, moved by the known drift and cropped to what stays in view."""
    frames = tifffile.imread(recorded)
    truth = make_drift(len(frames))
    moved = np.empty_like(frames)
    # content that is to move by +d is sampled at p - d
    CpuDevice().resample_shift(frames, -truth, interpolation="lanczos", edge="reflect", fill=0, out=moved)
    inside = slice(MARGIN_PX, -MARGIN_PX)
    tifffile.imwrite(target, moved[:, inside, inside], imagej=True, metadata={"axes": "TYX"})
    return target, truth


def _correct_movie(
    source: Path,
    target: Path,
    progress: Any,
    *,
    motion: str = "translation",
    truth: NDArray[np.float64] | None = None,
) -> dict[str, Any]:
    began = time.perf_counter()
    result = correct(source, target, overwrite=True, progress=progress, motion=motion)
    content = summary(result, time.perf_counter() - began, {"corrected": target, **sidecars(target)})
    if truth is not None:
        difference = result.shifts - truth
        difference = difference[result.ok] - np.median(difference[result.ok], axis=0)
        content["truth_rmse_px"] = round(float(np.sqrt(np.mean(difference**2))), 5)
    return content
