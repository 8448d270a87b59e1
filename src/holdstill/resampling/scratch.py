"""Memory that is used again: the first touch of fresh memory costs more than the work done in it."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Frames

__all__ = ["Scratch"]


class Scratch(threading.local):
    """One buffer a thread, as large as the largest array that it asked for."""

    buffer: NDArray[np.uint8] | None = None

    def get(self, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Frames:
        """An array of any values, good until the same thread asks for the next."""
        size = int(np.prod(shape)) * dtype.itemsize
        if self.buffer is None or self.buffer.size < size:
            self.buffer = np.empty(size, np.uint8)
        return self.buffer[:size].view(dtype).reshape(shape)
