"""Resampling by a shift: weights are constant over the frame, so rows are mixed first and columns after."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import FloatArray, Frames
from holdstill.devices.cpu.compiling import kernel, part
from holdstill.devices.interpolation import tap_weights
from holdstill.devices.plain import MIN_KNOWN, edge_indices, overlap

__all__ = ["resample_shift"]

# float32 holds 24 bits: enough for 16-bit pixels, not for these
WIDE = (np.int32, np.uint32, np.int64, np.uint64, np.float64)


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
    """The row as the columns look it up: a straight run inside, the edge rule on both sides."""
    x0, x1 = inner
    for x in range(x0):
        extended[x] = row[ix[x]]
    if x1 > x0:
        _store(row[ix[x0] :], extended[x0:x1])
    for x in range(x1, extended.size):
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


@kernel
def _resample_float(frame: Any, indices: Any, weights: Any, inner: Any, lines: Any, limits: Any, out: Any) -> int:
    """Equals `PlainDevice.resample_shift` within 1e-6 of the largest value."""
    row, extended, line = lines
    iz, iy, ix = indices
    wz, wy, wx = weights
    for z in range(out.shape[0]):
        for y in range(out.shape[1]):
            _mix_rows(frame, iz, iy, wz, wy, z, y, row)
            _extend(row, ix, inner, extended)
            _mix_columns(extended, wx, line)
            _store(line, out[z, y])
    return 0


@kernel
def _resample_integer(frame: Any, indices: Any, weights: Any, inner: Any, lines: Any, limits: Any, out: Any) -> int:
    """Equals `PlainDevice.resample_shift` to one grey level (rounding of float32 sums)."""
    row, extended, line = lines
    iz, iy, ix = indices
    wz, wy, wx = weights
    low, high = limits[0], limits[1]
    clamped = 0
    for z in range(out.shape[0]):
        for y in range(out.shape[1]):
            _mix_rows(frame, iz, iy, wz, wy, z, y, row)
            _extend(row, ix, inner, extended)
            _mix_columns(extended, wx, line)
            clamped += _store_rounded(line, low, high, out[z, y])
    return clamped


def _limits(dtype: np.dtype[Any], work: type) -> NDArray[Any]:
    """Range of an integer dtype, pulled in to numbers that the working dtype holds."""
    if not np.issubdtype(dtype, np.integer):
        return np.zeros(2, work)
    info = np.iinfo(dtype)
    high = work(info.max)
    if int(high) > info.max:
        high = np.nextafter(high, work(0))
    return np.array([info.min, high], work)


def _taps_in_fours(interpolation: str, position: float, multiple: int) -> tuple[int, FloatArray]:
    first, weights = tap_weights(interpolation, position)
    return first, np.pad(weights, (0, -len(weights) % multiple))


def _resample_one(frame: Frames, shift: FloatArray, interpolation: str, edge: str, out: Frames, work: type) -> int:
    multiples = (1, 4, 4)
    taps = [_taps_in_fours(interpolation, float(s), m) for s, m in zip(shift, multiples, strict=True)]
    if not shift[0] % 1:
        taps[0] = (int(shift[0]), np.ones(1))
    indices = tuple(
        edge_indices(np.arange(length + len(weights) - 1) + first, length, edge)
        for length, (first, weights) in zip(frame.shape, taps, strict=True)
    )
    factors: tuple[NDArray[Any], ...] = tuple(weights.astype(work) for _, weights in taps)
    width, first, n_extended = frame.shape[2], taps[2][0], len(indices[2])
    start = min(max(0, -first), n_extended)
    inner = start, max(start, min(n_extended, width - first))
    lines: tuple[NDArray[Any], ...] = tuple(np.empty(n, work) for n in (width, n_extended, width))
    run = _resample_integer if np.issubdtype(out.dtype, np.integer) else _resample_float
    return int(run(frame, indices, factors, inner, lines, _limits(out.dtype, work), out))


def _resample_known(frame: Frames, shift: FloatArray, interpolation: str, edge: str, fill: float) -> Frames:
    """Weighted means of the known pixels: their sum and their weight are resampled alike, then divided."""
    known = np.isfinite(frame)
    parts = np.stack([np.where(known, frame, 0), known]).astype(frame.dtype)
    sums = np.empty_like(parts)
    resample_shift(parts, np.stack([shift, shift]), interpolation=interpolation, edge=edge, fill=0, out=sums)
    sampled = np.empty((1, *frame.shape), frame.dtype)
    resample_shift(parts[1:], shift[None], interpolation="nearest", edge=edge, fill=0, out=sampled)
    with np.errstate(invalid="ignore", divide="ignore"):
        values = sums[0] / sums[1]
    thin = (sums[1] <= MIN_KNOWN) & (sampled[0] > 0)
    if thin.any():
        nearest = np.empty_like(sampled)
        resample_shift(parts[:1], shift[None], interpolation="nearest", edge=edge, fill=0, out=nearest)
        values[thin] = nearest[0][thin]
    values[sampled[0] == 0] = np.nan
    if edge == "constant":
        _fill_outside(values, shift, fill)
    return values


def _fill_outside(out: Frames, shift: FloatArray, fill: float) -> None:
    for axis, s in enumerate(shift):
        start, stop = overlap(out.shape[axis], -float(s))
        before = (slice(None),) * axis
        out[(*before, slice(0, start))] = fill
        out[(*before, slice(stop, None))] = fill


def resample_shift(
    frames: Frames, shifts: FloatArray, *, interpolation: str, edge: str, fill: float, out: Frames
) -> NDArray[np.int64]:
    """See `Device.resample_shift`."""
    clamped = np.zeros(len(frames), np.int64)
    work = np.float64 if frames.dtype in WIDE or out.dtype in WIDE else np.float32
    for n, (frame, shift) in enumerate(zip(frames, np.asarray(shifts, np.float64), strict=True)):
        if np.issubdtype(frame.dtype, np.floating) and not np.isfinite(frame).all():
            out[n] = _resample_known(frame, shift, interpolation, edge, fill)
            continue
        if not shift.any() and frame.dtype == out.dtype:
            out[n] = frame
            continue
        volume, target, moved = frame, out[n], shift
        if frame.ndim == 2:
            volume, target, moved = frame[None], out[n][None], np.array([0.0, *shift])
        clamped[n] = _resample_one(np.ascontiguousarray(volume), moved, interpolation, edge, target, work)
        if edge == "constant":
            _fill_outside(out[n], shift, fill)
    return clamped
