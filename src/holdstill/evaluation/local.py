"""Synthetic movies that bend, with the exact truth: smooth random fields beside the shift of the whole frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from holdstill.contracts import ControlGrid, NoiseModel

__all__ = [
    "LocalMovie",
    "bound_of_grid",
    "draw_field",
    "field_errors",
    "make_local_movie",
    "make_tissue",
    "represent_field",
]

FloatArray = NDArray[np.float64]

MARGIN = 24
BLUR_PX = 1.5
FIXED_POINT_STEPS = 8


@dataclass(frozen=True, kw_only=True, eq=False)
class LocalMovie:
    """Frames and the truth about them.

    Attributes
    ----------
    frames : ndarray of uint16, (T, [z,] y, x)
    fields : ndarray of float32, (T, ndim, [z,] y, x)
        Displacement of each pixel of the reference, px.
    reference : ndarray of float64, ([z,] y, x)
        Noise-free grey values of the undisplaced specimen.
    noise : NoiseModel
    """

    frames: NDArray[Any]
    fields: NDArray[np.float32]
    reference: FloatArray
    noise: NoiseModel


def make_tissue(shape: tuple[int, ...], contrast: float, seed: int = 0) -> FloatArray:
    """A random specimen of mean 1, wider than a frame by `MARGIN` px on all sides, with structure of a few px.

    `contrast` is its standard deviation over its mean before what would be negative is cut off.
    """
    rng = np.random.default_rng(seed)
    grains = ndimage.gaussian_filter(rng.standard_normal([n + 2 * MARGIN for n in shape]), BLUR_PX)
    found: FloatArray = np.maximum(1 + contrast * grains / grains.std(), 0.0)
    return np.asarray(found / found.mean(), np.float64)


def draw_field(shape: tuple[int, ...], knots_px: float, seed: int) -> FloatArray:
    """A random displacement of each pixel along each axis, mean 0 and standard deviation 1 px: cubic between knots."""
    rng = np.random.default_rng(seed)
    field = []
    for _ in shape:
        knots = rng.standard_normal([int(np.ceil((n - 1) / knots_px)) + 3 for n in shape])
        places = np.meshgrid(*(np.arange(n) / knots_px + 1 for n in shape), indexing="ij")
        one = ndimage.map_coordinates(knots, places, order=3, mode="mirror")
        field.append((one - one.mean()) / one.std())
    return np.stack(field)


def make_local_movie(
    tissue: FloatArray,
    shifts: FloatArray,
    fields: FloatArray,
    *,
    photons: float,
    read_noise: float = 0.1,
    gain: float = 20.0,
    offset: float = 100.0,
    seed: int = 0,
) -> LocalMovie:
    """Record a tissue as it moves by `shifts`, (T, ndim) px, and bends by `fields`, (T, ndim, [z,] y, x) px.

    Pixel q of a frame shows the point ``q - shift - field(q)`` of the tissue: exactly what a cubic spline through the
    tissue has there. `photons` is the mean per pixel; grey levels are ``offset + gain * (photons + read noise)``.
    """
    rng, shape = np.random.default_rng(seed), fields.shape[2:]
    spline = ndimage.spline_filter(tissue, order=3)
    pixels = np.indices(shape).astype(np.float64)

    def look(points: FloatArray) -> FloatArray:
        values = ndimage.map_coordinates(spline, points + MARGIN, order=3, prefilter=False, mode="nearest")
        return np.asarray(np.maximum(values, 0) * photons)

    frames = np.empty((len(shifts), *shape), np.uint16)
    truth = np.empty((len(shifts), *fields.shape[1:]), np.float32)
    for t, (shift, field) in enumerate(zip(shifts, fields, strict=True)):
        by = field + shift.reshape(-1, *(1 for _ in shape))
        light = rng.poisson(look(pixels - by)) + rng.normal(0, read_noise, shape)
        frames[t] = np.clip(np.rint(offset + gain * light), 0, 65535)
        there = by.copy()
        for _ in range(FIXED_POINT_STEPS):
            there = np.stack([ndimage.map_coordinates(one, pixels + there, order=1, mode="nearest") for one in by])
        truth[t] = there
    noise = NoiseModel(gain=gain, read_variance=(gain * read_noise) ** 2 + 1 / 12, offset=offset)
    return LocalMovie(frames=frames, fields=truth, reference=offset + gain * look(pixels), noise=noise)


def field_errors(found: FloatArray, truth: FloatArray, centre: bool = True) -> float:
    """Root mean square over frames and pixels of the vector between fields, (T, ndim, ...), less its mean over time."""
    off = np.asarray(found, np.float64) - truth
    if centre:
        off = off - off.mean(axis=0)
    return float(np.sqrt((off**2).sum(axis=1).mean()))


def represent_field(field: FloatArray, grid: ControlGrid) -> float:
    """Root mean square, px, of what displacements between the control points of a grid cannot follow of a field."""
    left = np.asarray(field, np.float64)
    found = left
    for axis, n in enumerate(field.shape[1:]):
        hat = _hat(grid, axis, n)
        found = np.moveaxis(np.tensordot(hat @ np.linalg.pinv(hat), found, (1, axis + 1)), 0, axis + 1)
    return float(np.sqrt(((left - found) ** 2).sum(axis=0).mean()))


def _hat(grid: ControlGrid, axis: int, n: int) -> FloatArray:
    """What each control point has to say to each pixel of an axis, (n, count)."""
    before, share = grid.find_cells(axis, np.arange(n, dtype=np.float64))
    hat = np.zeros((n, grid.counts[axis]))
    hat[np.arange(n), before] += 1 - share
    hat[np.arange(n), np.minimum(before + 1, grid.counts[axis] - 1)] += share
    return hat


def bound_of_grid(reference: FloatArray, noise: NoiseModel, grid: ControlGrid) -> float:
    """The least root mean square error, px, of displacements between the control points of a grid, without a prior."""
    shape = reference.shape
    slopes = np.gradient(reference)
    weight = 1 / noise.variance(reference)
    hats = [_hat(grid, axis, n) for axis, n in enumerate(shape)]
    n_moved, n_nodes = len(grid.moved), int(np.prod(grid.counts))
    information = np.zeros((n_nodes, n_moved, n_nodes, n_moved))
    for i, a in enumerate(grid.moved):
        for j, b in enumerate(grid.moved):
            image = weight * slopes[a] * slopes[b]
            information[:, i, :, j] = _between(image, hats).reshape(n_nodes, n_nodes)
    covariance = np.linalg.inv(information.reshape(n_nodes * n_moved, -1)).reshape(information.shape)
    spread = _between(np.ones(shape), hats).reshape(n_nodes, n_nodes) / np.prod(shape)
    return float(np.sqrt(sum((covariance[:, i, :, i] * spread).sum() for i in range(n_moved))))


def _between(image: FloatArray, hats: list[FloatArray]) -> FloatArray:
    """Sums of an image times products of hats, (counts..., counts...)."""
    found = image
    for hat in hats:
        pairs = (hat[:, :, None] * hat[:, None, :]).reshape(len(hat), -1)
        found = np.tensordot(found, pairs, (0, 0))
    counts = [hat.shape[1] for hat in hats]
    found = found.reshape([n for count in counts for n in (count, count)])
    k = len(counts)
    return np.asarray(found.transpose([*range(0, 2 * k, 2), *range(1, 2 * k, 2)]))
