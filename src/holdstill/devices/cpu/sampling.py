"""Values of a frame at a place of its own for each pixel of a row; shared by `resample_warp` and `resample_field`.

A frame is copied once into a float buffer that continues it beyond its borders as the edge rule says; then no pixel
needs to ask whether its neighbours exist.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import EDGES, INTERPOLATIONS, Frames
from holdstill.devices.cpu.compiling import LANES, lanes, part, row_kernel
from holdstill.devices.cpu.lanczos import find_terms, join_lanczos, lanczos_row
from holdstill.devices.cpu.mapping import is_straight, run_end
from holdstill.devices.cpu.resample_shift import WIDE, limits
from holdstill.devices.cpu.taps import sum_taps, take_four
from holdstill.devices.plain import MIN_KNOWN, edge_indices
from holdstill.errors import UnknownName
from holdstill.transforms.coverage import BORDER_PX

__all__ = ["REFLECT", "place_displaced", "place_row", "resample_frames", "sample_row", "work_type"]

PAD = 8
# points are kept within this of the frame: all taps of those beyond see the continued border alone
REACH = 4.0
NEAREST, LINEAR, CUBIC, LANCZOS = (INTERPOLATIONS.index(name) for name in ("nearest", "linear", "cubic", "lanczos"))
REFLECT = EDGES.index("reflect")

# samples one padded frame: the number of the frame, what `sample_row` wants to know, and where the values go
Sampler = Callable[[int, tuple[Any, ...], Frames], int]


@part
def _fold(p: float, top: float) -> float:
    period = 2.0 * top
    folded = abs(p) % period if period > 0 else 0.0
    return min(folded, period - folded)


@part
def _first_tap(method: int) -> int:
    """The first pixel that counts, beside that before a point, in the padded frame."""
    return PAD - (2 if method == LANCZOS else 1 if method == CUBIC else 0)


@part
def place_row(
    points: Any, shape: Any, strides: Any, edge: int, method: int, index: Any, fractions: Any, inside: Any
) -> None:
    """Flat index of the first tap in the padded frame, fractions, and whether the point lies within the frame."""
    ndim, n = points.shape
    first = np.int32(_first_tap(method))
    half = 0.5 if method == NEAREST else 0.0
    for x in range(n):
        index[x] = np.int32(0)
        inside[x] = True
    for i in range(ndim):
        top, stride = float(shape[i] - 1), np.int32(strides[i])
        for x in range(n):
            p = points[i, x]
            inside[x] = inside[x] and p >= -BORDER_PX and p <= top + BORDER_PX
            if edge == REFLECT:
                p = _fold(p, top)
            p = min(max(p, -REACH), top + REACH) + half
            base = np.floor(p)
            fractions[i, x] = p - base
            index[x] += (np.int32(base) + first) * stride


@row_kernel
def _place_along(
    line: Any, start: Any, step: Any, top: Any, limits: Any, stride: Any, first: Any, index: Any, fractions: Any,
    inside: Any
) -> None:  # fmt: skip
    """One axis of `place_displaced`; `limits` are `BORDER_PX`, `REACH`, and what is added before rounding down."""
    border, reach, half = limits
    for x in range(line.size):
        before = start + step * line.dtype.type(x)
        after, moved = top - before, line[x]
        inside[x] = inside[x] & (moved + border >= -before) & (moved - border <= after)
        moved = min(max(moved, -reach - before), after + reach) + half
        base = np.floor(moved)
        fractions[x] = moved - base
        index[x] += (np.int32(before) + np.int32(base) + first) * stride


@part
def place_displaced(
    lines: Any, starts: Any, shape: Any, strides: Any, method: int, index: Any, fractions: Any, inside: Any
) -> None:  # fmt: skip
    """As `place_row`, of pixels displaced by `lines`, (ndim, n); `starts`, (ndim,), is where the row begins.

    Whole pixels and displacements are told apart: both are exact in float32, which takes half the time of float64.
    """
    ndim, n = lines.shape
    kind = lines.dtype.type
    zero, one = kind(0), kind(1)
    limits = kind(BORDER_PX), kind(REACH), kind(0.5) if method == NEAREST else zero
    index[:] = np.int32(0)
    inside[:] = True
    for i in range(ndim):
        _place_along(
            lines[i], kind(starts[i]), one if i == ndim - 1 else zero, kind(shape[i] - 1), limits,
            np.int32(strides[i]), np.int32(_first_tap(method)), index, fractions[i, :n], inside,
        )  # fmt: skip


@part
def _keys(f: Any, one: Any) -> Any:
    """Four weights of Keys' cubic, in the type of `one`."""
    half = one / (one + one)
    w0, w3 = f * (f * (one - half * f) - half), f * f * (half * f - half)
    w2 = f * (half + f * (one + one - (one + half) * f))
    return w0, one - w0 - w2 - w3, w2, w3


