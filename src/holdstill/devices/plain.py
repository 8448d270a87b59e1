"""The specification: each primitive written for reading, in NumPy, slow. Every other device must equal it."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import ControlGrid, Device, DirectSums, FieldSums, FloatArray, Frames, NoiseModel, Spline
from holdstill.devices._plain_fields import field_sums_of_frame, spline_at
from holdstill.devices.interpolation import spline_weights, tap_weights
from holdstill.errors import UnknownName
from holdstill.transforms.coverage import BORDER_PX
from holdstill.transforms.grids import displace
from holdstill.transforms.mapping import map_points, warp_columns

__all__ = ["MIN_KNOWN", "PlainDevice", "edge_indices", "overlap"]

# Below this, the weights of the known neighbours nearly cancel, and their quotient would amplify noise.
MIN_KNOWN = 0.25


def overlap(length: int, shift: float) -> tuple[int, int]:
    """Range of pixels q of a frame of `length` pixels for which ``0 <= q - shift <= length - 1``."""
    start = max(0, int(np.ceil(shift)))
    stop = min(length, int(np.floor(length - 1 + shift)) + 1)
    return start, max(start, stop)


def edge_indices(indices: NDArray[np.int64], length: int, edge: str) -> NDArray[np.int64]:
    """Indices folded into ``0 ... length - 1``: mirrored about the border pixel for ``reflect``, else clipped."""
    if edge == "reflect" and length > 1:
        period = 2 * (length - 1)
        folded = np.abs(indices) % period
        return np.where(folded >= length, period - folded, folded)
    if edge not in ("constant", "nearest", "reflect"):
        raise UnknownName(f"there is no edge {edge!r}; choose one of constant, nearest, reflect")
    return np.clip(indices, 0, length - 1)


class PlainDevice(Device):
    """NumPy, one pixel formula per primitive."""

    name = "plain"

    def bin(self, frames: Frames, factors: tuple[int, ...]) -> NDArray[np.float32]:
        """See `Device.bin`."""
        counts = [length // factor for length, factor in zip(frames.shape[1:], factors, strict=True)]
        crop = frames[(slice(None), *(slice(0, c * f) for c, f in zip(counts, factors, strict=True)))]
        split = [n for pair in zip(counts, factors, strict=True) for n in pair]
        blocks = crop.reshape(len(frames), *split).astype(np.float64)
        block_axes = tuple(range(2, blocks.ndim, 2))
        known = ~np.isnan(blocks)
        with np.errstate(invalid="ignore"):
            means = np.where(known, blocks, 0).sum(axis=block_axes) / known.sum(axis=block_axes)
        return means.astype(np.float32)

    def direct_sums(
        self,
        frames: Frames,
        spline: Spline,
        shifts: FloatArray,
        gains: FloatArray,
        offsets: FloatArray,
        noise: NoiseModel,
        cutoffs: FloatArray,
    ) -> DirectSums:
        """See `Device.direct_sums`."""
        rows = [
            self._sums_of_frame(frame, spline, shift, gain, offset, noise, cutoff)
            for frame, shift, gain, offset, cutoff in zip(frames, shifts, gains, offsets, cutoffs, strict=True)
        ]
        return DirectSums(*(np.array(column) for column in zip(*rows, strict=True)))

    @staticmethod
    def _sums_of_frame(
        frame: Frames, spline: Spline, shift: FloatArray, gain: float, offset: float, noise: NoiseModel, cutoff: float
    ) -> tuple[Any, ...]:
        ranges = [overlap(length, s) for length, s in zip(frame.shape, shift, strict=True)]
        columns = spline_columns(spline, shift, ranges)
        nearest = [np.arange(*r) + int(np.floor(0.5 - s)) for r, s in zip(ranges, shift, strict=True)]
        counts = spline.mask[np.ix_(*nearest)].astype(bool)
        pixels = frame[tuple(slice(*r) for r in ranges)].astype(np.float64)
        return _sums(pixels, columns, counts, gain, offset, noise, cutoff)

    def warp_sums(
        self,
        frames: Frames,
        spline: Spline,
        kind: str,
        warps: FloatArray,
        gains: FloatArray,
        offsets: FloatArray,
        noise: NoiseModel,
        cutoffs: FloatArray,
    ) -> DirectSums:
        """See `Device.warp_sums`."""
        rows = []
        for frame, warp, gain, offset, cutoff in zip(frames, warps, gains, offsets, cutoffs, strict=True):
            columns, counts = _model_columns(frame.shape, spline, kind, warp)
            rows.append(_sums(frame.astype(np.float64), columns, counts, gain, offset, noise, cutoff))
        return DirectSums(*(np.array(column) for column in zip(*rows, strict=True)))

    def field_sums(
        self,
        frames: Frames,
        spline: Spline,
        grid: ControlGrid,
        shifts: FloatArray,
        displacements: FloatArray,
        gains: FloatArray,
        offsets: FloatArray,
        noise: NoiseModel,
        cutoffs: FloatArray,
    ) -> FieldSums:
        """See `Device.field_sums`."""
        rows = [
            field_sums_of_frame(
                frame.astype(np.float64), spline, grid, shifts[n], displacements[n], gains[n], offsets[n], noise,
                cutoffs[n],
            )
            for n, frame in enumerate(frames)
        ]  # fmt: skip
        return FieldSums(*(np.array(column) for column in zip(*rows, strict=True)))

    def overlap_correlation(
        self, frames: NDArray[np.float32], reference: NDArray[np.float32], shifts: NDArray[np.int64]
    ) -> FloatArray:
        """See `Device.overlap_correlation`."""
        scores = np.full(shifts.shape[:2], -1.0)
        for n, k in np.ndindex(*scores.shape):
            ranges = [overlap(length, s) for length, s in zip(reference.shape, shifts[n, k], strict=True)]
            moving = frames[n][tuple(slice(*r) for r in ranges)].astype(np.float64)
            fixed = reference[tuple(slice(a - s, b - s) for (a, b), s in zip(ranges, shifts[n, k], strict=True))]
            if moving.size < 2:
                continue
            moving, fixed = moving - moving.mean(), fixed - fixed.astype(np.float64).mean()
            scale = np.sqrt((moving**2).sum() * (fixed**2).sum())
            if scale > 0:
                scores[n, k] = (moving * fixed).sum() / scale
        return scores

    def resample_shift(
        self, frames: Frames, shifts: FloatArray, *, interpolation: str, edge: str, fill: float, out: Frames
    ) -> NDArray[np.int64]:
        """See `Device.resample_shift`."""
        clamped = np.zeros(len(frames), np.int64)
        for n, (frame, shift) in enumerate(zip(frames, shifts, strict=True)):
            if not shift.any() and frame.dtype == out.dtype:
                out[n] = frame  # bit for bit, 64-bit integers too
                continue
            clamped[n] = _store(resample_frame(np.asarray(frame, np.float64), shift, interpolation, edge, fill), out[n])
        return clamped

    def resample_warp(
        self, frames: Frames, kind: str, warps: FloatArray, *, interpolation: str, edge: str, fill: float, out: Frames
    ) -> NDArray[np.int64]:
        """See `Device.resample_warp`."""
        centred = _grid_about_centre(frames.shape[1:])
        centre = (np.array(frames.shape[1:]) - 1) / 2
        clamped = np.zeros(len(frames), np.int64)
        for n, (frame, warp) in enumerate(zip(frames, warps, strict=True)):
            points = np.moveaxis(np.moveaxis(map_points(kind, warp, centred), 0, -1) + centre, -1, 0)
            values = sample_frame(np.asarray(frame, np.float64), points, interpolation, edge, fill)
            clamped[n] = _store(values, out[n])
        return clamped

    def resample_field(
        self,
        frames: Frames,
        grid: ControlGrid,
        displacements: FloatArray,
        *,
        interpolation: str,
        edge: str,
        fill: float,
        out: Frames,
    ) -> NDArray[np.int64]:
        """See `Device.resample_field`."""
        shape = out.shape[1:]
        pixels = np.moveaxis(np.indices(shape), 0, -1).reshape(-1, len(shape)).astype(np.float64)
        clamped = np.zeros(len(frames), np.int64)
        for n, frame in enumerate(frames):
            points = pixels.copy()
            points[:, list(grid.moved)] += displace(grid, displacements[n : n + 1], pixels)[0]
            target = np.ascontiguousarray(points.T).reshape(len(shape), *shape)
            clamped[n] = _store(sample_frame(np.asarray(frame, np.float64), target, interpolation, edge, fill), out[n])
        return clamped


def _store(values: FloatArray, out: Frames) -> int:
    """Put values into `out`, rounded and clamped for integers; returns how many were clamped."""
    if not np.issubdtype(out.dtype, np.integer):
        out[...] = values
        return 0
    info, rounded = np.iinfo(out.dtype), np.rint(values)
    out[...] = np.clip(rounded, info.min, info.max).astype(out.dtype)
    return int(np.count_nonzero((rounded < info.min) | (rounded > info.max)))


def _grid_about_centre(shape: tuple[int, ...]) -> FloatArray:
    """Coordinates of all pixels about the centre, (ndim, ...)."""
    return np.stack(np.meshgrid(*(np.arange(n) - (n - 1) / 2 for n in shape), indexing="ij"))


def _sums(
    pixels: FloatArray,
    columns: FloatArray,
    counts: NDArray[np.bool_],
    gain: float,
    offset: float,
    noise: NoiseModel,
    cutoff: float,
) -> tuple[Any, ...]:
    """Normal matrix, right side, squares and count from the columns of a model; the last two are R and 1."""
    model = gain * columns[-2] + offset
    variance = noise.variance(model)
    counts = counts & ~np.isnan(pixels)
    residual = np.where(counts, pixels - model, 0.0)
    robust = counts / (1 + residual**2 / (variance * cutoff**2)) ** 2
    weight = robust / variance
    flat = columns.reshape(len(columns), -1)
    normal = (flat * weight.ravel()) @ flat.T
    right = flat @ (weight * residual).ravel()
    return normal, right, float((weight * residual**2).sum()), float(robust.sum())


def _model_columns(
    shape: tuple[int, ...], spline: Spline, kind: str, warp: FloatArray
) -> tuple[FloatArray, NDArray[np.bool_]]:
    """Columns of the model for each pixel of a frame, and which of them the reference shows and counts."""
    centre = ((np.array(shape) - 1) / 2).reshape(-1, *(1 for _ in shape))
    points, moves = warp_columns(kind, warp, _grid_about_centre(shape))
    points = points + centre
    last = (np.array(shape) - 1).reshape(centre.shape)
    counts = ((points >= 0) & (points <= last)).all(axis=0)
    points = np.clip(points, 0, last)
    gradient, value = spline_at(spline, points)
    columns = [np.einsum("i...,i...->...", gradient, np.broadcast_to(move, gradient.shape)) for move in moves]
    counts &= spline.mask[tuple(np.floor(points + 0.5).astype(np.intp))].astype(bool)
    return np.stack([*columns, value, np.ones(shape)]), counts


def spline_columns(spline: Spline, shift: FloatArray, ranges: list[tuple[int, int]]) -> FloatArray:
    """The columns ``(gradient..., R, 1)`` of the model at ``q - shift`` for the pixels q in `ranges`."""
    ndim = len(ranges)
    step = 2 if spline.is_fine else 1  # coefficients for each px
    coefficients = join_phases(spline.coefficients) if spline.is_fine else spline.coefficients
    lengths = [stop - start for start, stop in ranges]
    columns = np.zeros((ndim + 2, *lengths))
    columns[-1] = 1.0
    floors = [int(np.floor(-s * step)) for s in shift]
    weights = [spline_weights(-s * step - base) for s, base in zip(shift, floors, strict=True)]
    for taps in product(range(4), repeat=ndim):
        # padded by two, the second of four coefficients belongs to the pixel below the point: 2 - 1 = 1
        corner = [step * start + base + 1 + tap for (start, _), base, tap in zip(ranges, floors, taps, strict=True)]
        block = coefficients[tuple(slice(c, c + step * n, step) for c, n in zip(corner, lengths, strict=True))]
        for row in range(ndim + 1):  # row < ndim: the derivative along that axis; row == ndim: the value
            factor = np.prod([weights[axis][int(axis == row)][tap] for axis, tap in enumerate(taps)], dtype=float)
            columns[row] += (factor if row == ndim else step * factor) * block
    return columns


def join_phases(phases: NDArray[np.float32]) -> NDArray[np.float32]:
    """Coefficients of a fine spline side by side, (2 y + 4, 2 x + 4)."""
    _, _, height, width = phases.shape
    return np.ascontiguousarray(phases.transpose(2, 0, 3, 1)).reshape(2 * height, 2 * width)


def resample_frame(frame: FloatArray, shift: FloatArray, interpolation: str, edge: str, fill: float) -> FloatArray:
    """``frame(p + shift)`` for each pixel p, see `sample_frame`."""
    grid = np.meshgrid(*(np.arange(n) + s for n, s in zip(frame.shape, shift, strict=True)), indexing="ij")
    return sample_frame(frame, np.stack(grid), interpolation, edge, fill)


def sample_frame(frame: FloatArray, points: FloatArray, interpolation: str, edge: str, fill: float) -> FloatArray:
    """Frame at `points`, (ndim, ...), NaN left out of the weighted means, see `Device.resample_shift`."""
    shape = points.shape[1:]
    flat = points.reshape(len(points), -1)
    taps = [tap_weights(interpolation, np.clip(p, -1e6, 1e6)) for p in flat]
    total, weight = np.zeros(flat.shape[1]), np.zeros(flat.shape[1])
    for offsets in product(*(range(weights.shape[1]) for _, weights in taps)):
        cells = [
            edge_indices(first + k, length, edge)
            for length, (first, _), k in zip(frame.shape, taps, offsets, strict=True)
        ]
        values = frame[tuple(cells)]
        factor = np.prod([weights[:, k] for (_, weights), k in zip(taps, offsets, strict=True)], axis=0)
        known = np.isfinite(values)
        total += np.where(known, values, 0.0) * factor
        weight += known * factor
    rounded = [np.floor(np.clip(p, -1e6, 1e6) + 0.5).astype(np.int64) for p in flat]
    nearest = frame[tuple(edge_indices(r, length, edge) for r, length in zip(rounded, frame.shape, strict=True))]
    with np.errstate(invalid="ignore", divide="ignore"):
        values = np.where(weight > MIN_KNOWN, total / weight, nearest)
    values[~np.isfinite(nearest)] = np.nan
    if edge == "constant":
        inside = [
            (p >= -BORDER_PX) & (p <= length - 1 + BORDER_PX) for p, length in zip(flat, frame.shape, strict=True)
        ]
        values[~np.logical_and.reduce(inside)] = fill
    return values.reshape(shape)
