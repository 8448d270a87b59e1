"""How far a cubic spline is off where it interpolates the finest detail, and a long kernel that is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import fft, special

from holdstill.contracts import FloatArray
from holdstill.devices.cpu.compiling import kernel
from holdstill.devices.interpolation import spline_weights

__all__ = ["find_fine_coefficients", "mix_neighbours", "move_by_sinc", "predict_bias", "predict_fine_bias"]

# taps to either side, and the Kaiser window's shape; 8 taps left photographs free of noise 0.001 px off, 16 0.0003
HALF, BETA = 16, 8.0
# a central part of so many px along an axis tells the spectrum
PART_PX = {2: 256, 3: 64}
# fractions at which the bias of a fine spline is looked for, which has two waves within a px
# The filter that gives a cubic spline its coefficients falls by this factor from one to the next (Unser 1999); beyond
# so many nothing is left of it in float32.
POLE, FILTER = 3**0.5 - 2, 16
FRACTIONS = (0.0625, 0.125, 0.1875, 0.25, 0.3125, 0.375, 0.4375)


def predict_bias(image: NDArray[np.float32]) -> FloatArray:
    """Largest bias along each axis that interpolation by a cubic spline makes, px, (ndim,); the image is finite.

    It goes as ``sin(2 pi f)`` with the fraction f of a shift.
    """
    power, frequencies = _power(image)
    bias = np.zeros(image.ndim)
    for axis, omega in enumerate(frequencies):
        others = tuple(a for a in range(image.ndim) if a != axis)
        along = power.sum(axis=others)
        value, slope = _transfer(omega, 0.25)
        gradient = float((along * np.abs(slope) ** 2).sum())
        error = float((along * (np.conj(slope) * (np.exp(0.25j * omega) - value)).real).sum())
        bias[axis] = abs(error) / gradient if gradient > 0 else 0.0
    return bias


def predict_fine_bias(image: NDArray[np.float32]) -> FloatArray:
    """The same of the spline through twice as many points, see `Version.fine`; at whatever fraction it is largest."""
    power, frequencies = _power(image)
    bias = np.zeros(image.ndim)
    between = _sinc_kernel(np.arange(-HALF, HALF + 1) - np.float64(0.5))
    for axis, omega in enumerate(frequencies):
        along = power.sum(axis=tuple(a for a in range(image.ndim) if a != axis))
        # points between pixels lack the finest waves: a wave and its mirror image at twice the resolution
        half = (np.exp(1j * np.multiply.outer(omega, np.arange(-HALF, HALF + 1) - 0.5)) @ between).real
        for fraction in FRACTIONS:
            waves = [_transfer(omega / 2 + turn, 2 * fraction) for turn in (0.0, np.pi)]
            value, slope = (
                (1 + half) / 2 * own + (1 - half) / 2 * mirrored for own, mirrored in zip(*waves, strict=True)
            )
            gradient = float((along * np.abs(2 * slope) ** 2).sum())
            error = float((along * (np.conj(2 * slope) * (np.exp(1j * fraction * omega) - value)).real).sum())
            bias[axis] = max(bias[axis], abs(error) / gradient if gradient > 0 else 0.0)
    return bias


def move_by_sinc(image: NDArray[np.float32], fractions: FloatArray) -> NDArray[np.float32]:
    """The image's values at ``p + fractions``, at most half a px, for each pixel p; mirrored at the borders."""
    return mix_neighbours(image, fractions, HALF, _sinc_kernel)


def _sinc_kernel(at: FloatArray) -> FloatArray:
    window = special.i0(BETA * np.sqrt(np.maximum(1 - (at / (HALF + 1)) ** 2, 0))) / special.i0(BETA)
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


def _power(image: NDArray[np.float32]) -> tuple[FloatArray, list[FloatArray]]:
    """Power spectrum of the middle of an image, tapered, and the frequencies along each axis in radians per px."""
    sizes = [min(n, PART_PX[image.ndim]) for n in image.shape]
    part = image[tuple(slice((n - s) // 2, (n - s) // 2 + s) for n, s in zip(image.shape, sizes, strict=True))]
    values = (part - part.mean(dtype=np.float64)).astype(np.float64)
    for axis, size in enumerate(sizes):
        taper = np.hanning(size + 2)[1:-1]
        values *= taper.reshape([-1 if a == axis else 1 for a in range(image.ndim)])
    return np.abs(fft.fftn(values)) ** 2, [np.asarray(2 * np.pi * np.fft.fftfreq(size), np.float64) for size in sizes]


def _transfer(omega: FloatArray, fraction: float) -> tuple[NDArray[np.complex128], NDArray[np.complex128]]:
    """What the cubic spline through samples makes of each frequency, in value and slope, at a fraction of a px."""
    value, slope = spline_weights(fraction)
    waves = np.exp(1j * np.multiply.outer(omega, np.arange(-1, 3))) * (3 / (2 + np.cos(omega)))[:, None]
    return np.asarray(waves @ value, np.complex128), np.asarray(waves @ slope, np.complex128)


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
