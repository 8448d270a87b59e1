"""Parts of the package that are slow to import: each is loaded by the command that needs it, ``--help`` needs none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import lazy_loader

if TYPE_CHECKING:
    from holdstill import api, batch
    from holdstill.cli import demo
    from holdstill.devices.cpu import compiling
    from holdstill.devices.gpu import adapters
    from holdstill.engines import choosing, plan, threads
    from holdstill.integrity import measuring
    from holdstill.io import formats, workspace
    from holdstill.live import watch
    from holdstill.result import exchange, registration
    from holdstill.result.viewer import opening, server
    from holdstill.run import registry, targets

__all__ = [
    "adapters", "api", "batch", "choosing", "compiling", "demo", "exchange", "formats", "measuring", "opening", "plan",
    "registration", "registry", "server", "targets", "threads", "watch", "workspace",
]  # fmt: skip

FOLDERS = {
    "holdstill": ("api", "batch"),
    "holdstill.cli": ("demo",),
    "holdstill.devices.cpu": ("compiling",),
    "holdstill.devices.gpu": ("adapters",),
    "holdstill.engines": ("choosing", "plan", "threads"),
    "holdstill.integrity": ("measuring",),
    "holdstill.io": ("formats", "workspace"),
    "holdstill.live": ("watch",),
    "holdstill.result": ("exchange", "registration"),
    "holdstill.result.viewer": ("opening", "server"),
    "holdstill.run": ("registry", "targets"),
}
_LOADERS = {
    part: lazy_loader.attach(folder, submodules=parts)[0] for folder, parts in FOLDERS.items() for part in parts
}


def __getattr__(name: str) -> Any:
    if name not in _LOADERS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return _LOADERS[name](name)
