"""Peaks of circular correlations, and images made fit to be correlated; compiled, any number of axes."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import FloatArray
from holdstill.devices.cpu.compiling import kernel, part

__all__ = ["centre", "parabola", "peaks"]

CLIP = 8.0
FLAT = 0.25
# every so-manyth pixel is enough for a median
SPARSE = 37
# a peak reaches so far
REACH = 2


def centre(images: NDArray[Any], ndim: int) -> NDArray[np.float32]:
    """Images less their mean, NaN replaced by it, and clipped at `CLIP` robust deviations.

    Between those limits a speck of dirt weighs no more than a cell. `images` end in `ndim` axes of pixels.
    """
    flat = np.ascontiguousarray(images, np.float32).reshape(-1, math.prod(images.shape[images.ndim - ndim :]))
    out = np.empty_like(flat)
    _centre(flat, out)
    low, high = _find_limits(out[:, ::SPARSE], np.isfinite(flat[:, ::SPARSE]))
    _clip(out, low, high)
    return out.reshape(images.shape)


def _find_limits(some: NDArray[np.float32], known: NDArray[np.bool_]) -> tuple[NDArray[np.float32], ...]:
    """Between what the pixels of images, (n, px), are clipped, (n,) each; those that are not known tell nothing.

    Counted as mean, those of a border made cells on a dark ground reach out of their limits.
    """
    if not known.all():
        each = [
            _find_limits(row[None, here] if here.any() else row[None], np.ones((1, 1), bool))
            for row, here in zip(some, known, strict=True)
        ]
        return tuple(np.concatenate(limits) for limits in zip(*each, strict=True))
    middles = np.median(some, axis=1)
    spreads = 1.4826 * np.median(np.abs(some - middles[:, None]), axis=1)
    # of a drawing or a mask more than half is flat
    means = some.mean(axis=1, dtype=np.float64)
    spreads = np.maximum(spreads, FLAT * 1.2533 * np.abs(some - means[:, None]).mean(axis=1))
    return (middles - CLIP * spreads).astype(np.float32), (middles + CLIP * spreads).astype(np.float32)


def peaks(surfaces: NDArray[np.float32], count: int) -> tuple[NDArray[np.int64], FloatArray]:
    """The highest points, each at least 3 px from the ones before: positions (n, count, ndim) and heights (n, count).

    They and their surroundings are erased from `surfaces`, which are contiguous.
    """
    shape, flat = surfaces.shape[1:], surfaces.reshape(len(surfaces), -1)
    positions = np.empty((len(flat), count, len(shape)), np.int64)
    heights = np.empty((len(flat), count))
    for k in range(count):
        _erase(flat, np.array(shape), flat.argmax(axis=1), positions[:, k], heights[:, k])
    return positions, heights


def parabola(surfaces: NDArray[np.float32], positions: NDArray[np.int64]) -> FloatArray:
    """Sub-pixel offsets of peaks (n, ndim) by a parabola through three points along each axis."""
    offsets = np.zeros(positions.shape)
    _parabola(surfaces.reshape(len(surfaces), -1), np.array(surfaces.shape[1:]), positions, offsets)
    return offsets


@kernel
def _centre(images: Any, out: Any) -> None:
    for n in range(images.shape[0]):
        total, count = 0.0, 0
        for i in range(images.shape[1]):
            known = math.isfinite(images[n, i])
            total += images[n, i] if known else 0.0
            count += known
        mean = np.float32(total / max(count, 1))
        for i in range(images.shape[1]):
            out[n, i] = images[n, i] - mean if math.isfinite(images[n, i]) else np.float32(0.0)


@kernel
def _clip(images: Any, low: Any, high: Any) -> None:
    """Clip each image where its limits differ."""
    for n in range(images.shape[0]):
        if high[n] > low[n]:
            for i in range(images.shape[1]):
                images[n, i] = min(max(images[n, i], low[n]), high[n])


@part
def _place(position: Any, shape: Any, axis: int, step: int) -> int:
    """Flat index of a position, moved along an axis, around the border."""
    index = 0
    for a in range(shape.shape[0]):
        index = index * shape[a] + (position[a] + (step if a == axis else 0)) % shape[a]
    return index


@kernel
def _erase(flat: Any, shape: Any, best: Any, positions: Any, heights: Any) -> None:
    ndim, width = shape.shape[0], 2 * REACH + 1
    for n in range(flat.shape[0]):
        heights[n], rest = flat[n, best[n]], best[n]
        for a in range(ndim - 1, -1, -1):
            positions[n, a] = rest % shape[a]
            rest //= shape[a]
        for k in range(width**ndim):
            index, stride, rest = 0, 1, k
            for a in range(ndim - 1, -1, -1):
                index += (positions[n, a] + rest % width - REACH) % shape[a] * stride
                stride *= shape[a]
                rest //= width
            flat[n, index] = -np.inf


@kernel
def _parabola(flat: Any, shape: Any, positions: Any, offsets: Any) -> None:
    for n in range(flat.shape[0]):
        for a in range(shape.shape[0]):
            low = np.float64(flat[n, _place(positions[n], shape, a, -1)])
            middle = np.float64(flat[n, _place(positions[n], shape, a, 0)])
            high = np.float64(flat[n, _place(positions[n], shape, a, 1)])
            curvature = low - 2 * middle + high
            if shape[a] >= 3 and curvature < 0:
                offsets[n, a] = min(max(0.5 * (low - high) / curvature, -0.5), 0.5)
