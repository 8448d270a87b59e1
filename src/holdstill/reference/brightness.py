"""How bright the frames of a sample are beside their mean, so that those that look farther out do not change it there.

Of a movie that bleaches while it drifts, early frames alone show one border. Where all count alike, their mean is
brighter there, and motion that may bend followed that edge: by up to 1 px of a movie that moved as a whole. Light is
what most of a frame shows: debris that passes makes one tile brighter, and beside the mean of all pixels its frames
had gains of 0.5 to 1.4.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Chunk, Device, Engine, FloatArray
from holdstill.devices.cpu.compiling import kernel
from holdstill.reference.light import Compared, Light
from holdstill.reference.sample import Sample, batches
from holdstill.transforms.middle import find_middle, move_to_middle
from holdstill.transforms.trajectory import Trajectory

__all__ = ["measure_light"]

Images = NDArray[np.float32]

# gains of so many px are known to a percent, but in the dark; tiles along an axis, and their least side
COMPARED_PX, N_TILES, LEAST_TILE_PX = 1 << 18, 8, 8
# standard error of a median beside that of a mean of Gaussian values, and their standard deviation beside the MAD
MEDIAN, NORMAL = 1.2533, 1.4826
# Less frames tell nothing of how their light varies. Of six frames of steady light, some of which flash, gains varied
# by up to 11 times what noise explains, where light falls to a fifth by 1,700 to 4,000.
LEAST_FRAMES, STEADY = 4, 20.0


def measure_light(
    sample: Sample, rows: NDArray[np.int64], found: Trajectory, mean: Images, device: Device, engine: Engine
) -> Light | None:
    """Light of some frames, aligned, beside their mean; None where it hardly varies."""
    if len(rows) < LEAST_FRAMES:
        return None
    job = _Comparing(sample, rows, found, mean, device)
    parts = list(engine.map(job, batches(len(rows), sample.frame_px)))
    return Light.of([one for part in parts for one in part], STEADY)


@dataclass(frozen=True, eq=False)
class _Comparing:
    sample: Sample
    rows: NDArray[np.int64]
    trajectory: Trajectory
    mean: Images
    device: Device

    def __call__(self, batch: Chunk) -> list[Compared]:
        return [self._compare(row) for row in range(batch.start, batch.stop)]

    def _compare(self, row: int) -> Compared:
        box = find_middle(self.sample.frame_shape, COMPARED_PX)
        frame = self.sample.read(self.rows[row : row + 1])[0][box].astype(np.float32)
        shown = np.empty((1, *frame.shape), np.float32)
        part = move_to_middle(self.trajectory.part([row]), box)
        part.resample_back(self.device, self.mean[box][None], fill=np.nan, out=shown)
        return _compare_tiles(frame, shown[0])


def _compare_tiles(frame: Images, shown: Images) -> Compared:
    """Gain of most tiles of a frame beside the mean as it shows it, its variance, a grey level of the mean and its own.

    A tile has as much to say as there is of the specimen in it.
    """
    sides = [max(LEAST_TILE_PX, -(-size // N_TILES)) for size in frame.shape[-2:]]
    shape = [-(-size // side) for size, side in zip(frame.shape[-2:], sides, strict=True)]
    sums = np.zeros((*shape, 5))
    planes = (-1, *frame.shape[-2:])
    _sum_tiles(shown.reshape(planes), frame.reshape(planes), sides[0], sides[1], sums)
    count, x, y, xx, xy = sums[sums[..., 0] > 1].T
    power = xx - x * x / count
    count, x, y, xy, power = (values[power > 0] for values in (count, x, y, xy, power))
    if len(power) < 2:
        return np.nan, np.nan, np.nan, np.nan
    gains = (xy - x * y / count) / power
    gain = _find_median(gains, power)
    spread = NORMAL * _find_median(np.abs(gains - gain), power)
    variance = (MEDIAN * spread) ** 2 * float((power**2).sum() / power.sum() ** 2)
    level = float(x.sum() / count.sum())
    return gain, variance, level, gain * level + _find_median((y - gain * x) / count, count)


def _find_median(values: FloatArray, weights: FloatArray) -> float:
    """What half of the weight lies below."""
    order = np.argsort(values)
    total = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(total, total[-1] / 2)])


@kernel
def _sum_tiles(shown: Any, frame: Any, height: int, width: int, sums: Any) -> None:
    """Number of pixels known in both, sums of `shown`, `frame`, of the square of `shown` and of the product."""
    infinite = np.float32(np.inf)
    for z in range(frame.shape[0]):
        for y in range(frame.shape[1]):
            for x in range(frame.shape[2]):
                one, other = shown[z, y, x], frame[z, y, x]
                if abs(one) < infinite and abs(other) < infinite:
                    tile = sums[y // height, x // width]
                    tile[0] += 1
                    tile[1] += one
                    tile[2] += other
                    tile[3] += np.float64(one) * one
                    tile[4] += np.float64(one) * other
