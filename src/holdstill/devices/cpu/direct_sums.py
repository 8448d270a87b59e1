"""Sums of a Gauss-Newton step: the spline of the reference, evaluated under each pixel of the frame as it is.

The frame is never interpolated, so that its noise stays white and the weights are exact. A row of the reference costs
one pass that mixes rows of coefficients and one that mixes columns, weighs and sums.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import DirectSums, FloatArray, NoiseModel, Spline
from holdstill.devices.cpu.compiling import LANES, divide, lanes, lean_kernel, part, row_kernel, widest_vectors

__all__ = ["direct_sums"]

# Of rows side by side, so many px together, the sums are joined once: row by row that took an eighth of the time of
# 512 x 512 px, a quarter of that of 256 x 256.
BAND_PX = 2048


@part
def _spline_weights(f: float, scale: float, weights: Any) -> Any:
    """Weights of the value, and of the derivative times `scale`; arrays are not multiplied, which compiles for 3 s."""
    weights[0, 0] = (1 - f) ** 3 / 6
    weights[0, 1] = (3 * f**3 - 6 * f**2 + 4) / 6
    weights[0, 2] = (-3 * f**3 + 3 * f**2 + 3 * f + 1) / 6
    weights[0, 3] = f**3 / 6
    weights[1, 0] = -((1 - f) ** 2) / 2 * scale
    weights[1, 1] = (3 * f**2 - 4 * f) / 2 * scale
    weights[1, 2] = (-3 * f**2 + 2 * f + 1) / 2 * scale
    weights[1, 3] = f**2 / 2 * scale
    return weights


@part
def _mix(plane: Any, row: int, weights: Any, factor: Any, out: Any) -> None:
    """Add ``factor *`` four rows of coefficients, weighted, to `out`."""
    r0, r1, r2, r3 = plane[row], plane[row + 1], plane[row + 2], plane[row + 3]
    w0, w1, w2, w3 = weights[0] * factor, weights[1] * factor, weights[2] * factor, weights[3] * factor
    for j in range(plane.shape[1]):
        out[j] += w0 * r0[j] + w1 * r1[j] + w2 * r2[j] + w3 * r3[j]


@row_kernel
def _mix_both(r0: Any, r1: Any, r2: Any, r3: Any, weights: Any, value: Any, slope: Any) -> None:
    """Four rows of coefficients, mixed to the value and to its derivative."""
    w0, w1, w2, w3 = weights[0, 0], weights[0, 1], weights[0, 2], weights[0, 3]
    d0, d1, d2, d3 = weights[1, 0], weights[1, 1], weights[1, 2], weights[1, 3]
    for j in range(r0.size):
        value[j] = w0 * r0[j] + w1 * r1[j] + w2 * r2[j] + w3 * r3[j]
        slope[j] = d0 * r0[j] + d1 * r1[j] + d2 * r2[j] + d3 * r3[j]


@part
def _sum_rows_2d(
    pixels: Any, counts: Any, value: Any, slope: Any, at: int, wx: Any, g: Any, o: Any, noise: Any, cut: Any, s: Any
) -> None:
    """Add rows side by side to the sums `s`; `value` and `slope` are mixed along y, and along y with the derivative.

    Those of even and of odd number are rows of their own where the spline has two for each px; `at` is the first.
    """
    b0, b1, b2, b3 = wx[0, 0], wx[0, 1], wx[0, 2], wx[0, 3]
    d0, d1, d2, d3 = wx[1, 0], wx[1, 1], wx[1, 2], wx[1, 3]
    ng, nr, nd = noise[0], noise[1], noise[1] - noise[0] * noise[2]
    zero, one = np.float32(0), np.float32(1)
    yy = yx = yv = yo = xx = xv = xo = vv = vo = oo = zero
    ry = rx = rv = ro = rr = count = zero
    f = value.shape[0]
    v0, u0 = value[at % f, at // f :], slope[at % f, at // f :]
    v1, u1 = value[(at + 1) % f, (at + 1) // f :], slope[(at + 1) % f, (at + 1) // f :]
    v2, u2 = value[(at + 2) % f, (at + 2) // f :], slope[(at + 2) % f, (at + 2) // f :]
    v3, u3 = value[(at + 3) % f, (at + 3) // f :], slope[(at + 3) % f, (at + 3) // f :]
    for i in range(pixels.size):
        v = b0 * v0[i] + b1 * v1[i] + b2 * v2[i] + b3 * v3[i]
        x = d0 * v0[i] + d1 * v1[i] + d2 * v2[i] + d3 * v3[i]
        y = b0 * u0[i] + b1 * u1[i] + b2 * u2[i] + b3 * u3[i]
        model = g * v + o
        r = pixels[i] - model
        variance = max(ng * model + nd, nr)
        q = one / (variance + r * r * cut)  # the only division: weight = variance q^2, robust = variance^2 q^2
        w = variance * q * q * counts[i]
        robust = variance * w
        wy, wx_, wv, wr = w * y, w * x, w * v, w * r
        yy += wy * y
        yx += wy * x
        yv += wy * v
        yo += wy
        xx += wx_ * x
        xv += wx_ * v
        xo += wx_
        vv += wv * v
        vo += wv
        oo += w
        ry += wr * y
        rx += wr * x
        rv += wr * v
        ro += wr
        rr += wr * r
        count += robust
    terms = (yy, yx, yv, yo, xx, xv, xo, vv, vo, oo, ry, rx, rv, ro, rr, count)
    for k in range(16):
        s[k] += terms[k]


@part
def _sum_row_3d(
    pixels: Any,
    counts: Any,
    value: Any,
    slope_z: Any,
    slope: Any,
    wx: Any,
    g: Any,
    o: Any,
    noise: Any,
    cut: Any,
    s: Any,
) -> None:
    """As `_sum_rows_2d`, with a derivative along z."""
    ng, nr, no = noise[0], noise[1], noise[2]
    zero, one = np.float32(0), np.float32(1)
    zz = zy = zx = zv = zo = yy = yx = yv = yo = xx = xv = xo = vv = vo = oo = zero
    rz = ry = rx = rv = ro = rr = count = zero
    for i in range(pixels.size):
        v = wx[0, 0] * value[i] + wx[0, 1] * value[i + 1] + wx[0, 2] * value[i + 2] + wx[0, 3] * value[i + 3]
        x = wx[1, 0] * value[i] + wx[1, 1] * value[i + 1] + wx[1, 2] * value[i + 2] + wx[1, 3] * value[i + 3]
        y = wx[0, 0] * slope[i] + wx[0, 1] * slope[i + 1] + wx[0, 2] * slope[i + 2] + wx[0, 3] * slope[i + 3]
        z = wx[0, 0] * slope_z[i] + wx[0, 1] * slope_z[i + 1] + wx[0, 2] * slope_z[i + 2] + wx[0, 3] * slope_z[i + 3]
        model = g * v + o
        r = pixels[i] - model
        variance = ng * max(model - no, zero) + nr
        q = one / (variance + r * r * cut)  # the only division: weight = variance q^2, robust = variance^2 q^2
        w = variance * q * q * counts[i]
        robust = variance * w
        wz, wy, wx_, wv, wr = w * z, w * y, w * x, w * v, w * r
        zz += wz * z
        zy += wz * y
        zx += wz * x
        zv += wz * v
        zo += wz
        yy += wy * y
        yx += wy * x
        yv += wy * v
        yo += wy
        xx += wx_ * x
        xv += wx_ * v
        xo += wx_
        vv += wv * v
        vo += wv
        oo += w
        rz += wr * z
        ry += wr * y
        rx += wr * x
        rv += wr * v
        ro += wr
        rr += wr * r
        count += robust
    terms = (zz, zy, zx, zv, zo, yy, yx, yv, yo, xx, xv, xo, vv, vo, oo, rz, ry, rx, rv, ro, rr, count)
    for k in range(22):
        s[k] += terms[k]


@part
def _load(frame: Any, mask: Any, pixels: Any, counts: Any) -> None:
    """One row as float32, and 1 where it counts; beyond its end nothing does."""
    for i in range(frame.size):
        value = np.float32(frame[i])
        known = value == value  # False for NaN
        pixels[i] = value if known else np.float32(0)
        counts[i] = np.float32(mask[i]) if known else np.float32(0)
    for i in range(frame.size, pixels.size):
        pixels[i] = np.float32(0)
        counts[i] = np.float32(0)


@part
def _convert(frame: Any, pixels: Any) -> bool:
    """One row as float32; whether all of it is known."""
    total = np.float32(0)
    for i in range(frame.size):
        value = np.float32(frame[i])
        pixels[i] = value
        total += value
    for i in range(frame.size, pixels.size):  # where a frame before may have left what is infinite
        pixels[i] = np.float32(0)
    return bool(total == total)


@part
def _count_all(n_columns: int, width: int, n_rows: int, counts: Any) -> None:
    """Let of rows side by side, `width` px each, the first few px count."""
    counts[: n_rows * width] = 0
    for row in range(n_rows):
        counts[row * width : row * width + n_columns] = 1


@part
def _load_either(
    whole: Any, real: Any, x0: int, x1: int, noise: Any, mask: Any, pixels: Any, counts: Any
) -> bool:  # fmt: skip
    """Of rows of both kinds the one that there is: the other is of no images. A kernel for each would compile twice.

    Which is asked of the memory behind the noise model: of the shapes the compiler knows that they do not change, and
    makes two loops over all rows of it. True where all of the row counts, which is not said again.
    """
    is_whole, counts_all = noise[3] > np.float32(0), noise[4] > np.float32(0)
    if counts_all and (_convert(whole[x0:x1], pixels) if is_whole else _convert(real[x0:x1], pixels)):
        return True
    if is_whole:
        _load(whole[x0:x1], mask, pixels, counts)
    else:
        _load(real[x0:x1], mask, pixels, counts)
    return False


@part
def _overlap(length: int, shift: float) -> Any:
    start = max(0, int(np.ceil(shift)))
    stop = min(length, int(np.floor(length - 1 + shift)) + 1)
    return start, max(start, stop)


@part
def _sums_2d(
    whole: Any, real: Any, coefs: Any, mask: Any, box: Any, shift: Any, g: Any, o: Any, noise: Any, cut: Any, rows: Any,
    weights: Any, s: Any
) -> None:  # fmt: skip
    """Equals `PlainDevice.direct_sums` within 1e-4 relative (float32 sums along a row, float64 over rows).

    Outside of the `box` (first and last row, first and last column) no pixel of the reference counts.
    """
    f = coefs.shape[0]
    by, bx = int(np.floor(-shift[0] * f)), int(np.floor(-shift[1] * f))
    wy, wx = _spline_weights(-shift[0] * f - by, f, weights[0]), _spline_weights(-shift[1] * f - bx, f, weights[1])
    my, mx = int(np.floor(0.5 - shift[0])), int(np.floor(0.5 - shift[1]))
    y0, y1 = _overlap(max(whole.shape[0], real.shape[0]), shift[0])
    x0, x1 = _overlap(max(whole.shape[1], real.shape[1]), shift[1])
    y0, y1, x0, x1 = max(y0, box[0] - my), min(y1, box[1] - my), max(x0, box[2] - mx), min(x1, box[3] - mx)
    if x1 <= x0:
        return
    at = f * x0 + bx + 1
    first, width = at // f, lanes(x1 - x0 + 3)  # with room for the taps of the last pixel
    stop, together = min(first + width, coefs.shape[3]), max(rows.shape[1] // width, 1)
    value, slope, pixels, counts = rows[:f], rows[2 : 2 + f], rows[4], rows[5]
    is_counted = False
    for top in range(y0, y1, together):
        if noise[4] > np.float32(0) and not is_counted:
            _count_all(x1 - x0, width, together, counts)
            is_counted = True
        n_rows = min(together, y1 - top)
        for row in range(n_rows):
            y, begin, end = top + row, row * width, (row + 1) * width
            k = f * y + by + 1
            for j in range(f):
                r0, r1 = coefs[k % f, j, k // f], coefs[(k + 1) % f, j, (k + 1) // f]
                r2, r3 = coefs[(k + 2) % f, j, (k + 2) // f], coefs[(k + 3) % f, j, (k + 3) // f]
                r0, r1, r2, r3 = r0[first:stop], r1[first:stop], r2[first:stop], r3[first:stop]
                _mix_both(r0, r1, r2, r3, wy, value[j, begin:end], slope[j, begin:end])
            shown = mask[y + my, x0 + mx : x1 + mx]
            here, known = pixels[begin:end], counts[begin:end]
            is_counted = _load_either(whole[y], real[y], x0, x1, noise, shown, here, known) and is_counted
        end = n_rows * width
        _sum_rows_2d(pixels[:end], counts[:end], value, slope, at - f * first, wx, g, o, noise, cut, s)


@part
def _sums_3d(
    whole: Any, real: Any, coefs: Any, mask: Any, shift: Any, g: Any, o: Any, noise: Any, cut: Any, rows: Any,
    weights: Any, s: Any
) -> None:  # fmt: skip
    """As `_sums_2d` for volumes."""
    bz, by, bx = int(np.floor(-shift[0])), int(np.floor(-shift[1])), int(np.floor(-shift[2]))
    wz, wy = _spline_weights(-shift[0] - bz, 1.0, weights[0]), _spline_weights(-shift[1] - by, 1.0, weights[1])
    wx = _spline_weights(-shift[2] - bx, 1.0, weights[2])
    mz, my, mx = int(np.floor(0.5 - shift[0])), int(np.floor(0.5 - shift[1])), int(np.floor(0.5 - shift[2]))
    z0, z1 = _overlap(max(whole.shape[0], real.shape[0]), shift[0])
    y0, y1 = _overlap(max(whole.shape[1], real.shape[1]), shift[1])
    x0, x1 = _overlap(max(whole.shape[2], real.shape[2]), shift[2])
    k, m = x0 + bx + 1, lanes(x1 - x0)
    for z in range(z0, z1):
        for y in range(y0, y1):
            rows[:3] = 0
            for tap in range(4):
                plane = coefs[z + bz + 1 + tap]
                _mix(plane, y + by + 1, wy[0], wz[0, tap], rows[0])
                _mix(plane, y + by + 1, wy[1], wz[0, tap], rows[1])
                _mix(plane, y + by + 1, wy[0], wz[1, tap], rows[2])
            shown = mask[z + mz, y + my, x0 + mx : x1 + mx]
            _load_either(whole[z, y], real[z, y], x0, x1, noise, shown, rows[3, :m], rows[4, :m])
            _sum_row_3d(
                rows[3, :m], rows[4, :m], rows[0, k:], rows[2, k:], rows[1, k:], wx, g, o, noise, cut, s
            )  # fmt: skip


@lean_kernel
def _loop_2d(
    whole: Any, real: Any, coefs: Any, mask: Any, box: Any, shifts: Any, g: Any, o: Any, noise: Any, cuts: Any,
    rows: Any, weights: Any, out: Any
) -> None:  # fmt: skip
    widest_vectors()
    for n in range(out.shape[0]):
        _sums_2d(
            whole[n, 0], real[n, 0], coefs, mask, box, shifts[n], g[n], o[n], noise, cuts[n], rows, weights, out[n]
        )  # fmt: skip


@lean_kernel
def _loop_3d(
    whole: Any, real: Any, coefs: Any, mask: Any, shifts: Any, g: Any, o: Any, noise: Any, cuts: Any, rows: Any,
    weights: Any, out: Any
) -> None:  # fmt: skip
    widest_vectors()
    for n in range(out.shape[0]):
        _sums_3d(whole[n], real[n], coefs, mask, shifts[n], g[n], o[n], noise, cuts[n], rows, weights, out[n])


@cache
def _upper(n: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and columns of the upper triangle, made once: a tenth of the time of a single frame."""
    rows, columns = np.triu_indices(n)
    return rows, columns


