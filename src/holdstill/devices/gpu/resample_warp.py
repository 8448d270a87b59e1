"""Resampling by maps; equals `PlainDevice.resample_warp` to one grey level."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import INTERPOLATIONS, FloatArray, Frames
from holdstill.devices.gpu.machine import Machine
from holdstill.devices.gpu.mapping import WARPS, map_rows
from holdstill.devices.gpu.resample import check_names, resample
from holdstill.transforms.coverage import BORDER_PX

__all__ = ["resample_warp"]


def resample_warp(
    machine: Machine,
    frames: Any,
    kind: str,
    warps: FloatArray,
    *,
    interpolation: str,
    edge: str,
    fill: float,
    out: Frames,
) -> NDArray[np.int64]:
    """See `Device.resample_warp`."""
    check_names(interpolation, edge)
    rows = map_rows(kind, warps, out.shape[1:])
    constants = {"WARP": WARPS[kind], "METHOD": INTERPOLATIONS.index(interpolation), "BORDER": BORDER_PX}
    settings: dict[str, Any] = {"interpolation": interpolation, "edge": edge, "fill": fill, "out": out}
    return resample(machine, frames, "resample_warp", rows, constants, **settings)
