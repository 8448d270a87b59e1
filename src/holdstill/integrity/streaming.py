"""The one pass over cycles and labels, from the first row to the last."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from holdstill.contracts import Progress
from holdstill.integrity.overview import Overview
from holdstill.integrity.rows import Rows
from holdstill.integrity.sums import Sums
from holdstill.run.checkpoint import Book

__all__ = ["add_all"]

# rows of all cycles and labels at a time; what they come from may be held beside them
BAND_BYTES = 96 << 20
LEAST_ROWS = 32
# least time between two notes of what was summed: sums of a million cells are 400 MB
NOTE_S = 30.0


def add_all(
    sums: Sums,
    overview: Overview | None,
    labels: Rows,
    cycles: list[Rows],
    pool: ThreadPoolExecutor,
    book: Book | None = None,
    progress: Progress | None = None,
) -> None:
    """Add all pixels to `sums` and, where it is wanted, `overview`, or those that the book does not know yet."""
    height, noted = labels.shape[0], time.monotonic()
    dtype = np.result_type(*(rows.dtype for rows in cycles))
    top = _recall(book, sums, overview)
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
        if book and overview and top < height and time.monotonic() - noted >= NOTE_S:
            book.save_learned({"top": np.array(top), **sums.state(), **overview.state()})
            noted = time.monotonic()


def _recall(book: Book | None, sums: Sums, overview: Overview | None) -> int:
    """The row to go on from."""
    state = book.load_learned() if book else None
    if state is None or overview is None or "top" not in state:
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
