"""Whether frames agree with the reference in each cell of a grid of control points, beyond what chance would have.

A part that was put where something alike lies, a period further in a texture, fits well enough for its error bars; but
it shows the reference's contrast in part or not at all. The slope of a frame's pixels over the reference's is one where
they show the same, whatever the noise, and zero in the mean where they do not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from holdstill.contracts import ControlGrid, Device, FloatArray, Frames
from holdstill.devices.cpu.compiling import kernel, row_kernel
from holdstill.methods.likelihood.significance import count_independent, subtract_local_mean
from holdstill.transforms.trajectory import Trajectory

__all__ = ["CellAgreement", "Tell", "make_agreement"]

# means are taken off over so much of a cell, px at least and at most: slow changes of light agree wherever one looks
PART_OF_CELL, LEAST_PX, MOST_PX = 4, 6, 16
# of large cells, images of half the size that keep so much of the contrast tell as much, in a quarter of the time: of
# structures of 1 px standard deviation .82 is kept, and 5 of 12 dim cells that lay elsewhere were found, not 9
BINNED, KEPT = 2, 0.9
# cells that tell too little are taken together with those around them, so many along each axis
WIDTHS = (1, 3, 5)
# a slope tells that would by chance, were the two unrelated, and by noise alone be so little of the gain; it is lost
# below that share of what the best have
CHANCE, NOISY, LOST = 0.25, 0.1, 0.65
# parts that flash or fade are the reference's by that share of their variance
ALIKE = 0.5
BEST, LEAST_GAIN = 0.8, 0.02
LEAST_TELLING = 3
# frames of so many px in all are aligned by one call
TOGETHER_PX = 1 << 18
# what is not smaller is infinite or not a number
LARGEST = np.float32(np.finfo(np.float32).max)


@dataclass(frozen=True, eq=False)
class Tell:
    """What cells tell of n frames.

    Attributes
    ----------
    slopes : ndarray of float64, (n, cells)
        Of the frame's pixels over the reference's, in each cell or around it.
    telling : ndarray of bool, (n, cells)
        Whether that would stand out from chance.
    alike : ndarray of bool, (n, cells)
        Whether most of what varies in the frame is the reference's: so it may be, dimmed, whatever the slope.
    """

    slopes: FloatArray
    telling: NDArray[np.bool_]
    alike: NDArray[np.bool_]

    @property
    def lost(self) -> NDArray[np.bool_]:
        """Cells that do not agree though they should, (n, cells)."""
        # all frames at once: a call of quantile for each took a tenth of the time of estimating it
        count = self.telling.sum(axis=1)
        ascending = np.sort(np.where(self.telling, self.slopes, np.inf), axis=1)
        at = np.maximum(count - 1, 0) * BEST
        before = at.astype(np.intp)
        low, high = (
            np.take_along_axis(ascending, np.minimum(one, np.maximum(count - 1, 0))[:, None], axis=1)[:, 0]
            for one in (before, before + 1)
        )
        with np.errstate(invalid="ignore"):  # where nothing tells, all is infinite
            best = np.where(count > 0, low + (high - low) * (at - before), np.inf)
        return np.asarray(self.telling & ~self.alike & (self.slopes < LOST * best[:, None]))

    @property
    def share_lost(self) -> FloatArray:
        """Share of the telling cells that do not agree, (n,); NaN where too few tell."""
        telling = self.telling.sum(axis=1)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(telling >= LEAST_TELLING, self.lost.sum(axis=1) / telling, np.nan)

    def rows(self, chosen: NDArray[np.intp]) -> Tell:
        """What is told of some of the frames."""
        return Tell(self.slopes[chosen], self.telling[chosen], self.alike[chosen])

    def replace_rows(self, chosen: NDArray[np.intp], other: Tell) -> None:
        """Take over what was told anew of some frames."""
        self.slopes[chosen], self.telling[chosen], self.alike[chosen] = other.slopes, other.telling, other.alike


@dataclass(frozen=True, eq=False)
class CellAgreement:
    """A reference, NaN where it does not count, and the cells of its control points.

    Attributes
    ----------
    factors : tuple of int
        Pixels that became one along each axis.
    image : ndarray of float32
        Less its mean.
    grid : ControlGrid
        In its pixels.
    parts : tuple of int
        Px along each axis over which means are taken off.
    share : float
        Of the pixels, those that are independent in the reference.
    """

    factors: tuple[int, ...]
    image: NDArray[np.float32]
    grid: ControlGrid
    parts: tuple[int, ...]
    share: float

    def measure(self, device: Device, frames: Frames, trajectory: Trajectory, gains: FloatArray) -> Tell:
        """Compare frames, (n, [z,] y, x), put where a trajectory says, with the reference times `gains`, (n,)."""
        shape, n = self.image.shape, len(frames)
        ones = (1,) * (3 - len(shape))
        parts = np.array(ones + self.parts)
        cells = [np.zeros(1, np.int64)] * len(ones) + [self._cells(axis) for axis in range(len(shape))]
        sums = np.zeros((n, *ones, *self.grid.cells, 4))
        # few frames at a time: memory touched for the first time costs more than the work, and a call a third of it
        most = max(TOGETHER_PX // self.image.size, 1)
        aligned = np.empty((min(most, n), *shape), np.float32)
        is_binned = max(self.factors) > 1
        local = self._bin(trajectory) if is_binned else trajectory
        for first in range(0, n, most):
            rows = np.arange(first, min(first + most, n))
            few, here = frames[first : first + most], aligned[: len(rows)]
            few = device.bin(few, self.factors) if is_binned else few
            local.part(rows).resample(device, few, interpolation="linear", edge="constant", fill=np.nan, out=here)
            for t, one in zip(rows, here, strict=True):
                _sum_parts(
                    self.image.reshape(ones + shape), one.reshape(ones + shape), parts, cells[0], cells[1], cells[2],
                    sums[t],
                )  # fmt: skip
        return self._tell(sums.reshape(n, *self.grid.cells, 4), gains)

    def _tell(self, sums: FloatArray, gains: FloatArray) -> Tell:
        """Slopes of the smallest windows that tell, from the sums of each cell, (n, *cells, 4)."""
        n = len(sums)
        slopes, telling, alike = np.zeros(sums.shape[:-1]), *(np.zeros(sums.shape[:-1], bool) for _ in range(2))
        gain = np.maximum(gains, LEAST_GAIN).reshape(n, *(1 for _ in self.grid.cells))
        for width in WIDTHS:
            size = (1, *(width if count > 1 else 1 for count in self.grid.cells))
            xx, yy, xy, free = (
                ndimage.uniform_filter(one, size, mode="constant") * float(np.prod(size))
                for one in np.moveaxis(sums, -1, 0)
            )
            with np.errstate(invalid="ignore", divide="ignore"):
                slope = xy / xx
                noise = np.maximum(yy / xx - slope**2, 0.0) / free
                chance = gain**2 / (free * self.share) + noise
            sure = ~telling & (xx > 0) & (free > 0) & (chance < (CHANCE * gain) ** 2) & (noise < (NOISY * gain) ** 2)
            with np.errstate(invalid="ignore"):
                alike |= sure & (slope > 0) & (slope * xy > ALIKE * yy)
            slopes[sure], telling = slope[sure], telling | sure
        return Tell(slopes.reshape(n, -1), telling.reshape(n, -1), alike.reshape(n, -1))

    def _bin(self, trajectory: Trajectory) -> Trajectory:
        """The same between binned images."""
        factors = np.array(self.factors, float)
        dropped = (np.array(self.image.shape) * factors - trajectory.shape) / 2
        return trajectory.rescale(factors, dropped, self.image.shape)

    def _cells(self, axis: int) -> NDArray[np.int64]:
        """The cell of each part along an axis."""
        size, n = self.parts[axis], self.image.shape[axis]
        middles = (np.arange(max(n // size, 1)) + 0.5) * size - 0.5
        return np.asarray(np.minimum(self.grid.find_cells(axis, middles)[0], self.grid.cells[axis] - 1), np.int64)


def make_agreement(image: NDArray[np.float32], grid: ControlGrid, device: Device) -> CellAgreement:
    """Prepare a reference, NaN where it does not count."""
    parts = [
        int(np.clip(spacing / PART_OF_CELL, min(LEAST_PX, n), min(MOST_PX, n)))
        for spacing, n in zip(grid.spacings, image.shape, strict=True)
    ]
    local, factors = subtract_local_mean(image, image.ndim), (1,) * (image.ndim - 2) + (BINNED,) * 2
    if min(parts[-2:]) >= BINNED * LEAST_PX:
        small = device.bin(image[None], factors)[0]
        fine = subtract_local_mean(small, image.ndim)
        if fine.var() > KEPT * local.var():
            parts = [size // factor for size, factor in zip(parts, factors, strict=True)]
            return _make(factors, small, fine, grid.bin(factors), tuple(parts))
    return _make((1,) * image.ndim, image, local, grid, tuple(parts))


def _make(
    factors: tuple[int, ...], image: NDArray[np.float32], local: NDArray[np.float32], grid: ControlGrid,
    parts: tuple[int, ...],
) -> CellAgreement:  # fmt: skip
    share = count_independent(local) / max(local.size, 1)
    return CellAgreement(factors, np.asarray(image - np.nanmean(image), np.float32), grid, parts, share)


@row_kernel
def _add_row(ours: Any, theirs: Any, n: Any, x: Any, y: Any, xx: Any, yy: Any, xy: Any) -> None:
    """Sums of two rows of pixels, column by column; what is not finite in either does not count."""
    zero, one = np.float32(0), np.float32(1)
    for r in range(ours.size):
        a, b = ours[r], theirs[r]
        known = abs(a) < LARGEST and abs(b) < LARGEST
        count, p, q = (one, a, b) if known else (zero, zero, zero)
        n[r] += count
        x[r] += p
        y[r] += q
        xx[r] += p * p
        yy[r] += q * q
        xy[r] += p * q


@kernel
def _sum_parts(image: Any, frame: Any, parts: Any, cells_z: Any, cells_y: Any, cells_x: Any, sums: Any) -> None:
    """Squares and products about the means of each part of an image, added to its cell: x^2, y^2, x y, and how many."""
    lines, total = np.empty((6, frame.shape[2]), np.float32), np.empty(6)
    for k in range(cells_z.size):
        for i in range(cells_y.size):
            lines[:] = np.float32(0)
            for p in range(k * parts[0], min((k + 1) * parts[0], frame.shape[0])):
                for q in range(i * parts[1], min((i + 1) * parts[1], frame.shape[1])):
                    _add_row(image[p, q], frame[p, q], lines[0], lines[1], lines[2], lines[3], lines[4], lines[5])
            for j in range(cells_x.size):
                total[:] = 0.0
                for c in range(6):
                    for r in range(j * parts[2], min((j + 1) * parts[2], frame.shape[2])):
                        total[c] += lines[c, r]
                n, x, y = total[0], total[1], total[2]
                if n > 1.0:
                    cell = sums[cells_z[k], cells_y[i], cells_x[j]]
                    cell[0] += total[3] - x * x / n
                    cell[1] += total[4] - y * y / n
                    cell[2] += total[5] - x * y / n
                    cell[3] += n - 1.0
