"""Places that look alike in two images however they are turned and scaled, and the similarities that most of them fit.

Extremes of differences of Gaussians, each with its size, its direction and histograms of the gradients about it (Lowe,
IJCV 60:91, 2004), in binned px; pairs of them vote for a similarity. Places are complex numbers, ``y + 1j x`` about the
middle of the image, so that one factor turns and scales.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from holdstill.contracts import FloatArray
from holdstill.transforms.warps import join

__all__ = ["Landmarks", "find_landmarks", "match_landmarks"]

ComplexArray = NDArray[np.complex128]

# standard deviations of the blurs, px
SIZES = 1.2 * 2 ** (np.arange(8) / 2)
MOST, FAINTEST = 300, 0.02
N_DIRECTIONS, SECOND_DIRECTION = 36, 0.8
CELLS, SAMPLES, LOBES = 4, 16, 8
# of two partners the nearer one must be so much nearer
RATIO = 0.88
# votes agree within so many px, then within so many
REACH_PX, NEAR_PX = 5.0, 2.5
LEAST_VOTES, LEAST_AFFINE = 4, 10
MOST_SCALE = 2.5


@dataclass(frozen=True, eq=False)
class Landmarks:
    """Places (k,), sizes (k,) px, directions (k,) rad, and descriptors (k, 128) of length one."""

    places: ComplexArray
    sizes: FloatArray
    directions: FloatArray
    descriptors: NDArray[np.float32]


def find_landmarks(image: NDArray[np.float32]) -> Landmarks:
    """The most striking places of an image, (y, x); NaN is taken for its mean."""
    known = np.isfinite(image)
    filled = np.where(known, image, image[known].mean() if known.any() else 0.0).astype(np.float32)
    stack = np.stack([ndimage.gaussian_filter(filled, sd, mode="nearest") for sd in SIZES])
    level, y, x = _extremes(np.abs(np.diff(stack, axis=0)))
    slopes = np.stack(np.gradient(stack, axis=(1, 2)))
    gradients = (slopes[0] + 1j * slopes[1]).astype(np.complex64)
    owner, directions = _directions(gradients, level, y, x)
    level, y, x = level[owner], y[owner], x[owner]
    descriptors = _describe(gradients, level, y, x, directions)
    places = (y - (image.shape[0] - 1) / 2) + 1j * (x - (image.shape[1] - 1) / 2)
    return Landmarks(places, SIZES[level], directions, descriptors)


def _extremes(contrast: NDArray[np.float32]) -> tuple[NDArray[np.intp], FloatArray, FloatArray]:
    """Level, y and x of the highest peaks of the contrast between levels, (levels, y, x)."""
    peaks = contrast == ndimage.maximum_filter(contrast, 3, mode="nearest")
    peaks &= contrast > FAINTEST * contrast.max(initial=0.0)
    peaks[:, [0, -1]] = peaks[:, :, [0, -1]] = False
    found = np.flatnonzero(peaks)
    chosen = found[np.argsort(-contrast.ravel()[found], kind="stable")[:MOST]]
    level, y, x = np.unravel_index(chosen, contrast.shape)
    return level, y.astype(np.float64), x.astype(np.float64)


def _sample(
    gradients: NDArray[np.complex64], level: NDArray[np.intp], y: FloatArray, x: FloatArray, offsets: ComplexArray
) -> ComplexArray:
    """Gradients about each place at `offsets`, (k, samples) px; zero beyond the border."""
    planes = np.broadcast_to(level[:, None], offsets.shape).ravel()
    places = np.stack([planes, (y[:, None] + offsets.real).ravel(), (x[:, None] + offsets.imag).ravel()])
    parts = (ndimage.map_coordinates(part, places, order=1) for part in (gradients.real, gradients.imag))
    real, imaginary = (part.reshape(offsets.shape) for part in parts)
    return np.asarray(real + 1j * imaginary, np.complex128)


def _square(count: int, step: float) -> ComplexArray:
    """A square of `count` x `count` offsets about zero."""
    line = (np.arange(count) - (count - 1) / 2) * step
    return np.asarray((line[:, None] + 1j * line).ravel(), np.complex128)


def _directions(
    gradients: NDArray[np.complex64], level: NDArray[np.intp], y: FloatArray, x: FloatArray
) -> tuple[NDArray[np.intp], FloatArray]:
    """Directions of most gradient, rad, and whose: a place may have two."""
    square = _square(11, 0.8)
    seen = _sample(gradients, level, y, x, SIZES[level][:, None] * square)
    weights = np.abs(seen) * np.exp(-0.5 * (np.abs(square) / 1.8) ** 2)
    bins = np.rint(np.angle(seen) / (2 * np.pi) * N_DIRECTIONS).astype(np.intp) % N_DIRECTIONS
    index = np.arange(len(level))[:, None] * N_DIRECTIONS + bins
    counts = np.bincount(index.ravel(), weights.ravel(), minlength=len(level) * N_DIRECTIONS).reshape(-1, N_DIRECTIONS)
    counts = ndimage.convolve1d(counts, np.array([1.0, 4.0, 6.0, 4.0, 1.0]) / 16, axis=1, mode="wrap")
    before, after = np.roll(counts, 1, axis=1), np.roll(counts, -1, axis=1)
    peaks = (counts > before) & (counts >= after)
    peaks &= counts >= SECOND_DIRECTION * counts.max(axis=1, initial=0.0, keepdims=True)
    owner, number = np.nonzero(peaks)
    low, middle, high = (part[owner, number] for part in (before, counts, after))
    finer = 0.5 * (low - high) / np.minimum(low - 2 * middle + high, -1e-30)
    return owner, (number + np.clip(finer, -0.5, 0.5)) * 2 * np.pi / N_DIRECTIONS


def _describe(
    gradients: NDArray[np.complex64], level: NDArray[np.intp], y: FloatArray, x: FloatArray, directions: FloatArray
) -> NDArray[np.float32]:
    """Histograms of gradients, by direction in cells about each place, turned with it."""
    turn = np.exp(1j * directions)[:, None]
    square = _square(SAMPLES, 3.0 * CELLS / SAMPLES)
    seen = _sample(gradients, level, y, x, SIZES[level][:, None] * turn * square) * np.conj(turn)
    middles = (np.arange(CELLS) - (CELLS - 1) / 2) * 3.0
    line = (np.arange(SAMPLES) - (SAMPLES - 1) / 2) * 3.0 * CELLS / SAMPLES
    tents = np.maximum(1 - np.abs(line[:, None] - middles) / 3.0, 0)
    cells = np.kron(tents, tents) * np.exp(-0.5 * (np.abs(square) / 6.0) ** 2)[:, None]
    angles = np.angle(seen) / (2 * np.pi) * LOBES
    apart = (angles[..., None] - np.arange(LOBES) + LOBES / 2) % LOBES - LOBES / 2
    lobes = np.maximum(1 - np.abs(apart), 0) * np.abs(seen)[..., None]
    made = (cells.T @ lobes).reshape(len(level), CELLS**2 * LOBES)
    made /= np.maximum(np.linalg.norm(made, axis=1, keepdims=True), 1e-30)
    made = np.minimum(made, 0.2)
    return np.asarray(made / np.maximum(np.linalg.norm(made, axis=1, keepdims=True), 1e-30), np.float32)


def match_landmarks(fixed: Landmarks, moving: Landmarks, count: int = 2) -> FloatArray:
    """Affine coefficients about the centre, (up to `count`, 6) px, of maps from `fixed` to `moving`, best first."""
    rows, columns = _partners(fixed.descriptors, moving.descriptors)
    p, q = fixed.places[rows], moving.places[columns]
    turns = moving.sizes[columns] / fixed.sizes[rows]
    turns = turns * np.exp(1j * (moving.directions[columns] - fixed.directions[rows]))
    likely = (np.abs(turns) < MOST_SCALE) & (np.abs(turns) > 1 / MOST_SCALE)
    p, q, turns, found = p[likely], q[likely], turns[likely], []
    for _ in range(count):
        if len(p) < LEAST_VOTES:
            break
        off = np.abs(turns[:, None] * (p[None] - p[:, None]) + q[:, None] - q[None])
        agree = off[(off < REACH_PX).sum(axis=1).argmax()] < REACH_PX
        if agree.sum() < LEAST_VOTES:
            break
        linear, shift = _fit(p, q, agree)
        sizes = np.linalg.svd(linear, compute_uv=False)
        if sizes[0] < MOST_SCALE and sizes[1] > 1 / MOST_SCALE and np.linalg.det(linear) > 0:
            found.append(join(shift[None], linear[None])[0])
        p, q, turns = p[~agree], q[~agree], turns[~agree]
    return np.array(found).reshape(-1, 6)


def _partners(one: NDArray[np.float32], other: NDArray[np.float32]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows of descriptors whose nearest partner is much nearer than the next."""
    if len(one) < 2 or len(other) < 2:
        return np.empty(0, np.intp), np.empty(0, np.intp)
    alike = one @ other.T
    order = np.argpartition(-alike, 1, axis=1)[:, :2]
    rows = np.arange(len(one))
    first, second = (2 - 2 * np.minimum(alike[rows, order[:, k]], 1.0) for k in (0, 1))
    clear = np.sqrt(np.minimum(first, second)) < RATIO * np.sqrt(np.maximum(first, second))
    nearest = np.where(first <= second, order[:, 0], order[:, 1])
    return rows[clear], nearest[clear]


