"""Displacements on a regular grid of control points: blocks, scan lines, dense fields."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import ControlGrid, Covariance, Device, FloatArray, Frames, Motion
from holdstill.errors import InputError
from holdstill.transforms.folds import find_least_areas
from holdstill.transforms.grids import DisplacementGrid, displace, solve_inverse
from holdstill.transforms.motions.family import STEP, Family
from holdstill.transforms.motions.warp import centre_of
from holdstill.transforms.warps import corners, flatten_each

__all__ = ["GridMotion"]


@dataclass(frozen=True)
class GridMotion(Family):
    """A displacement for each control point; parameters are those of one point after the other, its axes side by side.

    Attributes
    ----------
    name : str
    grid : ControlGrid
        Of frames of one shape.
    """

    name: str
    grid: ControlGrid

    def names(self, ndim: int) -> tuple[str, ...]:
        nodes = np.ndindex(*self.grid.counts)
        axes = ["zyx"[-ndim:][axis] for axis in self.grid.moved]
        return tuple(f"node_{'_'.join(map(str, node))}_shift_{axis}_px" for node in nodes for axis in axes)

    def count_parameters(self, ndim: int) -> int:
        return self.grid.n_parameters

    def identity(self, ndim: int) -> FloatArray:
        return np.zeros(self.grid.n_parameters)

    def nodes(self, parameters: FloatArray) -> FloatArray:
        """Displacements of the control points, (n, n_moved, *counts) px."""
        rows = parameters.reshape(len(parameters), *self.grid.counts, len(self.grid.moved))
        return np.moveaxis(rows, -1, 1)

    def read_nodes(self, nodes: FloatArray) -> FloatArray:
        """Parameters of displacements of the control points."""
        return flatten_each(np.ascontiguousarray(np.moveaxis(nodes, 1, -1)))

    def transform(self, parameters: FloatArray, shape: tuple[int, ...]) -> DisplacementGrid:
        return DisplacementGrid(self.grid, self.nodes(parameters[None])[0], centre_of(shape))

    def map_points(self, parameters: FloatArray, points: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        found = np.repeat(points[None], len(parameters), axis=0)
        found[:, :, list(self.grid.moved)] += displace(self.grid, self.nodes(parameters), points)
        return found

    def shifts(self, parameters: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        found = np.zeros((len(parameters), len(shape)))
        found[:, list(self.grid.moved)] = displace(self.grid, self.nodes(parameters), centre_of(shape)[None])[:, 0]
        return found

    def shift_errors(self, errors: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        """Errors of the control point nearest to the centre."""
        found = np.zeros((len(errors), len(shape)))
        nearest: Any = [
            int(np.abs(self.grid.positions(axis) - middle).argmin()) for axis, middle in enumerate(centre_of(shape))
        ]
        found[:, list(self.grid.moved)] = self.nodes(errors)[(slice(None), slice(None), *nearest)]
        return found

    def invert(self, parameters: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        """Displacements on the same control points, exact there."""
        points, moved = self.grid.points(), list(self.grid.moved)
        rows = [(solve_inverse(self.grid, nodes, points) - points)[:, moved] for nodes in self.nodes(parameters)]
        return np.array(rows).reshape(parameters.shape)

    def compose(self, outer: FloatArray, inner: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        """Displacements on the same control points, exact there."""
        points, moved = self.grid.points(), list(self.grid.moved)
        found = inner.reshape(len(inner), len(points), len(moved)).copy()
        for row, nodes in zip(found, self.nodes(outer), strict=True):
            there = points.copy()
            there[:, moved] += row
            row += displace(self.grid, nodes[None], there)[0]
        return found.reshape(inner.shape)

    def relative_to(self, parameters: FloatArray, origins: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        inverses = self.invert(np.atleast_2d(origins), shape)
        return self.compose(parameters, np.broadcast_to(inverses, parameters.shape), shape)

    def shift_reference(self, parameters: FloatArray, shift: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        """Displacements on the same control points, exact there. Raises InputError for a shift along other axes."""
        moved = list(self.grid.moved)
        stays = [axis for axis in range(self.grid.ndim) if axis not in moved and shift[axis]]
        if stays:
            raise InputError(f"{self.name} motion moves nothing along axis {stays[0]}, and cannot be shifted along it")
        back = displace(self.grid, self.nodes(parameters), self.grid.points() - shift) - np.asarray(shift)[moved]
        found = np.asarray(back.reshape(parameters.shape), np.float64)
        # frames that move as a whole keep every digit: interpolation between equal numbers may lose the last
        each = parameters.reshape(len(parameters), parameters.shape[1] // len(moved), len(moved))
        whole = (each == each[:, :1]).all(axis=(1, 2))
        found[whole] = (each[whole] - np.asarray(shift)[moved]).reshape(-1, parameters.shape[1])
        return found

    def rescale(
        self,
        parameters: FloatArray,
        factors: FloatArray,
        offset: FloatArray,
        shape: tuple[int, ...],
        target: tuple[int, ...],
    ) -> tuple[Motion, FloatArray]:
        origins = (np.array(self.grid.origins) - centre_of(shape) - offset) / factors + centre_of(target)
        grid = replace(
            self.grid,
            origins=tuple(origins.tolist()),
            spacings=tuple((np.array(self.grid.spacings) / factors).tolist()),
        )
        return replace(self, grid=grid), self._scale(parameters, factors)

    def _scale(self, parameters: FloatArray, factors: FloatArray) -> FloatArray:
        return parameters / np.resize(factors[list(self.grid.moved)], parameters.shape[1])

    def find_least_areas(self, parameters: FloatArray, shape: tuple[int, ...]) -> tuple[FloatArray, FloatArray]:
        return find_least_areas(self.grid, self.nodes(parameters))

    def corner_errors(self, parameters: FloatArray, covariance: Covariance, shape: tuple[int, ...]) -> FloatArray:
        """See `Motion.corner_errors`; corners move with the control points around them, whatever their displacement."""
        points, n_moved = corners(shape) + centre_of(shape), len(self.grid.moved)
        n_nodes = self.grid.n_parameters // n_moved
        unit = np.eye(n_nodes).reshape(n_nodes, 1, *self.grid.counts)
        weights = displace(replace(self.grid, moved=(0,)), unit, points)[:, :, 0].T
        jacobian = np.asarray(np.kron(weights, np.eye(n_moved)), np.float64)
        variances = covariance.propagate(jacobian).variances
        return np.sqrt(variances.sum(axis=1) / len(points))

    def propagate(
        self, change: Callable[[FloatArray], FloatArray], parameters: FloatArray, *covariances: Covariance
    ) -> list[Covariance]:
        """See `Motion.propagate`; how displacements differ from point to point is left out."""
        slopes = (change(parameters + STEP) - change(parameters - STEP)) / (2 * STEP)
        if slopes.shape != parameters.shape:
            return super().propagate(change, parameters, *covariances)
        return [one.scale(slopes) for one in covariances]

    def resample(
        self, device: Device, frames: Frames, parameters: FloatArray, *, out: Frames, **settings: Any
    ) -> NDArray[np.int64]:
        return device.resample_field(frames, self.grid, self.nodes(parameters), **settings, out=out)

    def resample_back(
        self, device: Device, images: Frames, parameters: FloatArray, *, out: Frames, **settings: Any
    ) -> NDArray[np.int64]:
        """See `Motion.resample_back`; the way back is found for each pixel."""
        shape = out.shape[1:]
        dense = replace(self.grid, counts=shape, origins=(0.0,) * len(shape), spacings=(1.0,) * len(shape))
        points, clamped = dense.points(), np.zeros(len(out), np.int64)
        for n, nodes in enumerate(self.nodes(parameters)):
            moves = (solve_inverse(self.grid, nodes, points) - points)[:, list(self.grid.moved)]
            field = np.ascontiguousarray(moves.T).reshape(1, -1, *shape)
            one = slice(n, n + 1)
            clamped[one] = device.resample_field(images[one], dense, field, **settings, out=out[one])
        return clamped
