"""Sharp pictures with exact truth: photographs, micrographs of electrons, drawings and masks have edges in common."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import fft, ndimage

from holdstill.contracts import FloatArray

__all__ = ["clip_background", "dead_leaves", "move_picture", "rectangle"]

# room around what is cropped, so that what wraps around stays outside
MARGIN_PX = 32


def dead_leaves(shape: tuple[int, int], seed: int = 0, n_leaves: int = 400, grey: float = 255.0) -> FloatArray:
    """Discs of all sizes and brightnesses, one over the other: edges and statistics like those of a photograph.

    Parameters
    ----------
    shape : tuple of 2 int
        px.
    seed : int
    n_leaves : int
    grey : float
        Brightness of the brightest.

    Notes
    -----
    Lee, Mumford and Huang, Int. J. Comput. Vision 41:35 (2001).
    """
    rng = np.random.default_rng(seed)
    rows, columns = np.indices(shape)
    picture = np.full(shape, grey / 2)
    for _ in range(n_leaves):
        radius = 2.0 / np.sqrt(rng.uniform(4.0 / min(shape) ** 2 * 16, 1.0))
        y, x = rng.uniform(0, shape[0]), rng.uniform(0, shape[1])
        picture[(rows - y) ** 2 + (columns - x) ** 2 < radius**2] = rng.uniform(0, grey)
    return np.asarray(ndimage.gaussian_filter(picture, 0.5), np.float64)


def move_picture(picture: NDArray[np.floating], shift: FloatArray, size: tuple[int, int]) -> FloatArray:
    """The middle of a picture, `size` px, its content moved by `shift` (y, x) px without loss of detail.

    Parameters
    ----------
    picture : ndarray, (y, x)
        At least `MARGIN_PX` larger than `size` on each side.
    shift : array_like, (2,)
        At most half of that margin.
    size : tuple of 2 int
    """
    wide = tuple(n + 2 * MARGIN_PX for n in size)
    if any(have < want for have, want in zip(picture.shape, wide, strict=True)):
        raise ValueError(f"a picture of {picture.shape} px leaves no margin of {MARGIN_PX} px about {size} px")
    starts = [(have - want) // 2 for have, want in zip(picture.shape, wide, strict=True)]
    part = picture[tuple(slice(start, start + want) for start, want in zip(starts, wide, strict=True))]
    level = float(part.mean())
    faded = (part - level) * np.multiply.outer(*(_fade(n) for n in wide))
    moved = fft.ifftn(ndimage.fourier_shift(fft.fftn(faded), shift)).real + level
    return np.asarray(moved[MARGIN_PX:-MARGIN_PX, MARGIN_PX:-MARGIN_PX], np.float64)


def _fade(length: int) -> FloatArray:
    """One inside, falling to zero within two thirds of the margin."""
    inwards = np.minimum(np.arange(length), np.arange(length)[::-1]) + 0.5
    return np.asarray(np.sin(np.pi / 2 * np.minimum(inwards / (MARGIN_PX * 2 / 3), 1)) ** 2, np.float64)


def rectangle(shape: tuple[int, int], grey: float = 255.0) -> FloatArray:
    """A bright rectangle in the middle of the dark, without noise: whole-pixel moves of it are exact."""
    picture = np.zeros(shape)
    picture[shape[0] // 3 : 2 * shape[0] // 3, shape[1] // 4 : 3 * shape[1] // 4] = grey
    return picture


def clip_background(frames: NDArray[np.floating], level: float) -> FloatArray:
    """Frames less a background level, nothing below zero: a common preparation."""
    return np.maximum(np.asarray(frames, np.float64) - level, 0.0)