def direct_sums(
    frames: NDArray[Any],
    spline: Spline,
    shifts: FloatArray,
    gains: FloatArray,
    offsets: FloatArray,
    noise: NoiseModel,
    cutoffs: FloatArray,
) -> DirectSums:
    """See `Device.direct_sums`; `frames` of a dtype that kernels take."""
    volumetric = frames.ndim == 4
    n_columns = 5 if volumetric else 4
    n_normal = n_columns * (n_columns + 1) // 2
    sums = np.zeros((len(frames), n_normal + n_columns + 2))
    is_whole = frames.dtype == np.uint16
    all_count = not volumetric and spline.counts_all
    model = np.array([noise.gain, noise.read_variance, noise.offset, is_whole, all_count], np.float32)
    cuts = (1.0 / np.asarray(cutoffs, np.float64) ** 2).astype(np.float32)
    scale = np.asarray(gains, np.float32), np.asarray(offsets, np.float32)
    places = np.asarray(shifts, np.float64)
    whole, real = divide(frames if volumetric else frames[:, None])
    length, weights = spline.coefficients.shape[-1], np.empty((3, 2, 4), np.float32)
    if volumetric:
        rows = np.zeros((5, length + 2 * LANES), np.float32)
        _loop_3d(whole, real, spline.coefficients, spline.mask, places, *scale, model, cuts, rows, weights, sums)
    else:
        # as long as `lanes` says or longer: called from here it would be compiled anew in each process
        rows = np.zeros((6, max(BAND_PX, length + 3 + LANES) + LANES), np.float32)
        coefficients = spline.coefficients if spline.is_fine else spline.coefficients[None, None]
        _loop_2d(
            whole, real, coefficients, spline.mask, spline.box, places, *scale, model, cuts, rows, weights, sums
        )  # fmt: skip
    normal = np.empty((len(frames), n_columns, n_columns))
    upper = _upper(n_columns)
    normal[:, upper[0], upper[1]] = sums[:, :n_normal]
    normal[:, upper[1], upper[0]] = sums[:, :n_normal]
    # copies, so that what comes after is compiled for one layout of memory
    right, squares, count = sums[:, n_normal : n_normal + n_columns].copy(), sums[:, -2].copy(), sums[:, -1].copy()
    return DirectSums(normal, right, squares, count)
