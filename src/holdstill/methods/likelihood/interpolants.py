"""How far a cubic spline is off where it interpolates the finest detail, and a long kernel that is not."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import fft, special

from holdstill.contracts import FloatArray, NoiseModel, Spline
from holdstill.devices.cpu import CpuDevice
from holdstill.devices.cpu.compiling import kernel
from holdstill.devices.interpolation import bridge, make_spline

__all__ = ["find_fine_coefficients", "mix_neighbours", "move_by_sinc", "predict_bias", "predict_fine_bias"]

# Taps to either side, and the Kaiser window's shape; 8 taps left photographs free of noise 0.001 px off, 16 0.0003. The
# window ends at zero half a px beyond the last tap: one tap more on one side than on the other, of half a thousandth,
# moved what is smooth by 0.0015 px.
HALF, BETA = 16, 8.0
REACH = HALF + 0.5
# The filter that gives a cubic spline its coefficients falls by this factor from one to the next (Unser 1999); beyond
# so many nothing is left of it in float32.
POLE, FILTER = 3**0.5 - 2, 16
# of a central part of so many px along an axis the bias is looked for
PART_PX = {2: 256, 3: 64}
# where what lies beyond the border is made up
BORDER_PX = 8
# at these fractions that of a fine spline, which has two waves within a px
FINE_FRACTIONS = (0.125, 0.25, 0.375)


def predict_bias(
    image: NDArray[np.float32], noise: NoiseModel | None = None, counts: NDArray[np.bool_] | None = None
) -> FloatArray:
    """The largest bias along each axis, px, (ndim,), that interpolation by a cubic spline makes; NaN do not count.

    It is where the likelihood, which weighs pixels by their `noise`, takes the middle of the image once each of its
    waves has moved. By the power spectrum alone sparse spots were said to be four times as far off as they were.
    Subtracted it made sharp movies worse (0.0041 -> 0.0043 px): the finest detail of two frames is not the same.
    """
    axes = range(image.ndim)
    places = np.concatenate([0.25 * np.eye(image.ndim)[a] + 0.5 * _others(image.ndim, a) for a in axes])
    return _find_largest(_displace(image, noise, counts, places))


def _others(ndim: int, axis: int) -> FloatArray:
    """One further axis in each row, none in that of `axis`, (ndim, ndim)."""
    return np.eye(ndim) * (np.arange(ndim) != axis)


def predict_fine_bias(
    image: NDArray[np.float32], noise: NoiseModel | None = None, counts: NDArray[np.bool_] | None = None
) -> FloatArray:
    """The largest one along each axis, px, (ndim,), that a spline through twice as many points makes."""
    places = np.concatenate([np.outer(FINE_FRACTIONS, along) for along in np.eye(image.ndim)])
    return _find_largest(_displace(image, noise, counts, places, is_fine=True))


def _find_largest(found: FloatArray) -> FloatArray:
    """Along each axis, of displacements that were looked for axis by axis, (ndim * k, ndim)."""
    ndim = found.shape[1]
    return np.array([np.abs(of_axis[:, axis]).max() for axis, of_axis in enumerate(found.reshape(ndim, -1, ndim))])


def _displace(
    image: NDArray[np.float32], noise: NoiseModel | None, counts: NDArray[np.bool_] | None, shifts: FloatArray, *,
    is_fine: bool = False,
) -> FloatArray:  # fmt: skip
    """What one step of the likelihood adds to `shifts` by which the middle of the image has moved, (n, ndim)."""
    sizes = [min(n, PART_PX[image.ndim]) for n in image.shape]
    middle = tuple(slice((n - s) // 2, (n - s) // 2 + s) for n, s in zip(image.shape, sizes, strict=True))
    known = np.isfinite(image[middle])
    filled = image[middle] if known.all() else bridge(image[middle], known)
    mean = float(filled.mean(dtype=np.float64))
    part = np.ascontiguousarray(filled - np.float32(mean), np.float32)
    spline = make_spline(part, known & _leave_borders(part.shape) & (True if counts is None else counts[middle]))
    if is_fine:
        spline = Spline(find_fine_coefficients(part), spline.mask)
    moved = np.stack([_move_waves(part, shift) for shift in shifts]) + np.float32(mean)
    usual = np.ones(len(shifts)), np.full(len(shifts), mean), noise or NoiseModel(), np.full(len(shifts), 1e15)
    sums = CpuDevice().direct_sums(moved, spline, shifts, *usual)
    steps = np.einsum("nij,nj->ni", np.linalg.pinv(sums.normal, hermitian=True), sums.right)
    return -steps[:, : image.ndim]  # the slopes of a reference are those of its pixels, not of shifts


def _leave_borders(shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """All but the borders, where what lies beyond them is made up; of few px all."""
    within = np.zeros(shape, bool)
    within[tuple(slice(BORDER_PX, -BORDER_PX) if n > 4 * BORDER_PX else slice(None) for n in shape)] = True
    return within


def _move_waves(image: NDArray[np.float32], shift: FloatArray) -> NDArray[np.float32]:
    """The image's values at ``p - shift``, turned about its borders: every wave by its phase."""
    moved = image
    for axis in np.flatnonzero(shift):
        if moved.shape[axis] > 1:  # a single plane has no course to follow
            mover = _make_mover(moved.shape[axis], float(shift[axis]))
            moved = np.moveaxis(np.tensordot(mover, moved, ([1], [axis])), 0, axis)
    return moved


