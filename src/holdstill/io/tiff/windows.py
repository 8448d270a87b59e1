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

# narrower windows than this share of a row are read piece by piece
NARROW = 8


def read_raw(layout: TiffLayout, handles: HandlePool, plane: int, rows: slice, columns: slice) -> Frames:
    """A window, (rows, columns, samples), of a plane that lies in the file as in memory.

    Whole rows are read in one go; of a narrow window its part of each row: of 48 x 48 px of a slide of 20,000, 5 kB in
    place of 2 MB.
    """
    stack = layout.stack
    page, inner = divmod(plane, stack.planes_per_page)
    height, width, samples = stack.page_shape[2:]
    is_narrow = NARROW * (columns.stop - columns.start) < width
    first, last = (columns.start, columns.stop) if is_narrow else (0, width)
    block = np.empty((rows.stop - rows.start, last - first, samples), stack.dtype)
    pixel_bytes = samples * block.itemsize
    path = stack.paths[stack.file_of[page]]
    start = int(stack.offsets[page, 0]) + ((inner * height + rows.start) * width + first) * pixel_bytes
    pieces = block if is_narrow else [block]
    with handles.borrow(path) as handle:
        got = sum(
            read_exactly(handle, start + number * width * pixel_bytes, piece.data.cast("B"))
            for number, piece in enumerate(pieces)
        )
    if got < block.nbytes:
        frame = layout.frame_of(page)
        raise FileError(f"{path}: became shorter since it was opened: its data end in frame {frame}; open it again")
    if stack.is_swapped:
        block.byteswap(inplace=True)
    return block if is_narrow else block[:, columns]


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
