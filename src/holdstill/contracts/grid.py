"""A regular grid of control points."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts.arrays import FloatArray

__all__ = ["ControlGrid"]


@dataclass(frozen=True, kw_only=True)
class ControlGrid:
    """Where displacements of a frame are given: between these points they are linear, beyond the outermost constant.

    Attributes
    ----------
    counts : tuple of int
        Control points along each of ``([z,] y, x)``; with one, displacements do not vary along the axis.
    origins : tuple of float
        Coordinate of the first control point along each axis, px.
    spacings : tuple of float
        From one control point to the next along each axis, px, above zero.
    moved : tuple of int
        Axes along which points are displaced, ascending; along the others they stay.
    """

    counts: tuple[int, ...]
    origins: tuple[float, ...]
    spacings: tuple[float, ...]
    moved: tuple[int, ...]

    @classmethod
    def from_spacing(
        cls, shape: tuple[int, ...], spacing: tuple[float | None, ...], moved: tuple[int, ...] | None = None
    ) -> ControlGrid:
        """The grid in the middles of equal blocks of about `spacing` px along each axis; None: one block.

        A spacing of 1 puts a control point on each pixel; all axes are moved unless `moved` names some.
        """
        counts = tuple(1 if s is None else max(1, round(n / s)) for n, s in zip(shape, spacing, strict=True))
        spacings = tuple(n / count for n, count in zip(shape, counts, strict=True))
        origins = tuple((block - 1) / 2 for block in spacings)
        axes = tuple(range(len(shape))) if moved is None else moved
        return cls(counts=counts, origins=origins, spacings=spacings, moved=axes)

    @classmethod
    def spanning(cls, shape: tuple[int, ...], spacing: tuple[float, ...]) -> ControlGrid:
        """The grid from the first pixel to the last along each axis, in equal steps of about `spacing` px.

        Axes that are shorter than that have one control point: displacements do not vary along them.
        """
        steps = tuple(
            max(1, round((n - 1) / s)) if n > 1 and n >= s else 0 for n, s in zip(shape, spacing, strict=True)
        )
        return cls(
            counts=tuple(step + 1 for step in steps),
            origins=tuple(0.0 if step else (n - 1) / 2 for n, step in zip(shape, steps, strict=True)),
            spacings=tuple((n - 1) / step if step else float(n) for n, step in zip(shape, steps, strict=True)),
            moved=tuple(range(len(shape))),
        )

    def bin(self, factors: tuple[int, ...]) -> ControlGrid:
        """The same control points, counted in pixels of which `factors` became one along each axis."""
        return replace(
            self,
            origins=tuple((o - (f - 1) / 2) / f for o, f in zip(self.origins, factors, strict=True)),
            spacings=tuple(s / f for s, f in zip(self.spacings, factors, strict=True)),
        )

    @property
    def cells(self) -> tuple[int, ...]:
        """Spaces between control points along each axis; one where there is one control point."""
        return tuple(max(count - 1, 1) for count in self.counts)

    @property
    def ndim(self) -> int:
        """Number of spatial axes."""
        return len(self.counts)

    @property
    def n_parameters(self) -> int:
        """Numbers that displace a frame: one for each control point and moved axis."""
        return math.prod(self.counts) * len(self.moved)

    def positions(self, axis: int) -> FloatArray:
        """Coordinates of the control points along an axis, px."""
        return self.origins[axis] + self.spacings[axis] * np.arange(self.counts[axis], dtype=np.float64)

    def points(self) -> FloatArray:
        """All control points, (n_points, ndim) px, the last axis fastest."""
        along = np.meshgrid(*(self.positions(axis) for axis in range(self.ndim)), indexing="ij")
        return np.stack(along, axis=-1).reshape(-1, self.ndim)

    def find_cells(self, axis: int, coordinates: FloatArray) -> tuple[NDArray[np.intp], FloatArray]:
        """The control point before each coordinate along an axis, and the share of the way to the next; NaN of NaN."""
        last = self.counts[axis] - 1
        steps = np.clip((coordinates - self.origins[axis]) / self.spacings[axis], 0.0, last)
        before = np.minimum(np.floor(np.nan_to_num(steps)), max(last - 1, 0))
        return before.astype(np.intp), steps - before