def _fit(p: ComplexArray, q: ComplexArray, agree: NDArray[np.bool_]) -> tuple[FloatArray, FloatArray]:
    """Linear part and shift that take `p` to `q` where they agree: affine where enough do, else a similarity."""
    points, targets = (np.column_stack([part.real, part.imag]) for part in (p, q))
    for _ in range(3):
        if agree.sum() >= LEAST_AFFINE:
            basis = np.column_stack([points[agree], np.ones(int(agree.sum()))])
            solved = np.linalg.lstsq(basis, targets[agree], rcond=None)[0]
            linear, shift = solved[:2].T, solved[2]
        else:
            a, b = p[agree] - p[agree].mean(), q[agree] - q[agree].mean()
            turn = (np.conj(a) * b).sum() / max(float((np.abs(a) ** 2).sum()), 1e-12)
            linear = np.array([[turn.real, -turn.imag], [turn.imag, turn.real]])
            rest = q[agree].mean() - turn * p[agree].mean()
            shift = np.array([rest.real, rest.imag])
        nearer = np.linalg.norm(points @ linear.T + shift - targets, axis=1) < NEAR_PX
        if nearer.sum() < LEAST_VOTES:
            break
        agree = nearer
    return np.asarray(linear, np.float64), np.asarray(shift, np.float64)
