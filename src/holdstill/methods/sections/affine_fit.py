"""Affine maps, or narrower ones, between locally normalised pictures: robust Gauss-Newton steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Device, FloatArray
from holdstill.methods.sections.local import WHOLE, FloatImage, Layer, Picture, look, unbent
from holdstill.transforms.motions import MatrixFamily
from holdstill.transforms.warps import make_matrices, read_matrices, rescale_matrices

__all__ = ["Agreement", "compare", "fit_affine", "place", "robust_weights", "to_level", "to_whole"]

STEPS = 12
SETTLED_PX = 0.01
# residuals beyond so many standard deviations lose their say (Geman and McClure)
ROBUST = 2.0
# pixels that show structure in one of the pictures: flat ones agree wherever they lie, and would make the scale of the
# residuals nothing, edges outliers
STRUCTURE = 0.5
LEAST_GAIN = 0.05


@dataclass(frozen=True)
class Agreement:
    """How well two pictures agree under a map: correlation in the overlap, and which share of the smaller it is."""

    correlation: float
    overlap: float

    @property
    def score(self) -> float:
        """Correlation times overlap: what candidates are ranked by."""
        return self.correlation * self.overlap


def to_level(warp: FloatArray, picture: Picture) -> FloatArray:
    """Coefficients, (k,), of a map of whole images as one of pictures at a lower resolution."""
    return _rescale(warp, *picture.frame)


def to_whole(warp: FloatArray, picture: Picture) -> FloatArray:
    """The way back from `to_level`."""
    factors, offset = picture.frame
    return _rescale(warp, 1 / factors, -offset / factors)


def _rescale(warp: FloatArray, factors: FloatArray, offset: FloatArray) -> FloatArray:
    return read_matrices(rescale_matrices(make_matrices(warp[None], len(factors)), factors, offset), "affine")[0]


def place(warp: FloatArray, grid: FloatArray, centre: FloatArray) -> FloatArray:
    """Where a map takes points, (ndim, ...) px, given by their offsets `grid` from the centre."""
    rows = warp.reshape(len(grid), len(grid) + 1)
    return np.tensordot(rows[:, 1:], grid, 1) + (rows[:, 0] + centre).reshape(-1, *(1,) * (grid.ndim - 1))


def robust_weights(residual: NDArray[Any], fixed: NDArray[Any], moving: NDArray[Any]) -> FloatArray:
    """Weights of residuals, one over their variance for those that are as others are, nothing for outliers."""
    structured = np.abs(fixed) + np.abs(moving) > STRUCTURE
    scale = 1.4826 * float(np.median(np.abs(residual[structured]))) if structured.any() else 1.0
    scale = max(scale, 1e-3)
    return np.asarray(1 / (1 + (residual / (ROBUST * scale)) ** 2) ** 2 / scale**2, np.float64)


def fit_affine(fixed: Picture, moving: Picture, warp: FloatArray, motion: MatrixFamily, device: Device) -> FloatArray:
    """Coefficients of the map within `motion` under which `moving` looks most like `fixed`, from those of a start.

    Both have the same shape.

    Slopes are means of those of both pictures, as in Benhimane and Malis, IROS 2004: neither decides alone.
    """
    ndim = len(fixed.shape)
    here = np.nonzero(fixed.known)
    offsets = np.stack([at - (n - 1) / 2 for at, n in zip(here, fixed.shape, strict=True)])
    basis = np.concatenate([np.ones((1, offsets.shape[1])), offsets])
    reach = float(max(fixed.shape)) / 2
    # of coefficients at this level with those of the whole: pixels of thin volumes are no cubes, and turn otherwise
    change = np.stack([to_level(one, fixed) for one in np.eye(len(warp))], axis=1) - to_level(0 * warp, fixed)[:, None]
    for _ in range(STEPS):
        there = look(moving, warp, unbent(ndim), len(moving.layers), device)[:, fixed.known]
        shown = np.flatnonzero(there[0] > WHOLE)
        if len(shown) < 10 * len(warp):
            return warp
        normal, right = np.zeros((len(warp), len(warp))), np.zeros(len(warp))
        columns, there = basis[:, shown], there[1:, shown]
        turn = np.asarray(np.linalg.inv(warp.reshape(ndim, ndim + 1)[:, 1:].T), np.float64)
        for number, ours in enumerate(fixed.layers):
            theirs = there[number * (1 + ndim) : (number + 1) * (1 + ndim)]
            residual, weights, slopes = _compare_layers(ours, theirs, here, shown, turn)
            jacobian = (slopes[:, None] * columns[None]).reshape(len(warp), -1)
            normal += (jacobian * weights) @ jacobian.T
            right += jacobian @ (weights * residual)
        whole = to_whole(warp, fixed)[None]
        tangent = change @ motion.tangent(whole, ndim)[0]
        try:
            step = np.linalg.solve(tangent.T @ normal @ tangent, tangent.T @ right)
        except np.linalg.LinAlgError:  # nothing that would say where it is
            return warp
        moved = to_level(motion.step(whole, step[None], ndim)[0], fixed)
        far = np.abs((moved - warp).reshape(ndim, ndim + 1) * np.array([1.0, *(reach,) * ndim])).max()
        warp = moved
        if far < SETTLED_PX:
            break
    return warp


def _compare_layers(
    ours: Layer, theirs: FloatImage, here: Any, shown: NDArray[np.intp], turn: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Residuals, their weights and slopes, (ndim, k), at the pixels `shown` of those `here`.

    `theirs` are values and slopes of the moving picture there, (1 + ndim, k).
    """
    seen, own = theirs[0], ours.values[here][shown]
    gain = max(float(own @ seen) / max(float(own @ own), 1e-9), LEAST_GAIN)
    residual = np.asarray(gain * own - seen, np.float64)
    mine = turn @ np.stack([slope[here][shown] for slope in ours.slopes])
    slopes = (theirs[1:] + gain * mine) / 2
    return residual, robust_weights(residual, own, seen), slopes


def compare(fixed: Picture, moving: Picture, warp: FloatArray, device: Device) -> Agreement:
    """How well the pictures, of the same shape, agree under a map with these coefficients."""
    ndim = len(fixed.shape)
    there = look(moving, warp, unbent(ndim), len(moving.layers), device)
    both = (there[0] > WHOLE) & fixed.known
    if not both.any():
        return Agreement(0.0, 0.0)
    found = []
    for number, ours in enumerate(fixed.layers):
        own, seen = (each[both].astype(np.float64) for each in (ours.values, there[1 + number * (1 + ndim)]))
        found.append(float(own @ seen) / max(float(np.sqrt((own @ own) * (seen @ seen))), 1e-9))
    area = abs(float(np.linalg.det(warp.reshape(ndim, -1)[:, 1:])))
    smaller = min(float(fixed.known.sum()), float(moving.known.sum()) / max(area, 1e-6))
    return Agreement(float(np.mean(found)), float(both.sum()) / max(smaller, 1.0))
