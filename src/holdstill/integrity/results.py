"""What is written of a measurement: tables, maps, regions, arrays for the viewer, a summary."""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from holdstill.integrity import tables
from holdstill.integrity.maps import limits_of_light, write_maps
from holdstill.integrity.overview import Overview
from holdstill.integrity.regions import find_regions
from holdstill.integrity.value import Integrity
from holdstill.io import disk
from holdstill.io.disk import replacing
from holdstill.result.registration import Registration
from holdstill.transforms import Transform

__all__ = ["ALIGNMENT", "LABELS", "SUMMARY", "VALUES", "summarise", "write_results"]

SUMMARY, ALIGNMENT, LABELS = "summary.json", "alignment.json", "arrays/labels.tif"
# what an earlier run may have left and this one need not write, what it was writing when it was killed among it; the
# summary first, without which it is no result
EARLIER = (
    SUMMARY, ALIGNMENT, "alignment.fields.npz", "integrity.parquet", "integrity.h5ad", "maps/cycle_[0-9]*.png",
    "maps/light_[0-9]*.png", *(f"{folder}.{'[0-9a-f]' * 8}.part*" for folder in ("", "maps/", "arrays/")),
)  # fmt: skip
SCHEMA = 1
# of what was measured, what is kept as arrays
VALUES = ("cells", "area", "centroid", "correlation_first", "correlation_previous", "mean")


def write_results(
    folder: Path,
    found: Integrity,
    overview: Overview,
    inputs: dict[str, Any],
    registration: Registration | None,
    job: dict[str, Any],
) -> None:
    """Write tables, maps, regions, arrays for the viewer, and the summary last, in place of what is there.

    Parameters
    ----------
    folder : Path
        Exists.
    found : Integrity
    overview : Overview
        Its cells numbered by the rows of `found`.
    inputs : dict
        Which image of which file each cycle is, and where the labels are, as plain values.
    registration : Registration or None
    job : dict
        All that decides the result, as plain values.
    """
    _remove_earlier(folder)
    tables.write_csv(folder / "integrity.csv", found)
    told = summarise(found)
    tables.write_cycles(folder / "cycles.csv", told)
    written, lacking = ["integrity.csv", "cycles.csv"], []
    for suffix, write in ((".parquet", tables.write_parquet), (".h5ad", tables.write_anndata)):
        if tables.can_write(suffix):
            write(folder / f"integrity{suffix}", found)
            written.append(f"integrity{suffix}")
        else:
            lacking.append(f"integrity{suffix}")
    regions = find_regions(found, overview)
    _write_json(folder / "regions.geojson", regions)
    write_maps(folder / "maps", found, overview)
    _write_arrays(folder / "arrays", found, overview)
    if registration is not None:
        registration.save(folder / ALIGNMENT)
    _write_json(folder / SUMMARY, {
        **told, "regions": len(regions["features"]), "tables": written, "not_written": lacking,
        "inputs": inputs, "overview_factor": overview.factor,
        "light_limits": [limits_of_light(light) for light in overview.light],
        "registration": _describe(registration),
        "residuals": None if registration is None else registration.provenance["residuals"],
        "schema": SCHEMA, "version": version("holdstill"), "job": job,
    })  # fmt: skip


def _remove_earlier(folder: Path) -> None:
    """Remove what an earlier run wrote that might not be replaced: maps of more cycles, its registration."""
    for pattern in EARLIER:
        for path in folder.glob(pattern):
            with disk.explain_errors(path):
                path.unlink()


def summarise(found: Integrity) -> dict[str, Any]:
    """What was measured in a few plain values."""
    through = np.logical_and.accumulate(found.kept | ~found.is_known, axis=1)
    known = np.isfinite(found.correlation_first)
    return {
        "n_cells": found.n_cells,
        "n_without_tissue": found.n_without_tissue,
        "n_cycles": found.n_cycles,
        "shape": list(found.shape),
        "names": list(found.names),
        "channels": [list(names) for names in found.channels or ((),) * found.n_cycles],
        "threshold": found.threshold,
        "threshold_from": found.threshold_from,
        "slack": found.slack,
        "verdicts": list(found.verdicts or ("ok",) * found.n_cycles),
        "share_kept": [
            float(share) if is_known else None
            for share, is_known in zip(found.kept.mean(axis=0), found.is_known, strict=True)
        ],
        "share_kept_through": [float(share) for share in through.mean(axis=0)],
        "n_first_lost": [int(n) for n in np.bincount(found.first_lost, minlength=found.n_cycles + 1)[1:]],
        "n_unknown": [int(n) for n in (~known).sum(axis=0)],
        "quantiles": _quantiles(found),
    }


def _quantiles(found: Integrity) -> dict[str, list[float | None]]:
    """Quantiles of the correlations with the first cycle, one for each cycle; None where none is known."""
    shares = (0.05, 0.25, 0.5, 0.75, 0.95)
    columns = []
    for column in found.correlation_first.T:
        known = column[np.isfinite(column)]
        columns.append(np.quantile(known, shares).tolist() if known.size else [None] * len(shares))
    return {str(share): [column[i] for column in columns] for i, share in enumerate(shares)}


def _describe(registration: Registration | None) -> dict[str, Any] | None:
    """Motion and matrices, so that whoever looks at a tile can place it; of what bends the file that tells."""
    if registration is None:
        return None
    ways = [registration[t] for t in range(len(registration))]
    matrices = [np.asarray(way.matrix).tolist() for way in ways if isinstance(way, Transform)]
    return {
        "motion": registration.motion,
        "shifts_px": [[round(float(v), 4) for v in shift] for shift in registration.shifts],
        "placed_by": registration.provenance["placed by"],
        **({"matrices": matrices} if len(matrices) == len(ways) else {"file": ALIGNMENT}),
    }


def _write_arrays(folder: Path, found: Integrity, overview: Overview) -> None:
    """Arrays as .npy, which the viewer maps into memory."""
    folder.mkdir(exist_ok=True)
    arrays = {name: getattr(found, name) for name in VALUES} | {"overview_cells": overview.cells}
    for name, array in arrays.items():
        with replacing(folder / f"{name}.npy") as temporary, open(temporary, "wb") as file:
            np.save(file, np.asfortranarray(array))  # the viewer asks for cycles more often than for cells


def _write_json(path: Path, content: dict[str, Any]) -> None:
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(content, indent=1), encoding="utf-8")
