"""How a sequence of frames moved: a family of motion and its parameters for each frame."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Covariance, Device, FloatArray, Frames
from holdstill.errors import InputError
from holdstill.transforms import AnyTransform, Bilinear, PlaneShifts, Transform
from holdstill.transforms.mapping import map_points
from holdstill.transforms.motions import Motion, find_motion
from holdstill.transforms.planes import PLANES, moved_axes
from holdstill.transforms.warps import corners, invert, mapped, matrices, rescaled, warps_of_matrices

__all__ = ["CHAINED", "Trajectory"]

# families that may follow one another, each within the next
CHAINED = ("translation", "rigid", "similarity", "affine", "projective")
STEP = 1e-6
# Jacobians take ten times the memory of what comes of them
FRAMES_AT_A_TIME = 4096
GRID = 15


@dataclass(frozen=True, eq=False)
class Trajectory:
    """Transforms of n frames.

    Attributes
    ----------
    motion : Motion
    parameters : ndarray of float64, (n, n_params)
    shape : tuple of int
        Shape ``([z,] y, x)`` of a frame.
    """

    motion: Motion
    parameters: FloatArray
    shape: tuple[int, ...]

    @classmethod
    def of(cls, motion: str, parameters: FloatArray, shape: tuple[int, ...]) -> Trajectory:
        """Of a motion given by name."""
        return cls(find_motion(motion, tuple(shape)), np.asarray(parameters, np.float64), tuple(shape))

    @classmethod
    def of_matrices(cls, found: FloatArray, shape: tuple[int, ...]) -> Trajectory:
        """Of homogeneous matrices, (n, ndim + 1, ndim + 1) on ``([z,] y, x, 1)``: in the narrowest motion."""
        centre = (np.array(shape) - 1) / 2
        there, back = np.eye(len(shape) + 1), np.eye(len(shape) + 1)
        there[:-1, -1], back[:-1, -1] = centre, -centre
        about = back @ found @ there
        trial = None
        for name in CHAINED:
            motion = find_motion(name)
            if len(shape) in motion.ndims:
                warps = warps_of_matrices(about, motion.kind)
                trial = cls(motion, motion.parameters(warps, len(shape)), tuple(shape))
                if np.allclose(matrices(trial.warps, len(shape)), about / about[:, -1:, -1:], atol=1e-9, rtol=1e-9):
                    return trial
        raise InputError("the matrices are none of a known motion of these frames; are they mirrored?")

    def __len__(self) -> int:
        return len(self.parameters)

    @property
    def ndim(self) -> int:
        """Number of spatial axes."""
        return len(self.shape)

    @property
    def warps(self) -> FloatArray:
        """Coefficients of the transforms, see `holdstill.transforms.warps`."""
        return self.motion.warps(self.parameters, self.ndim)

    @property
    def is_shift(self) -> bool:
        """Whether frames only shift, which devices do faster."""
        return self.motion.name == "translation"

    def part(self, chosen: Any) -> Trajectory:
        """Some of the frames, chosen as rows of an array."""
        return Trajectory(self.motion, self.parameters[chosen], self.shape)

    def repeated(self, count: int) -> Trajectory:
        """Each frame `count` times: once for each channel."""
        return Trajectory(self.motion, np.repeat(self.parameters, count, axis=0), self.shape)

    @property
    def plane_axis(self) -> int | None:
        """The axis along which planes are stacked that shift each on its own, if they do."""
        return PLANES.get(self.motion.name)

    @property
    def plane_shifts(self) -> FloatArray:
        """Shifts of planes, (n, n_planes, 2)."""
        return self.parameters.reshape(len(self), -1, 2)

    @property
    def shifts(self) -> FloatArray:
        """Shifts of the frames' centres, (n, ndim) px."""
        if self.plane_axis is None:
            return self.parameters[:, : self.ndim]
        return np.array([self.transform(index).shift for index in range(len(self))]).reshape(len(self), 3)

    def shift_errors(self, errors: FloatArray) -> FloatArray:
        """Of the errors (n, n_params) of the parameters those of `shifts`, (n, ndim) px."""
        if self.plane_axis is None:
            return errors[:, : self.ndim]
        found, central = np.zeros((len(self), 3)), self.shape[self.plane_axis] // 2
        found[:, list(moved_axes(self.plane_axis))] = errors.reshape(self.plane_shifts.shape)[:, central]
        return found

    def transform(self, index: int) -> AnyTransform:
        """The transform of one frame."""
        if self.plane_axis is not None:
            return PlaneShifts(self.plane_axis, self.plane_shifts[index])
        warp = self.part([index]).warps
        centre = (np.array(self.shape) - 1) / 2
        if self.motion.kind == "bilinear":
            return Bilinear(warp[0], centre)
        there, back = np.eye(self.ndim + 1), np.eye(self.ndim + 1)
        there[:-1, -1], back[:-1, -1] = centre, -centre
        return Transform(there @ matrices(warp, self.ndim)[0] @ back, centre)

    def relative_to(self, origin: FloatArray) -> Trajectory:
        """Transforms from what the transform with parameters `origin`, (n_params,), maps to: ``T o O^-1``.

        Bilinear maps have no such family; their parameters stay as they are.
        """
        if self.motion.additive:
            return replace(self, parameters=self.parameters - origin)
        if self.motion.kind == "bilinear":
            return self
        base = matrices(self.motion.warps(origin[None], self.ndim), self.ndim)
        found = matrices(self.warps, self.ndim) @ np.linalg.inv(base)
        return Trajectory(
            self.motion, self.motion.parameters(warps_of_matrices(found, self.motion.kind), self.ndim), self.shape
        )

    def relative_each(self, origins: FloatArray) -> Trajectory:
        """As `relative_to`, with an origin (n, n_params) for each frame."""
        if self.motion.additive:
            return replace(self, parameters=self.parameters - origins)
        inverses = np.linalg.inv(matrices(self.motion.warps(origins, self.ndim), self.ndim))
        return self._with_matrices(np.asarray(inverses, np.float64))

    def after(self, other: Trajectory) -> Trajectory:
        """Transforms that apply those of `other` first: ``T o O``, frame by frame."""
        if self.motion.additive:
            return replace(self, parameters=self.parameters + other.parameters)
        return self._with_matrices(matrices(other.warps, self.ndim))

    def _with_matrices(self, right: FloatArray) -> Trajectory:
        if self.motion.kind == "bilinear":
            raise InputError("bilinear transforms cannot be chained; choose affine or projective, or another reference")
        found = matrices(self.warps, self.ndim) @ right
        parameters = self.motion.parameters(warps_of_matrices(found, self.motion.kind), self.ndim)
        return replace(self, parameters=parameters)

    def shifted(self, shift: FloatArray) -> Trajectory:
        """Transforms of a reference that was itself moved by `shift` px: ``p -> T(p - shift)``."""
        if self.plane_axis is not None:
            moved = shift[list(moved_axes(self.plane_axis))]
            return replace(self, parameters=self.parameters - np.tile(moved, self.shape[self.plane_axis]))
        return self.relative_to(self.motion.parameters(_shift_warp(self.motion, shift), self.ndim)[0])

    def widened(self, motion: str) -> Trajectory:
        """The same transforms as members of a wider family: shifts as affine ones. Raises InputError if narrower."""
        if motion == self.motion.name:
            return self
        wider = [name for name in CHAINED if name in (motion, self.motion.name)]
        if wider != [self.motion.name, motion]:
            raise InputError(f"{self.motion.name} transforms cannot be told as {motion} ones")
        family, warps = find_motion(motion), self.warps
        if family.kind == "projective":
            warps = np.concatenate([warps, np.zeros((len(self), 2))], axis=1)
        return Trajectory(family, family.parameters(warps, self.ndim), self.shape)

    def rescaled(self, factors: FloatArray, offset: FloatArray, shape: tuple[int, ...]) -> Trajectory:
        """For frames of another `shape`, whose pixel d lies at ``factors * d + offset`` of these, from the centres."""
        if self.motion.additive:
            spread = factors if self.plane_axis is None else factors[list(moved_axes(self.plane_axis))]
            parameters = self.parameters / np.resize(spread, self.parameters.shape[1])
            return Trajectory(find_motion(self.motion.name, shape), parameters, shape)
        warps = rescaled(self.warps, self.motion.kind, factors, offset)
        return Trajectory(self.motion, self.motion.parameters(warps, self.ndim), shape)

    def interpolate(self, times: NDArray[Any], wanted: NDArray[Any], *, extend: bool = False) -> Trajectory:
        """Transforms at `wanted` times between these, which are those at `times`, ascending and at least one.

        Before the first and after the last of `times` the nearest one is repeated or, with `extend`, motion goes on as
        it began and ended.
        """
        if len(times) == 1:
            return self.part(np.zeros(len(wanted), int))
        after = np.clip(np.searchsorted(times, wanted), 1, len(times) - 1)
        shares = (wanted - times[after - 1]) / (times[after] - times[after - 1])
        shares = shares if extend else np.clip(shares, 0.0, 1.0)
        ends = self.parameters[after - 1], self.parameters[after]
        return replace(self, parameters=self.motion.interpolate(*ends, shares, self.ndim))

    def inverse(self) -> Trajectory:
        """Transforms from frame to reference. Raises InputError for bilinear ones, whose inverses are not bilinear."""
        if self.motion.kind == "bilinear":
            raise InputError("the inverse of a bilinear transform is none; map points with reg[t].inverse instead")
        if self.motion.additive:
            return replace(self, parameters=-self.parameters)
        return replace(self, parameters=self.motion.parameters(self.inverse_warps(), self.ndim))

    def inverse_warps(self) -> FloatArray:
        """Coefficients, of the same kind, of the maps from frame to reference; the best bilinear ones for bilinear."""
        if self.motion.kind != "bilinear":
            return invert(self.warps, self.motion.kind, self.ndim)
        grid = np.array(list(product(*((-half, 0.0, half) for half in np.array(self.shape) / 2)))).T
        rows = []
        for warp in self.warps:
            there = map_points("bilinear", warp, grid)
            basis = np.stack([np.ones_like(there[0]), there[0], there[1], there[0] * there[1]], axis=1)
            rows.append(np.linalg.lstsq(basis, grid.T, rcond=None)[0].T.ravel())
        return np.array(rows).reshape(len(self), 8)

    def propagate(self, change: Callable[[Trajectory], Trajectory], *covariances: Covariance) -> list[Covariance]:
        """Covariances of the parameters of ``change(self)``, to first order; of independent ones where that is so."""
        if self.motion.additive:
            unit = replace(self, parameters=np.ones_like(self.parameters))
            ahead, behind = change(unit), change(replace(unit, parameters=np.zeros_like(self.parameters)))
            if ahead.motion.additive and ahead.parameters.shape == self.parameters.shape:
                return [one.scale(ahead.parameters - behind.parameters) for one in covariances]
        jacobian = self._jacobian(change)
        return [one.propagate(jacobian) for one in covariances]

    def _jacobian(self, change: Callable[[Trajectory], Trajectory]) -> FloatArray:
        """Derivative of the parameters of ``change(self)``, (n, n_changed, n_params)."""
        columns = []
        for k in range(self.parameters.shape[1]):
            step = np.zeros(self.parameters.shape[1])
            step[k] = STEP
            ahead, behind = (change(replace(self, parameters=self.parameters + sign * step)) for sign in (1, -1))
            columns.append((ahead.parameters - behind.parameters) / (2 * STEP))
        return np.stack(columns, axis=2)

    def corner_errors(self, covariance: Covariance) -> FloatArray:
        """Standard deviation of where the corners of the frame come to lie, px, (n,): root mean square over corners."""
        if self.plane_axis is not None:
            return covariance.mean_errors() * np.sqrt(2)
        parts = [slice(first, first + FRAMES_AT_A_TIME) for first in range(0, len(self), FRAMES_AT_A_TIME)]
        found = [self.part(part)._corner_errors(covariance.take(part)) for part in parts]
        return np.concatenate(found) if found else np.zeros(0)

    def _corner_errors(self, covariance: Covariance) -> FloatArray:
        points = corners(self.shape)
        columns = []
        for k in range(self.parameters.shape[1]):
            step = np.zeros(self.parameters.shape[1])
            step[k] = STEP
            there, back = (
                mapped(self.motion.warps(self.parameters + sign * step, self.ndim), self.motion.kind, points)
                for sign in (1, -1)
            )
            columns.append((there - back) / (2 * STEP))
        jacobian = np.stack(columns, axis=-1)
        variances = np.einsum("ncai,nij,ncaj->nc", jacobian, covariance.matrices, jacobian)
        return np.sqrt(variances.mean(axis=1))

    def overlaps(self) -> FloatArray:
        """Share of the reference that each frame shows, (n,)."""
        if self.plane_axis is not None:
            lengths = np.array([self.shape[axis] for axis in moved_axes(self.plane_axis)])
            left = np.clip(1 - np.abs(self.plane_shifts) / lengths, 0, 1)
            return np.asarray(left.prod(axis=2).mean(axis=1), np.float64)
        half = (np.array(self.shape) - 1) / 2
        axes = [np.linspace(-h, h, GRID) for h in half]
        points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, self.ndim)
        inside = (np.abs(mapped(self.warps, self.motion.kind, points)) <= half).all(axis=2)
        return np.asarray(inside.mean(axis=1), np.float64)

    def shown(self, device: Device) -> NDArray[np.bool_]:
        """Pixels of the reference that every one of these frames shows, ([z,] y, x)."""
        found = np.ones(self.shape, bool)
        out = np.empty((1, *self.shape), np.float32)
        for t in range(len(self)):
            self.part([t]).resample(
                device, np.ones_like(out), interpolation="linear", edge="constant", fill=np.nan, out=out
            )
            found &= np.isfinite(out[0])
        return found

    def resample(
        self, device: Device, frames: Frames, *, interpolation: str, edge: str, fill: float, out: Frames
    ) -> NDArray[np.int64]:
        """Write each frame, (n, [z,] y, x), as the reference sees it into `out`; pixels clamped for each."""
        settings: dict[str, Any] = {"interpolation": interpolation, "edge": edge, "fill": fill}
        if self.plane_axis is not None:
            return self._resample_planes(device, frames, self.plane_shifts, settings, out)
        if self.is_shift:
            return device.resample_shift(frames, self.parameters, **settings, out=out)
        return device.resample_warp(frames, self.motion.kind, self.warps, **settings, out=out)

    def resample_back(
        self, device: Device, images: Frames, *, fill: float, out: Frames, interpolation: str = "cubic"
    ) -> None:
        """Write images of the reference as the frames see them into `out`."""
        settings: dict[str, Any] = {"interpolation": interpolation, "edge": "constant", "fill": fill}
        if self.plane_axis is not None:
            self._resample_planes(device, images, -self.plane_shifts, settings, out)
        elif self.is_shift:
            device.resample_shift(images, -self.parameters, **settings, out=out)
        else:
            device.resample_warp(images, self.motion.kind, self.inverse_warps(), **settings, out=out)

    def _resample_planes(
        self, device: Device, frames: Frames, shifts: FloatArray, settings: dict[str, Any], out: Frames
    ) -> NDArray[np.int64]:
        """Plane by plane, each as if it were a movie of its own."""
        axis = (self.plane_axis or 0) + 1
        clamped = np.zeros(len(frames), np.int64)
        for k in range(frames.shape[axis]):
            plane = np.ascontiguousarray(frames.take(k, axis=axis))
            result = np.empty(plane.shape, out.dtype)
            clamped += device.resample_shift(plane, np.ascontiguousarray(shifts[:, k]), **settings, out=result)
            np.moveaxis(out, axis, 0)[k] = result
        return clamped


def _shift_warp(motion: Motion, shift: FloatArray) -> FloatArray:
    """Coefficients of a mere shift, in the kind of a motion."""
    shifts = find_motion("translation").warps(np.asarray(shift, np.float64)[None], len(shift))
    extra = np.zeros((1, len(shift) if motion.kind == "projective" else 0))
    if motion.kind == "bilinear":
        rows = shifts.reshape(1, len(shift), -1)
        return np.concatenate([rows, np.zeros((1, len(shift), 1))], axis=2).reshape(1, -1)
    return np.concatenate([shifts, extra], axis=1)
