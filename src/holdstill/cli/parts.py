"""Parts of the package that are slow to import: each is loaded by the command that needs it, ``--help`` needs none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import lazy_loader

if TYPE_CHECKING:
    from holdstill import batch
    from holdstill.cli import demo
    from holdstill.devices.cpu import compiling
    from holdstill.devices.gpu import adapters
    from holdstill.engines import plan, threads
    from holdstill.evaluation import selftest
    from holdstill.evaluation.landmarks import evaluating, methods
    from holdstill.integrity import measuring
    from holdstill.io import axes, formats, image, workspace
    from holdstill.live import watch
    from holdstill.result import applying, exchange, film, originals, registration
    from holdstill.result.viewer import opening, server
    from holdstill.run import align, correct, noting, register, registry, targets
    from holdstill.run.series import recipe

__all__ = [
    "adapters", "align", "applying", "axes", "batch", "compiling", "correct", "demo", "evaluating", "exchange",
    "film", "formats", "image", "measuring", "methods", "noting", "opening", "originals", "plan", "recipe", "register",
    "registration", "registry", "selftest", "server", "targets", "threads", "watch", "workspace",
]  # fmt: skip

FOLDERS = {
    "holdstill": ("batch",),
    "holdstill.cli": ("demo",),
    "holdstill.devices.cpu": ("compiling",),
    "holdstill.devices.gpu": ("adapters",),
    "holdstill.engines": ("plan", "threads"),
    "holdstill.evaluation": ("selftest",),
    "holdstill.evaluation.landmarks": ("evaluating", "methods"),
    "holdstill.integrity": ("measuring",),
    "holdstill.io": ("axes", "formats", "image", "workspace"),
    "holdstill.live": ("watch",),
    "holdstill.result": ("applying", "exchange", "film", "originals", "registration"),
    "holdstill.result.viewer": ("opening", "server"),
    "holdstill.run.series": ("recipe",),
    "holdstill.run": ("align", "correct", "noting", "register", "registry", "targets"),
}
_LOADERS = {
    part: lazy_loader.attach(folder, submodules=parts)[0] for folder, parts in FOLDERS.items() for part in parts
}


def __getattr__(name: str) -> Any:
    if name not in _LOADERS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return _LOADERS[name](name)
