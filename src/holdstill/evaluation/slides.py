"""Slides of cyclic imaging with exact truth: cells that are lost, tissue that folds, stains that bleach."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from holdstill.contracts import FloatArray

__all__ = ["Slide", "area_under_curve", "make_slide"]

TEXTURE_SIGMA_PX, TEXTURE = 1.3, 0.3
BACKGROUND, LEAST = 0.08, 0.05
FOLD_SHARE, FOLD_BRIGHTNESS = 0.18, 1.7


@dataclass(frozen=True, kw_only=True, eq=False)
class Slide:
    """A generated slide.

    Attributes
    ----------
    images : ndarray of uint16, (n_cycles, y, x)
    labels : ndarray of uint32, (y, x)
    present : ndarray of bool, (n_cells, n_cycles)
        Whether the cell, in ascending order of labels, is there and unfolded.
    shifts : ndarray of float64, (n_cycles, 2)
        How far the content of each cycle lies from that of the first, px.
    """

    images: NDArray[np.uint16]
    labels: NDArray[np.uint32]
    present: NDArray[np.bool_]
    shifts: FloatArray


def make_slide(
    shape: tuple[int, int],
    n_cycles: int,
    *,
    photons: float = 200.0,
    lost: float = 0.05,
    largest_shift_px: float = 3.0,
    wander_px: float = 0.0,
    bleach: float = 0.93,
    fold_from: int | None = None,
    spacing_px: int = 22,
    seed: int = 0,
) -> Slide:
    """Generate a slide.

    Parameters
    ----------
    shape : tuple of 2 int
    n_cycles : int
    photons : float
        Mean of a cell's pixel in the first cycle; noise is Poisson's.
    lost : float
        Share of the cells still there that each cycle loses.
    largest_shift_px : float
        Each cycle lies off by up to so many px along each axis.
    wander_px : float
        Each cell lies off by up to so many px along each axis of its own in each cycle but the first.
    bleach : float
        Factor of the light from cycle to cycle.
    fold_from : int, optional
        From this cycle on, counted from 0, a corner of the tissue lies folded over itself.
    spacing_px : int
        Between neighbouring cells.
    seed : int

    Returns
    -------
    Slide
    """
    random = np.random.default_rng(seed)
    labels, n_cells = _make_cells(shape, spacing_px, random)
    texture = ndimage.gaussian_filter(random.standard_normal(shape), TEXTURE_SIGMA_PX, mode="wrap")
    light = np.maximum(1 + TEXTURE * texture / texture.std(), LEAST)
    shifts = random.uniform(-largest_shift_px, largest_shift_px, (n_cycles, 2))
    shifts[0] = 0
    draws = random.random((n_cells, n_cycles)) < lost
    draws[:, 0] = False
    there = ~np.logical_or.accumulate(draws, axis=1)
    folded = _find_folded(labels, n_cells, shape) if fold_from is not None else np.zeros(n_cells, bool)
    images = np.empty((n_cycles, *shape), np.uint16)
    present = there.copy()
    for k in range(n_cycles):
        scene = np.where(np.append(False, there[:, k])[labels], light, BACKGROUND)
        if wander_px and k:
            scene = _wander(scene, labels, random.uniform(-wander_px, wander_px, (n_cells, 2)))
        if fold_from is not None and k >= fold_from:
            scene, present[:, k] = _fold(scene), there[:, k] & ~folded
        moved = ndimage.shift(scene, shifts[k], order=3, mode="nearest") if shifts[k].any() else scene
        images[k] = random.poisson(np.maximum(moved, 0) * photons * bleach**k)
    return Slide(images=images, labels=labels, present=present, shifts=shifts)


def area_under_curve(values: FloatArray, is_good: NDArray[np.bool_]) -> float:
    """Share of pairs of a good and a bad one in which the good one has the larger value; ties count half, NaN least."""
    ranked = np.where(np.isfinite(values), values, -np.inf).ravel()
    good = is_good.ravel()
    _, inverse, counts = np.unique(ranked, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse.ravel()]
    n_good, n_bad = int(good.sum()), int((~good).sum())
    return float((ranks[good].sum() - n_good * (n_good + 1) / 2) / (n_good * n_bad))


def _make_cells(shape: tuple[int, int], spacing: int, random: np.random.Generator) -> tuple[NDArray[np.uint32], int]:
    """Ellipses on a jittered grid, labelled from 1."""
    labels = np.zeros(shape, np.uint32)
    n, half = 0, spacing // 2
    down, across = np.mgrid[-half : half + 1, -half : half + 1]
    for y in range(half + 1, shape[0] - half - 1, spacing):
        for x in range(half + 1, shape[1] - half - 1, spacing):
            radii, angle = random.uniform(0.3, 0.42, 2) * spacing, random.uniform(0, np.pi)
            along, beside = across * np.cos(angle) + down * np.sin(angle), down * np.cos(angle) - across * np.sin(angle)
            inside = (along / radii[0]) ** 2 + (beside / radii[1]) ** 2 <= 1
            n += 1
            labels[y - half : y + half + 1, x - half : x + half + 1][inside] = n
    return labels, n


def _wander(scene: FloatArray, labels: NDArray[np.uint32], moves: FloatArray) -> FloatArray:
    """The scene with each cell moved on its own, a brighter pixel before a darker one where they meet."""
    out = np.full_like(scene, BACKGROUND)
    for (rows, columns), move in zip(ndimage.find_objects(labels), moves, strict=True):
        reach = int(np.abs(moves).max()) + 3
        box = tuple(slice(max(each.start - reach, 0), each.stop + reach) for each in (rows, columns))
        inside = labels[box] == labels[rows, columns].max()
        alone = np.where(inside, scene[box] - BACKGROUND, 0)
        out[box] = np.maximum(out[box], BACKGROUND + ndimage.shift(alone, move, order=3))
    return out


def _corner(shape: tuple[int, ...]) -> tuple[slice, slice]:
    """The part that folds: a corner away from the border, which shifts would bring in."""
    side = int(np.sqrt(FOLD_SHARE) * min(shape))
    return slice(8, 8 + side), slice(8, 8 + side)


def _find_folded(labels: NDArray[np.uint32], n_cells: int, shape: tuple[int, int]) -> NDArray[np.bool_]:
    """Cells of which more than a twentieth lies in the fold."""
    inside = np.bincount(labels[_corner(shape)].ravel(), minlength=n_cells + 1)[1:]
    return np.asarray(inside > np.bincount(labels.ravel(), minlength=n_cells + 1)[1:] / 20)


def _fold(scene: FloatArray) -> FloatArray:
    """The corner shows what lies opposite within it, turned over and brighter: two layers, neither in its place."""
    rows, columns = _corner(scene.shape)
    out = scene.copy()
    out[rows, columns] = FOLD_BRIGHTNESS * scene[rows, columns][::-1, ::-1]
    return out
