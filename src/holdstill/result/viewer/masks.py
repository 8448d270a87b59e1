"""Regions drawn in the page, as a mask for ``--mask``."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np
import tifffile
from numpy.typing import NDArray

from holdstill.errors import InputError

__all__ = ["fill_polygons", "mask_of_body"]

MOST_CORNERS, MOST_PX = 20_000, 1 << 28


def mask_of_body(body: bytes, shape: tuple[int, ...]) -> bytes:
    """A TIFF, uint8: 255 inside the polygons of a request, ``{"polygons": [[[y, x], ...], ...]}``, else 0.

    For volumes the polygons count in every plane. Raises InputError where there is none, or they are malformed.
    """
    try:
        rings = [np.array(ring, np.float64).reshape(-1, 2) for ring in json.loads(body)["polygons"]]
    except (TypeError, ValueError, KeyError) as error:
        raise InputError(f"the regions cannot be read ({error}); draw them again") from error
    if not rings or sum(map(len, rings)) > MOST_CORNERS or not all(np.isfinite(ring).all() for ring in rings):
        raise InputError("there is no region, or one of too many corners; draw at least one")
    if np.prod(shape[-2:], dtype=np.int64) > MOST_PX:
        raise InputError(f"frames of {' x '.join(map(str, shape))} px are too large for a mask of as many pixels")
    plane = fill_polygons(rings, shape[-2:])
    if not plane.any():
        raise InputError("the regions hold no pixel; draw larger ones")
    mask = np.broadcast_to(np.where(plane, np.uint8(255), np.uint8(0)), shape)
    target = io.BytesIO()
    tifffile.imwrite(target, mask, photometric="minisblack", compression="zlib")
    return target.getvalue()


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
