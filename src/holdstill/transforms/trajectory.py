"""How a sequence of frames moved: a family of motion and its parameters for each frame."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import AnyTransform, Covariance, Device, FloatArray, Frames, Motion
from holdstill.errors import InputError
from holdstill.transforms.folds import Fold
from holdstill.transforms.motions import CHAINED, find_matrix_motion, find_motion
from holdstill.transforms.motions.warp import centre_of
from holdstill.transforms.scanned import resample_scanned
from holdstill.transforms.wrapping import resample_wrapped

__all__ = ["Trajectory"]


@dataclass(frozen=True, eq=False)
class Trajectory:
    """Transforms of n frames. What they can do is up to their motion, see `holdstill.contracts.Motion`.

    Attributes
    ----------
    motion : Motion
    parameters : ndarray of float64, (n, n_params)
    shape : tuple of int
        Shape ``([z,] y, x)`` of a frame.
    phases : ndarray of float64, (n,), or None
        How far odd rows of each frame are displaced along x, px, where every second row was scanned backwards.
    """

    motion: Motion
    parameters: FloatArray
    shape: tuple[int, ...]
    phases: FloatArray | None = None

    @classmethod
    def of(cls, motion: str, parameters: FloatArray, shape: tuple[int, ...]) -> Trajectory:
        """Of a motion given by name."""
        return cls(find_motion(motion, tuple(shape)), np.asarray(parameters, np.float64), tuple(shape))

    @classmethod
    def of_matrices(cls, found: FloatArray, shape: tuple[int, ...]) -> Trajectory:
        """Of homogeneous matrices, (n, ndim + 1, ndim + 1) on ``([z,] y, x, 1)``: in the narrowest motion."""
        there, back = np.eye(len(shape) + 1), np.eye(len(shape) + 1)
        there[:-1, -1], back[:-1, -1] = centre_of(shape), -centre_of(shape)
        about = back @ found @ there
        # affine motion may mirror, as sections that were turned over; matrices of others more likely have rows swapped
        faces = np.asarray(np.linalg.det(about[:, :-1, :-1] / about[:, -1:, -1:]) > 0)
        for name in CHAINED if faces.all() else ():
            motion = find_matrix_motion(name)
            if len(shape) in motion.ndims:
                trial = cls(motion, motion.of_matrices(about), tuple(shape))
                again = motion.matrices(trial.parameters, len(shape))
                if np.allclose(again, about / about[:, -1:, -1:], atol=1e-9, rtol=1e-9):
                    return trial
        raise InputError("the matrices are none of a known motion of these frames; are they mirrored?")

    def __len__(self) -> int:
        return len(self.parameters)

    @property
    def ndim(self) -> int:
        """Number of spatial axes."""
        return len(self.shape)

    @property
    def shifts(self) -> FloatArray:
        """Shifts of the frames' centres, (n, ndim) px."""
        return self.motion.shifts(self.parameters, self.shape)

    def shift_errors(self, errors: FloatArray) -> FloatArray:
        """Of the errors (n, n_params) of the parameters those of `shifts`, (n, ndim) px."""
        return self.motion.shift_errors(errors, self.shape)

    def part(self, chosen: Any) -> Trajectory:
        """Some of the frames, chosen as rows of an array."""
        phases = None if self.phases is None else self.phases[chosen]
        return replace(self, parameters=self.parameters[chosen], phases=phases)

    def repeat(self, count: int) -> Trajectory:
        """Each frame `count` times: once for each channel."""
        phases = None if self.phases is None else np.repeat(self.phases, count)
        return replace(self, parameters=np.repeat(self.parameters, count, axis=0), phases=phases)

    def transform(self, index: int) -> AnyTransform:
        """The transform of one frame."""
        return self.motion.transform(self.parameters[index], self.shape)

    def relative_to(self, origin: FloatArray) -> Trajectory:
        """Transforms from what those with parameters `origin` map to, (n, n_params) or one for all: ``T o O^-1``.

        Bilinear maps have no such family; their parameters stay as they are.
        """
        return replace(self, parameters=self.motion.relative_to(self.parameters, origin, self.shape))

    def compose(self, other: Trajectory) -> Trajectory:
        """Transforms that apply those of `other`, of the same motion, first: ``T o O``, frame by frame.

        Raises InputError where the motion has none.
        """
        return replace(self, parameters=self.motion.compose(self.parameters, other.parameters, self.shape))

    def invert(self) -> Trajectory:
        """Transforms from frame to reference. Raises InputError where the motion has none."""
        return replace(self, parameters=self.motion.invert(self.parameters, self.shape))

    def shift_reference(self, shift: FloatArray) -> Trajectory:
        """Transforms of a reference that was itself moved by `shift` px: ``p -> T(p - shift)``."""
        return replace(self, parameters=self.motion.shift_reference(self.parameters, shift, self.shape))

    def widen(self, motion: Motion) -> Trajectory:
        """The same transforms as members of a wider family: shifts as affine ones. Raises InputError if narrower."""
        return replace(self, motion=motion, parameters=motion.embed(self.motion, self.parameters, self.ndim))

    def rescale(self, factors: FloatArray, offset: FloatArray, shape: tuple[int, ...]) -> Trajectory:
        """For frames of another `shape`, whose pixel d lies at ``factors * d + offset`` of these, from the centres."""
        motion, parameters = self.motion.rescale(self.parameters, factors, offset, self.shape, shape)
        return Trajectory(motion, parameters, shape)

    def lift(self, shape: tuple[int, ...]) -> Trajectory:
        """The same for volumes of a `shape` all of whose planes move so. Raises InputError where there is no motion."""
        motion, parameters = self.motion.lift(self.parameters)
        return Trajectory(motion, parameters, shape)

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
        return replace(self, phases=None, parameters=self.motion.interpolate(*ends, shares, self.ndim))

    def propagate(self, change: Callable[[Trajectory], Trajectory], *covariances: Covariance) -> list[Covariance]:
        """Covariances of the parameters of ``change(self)``, to first order; of independent ones where that is so."""

        def follow(parameters: FloatArray) -> FloatArray:
            return change(replace(self, parameters=parameters)).parameters

        return self.motion.propagate(follow, self.parameters, *covariances)

    def corner_errors(self, covariance: Covariance) -> FloatArray:
        """Standard deviation of where the corners of the frame come to lie, px, (n,): root mean square over corners."""
        return self.motion.corner_errors(self.parameters, covariance, self.shape)

    def overlaps(self) -> FloatArray:
        """Share of the reference that each frame shows, (n,)."""
        return self.motion.overlaps(self.parameters, self.shape)

    def find_folds(self) -> tuple[Fold, ...]:
        """Frames whose transform maps two points of the reference to one, and where least is left of an area."""
        known = np.flatnonzero(np.isfinite(self.parameters).all(axis=1))
        areas, points = self.motion.find_least_areas(self.parameters[known], self.shape)
        return tuple(
            Fold(int(known[k]), tuple(points[k].tolist()), float(areas[k])) for k in np.flatnonzero(areas <= 0)
        )

    def find_common_pixels(self, device: Device) -> NDArray[np.bool_]:
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
        if edge == "wrap":
            if self.phases is not None and self.phases.any():
                raise InputError("rows scanned to and fro have no other side to go on at; choose another edge")
            return resample_wrapped(self.motion, device, frames, self.parameters, interpolation=interpolation, out=out)
        if self.phases is not None and self.phases.any():
            return resample_scanned(
                self.motion, device, frames, self.parameters, self.phases, interpolation=interpolation, edge=edge,
                fill=fill, out=out,
            )  # fmt: skip
        return self.motion.resample(
            device, frames, self.parameters, interpolation=interpolation, edge=edge, fill=fill, out=out
        )

    def resample_back(
        self, device: Device, images: Frames, *, fill: float, out: Frames, interpolation: str = "cubic"
    ) -> None:
        """Write images of the reference as the frames see them into `out`."""
        self.motion.resample_back(
            device, images, self.parameters, interpolation=interpolation, edge="constant", fill=fill, out=out
        )
