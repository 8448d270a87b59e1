"""All resolutions of an image from bands of its rows, as they come: none is ever held whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from holdstill.contracts import Frames
from holdstill.io.pyramids.halving import halve

__all__ = ["BAND_ROWS", "TILE_PX", "Bands"]

TILE_PX = 512
# rows that come together: two rows of tiles, of which the next resolution's is one
BAND_ROWS = 2 * TILE_PX


class Bands:
    """Makes bands of each coarser resolution from those of the full one.

    Parameters
    ----------
    n_levels : int
        Resolutions, the full one included.
    reduce : callable
        Makes the next coarser one of an image, (y, x, ...).

    Examples
    --------
    >>> bands = Bands(2)
    >>> [(level, band.shape) for level, band in bands.take(np.zeros((1024, 2048, 3), np.uint8), last=True)]
    [(0, (1024, 2048, 3)), (1, (512, 1024, 3))]
    """

    def __init__(self, n_levels: int, reduce: Callable[[Frames], Frames] = halve) -> None:
        self._n_levels, self._reduce = n_levels, reduce
        self._waiting: list[Frames | None] = [None] * n_levels

    def take(self, band: Frames, *, last: bool) -> Iterator[tuple[int, Frames]]:
        """The band, (rows, x, ...), and what it completes of other resolutions, each with its number.

        Bands of the full resolution come from top to bottom, all but the `last` of `BAND_ROWS` rows. Of the others
        there come whole rows of tiles, but for the last.
        """
        yield from self._pass_on(0, band, last)

    def _pass_on(self, level: int, band: Frames, last: bool) -> Iterator[tuple[int, Frames]]:
        if len(band):
            yield level, band
        if level + 1 == self._n_levels:
            return
        before, half = self._waiting[level + 1], self._reduce(band)
        both = half if before is None else np.concatenate([before, half])
        n_ready = len(both) if last else len(both) // TILE_PX * TILE_PX
        self._waiting[level + 1] = both[n_ready:] if n_ready < len(both) else None
        if n_ready or last:
            yield from self._pass_on(level + 1, both[:n_ready], last)
