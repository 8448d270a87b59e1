"""Sums of a Gauss-Newton step where each pixel has a place of its own in the reference.

A row is done in three passes: where its pixels lie, the spline's value and gradient there, and sums of products. The
columns of the model are few base columns times powers of x and y; powers of y, and of z, are the same for a whole row,
so that sums over a row are needed for the base columns and powers of x only.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import DirectSums, FloatArray, NoiseModel, Spline
from holdstill.devices.cpu.compiling import LANES, kernel, lanes, part, row_kernel
from holdstill.devices.cpu.mapping import (
    AFFINE,
    BILINEAR,
    PROJECTIVE,
    codes,
    map_row,
    split_row,
    unmap_row,
)  # fmt: skip
from holdstill.devices.cpu.spline import spline_row_2d, spline_row_3d

__all__ = ["load_row", "warp_sums"]

ZERO, ONE = np.float32(0), np.float32(1)


@part
def _bases(kind: int, warp: Any, centre: Any, points: Any, divisor: Any, gradient: Any, bases: Any) -> None:
    """Base columns before R, 1 and the residual; for bilinear maps all columns."""
    ndim, n = points.shape
    if kind == AFFINE:
        for i in range(ndim):
            bases[i] = gradient[i]
    elif kind == PROJECTIVE:
        for x in range(n):
            scale = np.float32(divisor[x])
            gy, gx = gradient[0, x] * scale, gradient[1, x] * scale
            bases[0, x], bases[1, x] = gy, gx
            bases[2, x] = -gy * np.float32(points[0, x] - centre[0]) - gx * np.float32(points[1, x] - centre[1])
    else:
        for x in range(n):
            d0, d1 = points[0, x] - centre[0], points[1, x] - centre[1]
            a, b = warp[1] + warp[3] * d1, warp[2] + warp[3] * d0
            c, d = warp[5] + warp[7] * d1, warp[6] + warp[7] * d0
            scale = -1.0 / (a * d - b * c)
            gy, gx = np.float64(gradient[0, x]), np.float64(gradient[1, x])
            first, second = np.float32((gy * d - gx * c) * scale), np.float32((gx * a - gy * b) * scale)
            s0, s1, s01 = np.float32(d0), np.float32(d1), np.float32(d0 * d1)
            bases[0, x], bases[1, x], bases[2, x], bases[3, x] = first, first * s0, first * s1, first * s01
            bases[4, x], bases[5, x], bases[6, x], bases[7, x] = second, second * s0, second * s1, second * s01


@row_kernel
def _weigh_row(pixels: Any, counts: Any, value: Any, g: Any, o: Any, noise: Any, cut: Any, w: Any, wr: Any) -> Any:
    """Weights and weighted residuals of a row; returns ``sum w r^2`` and ``sum w variance``."""
    gain, read, dark = noise[0], noise[1], noise[2]
    squares = count = ZERO
    for x in range(pixels.size):
        model = g * value[x] + o
        r = pixels[x] - model
        variance = gain * max(model - dark, ZERO) + read
        q = ONE / (variance + r * r * cut)
        weight = variance * q * q * counts[x]
        w[x], wr[x] = weight, weight * r
        squares += weight * r * r
        count += variance * weight
    return squares, count


@row_kernel
def _moments(left: Any, right: Any, middle: Any, power: int, out: Any) -> None:
    """Sums of ``left * right * x^p`` about the `middle` of the row, for p up to `power`."""
    s0 = s1 = s2 = ZERO
    if power == 0:
        for x in range(left.size):
            s0 += left[x] * right[x]
    elif power == 1:
        for x in range(left.size):
            product = left[x] * right[x]
            s0 += product
            s1 += product * (np.float32(x) - middle)
    else:
        for x in range(left.size):
            product, dx = left[x] * right[x], np.float32(x) - middle
            s0 += product
            s1 += product * dx
            s2 += product * dx * dx
    out[0], out[1], out[2] = s0, s1, s2


@part
def _sum_row(bases: Any, degrees: Any, w: Any, wr: Any, middle: Any, weighted: Any, moments: Any, n_bases: int) -> None:
    """Moments of all pairs of base columns, and of each with the residual."""
    for i in range(n_bases):
        for x in range(w.size):
            weighted[x] = bases[i, x] * w[x]
        for j in range(i, n_bases):
            _moments(weighted, bases[j], middle, degrees[i] + degrees[j], moments[i, j])
        _moments(wr, bases[i], middle, degrees[i], moments[i, n_bases])


@row_kernel
def _sum_row_affine(
    pixels: Any, counts: Any, value: Any, along_y: Any, along_x: Any, g: Any, o: Any, noise: Any, cut: Any, middle: Any,
    moments: Any
) -> Any:  # fmt: skip
    """What `_weigh_row` and `_sum_row` do, in one pass, for the case that matters most: affine maps of the plane."""
    gain, read, dark = noise[0], noise[1], noise[2]
    yy0 = yy1 = yy2 = yx0 = yx1 = yx2 = xx0 = xx1 = xx2 = ZERO
    yv0 = yv1 = xv0 = xv1 = yo0 = yo1 = xo0 = xo1 = yr0 = yr1 = xr0 = xr1 = ZERO
    vv = vo = oo = vr = rr = ro = count = ZERO
    for i in range(pixels.size):
        v, y, x, d = value[i], along_y[i], along_x[i], np.float32(i) - middle
        model = g * v + o
        r = pixels[i] - model
        variance = gain * max(model - dark, ZERO) + read
        q = ONE / (variance + r * r * cut)
        w = variance * q * q * counts[i]
        wy, wx, wv, wr = w * y, w * x, w * v, w * r
        wyd, wxd = wy * d, wx * d
        yd, xd = y * d, x * d
        yy0 += wy * y
        yy1 += wyd * y
        yy2 += wyd * yd
        yx0 += wy * x
        yx1 += wyd * x
        yx2 += wyd * xd
        xx0 += wx * x
        xx1 += wxd * x
        xx2 += wxd * xd
        yv0 += wy * v
        yv1 += wyd * v
        xv0 += wx * v
        xv1 += wxd * v
        yo0 += wy
        yo1 += wyd
        xo0 += wx
        xo1 += wxd
        yr0 += wy * r
        yr1 += wyd * r
        xr0 += wx * r
        xr1 += wxd * r
        vv += wv * v
        vo += wv
        oo += w
        vr += wv * r
        ro += wr
        rr += wr * r
        count += variance * w
    m = moments
    m[0, 0, 0], m[0, 0, 1], m[0, 0, 2], m[0, 1, 0], m[0, 1, 1], m[0, 1, 2] = yy0, yy1, yy2, yx0, yx1, yx2
    m[1, 1, 0], m[1, 1, 1], m[1, 1, 2] = xx0, xx1, xx2
    m[0, 2, 0], m[0, 2, 1], m[1, 2, 0], m[1, 2, 1] = yv0, yv1, xv0, xv1
    m[0, 3, 0], m[0, 3, 1], m[1, 3, 0], m[1, 3, 1] = yo0, yo1, xo0, xo1
    m[0, 4, 0], m[0, 4, 1], m[1, 4, 0], m[1, 4, 1] = yr0, yr1, xr0, xr1
    m[2, 2, 0], m[2, 3, 0], m[3, 3, 0], m[2, 4, 0], m[3, 4, 0] = vv, vo, oo, vr, ro
    return rr, count


@part
def _add_row(moments: Any, layout: Any, line: Any, n_bases: int, out: Any) -> None:
    """Add the moments of a row to the sums over the frame, times the powers of y and z of each column."""
    n_columns = layout.shape[0]
    place = 0
    for i in range(n_columns):
        base, power, factor = layout[i, 0], layout[i, 1], 1.0
        if layout[i, 2] >= 0:
            factor = line[layout[i, 2]]
        for j in range(i, n_columns):
            other = layout[j, 0]
            value = moments[min(base, other), max(base, other), power + layout[j, 1]] * factor
            if layout[j, 2] >= 0:
                value *= line[layout[j, 2]]
            out[place] += value
            place += 1
    for i in range(n_columns):
        value = moments[layout[i, 0], n_bases, layout[i, 1]]
        if layout[i, 2] >= 0:
            value *= line[layout[i, 2]]
        out[place] += value
        place += 1


@part
def load_row(frame: Any, masks: Any, points: Any, shape: Any, masked: bool, inside: Any, pixels: Any) -> None:
    """A row as float32, and `inside` set to 0 where it is NaN or the reference's mask excludes it."""
    ndim = points.shape[0]
    for x in range(frame.size):
        value = np.float32(frame[x])
        known = value == value  # False for NaN
        pixels[x] = value if known else ZERO
        inside[x] = inside[x] if known else ZERO
    if masked:
        for x in range(frame.size):
            if inside[x] > ZERO:
                k = 0
                for i in range(ndim):
                    k = k * shape[i] + int(np.floor(points[i, x] + 0.5))
                inside[x] *= np.float32(masks[k])


