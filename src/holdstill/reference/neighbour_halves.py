"""Whether halves of frames say the same beside frames before them, where no reference lasts for the whole movie.

A specimen that turned by a degree and more from frame to frame was called ok as one that shifts (23 of 24 frames):
neighbours are alike enough, and what was wrong added up along the movie.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Chunk, Device, Estimator, Reference, Verdict
from holdstill.methods.direct import Direct
from holdstill.reference.halves import FAR, FAR_PX, LEAST_PX, compare_halves, measure_spread
from holdstill.transforms.middle import Box, find_middle
from holdstill.transforms.motions import find_warp_motion

__all__ = ["Neighbours", "doubt_halves"]

# what turns slowly shows between frames that are further apart; so many pairs of each distance tell the median
FURTHER, PAIRS, LEAST_PAIRS, LEAST_FRAMES = 16, 6, 4, 12
SEEN_PX = 384**2


class Neighbours(Protocol):
    """What reads frames and makes references of them; see `sequential`."""

    @property
    def estimator(self) -> Estimator:
        """Of the whole frames."""

    @property
    def device(self) -> Device:
        """Where it computes."""

    def read(self, start: int, stop: int) -> Any:
        """Frames of the registration channel, without the defects."""

    def reference(self, image: Any) -> Reference:
        """A frame as the reference of others."""


@dataclass(frozen=True, eq=False)
class _Doubting:
    neighbours: Neighbours
    lags: frozenset[int]

    def __call__(self, movie: Chunk) -> Verdict | None:
        if min(self.neighbours.read(0, 1).shape[-2:]) < 2 * LEAST_PX:
            return None
        return Verdict.CONTENT_CHANGED if any(self._is_far(lag, movie.stop) for lag in sorted(self.lags)) else None

    def _is_far(self, lag: int, n_frames: int) -> bool:
        """Whether, along one axis, halves of most frames lie further apart than their error bars say."""
        earlier = np.unique(np.linspace(0, n_frames - lag - 1, PAIRS).astype(int))
        told = [self._compare(int(one), lag) for one in earlier]
        apart, errors, shares = (np.array(values) for values in zip(*told, strict=True))
        for axis in range(apart.shape[1]):
            both = np.isfinite(errors[:, axis]).all(axis=1)
            if both.sum() >= LEAST_PAIRS:
                far = np.abs(apart[both, axis])
                # halves of the middle lie closer to each other than those of the whole
                is_far = np.median(far / shares[both, None], axis=0) > FAR_PX
                if (is_far & (measure_spread(far / errors[both, axis]) > FAR)).any():
                    return True
        return False

    def _compare(self, earlier: int, lag: int) -> tuple[NDArray[Any], NDArray[Any], float]:
        """How far halves of one pair lie apart and the errors of that, (axes cut, axes), and how much was looked at."""
        job, later = self.neighbours, earlier + lag
        reference, frames = job.reference(job.read(earlier, earlier + 1)[0]), job.read(later, later + 1)
        shape = frames.shape[1:]
        box = find_middle(shape, SEEN_PX)
        part, seen = _cut(reference, box), frames[:, *box]
        pairs = [compare_halves(part, seen, job.estimator, job.device, axis) for axis in (-2, -1)]
        apart, errors = (np.concatenate(values) for values in zip(*pairs, strict=True))
        return apart, errors, min(seen.shape[-2:]) / min(shape[-2:])


def doubt_halves(neighbours: Neighbours, lag: int, n_frames: int) -> _Doubting | None:
    """Job that registers some frames to earlier ones by halves: CONTENT_CHANGED if those disagree; None: not asked.

    Parameters
    ----------
    neighbours : Neighbours
    lag : int
        How many frames back each frame is compared.
    n_frames : int
    """
    estimator = neighbours.estimator
    is_shift = isinstance(estimator, Direct) and find_warp_motion(estimator.motion).shifts_only
    if not is_shift or n_frames < LEAST_FRAMES:
        return None
    return _Doubting(neighbours, frozenset({lag, max(lag, min(FURTHER, n_frames // 2))}))


def _cut(reference: Reference, box: Box) -> Reference:
    mask = None if reference.mask is None else reference.mask[box]
    return replace(reference, image=reference.image[box], mask=mask)
