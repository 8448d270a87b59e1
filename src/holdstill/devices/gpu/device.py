"""The gpu device: any graphics adapter with Vulkan, Metal or DirectX 12, and drivers that need none."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import ControlGrid, Device, DirectSums, FieldSums, FloatArray, Frames, NoiseModel, Spline
from holdstill.devices.cpu.field_sums import field_sums
from holdstill.devices.gpu.bin import bin_frames
from holdstill.devices.gpu.direct_sums import direct_sums
from holdstill.devices.gpu.frames import upload
from holdstill.devices.gpu.machine import Machine, machine
from holdstill.devices.gpu.overlap import overlap_correlation
from holdstill.devices.gpu.resample_field import resample_field
from holdstill.devices.gpu.resample_shift import resample_shift
from holdstill.devices.gpu.resample_warp import resample_warp
from holdstill.devices.gpu.warp_sums import warp_sums

__all__ = ["GpuDevice"]


class GpuDevice(Device):
    """WGSL kernels on a graphics adapter, float32 throughout.

    Parameters
    ----------
    adapter : str, optional
        A part of its name; default: what the environment's ``HOLDSTILL_GPU`` says, else the one that is likely fastest.

    Raises
    ------
    MissingExtra
        wgpu is not installed.
    DeviceError
        There is no adapter.
    UnknownName
        None has that name.
    """

    name = "gpu"

    def __init__(self, adapter: str | None = None) -> None:
        self._name = adapter
        self.description = str(self._machine.adapter)

    @property
    def _machine(self) -> Machine:
        return machine(self._name)

    def upload(self, frames: Frames) -> Frames:
        """See `Device.upload`."""
        held: Frames = upload(self._machine, frames)
        return held

    def bin(self, frames: Frames, factors: tuple[int, ...]) -> NDArray[np.float32]:
        """See `Device.bin`."""
        binned: NDArray[np.float32] = bin_frames(self._machine, frames, factors)
        return binned

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
        return direct_sums(self._machine, frames, spline, shifts, gains, offsets, noise, cutoffs)

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
        return warp_sums(self._machine, frames, spline, kind, warps, gains, offsets, noise, cutoffs)

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
        """See `Device.field_sums`; computed by the processor, while the adapter resamples."""
        return field_sums(np.asarray(frames), spline, grid, shifts, displacements, gains, offsets, noise, cutoffs)

    def overlap_correlation(
        self, frames: NDArray[np.float32], reference: NDArray[np.float32], shifts: NDArray[np.int64]
    ) -> FloatArray:
        """See `Device.overlap_correlation`."""
        return overlap_correlation(self._machine, frames, reference, shifts)

    def resample_shift(
        self, frames: Frames, shifts: FloatArray, *, interpolation: str, edge: str, fill: float, out: Frames
    ) -> NDArray[np.int64]:
        """See `Device.resample_shift`."""
        settings: dict[str, Any] = {"interpolation": interpolation, "edge": edge, "fill": fill, "out": out}
        return resample_shift(self._machine, frames, shifts, **settings)

    def resample_warp(
        self, frames: Frames, kind: str, warps: FloatArray, *, interpolation: str, edge: str, fill: float, out: Frames
    ) -> NDArray[np.int64]:
        """See `Device.resample_warp`."""
        settings: dict[str, Any] = {"interpolation": interpolation, "edge": edge, "fill": fill, "out": out}
        return resample_warp(self._machine, frames, kind, warps, **settings)

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
        return resample_field(self._machine, frames, grid, displacements, **settings)
