"""Sums of a Gauss-Newton step for displacements on a grid of control points.

The hat functions of control points are products of one for each axis, so that a row adds its weighted residuals to one
line for each corner of the cells that it crosses; what belongs to which control point along the row is told apart once
the rows leave these cells.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import ControlGrid, FieldSums, FloatArray, NoiseModel, Spline
from holdstill.devices.cpu.compiling import LANES, divide, kernel, lanes, part, pixels, row_kernel
from holdstill.devices.cpu.spline import spline_row_2d, spline_row_3d

__all__ = ["field_sums"]

ZERO, ONE, HALF = np.float32(0), np.float32(1), np.float32(0.5)


@row_kernel
def _load_row(frame: Any, inside: Any, pixels: Any) -> None:
    """A row as float32, and `inside` set to 0 where it is NaN."""
    for x in range(frame.size):
        value = np.float32(frame[x])
        known = value == value  # False for NaN
        pixels[x] = value if known else ZERO
        inside[x] = inside[x] if known else ZERO


@row_kernel
def _weigh_row(
    pixels: Any, counts: Any, value: Any, g: Any, o: Any, noise: Any, cut: Any, w: Any, wr: Any
) -> Any:  # fmt: skip
    """Weights and weighted residuals of a row; returns sums of w R^2, w R, w, w r R, w r, w r^2 and w variance."""
    gain, read, dark = noise[0], noise[1], noise[2]
    vv = v1 = one = rv = r1 = squares = count = ZERO
    for x in range(pixels.size):
        v = value[x]
        model = g * v + o
        r = pixels[x] - model
        variance = gain * max(model - dark, ZERO) + read
        q = ONE / (variance + r * r * cut)
        weight = variance * q * q * counts[x]
        residual = weight * r
        w[x], wr[x] = weight, residual
        vv += weight * v * v
        v1 += weight * v
        one += weight
        rv += residual * v
        r1 += residual
        squares += residual * r
        count += variance * weight
    return vv, v1, one, rv, r1, squares, count


@row_kernel
def _add_slopes(w: Any, wr: Any, slope: Any, shares: Any, sums: Any, told: Any) -> None:
    """Add ``w r dR/da`` of a row to the line of each corner of the cells, by its share; ``w (dR/da)^2`` to `told`."""
    for x in range(w.size):
        told[x] += w[x] * slope[x] * slope[x]
    for c in range(shares.size):
        share, line = shares[c], sums[c]
        if share != ZERO:
            for x in range(w.size):
                line[x] += share * (wr[x] * slope[x])


@row_kernel
def _weigh_plane(
    pixels: Any, counts: Any, value: Any, g: Any, o: Any, noise: Any, cut: Any, along_y: Any, along_x: Any,
    above: Any, below: Any, y_above: Any, y_below: Any, x_above: Any, x_below: Any, told: Any
) -> Any:  # fmt: skip
    """`_weigh_row` and `_add_slopes` of a plane both of whose axes move, by shares `above` and `below`, in one go.

    What a weight is for is told while it is at hand: a fifth of the sums' time.
    """
    gain, read, dark = noise[0], noise[1], noise[2]
    vv = v1 = one = rv = r1 = squares = count = ZERO
    for x in range(pixels.size):
        v, y_slope, x_slope = value[x], along_y[x], along_x[x]
        model = g * v + o
        r = pixels[x] - model
        variance = gain * max(model - dark, ZERO) + read
        q = ONE / (variance + r * r * cut)
        weight = variance * q * q * counts[x]
        residual = weight * r
        y_pull, x_pull = residual * y_slope, residual * x_slope
        told[x] += weight * (y_slope * y_slope + x_slope * x_slope)
        y_above[x] += above * y_pull
        y_below[x] += below * y_pull
        x_above[x] += above * x_pull
        x_below[x] += below * x_pull
        vv += weight * v * v
        v1 += weight * v
        one += weight
        rv += residual * v
        r1 += residual
        squares += residual * r
        count += variance * weight
    return vv, v1, one, rv, r1, squares, count


@part
def _flush(sums: Any, told: Any, cells: Any, shares: Any, z: int, y: int, right: Any, information: Any) -> None:
    """Give what the lines hold to the control points, and empty them."""
    last_z, last_y, last_x = right.shape[1] - 1, right.shape[2] - 1, right.shape[3] - 1
    for x in range(cells.size):
        information[z, y, cells[x]] += told[x]
        told[x] = ZERO
    n_corners = 4 if right.shape[1] > 1 else 2  # along y alone
    for a in range(right.shape[0]):
        for c in range(n_corners):
            i, j = min(z + c // 2, last_z), min(y + c % 2, last_y)
            line = sums[a, c]
            for x in range(cells.size):
                k = cells[x]
                right[a, i, j, k] += (1.0 - shares[x]) * line[x]
                right[a, i, j, min(k + 1, last_x)] += shares[x] * line[x]
                line[x] = ZERO


@part
def _find_cell(p: float, origin: float, spacing: float, count: int) -> Any:
    """The control point before a coordinate, and the share of the way to the next; see `ControlGrid.find_cells`."""
    steps = min(max((p - origin) / spacing, 0.0), count - 1.0)
    before = min(np.floor(steps), max(count - 2.0, 0.0))
    return int(before), steps - before


@part
def _find_starts(cells: Any, first: Any) -> None:
    """The first pixel of a row that lies in each cell, ascending, and at the end the number of pixels."""
    first[:] = cells.size
    for x in range(cells.size - 1, -1, -1):
        first[cells[x]] = x
    for k in range(first.size - 2, -1, -1):
        first[k] = min(first[k], first[k + 1])


@row_kernel
def _spread(line: Any, first: Any, shares: Any, out: Any) -> None:
    """Displacements of all pixels of a row that are linear between the control points of a `line`, cell by cell."""
    last = line.size - 1
    for k in range(line.size):
        left, rise = line[k], line[min(k + 1, last)] - line[k]
        for x in range(first[k], first[k + 1]):
            out[x] = left + shares[x] * rise


@part
def _spread_rows(nodes: Any, first: Any, shares: Any, rows: Any) -> None:
    """The same for each row of control points, of each axis: told once for a frame, not for each of its rows."""
    for a in range(nodes.shape[0]):
        for i in range(nodes.shape[1]):
            for j in range(nodes.shape[2]):
                _spread(nodes[a, i, j], first, shares, rows[a, i, j])


@row_kernel
def _mix(a: Any, b: Any, share_a: Any, share_b: Any, out: Any) -> None:
    """Displacements of the pixels of a row between two rows of control points."""
    for x in range(out.size):
        out[x] = share_a * a[x] + share_b * b[x]


@row_kernel
def _mix_more(a: Any, b: Any, share_a: Any, share_b: Any, out: Any) -> None:
    """Those of two rows of the plane behind, too."""
    for x in range(out.size):
        out[x] += share_a * a[x] + share_b * b[x]


@row_kernel
def _split(
    line: Any, start: Any, step: Any, rest: Any, top: Any, stride: Any, index: Any, fraction: Any, inside: Any
) -> None:
    """Add to the flat index of the pixel before that of a row, less a `rest` and its displacements, along one axis.

    Whole pixels and displacements are told apart: both are exact in float32, which takes half the time of float64.
    Points outside are moved to the border, so that whatever is looked up there exists.
    """
    for x in range(line.size):
        before, moved = start + step * np.float32(x), -(rest + line[x])
        bounded = min(max(moved, -before), top - before)
        inside[x] = inside[x] if bounded == moved else ZERO
        base = np.floor(bounded)
        fraction[x] = bounded - base
        index[x] += (np.int32(before) + np.int32(base) + np.int32(1)) * stride


@row_kernel
def _place_plane_row(
    y_a: Any, y_b: Any, x_a: Any, x_b: Any, share_a: Any, share_b: Any, y: Any, left: Any, y_rest: Any, x_rest: Any,
    bottom: Any, right: Any, stride: Any, index: Any, y_fraction: Any, x_fraction: Any, inside: Any
) -> Any:  # fmt: skip
    """`_place_row` of a plane both of whose axes move, in one go; returns how many points lie inside."""
    count = ZERO
    for x in range(index.size):
        before = left + np.float32(x)
        y_moved, x_moved = (
            -(y_rest + share_a * y_a[x] + share_b * y_b[x]),
            -(x_rest + share_a * x_a[x] + share_b * x_b[x]),
        )
        y_bounded, x_bounded = min(max(y_moved, -y), bottom - y), min(max(x_moved, -before), right - before)
        known = ONE if y_bounded == y_moved and x_bounded == x_moved else ZERO
        y_base, x_base = np.floor(y_bounded), np.floor(x_bounded)
        y_fraction[x], x_fraction[x] = y_bounded - y_base, x_bounded - x_base
        index[x] = (np.int32(y) + np.int32(y_base) + np.int32(1)) * stride + (
            np.int32(before) + np.int32(x_base) + np.int32(1)
        )
        inside[x] = known
        count += known
    return count


@part
def _place_row(
    z: int, y: int, whole: Any, rest: Any, rows: Any, moved: Any, k_z: int, k_y: int, corner: Any, shape: Any,
    strides: Any, lines: Any, index: Any, fractions: Any, inside: Any
) -> bool:  # fmt: skip
    """Where in the reference the pixels of a row lie, as `split_row` tells it; `lines`, (ndim, n), are displacements.

    Of the shift `whole` px were taken off before, and a `rest` was left.
    """
    ndim, n = lines.shape
    flat_axes = 3 - ndim
    if ndim == 2 and moved.size == 2:
        below = min(k_y + 1, rows.shape[2] - 1)
        count = _place_plane_row(
            rows[0, 0, k_y], rows[0, 0, below], rows[1, 0, k_y], rows[1, 0, below], corner[0], corner[1],
            np.float32(y - whole[1]), np.float32(-whole[2]), np.float32(rest[1]), np.float32(rest[2]),
            np.float32(shape[0] - 1), np.float32(shape[1] - 1), np.int32(strides[0]), index, fractions[0, :n],
            fractions[1, :n], inside,
        )  # fmt: skip
        return bool(count > ZERO)
    below_z, below_y = min(k_z + 1, rows.shape[1] - 1), min(k_y + 1, rows.shape[2] - 1)
    for a in range(rows.shape[0]):
        field, line = rows[a], lines[moved[a]]
        _mix(field[k_z, k_y], field[k_z, below_y], corner[0], corner[1], line)
        if corner[2] != ZERO or corner[3] != ZERO:
            _mix_more(field[below_z, k_y], field[below_z, below_y], corner[2], corner[3], line)
    index[:] = np.int32(0)
    inside[:] = ONE
    for i in range(ndim):
        start = (z if i + flat_axes == 0 else y if i + flat_axes == 1 else 0) - whole[i + flat_axes]
        _split(
            lines[i], np.float32(start), ONE if i == ndim - 1 else ZERO, np.float32(rest[i + flat_axes]),
            np.float32(shape[i] - 1), np.int32(strides[i]), index, fractions[i, :n], inside,
        )  # fmt: skip
    count = ZERO
    for x in range(n):
        count += inside[x]
    return bool(count > ZERO)


@part
def _mask_row(masks: Any, shape: Any, strides: Any, index: Any, fractions: Any, inside: Any) -> None:
    """`inside` set to 0 where the mask of the reference excludes the pixel next to a point."""
    ndim = len(shape)
    for x in range(index.size):
        if inside[x] > ZERO:
            left, k = index[x], 0
            for i in range(ndim):
                at = left // strides[i]
                left -= at * strides[i]
                k = k * shape[i] + at - 1 + (fractions[i, x] >= HALF)
            inside[x] *= np.float32(masks[k])


@kernel
def _field_sums(
    short: Any, frames: Any, flat: Any, strides: Any, masks: Any, masked: bool, shifts: Any, nodes: Any, moved: Any,
    origins: Any, spacings: Any, gains: Any, offsets: Any, noise: Any, cuts: Any, shape: Any, right: Any,
    information: Any, out: Any
) -> None:  # fmt: skip
    """Equals `PlainDevice.field_sums` within 1e-4 relative.

    Frames, (n, z, y, x) with one z in two dimensions, are `short` or not, see `divide`.
    """
    is_short = short.size > 0
    depth, height, n = short.shape[1:] if is_short else frames.shape[1:]
    ndim, m, n_moved = len(shape), lanes(n), nodes.shape[1]
    lines = np.zeros((ndim, n), np.float32)
    fields = np.empty((n_moved, nodes.shape[2], nodes.shape[3], n), np.float32)
    whole, rest = np.empty(3), np.empty(3)
    index, fractions = np.empty(n, np.int32), np.zeros((ndim, m + LANES), np.float32)
    rows = np.zeros((5, m + LANES), np.float32)
    inside, pixels, value, w, wr = rows[0], rows[1], rows[2], rows[3], rows[4]
    gradient, planes = np.zeros((ndim, m + LANES), np.float32), np.zeros((4, 3, m + LANES), np.float32)
    sums, told = np.zeros((n_moved, 4, m), np.float32), np.zeros(m, np.float32)
    cells, shares = np.empty(n, np.int64), np.empty(n)
    corner, first = np.empty(4, np.float32), np.empty(nodes.shape[4] + 1, np.int64)
    for t in range(shifts.shape[0]):
        for i in range(3):
            whole[i] = np.rint(shifts[t, i])
            rest[i] = shifts[t, i] - whole[i]
        for x in range(n):
            cells[x], shares[x] = _find_cell(x - shifts[t, 2], origins[2], spacings[2], nodes.shape[4])
        _find_starts(cells, first)
        _spread_rows(nodes[t], first, shares, fields)
        old_z, old_y = 0, 0
        for z in range(depth):
            k_z, f_z = _find_cell(z - shifts[t, 0], origins[0], spacings[0], nodes.shape[2])
            for y in range(height):
                k_y, f_y = _find_cell(y - shifts[t, 1], origins[1], spacings[1], nodes.shape[3])
                if k_z != old_z or k_y != old_y:
                    _flush(sums, told, cells, shares, old_z, old_y, right[t], information[t])
                    old_z, old_y = k_z, k_y
                corner[0], corner[1] = (1.0 - f_z) * (1.0 - f_y), (1.0 - f_z) * f_y
                corner[2], corner[3] = f_z * (1.0 - f_y), f_z * f_y
                seen = _place_row(
                    z, y, whole, rest, fields, moved, k_z, k_y, corner, shape, strides, lines, index, fractions,
                    inside[:n],
                )  # fmt: skip
                if not seen:
                    continue
                if is_short:
                    _load_row(short[t, z, y], inside[:n], pixels[:n])
                else:
                    _load_row(frames[t, z, y], inside[:n], pixels[:n])
                if masked:
                    _mask_row(masks, shape, strides, index, fractions, inside[:n])
                if ndim == 3:
                    spline_row_3d(flat, strides, index, fractions, planes, value[:n], gradient)
                else:
                    spline_row_2d(flat, strides[0], index, fractions, value, gradient)
                if ndim == 2 and n_moved == 2:
                    vv, v1, one, rv, r1, squares, count = _weigh_plane(
                        pixels[:m], inside[:m], value[:m], gains[t], offsets[t], noise, cuts[t], gradient[0, :m],
                        gradient[1, :m], corner[0], corner[1], sums[0, 0], sums[0, 1], sums[1, 0], sums[1, 1], told,
                    )  # fmt: skip
                else:
                    vv, v1, one, rv, r1, squares, count = _weigh_row(
                        pixels[:m], inside[:m], value[:m], gains[t], offsets[t], noise, cuts[t], w[:m], wr[:m]
                    )
                    for a in range(n_moved):
                        _add_slopes(w[:m], wr[:m], gradient[moved[a], :m], corner, sums[a], told)
                out[t, 0] += vv
                out[t, 1] += v1
                out[t, 2] += one
                out[t, 3] += rv
                out[t, 4] += r1
                out[t, 5] += squares
                out[t, 6] += count
        _flush(sums, told, cells, shares, old_z, old_y, right[t], information[t])


def field_sums(
    frames: NDArray[Any],
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
    shape, n = np.array(frames.shape[1:]), len(frames)
    flat_axes = 3 - grid.ndim
    ones = (1,) * flat_axes
    counts, cells, n_moved = ones + grid.counts, ones + grid.cells, len(grid.moved)
    right, information, out = np.zeros((n, n_moved, *counts)), np.zeros((n, *cells)), np.zeros((n, 7))
    padded = np.zeros((n, 3))
    padded[:, flat_axes:] = shifts
    volumes = pixels(frames).reshape(n, *ones, *frames.shape[1:])
    _field_sums(
        *divide(volumes), np.pad(spline.coefficients.ravel(), (0, 2 * LANES)),
        np.array(spline.coefficients.strides) // spline.coefficients.itemsize, spline.mask.reshape(-1),
        not spline.mask.all(), padded, np.ascontiguousarray(displacements, np.float64).reshape(n, n_moved, *counts),
        np.array(grid.moved), np.array((0.0,) * flat_axes + grid.origins), np.array((1.0,) * flat_axes + grid.spacings),
        np.asarray(gains, np.float32), np.asarray(offsets, np.float32),
        np.array([noise.gain, noise.read_variance, noise.offset], np.float32),
        (1.0 / np.asarray(cutoffs, np.float64) ** 2).astype(np.float32), shape, right, information, out,
    )  # fmt: skip
    return FieldSums(
        right.reshape(n, n_moved, *grid.counts), information.reshape(n, *grid.cells), out[:, :5], out[:, 5], out[:, 6]
    )
