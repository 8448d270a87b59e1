"""Correlation in the overlap at whole-pixel shifts; equals `PlainDevice.overlap_correlation` within 1e-4."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import FloatArray
from holdstill.devices.gpu.frames import Images, images_of, kind_of, row_words
from holdstill.devices.gpu.machine import Call, Machine, in_batches

__all__ = ["overlap_correlation"]

LANES, TALL = 64, 64
# below this share of the squares, a variance is rounding
LEAST = 1e-6

ITEM = np.dtype([("frame", "u4"), ("starts", "i4", 3), ("stops", "i4", 3), ("shift", "i4", 3)])


def overlap_correlation(
    machine: Machine, frames: Any, reference: NDArray[np.float32], shifts: NDArray[np.int64]
) -> FloatArray:
    """See `Device.overlap_correlation`."""
    shape, (n, k) = reference.shape, shifts.shape[:2]
    volume = (1,) * (3 - len(shape)) + shape
    moves = np.pad(shifts, ((0, 0), (0, 0), (3 - len(shape), 0)))
    tiles = (-(-volume[0] * volume[1] // TALL), -(-volume[2] // LANES))
    # centred on the reference's mean: one-pass sums in float32 would lose a small contrast on a high pedestal
    centre = np.array([reference.mean(dtype=np.float64)], np.float32)
    at_once = min(machine.adapter.workgroups, max(1, machine.batch_bytes // (20 * math.prod(tiles))))

    def run(part: slice) -> FloatArray:
        with machine.call() as call:
            images, chosen = images_of(call, frames, part)
            items = _items(volume, moves[part], chosen)
            fixed = call.put(np.ascontiguousarray(reference, np.float32)), call.put(centre)
            sums = [
                _sum_overlap(call, images, fixed, items[i : i + at_once], tiles) for i in range(0, len(items), at_once)
            ]
        return _scores(np.concatenate(sums), items).reshape(-1, k)

    if not n or not k:
        return np.empty((n, k))
    per_frame = 4 * math.prod(shape[:-1]) * row_words(shape[-1], kind_of(frames.dtype))
    return np.concatenate(in_batches(n, machine.batch_bytes // max(per_frame, 1), run))


def _items(volume: tuple[int, ...], moves: NDArray[np.int64], chosen: NDArray[np.uint32]) -> NDArray[Any]:
    """One for each frame and shift."""
    n, k = moves.shape[:2]
    items = np.zeros(n * k, ITEM)
    flat, length = moves.reshape(-1, 3), np.array(volume)
    flat = np.clip(flat, -length, length)  # further apart is apart all the same
    items["frame"], items["shift"] = np.repeat(chosen, k), flat
    items["starts"], items["stops"] = np.maximum(flat, 0), np.minimum(length + flat, length)
    return items


def _sum_overlap(
    call: Call, images: Images, fixed: tuple[Any, Any], items: NDArray[Any], tiles: tuple[int, int]
) -> FloatArray:
    """Sums over the overlap, (items, 5)."""
    sums = call.empty(20 * len(items) * math.prod(tiles))
    kernel = call.machine.kernel("overlap", KIND=images.kind, TALL=TALL)
    buffers = [images.buffer, call.put(images.size), *fixed, call.put(items), sums]
    call.run(kernel, buffers, (tiles[1], tiles[0], len(items)))
    found = call.read(sums, (len(items), math.prod(tiles), 5), np.float32)
    return np.asarray(found.sum(axis=1, dtype=np.float64))


def _scores(sums: FloatArray, items: NDArray[Any]) -> FloatArray:
    """Pearson correlations from sums; -1 where nothing can be said."""
    count = np.prod(np.maximum(items["stops"] - items["starts"], 0), axis=1, dtype=np.float64)
    a, b, aa, bb, ab = sums.T
    pixels = np.maximum(count, 1)
    var_a, var_b = aa - a * a / pixels, bb - b * b / pixels
    telling = (count >= 2) & (var_a > LEAST * aa) & (var_b > LEAST * bb)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(telling, (ab - a * b / pixels) / np.sqrt(var_a * var_b), -1.0)