@part
def _weigh(fy: Any, fx: Any, one: Any, a: Any, b: Any, c: Any, d: Any) -> Any:
    """Value from four rows of four pixels."""
    along_x = _keys(fx, one)
    return sum_taps(
        _keys(fy, one), (sum_taps(along_x, a), sum_taps(along_x, b), sum_taps(along_x, c), sum_taps(along_x, d))
    )


@row_kernel
def _gather_cubic(flat: Any, stride: int, index: Any, fractions: Any, one: Any, out: Any) -> None:
    for x in range(index.size):
        i = index[x]
        j, k, m = i + np.int32(stride), i + np.int32(2 * stride), i + np.int32(3 * stride)
        out[x] = _weigh(
            fractions[0, x], fractions[1, x], one,
            take_four(flat, i), take_four(flat, j), take_four(flat, k), take_four(flat, m),
        )  # fmt: skip


@row_kernel
def _run_cubic(r: Any, s: Any, t: Any, u: Any, fy: Any, fx: Any, one: Any, out: Any) -> None:
    for x in range(out.size):
        out[x] = _weigh(fy[x], fx[x], one, take_four(r, x), take_four(s, x), take_four(t, x), take_four(u, x))


@part
def _cubic_row(flat: Any, stride: int, index: Any, fractions: Any, one: Any, out: Any) -> None:
    """The default interpolation has loops of its own: runs of pixels side by side, or a gather."""
    if not is_straight(index):
        _gather_cubic(flat, stride, index, fractions, one, out)
        return
    start = 0
    while start < index.size:
        stop, k = run_end(index, start), index[start]
        end = start + lanes(stop - start)
        _run_cubic(
            flat[k:], flat[k + stride :], flat[k + 2 * stride :], flat[k + 3 * stride :],
            fractions[0, start:end], fractions[1, start:end], one, out[start:end],
        )  # fmt: skip
        start = stop


@row_kernel
def _join_cubic(fz: Any, planes: Any, one: Any, out: Any) -> None:
    """Values from those of four planes."""
    for x in range(out.size):
        out[x] = sum_taps(_keys(fz[x], one), (planes[0, x], planes[1, x], planes[2, x], planes[3, x]))


@part
def _mix(fy: Any, fx: Any, a: Any, b: Any, c: Any, d: Any) -> Any:
    """Value from two rows of two pixels."""
    above, below = a + fx * (b - a), c + fx * (d - c)
    return above + fy * (below - above)


@row_kernel
def _gather_linear(flat: Any, stride: int, index: Any, fractions: Any, out: Any) -> None:
    for x in range(index.size):
        i = index[x]
        j = i + np.int32(stride)
        out[x] = _mix(fractions[0, x], fractions[1, x], flat[i], flat[i + 1], flat[j], flat[j + 1])


@row_kernel
def _run_linear(r: Any, s: Any, fy: Any, fx: Any, out: Any) -> None:
    for x in range(out.size):
        out[x] = _mix(fy[x], fx[x], r[x], r[x + 1], s[x], s[x + 1])


@part
def _linear_row(flat: Any, stride: int, index: Any, fractions: Any, out: Any) -> None:
    """As `_cubic_row`; tap by tap it took three times as long."""
    if not is_straight(index):
        _gather_linear(flat, stride, index, fractions, out)
        return
    start = 0
    while start < index.size:
        stop, k = run_end(index, start), index[start]
        end = start + lanes(stop - start)
        _run_linear(flat[k:], flat[k + stride :], fractions[0, start:end], fractions[1, start:end], out[start:end])
        start = stop


@row_kernel
def _join_linear(fz: Any, planes: Any, out: Any) -> None:
    """Values from those of two planes."""
    for x in range(out.size):
        out[x] = planes[0, x] + fz[x] * (planes[1, x] - planes[0, x])


@part
def _sample_planes(flat: Any, strides: Any, method: int, index: Any, fractions: Any, planes: Any, values: Any) -> None:
    """One plane, or in volumes as many as there are taps and then between them: tap by tap took several times as long.

    One piece of code for both halves what there is to compile.
    """
    one, flat_axes, n = flat.dtype.type(1), len(strides) - 2, index.size
    n_planes = 1 if flat_axes == 0 else 6 if method == LANCZOS else 4 if method == CUBIC else 2
    for k in range(n_planes):
        plane, stride, within = flat[k * strides[0] :], strides[flat_axes], fractions[flat_axes:]
        if method == LANCZOS:
            lanczos_row(plane, stride, index, within, planes[k])
        elif method == CUBIC:
            _cubic_row(plane, stride, index, within, one, planes[k])
        else:
            _linear_row(plane, stride, index, within, planes[k])
    if flat_axes == 0:
        values[:] = planes[0, :n]
    elif method == LANCZOS:
        join_lanczos(fractions[0, :n], planes[:, :n], find_terms(flat), values)
    elif method == CUBIC:
        _join_cubic(fractions[0, :n], planes[:, :n], one, values)
    else:
        _join_linear(fractions[0, :n], planes[:, :n], values)


@row_kernel
def _nearest_row(flat: Any, index: Any, out: Any) -> None:
    for x in range(out.size):
        out[x] = flat[index[x]]


