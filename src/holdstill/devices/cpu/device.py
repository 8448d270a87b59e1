"""The cpu device: takes any dtype, hands kernels what they are compiled for."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import ControlGrid, Device, DirectSums, FieldSums, FloatArray, Frames, NoiseModel, Spline
from holdstill.devices.cpu.bin import bin_frames
from holdstill.devices.cpu.compiling import pixels
from holdstill.devices.cpu.direct_sums import direct_sums
from holdstill.devices.cpu.field_sums import field_sums
from holdstill.devices.cpu.overlap import overlap_correlation
from holdstill.devices.cpu.resample_field import resample_field
from holdstill.devices.cpu.resample_shift import resample_shift
from holdstill.devices.cpu.resample_warp import resample_warp
from holdstill.devices.cpu.warp_sums import warp_sums

__all__ = ["CpuDevice"]


class CpuDevice(Device):
    """Numba kernels on the calling thread; they hold no GIL, so an engine may run several at once."""

    name = "cpu"

    def bin(self, frames: Frames, factors: tuple[int, ...]) -> NDArray[np.float32]:
        """See `Device.bin`."""
        return bin_frames(pixels(frames), factors)

    def direct_sums(
        self,
        frames: Frames,
        spline: Spline,
        shifts: FloatArray,
        gains: FloatArray,
        offsets: FloatArray,
        noise: NoiseModel,
        cutoffs: FloatArray,
    ) -> DirectSums:
        """See `Device.direct_sums`."""
        return direct_sums(pixels(frames), spline, shifts, gains, offsets, noise, cutoffs)

    def warp_sums(
        self,
        frames: Frames,
        spline: Spline,
        kind: str,
        warps: FloatArray,
        gains: FloatArray,
        offsets: FloatArray,
        noise: NoiseModel,
        cutoffs: FloatArray,
    ) -> DirectSums:
        """See `Device.warp_sums`."""
        return warp_sums(frames, spline, kind, warps, gains, offsets, noise, cutoffs)

    def field_sums(
        self,
        frames: Frames,
        spline: Spline,
        grid: ControlGrid,
        shifts: FloatArray,
        displacements: FloatArray,
        gains: FloatArray,
        offsets: FloatArray,
        noise: NoiseModel,
        cutoffs: FloatArray,
    ) -> FieldSums:
        """See `Device.field_sums`."""
        return field_sums(frames, spline, grid, shifts, displacements, gains, offsets, noise, cutoffs)

    def overlap_correlation(
        self, frames: NDArray[np.float32], reference: NDArray[np.float32], shifts: NDArray[np.int64]
    ) -> FloatArray:
        """See `Device.overlap_correlation`."""
        return overlap_correlation(frames, reference, shifts)

    def resample_shift(
        self, frames: Frames, shifts: FloatArray, *, interpolation: str, edge: str, fill: float, out: Frames
    ) -> NDArray[np.int64]:
        """See `Device.resample_shift`."""
        return resample_shift(frames, shifts, interpolation=interpolation, edge=edge, fill=fill, out=out)

    def resample_warp(
        self, frames: Frames, kind: str, warps: FloatArray, *, interpolation: str, edge: str, fill: float, out: Frames
    ) -> NDArray[np.int64]:
        """See `Device.resample_warp`."""
        return resample_warp(frames, kind, warps, interpolation=interpolation, edge=edge, fill=fill, out=out)

    def resample_field(
        self,
        frames: Frames,
        grid: ControlGrid,
        displacements: FloatArray,
        *,
        interpolation: str,
        edge: str,
        fill: float,
        out: Frames,
    ) -> NDArray[np.int64]:
        """See `Device.resample_field`."""
        settings: dict[str, Any] = {"interpolation": interpolation, "edge": edge, "fill": fill, "out": out}
        return resample_field(frames, grid, displacements, **settings)
