"""Shifts."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Device, FloatArray, Frames, Motion
from holdstill.transforms.motions.family import AdditiveFamily
from holdstill.transforms.motions.warp import MatrixFamily
from holdstill.transforms.warps import join, split

__all__ = ["Translation", "shift_names"]


def shift_names(ndim: int) -> tuple[str, ...]:
    """Names of the shifts along each axis, with their unit."""
    return tuple(f"shift_{axis}_px" for axis in "zyx"[-ndim:])


class Translation(AdditiveFamily, MatrixFamily):
    """One shift for the frame."""

    name = "translation"
    lifted = "translation"
    shifts_only = keeps_size = True

    def names(self, ndim: int) -> tuple[str, ...]:
        return shift_names(ndim)

    def warps(self, parameters: FloatArray, ndim: int) -> FloatArray:
        return join(parameters, np.broadcast_to(np.eye(ndim), (len(parameters), ndim, ndim)))

    def parameters(self, warps: FloatArray, ndim: int) -> FloatArray:
        return split(warps, ndim)[0].copy()

    def tangent(self, warps: FloatArray, ndim: int) -> FloatArray:
        made = np.zeros((warps.shape[1], ndim))
        made[np.arange(ndim) * (ndim + 1), np.arange(ndim)] = 1.0
        return np.broadcast_to(made, (len(warps), *made.shape))

    def step(self, warps: FloatArray, step: FloatArray, ndim: int) -> FloatArray:
        shifts, linear = split(warps, ndim)
        return join(shifts + step, linear)

    def fit_points(self, fixed: FloatArray, moving: FloatArray) -> FloatArray:
        matrix = np.eye(3)
        matrix[:2, 2] = (moving - fixed).mean(axis=0)
        return matrix

    def shift_reference(self, parameters: FloatArray, shift: FloatArray, shape: tuple[int, ...]) -> FloatArray:
        return parameters - shift

    def rescale(
        self,
        parameters: FloatArray,
        factors: FloatArray,
        offset: FloatArray,
        shape: tuple[int, ...],
        target: tuple[int, ...],
    ) -> tuple[Motion, FloatArray]:
        """See `Motion.rescale`; where the centres lie makes no difference to what shifts all points alike."""
        return self, parameters / factors

    def resample(
        self, device: Device, frames: Frames, parameters: FloatArray, *, out: Frames, **settings: Any
    ) -> NDArray[np.int64]:
        return device.resample_shift(frames, parameters, **settings, out=out)

    def resample_back(
        self, device: Device, images: Frames, parameters: FloatArray, *, out: Frames, **settings: Any
    ) -> NDArray[np.int64]:
        return device.resample_shift(images, -parameters, **settings, out=out)
