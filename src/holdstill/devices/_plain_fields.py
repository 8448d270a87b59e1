"""The specification of sums for displacements on a grid of control points; see `holdstill.devices.plain`."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np

from holdstill.contracts import ControlGrid, FloatArray, Frames, NoiseModel, Spline
from holdstill.devices.interpolation import spline_weights
from holdstill.transforms.grids import displace

__all__ = ["field_sums_of_frame", "spline_at"]


def field_sums_of_frame(
    frame: Frames,
    spline: Spline,
    grid: ControlGrid,
    shift: FloatArray,
    nodes: FloatArray,
    gain: float,
    offset: float,
    noise: NoiseModel,
    cutoff: float,
) -> tuple[Any, ...]:
    """What `FieldSums` holds, of one frame."""
    shape, moved = frame.shape, list(grid.moved)
    places = np.moveaxis(np.indices(shape), 0, -1).reshape(-1, len(shape)) - shift
    points = places.copy()
    points[:, moved] -= displace(grid, nodes[None], places)[0]
    last = np.array(shape) - 1
    shown = ((points >= 0) & (points <= last)).all(axis=1)
    points = np.clip(points, 0, last)
    gradient, value = spline_at(spline, points.T)
    pixels = frame.astype(np.float64).ravel()
    counts = shown & spline.mask[tuple(np.floor(points.T + 0.5).astype(np.intp))].astype(bool) & ~np.isnan(pixels)
    model = gain * value + offset
    variance = noise.variance(model)
    residual = np.where(counts, pixels - model, 0.0)
    weight = counts / (1 + residual**2 / (variance * cutoff**2)) ** 2 / variance
    hats, cells = _hats(grid, places)
    right = (gradient[moved] * weight * residual) @ hats
    information = np.zeros(grid.cells)
    np.add.at(information, cells, weight * (gradient[moved] ** 2).sum(axis=0))
    brightness = [weight @ value**2, weight @ value, weight.sum(), (weight * residual) @ value, weight @ residual]
    return (
        right.reshape(len(moved), *grid.counts), information, np.array(brightness),
        float(weight @ residual**2), float(weight @ variance),
    )  # fmt: skip


def _hats(grid: ControlGrid, places: FloatArray) -> tuple[FloatArray, tuple[Any, ...]]:
    """Of each place what each control point has to say, (k, n_points), and the cell it lies in."""
    found = [grid.find_cells(axis, places[:, axis]) for axis in range(grid.ndim)]
    hats = np.zeros((len(places), *grid.counts))
    rows = np.arange(len(places))
    for corner in product(*(range(min(count, 2)) for count in grid.counts)):
        around = tuple(before + step for step, (before, _) in zip(corner, found, strict=True))
        weight = np.ones(len(places))
        for step, (_, share) in zip(corner, found, strict=True):
            weight = weight * (share if step else 1 - share)
        hats[(rows, *around)] += weight
    return hats.reshape(len(places), -1), tuple(before for before, _ in found)


def spline_at(spline: Spline, points: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Gradient (ndim, ...) and value of a spline at `points`, (ndim, ...), inside the image."""
    ndim = len(points)
    base = np.floor(points).astype(np.intp)
    weights = [
        np.array([spline_weights(f) for f in (p - b).ravel()], np.float64) for p, b in zip(points, base, strict=True)
    ]
    rows = np.zeros((ndim + 1, *points.shape[1:]))
    for taps in product(range(4), repeat=ndim):
        values = spline.coefficients[tuple(b + 1 + tap for b, tap in zip(base, taps, strict=True))]
        for row in range(ndim + 1):
            factors = [weights[axis][:, int(axis == row), tap] for axis, tap in enumerate(taps)]
            rows[row] += np.prod(factors, axis=0).reshape(values.shape) * values
    return rows[:-1], rows[-1]
