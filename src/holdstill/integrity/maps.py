"""Pictures of the slide: each cycle's light, and how well each cell is kept."""

from __future__ import annotations

from pathlib import Path

import imagecodecs
import matplotlib
import numpy as np
from numpy.typing import NDArray

from holdstill.integrity.overview import Overview
from holdstill.integrity.value import Integrity
from holdstill.io.disk import replacing

__all__ = ["limits_of_light", "write_maps"]

UNKNOWN = np.array([128, 128, 128], np.uint8)


def write_maps(folder: Path, found: Integrity, overview: Overview) -> None:
    """Write ``cycle_01.png``, correlations from 0 (dark) to 1 (bright), grey where unknown, and ``light_01.png``."""
    folder.mkdir(exist_ok=True)
    for cycle in range(found.n_cycles):
        _write(
            folder / f"cycle_{cycle + 1:02d}.png", _correlation_map(found.correlation_first[:, cycle], overview.cells)
        )
        _write(folder / f"light_{cycle + 1:02d}.png", _stretch(overview.light[cycle]))


def _correlation_map(values: NDArray[np.float64], cells: NDArray[np.int32]) -> NDArray[np.uint8]:
    table = matplotlib.colormaps["viridis"](np.clip(np.nan_to_num(values), 0, 1), bytes=True)[:, :3]
    table[~np.isfinite(values)] = UNKNOWN
    colours = np.concatenate([table, np.zeros((1, 3), np.uint8)])  # the last one is for no cell
    return colours[cells]


def limits_of_light(light: NDArray[np.float32]) -> tuple[float, float]:
    """What becomes black and white in the picture of a cycle."""
    known = light[np.isfinite(light)]
    low, high = np.percentile(known, [1, 99.8]) if known.size else (0.0, 1.0)
    return float(low), float(high)


def _stretch(light: NDArray[np.float32]) -> NDArray[np.uint8]:
    low, high = limits_of_light(light)
    return (np.clip((np.nan_to_num(light, nan=low) - low) / max(high - low, 1e-9), 0, 1) * 255).astype(np.uint8)


def _write(path: Path, picture: NDArray[np.uint8]) -> None:
    with replacing(path) as temporary:
        temporary.write_bytes(imagecodecs.png_encode(picture))
