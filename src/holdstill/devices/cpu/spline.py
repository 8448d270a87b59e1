"""The cubic B-spline of a reference, and its gradient, at a row of points that each have a place of their own."""

from __future__ import annotations

from typing import Any

import numpy as np

from holdstill.devices.cpu.compiling import lanes, part, row_kernel
from holdstill.devices.cpu.mapping import is_straight, run_end

__all__ = ["spline_row_2d", "spline_row_3d"]

ZERO, ONE = np.float32(0), np.float32(1)
TWO, THREE, HALF, SIXTH = np.float32(2), np.float32(3), np.float32(0.5), np.float32(1 / 6)


@part
def _weights(f: Any) -> Any:
    """Cubic B-spline: four weights of the value, four of the derivative."""
    e = ONE - f
    b0, b3 = e * e * e * SIXTH, f * f * f * SIXTH
    b1 = (THREE * f - TWO * THREE) * f * f * SIXTH + TWO * TWO * SIXTH
    d0, d3 = -e * e * HALF, f * f * HALF
    d1 = (THREE * f - TWO * TWO) * f * HALF
    return b0, b1, ONE - b0 - b1 - b3, b3, d0, d1, -d0 - d1 - d3, d3


@part
def _combine(fy: Any, fx: Any, a: Any, b: Any, c: Any, d: Any) -> Any:
    """Value and gradient (y, x) from four rows of four coefficients."""
    y0, y1, y2, y3, v0, v1, v2, v3 = _weights(fy)
    x0, x1, x2, x3, u0, u1, u2, u3 = _weights(fx)
    p, q = x0 * a[0] + x1 * a[1] + x2 * a[2] + x3 * a[3], x0 * b[0] + x1 * b[1] + x2 * b[2] + x3 * b[3]
    r, s = x0 * c[0] + x1 * c[1] + x2 * c[2] + x3 * c[3], x0 * d[0] + x1 * d[1] + x2 * d[2] + x3 * d[3]
    value, along_y = y0 * p + y1 * q + y2 * r + y3 * s, v0 * p + v1 * q + v2 * r + v3 * s
    p, q = u0 * a[0] + u1 * a[1] + u2 * a[2] + u3 * a[3], u0 * b[0] + u1 * b[1] + u2 * b[2] + u3 * b[3]
    r, s = u0 * c[0] + u1 * c[1] + u2 * c[2] + u3 * c[3], u0 * d[0] + u1 * d[1] + u2 * d[2] + u3 * d[3]
    return value, along_y, y0 * p + y1 * q + y2 * r + y3 * s


@row_kernel
def _gather_spline(flat: Any, stride: int, index: Any, fractions: Any, value: Any, gradient: Any) -> None:
    for x in range(index.size):
        i = index[x]
        j, k, m = i + np.int32(stride), i + np.int32(2 * stride), i + np.int32(3 * stride)
        value[x], gradient[0, x], gradient[1, x] = _combine(
            fractions[0, x], fractions[1, x],
            (flat[i], flat[i + 1], flat[i + 2], flat[i + 3]), (flat[j], flat[j + 1], flat[j + 2], flat[j + 3]),
            (flat[k], flat[k + 1], flat[k + 2], flat[k + 3]), (flat[m], flat[m + 1], flat[m + 2], flat[m + 3]),
        )  # fmt: skip


@row_kernel
def _run_spline(r: Any, s: Any, t: Any, u: Any, fy: Any, fx: Any, value: Any, along_y: Any, along_x: Any) -> None:
    for x in range(value.size):
        value[x], along_y[x], along_x[x] = _combine(
            fy[x], fx[x], (r[x], r[x + 1], r[x + 2], r[x + 3]), (s[x], s[x + 1], s[x + 2], s[x + 3]),
            (t[x], t[x + 1], t[x + 2], t[x + 3]), (u[x], u[x + 1], u[x + 2], u[x + 3]),
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
def spline_row_3d(flat: Any, strides: Any, index: Any, fractions: Any, value: Any, gradient: Any) -> None:
    """Value and gradient in a volume."""
    plane, step = np.int32(strides[0]), np.int32(strides[1])
    for x in range(value.size):
        wz, wy = _weights(fractions[0, x]), _weights(fractions[1, x])
        x0, x1, x2, x3, u0, u1, u2, u3 = _weights(fractions[2, x])
        v = gz = gy = gx = ZERO
        for i in range(4):
            for j in range(4):
                k = index[x] + np.int32(i) * plane + np.int32(j) * step
                line = x0 * flat[k] + x1 * flat[k + 1] + x2 * flat[k + 2] + x3 * flat[k + 3]
                slope = u0 * flat[k] + u1 * flat[k + 1] + u2 * flat[k + 2] + u3 * flat[k + 3]
                v += wz[i] * wy[j] * line
                gz += wz[4 + i] * wy[j] * line
                gy += wz[i] * wy[4 + j] * line
                gx += wz[i] * wy[j] * slope
        value[x], gradient[0, x], gradient[1, x], gradient[2, x] = v, gz, gy, gx
