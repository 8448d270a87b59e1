"""A large plane resampled block by block, from the part of the source that each block needs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, field

import numpy as np

from holdstill.contracts import AnyTransform, ControlGrid, Device, FloatArray, Frames, Source
from holdstill.resampling.settings import Resampling

__all__ = ["Tiles", "make_grid"]

BLOCK_PX = 1024
# between places at which the map is asked; between them it is linear. A kink of a displacement by 1 % of a px per px is
# missed by 0.04 px at most
STEP_PX = 16
# pixels around those that a block is made of: what the widest interpolation looks at
MARGIN_PX = 8


@dataclass(frozen=True, kw_only=True, eq=False)
class Tiles:
    """A plane as the reference sees it, made in blocks.

    Attributes
    ----------
    source : Source
        Planes, ``(y, x)``, with any number of channels.
    way : AnyTransform
        From the reference to the plane.
    box : tuple of 2 slice
        What is made, in px of the reference; it may begin below zero.
    resampling : Resampling
        Without a box of its own.
    device : Device
    frame : int
        Which of the planes; but for the first one channel at a time.
    """

    source: Source
    way: AnyTransform
    box: tuple[slice, slice]
    resampling: Resampling
    device: Device
    frame: int = 0
    clamped: list[int] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def bands(self, rows: int, workers: Executor, channel: int | None = None) -> Iterator[Frames]:
        """Bands of so many rows, (channels, rows, x), from top to bottom; all channels, or one."""
        height, width = (side.stop - side.start for side in self.box)
        side = min(BLOCK_PX, *self.source.info.frame_shape)
        n_channels = self.source.info.n_channels if channel is None else 1
        for top in range(0, height, rows):
            below = min(top + rows, height)
            band = np.empty((n_channels, below - top, width), self._dtype)
            places = [
                (slice(y, min(y + side, below)), slice(x, min(x + side, width)))
                for y in range(top, below, side)
                for x in range(0, width, side)
            ]

            def fill(place: tuple[slice, slice], band: Frames = band, top: int = top) -> None:
                inside = slice(place[0].start - top, place[0].stop - top)
                band[:, inside, place[1]] = self.resample(*place, channel)

            for _ in workers.map(fill, places):
                pass
            yield band

    @property
    def _dtype(self) -> np.dtype[np.generic]:
        asked = self.resampling.dtype
        return self.source.info.dtype if asked is None else np.dtype(asked)

    def resample(self, rows: slice, columns: slice, channel: int | None = None) -> Frames:
        """One block, (channels, rows, columns); rows and columns count from the corner of the box."""
        shape = (rows.stop - rows.start, columns.stop - columns.start)
        origin = np.array([rows.start + self.box[0].start, columns.start + self.box[1].start], np.float64)
        grid = make_grid(shape)
        points = grid.points()
        places = self.way.map(points + origin)
        n_channels = self.source.info.n_channels if channel is None else 1
        out = np.empty((n_channels, *shape), self._dtype)
        window = self._find_window(places, shape)
        if window is None:
            out[...] = self.resampling.fill
            return out
        pixels = (
            self.source.read_region(*window) if channel is None
            else self.source.read_window(self.frame, *window, channel=channel)[None]
        )  # fmt: skip
        corner = np.array([window[0].start, window[1].start])
        moves = (places - corner - points).T.reshape(1, 2, *grid.counts)
        clamped = self.device.resample_field(
            self.resampling.convert(pixels), grid, np.repeat(moves, n_channels, axis=0),
            interpolation=self.resampling.interpolation, edge=self.resampling.edge, fill=self.resampling.fill, out=out,
        )  # fmt: skip
        with self._lock:
            self.clamped.append(int(clamped.sum()))
        return out

    def _find_window(self, places: FloatArray, shape: tuple[int, int]) -> tuple[slice, slice] | None:
        """Rows and columns of the source that the places look at, at least as many as the block has; None for none."""
        found = []
        is_filled = self.resampling.edge == "constant"
        for axis, (n, side) in enumerate(zip(self.source.info.frame_shape, shape, strict=True)):
            low = int(np.floor(places[:, axis].min())) - MARGIN_PX
            high = int(np.ceil(places[:, axis].max())) + MARGIN_PX + 1
            if is_filled and (high < 0 or low > n):
                return None
            high = min(max(high, 1), n)
            low = max(min(low, n - 1), 0)
            high = max(high, min(low + side, n))
            found.append(slice(max(min(low, high - side), 0), high))
        return found[0], found[1]


def make_grid(shape: tuple[int, int]) -> ControlGrid:
    """Places every few px at which a map is asked, from the first pixel of a block to beyond its last."""
    counts = tuple(max(2, -(-(n - 1) // STEP_PX) + 1) for n in shape)
    return ControlGrid(counts=counts, origins=(0.0, 0.0), spacings=(float(STEP_PX),) * 2, moved=(0, 1))
