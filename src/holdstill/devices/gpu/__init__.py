"""Any graphics adapter: WGSL kernels through wgpu, one file a primitive, each equal to `holdstill.devices.plain`."""

from holdstill.devices.gpu.device import GpuDevice

__all__ = ["GpuDevice"]
