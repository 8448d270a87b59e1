"""A slide at first sight: a picture and counts that are small, while what a page counts with is still on its way."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["BINS", "draw_overview"]

BINS = 80  # of the histogram, from -1 to 1; as many as slide.js counts
NOTHING, KEPT, LOST, UNKNOWN = range(4)


def draw_overview(
    now: NDArray[np.float64], so_far: NDArray[np.float64], threshold: float, cells: NDArray[np.int32]
) -> tuple[NDArray[np.uint8], dict[str, Any]]:
    """Which pixels of the small picture are of kept cells, and how many cells are kept.

    Parameters
    ----------
    now : ndarray, (n_cells,)
        Correlations with the first cycle in the cycle that is looked at.
    so_far : ndarray, (n_cells, n)
        The same in all cycles up to it, but for those of which nothing is known.
    threshold : float
        Kept from here on.
    cells : ndarray of int32, (rows, columns)
        Row of the cell in each pixel, -1 for none.

    Returns
    -------
    picture : ndarray of uint8, as `cells`
        0 nothing, 1 kept, 2 lost, 3 unknown.
    counts : dict
        ``kept``, ``lost``: cells in each bin of the histogram; ``through``: kept by all cycles; ``unknown``.
    """
    now, cells = np.asarray(now), np.asarray(cells)
    is_kept, is_unknown = now >= threshold, np.isnan(now)
    classes = np.where(is_unknown, UNKNOWN, np.where(is_kept, KEPT, LOST)).astype(np.uint8)
    through = np.logical_and.reduce(so_far >= threshold, axis=1)
    bins = np.clip(np.floor((np.nan_to_num(now) + 1) / 2 * BINS), 0, BINS - 1).astype(np.intp)
    counts = {
        "kept": np.bincount(bins[is_kept], minlength=BINS).tolist(),
        "lost": np.bincount(bins[~is_kept & ~is_unknown], minlength=BINS).tolist(),
        "through": int(through.sum()), "unknown": int(is_unknown.sum()),
    }  # fmt: skip
    return np.append(classes, np.uint8(NOTHING))[cells], counts
