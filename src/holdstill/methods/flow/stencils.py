"""Slopes and cubic weights that kernels of flow share, for planes and volumes."""

from __future__ import annotations

from typing import Any

import numpy as np

from holdstill.devices.cpu.compiling import inner

__all__ = ["cubic", "slope"]


@inner
def slope(a: Any, b: Any, c: Any, d: Any) -> Any:
    """Fourth order at the middle of five pixels, of which the middle one does not count."""
    return np.float32(2.0 / 3.0) * (c - b) - np.float32(1.0 / 12.0) * (d - a)


@inner
def cubic(t: Any) -> Any:
    """Weights of four pixels at a share of the way from the second to the third (Catmull and Rom)."""
    half = np.float32(0.5)
    t2 = t * t
    t3 = t2 * t
    return (
        half * (-t3 + np.float32(2.0) * t2 - t),
        half * (np.float32(3.0) * t3 - np.float32(5.0) * t2 + np.float32(2.0)),
        half * (-np.float32(3.0) * t3 + np.float32(4.0) * t2 + t),
        half * (t3 - t2),
    )
