"""How far sections bend, and how freely: from coarse to fine, chosen by pixels that were not fitted to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import FloatArray
from holdstill.methods.sections.affine_fit import place, to_level
from holdstill.methods.sections.field_fit import Bending, bend, fit_field
from holdstill.methods.sections.local import WHOLE, FloatImage, Picture, make_picture, sample

__all__ = ["CANDIDATES", "Bent", "bend_sections", "make_pyramid", "spread_on"]

FINE_PX = 480
COARSER = (8, 4, 2, 1)
SIZES = (3.0, 8.0, 20.0)
# tissue that shares outlines and cells with its neighbour only in part, which a narrow window would follow astray
# (medians of landmarks of two pairs: 0.0047 and 0.0019 of the diagonal, 0.0057 and 0.0022 with a window of 8 px); and
# pictures that agree to the pixel, which a wide one cannot follow (0.0016, 0.0040)
CANDIDATES = (
    Bending(window_px=16.0, bend_px=3.0),
    Bending(window_px=8.0, bend_px=10.0, layers=1, steps=16),
)
TILE_PX = 24
# by how much correlation must grow over all pixels when half of them are fitted to, for bending to be worth it: in
# pictures that do not bend it fell by 0.006, in neighbouring sections it grew by 0.007 to 0.011
WORTH = 0.002
# by how much more a freer way must predict the pixels that were not fitted to: 0.17 where pictures agreed to the pixel,
# 0.003 at most between stains
CLEAR = 0.02


@dataclass(frozen=True, eq=False)
class Bent:
    """Displacements beyond an affine map.

    Attributes
    ----------
    nodes : ndarray of float64, (ndim, *counts)
        Of control points, px of the images as they were given.
    picture : Picture
        The picture from whose first to last pixels the control points stand.
    bending : Bending or None
        How freely they were allowed to bend; None: not at all, since that predicted other pixels best.
    gains : tuple of float
        By how much each of the `CANDIDATES`, fitted to half of the tiles, raised the correlation in the others.
    """

    nodes: FloatArray
    picture: Picture
    bending: Bending | None
    gains: tuple[float, ...]

    def read(self, points: FloatArray) -> FloatArray:
        """Displacements, (ndim, ...) px, at points (ndim, ...) of the image as it was given, px."""
        factor, counts, shape = self.picture.factor, self.nodes.shape[1:], self.picture.shape
        places = np.stack(
            [
                (one - (factor - 1) / 2) / factor * (count - 1) / max(n - 1, 1)
                for one, count, n in zip(points, counts, shape, strict=True)
            ]
        )
        edge = np.array(counts).reshape(-1, *(1,) * (points.ndim - 1)) - 1.0
        inside = np.clip(places, 0, edge)
        return np.stack([sample(one.astype(np.float32), inside) for one in self.nodes]).astype(np.float64)


def make_pyramid(image: FloatImage) -> tuple[Picture, ...]:
    """An image, NaN where unknown, at the resolutions of the fit, coarse first."""
    fine = max(1, int(np.ceil(max(image.shape) / FINE_PX)))
    return tuple(make_picture(image, factor * fine, SIZES) for factor in COARSER)


def bend_sections(fixed: tuple[Picture, ...], moving: tuple[Picture, ...], warp: FloatArray) -> Bent:
    """What bends beyond an affine map with these coefficients of whole images."""
    left_out = [_draw_tiles(picture.shape, TILE_PX * fixed[-1].factor / picture.factor) for picture in fixed]
    held, here = slice(0, len(fixed) - 1), (fixed[-2], moving[-2], to_level(warp, fixed[-2]))
    others, everywhere = left_out[-2], np.ones(fixed[-2].shape, bool)
    still = _correlate(*here, None, others), _correlate(*here, None, everywhere)
    trials = [_descend(fixed[held], moving[held], warp, one, left_out[held]) for one in CANDIDATES]
    gains = [_correlate(*here, nodes, others) - still[0] for nodes in trials]
    chosen = 0
    for k in range(1, len(CANDIDATES)):
        chosen = k if gains[k] > gains[chosen] + CLEAR else chosen
    if _correlate(*here, trials[chosen], everywhere) - still[1] < WORTH:
        ndim = len(fixed[-1].shape)
        return Bent(np.zeros((ndim, *(2,) * ndim)), fixed[-1], None, tuple(gains))
    nodes = _descend(fixed, moving, warp, CANDIDATES[chosen], [None] * len(fixed))
    return Bent(nodes * fixed[-1].factor, fixed[-1], CANDIDATES[chosen], tuple(gains))


def _descend(
    fixed: tuple[Picture, ...], moving: tuple[Picture, ...], warp: FloatArray, bending: Bending,
    left_out: Sequence[NDArray[np.bool_] | None],
) -> FloatArray:  # fmt: skip
    """Displacements of control points, px of the finest of these pictures, from coarse to fine."""
    nodes = fit_field(fixed[0], moving[0], to_level(warp, fixed[0]), None, bending, left_out[0])
    for level, (before, here) in enumerate(pairwise(fixed), start=1):
        nodes = nodes * (before.factor / here.factor)
        nodes = fit_field(here, moving[level], to_level(warp, here), nodes, bending, left_out[level])
    return nodes


def _draw_tiles(shape: tuple[int, ...], side: float) -> NDArray[np.bool_]:
    """Every other tile of a chessboard."""
    places = np.indices(shape)
    return np.asarray(np.floor(places / max(side, 1.0)).astype(int).sum(axis=0) % 2 == 1)


def _correlate(
    fixed: Picture, moving: Picture, warp: FloatArray, nodes: FloatArray | None, where: NDArray[np.bool_]
) -> float:
    """Mean correlation of the layers, at pixels of the fixed picture that both show."""
    centre = (np.array(fixed.shape, np.float64) - 1) / 2
    grid = np.indices(fixed.shape, dtype=np.float64) - centre.reshape(-1, *(1,) * len(fixed.shape))
    points = place(warp, grid, centre)
    if nodes is not None:
        points = points + bend(nodes, fixed.shape)
    both = (sample(moving.known.astype(np.float32), points) > WHOLE) & fixed.known & where
    found = [0.0]
    for ours, theirs in zip(fixed.layers, moving.layers, strict=True):
        own, seen = ours.values[both].astype(np.float64), sample(theirs.values, points[:, both]).astype(np.float64)
        found.append(float(own @ seen) / max(float(np.sqrt((own @ own) * (seen @ seen))), 1e-9))
    return sum(found) / len(fixed.layers)


def spread_on(bent: Bent, counts: tuple[int, ...], shape: tuple[int, ...]) -> FloatArray:
    """Displacements, (ndim, *counts) px, of control points from the first to the last pixel of an image."""
    axes = [np.linspace(0, n - 1, count) for n, count in zip(shape, counts, strict=True)]
    return bent.read(np.stack(np.meshgrid(*axes, indexing="ij")))
