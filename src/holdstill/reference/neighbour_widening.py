"""Error bars of frames that are compared with each other: by how much what their pixels share makes them too small.

As beside a template, see `widening`; but the noise of the earlier frame is in the difference too, denoised as the
estimator has it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Chunk, Device, FloatArray, NoiseModel, Reference
from holdstill.methods.likelihood.denoise import denoise_reference, floor_noise
from holdstill.reference.pose_graph import Pairs
from holdstill.reference.sandwich import sandwich_ratios
from holdstill.reference.widening import SEEN_PX, choose_tiles, combine_ratios
from holdstill.transforms.middle import find_middle, move_to_middle
from holdstill.transforms.trajectory import Trajectory

__all__ = ["NeighbourWidening", "RollingWidening", "compare_by_tiles", "widen_pairs"]

# so many pairs of each distance, from all over the movie; fewer tell nothing
PAIRS, LEAST_PAIRS = 16, 6


class Neighbours(Protocol):
    """What reads frames and makes references of them; see `sequential`."""

    @property
    def device(self) -> Device:
        """Where it computes."""

    def read(self, start: int, stop: int) -> Any:
        """Frames of the registration channel, without the defects."""

    def reference(self, image: Any) -> Reference:
        """A frame as the reference of others."""


@dataclass(frozen=True, eq=False)
class NeighbourWidening:
    """Job: for distances of `pairs` in time, frames, the factor by which their error bars are to grow.

    Of distances that enough pairs have.
    """

    neighbours: Neighbours
    motion: str
    pairs: Pairs

    def __call__(self, everything: Chunk) -> dict[int, float]:
        lags, good = self.pairs.later - self.pairs.earlier, self.pairs.good
        found, counts = np.unique(lags[good], return_counts=True)
        enough = found[counts >= LEAST_PAIRS].tolist()
        return {lag: self._measure(np.flatnonzero((lags == lag) & good)) for lag in enough}

    def _measure(self, rows: NDArray[np.intp]) -> float:
        chosen = rows[np.unique(np.linspace(0, len(rows) - 1, PAIRS).astype(int))]
        return combine_ratios(np.array([self._compare(int(row)) for row in chosen]))

    def _compare(self, row: int) -> FloatArray:
        job, pairs = self.neighbours, self.pairs
        earlier, later = int(pairs.earlier[row]), int(pairs.later[row])
        reference, frame = job.reference(job.read(earlier, earlier + 1)[0]), job.read(later, later + 1)[0]
        found = Trajectory.of(self.motion, pairs.estimates.parameters[row : row + 1], frame.shape)
        return compare_by_tiles(reference, frame, found, job.device)


class RollingWidening:
    """By how much error bars beside a rolling mean are to grow, from some frames.

    Parameters
    ----------
    device : Device
    is_asked : bool
        Whether anything is measured at all.
    """

    def __init__(self, device: Device, *, is_asked: bool = True) -> None:
        self._device, self._is_asked = device, is_asked
        self._beside_mean: list[FloatArray] = []
        self._beside_last: list[FloatArray] = []

    def add(self, mean: Reference, last: Reference, frame: Any, place: Trajectory, step: Trajectory) -> None:
        """Look at a frame beside the mean, where it was found at a place, and beside the last, a step from there."""
        if self._is_asked:
            self._beside_mean.append(compare_by_tiles(mean, frame, place, self._device))
            self._beside_last.append(compare_by_tiles(last, frame, step, self._device))

    @property
    def factor(self) -> float:
        """For the error bars of single frames."""
        return combine_ratios(np.array(self._beside_mean)) if len(self._beside_mean) >= LEAST_PAIRS else 1.0

    @property
    def renewed(self) -> float:
        """How much of the variance beside the mean is not there beside the last frame, 0 to 1: content that changed."""
        if self.factor <= 1:
            return 0.0
        return max(0.0, 1 - (combine_ratios(np.array(self._beside_last)) / self.factor) ** 2)


def compare_by_tiles(reference: Reference, frame: Any, found: Trajectory, device: Device) -> FloatArray:
    """Variance that tiles of a frame show over what its pixels say, (sizes of tiles, axes).

    Parameters
    ----------
    reference : Reference
        Of few frames.
    frame : ndarray, ([z,] y, x)
    found : Trajectory
        Of the frame.
    device : Device
    """
    denoised = denoise_reference(reference, floor_noise(reference))
    box, n = find_middle(frame.shape, SEEN_PX), reference.n_averaged
    image, known = denoised.image[box], denoised.counts[box] & np.isfinite(denoised.image[box])
    filled = np.where(known, image, 0)
    parts = [np.where(known, image, np.nan)]
    parts += [np.gradient(filled, axis=axis) for axis in range(image.ndim) if image.shape[axis] > 1]
    images = np.ascontiguousarray(np.stack(parts), np.float32)
    moved = np.empty_like(images)
    part = move_to_middle(found, box)
    part.part(np.zeros(len(images), int)).resample_back(device, images, fill=np.nan, out=moved)
    pixels = np.asarray(frame[box], np.float64)
    ratios = sandwich_ratios(pixels, moved[0], moved[1:], reference.noise or NoiseModel(), choose_tiles(image.shape))
    # of white noise the tiles see all that the reference has where its slopes are, of which its pixels show a part;
    # error bars hold that already
    return np.array(ratios) / ((1 + 1 / n) / (1 + denoised.kept / n))


def widen_pairs(pairs: Pairs, factors: dict[int, float]) -> Pairs:
    """Pairs with the error bars of their distance in time; of a distance that was not measured, as the next."""
    if not factors or all(factor == 1 for factor in factors.values()):
        return pairs
    lags = np.array(sorted(factors))
    nearest = np.abs((pairs.later - pairs.earlier)[:, None] - lags).argmin(axis=1)
    shares = np.array([factors[int(lag)] for lag in lags])[nearest] ** 2
    covariance = pairs.estimates.covariance.weigh(shares)
    return Pairs(pairs.earlier, pairs.later, replace(pairs.estimates, covariance=covariance))
