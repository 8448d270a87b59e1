"""Arrays inside JSON: few numbers as numbers that people can read, many as bytes, pictures as grey levels."""

from __future__ import annotations

import base64
import json
import re
import uuid
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Numbers", "make_plain", "pack_array", "pack_lazily", "pack_picture", "unpack_array", "unpack_picture",
    "write_text",
]  # fmt: skip

# nobody reads more parameters than an affine motion of volumes has, or more shifts than 16,384 frames have; and digits
# take 1 kB a frame in the memory of who opens them, and of 48,000 frames four times as long to read as bytes do
READABLE_COLUMNS, READABLE_NUMBERS = 16, 1 << 15
PICTURE_PIXELS = 1 << 22
BYTES = "float64"
# numbers whose text is made at once: a multiple of three, so that base64 can be put together
PIECE = 3 << 13


class Numbers:
    """An array that stands in JSON as bytes: made when it is asked for, and its text a piece at a time.

    Parameters
    ----------
    make : callable
        Returns the array.
    shape : tuple of int
    """

    def __init__(self, make: Callable[[], NDArray[np.float64]], shape: tuple[int, ...]) -> None:
        self._make, self.shape = make, shape

    def read(self) -> NDArray[np.float64]:
        """The array."""
        return self._make()

    def write_text(self) -> Iterator[str]:
        """Base64 of little-endian float64, 10.7 characters a number where digits take about 20."""
        flat = np.ascontiguousarray(self._make(), "<f8").ravel()
        for first in range(0, len(flat), PIECE):
            yield base64.b64encode(flat[first : first + PIECE].tobytes()).decode("ascii")


def pack_array(array: NDArray[np.float64], *, readable: bool = True) -> Any:
    """Rows of numbers with null for what is not finite or, where they are many, bytes; see `Numbers`."""
    return pack_lazily(lambda: array, array.shape, readable=readable)


def pack_lazily(make: Callable[[], NDArray[np.float64]], shape: tuple[int, ...], *, readable: bool = True) -> Any:
    """As `pack_array`, of an array that is made when it is written, again and again: all at once take much memory."""
    narrow = len(shape) == 1 or shape[1] <= READABLE_COLUMNS
    if readable and narrow and np.prod(shape) <= READABLE_NUMBERS:
        array = make()
        values = array.astype(object)
        values[~np.isfinite(array)] = None
        return values.tolist()
    return {"shape": list(shape), BYTES: Numbers(make, shape)}


def write_text(content: Any, **settings: Any) -> Iterator[str]:
    """JSON of values among which are `Numbers`, piece by piece; `settings` are those of `json.dumps`."""
    text, held, mark = _dump(content, **settings)
    for k, piece in enumerate(re.split(f'"{mark}:(\\d+)"', text)):
        if k % 2 == 0:
            yield piece
            continue
        yield '"'
        yield from held[int(piece)].write_text()
        yield '"'


def make_plain(content: Any) -> Any:
    """The same as it comes from a file: keys are text, tuples lists; `Numbers` stay."""
    text, held, mark = _dump(content)

    def restore(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: restore(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [restore(inner) for inner in value]
        return held[int(value[len(mark) + 1 :])] if isinstance(value, str) and value.startswith(mark) else value

    return restore(json.loads(text))


def _dump(content: Any, **settings: Any) -> tuple[str, list[Numbers], str]:
    """JSON with marks in place of `Numbers`, these, and what marks begin with, which nobody can have written."""
    held: list[Numbers] = []
    mark = uuid.uuid4().hex

    def name(value: Any) -> str:
        if not isinstance(value, Numbers):
            raise TypeError(f"{type(value).__name__} is not JSON")
        held.append(value)
        return f"{mark}:{len(held) - 1}"

    return json.dumps(content, default=name, **settings), held, mark


def unpack_array(packed: Any) -> NDArray[np.float64]:
    """What `pack_array` made; null becomes NaN. Raises ValueError, TypeError or KeyError for anything else."""
    if isinstance(packed, dict):
        shape, data = tuple(packed["shape"]), packed[BYTES]
        if isinstance(data, Numbers):
            return np.asarray(data.read(), np.float64).reshape(shape)
        if not all(type(n) is int and n >= 0 for n in shape) or not isinstance(data, str):
            raise ValueError("an array has no shape, or is not text")
        size = 8
        for n in shape:
            size *= n
        # asked before memory is taken: no shape can ask for more than the file holds
        if len(data) != 4 * -(-size // 3):
            raise ValueError("an array is not as long as its shape says")
        return np.frombuffer(base64.b64decode(data, validate=True), "<f8").reshape(shape).astype(np.float64)
    if not isinstance(packed, list):
        raise TypeError(f"{type(packed).__name__} in place of an array")
    values = np.array(packed)
    if values.dtype.kind == "O" and not {*map(type, values.flat)} <= {int, float, type(None)}:
        raise ValueError("an array holds something else than numbers")
    if values.dtype.kind not in "Ofiu":
        raise ValueError("an array holds something else than numbers")
    return values.astype(np.float64)


def pack_picture(image: NDArray[np.float32]) -> dict[str, Any]:
    """Image as 16-bit levels, compressed: a picture for a report, not a measurement."""
    finite = np.isfinite(image)
    low = float(image[finite].min()) if finite.any() else 0.0
    high = float(image[finite].max()) if finite.any() else 1.0
    levels = np.where(finite, (np.nan_to_num(image) - low) / max(high - low, 1e-30) * 65534 + 1, 0).astype("<u2")
    data = base64.b64encode(zlib.compress(levels.tobytes(), 6)).decode("ascii")
    return {"shape": list(image.shape), "low": low, "high": high, "levels": data}


def unpack_picture(packed: dict[str, Any]) -> NDArray[np.float32]:
    """What `pack_picture` made. Raises ValueError, TypeError, KeyError or zlib.error for anything else."""
    height, width = (int(n) for n in packed["shape"])
    if not 0 < height * width <= PICTURE_PIXELS:
        raise ValueError("a picture is too large")
    decompressor = zlib.decompressobj()
    data = decompressor.decompress(base64.b64decode(packed["levels"]), 2 * height * width)
    levels = np.frombuffer(data, "<u2").reshape(height, width).astype(np.float32)
    low, high = float(packed["low"]), float(packed["high"])
    return np.where(levels > 0, (levels - 1) / 65534 * (high - low) + low, np.nan).astype(np.float32)
