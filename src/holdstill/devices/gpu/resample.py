"""What both ways of resampling share: batches, storage of the result, frames that do not move."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import EDGES, INTERPOLATIONS, Frames
from holdstill.devices.gpu.frames import STORED, Images, images_of, kind_of, row_words
from holdstill.devices.gpu.machine import Call, Machine, in_batches
from holdstill.errors import UnknownName

__all__ = ["TAPS", "Tables", "check_names", "resample"]

ROWS = 16
TAPS = {"nearest": 1, "linear": 2, "cubic": 4, "lanczos": 6}
OUTPUTS = {"f4": 0, "u1": 1, "u2": 2, "i2": 3}


@dataclass(frozen=True, eq=False)
class Tables:
    """What a kernel looks up besides: rows of 4-byte numbers for `each` frame, and what is `shared` by all."""

    each: NDArray[np.float32]
    shared: NDArray[Any]


def check_names(interpolation: str, edge: str) -> None:
    """Raises UnknownName for an interpolation or an edge that there is not."""
    if edge not in EDGES:
        raise UnknownName(f"there is no edge {edge!r}; choose one of {', '.join(EDGES)}")
    if interpolation not in INTERPOLATIONS:
        raise UnknownName(f"there is no interpolation {interpolation!r}; choose one of {', '.join(INTERPOLATIONS)}")


def resample(
    machine: Machine,
    frames: Any,
    name: str,
    rows: NDArray[Any],
    constants: dict[str, Any],
    *,
    interpolation: str,
    edge: str,
    fill: float,
    out: Frames,
    tables: Tables | None = None,
) -> NDArray[np.int64]:
    """Run the kernel of that name on all frames; `rows` is what it has to know of each."""
    shape, taps = out.shape[1:], TAPS[interpolation]
    kind = kind_of(out.dtype)
    constants = {
        **constants, "VOLUME": len(shape) == 3, "TAPS": taps, "TAPS_Z": taps if len(shape) == 3 else 1, "ROWS": ROWS,
        "OUT": OUTPUTS[kind], "REFLECT": edge == "reflect", "CONSTANT": edge == "constant",
    }  # fmt: skip

    def run(part: slice) -> NDArray[np.int64]:
        with machine.call() as call:
            images, chosen = images_of(call, frames, part, exact=True)
            settings = rows[part].copy()
            settings["frame"] = chosen
            more = [] if tables is None else [call.put(tables.each[part]), call.put(tables.shared)]
            kernel = machine.kernel(name, KIND=images.kind, **constants)
            return _resample(call, kernel, images, settings, fill, out[part], more)

    if not out.size:
        return np.zeros(len(out), np.int64)
    looked_up = 0 if tables is None else tables.each[:1].nbytes
    sides = ((shape, kind), (frames.shape[1:], kind_of(frames.dtype)))
    per_frame = looked_up + 4 * max(math.prod(one[:-1]) * row_words(one[-1], k) for one, k in sides)
    return np.concatenate(in_batches(len(out), machine.batch_bytes // max(per_frame, 1), run))


def _resample(
    call: Call, kernel: Any, images: Images, settings: NDArray[Any], fill: float, out: Frames, more: list[Any]
) -> NDArray[np.int64]:
    depth, height, width = (1,) * (4 - out.ndim) + out.shape[1:]
    kind = kind_of(out.dtype)
    words = row_words(width, kind)
    made = call.empty(4 * len(settings) * depth * height * words)
    clamps = call.zeros(4 * len(settings))
    size, filled = images.size_for((depth, height, width)), np.array([fill], np.float32)
    buffers = [images.buffer, call.put(size), call.put(settings), call.put(filled)]
    groups = (-(-words // 64), depth * -(-height // ROWS), len(settings))
    call.run(kernel, [*buffers, made, clamps, *more], groups)
    whole = out.dtype in STORED and out.flags.c_contiguous and words * 4 == width * out.itemsize
    shape = (len(settings), depth, height, words)
    target = out.view(np.uint32).reshape(shape) if whole else None
    counts, pixels = call.read_all([(clamps, (len(settings),), np.uint32, None), (made, shape, np.uint32, target)])
    if not whole:
        cut = pixels.view(kind)[..., :width].reshape(out.shape)
        counts = counts + _store(cut, out)
    return counts.astype(np.int64)


def _store(values: Frames, out: Frames) -> NDArray[np.int64]:
    """Put values where they belong; those of dtypes that kernels do not write are rounded and clamped here."""
    if values.dtype == out.dtype or out.dtype.kind not in "iu":
        out[...] = values
        return np.zeros(len(out), np.int64)
    info, rounded = np.iinfo(out.dtype), np.rint(values.astype(np.float64))
    low, high = float(info.min), _below(info.max)
    out[...] = np.clip(rounded, low, high).astype(out.dtype)
    outside = (rounded < info.min) | (rounded > float(info.max))
    return np.count_nonzero(outside, axis=tuple(range(1, out.ndim)))


def _below(top: int) -> float:
    """The largest float64 that an integer dtype holds."""
    value = float(top)
    return value if int(value) <= top else float(np.nextafter(value, 0.0))
