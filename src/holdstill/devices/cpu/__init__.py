"""The fast device: Numba kernels, one file a primitive, each equal to `holdstill.devices.plain`."""

from holdstill.devices.cpu.device import CpuDevice

__all__ = ["CpuDevice"]
