"""Kernels that resample where weights are constant over the frame, one axis after the other."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.devices.cpu.compiling import kernel, lean_kernel, part, widest_vectors

__all__ = ["find_room", "fold", "mix_four", "resample_rows_first", "resample_rows_last", "widen"]


@part
def _mix(l0: Any, l1: Any, l2: Any, l3: Any, w0: Any, w1: Any, w2: Any, w3: Any, out: Any) -> None:
    """Four lines at a time: 2.4 x faster than one by one."""
    for x in range(out.size):
        out[x] += w0 * l0[x] + w1 * l1[x] + w2 * l2[x] + w3 * l3[x]


@part
def _mix_new(l0: Any, l1: Any, l2: Any, l3: Any, w0: Any, w1: Any, w2: Any, w3: Any, out: Any) -> None:
    for x in range(out.size):
        out[x] = w0 * l0[x] + w1 * l1[x] + w2 * l2[x] + w3 * l3[x]


@part
def _mix_rows(frame: Any, iz: Any, iy: Any, wz: Any, wy: Any, z: int, y: int, row: Any) -> None:
    for k in range(wz.size):
        plane, f = frame[iz[z + k]], wz[k]
        for j in range(0, wy.size, 4):
            i = y + j
            l0, l1, l2, l3 = plane[iy[i]], plane[iy[i + 1]], plane[iy[i + 2]], plane[iy[i + 3]]
            if k == 0 and j == 0:
                _mix_new(l0, l1, l2, l3, f * wy[j], f * wy[j + 1], f * wy[j + 2], f * wy[j + 3], row)
            else:
                _mix(l0, l1, l2, l3, f * wy[j], f * wy[j + 1], f * wy[j + 2], f * wy[j + 3], row)


@part
def _store(line: Any, out: Any) -> None:
    for x in range(out.size):
        out[x] = line[x]


@part
def _extend(row: Any, ix: Any, inner: Any, extended: Any) -> None:
    """Add to the row, which `extended` looks at already, what the edge rule says on both sides."""
    for x in range(inner[0]):
        extended[x] = row[ix[x]]
    for x in range(inner[1], extended.size):
        extended[x] = row[ix[x]]


@part
def _mix_columns(t: Any, wx: Any, line: Any) -> None:
    for j in range(0, wx.size, 4):
        taps = t[j:]
        if j == 0:
            _mix_new(taps, taps[1:], taps[2:], taps[3:], wx[j], wx[j + 1], wx[j + 2], wx[j + 3], line)
        else:
            _mix(taps, taps[1:], taps[2:], taps[3:], wx[j], wx[j + 1], wx[j + 2], wx[j + 3], line)


@part
def _store_rounded(line: Any, low: Any, high: Any, out: Any) -> int:
    clamped = 0
    for x in range(out.size):
        value = np.rint(line[x])
        inside = min(max(value, low), high)
        clamped += value != inside
        out[x] = inside
    return clamped


@part
def _mix_rounded(t: Any, w0: Any, w1: Any, w2: Any, w3: Any, low: Any, high: Any, out: Any) -> int:
    """`_mix_columns` and `_store_rounded` in one pass for four taps, a third faster."""
    t1, t2, t3 = t[1:], t[2:], t[3:]
    zero = low - low
    clamped = zero  # of the working type, so that the count stays in the same vectors
    for x in range(out.size):
        value = np.rint(w0 * t[x] + w1 * t1[x] + w2 * t2[x] + w3 * t3[x])
        inside = min(max(value, low), high)
        clamped += zero + (value != inside)
        out[x] = inside
    return int(clamped)


@part
def fold(indices: Any, first: int, length: int, reflect: bool) -> None:
    """Indices from `first` on, brought inside as `edge_indices` does."""
    period = max(1, 2 * (length - 1))
    for i in range(indices.size):
        index = first + i
        if reflect:
            index = abs(index) % period
            index = min(index, period - index)
        indices[i] = min(max(index, 0), length - 1)


@kernel
def resample_rows_first(
    frames: Any,
    firsts: Any,
    wz: Any,
    wy: Any,
    wx: Any,
    reflect: bool,
    rounded: bool,
    limits: Any,
    out: Any,
    clamped: Any,
) -> None:
    """Equals `PlainDevice.resample_shift` to one grey level, or 1e-6 of the largest value of floats.

    Rows are mixed first: each is read once for every tap, whatever their number.
    """
    _, depth, height, width = frames.shape
    n_extended = width + wx.shape[1] - 1
    iz, iy = np.empty(depth + wz.shape[1] - 1, np.int64), np.empty(height + wy.shape[1] - 1, np.int64)
    ix = np.empty(n_extended, np.int64)
    line, space = np.empty(width, wx.dtype), np.zeros(2 * width + 2 * n_extended, wx.dtype)
    for n in range(frames.shape[0]):
        fold(iz, firsts[n, 0], depth, reflect)
        fold(iy, firsts[n, 1], height, reflect)
        fold(ix, firsts[n, 2], width, reflect)
        start = min(max(0, -firsts[n, 2]), n_extended)
        inner = (start, max(start, min(n_extended, width - firsts[n, 2])))
        # the row of the frame and, overlapping it, the row as the columns look it up
        row = space[n_extended : n_extended + width]
        begin = min(max(n_extended + firsts[n, 2], 0), n_extended + width)
        extended = space[begin : begin + n_extended]
        for z in range(depth):
            for y in range(height):
                _mix_rows(frames[n], iz, iy, wz[n], wy[n], z, y, row)
                _extend(row, ix, inner, extended)
                if rounded and wx.shape[1] == 4:
                    w0, w1, w2, w3 = wx[n, 0], wx[n, 1], wx[n, 2], wx[n, 3]
                    clamped[n] += _mix_rounded(extended, w0, w1, w2, w3, limits[0], limits[1], out[n, z, y])
                    continue
                _mix_columns(extended, wx[n], line)
                if rounded:
                    clamped[n] += _store_rounded(line, limits[0], limits[1], out[n, z, y])
                else:
                    _store(line, out[n, z, y])


@part
def widen(row: Any, ix: Any, inner: Any, first: int, wide: Any) -> None:
    """A row from its pixel `first` on, and what the edge rule says on both sides."""
    start, stop = inner
    for x in range(start):
        wide[x] = row[ix[x]]
    source, middle = row[start + first : stop + first], wide[start:stop]
    for x in range(middle.size):
        middle[x] = source[x]
    for x in range(stop, wide.size):
        wide[x] = row[ix[x]]


@part
def _filter_row(row: Any, ix: Any, inner: Any, first: int, weights: Any, wide: Any, out: Any) -> None:
    """Interpolate a row along itself; `wide` takes its pixels and what the edge rule says on both sides."""
    widen(row, ix, inner, first, wide)
    w0, w1, w2, w3 = weights[0], weights[1], weights[2], weights[3]
    t1, t2, t3 = wide[1:], wide[2:], wide[3:]
    for x in range(out.size):
        out[x] = w0 * wide[x] + w1 * t1[x] + w2 * t2[x] + w3 * t3[x]


@part
def mix_four(l0: Any, l1: Any, l2: Any, l3: Any, weights: Any, out: Any) -> None:
    """A weighted sum of four rows."""
    w0, w1, w2, w3 = weights[0], weights[1], weights[2], weights[3]
    for x in range(out.size):
        out[x] = w0 * l0[x] + w1 * l1[x] + w2 * l2[x] + w3 * l3[x]


@part
def _mix_four_rounded(l0: Any, l1: Any, l2: Any, l3: Any, weights: Any, limits: Any, out: Any) -> int:
    w0, w1, w2, w3 = weights[0], weights[1], weights[2], weights[3]
    low, high = limits[0], limits[1]
    zero = low - low
    clamped = zero  # of the working type, so that the count stays in the same vectors
    for x in range(out.size):
        value = np.rint(w0 * l0[x] + w1 * l1[x] + w2 * l2[x] + w3 * l3[x])
        inside = min(max(value, low), high)
        clamped += zero + (value != inside)
        out[x] = inside
    return int(clamped)


@lean_kernel
def resample_rows_last(
    whole: Any, real: Any, firsts: Any, wy: Any, wx: Any, reflect: bool, rounded: bool, limits: Any, indices: Any,
    space: Any, whole_out: Any, real_out: Any, clamped: Any
) -> None:  # fmt: skip
    """Equals `PlainDevice.resample_shift` to one grey level, or 1e-6 of the largest value of floats; four taps.

    Each row is converted and interpolated along itself once, and kept for the four rows of the result that need it:
    0.12 ms instead of 0.23 for 512 x 512 px of 16 bit. Of the two kinds of images one is empty, see `divide`.
    `indices` and `space` are room to work in, see `find_room`.
    """
    widest_vectors()
    reads_whole, writes_whole = whole.shape[0] > 0, whole_out.shape[0] > 0
    depth, height = max(whole.shape[1], real.shape[1]), max(whole.shape[2], real.shape[2])
    width = max(whole.shape[3], real.shape[3])
    iz, iy, ix = indices[0, :depth], indices[1, : height + 3], indices[2, : width + 3]
    numbers, wide = indices[3, :4], space[4]
    for n in range(clamped.size):
        first = firsts[n, 2]
        fold(iz, firsts[n, 0], depth, reflect)
        fold(iy, firsts[n, 1], height, reflect)
        fold(ix, first, width, reflect)
        start = min(max(0, -first), ix.size)
        inner = (start, max(start, min(ix.size, width - first)))
        for z in range(depth):
            numbers[:] = -1
            for y in range(height):
                for k in range(y, y + 4):
                    number = iy[k]
                    if numbers[number & 3] == number:
                        continue
                    numbers[number & 3] = number
                    line = space[number & 3, :width]
                    if reads_whole:
                        _filter_row(whole[n, iz[z], number], ix, inner, first, wx[n], wide, line)
                    else:
                        _filter_row(real[n, iz[z], number], ix, inner, first, wx[n], wide, line)
                l0, l1, l2, l3 = space[iy[y] & 3], space[iy[y + 1] & 3], space[iy[y + 2] & 3], space[iy[y + 3] & 3]
                if writes_whole:
                    clamped[n] += _mix_four_rounded(l0, l1, l2, l3, wy[n], limits, whole_out[n, z, y])
                elif rounded:
                    clamped[n] += _mix_four_rounded(l0, l1, l2, l3, wy[n], limits, real_out[n, z, y])
                else:
                    mix_four(l0, l1, l2, l3, wy[n], real_out[n, z, y])


def find_room(shape: tuple[int, ...], work: Any) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """Room for indices along each axis of volumes of some `shape`, and for rows, of `resample_rows_last`."""
    longest = max(shape) + 3
    return np.empty((4, longest), np.int64), np.empty((5, shape[-1] + 3), work)
