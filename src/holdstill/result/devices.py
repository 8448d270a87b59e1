"""What computes pixels, loaded when some are: a result, and a raw movie, are there 0.6 s of processor time earlier."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import lazy_loader

if TYPE_CHECKING:
    from holdstill.devices.choosing import find_device
    from holdstill.devices.cpu import CpuDevice
    from holdstill.resampling.slides import is_plane, write_resampled

__all__ = ["CpuDevice", "find_device", "is_plane", "write_resampled"]

FOLDERS = {
    "holdstill.devices": {"choosing": ["find_device"], "cpu": ["CpuDevice"]},
    "holdstill.resampling": {"slides": ["is_plane", "write_resampled"]},
}
_LOADERS = {
    name: lazy_loader.attach(folder, submod_attrs={module: names})[0]
    for folder, modules in FOLDERS.items()
    for module, names in modules.items()
    for name in names
}


def __getattr__(name: str) -> Any:
    if name not in _LOADERS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return _LOADERS[name](name)
