"""Tables of what was measured: a row for each cell and cycle as CSV and Parquet, cells times cycles as AnnData."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from holdstill.extras import require
from holdstill.integrity.value import Integrity
from holdstill.io.disk import replacing

__all__ = ["COLUMNS", "can_write", "write_anndata", "write_csv", "write_cycles", "write_parquet"]

COLUMNS = ("cell", "cycle", "correlation_first", "correlation_previous", "mean", "area", "y", "x", "kept")
EXTRAS = {".parquet": "pyarrow", ".h5ad": "anndata"}
# text of 8,192 cells in ten cycles takes 50 MB while it is put together
CELLS_AT_A_TIME = 8_192
# a row for each cycle: its number, which image, and what was stained in it come before these
OF_CYCLES = ("verdicts", "share_kept", "share_kept_through", "n_first_lost", "n_unknown")


def can_write(suffix: str) -> bool:
    """Whether the package that a table of this suffix needs is installed."""
    return suffix not in EXTRAS or find_spec(EXTRAS[suffix]) is not None


def columns_of(found: Integrity) -> tuple[str, ...]:
    """Names of the columns: with slack there is also the error of `correlation_first`."""
    return (*COLUMNS, "error") if found.slack else COLUMNS


def write_csv(path: Path, found: Integrity) -> None:
    """Write one row a cell and cycle; numbers read back as the same bits, NaN as ``nan``, kept as 1 or 0."""
    with replacing(path) as temporary, open(temporary, "w", encoding="ascii", newline="") as file:
        file.write(",".join(columns_of(found)) + "\n")
        for start in range(0, found.n_cells, CELLS_AT_A_TIME):
            file.write(_format_rows(found, slice(start, start + CELLS_AT_A_TIME)))


def _format_rows(found: Integrity, part: slice) -> str:
    """Rows of some cells as text. What all cycles of a cell share is put into text once: half of the numbers."""
    cells, area, places = (each[part].tolist() for each in (found.cells, found.area, found.centroid))
    heads = [f"{cell}," for cell in cells]
    tails = [f",{n},{y!r},{x!r}," for n, (y, x) in zip(area, places, strict=True)]
    of_cycles = []
    for k in range(found.n_cycles):
        columns = [each[part, k].tolist() for each in (found.correlation_first, found.correlation_previous, found.mean)]
        kept = found.kept[part, k].astype(np.uint8).tolist()
        ends = [f"{value}," for value in kept] if found.slack else kept
        errors = [f"{value!r}\n" for value in found.errors[part, k].tolist()] if found.slack else ["\n"] * len(heads)
        of_cycles.append([
            f"{head}{k + 1},{first!r},{previous!r},{mean!r}{tail}{end}{error}"
            for head, first, previous, mean, tail, end, error in zip(heads, *columns, tails, ends, errors, strict=True)
        ])  # fmt: skip
    return "".join([row for rows in zip(*of_cycles, strict=True) for row in rows])


def write_cycles(path: Path, summary: dict[str, Any]) -> None:
    """Write one row a cycle: which image it is, what was stained in it, and the shares of cells that it kept."""
    with replacing(path) as temporary, open(temporary, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("cycle", "image", "channels", "verdict", *OF_CYCLES[1:]))
        channels = [", ".join(names) for names in summary["channels"]]
        columns = [summary["names"], channels, *(summary[name] for name in OF_CYCLES)]
        writer.writerows((k, *row) for k, row in enumerate(zip(*columns, strict=True), 1))


def write_parquet(path: Path, found: Integrity) -> None:
    """Write the same rows as Parquet. Raises MissingExtra without pyarrow."""
    pyarrow = require("pyarrow", "tables", "writing Parquet")
    parquet = require("pyarrow.parquet", "tables", "writing Parquet")
    with replacing(path) as temporary:
        writer = None
        for part in _parts(found):
            table = pyarrow.table(part)
            writer = writer or parquet.ParquetWriter(str(temporary), table.schema)
            writer.write_table(table)
        if writer is not None:
            writer.close()


def write_anndata(path: Path, found: Integrity) -> None:
    """Write cells times cycles as AnnData, centroids (x, y) in ``obsm["spatial"]``. Raises MissingExtra without it."""
    anndata = require("anndata", "tables", "writing .h5ad")
    pandas = require("pandas", "tables", "writing .h5ad")
    cells = pandas.DataFrame(
        {"area": found.area, "first_lost": found.first_lost}, index=pandas.Index(found.cells.astype(str), name="cell")
    )
    channels = [", ".join(names) for names in found.channels or ((),) * found.n_cycles]
    cycles = pandas.DataFrame(
        {"name": list(found.names), "channels": channels},
        index=pandas.Index([str(k + 1) for k in range(found.n_cycles)], name="cycle"),
    )
    layers = {"correlation_previous": found.correlation_previous, "mean": found.mean, "kept": found.kept}
    wide = anndata.AnnData(
        X=found.correlation_first, obs=cells, var=cycles, layers=layers,
        obsm={"spatial": np.ascontiguousarray(found.centroid[:, ::-1])},
        uns={"threshold": found.threshold, "threshold_from": found.threshold_from, "slack": found.slack},
    )  # fmt: skip
    with replacing(path) as temporary:
        wide.write_h5ad(temporary)


def _parts(found: Integrity) -> Iterator[dict[str, Any]]:
    """The long table, some cells at a time."""
    n_cycles = found.n_cycles
    for start in range(0, max(found.n_cells, 1), CELLS_AT_A_TIME):
        part = slice(start, start + CELLS_AT_A_TIME)
        n = len(found.cells[part])
        table: dict[str, Any] = {
            "cell": np.repeat(found.cells[part], n_cycles),
            "cycle": np.tile(np.arange(1, n_cycles + 1), n),
            "correlation_first": found.correlation_first[part].ravel(),
            "correlation_previous": found.correlation_previous[part].ravel(),
            "mean": found.mean[part].ravel(),
            "area": np.repeat(found.area[part], n_cycles),
            "y": np.repeat(found.centroid[part, 0], n_cycles),
            "x": np.repeat(found.centroid[part, 1], n_cycles),
            "kept": found.kept[part].ravel(),
        }
        if found.slack:
            table["error"] = found.errors[part].ravel()
        yield table
