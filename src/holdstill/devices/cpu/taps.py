"""Sums over four neighbours along a row, and over four rows: what cubic interpolations are made of."""

from __future__ import annotations

from typing import Any

from holdstill.devices.cpu.compiling import part

__all__ = ["sum_taps", "take_four"]


@part
def take_four(row: Any, x: int) -> Any:
    """Four pixels side by side."""
    return row[x], row[x + 1], row[x + 2], row[x + 3]


@part
def sum_taps(weights: Any, taps: Any) -> Any:
    """The weighted sum of four."""
    return weights[0] * taps[0] + weights[1] * taps[1] + weights[2] * taps[2] + weights[3] * taps[3]
