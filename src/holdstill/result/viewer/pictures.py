"""Pixels as pictures for a page."""

from __future__ import annotations

from typing import Any

import imagecodecs
import numpy as np
import scipy  # loads its parts when they are needed
from numpy.typing import NDArray

__all__ = ["border", "encode_png", "limits", "stretch"]

LOW, HIGH = 0.5, 99.7
SHOWN_PX = 90
NOTHING = np.array([96, 96, 104], np.uint8)
OUTLINE = np.array([255, 214, 10], np.uint8)


def limits(pixels: NDArray[Any]) -> tuple[float, float]:
    """The values that become black and white, by percentiles of what is known."""
    known = pixels[np.isfinite(pixels)] if pixels.dtype.kind == "f" else pixels.ravel()
    if not known.size:
        return 0.0, 1.0
    low, high = np.percentile(known, [LOW, HIGH])
    return float(low), float(max(high, low + 1e-9))


def stretch(pixels: NDArray[Any], scale: NDArray[Any]) -> NDArray[np.uint8]:
    """Grey values, (y, x), with the contrast that suits `scale`; where some are NaN RGB, (y, x, 3), NaN in a colour."""
    low, high = limits(scale)
    unknown = ~np.isfinite(pixels)
    values = np.clip((np.where(unknown, 0, pixels).astype(np.float32) - low) / (high - low), 0, 1)
    picture: NDArray[np.uint8] = (values * 255).astype(np.uint8)
    if not unknown.any():
        return picture  # packed in a third of the time
    picture = np.repeat(picture[..., None], 3, axis=2)
    picture[unknown] = NOTHING
    return picture


def border(inside: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """The border of a region, between pixels that were enlarged until they are seen, RGBA; clear elsewhere."""
    times = max(1, 192 // max(inside.shape))
    region = inside.repeat(times, axis=0).repeat(times, axis=1)
    # as wide as a pixel of the page, where a picture may be no wider than this
    wide = -(-max(region.shape) // SHOWN_PX)
    line = scipy.ndimage.binary_dilation(region, iterations=wide) & ~region
    picture = np.zeros((*line.shape, 4), np.uint8)
    picture[line] = (*OUTLINE, 255)
    return picture


def encode_png(picture: NDArray[np.uint8]) -> bytes:
    """A picture as PNG, packed lightly: it goes no further than this machine."""
    return bytes(imagecodecs.png_encode(np.ascontiguousarray(picture), level=1))
