"""Lines of the book of what is done: plain values, each with a checksum."""

from __future__ import annotations

import base64
import json
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Estimates

__all__ = ["pack_estimates", "read_lines", "to_bytes", "unpack_estimates"]


def to_bytes(line: dict[str, Any]) -> bytes:
    """A line with its checksum in front."""
    text = json.dumps(line).encode("ascii")
    return b"%08x %s\n" % (zlib.crc32(text), text)


def read_lines(path: Path) -> list[dict[str, Any]] | None:
    """Lines of a book up to the first that is torn or damaged, which nothing after it can mend; None without a book."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    lines = []
    for line in content.split(b"\n")[:-1]:
        head, _, text = line.partition(b" ")
        if head != b"%08x" % zlib.crc32(text):
            break
        lines.append(json.loads(text))
    return lines


def pack_estimates(estimates: Estimates) -> dict[str, Any]:
    """Estimates as plain values, bit for bit."""
    return {"estimates": {name: _pack(array) for name, array in estimates.pack().items()}}


def unpack_estimates(line: dict[str, Any]) -> Estimates:
    """What `pack_estimates` packed."""
    return Estimates.unpack({name: _unpack(packed) for name, packed in line["estimates"].items()})


def _pack(array: NDArray[Any]) -> list[Any]:
    """Type, shape and bytes."""
    data = base64.b64encode(np.ascontiguousarray(array).tobytes()).decode("ascii")
    return [array.dtype.str, list(array.shape), data]


def _unpack(packed: list[Any]) -> NDArray[Any]:
    dtype, shape, data = packed
    return np.frombuffer(base64.b64decode(data), dtype).reshape(shape).copy()
