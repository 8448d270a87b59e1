"""Error bars, measured: what neighbouring pixels share makes them too small, and one factor a movie makes up for it.

The covariance of a fit says what independent pixels would allow. Where noise is correlated (smoothed, compressed,
interpolated frames), or a part of the specimen does as it likes, the sums that the fit sets to zero vary more from tile
to tile than their pixels explain. How much more is the factor: a sandwich covariance (White 1982) clustered by tiles.
Where the spectrum of the noise says more, the factor lies between the two.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Chunk, Device, FloatArray, NoiseModel
from holdstill.methods.likelihood.denoise import measure_colour
from holdstill.reference.cropping import crop_to_middle
from holdstill.reference.learning import Alignment
from holdstill.reference.sample import Sample

__all__ = ["SEEN_PX", "Widening", "choose_tiles", "sandwich_ratios", "settle"]

CUTOFF = 6.0
# px along an edge of a tile; larger ones are taken while the error grows by more than a tenth
TILES = (16, 32)
GROWTH = 1.1
LEAST_TILES = 12
# so many tiles in all tell the factor to 3 %; frames beyond them are not looked at
ENOUGH = 2000
MOST_FRAMES, LEAST_FRAMES, SEEN_PX = 32, 3, 768**2
SURELY = 2.0
MOST_OF_ONE_TILE = 0.9
# of white noise 0.85 to 1.07
COLOURED = 1.1


@dataclass(frozen=True, eq=False)
class Widening:
    """Job that measures by how much the error bars of a sample are to be widened; 1 where nothing shows."""

    sample: Sample
    found: Alignment
    device: Device

    def __call__(self, everything: Chunk) -> float:
        if np.prod(self.sample.frame_shape) > SEEN_PX:
            sample, found, _ = crop_to_middle(self.sample, self.found, SEEN_PX, MOST_FRAMES)
            return replace(self, sample=sample, found=found)(everything)
        shape, rows = self.sample.frame_shape, self.found.rows
        sizes = choose_tiles(shape)
        per_frame = float(np.prod([max(n // sizes[0], 1) for n in shape]))
        n = int(min(len(rows), MOST_FRAMES, max(LEAST_FRAMES, ENOUGH / per_frame)))
        if n < LEAST_FRAMES or self.found.reference.noise is None:
            return 1.0
        chosen = np.unique(np.linspace(0, len(rows) - 1, n).astype(int))
        images = self._make_images()
        ratios = np.array([self._ratios(images, int(one), sizes) for one in chosen])
        measured, colour = settle(ratios), measure_colour(self.found.reference)
        # two measurements of one thing where it is the noise; tiles alone see what moves on its own
        return measured if colour is None or colour < max(measured, COLOURED) else float(np.sqrt(measured * colour))

    def _make_images(self) -> NDArray[np.float32]:
        """The reference and its derivatives."""
        image = self.found.reference.image
        known = np.isfinite(image)
        filled = np.where(known, image, 0)
        parts = [np.where(known, image, np.nan)]
        parts += [np.gradient(filled, axis=axis) for axis in range(image.ndim) if image.shape[axis] > 1]
        return np.ascontiguousarray(np.stack(parts), np.float32)

    def _ratios(self, images: NDArray[np.float32], one: int, sizes: list[int]) -> list[FloatArray]:
        """Variance that tiles show over what pixels say, of each shift, for each size of tile."""
        moved = np.empty_like(images)
        same = self.found.trajectory.part([one] * len(images))
        same.resample_back(self.device, images, fill=np.nan, out=moved)
        frame = self.sample.read(self.found.rows[one : one + 1])[0].astype(np.float64)
        noise = self.found.reference.noise or NoiseModel()
        return sandwich_ratios(frame, moved[0], moved[1:], noise, sizes)


def choose_tiles(shape: tuple[int, ...]) -> list[int]:
    """Edges of tiles, px, that leave enough of them in frames of a shape."""
    sizes = [size for size in TILES if np.prod([max(n // size, 1) for n in shape]) >= LEAST_TILES]
    return sizes or [max(2, min(shape[-2:]) // 4)]


def sandwich_ratios(
    frame: FloatArray, model: NDArray[np.float32], slopes: NDArray[np.float32], noise: NoiseModel, sizes: list[int]
) -> list[FloatArray]:
    """By how much the variance of each shift is larger than independent pixels would have it, (k,) for each size.

    Parameters
    ----------
    frame : ndarray, ([z,] y, x)
    model : ndarray of float32, ([z,] y, x)
        The reference as the frame sees it, about where it was found: what is left of shifts, gain and offset is fitted
        here.
    slopes : ndarray of float32, (k, [z,] y, x)
        Its derivatives along the axes.
    noise : NoiseModel
    sizes : list of int
        Edges of tiles, px.
    """
    known = np.isfinite(frame) & np.isfinite(model) & np.isfinite(slopes).all(axis=0)
    cut = _Cutting(frame.shape, sizes[0])
    columns = np.stack([cut(np.where(known, image, 0)) for image in (*slopes, model, np.ones(()))], axis=1)
    counts, pixels = cut(known), cut(np.where(known, frame, 0))
    variance = np.where(counts > 0, noise.variance(columns[:, -2]), 1.0)
    weights, residual = _robust(columns, pixels, variance, counts)
    weighted = columns * weights[:, None]
    own, sums = weighted @ columns.swapaxes(1, 2), np.matmul(weighted, residual[..., None])[..., 0]
    try:
        inverse: FloatArray = np.asarray(np.linalg.inv(own.sum(axis=0)), np.float64)
    except np.linalg.LinAlgError:
        return [np.full(len(slopes), np.nan) for _ in sizes]
    said = inverse * float((weights * residual**2).sum() / (weights * variance).sum())
    shown = (_cluster(cut.join(own, size), cut.join(sums, size), inverse) for size in sizes)
    return [np.asarray(np.diag(one) / np.diag(said), np.float64)[: len(slopes)] for one in shown]


@dataclass(frozen=True)
class _Cutting:
    """Images of a `shape` as tiles of an `edge`, px, one after the other: sums over tiles are products of matrices."""

    shape: tuple[int, ...]
    edge: int

    def __call__(self, image: NDArray[np.generic]) -> FloatArray:
        """Tiles, (tiles, px); zeros beyond the far borders."""
        grid, edges = self._grid, [min(self.edge, n) for n in self.shape]
        whole = np.zeros([tiles * edge for tiles, edge in zip(grid, edges, strict=True)])
        whole[tuple(slice(0, n) for n in self.shape)] = image
        ndim = len(grid)
        parts = whole.reshape([n for pair in zip(grid, edges, strict=True) for n in pair])
        order = (*range(0, 2 * ndim, 2), *range(1, 2 * ndim, 2))
        return np.ascontiguousarray(parts.transpose(order)).reshape(int(np.prod(grid)), -1)

    def join(self, sums: FloatArray, size: int) -> FloatArray:
        """Sums over tiles, (tiles, ...), as those over tiles of a multiple of their edge."""
        number = np.zeros((1,) * len(self.shape), np.intp)
        for axis, (n, tiles) in enumerate(zip(self.shape, self._grid, strict=True)):
            along = np.arange(tiles) * self.edge // size
            shape = [-1 if a == axis else 1 for a in range(len(self.shape))]
            number = number * -(-n // size) + along.reshape(shape)
        joined = np.zeros((int(number.max()) + 1, *sums.shape[1:]))
        np.add.at(joined, number.ravel(), sums)
        return joined

    @property
    def _grid(self) -> list[int]:
        return [-(-n // self.edge) for n in self.shape]


def _cluster(own: FloatArray, sums: FloatArray, inverse: FloatArray) -> FloatArray:
    """Covariance of a fit, (k, k), from what tiles tell of it, (tiles, k, k), and their sums, (tiles, k).

    A tile that holds much of what tells anything has pulled the fit towards itself: its sum is as much too small, and
    is made up for (CR2; Bell and McCaffrey, Survey Methodology 28:169, 2002). Without, error bars of sparse spots came
    out at 0.8 of what they should be.
    """
    values, vectors = np.linalg.eigh(inverse)
    root = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    shares, axes = np.linalg.eigh(root @ own @ root)
    along = np.einsum("tij,ti->tj", axes, sums @ root) / np.sqrt(1 - np.clip(shares, 0.0, MOST_OF_ONE_TILE))
    sums = np.einsum("tij,tj->ti", axes, along)
    return np.asarray(root @ (sums.T @ sums) @ root, np.float64)


def _robust(
    columns: FloatArray, pixels: FloatArray, variance: FloatArray, counts: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Weights and residuals where the fit has its maximum, outliers losing their weight as in the estimate.

    Of shifts, gain and offset: a frame that the reference's spline would place 0.003 px further than it was placed is
    off alike in all tiles, which is no noise that they share; it widened the bars of photographs by 3.5.

    Parameters
    ----------
    columns : ndarray, (tiles, k, px)
    pixels, variance, counts : ndarray, (tiles, px)
        `counts` is 1 where something is known, else 0.
    """
    weights = counts / variance
    for _ in range(3):
        weighted = columns * weights[:, None]
        normal, right = (weighted @ columns.swapaxes(1, 2)).sum(axis=0), (weighted @ pixels[..., None]).sum(axis=0)
        best = np.linalg.lstsq(normal, right[:, 0], rcond=None)[0]
        residual = (pixels - best @ columns) * counts
        chi_square = float((weights * residual**2).sum() / (weights * variance).sum())
        weights = (1 + residual**2 / (variance * CUTOFF**2 * max(chi_square, 1e-12))) ** -2 * counts / variance
    return weights, residual


def settle(ratios: FloatArray) -> float:
    """One factor for standard deviations from ratios of variances, (frames, sizes, axes)."""
    per_frame = np.nanmean(ratios, axis=2)
    per_frame = per_frame[np.isfinite(per_frame).all(axis=1)]
    if len(per_frame) < LEAST_FRAMES:
        return 1.0
    means = per_frame.mean(axis=0)
    best = 0
    while best + 1 < len(means) and means[best + 1] > GROWTH * means[best]:
        best += 1
    doubt = per_frame[:, best].std(ddof=1) / np.sqrt(len(per_frame))
    return float(np.sqrt(means[best])) if means[best] - 1 > SURELY * doubt else 1.0
