"""A result that an earlier run finished, read back: so that asking for it again need not measure again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from holdstill.errors import FileInTheWay
from holdstill.integrity.results import SUMMARY, VALUES
from holdstill.integrity.value import Integrity
from holdstill.run.job import explain_differences

__all__ = ["recall", "require_same"]

AGAIN = "choose another folder or pass overwrite (--overwrite)"


def recall(folder: Path, job: dict[str, Any]) -> Integrity | None:
    """What a run of this very job measured, if all that it wrote is there."""
    told = _read_summary(folder)
    if told is None or told.get("job") != job:
        return None
    try:
        return _read(folder, told)
    except (OSError, EOFError, ValueError, KeyError, TypeError):
        return None  # a part is gone or damaged: it is measured anew


def _read(folder: Path, told: dict[str, Any]) -> Integrity | None:
    if not all((folder / name).exists() for name in (*told["tables"], "regions.geojson", "arrays/overview_cells.npy")):
        return None
    return Integrity(
        **{name: np.load(folder / "arrays" / f"{name}.npy") for name in VALUES},
        threshold=told["threshold"], threshold_from=told["threshold_from"], names=tuple(told["names"]),
        channels=tuple(map(tuple, told["channels"])), slack=told["slack"], shape=tuple(told["shape"]),
        verdicts=tuple(told["verdicts"]), n_without_tissue=told["n_without_tissue"], had_finished=True,
    )  # fmt: skip


def require_same(folder: Path, job: dict[str, Any]) -> None:
    """Raise FileInTheWay where another job has finished in this folder; the text names what differs."""
    told = _read_summary(folder)
    different = "" if told is None else explain_differences(told.get("job") or {}, job)
    if different:
        raise FileInTheWay(f"{folder}: holds results of another job, which differs in {different}; {AGAIN}")


def _read_summary(folder: Path) -> dict[str, Any] | None:
    """The summary, None where there is none, or another program's."""
    try:
        told = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return told if isinstance(told, dict) else None
