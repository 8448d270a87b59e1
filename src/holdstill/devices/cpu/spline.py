"""The cubic B-spline of a reference, and its gradient, at a row of points that each have a place of their own."""

from __future__ import annotations

from typing import Any

import numpy as np

from holdstill.devices.cpu.compiling import lanes, part, row_kernel
from holdstill.devices.cpu.mapping import is_straight, run_end
from holdstill.devices.cpu.taps import sum_taps, take_four

__all__ = ["spline_row_2d", "spline_row_3d"]

ZERO, ONE = np.float32(0), np.float32(1)
TWO, THREE, HALF, SIXTH = np.float32(2), np.float32(3), np.float32(0.5), np.float32(1 / 6)


@part
def _weights(f: Any) -> Any:
    """Cubic B-spline: four weights of the value, and four of the derivative."""
    e = ONE - f
    b0, b3 = e * e * e * SIXTH, f * f * f * SIXTH
    b1 = (THREE * f - TWO * THREE) * f * f * SIXTH + TWO * TWO * SIXTH
    d0, d3 = -e * e * HALF, f * f * HALF
    d1 = (THREE * f - TWO * TWO) * f * HALF
    return (b0, b1, ONE - b0 - b1 - b3, b3), (d0, d1, -d0 - d1 - d3, d3)


@part
def _combine(fy: Any, fx: Any, a: Any, b: Any, c: Any, d: Any) -> Any:
    """Value and gradient (y, x) from four rows of four coefficients."""
    values_y, slopes_y = _weights(fy)
    values_x, slopes_x = _weights(fx)
    lines = (sum_taps(values_x, a), sum_taps(values_x, b), sum_taps(values_x, c), sum_taps(values_x, d))
    tilts = (sum_taps(slopes_x, a), sum_taps(slopes_x, b), sum_taps(slopes_x, c), sum_taps(slopes_x, d))
    return sum_taps(values_y, lines), sum_taps(slopes_y, lines), sum_taps(values_y, tilts)


@row_kernel
def _gather_spline(flat: Any, stride: int, index: Any, fractions: Any, value: Any, gradient: Any) -> None:
    for x in range(index.size):
        i = index[x]
        j, k, m = i + np.int32(stride), i + np.int32(2 * stride), i + np.int32(3 * stride)
        value[x], gradient[0, x], gradient[1, x] = _combine(
            fractions[0, x], fractions[1, x],
            take_four(flat, i), take_four(flat, j), take_four(flat, k), take_four(flat, m),
        )  # fmt: skip


@row_kernel
def _run_spline(r: Any, s: Any, t: Any, u: Any, fy: Any, fx: Any, value: Any, along_y: Any, along_x: Any) -> None:
    for x in range(value.size):
        value[x], along_y[x], along_x[x] = _combine(
            fy[x], fx[x], take_four(r, x), take_four(s, x), take_four(t, x), take_four(u, x)
        )  # fmt: skip


@part
def spline_row_2d(flat: Any, stride: int, index: Any, fractions: Any, value: Any, gradient: Any) -> None:
    """Value and gradient; a run overwrites what the one before it wrote beyond its end, to be whole vectors long."""
    if not is_straight(index):
        _gather_spline(flat, stride, index, fractions, value, gradient)
        return
    start = 0
    while start < index.size:
        stop, k = run_end(index, start), index[start]
        end = start + lanes(stop - start)
        _run_spline(
            flat[k:], flat[k + stride :], flat[k + 2 * stride :], flat[k + 3 * stride :],
            fractions[0, start:end], fractions[1, start:end],
            value[start:end], gradient[0, start:end], gradient[1, start:end],
        )  # fmt: skip
        start = stop


@row_kernel
def _join_planes(fz: Any, planes: Any, value: Any, along_z: Any, along_y: Any, along_x: Any) -> None:
    """Value and gradient from those of four planes, (4, 3, n): value, and slopes along y and x."""
    for x in range(value.size):
        values, slopes = _weights(fz[x])
        lines = (planes[0, 0, x], planes[1, 0, x], planes[2, 0, x], planes[3, 0, x])
        value[x], along_z[x] = sum_taps(values, lines), sum_taps(slopes, lines)
        along_y[x] = sum_taps(values, (planes[0, 1, x], planes[1, 1, x], planes[2, 1, x], planes[3, 1, x]))
        along_x[x] = sum_taps(values, (planes[0, 2, x], planes[1, 2, x], planes[2, 2, x], planes[3, 2, x]))


@part
def spline_row_3d(
    flat: Any, strides: Any, index: Any, fractions: Any, planes: Any, value: Any, gradient: Any
) -> None:  # fmt: skip
    """Value and gradient in a volume, of `value.size` points; `planes`, (4, 3, n) as `gradient` is long, is scratch.

    Plane by plane, each in runs: gathered point by point it took ten times as long.
    """
    n = value.size
    for k in range(4):
        spline_row_2d(flat[k * strides[0] :], strides[1], index, fractions[1:], planes[k, 0], planes[k, 1:])
    _join_planes(fractions[0, :n], planes[:, :, :n], value, gradient[0, :n], gradient[1, :n], gradient[2, :n])
