"""Normalised correlation in the true overlap, by padded FFTs: nothing wraps around, masks and NaN count on both sides.

Padfield, IEEE TIP 21:2706 (2012). And the peak of a correlation between pixels, by the transform of its spectrum.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import fft, ndimage

from holdstill.contracts import FloatArray
from holdstill.methods.search.subpixel import around, between

__all__ = [
    "TIE",
    "Overlaps",
    "correlation_surfaces",
    "find_rivals",
    "find_upsampled_peak",
    "half_frequencies",
    "lose_overlap",
    "make_overlaps",
    "peak_offsets",
    "peaks",
]

# sums in float32 of many pixels are good to about this share of the largest
PRECISION = 1e-4
FIRST_STEP_PX, NARROWER, MAX_MOVES = 0.05, 5.0, 8
# of places that agree alike, as those of a ramp do, the one with most overlap is taken
TIE = 1e-4
# nearer than this a second peak is a part of the first
BESIDE_PX = 2
# products of matrices of so many terms start no threads of their own
PIECE = 60_000


@dataclass(frozen=True, eq=False)
class Overlaps:
    """A reference, ready to be correlated with frames of its shape at shifts up to `reach` px along each axis.

    `spectra` are the conjugate spectra of the reference (mean-free), its square and its mask; `full` holds what a frame
    without unknown pixels needs: how many pixels overlap at each shift, and the reference's sums there.
    """

    reach: tuple[int, ...]
    padded: tuple[int, ...]
    spectra: tuple[NDArray[np.complex64], NDArray[np.complex64], NDArray[np.complex64]]
    full: tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]
    min_overlap: float


def make_overlaps(reference: NDArray[np.float32], reach: FloatArray, min_overlap: float) -> Overlaps:
    """Prepare a reference, NaN where it does not count; less than the share `min_overlap` of the most is no match."""
    shape = reference.shape
    steps = tuple(int(min(np.ceil(r), n - 1)) for r, n in zip(reach, shape, strict=True))
    padded = tuple(int(fft.next_fast_len(n + s, real=True)) for n, s in zip(shape, steps, strict=True))
    known = np.isfinite(reference)
    mean = reference[known].mean(dtype=np.float64) if known.any() else 0.0
    values = np.where(known, reference - np.float32(mean), 0).astype(np.float32)
    r, r2, m = (np.conj(_spectrum(a, padded)) for a in (values, values**2, known.astype(np.float32)))
    ones = _spectrum(np.ones(shape, np.float32), padded)
    made = Overlaps(steps, padded, (r, r2, m), (np.empty(0, np.float32),) * 3, min_overlap)
    full = tuple(_surface(made, ones[None] * s)[0] for s in (m, r, r2))
    return Overlaps(steps, padded, (r, r2, m), (full[0], full[1], full[2]), min_overlap)


def _spectrum(images: NDArray[np.float32], padded: tuple[int, ...]) -> NDArray[np.complex64]:
    ndim = len(padded)
    return np.asarray(fft.rfftn(images, s=padded, axes=tuple(range(images.ndim - ndim, images.ndim))), np.complex64)


def _surface(overlaps: Overlaps, product: NDArray[np.complex64]) -> NDArray[np.float32]:
    """Correlations (n, 2 reach + 1, ...) at shifts from minus to plus `reach`."""
    ndim = len(overlaps.padded)
    whole = fft.irfftn(product, s=overlaps.padded, axes=tuple(range(1, ndim + 1)))
    rows = [np.arange(-reach, reach + 1) % n for reach, n in zip(overlaps.reach, overlaps.padded, strict=True)]
    return np.ascontiguousarray(whole[np.ix_(np.arange(len(whole)), *rows)])


def correlation_surfaces(overlaps: Overlaps, frames: NDArray[np.float32]) -> NDArray[np.float32]:
    """Pearson correlation of each frame, (n, ...), NaN left out, with the reference at each shift; -1 where none is."""
    axes = tuple(range(1, frames.ndim))
    known = np.isfinite(frames)
    r, r2, m = overlaps.spectra
    if known.all():
        values = frames - frames.mean(axis=axes, keepdims=True)
        count, sum_r, sum_rr = (part[None] for part in overlaps.full)
    else:
        n_known = np.maximum(known.sum(axis=axes, keepdims=True), 1)
        mean = np.where(known, frames, 0).sum(axis=axes, keepdims=True, dtype=np.float64) / n_known
        values = np.where(known, frames - mean, 0).astype(np.float32)
        mask = _spectrum(known.astype(np.float32), overlaps.padded)
        count, sum_r, sum_rr = (_surface(overlaps, mask * s) for s in (m, r, r2))
    once, twice = _spectrum(values, overlaps.padded), _spectrum(values**2, overlaps.padded)
    sum_fr, sum_f, sum_ff = (_surface(overlaps, a * b) for a, b in ((once, r), (once, m), (twice, m)))
    pixels = np.maximum(count, 1)
    var_f, var_r = sum_ff - sum_f**2 / pixels, sum_rr - sum_r**2 / pixels
    # of a piece of the reference all of its pixels are as much as can be in view
    most = count.max(axis=axes, keepdims=True)
    enough = count > np.maximum(2.0, overlaps.min_overlap * most)
    enough = enough & (var_r > PRECISION * var_r.max())
    enough = enough & (var_f > PRECISION * np.maximum(var_f.max(axis=axes, keepdims=True), 1e-30))
    with np.errstate(invalid="ignore", divide="ignore"):
        scores = (sum_fr - sum_f * sum_r / pixels) / np.sqrt(var_f * var_r)
    return np.where(enough, np.clip(scores, -1, 1), np.float32(-1)).astype(np.float32)


def peaks(surfaces: NDArray[np.float32], shape: tuple[int, ...] | None = None) -> tuple[NDArray[np.int64], FloatArray]:
    """Position (n, ndim) of the highest point of each surface, and its height in deviations of the rest, (n,).

    Given the `shape` of the images, of points that are as high the one with most overlap, whose shift is least.
    """
    flat = surfaces.reshape(len(surfaces), -1)
    preferred = flat
    if shape is not None:
        axes = [np.arange(n) - n // 2 for n in surfaces.shape[1:]]
        shifts = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(axes))
        preferred = flat - np.float32(TIE) * lose_overlap(shifts, shape).astype(np.float32)
    best = preferred.argmax(axis=1)
    known = flat > -1
    count = np.maximum(known.sum(axis=1), 1)
    mean = np.where(known, flat, 0).sum(axis=1) / count
    spread = np.sqrt(np.where(known, (flat - mean[:, None]) ** 2, 0).sum(axis=1) / count)
    with np.errstate(invalid="ignore", divide="ignore"):
        height = np.where(spread > 0, (flat[np.arange(len(flat)), best] - mean) / spread, 0.0)
    return np.stack(np.unravel_index(best, surfaces.shape[1:]), axis=1).astype(np.int64), height.astype(np.float64)


def find_rivals(surfaces: NDArray[np.float32], found: NDArray[np.int64], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """Whether another peak of each surface, (n, ...), is likelier than the one at `found`, (n, ndim); (n,).

    A few pixels in a corner agree by chance better than a whole frame with a speck does. Fisher's z of a correlation
    times the square root of how many pixels of images of `shape` overlap there weighs both; n of them tell of no
    correlation nearer to one than 1 / n.
    """
    axes = [np.arange(-(n // 2), n // 2 + 1) for n in surfaces.shape[1:]]
    shifts = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)
    pixels = np.prod(shape) * (1 - lose_overlap(shifts, shape))
    told = np.clip(surfaces, 0, 1 - 1 / np.maximum(pixels, 2))
    evidence = np.arctanh(told) * np.sqrt(np.maximum(pixels - 3, 1))
    rivals = np.zeros(len(surfaces), bool)
    for n, (surface, place) in enumerate(zip(surfaces, found, strict=True)):
        peak = surface == ndimage.maximum_filter(surface, 3)
        far = np.abs(shifts - shifts[tuple(place)]).max(axis=-1) > BESIDE_PX
        rivals[n] = np.max(evidence[n], initial=0.0, where=peak & far) > evidence[n][tuple(place)]
    return rivals


def peak_offsets(surfaces: NDArray[np.float32], found: NDArray[np.int64], method: str) -> FloatArray:
    """Sub-pixel offsets (n, ndim) of peaks at `found`; none along an axis at whose border, the end of a search, one is.

    Beyond the border nothing is known: a parabola would end half a px outside of what was searched.
    """
    inside = (found > 0) & (found < np.array(surfaces.shape[1:]) - 1)
    if inside.all():
        blocks = [one[tuple(slice(k - 1, k + 2) for k in at)] for one, at in zip(surfaces, found, strict=True)]
        return between(np.stack(blocks).astype(np.float64), method)
    return np.where(inside, between(around(surfaces, found), method), 0.0)


def lose_overlap(shifts: NDArray[np.int64], shape: tuple[int, ...]) -> FloatArray:
    """Share of the pixels that do not overlap at `shifts`, (..., ndim); (...)."""
    return np.asarray(1 - np.prod(np.maximum(1 - np.abs(shifts) / np.array(shape), 0), axis=-1), np.float64)


def half_frequencies(shape: tuple[int, ...]) -> list[FloatArray]:
    """Cycles per px along each axis of a half spectrum."""
    return [*(np.asarray(np.fft.fftfreq(n), np.float64) for n in shape[:-1]), np.asarray(np.fft.rfftfreq(shape[-1]))]


def find_upsampled_peak(
    cross: NDArray[np.complex64], near: FloatArray, shape: tuple[int, ...], factors: NDArray[np.int64], upsample: int
) -> FloatArray:
    """Peak of the cross-power spectrum's transform, on a grid of ``1 / upsample`` px of the frame.

    `cross` is a half spectrum of images of `shape`, binned by `factors`; `near` and the result are in px of the frame.
    Five points along each axis at a time, in steps that become narrower, and again where the best lies at the border.

    Guizar-Sicairos, Thurman and Fienup, Optics Letters 33:156 (2008).
    """
    frequencies = [f / factor for f, factor in zip(half_frequencies(shape), factors, strict=True)]
    # what the half spectrum leaves out is the conjugate of what it holds
    twice = np.ones(len(frequencies[-1]))
    twice[1 : (shape[-1] + 1) // 2] = 2
    where, step = near, max(FIRST_STEP_PX, 1 / upsample)
    while True:
        if last := step <= 1 / upsample:
            where = np.round(where * upsample) / upsample
        for _ in range(MAX_MOVES):
            values = _transform(cross, frequencies, twice, where, step)
            moved = np.array(np.unravel_index(int(values.argmax()), values.shape)) - 2
            where = where + moved * step
            if (np.abs(moved) < 2).all():
                break
        if last:
            return np.round(where * upsample) / upsample
        step = max(step / NARROWER, 1 / upsample)


def _transform(
    cross: NDArray[np.complex64], frequencies: list[FloatArray], twice: FloatArray, where: FloatArray, step: float
) -> NDArray[np.float32]:
    """Fourier transform of a half spectrum on a grid of five points an axis about `where`, by products of matrices."""
    values: NDArray[Any] = cross
    for axis in reversed(range(cross.ndim)):
        middle, once = np.exp(2j * np.pi * np.multiply.outer([where[axis], step], frequencies[axis]))
        if axis == cross.ndim - 1:
            middle = middle * twice
        back, further = np.conj(once), once * once
        kernel = np.stack([np.conj(further), back, np.ones_like(once), once, further]) * middle
        values = np.moveaxis(_product(np.moveaxis(values, axis, -1), kernel.T.astype(np.complex64)), -1, axis)
    return values.real


def _product(values: NDArray[np.complex64], kernel: NDArray[np.complex64]) -> NDArray[np.complex64]:
    """Along the last axis, in pieces so small that the linear algebra starts no threads of its own for them."""
    rows = values.reshape(-1, values.shape[-1])
    size = max(1, PIECE // kernel.size)
    pieces = [rows[start : start + size] @ kernel for start in range(0, len(rows), size)]
    return np.concatenate(pieces).reshape(*values.shape[:-1], kernel.shape[1])
