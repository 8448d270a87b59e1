"""Which adapters there are, and which one is meant. A driver that runs on the processor counts, and says so."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from holdstill.errors import DeviceError, UnknownName
from holdstill.extras import require

__all__ = ["VARIABLE", "Adapter", "adapters", "find_adapter"]

VARIABLE = "HOLDSTILL_GPU"
# OpenGL shows the same hardware once more, slower and with fewer limits
BACKENDS = ("Vulkan", "Metal", "D3D12")
KINDS = {"DiscreteGPU": "discrete", "IntegratedGPU": "integrated", "CPU": "software"}
ORDER = ("discrete", "integrated", "virtual", "software")


@dataclass(frozen=True)
class Adapter:
    """One way to a graphics processor.

    Attributes
    ----------
    name : str
        As the driver says it.
    backend : str
        ``Vulkan``, ``Metal`` or ``D3D12``.
    kind : {"discrete", "integrated", "virtual", "software"}
        ``software``: a driver that runs the same kernels on the processor.
    driver : str
        Name and version of the driver, as far as it tells.
    buffer_bytes, binding_bytes, workgroup_bytes, workgroups : int
        Limits: of a buffer, of what a kernel sees of one, of the memory that a workgroup shares, of workgroups an axis.
    handle : object
        What wgpu opens.
    """

    name: str
    backend: str
    kind: str
    driver: str
    buffer_bytes: int
    binding_bytes: int
    workgroup_bytes: int
    workgroups: int
    handle: Any = field(compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.name} ({self.backend}{', software' if self.kind == 'software' else ''})"

    @classmethod
    def of(cls, handle: Any) -> Adapter:
        """From what wgpu lists."""
        info, limits = handle.info, handle.limits
        return cls(
            name=info["device"],
            backend=info["backend_type"],
            kind=KINDS.get(info["adapter_type"], "virtual"),
            driver=info["description"],
            buffer_bytes=limits["max-buffer-size"],
            binding_bytes=limits["max-storage-buffer-binding-size"],
            workgroup_bytes=limits["max-compute-workgroup-storage-size"],
            workgroups=limits["max-compute-workgroups-per-dimension"],
            handle=handle,
        )


@cache
def _wgpu() -> Any:
    wgpu = require("wgpu", "gpu", 'device="gpu"')
    extras = require("wgpu.backends.wgpu_native.extras", "gpu", 'device="gpu"')
    # Mesa's layer that chooses among screens complains where there is none
    os.environ.setdefault("NODEVICE_SELECT", "1")
    with suppress(RuntimeError):  # someone else in this process began with wgpu; OpenGL is left out below
        extras.set_instance_extras(backends=["Vulkan", "Metal", "DX12"])
    return wgpu


@cache
def adapters() -> tuple[Adapter, ...]:
    """All adapters, those that are likely the fastest first.

    Raises
    ------
    MissingExtra
        wgpu is not installed.
    """
    found = [Adapter.of(handle) for handle in _wgpu().gpu.enumerate_adapters_sync()]
    return tuple(sorted((a for a in found if a.backend in BACKENDS), key=lambda a: ORDER.index(a.kind)))


def find_adapter(name: str | None = None) -> Adapter:
    """The adapter whose name contains `name`, or the environment's ``HOLDSTILL_GPU``; else the first.

    Raises
    ------
    MissingExtra
        wgpu is not installed.
    DeviceError
        There is no adapter.
    UnknownName
        None has that name.
    """
    known, wanted = adapters(), name or os.environ.get(VARIABLE, "")
    if not known:
        raise DeviceError(
            'device="gpu" finds no adapter: install the driver of the graphics card (on Linux its Vulkan part and '
            'libvulkan1; mesa-vulkan-drivers runs without a card), or use device="cpu"'
        )
    for adapter in known:
        if wanted.lower() in str(adapter).lower():
            return adapter
    listed = ", ".join(str(adapter) for adapter in known)
    raise UnknownName(f"there is no graphics adapter {wanted!r}, asked for as {VARIABLE}; there is {listed}")
