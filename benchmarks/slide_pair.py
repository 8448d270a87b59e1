"""A pair of slides of any size, stained differently, bent by a known field, turned, torn.

``python slide_pair.py DIR LONGER_SIDE [fixed|moving]``

Writes ``fixed.ome.tif``, ``moving.ome.tif`` and ``truth.npz``: points of the fixed slide and where the moving one shows
them. Both are made tile by tile; the field is 1/1000 of the longer side in the root mean square.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from holdstill.contracts import ImagesInfo
from holdstill.io.pyramids.bands import BAND_ROWS
from holdstill.io.pyramids.slide import choose_codec, write_slide

ANGLE_DEG = 30.0
KNOTS = 7
LATTICE_PX = 32
NOISE_PX = 512
Array = NDArray[Any]
# optical densities of red, green, blue: blue nuclei in pink tissue; brown ones in pale blue
FIRST = ((0.65, 0.70, 0.29), (0.07, 0.99, 0.11))
SECOND = ((0.27, 0.57, 0.78), (0.45, 0.30, 0.12))


class Tissue:
    """Content at any point of the moving slide, from noise at several scales."""

    def __init__(self, side: float, seed: int) -> None:
        random = np.random.default_rng(seed)
        self._side = side
        self._noise = {
            name: self._make(random, sigma) for name, sigma in (("nuclei", 2.0), ("glands", 2.0), ("outline", 3.0))
        }
        self._steps = {"nuclei": 5.0, "glands": side / 500, "outline": side / 60}

    @staticmethod
    def _make(random: np.random.Generator, sigma: float) -> Array:
        noise = ndimage.gaussian_filter(random.standard_normal((NOISE_PX, NOISE_PX)), sigma, mode="wrap")
        return np.asarray(noise / noise.std(), np.float32)

    def look(self, y: Array, x: Array, shape: tuple[int, int]) -> tuple[Array, Array]:
        """How dense nuclei and other tissue are at points of the moving slide, px."""
        seen = {name: self._sample(name, y, x) for name in self._noise}
        radius = np.hypot((y / shape[0] - 0.5) / 0.42, (x / shape[1] - 0.5) / 0.42)
        inside = np.clip((1 - radius + 0.12 * seen["outline"]) * 12, 0, 1)
        glands = np.clip(0.5 + 0.5 * seen["glands"], 0, 1)
        nuclei = np.clip((seen["nuclei"] - 0.9 + 0.8 * glands) * 3, 0, 1)
        return inside * nuclei, inside * (0.25 + 0.6 * glands)

    def _sample(self, name: str, y: Array, x: Array) -> Array:
        step = self._steps[name]
        return np.asarray(
            cv2.remap(
                self._noise[name], np.mod(x, step * NOISE_PX) / np.float32(step),
                np.mod(y, step * NOISE_PX) / np.float32(step),
                cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP,
            )
        )  # fmt: skip


class Field:
    """The map from the fixed to the moving slide."""

    def __init__(self, shape: tuple[int, int], seed: int) -> None:
        self.shape = shape
        knots = np.random.default_rng(seed + 1).standard_normal((2, KNOTS, KNOTS))
        fine = np.stack([ndimage.zoom(one, 257 / KNOTS, order=3, mode="nearest", grid_mode=True) for one in knots])
        fine -= fine.mean(axis=(1, 2), keepdims=True)
        self._bent = fine * max(shape) / 1000 / np.sqrt((fine**2).sum(axis=0).mean())

    def spread(self, rows: Array, columns: Array) -> tuple[Array, Array]:
        """The same for all pixels of a block; linear between places 32 px apart."""
        places = [np.arange(one[0], one[-1] + LATTICE_PX, LATTICE_PX, dtype=np.float64) for one in (rows, columns)]
        nodes = self.map(*np.meshgrid(*places, indexing="ij"))
        hats = [
            np.maximum(1 - np.abs(one[:, None] - place) / LATTICE_PX, 0).astype(np.float32)
            for one, place in zip((rows, columns), places, strict=True)
        ]
        corner = [float(node[0, 0]) for node in nodes]
        y, x = (
            hats[0] @ (node - first).astype(np.float32) @ hats[1].T + np.float32(first)
            for node, first in zip(nodes, corner, strict=True)
        )
        return y, x

    def map(self, y: Array, x: Array) -> tuple[Array, Array]:
        """Where points of the fixed slide lie in the moving one, px."""
        height, width = self.shape
        cy, cx, turn = (height - 1) / 2, (width - 1) / 2, np.deg2rad(ANGLE_DEG)
        place = [y / (height - 1) * 256, x / (width - 1) * 256]
        uy, ux = (ndimage.map_coordinates(one, place, order=1, mode="nearest") for one in self._bent)
        dy, dx = y - cy, x - cx
        return cy + np.cos(turn) * dy - np.sin(turn) * dx + uy, cx + np.sin(turn) * dy + np.cos(turn) * dx + ux


def stain(nuclei: Array, tissue: Array, colours: Any, strength: tuple[float, float]) -> Array:
    """Red, green, blue of light through two stains, (3, y, x)."""
    densities = [strength[0] * colours[0][k] * nuclei + strength[1] * colours[1][k] * tissue for k in range(3)]
    return np.asarray(243 * np.exp(-np.stack(densities).astype(np.float32)), np.float32)


def develop(light: Array, shape: tuple[int, int], random: np.random.Generator) -> Array:
    """Pixels of 8 bit with noise, from light at the middles of two by two of them."""
    noise = random.integers(-6, 7, shape, np.int8).astype(np.float32)
    fine = [cv2.resize(one, (2 * one.shape[1], 2 * one.shape[0]), interpolation=cv2.INTER_LINEAR) for one in light]
    return np.stack([np.clip(one[: shape[0], : shape[1]] + noise, 0, 255).astype(np.uint8) for one in fine])


def make_bands(
    shape: tuple[int, int], paint: Callable[[Array, Array], Array], workers: ThreadPoolExecutor
) -> Iterator[Array]:
    """Bands of a picture that is painted at points."""
    height, width = shape
    for top in range(0, height, BAND_ROWS):
        lefts = range(0, width, 2048)

        def one(left: int, top: int = top) -> Array:
            rows, columns = np.arange(top, min(top + BAND_ROWS, height)), np.arange(left, min(left + 2048, width))
            light = paint(rows[0] + 0.5 + np.arange(0, len(rows), 2), columns[0] + 0.5 + np.arange(0, len(columns), 2))
            return develop(light, (len(rows), len(columns)), np.random.default_rng(top * width + left))

        yield np.concatenate(list(workers.map(one, lefts)), axis=2)


def make_pair(folder: Path, longer: int, seed: int = 0, which: tuple[str, ...] = ("fixed", "moving")) -> None:
    """Write both slides, or one, and the truth."""
    shape = (longer * 2 // 3, longer)
    tissue, field = Tissue(float(longer), seed), Field(shape, seed)
    info = ImagesInfo(
        name="slide", axes="CYX", shape=(3, *shape), dtype=np.dtype(np.uint8), pixel_size_um=(None, 0.25, 0.25),
        channel_names=("red", "green", "blue"),
    )  # fmt: skip

    def paint_fixed(rows: Array, columns: Array) -> Array:
        return stain(*tissue.look(*field.spread(rows, columns), shape), FIRST, (1.3, 0.5))

    def paint_moving(rows: Array, columns: Array) -> Array:
        y, x = np.meshgrid(rows.astype(np.float32), columns.astype(np.float32), indexing="ij")
        nuclei, other = tissue.look(y, x, shape)
        for centre, slope in ((0.42, 0.3), (0.6, -0.2)):  # two tears
            torn = np.abs(y / shape[0] - centre - slope * (x / shape[1] - 0.5)) < 0.004
            nuclei, other = np.where(torn, 0, nuclei), np.where(torn, 0, other)
        return stain(nuclei, np.sqrt(other), SECOND, (0.9, 0.7))

    folder.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(2) as workers:
        for name, paint in (("fixed", paint_fixed), ("moving", paint_moving)):
            if name not in which:
                continue
            path = folder / f"{name}.ome.tif"
            bands = lambda _, paint=paint: make_bands(shape, paint, workers)  # noqa: E731
            write_slide(path, info, bands, choose_codec(info, "jpeg", 90), workers)
    random = np.random.default_rng(seed + 2)
    points = random.uniform(0.25, 0.75, (2000, 2)) * np.array(shape)
    np.savez(folder / "truth.npz", fixed=points, moving=np.column_stack(field.map(points[:, 0], points[:, 1])))


if __name__ == "__main__":
    make_pair(Path(sys.argv[1]), int(sys.argv[2]), which=tuple(sys.argv[3:]) or ("fixed", "moving"))
