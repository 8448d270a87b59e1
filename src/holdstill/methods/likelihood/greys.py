"""Grey levels of one image as those of another, and images of known pixels blurred."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from holdstill.contracts import FloatArray

__all__ = ["blur_known", "divide_greys", "rank_greys", "translate_greys"]

MIN_COUNT = 8


def divide_greys(known: NDArray[np.float32], levels: int) -> FloatArray:
    """Edges of levels of about equally many pixels; of a few grey levels, as masks have, one about each."""
    values = np.unique(known).astype(np.float64)
    if len(values) < 2:
        return np.arange(2.0)
    if len(values) > levels:
        return np.unique(np.quantile(known, np.linspace(0, 1, levels + 1))).astype(np.float64)
    middles = 0.5 * (values[1:] + values[:-1])
    return np.array([2 * values[0] - middles[0], *middles, 2 * values[-1] - middles[-1]])


def translate_greys(
    edges: FloatArray, image: NDArray[np.float32], other: NDArray[np.float32], whole: NDArray[np.float32] | None = None
) -> NDArray[np.float32]:
    """An image with each of its grey levels as another shows it there on average; NaN stays.

    With `whole`, the image as it is elsewhere, that one is returned so.
    """
    shown = image if whole is None else whole
    known = np.isfinite(image) & np.isfinite(other)
    centres = 0.5 * (edges[1:] + edges[:-1])
    bins = np.clip(np.searchsorted(edges, image[known]) - 1, 0, len(centres) - 1)
    counts = np.bincount(bins, minlength=len(centres))
    used = counts >= MIN_COUNT
    if not used.any():
        return np.where(np.isfinite(shown), np.float32(0), np.float32(np.nan))
    sums = np.bincount(bins, weights=other[known], minlength=len(centres))
    greys = np.interp(shown, centres[used], sums[used] / counts[used])
    return np.where(np.isfinite(shown), greys, np.nan).astype(np.float32)


def blur_known(image: NDArray[np.float32], deviation: float) -> NDArray[np.float32]:
    """An image blurred by so many px, of its known pixels; NaN stays."""
    if not deviation:
        return image
    known = np.isfinite(image)
    blurred = ndimage.gaussian_filter(np.where(known, image, 0), deviation, mode="nearest")
    if not known.all():
        weight = ndimage.gaussian_filter(known.astype(np.float32), deviation, mode="nearest")
        blurred = blurred / np.maximum(weight, 1e-6)
    return np.where(known, blurred, np.nan).astype(np.float32)


def rank_greys(image: NDArray[np.float32], levels: int) -> NDArray[np.int64]:
    """Levels of equally many pixels each; -1 for NaN."""
    known = np.isfinite(image)
    made = np.full(image.shape, -1, np.int64)
    if known.any():
        edges = np.quantile(image[known], np.linspace(0, 1, levels + 1)[1:-1])
        made[known] = np.searchsorted(edges, image[known])
    return made
