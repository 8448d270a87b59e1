"""What the reference tells of displacements between control points: its Hessian, cell by cell, prepared once."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import ControlGrid, FloatArray
from holdstill.methods.likelihood.gauss_newton import Level

__all__ = ["FieldLevel", "make_field_level"]


@dataclass(frozen=True, eq=False)
class FieldLevel:
    """A level of the reference and, for each cell of its grid of control points, what the light there tells.

    Attributes
    ----------
    level : Level
    grid : ControlGrid
        In pixels of the level.
    blocks : ndarray of float64, (cells, k, k)
        ``sum w phi_i phi_j dR/da dR/db`` of the k unknowns of a cell: its corners, the moved axes side by side.
    unknowns : ndarray of int64, (cells, k)
        Their numbers among all.
    information : ndarray of float64, (cells,)
        ``sum w |grad R|^2``.
    """

    level: Level
    grid: ControlGrid
    blocks: FloatArray
    unknowns: NDArray[np.int64]
    information: FloatArray


def make_field_level(level: Level, grid: ControlGrid, mean: float) -> FieldLevel:
    """Sums over the reference as it is, for control points `grid` in full-resolution px; `mean` was subtracted."""
    local = grid.bin(level.factors)
    value, slopes = _differentiate(level.spline.coefficients)
    weight = level.spline.mask / level.noise.variance(value.astype(np.float64) + mean)
    hats = [_pairs(local, axis, n) for axis, n in enumerate(value.shape)]
    moved = local.moved
    n_cells, n_corners = int(np.prod(local.cells)), int(np.prod([h.shape[2] for h in hats]))
    blocks = np.zeros((n_cells, n_corners, len(moved), n_corners, len(moved)))
    for i, j in product(range(len(moved)), repeat=2):
        if j <= i:
            sums = _sum_cells(weight * slopes[moved[i]] * slopes[moved[j]], hats).reshape(n_cells, n_corners, n_corners)
            blocks[:, :, i, :, j] = blocks[:, :, j, :, i] = sums
    ones = [h.sum(axis=(2, 3), keepdims=True) for h in hats]
    squares = sum(slopes[axis] ** 2 for axis in moved)
    k = n_corners * len(moved)
    return FieldLevel(
        level, local, blocks.reshape(n_cells, k, k), _number_unknowns(local).reshape(n_cells, k),
        _sum_cells(weight * squares, ones).reshape(n_cells),
    )  # fmt: skip


def _differentiate(coefficients: NDArray[np.float32]) -> tuple[NDArray[np.float32], list[NDArray[np.float32]]]:
    """Value and slopes of a spline at whole pixels."""

    def along(array: NDArray[np.float32], axis: int, weights: tuple[float, float, float]) -> NDArray[np.float32]:
        n = array.shape[axis] - 4
        parts = [array.take(range(1 + k, 1 + k + n), axis=axis) * np.float32(w) for k, w in enumerate(weights) if w]
        return np.asarray(sum(parts), np.float32)

    wanted = []
    for row in range(coefficients.ndim + 1):
        found = coefficients
        for axis in range(coefficients.ndim):
            found = along(found, axis, (-0.5, 0.0, 0.5) if axis == row else (1 / 6, 4 / 6, 1 / 6))
        wanted.append(found)
    return wanted[-1], wanted[:-1]


def _pairs(grid: ControlGrid, axis: int, n: int) -> FloatArray:
    """Products of the hats of a cell's corners at each pixel of an axis, (n, cells, corners, corners)."""
    before, share = grid.find_cells(axis, np.arange(n, dtype=np.float64))
    hats = np.stack([1 - share, share], axis=1)[:, : min(grid.counts[axis], 2)]
    if grid.counts[axis] == 1:
        hats[:] = 1.0
    found = np.zeros((n, grid.cells[axis], hats.shape[1], hats.shape[1]))
    found[np.arange(n), before] = hats[:, :, None] * hats[:, None, :]
    return found


def _sum_cells(image: FloatArray, hats: list[FloatArray]) -> FloatArray:
    """Sums of an image times products of `hats` of each axis, (cells of all axes, corners, corners)."""
    found = image[..., None, None, None].astype(np.float64).reshape(*image.shape, 1, 1, 1)
    for hat in hats:  # the first axis goes; its cells and corners are appended
        n, cells, c, _ = hat.shape
        rest = found.shape[1:-3]
        done, left, right = found.shape[-3:]
        flat = hat.reshape(n, -1).T @ found.reshape(n, -1)
        flat = flat.reshape(cells, c, c, *rest, done, left, right)
        flat = np.moveaxis(flat, (0, 1, 2), (-3, -2, -1))  # rest, done, left, right, cells, c, c
        order = [*range(len(rest)), *(len(rest) + k for k in (0, 3, 1, 4, 2, 5))]
        found = flat.transpose(order).reshape(*rest, done * cells, left * c, right * c)
    return np.asarray(found.reshape(found.shape[-3:]))


def _number_unknowns(grid: ControlGrid) -> NDArray[np.int64]:
    """Numbers of the unknowns of each cell, (cells, corners, n_moved): corners as `_sum_cells` has them."""
    numbers = np.arange(grid.n_parameters).reshape(*grid.counts, len(grid.moved))
    corners = list(product(*(range(min(count, 2)) for count in grid.counts)))
    found = [
        numbers[tuple(slice(step, step + cells) for step, cells in zip(corner, grid.cells, strict=True))]
        for corner in corners
    ]
    return np.stack([one.reshape(-1, len(grid.moved)) for one in found], axis=1).astype(np.int64)
