"""Resampling by a shift: weights are constant over the frame, so that each axis is interpolated on its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import EDGES, FloatArray, Frames
from holdstill.devices.cpu.compiling import DIRECT_DTYPES, divide, own
from holdstill.devices.cpu.known_rows import resample_known_rows
from holdstill.devices.cpu.separable import find_room, resample_rows_first, resample_rows_last
from holdstill.devices.interpolation import tap_weights
from holdstill.devices.plain import MIN_KNOWN, edge_indices
from holdstill.errors import UnknownName
from holdstill.transforms.coverage import BORDER_PX

__all__ = ["WIDE", "limits", "resample_shift"]

# float32 holds 24 bits: enough for 16-bit pixels, not for these
WIDE = (np.int32, np.uint32, np.int64, np.uint64, np.float64)
# frames of so many px are made at a time where pixels are not known: of small ones the calls take longer than the work
TOGETHER_PX = 1 << 18


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


def _find_taps(
    interpolation: str, shifts: FloatArray, edge: str, work: type
) -> tuple[NDArray[np.int64], tuple[NDArray[Any], ...]]:
    """First taps, (n, 3), of shifts along (z, y, x), and weights along each axis."""
    if edge not in EDGES:
        raise UnknownName(f"there is no edge {edge!r}; choose one of {', '.join(EDGES)}")
    taps = [_taps(interpolation, shifts[:, axis], multiple, work) for axis, multiple in enumerate((1, 4, 4))]
    return np.stack([first for first, _ in taps], axis=1), tuple(factors for _, factors in taps)


def _as_volumes(frames: Frames, shifts: FloatArray) -> tuple[Frames, FloatArray]:
    """Images as volumes of one plane, (n, z, y, x), and their shifts, (n, 3)."""
    if frames.ndim == 4:
        return frames, shifts
    return frames[:, None], np.concatenate([np.zeros((len(shifts), 1)), shifts], axis=1)


def _resample_volumes(
    frames: Frames, shifts: FloatArray, interpolation: str, edge: str, out: Frames, work: type
) -> NDArray[np.int64]:
    """All frames (n, z, y, x), none with NaN."""
    firsts, (wz, wy, wx) = _find_taps(interpolation, shifts, edge, work)
    clamped = np.zeros(len(frames), np.int64)
    rounded = bool(np.issubdtype(out.dtype, np.integer))
    settings = edge == "reflect", rounded, limits(out.dtype, work), out, clamped
    if (wz.shape[1], wy.shape[1], wx.shape[1]) == (1, 4, 4):
        kinds = DIRECT_DTYPES if work is np.float32 else (work,)
        direct = frames.dtype in kinds and out.dtype in kinds
        _in_turn(_run_rows_last, frames, firsts, (wy, wx), settings, direct, work)
    else:
        _in_turn(resample_rows_first, frames, firsts, (wz, wy, wx), settings, frames.dtype == out.dtype == work, work)
    return clamped


def _run_rows_last(
    frames: Frames, firsts: NDArray[np.int64], wy: NDArray[Any], wx: NDArray[Any], reflect: bool, rounded: bool,
    limits: NDArray[Any], out: Frames, clamped: NDArray[np.int64],
) -> None:  # fmt: skip
    room = find_room(frames.shape[1:], wx.dtype)
    resample_rows_last(*divide(frames), firsts, wy, wx, reflect, rounded, limits, *room, *divide(out), clamped)


def _in_turn(
    run: Callable[..., None], frames: Frames, firsts: NDArray[np.int64], weights: tuple[NDArray[Any], ...],
    settings: tuple[Any, ...], direct: bool, work: type,
) -> None:  # fmt: skip
    """Frame by frame, each converted if need be: for other dtypes and strides nothing is compiled."""
    *rules, out, clamped = settings
    if direct and out.flags.c_contiguous:
        run(frames, firsts, *weights, *rules, out, clamped)
        return
    before, after = (np.empty((0 if direct else 1, *frames.shape[1:]), work) for _ in range(2))
    for n in range(len(frames)):
        one, wanted = slice(n, n + 1), out[n : n + 1]
        if not direct:
            np.copyto(before, frames[one])
        source, made = (frames[one], np.ascontiguousarray(wanted)) if direct else (before, after)
        run(source, firsts[one], *(w[one] for w in weights), *rules, made, clamped[one])
        if made is not wanted:
            np.copyto(wanted, made, casting="unsafe")


def _resample_lacking(frames: Frames, shifts: FloatArray, interpolation: str, edge: str, fill: float) -> Frames:
    """Weighted means of the known pixels of frames that lack some, in one pass where there are four taps."""
    volumes, moves = _as_volumes(own(frames), shifts)
    firsts, (wz, wy, wx) = _find_taps(interpolation, moves, edge, frames.dtype.type)
    if (wz.shape[1], wy.shape[1], wx.shape[1]) != (1, 4, 4) or frames.dtype not in (np.float32, np.float64):
        return _resample_known(frames, shifts, interpolation, edge, fill)
    steps, means = np.floor(moves[:, 1:] + 0.5).astype(np.int64), np.empty(frames.shape, frames.dtype)
    least = frames.dtype.type(MIN_KNOWN)
    resample_known_rows(volumes, firsts, steps, wy, wx, edge == "reflect", least, _as_volumes(means, shifts)[0])
    if edge == "constant":
        _fill_outside(means, shifts, fill)
    return means


def _resample_known(frames: Frames, shifts: FloatArray, interpolation: str, edge: str, fill: float) -> Frames:
    """Weighted means of the known pixels of frames: their sums and their weights are resampled alike, then divided."""
    known = np.isfinite(frames)
    values, share = np.where(known, frames, frames.dtype.type(0)), known.astype(frames.dtype)
    sums, weights = np.empty_like(values), np.empty_like(values)
    for part, sampled in ((values, sums), (share, weights)):
        resample_shift(part, shifts, interpolation=interpolation, edge=edge, fill=0, out=sampled)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = np.divide(sums, weights, out=sums)
    for n, shift in enumerate(shifts):
        shown = _take_nearest(known[n], shift, edge)
        if edge == "constant":
            _fill_outside(shown[None], shift[None], 0)
        thin = (weights[n] <= MIN_KNOWN) & shown
        if thin.any():
            means[n][thin] = _take_nearest(values[n], shift, edge)[thin]
        np.copyto(means[n], np.nan, where=~shown)
        if edge == "constant":
            _fill_outside(means[n : n + 1], shift[None], fill)
    return means


def _take_nearest(image: NDArray[Any], shift: FloatArray, edge: str) -> NDArray[Any]:
    """What an image shows a `shift` further, at its nearest pixels."""
    for axis, step in enumerate(np.floor(shift + 0.5).astype(int).tolist()):
        n = image.shape[axis]
        lines, low, high = np.moveaxis(image, axis, 0), min(max(0, -step), n), max(0, min(n, n - step))
        image = np.empty_like(image)
        taken, beyond = np.moveaxis(image, axis, 0), [*range(low), *range(max(low, high), n)]
        taken[low:high] = lines[low + step : high + step]
        taken[beyond] = lines[edge_indices(np.array(beyond, np.int64) + step, n, edge)]
    return image


def _fill_outside(out: Frames, shifts: FloatArray, fill: float) -> None:
    """Fill what frames (n, [z,] y, x) do not show, see `BORDER_PX`.

    Of all at once: of small ones, a call for each took twice the time of resampling them.
    """
    for axis in range(shifts.shape[1]):
        length, lines = out.shape[axis + 1], np.moveaxis(out, axis + 1, 1)
        starts = np.maximum(np.ceil(-shifts[:, axis] - BORDER_PX), 0)
        stops = np.minimum(np.floor(length - 1 - shifts[:, axis] + BORDER_PX) + 1, length)
        for n in np.flatnonzero((starts > 0) | (stops < length)).tolist():
            start = min(int(starts[n]), length)
            lines[n, :start] = fill
            lines[n, max(start, int(stops[n])) :] = fill


def _find_known(frames: Frames) -> NDArray[np.bool_]:
    """Which frames are finite everywhere, (n,)."""
    with np.errstate(over="ignore", invalid="ignore"):
        known = np.isfinite([np.add.reduce(frame, axis=None) for frame in frames])
    for n in np.flatnonzero(~known):  # sums of large numbers may be infinite, too
        known[n] = np.isfinite(frames[n]).all()
    return known


def resample_shift(
    frames: Frames, shifts: FloatArray, *, interpolation: str, edge: str, fill: float, out: Frames
) -> NDArray[np.int64]:
    """See `Device.resample_shift`."""
    shifts = np.asarray(shifts, np.float64)
    if np.issubdtype(frames.dtype, np.floating):
        known = _find_known(frames)
        if not known.all():
            return _one_by_one(frames, shifts, known, interpolation=interpolation, edge=edge, fill=fill, out=out)
    work = np.float64 if frames.dtype in WIDE or out.dtype in WIDE else np.float32
    volumes, moves = _as_volumes(own(frames), shifts)
    clamped = _resample_volumes(volumes, moves, interpolation, edge, _as_volumes(out, shifts)[0], work)
    if edge == "constant":
        _fill_outside(out, shifts, fill)
    for n in np.flatnonzero(~shifts.any(axis=1)) if frames.dtype == out.dtype else ():
        out[n] = frames[n]  # bit for bit, minus zero and 64-bit integers too
    return clamped


def _one_by_one(
    frames: Frames,
    shifts: FloatArray,
    known: NDArray[np.bool_],
    *,
    interpolation: str,
    edge: str,
    fill: float,
    out: Frames,
) -> NDArray[np.int64]:
    clamped = np.zeros(len(frames), np.int64)
    settings: dict[str, Any] = {"interpolation": interpolation, "edge": edge, "fill": fill}
    for n in np.flatnonzero(known):
        one = slice(n, n + 1)
        clamped[one] = resample_shift(frames[one], shifts[one], **settings, out=out[one])
    lacking = np.flatnonzero(~known)
    still = ~shifts[lacking].any(axis=1)
    for n in lacking[still]:
        out[n] = frames[n]
    moving, most = lacking[~still], max(1, TOGETHER_PX // max(frames[0].size, 1))
    for start in range(0, len(moving), most):
        rows = moving[start : start + most]
        out[rows] = _resample_lacking(frames[rows], shifts[rows], interpolation, edge, fill)
    return clamped