@kernel
def _warp_sums(
    frames: Any, flat: Any, strides: Any, masks: Any, masked: bool, kind: int, warps: Any, gains: Any, offsets: Any,
    noise: Any, cuts: Any, layout: Any, degrees: Any, shape: Any, centre: Any, out: Any
) -> None:  # fmt: skip
    """Equals `PlainDevice.warp_sums` within 1e-4 relative. `frames` is (n, z, y, x), with one z in two dimensions."""
    ndim, n, n_bases = len(shape), frames.shape[3], len(degrees)
    m = lanes(n)  # beyond n, weights stay zero
    points, divisor, line = np.empty((ndim, n)), np.ones(n), np.empty(ndim - 1)
    index, fractions = np.empty(n, np.int32), np.zeros((ndim, m + LANES), np.float32)
    rows = np.zeros((5, m), np.float32)
    inside, pixels, w, wr, weighted = rows[0], rows[1], rows[2], rows[3], rows[4]
    bases, gradient = np.ones((n_bases, m + LANES), np.float32), np.zeros((ndim, m + LANES), np.float32)
    planes = np.zeros((4, 3, m + LANES), np.float32)
    moments = np.zeros((n_bases, n_bases + 1, 3), np.float32)
    middle = np.float32(centre[ndim - 1])
    value = bases[n_bases - 2]
    for t in range(frames.shape[0]):
        for z in range(frames.shape[1]):
            for y in range(frames.shape[2]):
                if ndim == 3:
                    line[0] = z - centre[0]
                line[ndim - 2] = y - centre[ndim - 2]
                if kind == BILINEAR:
                    unmap_row(warps[t], centre, line, points)
                else:
                    map_row(kind, warps[t], centre, line, points, divisor)
                if not split_row(points, shape, strides, 1, index, fractions, inside[:n]):
                    continue
                load_row(frames[t, z, y], masks, points, shape, masked, inside[:n], pixels[:n])
                if ndim == 3:
                    spline_row_3d(flat, strides, index, fractions, planes, value[:n], gradient)
                else:
                    spline_row_2d(flat, strides[0], index, fractions, value, gradient)
                _bases(kind, warps[t], centre, points, divisor, gradient, bases)
                squares, count = _weigh_row(pixels, inside, value, gains[t], offsets[t], noise, cuts[t], w, wr)
                _sum_row(bases, degrees, w, wr, middle, weighted, moments, n_bases)
                _add_row(moments, layout, line, n_bases, out[t])
                out[t, -2] += squares
                out[t, -1] += count


