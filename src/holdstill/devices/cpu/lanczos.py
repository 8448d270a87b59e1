"""Lanczos interpolation with three lobes at a row of points that each have a place of their own: six taps an axis."""

from __future__ import annotations

import math
from typing import Any

from holdstill.devices.cpu.compiling import lanes, part, row_kernel
from holdstill.devices.cpu.mapping import is_straight, run_end

__all__ = ["find_terms", "join_lanczos", "lanczos_row"]

# ``sin(pi x / 3) / x`` for 0 <= x <= 1 as a polynomial of x^2, to 1e-16; sines took ten times as long as all else
T0, T1, T2, T3, T4, T5, T6, T7, T8 = (
    (-1) ** k * (math.pi / 3) ** (2 * k + 1) / math.factorial(2 * k + 1) for k in range(9)
)


@part
def find_terms(flat: Any) -> Any:
    """The polynomial, last term first, in the type of the pixels, and the numbers 1 and 0 in it."""
    kind = flat.dtype.type
    return (kind(T8), kind(T7), kind(T6), kind(T5), kind(T4), kind(T3), kind(T2), kind(T1), kind(T0)), kind(1), kind(0)


@part
def _sine(x: Any, terms: Any) -> Any:
    """``sin(pi x / 3) / x``."""
    t, _, total = terms
    square = x * x
    for k in range(9):
        total = total * square + t[k]
    return total


@part
def _weigh(f: Any, terms: Any) -> Any:
    """Six weights: ``(-1)^j sin(pi (f - j) / 3) / (f - j)^2`` over their sum, of j = -2 ... 3.

    All are multiplied by what the denominators have in common, which the sum takes out again: there is one division,
    and at whole pixels none is by zero.
    """
    _, one, zero = terms
    two = one + one
    e = one - f
    at_f, at_e = _sine(f, terms), _sine(e, terms)
    s, t, q = f * at_f, e * at_e, f * e
    a, b, g, h = f + two, f + one, two - f, two + one - f
    a, b, g, h = a * a, b * b, g * g, h * h
    ab, gh, both = a * b, g * h, -(s + t) * q
    w0, w1, w4, w5 = t * q * b * gh, both * a * gh, both * ab * h, s * q * ab * g
    w2, w3 = at_f * e * ab * gh, at_e * f * ab * gh
    per = one / (w0 + w1 + w2 + w3 + w4 + w5)
    return w0 * per, w1 * per, (one if f == zero else w2 * per), w3 * per, w4 * per, w5 * per


@part
def _sum_six(weights: Any, a: Any, b: Any, c: Any, d: Any, e: Any, f: Any) -> Any:
    return (
        weights[0] * a + weights[1] * b + weights[2] * c + weights[3] * d + weights[4] * e + weights[5] * f
    )  # fmt: skip


@part
def _sum_row(weights: Any, row: Any, x: int) -> Any:
    return _sum_six(weights, row[x], row[x + 1], row[x + 2], row[x + 3], row[x + 4], row[x + 5])


@row_kernel
def _run_lanczos(r: Any, s: Any, t: Any, u: Any, v: Any, w: Any, fy: Any, fx: Any, terms: Any, out: Any) -> None:
    for x in range(out.size):
        along_x = _weigh(fx[x], terms)
        out[x] = _sum_six(
            _weigh(fy[x], terms), _sum_row(along_x, r, x), _sum_row(along_x, s, x), _sum_row(along_x, t, x),
            _sum_row(along_x, u, x), _sum_row(along_x, v, x), _sum_row(along_x, w, x),
        )  # fmt: skip


@row_kernel
def _gather_lanczos(flat: Any, stride: int, index: Any, fractions: Any, terms: Any, out: Any) -> None:
    for x in range(index.size):
        along_x, i = _weigh(fractions[1, x], terms), index[x]
        out[x] = _sum_six(
            _weigh(fractions[0, x], terms), _sum_row(along_x, flat, i), _sum_row(along_x, flat, i + stride),
            _sum_row(along_x, flat, i + 2 * stride), _sum_row(along_x, flat, i + 3 * stride),
            _sum_row(along_x, flat, i + 4 * stride), _sum_row(along_x, flat, i + 5 * stride),
        )  # fmt: skip


@part
def lanczos_row(flat: Any, stride: int, index: Any, fractions: Any, out: Any) -> None:
    """Runs of pixels side by side, or a gather; a run writes whole vectors, of which the next overwrites the rest."""
    terms = find_terms(flat)
    if not is_straight(index):
        _gather_lanczos(flat, stride, index, fractions, terms, out)
        return
    start = 0
    while start < index.size:
        stop, k = run_end(index, start), index[start]
        end = start + lanes(stop - start)
        _run_lanczos(
            flat[k:], flat[k + stride :], flat[k + 2 * stride :], flat[k + 3 * stride :], flat[k + 4 * stride :],
            flat[k + 5 * stride :], fractions[0, start:end], fractions[1, start:end], terms, out[start:end],
        )  # fmt: skip
        start = stop


@row_kernel
def join_lanczos(fz: Any, planes: Any, terms: Any, out: Any) -> None:
    """Values from those of six planes."""
    for x in range(out.size):
        out[x] = _sum_six(
            _weigh(fz[x], terms), planes[0, x], planes[1, x], planes[2, x], planes[3, x], planes[4, x], planes[5, x]
        )
