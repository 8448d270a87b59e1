"""Dense inverse search of OpenCV, for comparison."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.extras import require

__all__ = ["search_inverse"]

# percentiles between which grey values become eight bits
GREY_RANGE = (0.5, 99.8)


def search_inverse(
    image: NDArray[np.float32], frame: NDArray[np.float32], flow: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Flow of a plane by OpenCV, in 8 bits, from a first `flow`, (2, y, x) px."""
    cv2: Any = require("cv2", "features", "dense inverse search")
    low, high = np.nanpercentile(image, GREY_RANGE)
    grey = [
        np.nan_to_num(np.clip((one - low) / max(high - low, 1e-12), 0, 1) * 255).astype(np.uint8)
        for one in (image, frame)
    ]
    start = np.ascontiguousarray(np.moveaxis(flow[::-1], 0, -1))
    found = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM).calc(*grey, start)
    return np.ascontiguousarray(np.moveaxis(found, -1, 0)[::-1])
