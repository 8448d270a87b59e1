"""Regions drawn in the page, as a mask for ``--mask``."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np
import tifffile
from numpy.typing import NDArray

from holdstill.errors import InputError
from holdstill.result.registration import Registration

__all__ = ["fill_polygons", "mask_of_body", "parse_rings", "place_rings"]

MOST_CORNERS, MOST_PX = 20_000, 1 << 28


def mask_of_body(body: bytes, shape: tuple[int, ...]) -> bytes:
    """A TIFF, uint8: 255 inside the polygons of a request, ``{"polygons": [[[y, x], ...], ...]}``, else 0.

    For volumes the polygons count in every plane. Raises InputError where there is none, or none that holds a pixel;
    ValueError, KeyError or TypeError where they are malformed.
    """
    rings = parse_rings(json.loads(body)["polygons"])
    if not rings:
        raise InputError("there is no region; draw at least one")
    if np.prod(shape[-2:], dtype=np.int64) > MOST_PX:
        raise InputError(f"frames of {' x '.join(map(str, shape))} px are too large for a mask of as many pixels")
    plane = fill_polygons(rings, shape[-2:])
    if not plane.any():
        raise InputError("the regions hold no pixel; draw larger ones")
    mask = np.broadcast_to(np.where(plane, np.uint8(255), np.uint8(0)), shape)
    target = io.BytesIO()
    tifffile.imwrite(target, mask, photometric="minisblack", compression="zlib")
    return target.getvalue()


def parse_rings(given: Any) -> list[NDArray[np.float64]]:
    """Polygons, (n, 2) each, of lists. Raises ValueError or TypeError where they are none; InputError for too many."""
    if not isinstance(given, list):
        raise TypeError("polygons are lists of corners")
    rings = [np.array(ring, np.float64).reshape(-1, 2) for ring in given]
    if sum(map(len, rings)) > MOST_CORNERS:
        raise InputError(f"the regions have more than {MOST_CORNERS} corners; draw fewer")
    if not all(len(ring) and np.isfinite(ring).all() for ring in rings):
        raise ValueError("a polygon has no corners, or one that is not finite")
    return rings


def place_rings(
    rings: list[NDArray[np.float64]], found: Registration | None, t: int, z: float | None, *, on_frame: bool
) -> list[list[list[float]]]:
    """Polygons of frame `t` as the reference has them, or the other way round (`on_frame`); (y, x) px.

    Of volumes they lie on plane `z`, and what the other axis says is left out. Without a result nothing moves.
    """
    if found is None:
        return [ring.tolist() for ring in rings]
    transform = found[t] if on_frame else found[t].inverse
    placed = []
    for ring in rings:
        whole = ring if len(found.frame_shape) == 2 else np.insert(ring, 0, z or 0.0, axis=1)
        placed.append(np.round(transform.map(whole)[:, -2:], 3).tolist())
    return placed


def fill_polygons(rings: list[NDArray[Any]], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Pixels, (y, x), whose centre lies within any of the polygons, (n, 2) each, by the even-odd rule."""
    filled = np.zeros(shape, bool)
    for ring in rings:
        first = np.clip(np.floor(ring.min(axis=0)).astype(int), 0, shape)
        last = np.clip(np.ceil(ring.max(axis=0)).astype(int) + 1, 0, shape)
        y, x = (np.arange(a, b, dtype=np.float64) for a, b in zip(first, last, strict=True))
        odd = np.zeros((len(y), len(x)), bool)
        for (ya, xa), (yb, xb) in zip(ring, np.roll(ring, -1, axis=0), strict=True):
            rows = (ya > y) != (yb > y)
            if ya != yb:
                odd[rows] ^= x < (xa + (y[rows] - ya) / (yb - ya) * (xb - xa))[:, None]
        filled[first[0] : last[0], first[1] : last[1]] |= odd
    return filled
