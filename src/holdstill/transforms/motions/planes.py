"""A shift of its own for each plane of a volume: a grid of as many control points, one after the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import ControlGrid, Covariance, Device, FloatArray, Frames, Motion
from holdstill.errors import InputError, UnknownName
from holdstill.transforms.motions.family import AdditiveFamily
from holdstill.transforms.motions.grid import GridMotion

__all__ = ["PLANES", "PlanesMotion", "find_moved_axes", "find_stacking_axis", "make_planes", "name_planes"]

# motion -> the axis that its planes are stacked along
PLANES = {"planes-z": 0, "planes-y": 1, "planes-x": 2}


def find_stacking_axis(motion: str) -> int | None:
    """The axis along which the planes of a motion are stacked; None where it is not one of planes."""
    return PLANES.get(motion)


def name_planes(axis: int) -> str:
    """Name of the motion of planes stacked along `axis`. Raises InputError where volumes have no such axis."""
    for name, known in PLANES.items():
        if known == axis:
            return name
    raise InputError(f"there is no axis {axis} of planes; choose 0 for z, 1 for y or 2 for x, or None")


def find_moved_axes(axis: int) -> tuple[int, int]:
    """The two axes along which planes stacked along `axis` shift."""
    first, second = (other for other in range(3) if other != axis)
    return first, second


def make_planes(name: str) -> Callable[[tuple[int, ...], str], Motion]:
    """What makes the motion of that name for a shape of volume."""

    def make(shape: tuple[int, ...], detail: str = "") -> Motion:
        if detail:
            raise UnknownName(f"there is no motion '{name}:{detail}'; take {name!r}")
        axis = PLANES[name]
        counts = [1, 1, 1]
        counts[axis] = shape[axis] if len(shape) == 3 else 0
        grid = ControlGrid(
            counts=(counts[0], counts[1], counts[2]),
            origins=(0.0,) * 3,
            spacings=(1.0,) * 3,
            moved=find_moved_axes(axis),
        )
        return PlanesMotion(name, grid)

    return make


@dataclass(frozen=True)
class PlanesMotion(AdditiveFamily, GridMotion):
    """Two shifts for each plane of a volume, which stay exact when transforms follow one another."""

    ndims = (3,)

    @property
    def axis(self) -> int:
        """The axis along which the planes are stacked."""
        return PLANES[self.name]

    def names(self, ndim: int) -> tuple[str, ...]:
        axes = ["zyx"[axis] for axis in self.grid.moved]
        return tuple(f"plane_{k}_shift_{axis}_px" for k in range(self.grid.counts[self.axis]) for axis in axes)

    def shift_errors(self, errors: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        """Errors of the plane in the middle."""
        found = np.zeros((len(errors), 3))
        found[:, list(self.grid.moved)] = errors.reshape(len(errors), errors.shape[1] // 2, 2)[:, shape[self.axis] // 2]
        return found

    def check_sequential(self, reference: str) -> None:
        raise InputError(f"motion {self.name!r} knows no reference {reference!r}; take template, first or mean")

    def shift_reference(self, parameters: FloatArray, shift: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        """See `Motion.shift_reference`; planes stay where they are in the stack."""
        return parameters - np.resize(np.asarray(shift)[list(self.grid.moved)], parameters.shape[1])

    def rescale(
        self,
        parameters: FloatArray,
        factors: FloatArray,
        offset: FloatArray,
        shape: tuple[int, ...],
        target: tuple[int, ...],
    ) -> tuple[Motion, FloatArray]:
        if target[self.axis] != shape[self.axis]:
            raise InputError(f"motion {self.name!r} is of single planes; leave out bin")
        return make_planes(self.name)(target, ""), self._scale(parameters, factors)

    def corner_errors(self, parameters: FloatArray, covariance: Covariance, shape: tuple[int, ...]) -> FloatArray:
        """Root mean square over the planes whose errors are known."""
        return covariance.mean_errors() * np.sqrt(2)

    def overlaps(self, parameters: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        lengths = np.array([shape[axis] for axis in self.grid.moved])
        left = np.clip(1 - np.abs(parameters.reshape(len(parameters), parameters.shape[1] // 2, 2)) / lengths, 0, 1)
        return np.asarray(left.prod(axis=2).mean(axis=1), np.float64)

    def resample(
        self, device: Device, frames: Frames, parameters: FloatArray, *, out: Frames, **settings: Any
    ) -> NDArray[np.int64]:
        """See `Motion.resample`; each plane as if it were a movie of its own."""
        axis, clamped = self.axis + 1, np.zeros(len(frames), np.int64)
        shifts = parameters.reshape(len(parameters), parameters.shape[1] // 2, 2)
        for k in range(frames.shape[axis]):
            plane = np.ascontiguousarray(frames.take(k, axis=axis))
            result = np.empty(plane.shape, out.dtype)
            clamped += device.resample_shift(plane, np.ascontiguousarray(shifts[:, k]), **settings, out=result)
            np.moveaxis(out, axis, 0)[k] = result
        return clamped

    def resample_back(
        self, device: Device, images: Frames, parameters: FloatArray, *, out: Frames, **settings: Any
    ) -> NDArray[np.int64]:
        return self.resample(device, images, -parameters, out=out, **settings)
