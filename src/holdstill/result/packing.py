"""Arrays inside JSON: few numbers as numbers that people can read, many as bytes, pictures as grey levels."""

from __future__ import annotations

import base64
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["pack_array", "pack_picture", "unpack_array", "unpack_picture"]

# nobody reads more parameters than an affine motion of volumes has, or more shifts than 65,536 frames have; and digits
# take 1 kB a frame in the memory of who opens them
READABLE_COLUMNS, READABLE_NUMBERS = 16, 1 << 17
PICTURE_PIXELS = 1 << 22
BYTES = "float64"


def pack_array(array: NDArray[np.float64], *, readable: bool = True) -> Any:
    """Rows of numbers with null for what is not finite or, where they are many, bytes.

    Those are base64 of little-endian float64, 10.7 characters a number where digits take about 20.
    """
    narrow = array.ndim == 1 or array.shape[1] <= READABLE_COLUMNS
    if readable and narrow and array.size <= READABLE_NUMBERS:
        values = array.astype(object)
        values[~np.isfinite(array)] = None
        return values.tolist()
    data = base64.b64encode(np.ascontiguousarray(array, "<f8").tobytes()).decode("ascii")
    return {"shape": list(array.shape), BYTES: data}


def unpack_array(packed: Any) -> NDArray[np.float64]:
    """What `pack_array` made; null becomes NaN. Raises ValueError, TypeError or KeyError for anything else."""
    if isinstance(packed, dict):
        shape, data = tuple(packed["shape"]), packed[BYTES]
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
    if values.dtype.kind == "O" and not all(value is None or type(value) in (int, float) for value in values.flat):
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