@lru_cache(maxsize=32)
def _make_mover(n: int, shift: float) -> NDArray[np.float32]:
    """What moves every wave of a line of n px by `shift`, (n, n): a product takes a quarter of a transform's time."""
    line, steps = np.eye(n), np.arange(n)
    first, rise = line[:, :1], (line[:, -1:] - line[:, :1]) / (n - 1)
    rest = line - first - rise * steps
    spectrum = fft.rfft(np.concatenate([rest, -rest[:, -2:0:-1]], axis=-1))
    spectrum *= np.exp(-2j * np.pi * shift * np.fft.rfftfreq(2 * n - 2))
    moved = fft.irfft(spectrum, 2 * n - 2)[:, :n] + first + rise * (steps - shift)
    return np.ascontiguousarray(moved.T, np.float32)


def move_by_sinc(image: NDArray[np.float32], fractions: FloatArray) -> NDArray[np.float32]:
    """The image's values at ``p + fractions``, at most half a px, for each pixel p; mirrored at the borders."""
    return mix_neighbours(image, fractions, HALF, _sinc_kernel)


def _sinc_kernel(at: FloatArray) -> FloatArray:
    window = np.maximum(special.i0(BETA * np.sqrt(np.maximum(1 - (at / REACH) ** 2, 0))) - 1, 0)
    taps = np.sinc(at) * window
    return np.asarray(taps / taps.sum(), np.float64)


def mix_neighbours(
    values: NDArray[np.float32], fractions: FloatArray, half: int, weigh: Callable[[FloatArray], FloatArray]
) -> NDArray[np.float32]:
    """Along each axis the sum of neighbours, `half` to either side, weighted by how far they are."""
    moved = values
    for axis, fraction in enumerate(fractions):
        moved = _mix_axis(moved, axis, weigh(np.arange(-half, half + 1) - fraction))
    return np.ascontiguousarray(moved)


