"""Whether two sections agree inside, or in their outline alone: what is not the same specimen may be as round."""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from holdstill.contracts import Device, FloatArray
from holdstill.methods.sections.affine_fit import place
from holdstill.methods.sections.local import FloatImage, Picture, bin_picture, look, sample, unbent
from holdstill.methods.sections.paper_labels import split_greys

__all__ = ["find_inside", "measure_detail"]

# px of thumbnails: over what tissue is told from paper, and how far from its outline the inside begins
BLUR_PX, FROM_OUTLINE_PX = 2.0, 4
# displacements beside which detail of the same place stands out: further than it is wide
AWAY_PX, DIRECTIONS = (7, 11, 15), 16
LEAST_PX = 200


def find_inside(image: FloatImage, factor: int) -> NDArray[np.bool_]:
    """Tissue away from its outline, (y, x), on a copy of which `factor` pixels became one."""
    grey = ndimage.gaussian_filter(np.nan_to_num(bin_picture(image, factor)), BLUR_PX)
    tissue = ndimage.binary_closing(grey > split_greys(grey), iterations=2)
    return np.asarray(ndimage.binary_erosion(ndimage.binary_fill_holes(tissue), iterations=FROM_OUTLINE_PX))


def measure_detail(
    fixed: Picture, moving: Picture, insides: tuple[NDArray[np.bool_], NDArray[np.bool_]], warp: FloatArray,
    device: Device,
) -> float:  # fmt: skip
    """By how many standard deviations detail inside agrees better where a map puts it than some px away.

    Infinite where too little lies inside of both to say.
    """
    seen = look(moving, warp, unbent(2), 1, device)[1]
    middle = (np.array(fixed.shape, np.float64) - 1) / 2
    places = place(warp, np.indices(fixed.shape) - middle[:, None, None], middle)
    theirs = sample(insides[1].astype(np.float32), places) > 0.9
    own, ours = fixed.layers[0].values, insides[0]

    def correlate(move: tuple[int, ...]) -> float:
        both = ours & np.roll(theirs, move, (0, 1))
        if both.sum() < LEAST_PX:
            return np.nan
        return float(np.corrcoef(own[both], np.roll(seen, move, (0, 1))[both])[0, 1])

    # what bends lies a px off
    here = max(correlate(move) for move in product((-1, 0, 1), repeat=2))
    angles = np.arange(DIRECTIONS) * 2 * np.pi / DIRECTIONS
    away = [correlate((round(r * np.sin(a)), round(r * np.cos(a)))) for r in AWAY_PX for a in angles]
    chance = np.array([one for one in away if np.isfinite(one)])
    if not np.isfinite(here) or len(chance) < DIRECTIONS:
        return np.inf
    return float((here - chance.mean()) / max(float(chance.std()), 1e-6))
