"""Where a cycle agrees with the first, tile by tile: what no verdict on the whole frame tells, as tissue gets lost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import ControlGrid, FloatArray

__all__ = ["Tissue", "fill_nodes"]

# a tile agrees where its correlation is more than unrelated pixels reach, by so many of their standard deviations, and
# more than it is where the cycle lies a few px beside
SIGMAS, BESIDE_PX = 5.0, 3
ASIDE = [(dy, dx) for dy in (-BESIDE_PX, BESIDE_PX) for dx in (-BESIDE_PX, BESIDE_PX)]
# tiles of which something is seen and that have to agree: half of the tissue may be gone, a few agree by chance
LEAST_SHARE, LEAST_TILES = 0.6, 4
# of five places one is the best by chance: where not half as many tiles agree, and there are some, the cycle lies
# elsewhere; of cycles 5 to 50 px off 0 to 5 % agreed, of bent tissue that was shifted as a whole more
CHANCE, ENOUGH_TILES = 0.1, 12
# over how many tiles a displacement is told of those that do not tell it
REACH = 1.5


@dataclass(frozen=True, eq=False)
class Tissue:
    """The first cycle, (y, x), in tiles around the points of a grid.

    Parameters
    ----------
    first : ndarray of float32, (y, x)
        NaN where nothing is known.
    grid : ControlGrid
        A tile reaches halfway to the points beside its own.
    """

    first: NDArray[np.float32]
    grid: ControlGrid

    def correlate(self, other: NDArray[np.float32], aside: tuple[int, int] = (0, 0)) -> tuple[FloatArray, FloatArray]:
        """Correlation of each tile with another image, NaN where it has none, and its pixels; (rows, columns) each.

        The other image is looked at so many px aside, and beyond its border not known.
        """
        seen = np.full(other.shape, np.nan, np.float32)
        (to_y, from_y), (to_x, from_x) = (_overlap(n, by) for n, by in zip(other.shape, aside, strict=True))
        seen[to_y, to_x] = other[from_y, from_x]
        known = np.isfinite(self.first) & np.isfinite(seen)
        # about the mean, so that squares of 32 bits lose no digits that matter
        a, b = (
            np.where(known, image - (image[known].mean() if known.any() else 0), np.float32(0))
            for image in (self.first, seen)
        )
        n, sa, sb, saa, sbb, sab = (self._sum(each) for each in (known, a, b, a * a, b * b, a * b))
        with np.errstate(invalid="ignore", divide="ignore"):
            spread = (n * saa - sa * sa) * (n * sbb - sb * sb)
            return (n * sab - sa * sb) / np.sqrt(np.where(spread > 0, spread, np.nan)), n

    def find_agreeing(self, other: NDArray[np.float32]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Which tiles agree with an image, and in which anything is seen at all; (rows, columns) each."""
        here, n = self.correlate(other)
        best = np.fmax.reduce([self.correlate(other, aside)[0] for aside in ASIDE])
        least = SIGMAS / np.sqrt(np.maximum(n, 1))
        with np.errstate(invalid="ignore"):
            return (here > least) & (here > best), np.fmax(here, best) > least

    def judge(self, other: NDArray[np.float32]) -> int:
        """How many tiles agree with an image that lies where it should, 0 of one that does not.

        It does, to within a pixel or two, where most tiles that show anything agree.
        """
        agree, seen = self.find_agreeing(other)
        n_agree = int(agree.sum())
        return n_agree if n_agree >= LEAST_TILES and n_agree > LEAST_SHARE * seen.sum() else 0

    def denies(self, other: NDArray[np.float32]) -> bool:
        """Whether an image surely lies elsewhere: hardly a tile agrees, though many show something."""
        agree, seen = self.find_agreeing(other)
        return bool(seen.sum() >= ENOUGH_TILES and agree.sum() <= CHANCE * seen.sum())

    def _sum(self, pixels: NDArray[np.generic]) -> FloatArray:
        edges = []
        for axis in (0, 1):
            places = self.grid.positions(axis)
            between = np.ceil((places[1:] + places[:-1]) / 2).astype(int)
            edges.append(np.append(0, between[(between > 0) & (between < pixels.shape[axis])]))
        along = np.add.reduceat(pixels, edges[1], axis=1, dtype=np.float64)
        return np.asarray(np.add.reduceat(along, edges[0], axis=0))


def fill_nodes(moves: FloatArray, known: NDArray[np.bool_]) -> FloatArray:
    """Displacements of all tiles, (rows, columns, 2), from those that are known: the nearer the more they count."""
    if not known.any():
        return np.zeros_like(moves)
    places = np.stack(np.meshgrid(*map(np.arange, known.shape), indexing="ij"), axis=-1).astype(np.float64)
    filled = moves.copy()
    for at in np.argwhere(~known):
        squares = ((places[known] - at) ** 2).sum(axis=1)
        weights = np.exp((squares.min() - squares) / (2 * REACH**2))
        filled[tuple(at)] = weights @ moves[known] / weights.sum()
    return filled


def _overlap(n: int, by: int) -> tuple[slice, slice]:
    """Where pixels go, and where they come from, along an axis of n that is looked at `by` px further on."""
    return slice(max(-by, 0), n - max(by, 0)), slice(max(by, 0), n + min(by, 0))
