"""Each next level of a pyramid: means of two by two pixels."""

from __future__ import annotations

import numpy as np

from holdstill.contracts import Frames
from holdstill.io.canvas import round_to

__all__ = ["count_levels", "halve", "thin"]

COARSEST_PX = 512


def count_levels(height: int, width: int) -> int:
    """How many resolutions there are, the full one included, until both sides are at most 512 px."""
    levels = 1
    while max(height, width) >> (levels - 1) > COARSEST_PX and min(height, width) >> levels >= 1:
        levels += 1
    return levels


def halve(image: Frames) -> Frames:
    """Means over two by two pixels of (y, x, ...), in the same dtype; an odd last row or column is left out."""
    height, width = image.shape[0] // 2 * 2, image.shape[1] // 2 * 2
    parts = [image[y:height:2, x:width:2] for y in (0, 1) for x in (0, 1)]
    if image.dtype == np.uint8:
        total = np.full(parts[0].shape, 2, np.uint16)
        for part in parts:
            total += part
        return np.asarray(total // 4, np.uint8)
    return round_to(np.asarray(np.mean(parts, axis=0, dtype=np.float64)), image.dtype)


def thin(image: Frames) -> Frames:
    """The first of each two by two pixels of (y, x, ...), for labels; an odd last row or column is left out."""
    height, width = image.shape[0] // 2 * 2, image.shape[1] // 2 * 2
    return image[:height:2, :width:2]
