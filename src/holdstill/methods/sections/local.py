"""Images as they differ from their own surroundings: what two stains of the same tissue have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from holdstill.contracts import FloatArray

__all__ = ["Layer", "Picture", "bin_picture", "make_picture", "sample"]

# contrast below this share of the whole image's counts as none: paper-white slides are not blown up to noise
FAINT = 0.15
CLIP = 3.0
WHOLE = 0.99

FloatImage = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Layer:
    """An image less its local mean, over its local contrast, and its slopes along each axis; 0 where unknown."""

    values: FloatImage
    slopes: tuple[FloatImage, ...]


@dataclass(frozen=True, eq=False)
class Picture:
    """An image at one resolution.

    Attributes
    ----------
    factor : int
        Pixels along each axis of the image as it was given that became one.
    whole : tuple of int
        Shape of the image as it was given.
    known : ndarray of bool, ([z,] y, x)
        Where the image shows the slide.
    layers : tuple of Layer
        The image normalised within neighbourhoods of several sizes.
    """

    factor: int
    whole: tuple[int, ...]
    known: NDArray[np.bool_]
    layers: tuple[Layer, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape at this resolution."""
        return self.known.shape

    @property
    def frame(self) -> tuple[FloatArray, FloatArray]:
        """Scale and offset with which a pixel d here lies at ``scale * d + offset`` of the whole, from the centres."""
        factors = np.full(len(self.whole), float(self.factor))
        return factors, (np.array(self.shape) * factors - np.array(self.whole)) / 2

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing to see."""
        return not any(layer.values.any() for layer in self.layers)


def bin_picture(image: FloatImage, factor: int) -> FloatImage:
    """Means of blocks; NaN where less than half of a block is known."""
    if factor == 1:
        return image
    cut = tuple(n // factor * factor for n in image.shape)
    blocks = image[tuple(slice(n) for n in cut)].reshape([part for n in cut for part in (n // factor, factor)])
    axes, known = tuple(range(1, blocks.ndim, 2)), np.isfinite(blocks)
    count = known.sum(axis=axes)
    total = np.where(known, blocks, 0).sum(axis=axes, dtype=np.float64)
    return np.where(2 * count >= factor**image.ndim, total / np.maximum(count, 1), np.nan).astype(np.float32)


def make_picture(image: FloatImage, factor: int, sizes: tuple[float, ...]) -> Picture:
    """An image, NaN where unknown, binned by `factor` and normalised within Gaussian neighbourhoods of `sizes` px."""
    binned = bin_picture(image, factor)
    known = np.isfinite(binned)
    spread = float(binned[known].std()) if known.any() else 0.0
    layers = tuple(_make_layer(binned, known, size, FAINT * spread) for size in sizes)
    return Picture(factor, image.shape, known, layers)


def _make_layer(image: FloatImage, known: NDArray[np.bool_], size: float, faint: float) -> Layer:
    if faint <= 0:
        empty = np.zeros(image.shape, np.float32)
        return Layer(empty, (empty,) * image.ndim)
    weight = np.maximum(_blur(known.astype(np.float32), size), 1e-3)
    rest = np.where(known, image - _blur(np.where(known, image, 0), size) / weight, 0)
    contrast = np.sqrt(_blur(rest * rest, size) / weight + faint**2)
    values = np.clip(rest / contrast, -CLIP, CLIP).astype(np.float32)
    slopes = tuple(np.asarray(np.gradient(values, axis=axis), np.float32) for axis in range(values.ndim))
    return Layer(values, slopes)


def _blur(image: NDArray[np.float32], size: float) -> FloatImage:
    return np.asarray(ndimage.gaussian_filter(image, size, truncate=3.0), np.float32)


def sample(image: NDArray[np.float32], points: NDArray[Any]) -> FloatImage:
    """Values between pixels, linear, at points (ndim, ...) px; 0 beyond the image."""
    return np.asarray(ndimage.map_coordinates(image, points, order=1, mode="constant", cval=0.0), np.float32)
