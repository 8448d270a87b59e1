"""Tissue integrity over the cycles of cyclic imaging: which cells are still there, and which were lost or folded.

::

    from holdstill import integrity

    found = integrity.measure("cycles.ome.tif", labels="cells.tif", out="result")
    found.kept.mean(axis=0)     # share of the cells that each cycle kept

`measure` is the recipe; the parts that it is made of know one thing each: `cycles` which image of which file a cycle
is, `labels` which cell a pixel belongs to, `kernels` and `sums` the streaming sums, `threshold` where lost ends and
kept begins, `regions`, `maps` and `tables` what is written.
"""

from __future__ import annotations

import lazy_loader

__all__ = ["Integrity", "IntegrityOptions", "measure"]

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__, submod_attrs={"measuring": ["measure"], "options": ["IntegrityOptions"], "value": ["Integrity"]}
)
