"""Images as they differ from their own surroundings: what two stains of the same tissue have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from holdstill.contracts import ControlGrid, Device, FloatArray

__all__ = ["Layer", "Picture", "bin_picture", "look", "make_picture", "sample", "share_factor", "unbent"]

# contrast below this share of the whole image's counts as none: paper-white slides are not blown up to noise
FAINT = 0.15
CLIP = 3.0
WHOLE = 0.99
# of a volume, at the coarsest resolution
LEAST_PLANES = 8

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
        Pixels of the image as it was given that became one, along its longest axis.
    factors : tuple of int
        The same along each axis: thin volumes keep their planes.
    whole : tuple of int
        Shape of the image as it was given.
    known : ndarray of bool, ([z,] y, x)
        Where the image shows the slide.
    layers : tuple of Layer
        The image normalised within neighbourhoods of several sizes.
    planes : ndarray of float32, (1 + n_layers * (1 + ndim), [z,] y, x)
        All of it as one array: what is known as 1 and 0, then of each layer its values and its slopes.
    """

    factor: int
    factors: tuple[int, ...]
    whole: tuple[int, ...]
    known: NDArray[np.bool_]
    layers: tuple[Layer, ...]
    planes: FloatImage

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape at this resolution."""
        return self.known.shape

    @property
    def frame(self) -> tuple[FloatArray, FloatArray]:
        """Scale and offset with which a pixel d here lies at ``scale * d + offset`` of the whole, from the centres."""
        factors = np.array(self.factors, np.float64)
        return factors, (np.array(self.shape) * factors - np.array(self.whole)) / 2

    def enlarge(self, nodes: FloatArray) -> FloatArray:
        """Displacements, (ndim, ...), in px of this resolution, as px of the whole."""
        return nodes * np.array(self.factors, np.float64).reshape(-1, *(1,) * (nodes.ndim - 1))

    def reduce(self, nodes: FloatArray) -> FloatArray:
        """The way back from `enlarge`."""
        return nodes / np.array(self.factors, np.float64).reshape(-1, *(1,) * (nodes.ndim - 1))

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing to see."""
        return not any(layer.values.any() for layer in self.layers)


def bin_picture(image: FloatImage, factor: int | tuple[int, ...]) -> FloatImage:
    """Means of blocks of so many px along each axis; NaN where less than half of a block is known."""
    factors = (factor,) * image.ndim if isinstance(factor, int) else factor
    if set(factors) == {1}:
        return image
    sides = tuple((n // each, each) for n, each in zip(image.shape, factors, strict=True))
    blocks = image[tuple(slice(n * each) for n, each in sides)].reshape([part for side in sides for part in side])
    axes, known = tuple(range(1, blocks.ndim, 2)), np.isfinite(blocks)
    count = known.sum(axis=axes)
    total = np.where(known, blocks, 0).sum(axis=axes, dtype=np.float64)
    return np.where(2 * count >= np.prod(factors), total / np.maximum(count, 1), np.nan).astype(np.float32)


def share_factor(shape: tuple[int, ...], factor: int) -> tuple[int, ...]:
    """Pixels that become one along each axis: `factor`, of volumes as many as leave some planes."""
    if len(shape) == 2:
        return (factor,) * 2
    return tuple(max(1, min(factor, n // LEAST_PLANES)) for n in shape)


def make_picture(image: FloatImage, factor: int, sizes: tuple[float, ...]) -> Picture:
    """An image, NaN where unknown, binned by `factor` and normalised within Gaussian neighbourhoods of `sizes` px."""
    factors = share_factor(image.shape, factor)
    binned = bin_picture(image, factors)
    known = np.isfinite(binned)
    spread = float(binned[known].std()) if known.any() else 0.0
    step = 1 + image.ndim
    planes = np.zeros((1 + len(sizes) * step, *binned.shape), np.float32)
    planes[0] = known
    layers = [
        _make_layer(binned, known, size, FAINT * spread, planes[1 + k * step : 1 + (k + 1) * step])
        for k, size in enumerate(sizes)
    ]
    return Picture(factor, factors, image.shape, known, tuple(layers), planes)


def unbent(ndim: int) -> FloatArray:
    """Displacements of control points that displace nothing, (ndim, 2, ...)."""
    return np.zeros((ndim, *(2,) * ndim))


def look(picture: Picture, warp: FloatArray, nodes: FloatArray, layers: int, device: Device) -> FloatImage:
    """The first planes of a picture, those of so many layers, where a map takes the pixels of one of the same shape.

    Linear between pixels, 0 beyond the image.

    Parameters
    ----------
    picture : Picture
    warp : ndarray of float64, (k,)
        Affine coefficients of the map, about the middle.
    nodes : ndarray of float64, (ndim, *counts)
        Displacements of control points beyond it, from the first pixel to the last.
    layers : int
    device : Device
    """
    shape, counts, ndim = picture.shape, nodes.shape[1:], len(picture.shape)
    spacings = tuple(max(n - 1, 1) / (count - 1) for n, count in zip(shape, counts, strict=True))
    grid = ControlGrid(counts=counts, origins=(0.0,) * ndim, spacings=spacings, moved=tuple(range(ndim)))
    axes = [np.arange(count) * step - (n - 1) / 2 for n, count, step in zip(shape, counts, spacings, strict=True)]
    offsets = np.stack(np.meshgrid(*axes, indexing="ij"))
    rows = warp.reshape(ndim, ndim + 1)
    moves = np.tensordot(rows[:, 1:], offsets, 1) + rows[:, 0].reshape(-1, *(1,) * ndim) - offsets + nodes
    planes = picture.planes[: 1 + layers * (1 + ndim)]
    out = np.empty_like(planes)
    device.resample_field(
        planes, grid, np.repeat(moves[None], len(planes), axis=0), interpolation="linear", edge="constant", fill=0.0,
        out=out,
    )  # fmt: skip
    return out


def _make_layer(image: FloatImage, known: NDArray[np.bool_], size: float, faint: float, planes: FloatImage) -> Layer:
    """A layer that stands in planes of zeros."""
    if faint > 0:
        weight = np.maximum(_blur(known.astype(np.float32), size), 1e-3)
        rest = np.where(known, image - _blur(np.where(known, image, 0), size) / weight, 0)
        contrast = np.sqrt(_blur(rest * rest, size) / weight + faint**2)
        planes[0] = np.clip(rest / contrast, -CLIP, CLIP)
        for axis in range(image.ndim):
            planes[1 + axis] = np.gradient(planes[0], axis=axis)
    return Layer(planes[0], tuple(planes[1:]))


def _blur(image: NDArray[np.float32], size: float) -> FloatImage:
    return np.asarray(ndimage.gaussian_filter(image, size, truncate=3.0), np.float32)


def sample(image: NDArray[np.float32], points: NDArray[Any]) -> FloatImage:
    """Values between pixels, linear, at points (ndim, ...) px; 0 beyond the image."""
    return np.asarray(ndimage.map_coordinates(image, points, order=1, mode="constant", cval=0.0), np.float32)