@part
def _store_row(line: Any, inside: Any, edge: int, fill: Any, rounded: bool, low: Any, high: Any, out: Any) -> int:
    clamped = 0
    for x in range(line.size):
        value = line[x]
        if edge == 0 and not inside[x]:
            value = fill
        elif rounded:
            value = np.rint(value)
            bounded = min(max(value, low), high)
            clamped += value != bounded
            value = bounded
        out[x] = value
    return clamped


def _pad(frame: Frames, edge: str, out: Frames) -> None:
    """Copy a frame into the middle of `out` and continue it by its border pixels or their mirror image."""
    out[(slice(PAD, -PAD),) * frame.ndim] = frame
    for axis, length in enumerate(frame.shape):
        before: tuple[Any, ...] = (slice(None),) * axis
        if edge != "reflect":
            out[(*before, slice(PAD))] = out[(*before, slice(PAD, PAD + 1))]
            out[(*before, slice(-PAD, None))] = out[(*before, slice(-PAD - 1, -PAD))]
            continue
        for outside in (np.arange(-PAD, 0), np.arange(length, length + PAD)):
            out[(*before, outside + PAD)] = out[(*before, edge_indices(outside, length, edge) + PAD)]


@part
def sample_row(
    flat: Any, strides: Any, method: int, edge: int, fill: Any, rounded: bool, bounds: Any, index: Any, fractions: Any,
    inside: Any, planes: Any, values: Any, out: Any
) -> int:  # fmt: skip
    """Write the values at places as `place_row` splits them, and return how many were clamped.

    What comes after `inside`, but `out`, is scratch.
    """
    n = index.size
    if method == NEAREST:
        _nearest_row(flat, index, values[:n])
    else:
        _sample_planes(flat, strides, method, index, fractions, planes, values[:n])
    return _store_row(values[:n], inside, edge, fill, rounded, bounds[0], bounds[1], out)


def work_type(frames: Frames, out: Frames) -> type[np.floating[Any]]:
    """What values are computed in."""
    return np.float64 if frames.dtype in WIDE or out.dtype in WIDE else np.float32


def resample_frames(
    frames: Frames, sample: Sampler, *, interpolation: str, edge: str, fill: float, out: Frames
) -> NDArray[np.int64]:
    """Resample frame by frame with a kernel that walks the rows; pixels clamped for each."""
    if edge not in EDGES:
        raise UnknownName(f"there is no edge {edge!r}; choose one of {', '.join(EDGES)}")
    if interpolation not in INTERPOLATIONS:
        raise UnknownName(f"there is no interpolation {interpolation!r}; choose one of {', '.join(INTERPOLATIONS)}")
    work = work_type(frames, out)
    # the last run may look beyond the end
    flat = np.zeros(int(np.prod([n + 2 * PAD for n in frames.shape[1:]])) + 2 * LANES, work)
    clamped = np.zeros(len(frames), np.int64)

    made = np.empty(out.shape[1:], work)
    for n, frame in enumerate(frames):

        def run(image: Frames, how: str, outside: float, target: Frames, number: int = n) -> int:
            count = sample(number, _fill(flat, image, how, edge, outside, target.dtype), made)
            np.copyto(target, made, casting="unsafe")
            return count

        if frame.dtype.kind == "f" and not np.isfinite(frame).all():
            _resample_known(frame, work, run, interpolation, fill, out[n])
        else:
            clamped[n] = run(frame, interpolation, fill, out[n])
    return clamped


def _fill(
    flat: NDArray[Any], frame: Frames, interpolation: str, edge: str, fill: float, dtype: np.dtype[Any]
) -> tuple[Any, ...]:
    """Continue a frame in the buffer; what `sample_row` wants to know of it, up to its shape."""
    shape, work = np.array(frame.shape), flat.dtype
    padded = flat[: int(np.prod(shape + 2 * PAD))].reshape(shape + 2 * PAD)
    _pad(frame, edge, padded)
    return (
        flat, np.array(padded.strides) // padded.itemsize, INTERPOLATIONS.index(interpolation), EDGES.index(edge),
        work.type(fill), bool(np.issubdtype(dtype, np.integer)), limits(dtype, work.type), shape,
    )  # fmt: skip


def _resample_known(
    frame: Frames, work: Any, run: Callable[..., int], interpolation: str, fill: float, out: Frames
) -> None:
    """Weighted means of the known pixels: their sum and their weight are resampled alike, then divided."""
    known = np.isfinite(frame)
    values, share = np.where(known, frame, 0).astype(work), known.astype(work)

    def sample(image: Frames, how: str, outside: float) -> Frames:
        made = np.empty(out.shape, work)
        run(image, how, outside, made)
        return made

    weight, nearest = sample(share, interpolation, 1), sample(share, "nearest", 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = sample(values, interpolation, fill) / weight
    thin = (weight <= MIN_KNOWN) & (nearest > 0)
    mean[thin] = sample(values, "nearest", fill)[thin]
    mean[nearest == 0] = np.nan
    out[...] = mean
