"""A window of one plane of a TIFF file: only the rows, strips or tiles that it touches are read."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Frames
from holdstill.errors import FileError
from holdstill.io.handles import HandlePool
from holdstill.io.tiff.layout import TiffLayout
from holdstill.io.tiff.planes import EncodedPlanes, read_exactly

__all__ = ["block_rows", "can_cut", "pick", "read_encoded", "read_raw"]


def read_raw(layout: TiffLayout, handles: HandlePool, plane: int, rows: slice, columns: slice) -> Frames:
    """A window, (rows, columns, samples), of a plane that lies in the file as in memory; whole rows are read."""
    stack = layout.stack
    page, inner = divmod(plane, stack.planes_per_page)
    height, width, samples = stack.page_shape[2:]
    block = np.empty((rows.stop - rows.start, width, samples), stack.dtype)
    row_bytes = width * samples * block.itemsize
    path = stack.paths[stack.file_of[page]]
    start = int(stack.offsets[page, 0]) + (inner * height + rows.start) * row_bytes
    with handles.borrow(path) as handle:
        got = read_exactly(handle, start, block.data.cast("B"))
    if got < block.nbytes:
        frame = layout.frame_of(page)
        raise FileError(f"{path}: became shorter since it was opened: its data end in frame {frame}; open it again")
    if stack.is_swapped:
        block.byteswap(inplace=True)
    return block[:, columns]


def read_encoded(reader: EncodedPlanes, layout: TiffLayout, plane: int, rows: slice, columns: slice) -> Frames:
    """A window, (rows, columns, samples), of a plane in strips or tiles, of which those that it touches are decoded."""
    stack = layout.stack
    page, inner = divmod(plane, stack.planes_per_page)
    key = reader.key_of(page)
    across, down = _grid(key, stack.page_shape)
    high, wide = _block(key)
    out = np.empty((rows.stop - rows.start, columns.stop - columns.start, stack.page_shape[4]), stack.dtype)
    for ty in range(rows.start // high, -(-rows.stop // high)):
        for tx in range(columns.start // wide, -(-columns.stop // wide)):
            tile = reader.decode_segment(page, (inner * down + ty) * across + tx)
            y, x = ty * high, tx * wide
            top, bottom = max(y, rows.start), min(y + high, rows.stop)
            left, right = max(x, columns.start), min(x + wide, columns.stop)
            place = out[top - rows.start : bottom - rows.start, left - columns.start : right - columns.start]
            place[...] = key.nodata if tile is None else tile[0, top - y : bottom - y, left - x : right - x]
    return out


def block_rows(reader: EncodedPlanes, page: int) -> int:
    """Rows that are decoded together."""
    return _block(reader.key_of(page))[0]


def can_cut(layout: TiffLayout) -> bool:
    """Whether segments lie in rows and columns as this file takes them: planes without depth of their own."""
    return layout.stack.page_shape[1] == 1


def _block(key: Any) -> tuple[int, int]:
    if key.is_tiled:
        return int(key.tilelength), int(key.tilewidth)
    return int(min(key.rowsperstrip, key.imagelength)), int(key.imagewidth)


def _grid(key: Any, shape: tuple[int, ...]) -> tuple[int, int]:
    high, wide = _block(key)
    return -(-shape[3] // wide), -(-shape[2] // high)


def pick(block: NDArray[Any], channel: int) -> Frames:
    """One of the interleaved samples, (rows, columns)."""
    return np.ascontiguousarray(block[:, :, channel if block.shape[2] > 1 else 0])
