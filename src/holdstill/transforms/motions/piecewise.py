"""A displacement for each of some control points all over the frame: tissue that bends."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import ControlGrid, Covariance, Device, FloatArray, Frames, Motion
from holdstill.errors import InputError, UnknownName
from holdstill.transforms.grids import displace
from holdstill.transforms.motions.grid import GridMotion
from holdstill.transforms.motions.warp import centre_of
from holdstill.transforms.warps import corners

__all__ = ["PIECEWISE", "PiecewiseMotion", "make_piecewise", "name_piecewise"]

PIECEWISE = "piecewise"
SPACING_PX = 64.0
LEAST_SPACING_PX = 4.0


def name_piecewise(grid: float | tuple[float, ...]) -> str:
    """Name of the motion whose control points lie `grid` px apart, one number or one for each of ``([z,] y, x)``."""
    try:
        spacings = np.atleast_1d(np.asarray(grid, np.float64))
    except (TypeError, ValueError):
        spacings = np.array([np.nan])
    if spacings.ndim != 1 or not (spacings >= LEAST_SPACING_PX).all() or not np.isfinite(spacings).all():
        raise InputError(f"grid is the distance of control points in px, at least {LEAST_SPACING_PX:g}, not {grid!r}")
    return f"{PIECEWISE}:{'x'.join(f'{spacing:g}' for spacing in spacings)}"


def make_piecewise(shape: tuple[int, ...], detail: str = "") -> Motion:
    """The motion for a shape of frame; `detail` is the distance of control points, or where all of them are."""
    try:
        grid = _read_grid(shape, detail)
    except ValueError:
        raise UnknownName(
            f"there is no motion '{PIECEWISE}:{detail}'; take {PIECEWISE!r} with grid=64, or (16, 64, 64) for volumes"
        ) from None
    return PiecewiseMotion(f"{PIECEWISE}:{detail}" if detail else name_piecewise(SPACING_PX), grid)


def _read_grid(shape: tuple[int, ...], detail: str) -> ControlGrid:
    """Control points from ``64``, ``16x64x64`` or ``9x9@0,0/64,64``: counts, origins and distances."""
    if "@" in detail:
        counts, rest = detail.split("@")
        origins, spacings = (tuple(float(one) for one in part.split(",")) for part in rest.split("/"))
        found = tuple(int(one) for one in counts.split("x"))
        if not len(found) == len(origins) == len(spacings) == (len(shape) or len(found)):
            raise ValueError("a grid has one count, origin and distance for each axis")
        return ControlGrid(counts=found, origins=origins, spacings=spacings, moved=tuple(range(len(found))))
    given = tuple(float(one) for one in detail.split("x")) if detail else (SPACING_PX,)
    if not shape:
        return ControlGrid(counts=(), origins=(), spacings=(), moved=())
    if len(given) not in (1, len(shape) or len(given)) or min(given) < LEAST_SPACING_PX:
        raise ValueError("a grid has one distance, or one for each axis")
    return ControlGrid.spanning(shape, given * len(shape) if len(given) == 1 else given)


@dataclass(frozen=True)
class PiecewiseMotion(GridMotion):
    """Control points from the first pixel to the last; displacements are linear between them.

    Results are relative to the first good frame as a whole: it has shift zero in the mean, and the form is the
    reference's. Relative to its form, its noise would be in every frame.
    """

    holds = ("translation",)

    def anchor(self, parameters: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        each = parameters.reshape(-1, len(self.grid.moved))
        # about one of them: the mean of equal numbers may lose their last digit
        return self._spread((each[0] + (each - each[0]).mean(axis=0))[None])[0]

    def _spread(self, shifts: FloatArray) -> FloatArray:
        """Parameters of frames that move as a whole, by shifts (n, n_moved) px."""
        return np.tile(shifts, (1, self.grid.n_parameters // shifts.shape[1]))

    def embed(self, motion: Motion, parameters: FloatArray, ndim: int) -> FloatArray:
        return self._spread(parameters) if motion.name in self.holds else super().embed(motion, parameters, ndim)

    def check_sequential(self, reference: str) -> None:
        raise InputError(f"motion {self.name!r} knows no reference {reference!r}; take template, first or mean")

    def relative_to(self, parameters: FloatArray, origins: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        origin = np.atleast_2d(origins)
        shift = origin[0, : len(self.grid.moved)]
        if len(origin) == 1 and (origin == self._spread(shift[None])).all():
            return self.shift_reference(parameters, shift, shape)
        return super().relative_to(parameters, origins, shape)

    def shift_reference(self, parameters: FloatArray, shift: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        if not np.any(shift):
            return parameters.copy()
        return super().shift_reference(parameters, shift, shape)

    def rescale(
        self,
        parameters: FloatArray,
        factors: FloatArray,
        offset: FloatArray,
        shape: tuple[int, ...],
        target: tuple[int, ...],
    ) -> tuple[Motion, FloatArray]:
        motion, found = super().rescale(parameters, factors, offset, shape, target)
        grid: ControlGrid = motion.grid  # type: ignore[attr-defined]
        where = "/".join(",".join(map(repr, part)) for part in (grid.origins, grid.spacings))
        return replace(self, name=f"{PIECEWISE}:{'x'.join(map(str, grid.counts))}@{where}", grid=grid), found

    def corner_errors(self, parameters: FloatArray, covariance: Covariance, shape: tuple[int, ...]) -> FloatArray:
        """See `Motion.corner_errors`; control points stand in the corners."""
        points = corners(shape) + centre_of(shape)
        variances = self.nodes(covariance.variances)
        return np.asarray(np.sqrt(displace(self.grid, variances, points).sum(axis=2).mean(axis=1)), np.float64)

    def resample(
        self, device: Device, frames: Frames, parameters: FloatArray, *, out: Frames, **settings: Any
    ) -> NDArray[np.int64]:
        """See `Motion.resample`; frames that move as a whole are shifted, to the bit as those of translations are."""
        n_moved = len(self.grid.moved)
        whole = (parameters == self._spread(parameters[:, :n_moved])).all()
        if not (whole and n_moved == self.grid.ndim):
            return super().resample(device, frames, parameters, out=out, **settings)
        return device.resample_shift(frames, np.ascontiguousarray(parameters[:, :n_moved]), out=out, **settings)

    def resample_back(
        self, device: Device, images: Frames, parameters: FloatArray, *, out: Frames, **settings: Any
    ) -> NDArray[np.int64]:
        """See `Motion.resample_back`; the way back is exact at the control points, and linear between."""
        n_moved = len(self.grid.moved)
        if (parameters == self._spread(parameters[:, :n_moved])).all():
            return self.resample(device, images, -parameters, out=out, **settings)
        inverse = self.nodes(self.invert(parameters, out.shape[1:]))
        return device.resample_field(images, self.grid, inverse, **settings, out=out)