@kernel
def _affine_sums(
    frames: Any, flat: Any, stride: int, masks: Any, masked: bool, warps: Any, gains: Any, offsets: Any, noise: Any,
    cuts: Any, layout: Any, shape: Any, strides: Any, centre: Any, out: Any
) -> None:  # fmt: skip
    """As `_warp_sums` for affine maps of (n, y, x), faster; apart, as most never need what compiles twice as long."""
    n = frames.shape[2]
    m = lanes(n)
    points, divisor, line = np.empty((2, n)), np.ones(1), np.empty(1)
    index, fractions = np.empty(n, np.int32), np.zeros((2, m + LANES), np.float32)
    inside, pixels, value = np.zeros(m, np.float32), np.zeros(m, np.float32), np.ones(m + LANES, np.float32)
    gradient, moments = np.zeros((2, m + LANES), np.float32), np.zeros((4, 5, 3), np.float32)
    middle = np.float32(centre[1])
    for t in range(frames.shape[0]):
        for y in range(frames.shape[1]):
            line[0] = y - centre[0]
            map_row(AFFINE, warps[t], centre, line, points, divisor)
            if not split_row(points, shape, strides, 1, index, fractions, inside[:n]):
                continue
            load_row(frames[t, y], masks, points, shape, masked, inside[:n], pixels[:n])
            spline_row_2d(flat, stride, index, fractions, value, gradient)
            squares, count = _sum_row_affine(
                pixels, inside, value[:m], gradient[0, :m], gradient[1, :m], gains[t], offsets[t], noise, cuts[t],
                middle, moments,
            )  # fmt: skip
            _add_row(moments, layout, line, 4, out[t])
            out[t, -2] += squares
            out[t, -1] += count


