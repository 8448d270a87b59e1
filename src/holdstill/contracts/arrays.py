"""Arrays that pass between the floors."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["FloatArray", "Frames"]

Frames = NDArray[Any]
FloatArray = NDArray[np.float64]
