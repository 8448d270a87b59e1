"""An affine map and displacements of control points beyond it: one section onto another."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import ControlGrid, Covariance, Device, FloatArray, Frames, Motion
from holdstill.errors import InputError, UnknownName
from holdstill.transforms.fields import BentAffine, seek_back
from holdstill.transforms.folds import find_least_areas
from holdstill.transforms.grids import displace
from holdstill.transforms.motions.family import STEP, Family
from holdstill.transforms.motions.registry import MOTIONS
from holdstill.transforms.motions.translation import shift_names
from holdstill.transforms.motions.warp import MatrixFamily, centre_of
from holdstill.transforms.warps import corners, flatten_each, invert_warps, join, make_matrices, read_matrices, split

__all__ = ["DENSE", "DenseMotion", "make_dense", "name_dense"]

DENSE = "dense"
# from one control point to the next along the longest axis, unless a name says otherwise
CELLS = 56
# control points so near to each other tell the way back between them too
NEAR_PX = 8.0
# what lies no further off shows no difference
SEEN_PX = 1e-4
# control points along an axis that a saved name may ask for
MOST = 4096


def name_dense(grid: ControlGrid) -> str:
    """Name of the motion with these control points: ``dense:COUNTS@ORIGINS/SPACINGS``, one number for each axis."""
    where = "/".join(",".join(map(repr, part)) for part in (grid.origins, grid.spacings))
    return f"{DENSE}:{'x'.join(map(str, grid.counts))}@{where}"


def make_dense(shape: tuple[int, ...], detail: str = "") -> Motion:
    """The motion for frames of a shape; `detail` is how many control points there are along each axis, and where.

    Unless it says where, they stand from the first pixel to the last. ``8px`` is about how far they are apart.
    """
    try:
        grid = _read_grid(shape, detail)
    except ValueError:
        raise UnknownName(f"there is no motion '{DENSE}:{detail}'; take {DENSE!r}") from None
    return DenseMotion(name_dense(grid) if shape else f"{DENSE}:{detail}" if detail else DENSE, grid)


def _read_grid(shape: tuple[int, ...], detail: str) -> ControlGrid:
    """Control points from ``9x9@0.0,0.0/64.0,64.0`` or ``9x9``. Raises ValueError for anything else."""
    first, _, where = detail.partition("@")
    if first.endswith("px"):
        first = "x".join(map(str, _count_every(float(first.removesuffix("px")), shape)))
    counts = tuple(int(part) for part in first.split("x")) if first else _choose_counts(shape)
    if where:
        origins, spacings = (tuple(float(one) for one in part.split(",")) for part in where.split("/"))
    else:
        lengths = shape or (2,) * len(counts)
        origins = (0.0,) * len(counts)
        spacings = tuple(max(n - 1, 1) / (count - 1) for n, count in zip(lengths, counts, strict=True) if count > 1)
    if not len(counts) == len(origins) == len(spacings) == (len(shape) or len(counts)):
        raise ValueError("a grid has one count, origin and distance for each axis")
    if not all(2 <= count <= MOST for count in counts) or not all(0 < one < np.inf for one in spacings):
        raise ValueError("a grid has at least two control points along each axis, apart from each other")
    if not np.isfinite(origins).all():
        raise ValueError("a grid begins somewhere")
    return ControlGrid(counts=counts, origins=origins, spacings=spacings, moved=tuple(range(len(counts))))


def _count_every(spacing: float, shape: tuple[int, ...]) -> tuple[int, ...]:
    """Control points that are `spacing` px apart, or a little less. Raises ValueError for less than a pixel."""
    if not 1 <= spacing < np.inf:
        raise ValueError("control points are at least a pixel apart")
    return tuple(max(2, math.ceil((n - 1) / spacing) + 1) for n in shape)


def _choose_counts(shape: tuple[int, ...]) -> tuple[int, ...]:
    """Control points as far apart along all axes, and no nearer to each other than pixels."""
    step = max(max(shape, default=2) - 1, 1) / CELLS
    return tuple(max(2, round((n - 1) / max(step, 1.0)) + 1) for n in shape)


@dataclass(frozen=True)
class DenseMotion(Family):
    """Shift of the centre, the linear part less one, then the displacements of one control point after the other.

    Displacements are linear between control points, and beyond the outermost constant.
    """

    name: str
    grid: ControlGrid
    holds = ("translation", "rigid", "similarity", "affine")

    def names(self, ndim: int) -> tuple[str, ...]:
        axes, nodes = "zyx"[-ndim:], np.ndindex(*self.grid.counts)
        linear = tuple(f"linear_{a}{b}" for a in axes for b in axes)
        bent = tuple(f"node_{'_'.join(map(str, node))}_bend_{axis}_px" for node in nodes for axis in axes)
        return shift_names(ndim) + linear + bent

    def count_parameters(self, ndim: int) -> int:
        return ndim * (ndim + 1) + self.grid.n_parameters

    def identity(self, ndim: int) -> FloatArray:
        """All zeros: parameters count from the map that changes nothing."""
        return np.zeros(self.count_parameters(ndim))

    def warps(self, parameters: FloatArray) -> FloatArray:
        """Affine coefficients about the centre, (n, ndim * (ndim + 1))."""
        n, ndim = len(parameters), self.grid.ndim
        linear = parameters[:, ndim : ndim * (ndim + 1)].reshape(n, ndim, ndim) + np.eye(ndim)
        return join(parameters[:, :ndim], linear)

    def nodes(self, parameters: FloatArray) -> FloatArray:
        """Displacements of the control points beyond the affine map, (n, ndim, *counts) px."""
        ndim = self.grid.ndim
        rows = parameters[:, ndim * (ndim + 1) :].reshape(len(parameters), *self.grid.counts, ndim)
        return np.moveaxis(rows, -1, 1)

    def read(self, warps: FloatArray, nodes: FloatArray) -> FloatArray:
        """Parameters of affine coefficients and displacements of control points; what `warps` and `nodes` tell."""
        shifts, linear = split(warps, self.grid.ndim)
        flat = flatten_each(linear - np.eye(self.grid.ndim))
        return np.concatenate([shifts, flat, flatten_each(np.moveaxis(nodes, 1, -1))], axis=1)

    def fit(self, points: FloatArray, places: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        """Parameters, (k,), of the map that takes the control points `points` to `places`, both (n, ndim) px.

        The affine part is that of least squares.
        """
        basis = np.column_stack([np.ones(len(points)), points - centre_of(shape)])
        rows: FloatArray = np.linalg.lstsq(basis, places - centre_of(shape), rcond=None)[0].astype(np.float64)
        warps = join(rows[None, 0], rows[None, 1:].swapaxes(1, 2))
        return self._bend_to(warps, [places], points, shape)[0]

    def transform(self, parameters: FloatArray, shape: tuple[int, ...]) -> BentAffine:
        shifts, linear = split(self.warps(parameters[None]), self.grid.ndim)
        return BentAffine(self.grid, linear[0], shifts[0], self.nodes(parameters[None])[0], centre_of(shape))

    def _transforms(self, parameters: FloatArray, shape: tuple[int, ...]) -> list[BentAffine]:
        return [self.transform(row, shape) for row in parameters]

    def map_points(self, parameters: FloatArray, points: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        found = [way.map(points) for way in self._transforms(parameters, shape)]
        return np.array(found).reshape(len(parameters), *points.shape)

    def shift_errors(self, errors: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        """Errors of the affine part and of the control points around the centre."""
        bent = displace(self.grid, self.nodes(errors) ** 2, centre_of(shape)[None])[:, 0]
        return np.asarray(np.sqrt(errors[:, : len(shape)] ** 2 + bent), np.float64)

    def find_least_areas(self, parameters: FloatArray, shape: tuple[int, ...]) -> tuple[FloatArray, FloatArray]:
        """See `Motion.find_least_areas`; beside what the affine part leaves."""
        linear = split(self.warps(parameters), self.grid.ndim)[1]
        return find_least_areas(self.grid, self.nodes(parameters), linear)

    def corner_errors(self, parameters: FloatArray, covariance: Covariance, shape: tuple[int, ...]) -> FloatArray:
        """See `Motion.corner_errors`; control points stand in the corners."""
        ndim, offsets = len(shape), corners(shape)
        variances = covariance.variances
        bent = displace(self.grid, self.nodes(variances), offsets + centre_of(shape)).sum(axis=2)
        linear = variances[:, ndim : ndim * (ndim + 1)].reshape(-1, ndim, ndim).sum(axis=1) @ (offsets.T**2)
        total = variances[:, :ndim].sum(axis=1)[:, None] + linear + bent
        return np.asarray(np.sqrt(total.mean(axis=1)), np.float64)

    def propagate(
        self, change: Callable[[FloatArray], FloatArray], parameters: FloatArray, *covariances: Covariance
    ) -> list[Covariance]:
        """See `Motion.propagate`; how the parameters of a frame depend on each other is left out."""
        found = change(parameters)
        slopes = np.zeros(found.shape)
        n_affine = self.grid.ndim * (self.grid.ndim + 1)
        # each on its own: a step of the shift and of all control points at once would count twice
        for part in (slice(0, n_affine), slice(n_affine, None)):
            if all(np.isnan(one.variances[:, part]).all() for one in covariances):
                continue
            step = np.zeros(parameters.shape[1])
            step[part] = STEP
            slopes[:, part] = ((change(parameters + step) - change(parameters - step)) / (2 * STEP))[:, part]
        if not slopes.any():
            return [Covariance.unknown(*found.shape) for _ in covariances]
        return [one.scale(slopes) for one in covariances]

    def anchor(self, parameters: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        """See `Motion.anchor`: results are relative to a frame as a whole; its noisy form would be in all others."""
        ndim, found = self.grid.ndim, np.zeros_like(parameters)
        bent = self.nodes(parameters[None])[0].reshape(ndim, -1)
        found[:ndim] = parameters[:ndim] + bent[:, 0] + (bent - bent[:, :1]).mean(axis=1)
        return found

    def shifts(self, parameters: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        bent = displace(self.grid, self.nodes(parameters), centre_of(shape)[None])[:, 0]
        return np.asarray(parameters[:, : len(shape)] + bent, np.float64)

    def _bend_to(
        self, warps: FloatArray, places: list[FloatArray], points: FloatArray, shape: tuple[int, ...]
    ) -> FloatArray:
        """Parameters of maps that take the control points, `points`, to `places`, beyond affine maps."""
        centre, n_nodes = centre_of(shape), self.grid.counts
        shifts, linear = split(warps, self.grid.ndim)
        rows = []
        for place, shift, matrix in zip(places, shifts, linear, strict=True):
            bent = place - ((points - centre) @ matrix.T + shift + centre)
            rows.append(bent.T.reshape(self.grid.ndim, *n_nodes))
        return self.read(warps, np.array(rows).reshape(len(warps), self.grid.ndim, *n_nodes))

    def invert(self, parameters: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        """The ways back on the same control points, exact there."""
        ndim, points = self.grid.ndim, self.grid.points()
        back = invert_warps(self.warps(parameters), "affine", ndim)
        places = [way.inverse.map(points) for way in self._transforms(parameters, shape)]
        return self._bend_to(back, places, points, shape)

    def compose(self, outer: FloatArray, inner: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        """One map after the other on the same control points, exact there."""
        ndim, points = self.grid.ndim, self.grid.points()
        both = make_matrices(self.warps(outer), ndim) @ make_matrices(self.warps(inner), ndim)
        ways = zip(self._transforms(outer, shape), self._transforms(inner, shape), strict=True)
        places = [after.map(before.map(points)) for after, before in ways]
        return self._bend_to(read_matrices(both, "affine"), places, points, shape)

    def relative_to(self, parameters: FloatArray, origins: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        inverses = self.invert(np.atleast_2d(origins), shape)
        return self.compose(parameters, np.broadcast_to(inverses, parameters.shape), shape)

    def shift_reference(self, parameters: FloatArray, shift: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        """See `Motion.shift_reference`; exact at the control points."""
        moved = np.broadcast_to(np.concatenate([-np.asarray(shift), np.zeros(parameters.shape[1] - len(shift))]),
                                parameters.shape)  # fmt: skip
        return self.compose(parameters, moved, shape)

    def rescale(
        self,
        parameters: FloatArray,
        factors: FloatArray,
        offset: FloatArray,
        shape: tuple[int, ...],
        target: tuple[int, ...],
    ) -> tuple[Motion, FloatArray]:
        origins = (np.array(self.grid.origins) - centre_of(shape) - offset) / factors + centre_of(target)
        spacings = np.array(self.grid.spacings) / factors
        grid = replace(self.grid, origins=tuple(origins.tolist()), spacings=tuple(spacings.tolist()))
        affine = MOTIONS["affine"]
        assert isinstance(affine, MatrixFamily)
        nodes = self.nodes(parameters) / factors.reshape(-1, *(1,) * len(shape))
        motion = DenseMotion(name_dense(grid), grid)
        return motion, motion.read(affine.rescale_warps(self.warps(parameters), factors, offset), nodes)

    def embed(self, motion: Motion, parameters: FloatArray, ndim: int) -> FloatArray:
        if motion.name == self.name:
            return parameters
        if motion.name not in self.holds or not isinstance(motion, MatrixFamily):
            raise InputError(f"{motion.name} transforms cannot be written as {self.name} ones")
        return self.read(motion.warps(parameters, ndim), np.zeros((len(parameters), ndim, *self.grid.counts)))

    def check_sequential(self, reference: str) -> None:
        raise InputError(f"motion {self.name!r} knows no reference {reference!r}; take an image")

    def _field(self, ways: list[Any], shape: tuple[int, ...]) -> FloatArray:
        points = self.grid.points()
        rows = [(way.map(points) - points).T.reshape(self.grid.ndim, *self.grid.counts) for way in ways]
        return np.array(rows)

    def resample(
        self, device: Device, frames: Frames, parameters: FloatArray, *, out: Frames, **settings: Any
    ) -> NDArray[np.int64]:
        field = self._field(self._transforms(parameters, out.shape[1:]), out.shape[1:])
        return device.resample_field(frames, self.grid, field, **settings, out=out)

    def resample_back(
        self, device: Device, images: Frames, parameters: FloatArray, *, out: Frames, **settings: Any
    ) -> NDArray[np.int64]:
        """See `Motion.resample_back`; the way back is found for each pixel, one frame at a time.

        Control points that are less than 8 px apart are enough of them, with what is linear between.
        """
        shape, clamped = out.shape[1:], np.zeros(len(out), np.int64)
        grid = self.grid
        if max(grid.spacings) > NEAR_PX:
            nothing = (0.0,) * len(shape)
            grid = ControlGrid(counts=shape, origins=nothing, spacings=(1.0,) * len(shape), moved=self.grid.moved)
        points = grid.points()
        for n, way in enumerate(self._transforms(parameters, shape)):
            field = (seek_back(way, points, SEEN_PX)[0] - points).T.reshape(1, -1, *grid.counts)
            one = slice(n, n + 1)
            clamped[one] = device.resample_field(
                images[one], grid, np.ascontiguousarray(field), **settings, out=out[one]
            )
        return clamped