@cache
def _layout(kind: str, ndim: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each column its base, its power of x, and the axis of `line` that multiplies it (-1: none); base degrees."""
    if kind == "bilinear":
        return np.array([[i, 0, -1] for i in range(10)]), np.zeros(10, np.int64)
    terms = [(0, -1), *((0, axis) for axis in range(ndim - 1)), (1, -1)]
    rows = [(base, *term) for base in range(ndim) for term in terms]
    degrees = [1] * ndim + [0, 0]
    if kind == "projective":
        rows += [(ndim, 0, 0), (ndim, 1, -1)]
        degrees.insert(0, 1)
    n_bases = len(degrees)
    rows += [(n_bases - 2, 0, -1), (n_bases - 1, 0, -1)]
    return np.array(rows), np.array(degrees)


@cache
def _upper(n: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns of the upper triangle, made once."""
    rows, columns = np.triu_indices(n)
    return rows, columns


def _list_parts(volumes: NDArray[Any]) -> Iterator[tuple[slice, NDArray[np.float32]]]:
    """Frames as float32, which alone is compiled for: all at once, or one by one where each has to be copied.

    A copy of a frame costs a thirtieth of its sums; of small frames a call for each costs as much as they do.
    """
    if volumes.dtype == np.float32 and volumes.flags.carray:
        yield slice(None), volumes
        return
    pixels = np.empty((1, *volumes.shape[1:]), np.float32)
    for n in range(len(volumes)):
        np.copyto(pixels, volumes[n : n + 1])
        yield slice(n, n + 1), pixels


def warp_sums(
    frames: NDArray[Any],
    spline: Spline,
    kind: str,
    warps: FloatArray,
    gains: FloatArray,
    offsets: FloatArray,
    noise: NoiseModel,
    cutoffs: FloatArray,
) -> DirectSums:
    """See `Device.warp_sums`."""
    shape = np.array(frames.shape[1:])
    layout, degrees = _layout(kind, len(shape))
    n_columns = len(layout)
    n_normal = n_columns * (n_columns + 1) // 2
    sums = np.zeros((len(frames), n_normal + n_columns + 2))
    flat = np.pad(spline.coefficients.ravel(), (0, 2 * LANES))  # the last run may look beyond the end
    model = np.array([noise.gain, noise.read_variance, noise.offset], np.float32)
    cuts = (1.0 / np.asarray(cutoffs, np.float64) ** 2).astype(np.float32)
    volumes = frames if len(shape) == 3 else frames[:, None]
    strides = np.array(spline.coefficients.strides) // spline.coefficients.itemsize
    # contiguous: for every other layout of memory all is compiled anew, for 5 s each
    masked, maps = not spline.mask.all(), np.ascontiguousarray(warps, np.float64)
    scale = np.asarray(gains, np.float32), np.asarray(offsets, np.float32)
    mask, centre = (spline.mask.reshape(-1), masked), (shape - 1) / 2
    for rows, pixels in _list_parts(volumes):
        told = maps[rows], scale[0][rows], scale[1][rows], model, cuts[rows], layout
        if codes[kind] == AFFINE and len(shape) == 2:
            _affine_sums(pixels[:, 0], flat, int(strides[0]), *mask, *told, shape, strides, centre, sums[rows])
            continue
        _warp_sums(pixels, flat, strides, *mask, codes[kind], *told, degrees, shape, centre, sums[rows])
    normal = np.empty((len(frames), n_columns, n_columns))
    upper = _upper(n_columns)
    normal[:, upper[0], upper[1]] = sums[:, :n_normal]
    normal[:, upper[1], upper[0]] = sums[:, :n_normal]
    right, squares, count = sums[:, n_normal : n_normal + n_columns].copy(), sums[:, -2].copy(), sums[:, -1].copy()
    return DirectSums(normal, right, squares, count)
