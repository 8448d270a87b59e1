"""Resampling by displacements; equals `PlainDevice.resample_field` to one grey level."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import INTERPOLATIONS, ControlGrid, FloatArray, Frames
from holdstill.devices.gpu.machine import Machine
from holdstill.devices.gpu.mapping import FAR, finite
from holdstill.devices.gpu.resample import Tables, check_names, resample
from holdstill.transforms.coverage import BORDER_PX

__all__ = ["resample_field"]

ROW = np.dtype([("frame", "u4"), ("counts", "u4", 3)])
CELL = np.dtype([("before", "u4"), ("share", "f4")])


def resample_field(
    machine: Machine,
    frames: Any,
    grid: ControlGrid,
    displacements: FloatArray,
    *,
    interpolation: str,
    edge: str,
    fill: float,
    out: Frames,
) -> NDArray[np.int64]:
    """See `Device.resample_field`."""
    check_names(interpolation, edge)
    flat = 3 - grid.ndim
    rows = np.zeros(len(out), ROW)
    rows["counts"] = (*(1,) * flat, *grid.counts)
    nodes = np.clip(finite(np.reshape(displacements, (len(out), -1))), -FAR, FAR).astype(np.float32)
    moved = [axis + flat for axis in grid.moved]
    constants = {
        "METHOD": INTERPOLATIONS.index(interpolation), "BORDER": BORDER_PX, "MOVED": len(moved), "MOVE_Z": 0 in moved,
        "MOVE_Y": 1 in moved, "MOVE_X": 2 in moved,
    }  # fmt: skip
    settings: dict[str, Any] = {"interpolation": interpolation, "edge": edge, "fill": fill, "out": out}
    tables = Tables(nodes, _find_cells(grid, out.shape[1:]))
    return resample(machine, frames, "resample_field", rows, constants, tables=tables, **settings)


def _find_cells(grid: ControlGrid, shape: tuple[int, ...]) -> NDArray[Any]:
    """Between which control points the pixels lie along z, y and x."""
    parts = [np.zeros(3 - grid.ndim, CELL)]
    for axis, length in enumerate(shape):
        part = np.zeros(length, CELL)
        part["before"], part["share"] = grid.find_cells(axis, np.arange(length, dtype=np.float64))
        parts.append(part)
    return np.concatenate(parts)