def find_fine_coefficients(image: NDArray[np.float32]) -> NDArray[np.float32]:
    """Coefficients of the spline through an image and the points half way between its pixels, made by a long kernel.

    Laid out as those of a fine `Spline`, (2, 2, y + 2, x + 2). Both steps are sums over neighbours, so that one such
    sum is made for each: a sixth of the time of one after the other on an image four times as large.
    """
    even, odd = _make_fine_taps()
    shape = image.shape
    phases = np.zeros((2, 2, *(n + 2 for n in shape)), np.float32)
    for y, taps_y in enumerate((even, odd)):
        lines = _mix_axis(image, 0, taps_y)
        for x, taps_x in enumerate((even, odd)):
            phases[y, x, 1:-1, 1:-1] = _mix_axis(lines, 1, taps_x)
    _mirror_fine(phases)
    for x in (0, 1):
        _mirror_fine(np.moveaxis(phases, (1, 3), (0, 2))[:, x])
    return phases


def _make_fine_taps() -> tuple[FloatArray, FloatArray]:
    """What of the neighbours makes the coefficient at a pixel, and the one half a pixel further."""
    steps = np.arange(-FILTER, FILTER + 1)
    filter_ = -6 * POLE / (1 - POLE**2) * POLE ** np.abs(steps)
    between = _sinc_kernel(np.arange(-HALF, HALF + 1) - np.float64(0.5))
    reach = HALF + FILTER // 2 + 1
    even, odd = np.zeros(2 * reach + 1), np.zeros(2 * reach + 1)
    for step, weight in zip(steps, filter_, strict=True):
        whole = step // 2
        if step % 2:
            even[reach + whole - HALF : reach + whole + HALF + 1] += weight * between
            odd[reach + whole + 1] += weight
        else:
            even[reach + whole] += weight
            odd[reach + whole - HALF : reach + whole + HALF + 1] += weight * between
    return even, odd


def _mirror_fine(phases: NDArray[np.float32]) -> None:
    """Borders along rows, of (2, ..., y + 2, x): mirrored about the outermost pixels, where even coefficients lie."""
    phases[0, ..., 0, :], phases[0, ..., -1, :] = phases[0, ..., 2, :], phases[0, ..., -3, :]
    phases[1, ..., 0, :], phases[1, ..., -1, :] = phases[1, ..., 1, :], 0


def _mix_axis(values: NDArray[np.float32], axis: int, taps: FloatArray) -> NDArray[np.float32]:
    """Along one axis the sum of neighbours; mirrored about the outermost."""
    weights, shape = taps.astype(np.float32), values.shape
    if axis == len(shape) - 1:  # as they lie: to turn large images takes longer than to sum
        rows = np.ascontiguousarray(values, np.float32).reshape(-1, shape[axis])
        mixed = np.empty_like(rows)
        _mix_along(rows, weights, mixed)
        return mixed.reshape(shape)
    lines = np.moveaxis(values, axis, 0)
    flat = np.ascontiguousarray(lines, np.float32).reshape(len(lines), -1)
    out = np.empty_like(flat)
    _mix_lines(flat, weights, out)
    return np.moveaxis(out.reshape(lines.shape), 0, axis)


@kernel
def _mix_lines(lines: Any, taps: Any, out: Any) -> None:
    """Each line as the sum of its neighbours, weighted by `taps`; mirrored about the outermost."""
    n, half = lines.shape[0], taps.size // 2
    period = max(2 * (n - 1), 1)
    for i in range(n):
        out[i] = np.float32(0)
        for k in range(taps.size):
            j = (i + k - half) % period
            j = period - j if j >= n else j
            for x in range(lines.shape[1]):
                out[i, x] += taps[k] * lines[j, x]


@kernel
def _mix_along(rows: Any, taps: Any, out: Any) -> None:
    """Each pixel as the sum of its neighbours in its row, weighted by `taps`; mirrored about the outermost."""
    n, half = rows.shape[1], taps.size // 2
    period = max(2 * (n - 1), 1)
    wide = np.empty(n + 2 * half, np.float32)
    for y in range(rows.shape[0]):
        for i in range(wide.size):
            j = (i - half) % period
            wide[i] = rows[y, period - j if j >= n else j]
        out[y] = np.float32(0)
        for k in range(taps.size):
            for x in range(n):
                out[y, x] += taps[k] * wide[x + k]
