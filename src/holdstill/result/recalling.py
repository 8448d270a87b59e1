"""How a result's frames were written, so that they can be shown again just so."""

from __future__ import annotations

from holdstill.contracts import INTERPOLATIONS
from holdstill.resampling.settings import KNOWN_EDGES, Resampling
from holdstill.result.value import RegistrationValue

__all__ = ["recall_box", "recall_resampling"]


def recall_resampling(registration: RegistrationValue) -> Resampling:
    """The resampling that a result tells of, whole frames of it; the usual one where it tells of none."""
    told = registration.provenance.get("resampling")
    if not isinstance(told, dict):
        return Resampling()
    interpolation, edge, fill = (told.get(name) for name in ("interpolation", "edge", "fill"))
    if interpolation not in INTERPOLATIONS or edge not in KNOWN_EDGES or not isinstance(fill, int | float):
        return Resampling()
    dtype = "float32" if told.get("dtype") == "float32" else None
    return Resampling(interpolation=interpolation, edge=edge, fill=fill, dtype=dtype)


def recall_box(registration: RegistrationValue) -> tuple[slice, ...] | None:
    """The region that a result says its frames were cropped to, ``([z,] y, x)``; None where it tells of none."""
    told = registration.provenance.get("resampling")
    sides = told.get("crop") if isinstance(told, dict) else None
    shape = registration.frame_shape
    if not isinstance(sides, list) or len(sides) != len(shape):
        return None
    box = [slice(*side) for side in sides if isinstance(side, list) and [type(n) for n in side] == [int, int]]
    fits = len(box) == len(shape) and all(0 <= b.start < b.stop <= n for b, n in zip(box, shape, strict=True))
    return tuple(box) if fits else None
