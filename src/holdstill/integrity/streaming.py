"""The one pass over cycles and labels, from the first row to the last."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.integrity.checkpoint import SumsCheckpoint
from holdstill.integrity.overview import Overview
from holdstill.integrity.rows import Rows
from holdstill.integrity.sums import Sums

__all__ = ["Progress", "add_all"]

Progress = Callable[[str, int, int], None]

# rows of all cycles and labels at a time; what they come from may be held beside them
BAND_BYTES = 96 << 20
LEAST_ROWS = 32


def add_all(
    sums: Sums,
    overview: Overview | None,
    labels: Rows,
    cycles: list[Rows],
    pool: ThreadPoolExecutor,
    checkpoint: SumsCheckpoint | None = None,
    progress: Progress | None = None,
) -> None:
    """Add all pixels to `sums` and, where it is wanted, `overview`, or those that the checkpoint does not know yet."""
    height = labels.shape[0]
    dtype = np.result_type(*(rows.dtype for rows in cycles))
    top = _recall(checkpoint, sums, overview)
    step = _rows_at_a_time(labels, cycles)
    while top < height:
        stop = min(top + step, height)
        above, below = (min(sums.slack, top), min(sums.slack, height - stop))
        bands = list(
            pool.map(lambda rows, a=top - above, b=stop + below: rows.read(a, b).astype(dtype, copy=False), cycles)
        )
        band = labels.read(top, stop)
        runs = sums.add(top, band, bands, above, pool)
        if overview is not None:
            overview.add(top, stop - top, runs, bands, above)
        top = stop
        if progress:
            progress("measuring", top, height)
        if checkpoint and overview and top < height and checkpoint.is_due():
            checkpoint.note({"top": np.array(top), **sums.state(), **overview.state()})


def _recall(checkpoint: SumsCheckpoint | None, sums: Sums, overview: Overview | None) -> int:
    """The row to go on from."""
    state: dict[str, NDArray[Any]] | None = checkpoint.recall() if checkpoint else None
    if state is None or overview is None:
        return 0
    sums.restore(state)
    overview.restore(state)
    return int(state["top"])


def _rows_at_a_time(labels: Rows, cycles: list[Rows]) -> int:
    """Rows of a band: as many as the budget allows, whole tiles where they fit into it."""
    row_bytes = labels.shape[1] * sum(rows.dtype.itemsize for rows in (labels, *cycles))
    budget = max(LEAST_ROWS, BAND_BYTES // row_bytes)
    together = max(rows.rows_together for rows in (labels, *cycles))
    return budget // together * together if together <= budget else budget
