"""holdstill makes microscope movies hold still: how each frame moved, how sure that is, each frame resampled once."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING

import lazy_loader

if TYPE_CHECKING:
    from holdstill import estimators, gpu
    from holdstill.api import align, correct, open, register
    from holdstill.contracts import Verdict
    from holdstill.errors import HoldstillError
    from holdstill.live.tracker import Tracker
    from holdstill.result.registration import Registration, load
    from holdstill.result.viewer.window import view
    from holdstill.run.series.recipe import align_sections

    __version__: str

__all__ = [
    "HoldstillError",
    "Registration",
    "Tracker",
    "Verdict",
    "__version__",
    "align",
    "align_sections",
    "correct",
    "estimators",
    "gpu",
    "load",
    "open",
    "register",
    "view",
]

# A public name is loaded when it is first asked for, so that the import itself costs nothing.
_load, _, _ = lazy_loader.attach(
    __name__,
    submodules=["gpu"],
    submod_attrs={
        "api": ["align", "correct", "open", "register"],
        "contracts": ["Verdict"],
        "errors": ["HoldstillError"],
        "live.tracker": ["Tracker"],
        "run.series.recipe": ["align_sections"],
        "result.registration": ["Registration", "load"],
        "result.viewer.window": ["view"],
    },
)
# `hs.estimators` and `from holdstill.estimators import Direct` are a name, not a folder: what it holds joins the
# methods with the pipeline above them. Type checkers read estimators.pyi.
if not TYPE_CHECKING:
    estimators = sys.modules[f"{__name__}.estimators"] = ModuleType(f"{__name__}.estimators", "Methods that can fit.")
    estimators.__getattr__ = lambda name: _find_estimator(name)
    estimators.__dir__ = lambda: dir(_run("estimators"))
_importlib, _, _ = lazy_loader.attach("importlib", submodules=["metadata"])
_run, _, _ = lazy_loader.attach(f"{__name__}.run", submodules=["estimators"])


def _find_estimator(name: str) -> object:
    if name.startswith("__") and name != "__all__":
        raise AttributeError(name)
    return getattr(_run("estimators"), name)


def __getattr__(name: str) -> object:
    """A public name, and the version as it is installed."""
    if name == "__version__":
        return _importlib("metadata").version(__name__)
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return _load(name)


def __dir__() -> list[str]:
    return __all__
