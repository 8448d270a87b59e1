"""A part of one frame, in as many pixels as a screen shows: of large frames tiles of that part alone are read.

Frames of up to 4,096 x 4,096 px are read, and corrected, as they are written. Larger ones, and those of a pyramid, are
read in windows, from the level whose pixels are just small enough; they are corrected point by point at that level.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy  # loads its parts when they are needed
from numpy.typing import NDArray

from holdstill.contracts import AnyTransform, ImagesInfo, Source
from holdstill.errors import InputError
from holdstill.result import devices
from holdstill.transforms import Transform
from holdstill.transforms.trajectory import Trajectory

__all__ = ["Region", "choose_level", "is_large", "read_corrected", "read_region"]

LARGE_PX = 1 << 24
MOST_SHOWN = 2048
# pixels of a level that are read at once where no level is coarse enough
BAND_PX = 1 << 24
MARGIN = 4


@dataclass(frozen=True, kw_only=True)
class Region:
    """A part of a frame and how it is shown: pixel (i, j) is the mean of `factor` x `factor` px of the frame.

    Attributes
    ----------
    y, x : int
        First row and column, px of the frame, multiples of `factor`.
    rows, columns : int
        Pixels that are shown.
    factor : int
    """

    y: int
    x: int
    rows: int
    columns: int
    factor: int

    @classmethod
    def of_query(cls, query: dict[str, str], shape: tuple[int, ...], factor: int) -> Region:
        """What a page asks for; without a word the whole frame in means of `factor` px.

        Raises
        ------
        InputError
            It has no pixel of the frame, or more than a screen.
        """
        height, width = shape[-2:]
        by = int(query.get("factor", factor))
        if by < 1:
            raise InputError(f"pixels cannot be shown in groups of {by}; give 1 or more")
        y, x = (max(0, int(query.get(name, 0)) // by * by) for name in "yx")
        rows = min(int(query.get("rows", height)), (height - y) // by)
        columns = min(int(query.get("columns", width)), (width - x) // by)
        if not (0 < rows <= MOST_SHOWN and 0 < columns <= MOST_SHOWN):
            raise InputError(f"{rows} x {columns} pixels cannot be shown; ask for 1 to {MOST_SHOWN} of each")
        return cls(y=y, x=x, rows=rows, columns=columns, factor=by)

    @property
    def centres(self) -> tuple[NDArray[np.floating[Any]], NDArray[np.floating[Any]]]:
        """Where the pixels lie, px of the frame: of each row, of each column."""
        middle = (self.factor - 1) / 2
        rows, columns = (np.arange(n) * self.factor + middle for n in (self.rows, self.columns))
        return self.y + rows, self.x + columns

    @property
    def corners(self) -> NDArray[np.float64]:
        """The first and last of the points."""
        ends = [each[[0, -1]] for each in self.centres]
        return np.stack(np.meshgrid(*ends, indexing="ij"), axis=-1).reshape(-1, 2)

    @property
    def points(self) -> NDArray[np.float64]:
        """The same as points (rows * columns, 2), row by row."""
        return np.stack(np.meshgrid(*self.centres, indexing="ij"), axis=-1).reshape(-1, 2)

    def cut(self, plane: NDArray[Any]) -> NDArray[np.float32]:
        """The same part of a whole plane."""
        part = plane[self.y : self.y + self.rows * self.factor, self.x : self.x + self.columns * self.factor]
        return _bin(part, self.factor)


def is_large(info: ImagesInfo) -> bool:
    """Whether frames are read in windows: planes of more than 4,096 x 4,096 px."""
    return info.ndim == 2 and int(np.prod(info.frame_shape)) > LARGE_PX


def read_region(source: Source, t: int, channel: int, region: Region) -> NDArray[np.float32]:
    """A part of a frame of planes, (rows, columns), from the level of its pyramid that fits.

    Where none does, means are taken band by band, so that memory is bounded, and reading takes as long as it takes.
    """
    level, inside = choose_level(source, region.factor)
    by = region.factor // inside
    left, right = region.x // inside, region.x // inside + region.columns * by
    out = np.zeros((region.rows, region.columns), np.float32)
    step = max(1, BAND_PX // max((right - left) * by, 1))
    for first in range(0, region.rows, step):
        last = min(first + step, region.rows)
        rows = slice(region.y // inside + first * by, region.y // inside + last * by)
        out[first:last] = _bin(_read_window(level, t, channel, rows, slice(left, right)), by)
    return out


def read_corrected(
    source: Source, transform: AnyTransform, t: int, channel: int, region: Region
) -> NDArray[np.float32]:
    """A part of a frame as the reference sees it, 0 where the frame shows nothing."""
    by = region.factor
    # of a matrix the corners lie outermost
    mapped = transform.map(region.corners if isinstance(transform, Transform) else region.points)
    height, width = source.info.frame_shape[-2:]
    needed = []
    for axis, length in enumerate((height, width)):
        first = int(np.clip(mapped[:, axis].min() // by - MARGIN, 0, length // by - 1))
        last = int(np.clip(mapped[:, axis].max() // by + MARGIN + 1, first + 1, length // by))
        needed.append((first, last))
    (top, bottom), (left, right) = needed
    box = Region(y=top * by, x=left * by, rows=bottom - top, columns=right - left, factor=by)
    seen = np.nan_to_num(read_region(source, t, channel, box), posinf=0, neginf=0)
    if isinstance(transform, Transform):
        return _resample(seen, transform, box, region)
    places = ((mapped - (by - 1) / 2) / by - [top, left]).T
    values = scipy.ndimage.map_coordinates(seen, places, order=3, mode="nearest", output=np.float32)
    outside = (mapped < -0.5).any(axis=1) | (mapped > np.array([height, width]) - 0.5).any(axis=1)
    values[outside] = 0
    return np.asarray(values.reshape(region.rows, region.columns))


def _resample(seen: NDArray[np.float32], transform: Transform, box: Region, region: Region) -> NDArray[np.float32]:
    """Pixels of `region` from those of `box` by the device's kernel: a tenth of the time of going point by point."""
    to_frame, from_frame = (_place(each) for each in (region, box))
    matrix = np.linalg.inv(from_frame) @ transform.matrix @ to_frame
    shape = tuple(max(lengths) for lengths in zip(seen.shape, (region.rows, region.columns), strict=True))
    window = np.zeros((1, *shape), np.float32)
    window[0, : box.rows, : box.columns] = seen
    out = np.empty_like(window)
    trajectory = Trajectory.of_matrices(matrix[None], shape)
    trajectory.resample(devices.CpuDevice(), window, interpolation="cubic", edge="constant", fill=0, out=out)
    return out[0, : region.rows, : region.columns]


