"""Resampling by a shift: weights are constant over the frame, so rows are mixed first and columns after."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import FloatArray, Frames
from holdstill.devices.cpu.compiling import kernel, part
from holdstill.devices.interpolation import EDGES, tap_weights
from holdstill.devices.plain import MIN_KNOWN, range_shown
from holdstill.errors import UnknownName

__all__ = ["WIDE", "limits", "resample_shift"]

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
def _fold(indices: Any, first: int, length: int, reflect: bool) -> None:
    """Indices from `first` on, brought inside as `edge_indices` does."""
    period = max(1, 2 * (length - 1))
    for i in range(indices.size):
        index = first + i
        if reflect:
            index = abs(index) % period
            index = min(index, period - index)
        indices[i] = min(max(index, 0), length - 1)


@kernel
def _resample(
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
    """Equals `PlainDevice.resample_shift` to one grey level, or 1e-6 of the largest value of floats."""
    _, depth, height, width = frames.shape
    n_extended = width + wx.shape[1] - 1
    iz, iy = np.empty(depth + wz.shape[1] - 1, np.int64), np.empty(height + wy.shape[1] - 1, np.int64)
    ix = np.empty(n_extended, np.int64)
    line, space = np.empty(width, wx.dtype), np.zeros(2 * width + 2 * n_extended, wx.dtype)
    for n in range(frames.shape[0]):
        _fold(iz, firsts[n, 0], depth, reflect)
        _fold(iy, firsts[n, 1], height, reflect)
        _fold(ix, firsts[n, 2], width, reflect)
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


def limits(dtype: np.dtype[Any], work: type) -> NDArray[Any]:
    """Range of an integer dtype, pulled in to numbers that the working dtype holds."""
    if not np.issubdtype(dtype, np.integer):
        return np.zeros(2, work)
    info = np.iinfo(dtype)
    high = work(info.max)
    if int(high) > info.max:
        high = np.nextafter(high, work(0))
    return np.array([info.min, high], work)


def _taps(
    interpolation: str, positions: FloatArray, multiple: int, work: type
) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """Taps along one axis, padded to a multiple; none but one where all positions are whole."""
    if multiple == 1 and not (positions % 1).any():
        interpolation = "nearest"
    first, weights = tap_weights(interpolation, positions)
    lacking = -weights.shape[1] % multiple
    padded = np.pad(weights, ((0, 0), (0, lacking))) if lacking else weights
    return first, padded.astype(work)


def _resample_volumes(
    frames: Frames, shifts: FloatArray, interpolation: str, edge: str, out: Frames, work: type
) -> NDArray[np.int64]:
    """All frames (n, z, y, x), none with NaN."""
    if edge not in EDGES:
        raise UnknownName(f"there is no edge {edge!r}; choose one of {', '.join(EDGES)}")
    taps = [_taps(interpolation, shifts[:, axis], multiple, work) for axis, multiple in enumerate((1, 4, 4))]
    firsts = np.stack([first for first, _ in taps], axis=1)
    clamped = np.zeros(len(frames), np.int64)
    rounded = bool(np.issubdtype(out.dtype, np.integer))
    wz, wy, wx = (factors for _, factors in taps)
    _resample(frames, firsts, wz, wy, wx, edge == "reflect", rounded, limits(out.dtype, work), out, clamped)
    return clamped


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
        start, stop = range_shown(out.shape[axis], float(s))
        before = (slice(None),) * axis
        out[(*before, slice(0, start))] = fill
        out[(*before, slice(stop, None))] = fill


def resample_shift(
    frames: Frames, shifts: FloatArray, *, interpolation: str, edge: str, fill: float, out: Frames
) -> NDArray[np.int64]:
    """See `Device.resample_shift`."""
    shifts = np.asarray(shifts, np.float64)
    if np.issubdtype(frames.dtype, np.floating):
        known = [bool(np.isfinite(frame).all()) for frame in frames]
        if not all(known):
            return _one_by_one(frames, shifts, known, interpolation=interpolation, edge=edge, fill=fill, out=out)
    work = np.float64 if frames.dtype in WIDE or out.dtype in WIDE else np.float32
    if frames.ndim == 3:
        moves = np.concatenate([np.zeros((len(shifts), 1)), shifts], axis=1)
        clamped = _resample_volumes(
            np.ascontiguousarray(frames)[:, None], moves, interpolation, edge, out[:, None], work
        )
    else:
        clamped = _resample_volumes(np.ascontiguousarray(frames), shifts, interpolation, edge, out, work)
    for frame, target, shift in zip(frames, out, shifts, strict=True):
        if not shift.any() and frame.dtype == out.dtype:
            target[:] = frame  # bit for bit, minus zero and 64-bit integers too
        elif edge == "constant":
            _fill_outside(target, shift, fill)
    return clamped


def _one_by_one(
    frames: Frames, shifts: FloatArray, known: list[bool], *, interpolation: str, edge: str, fill: float, out: Frames
) -> NDArray[np.int64]:
    clamped = np.zeros(len(frames), np.int64)
    for n, whole in enumerate(known):
        if whole:
            one = slice(n, n + 1)
            count = resample_shift(
                frames[one], shifts[one], interpolation=interpolation, edge=edge, fill=fill, out=out[one]
            )
            clamped[n] = count[0]
        elif shifts[n].any():
            out[n] = _resample_known(frames[n], shifts[n], interpolation, edge, fill)
        else:
            out[n] = frames[n]
    return clamped
