"""Parts whose libraries are slow to import: each is loaded when something is written or measured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import lazy_loader

if TYPE_CHECKING:
    from holdstill.resampling.slides import is_slide
    from holdstill.result.principal import measure_pc_shifts
    from holdstill.result.slides import write_aligned

__all__ = ["is_slide", "measure_pc_shifts", "write_aligned"]

_LOADERS = {
    "is_slide": lazy_loader.attach("holdstill.resampling", submod_attrs={"slides": ["is_slide"]})[0],
    "measure_pc_shifts": lazy_loader.attach("holdstill.result", submod_attrs={"principal": ["measure_pc_shifts"]})[0],
    "write_aligned": lazy_loader.attach("holdstill.result", submod_attrs={"slides": ["write_aligned"]})[0],
}


def __getattr__(name: str) -> Any:
    if name not in _LOADERS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return _LOADERS[name](name)