def _place(region: Region) -> NDArray[np.float64]:
    """Matrix from pixels of a region to px of the frame."""
    middle = (region.factor - 1) / 2
    return np.array([[region.factor, 0, region.y + middle], [0, region.factor, region.x + middle], [0, 0, 1.0]])


def choose_level(source: Source, factor: int) -> tuple[Source, int]:
    """The coarsest level whose pixels, whole numbers of which make one that is shown, are not too large."""
    best = (source, 1)
    height, width = source.info.frame_shape[-2:]
    for level in source.coarser:
        small = level.info.frame_shape[-2:]
        inside = round(height / small[0])
        # 60,001 px are 30,000 or 30,001 of the next level
        fits = all(abs(n / inside - m) <= 1 for n, m in zip((height, width), small, strict=True))
        if fits and best[1] < inside <= factor and factor % inside == 0:
            best = (level, inside)
    return best


def _read_window(source: Source, t: int, channel: int, rows: slice, columns: slice) -> NDArray[Any]:
    """A window that may reach a pixel beyond the border of a level; there the last one is repeated."""
    height, width = source.info.frame_shape[-2:]
    inner = source.read_window(
        t, slice(rows.start, min(rows.stop, height)), slice(columns.start, min(columns.stop, width)), channel=channel
    )
    lacking = [(0, (kept.stop - kept.start) - n) for kept, n in zip((rows, columns), inner.shape, strict=True)]
    return np.pad(inner, lacking, mode="edge") if any(after for _, after in lacking) else inner


def _bin(part: NDArray[Any], by: int) -> NDArray[np.float32]:
    if by == 1:
        return part.astype(np.float32)
    return np.asarray(devices.CpuDevice().bin(np.ascontiguousarray(part)[None], (by, by))[0], np.float32)
