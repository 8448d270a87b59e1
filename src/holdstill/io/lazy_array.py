"""Frames of a lazy array whose blocks hold many: each block is computed once, not once a frame."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from typing import Any

import numpy as np

__all__ = ["BlockReader", "has_long_blocks"]

# blocks that are kept: of two threads each walks along its own
KEPT_BLOCKS = 2
# larger ones are sliced frame by frame: cheap where Dask reads a file, slow where it computes
MOST_BYTES = 1 << 30


def has_long_blocks(images: Any) -> bool:
    """Whether an array is one of Dask, in blocks of more than one frame that fit into memory."""
    is_dask = hasattr(images, "__dask_graph__") and hasattr(images, "compute") and hasattr(images, "chunks")
    return bool(is_dask and images.chunks and max(images.chunks[0]) > 1 and _block_bytes(images) <= MOST_BYTES)


def _block_bytes(images: Any) -> int:
    rest = math.prod(int(size) for size in images.shape[1:])
    return int(max(images.chunks[0])) * rest * int(images.dtype.itemsize)


class BlockReader:
    """Reads ranges along the first axis of a Dask array; the last two blocks that were computed are kept.

    Parameters
    ----------
    images : dask array
    """

    def __init__(self, images: Any) -> None:
        self._images = images
        self._starts = np.concatenate([[0], np.cumsum(images.chunks[0])])
        self._blocks: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def block_bytes(self) -> int:
        """The largest of them, all channels included."""
        return _block_bytes(self._images)

    def read(self, start: int, stop: int, others: tuple[Any, ...] = ()) -> Any:
        """Frames `start` to `stop`, computed; `others` indexes the further axes."""
        first, last = np.searchsorted(self._starts, [start, max(start, stop - 1)], side="right") - 1
        parts = []
        for number in range(int(first), int(last) + 1):
            begin, end = int(self._starts[number]), int(self._starts[number + 1])
            parts.append(self._block(begin, end, others)[max(start - begin, 0) : max(stop - begin, 0)])
        return parts[0] if len(parts) == 1 else _join(parts)

    def _block(self, begin: int, end: int, others: tuple[Any, ...]) -> Any:
        key = (begin, *((one.start, one.stop) if isinstance(one, slice) else one for one in others))
        with self._lock:
            if key not in self._blocks:
                self._blocks[key] = self._images[(slice(begin, end), *others)].compute()
            self._blocks.move_to_end(key)
            while len(self._blocks) > KEPT_BLOCKS:
                self._blocks.popitem(last=False)
            return self._blocks[key]

    def __getstate__(self) -> Any:
        """The array travels to workers, what was computed of it does not."""
        return self._images

    def __setstate__(self, images: Any) -> None:
        self.__init__(images)  # type: ignore[misc]


def _join(parts: list[Any]) -> Any:
    """One array of several, masked where they are."""
    joining = np.ma.concatenate if any(isinstance(part, np.ma.MaskedArray) for part in parts) else np.concatenate
    return joining(parts)
