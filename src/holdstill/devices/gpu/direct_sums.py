"""Sums of a Gauss-Newton step for a shift; equals `PlainDevice.direct_sums` within 1e-4 relative."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import DirectSums, FloatArray, NoiseModel, Spline
from holdstill.devices.gpu.frames import images_of, kind_of, row_words
from holdstill.devices.gpu.machine import Machine, in_batches
from holdstill.devices.gpu.mapping import FAR, finite, overlaps
from holdstill.devices.gpu.products import Terms
from holdstill.devices.gpu.spline import join_pairs, noise_words, reference_of, spline_rows

__all__ = ["direct_sums"]

# rows that a thread walks down: few enough that float32 sums stay exact, many enough to use what it has loaded
TALL = 64

ROW = np.dtype(
    [
        ("frame", "u4"), ("starts", "i4", 3), ("stops", "i4", 3), ("floors", "i4", 3), ("nearest", "i4", 3),
        ("gain", "f4"), ("offset", "f4"), ("cut", "f4"), ("values", "f4", 12), ("slopes", "f4", 12),
    ]
)  # fmt: skip


def direct_sums(
    machine: Machine,
    frames: Any,
    spline: Spline,
    shifts: FloatArray,
    gains: FloatArray,
    offsets: FloatArray,
    noise: NoiseModel,
    cutoffs: FloatArray,
) -> DirectSums:
    """See `Device.direct_sums`."""
    shape = frames.shape[1:]
    volume = (1,) * (3 - len(shape)) + shape
    terms, flat = Terms(len(shape), powers=False), 3 - len(shape)
    rows = _rows(shape, np.clip(finite(shifts), -FAR, FAR), gains, offsets, cutoffs)
    lanes = terms.lanes(machine.workgroup_bytes)
    tiles = (volume[0], -(-volume[1] // TALL), -(-volume[2] // lanes))
    columns = [(axis, (0, 0, 0)) for axis in range(len(shape))]

    def run(part: slice) -> DirectSums:
        with machine.call() as call:
            images, chosen = images_of(call, frames, part)
            coefficients, mask, masked = reference_of(call, spline)
            settings = rows[part].copy()
            settings["frame"] = chosen
            kernel = machine.kernel(
                "direct_sums", KIND=images.kind, MASKED=masked, VOLUME=not flat, TALL=TALL,
                CODE=terms.code(lanes) + _bases(len(shape)),
            )  # fmt: skip
            sums = call.empty(4 * len(chosen) * math.prod(tiles) * terms.n_outputs)
            size = call.put(images.size)
            buffers = [images.buffer, size, coefficients, mask, noise_words(call, noise), call.put(settings), sums]
            call.run(kernel, buffers, (tiles[2], tiles[1] * tiles[0], len(chosen)))
            found = call.read(sums, (len(chosen), *tiles, terms.n_outputs), np.float32)
        return terms.matrices(found, [np.zeros(n) for n in tiles], columns)

    per_frame = 4 * math.prod(shape[:-1]) * row_words(shape[-1], kind_of(frames.dtype))
    return join_pairs(in_batches(len(frames), machine.batch_bytes // max(per_frame, 1), run), len(columns) + 2)


def _bases(ndim: int) -> str:
    """The order in which derivatives enter the sums: z, y, x."""
    given = "z, y, x" if ndim == 3 else "y, x"
    return (
        f"fn bases_of(z: f32, y: f32, x: f32) -> array<f32, BASES> {{ return array<f32, BASES>({given}); }}\n"
    )  # fmt: skip


def _rows(
    shape: tuple[int, ...], shifts: FloatArray, gains: FloatArray, offsets: FloatArray, cutoffs: FloatArray
) -> NDArray[Any]:
    """What the kernel has to know of each frame."""
    rows = np.zeros(len(shifts), ROW)
    rows["stops"], first = 1, 3 - len(shape)
    rows["values"][:, 0] = 1  # in two dimensions there is one plane
    for axis, length in enumerate(shape, first):
        s = shifts[:, axis - first]
        base = np.floor(-s)
        rows["starts"][:, axis], rows["stops"][:, axis] = overlaps(length, s)
        rows["floors"][:, axis], rows["nearest"][:, axis] = base, np.floor(0.5 - s)
        value, slope = spline_rows(-s - base)
        rows["values"][:, 4 * axis : 4 * axis + 4], rows["slopes"][:, 4 * axis : 4 * axis + 4] = value, slope
    rows["gain"], rows["offset"] = gains, offsets
    rows["cut"] = 1.0 / np.asarray(cutoffs, np.float64) ** 2
    return rows
