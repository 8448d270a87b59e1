"""The sums over the pixels of each cell: one pass, in float64, run by run.

A run is a stretch of pixels of one row and one label. Values are taken relative to the cell's first pixel in the same
cycle, so that the subtractions at the end lose no digits, and a cell without variance gives exactly zero.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from holdstill.devices.cpu.compiling import kernel, part

__all__ = ["accumulate", "accumulate_shape", "accumulate_slack", "count_runs", "find_runs", "link_runs", "paint"]

# columns of the sums of one cycle: value, its square, its products with the first and with the previous cycle
SUM, SQUARE, FIRST, PREVIOUS = range(4)
# pixels of a run that are added as a vector; the fewer, the less is left over at the end of a row of a small cell: a
# slide of cells of 20 px takes 1.22 times as long as one of 632 px with 16, 1.08 with 8, 1.0 with 4
BLOCK = 4
# pixels of a run that are held as floats
STRETCH = 256
# most cycles that are added together
GROUP = 8


@kernel
def count_runs(labels: Any) -> int:
    """Number of runs of labels above 0 in a band (rows, columns)."""
    n = 0
    for y in range(labels.shape[0]):
        before = labels[y, 0]
        n += before > 0
        for x in range(1, labels.shape[1]):
            here = labels[y, x]
            n += (here != before) & (here > 0)
            before = here
    return n


@kernel
def find_runs(labels: Any, rows: Any, starts: Any, stops: Any, values: Any) -> None:
    """Row, first column, column after the last, and label of each run, in order, as many as `count_runs` says."""
    n = 0
    width = labels.shape[1]
    for y in range(labels.shape[0]):
        x = 0
        while x < width:
            here = labels[y, x]
            start = x
            while x < width and labels[y, x] == here:
                x += 1
            if here > 0:
                rows[n], starts[n], stops[n], values[n] = y, start, x, here
                n += 1


@kernel
def link_runs(rows: Any, starts: Any, stops: Any, values: Any, links: Any) -> None:
    """For each run the first one of its column: runs of one label, each of which touches one in the row above it."""
    above = 0  # the first run of the row above that reaches as far as this one
    for i in range(rows.size):
        links[i] = i
        while above < i and (rows[above] < rows[i] - 1 or (rows[above] < rows[i] and stops[above] <= starts[i])):
            above += 1
        k = above
        while k < i and rows[k] == rows[i] - 1 and starts[k] < stops[i]:
            if values[k] == values[i]:
                links[i] = links[k]
                break
            k += 1


@kernel
def accumulate_shape(rows: Any, starts: Any, stops: Any, cells: Any, top: int, shapes: Any) -> None:
    """Add pixels, rows and columns of runs to `shapes`, (n_cells, 3); the band begins at row `top` of the frame."""
    for i in range(rows.size):
        n = stops[i] - starts[i]
        shapes[cells[i], 0] += n
        shapes[cells[i], 1] += float(n) * (rows[i] + top)
        shapes[cells[i], 2] += n * (starts[i] + stops[i] - 1) * 0.5


@part
def _add_stretch(
    band: Any, y: int, start: int, n: int, off: float, from_first: Any, from_previous: Any
) -> tuple[float, float, float, float]:
    """Sums over `n` pixels of a row, which are the previous cycle's from then on."""
    total = square = with_first = with_previous = 0.0
    whole = n // BLOCK * BLOCK
    for block in range(0, whole, BLOCK):
        for x in range(block, block + BLOCK):
            value = float(band[y, start + x]) - off
            total += value
            square += value * value
            with_first += value * from_first[x]
            with_previous += value * from_previous[x]
            from_previous[x] = value
    for x in range(whole, n):
        value = float(band[y, start + x]) - off
        total += value
        square += value * value
        with_first += value * from_first[x]
        with_previous += value * from_previous[x]
        from_previous[x] = value
    return total, square, with_first, with_previous


@kernel
def accumulate(
    rows: Any, starts: Any, stops: Any, cells: Any, begin: int, end: int, first: Any, previous: Any, bands: Any,
    offsets: Any, sums: Any,
) -> None:  # fmt: skip
    """Add runs of the cycles ``begin <= k < end`` to `sums`, equal to sums over masked pixels within 1e-12 relative.

    Pixels of the first and of the previous cycle are made floats once for all cycles: 1.4 times as fast as one by one.

    `first`, `previous` (of the cycle before `begin`) and `bands` are (rows, columns), and `offsets` what is taken off,
    (all cycles, n_cells). There are `GROUP` bands and sums, (n_cells, 4) each; those beyond `end` fill up their tuples.
    """
    from_first, from_previous = np.empty(STRETCH), np.empty(STRETCH)
    before = max(begin - 1, 0)
    for i in range(rows.size):
        y, cell = rows[i], cells[i]
        for start in range(starts[i], stops[i], STRETCH):
            n = min(STRETCH, stops[i] - start)
            off_first, off_previous = offsets[0, cell], offsets[before, cell]
            for x in range(n):
                from_first[x] = float(first[y, start + x]) - off_first
                from_previous[x] = float(previous[y, start + x]) - off_previous
            for k in range(end - begin):
                added = _add_stretch(bands[k], y, start, n, offsets[begin + k, cell], from_first, from_previous)
                sums[k][cell, SUM] += added[SUM]
                sums[k][cell, SQUARE] += added[SQUARE]
                sums[k][cell, FIRST] += added[FIRST]
                sums[k][cell, PREVIOUS] += added[PREVIOUS]


@kernel
def accumulate_slack(
    rows: Any, starts: Any, stops: Any, cells: Any, bands: Any, offsets: Any, sums: Any, above: int, last: int
) -> None:
    """As `accumulate` for each shift of the present cycle by up to s px, into ((2 s + 1)^2, n_cells, 4).

    `bands` hold `above` more rows before the runs' row 0, and rows up to `last`; beyond the edge its pixel counts.
    """
    first, previous, present = bands
    right = present.shape[1] - 1
    side = int(np.sqrt(sums.shape[0]))
    for k in range(side * side):
        dy, dx = k // side - side // 2, k % side - side // 2
        for i in range(rows.size):
            y, cell = rows[i] + above, cells[i]
            other = min(max(y + dy, 0), last)
            off_1, off_p, off = offsets[0][cell], offsets[1][cell], offsets[2][cell]
            total = square = with_first = with_previous = 0.0
            for x in range(starts[i], stops[i]):
                value = float(present[other, min(max(x + dx, 0), right)]) - off
                total += value
                square += value * value
                with_first += value * (float(first[y, x]) - off_1)
                with_previous += value * (float(previous[y, x]) - off_p)
            sums[k, cell, SUM] += total
            sums[k, cell, SQUARE] += square
            sums[k, cell, FIRST] += with_first
            sums[k, cell, PREVIOUS] += with_previous


@kernel
def paint(rows: Any, starts: Any, stops: Any, cells: Any, start: int, factor: int, picture: Any) -> None:
    """Write the cells of runs into every `factor`-th pixel: row `start` of the band is the first of `picture`."""
    middle = factor // 2
    for i in range(rows.size):
        if rows[i] < start or (rows[i] - start) % factor:
            continue
        y = (rows[i] - start) // factor
        first = max(0, (starts[i] - middle + factor - 1) // factor)
        last = min(picture.shape[1], max(0, (stops[i] - middle + factor - 1) // factor))
        for x in range(first, last):
            picture[y, x] = cells[i]
