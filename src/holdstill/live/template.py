"""What a tracker knows: its template, which may learn from the frames that come."""

from __future__ import annotations

import warnings
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Device, Estimates, Estimator, FloatArray, Frames, Reference, Verdict
from holdstill.engines.threads import ThreadsEngine
from holdstill.errors import HoldstillError
from holdstill.io.array import ArraySource
from holdstill.reference.defects import Defects
from holdstill.reference.sample import Sample
from holdstill.reference.strategies import Given, Index
from holdstill.reference.template import build_reference
from holdstill.transforms.motions import find_motion
from holdstill.transforms.trajectory import Trajectory

__all__ = ["LiveTemplate"]

N_LEARNED = 16  # frames whose noise is known to a percent
# a template that follows takes in so many frames at a time: preparing it anew costs as much as thirty frames
N_FOLLOWED, FOLLOWED_BYTES = 64, 64 << 20
# and aligns so many at once: to copy more would hold up the frames that come meanwhile
N_ALIGNED = 8


class LiveTemplate:
    """A reference that is prepared once; noise, and if it follows its image, are learned from good frames.

    Learning runs on a thread of its own, and its result is taken when the next frame comes: no frame waits for it.

    Parameters
    ----------
    estimator : Estimator
    device : Device
    first : ndarray, ([z,] y, x)
        The first frame.
    image : ndarray, ([z,] y, x), optional
        The reference. Default: the first frame.
    mask : ndarray of bool, ([z,] y, x), optional
        True where reference pixels count.
    follow : float
        Share of each good frame in the template, 0 to 1.
    """

    def __init__(
        self,
        estimator: Estimator,
        device: Device,
        first: Frames,
        *,
        image: NDArray[Any] | None = None,
        mask: NDArray[np.bool_] | None = None,
        follow: float = 0.0,
    ) -> None:
        self._estimator, self._device, self._follow = estimator, device, follow
        strategy = Index(first) if image is None else Given(image)
        sample = _sample(np.array(first)[None])
        learned = build_reference(strategy, sample, estimator, device=device, engine=ThreadsEngine(1), mask=mask)
        self._reference, self._defects = learned.reference, learned.defects
        self._state = estimator.prepare(self._reference, device)
        at_a_time = max(N_LEARNED, min(N_FOLLOWED, FOLLOWED_BYTES // max(first.nbytes, 1)))
        self._recent: deque[tuple[Frames, FloatArray]] = deque(maxlen=at_a_time)
        self._n_good, self._knows_noise = 0, False
        self._learner = ThreadPoolExecutor(1, thread_name_prefix="holdstill-template")
        self._learning: Future[tuple[Reference, Defects, Any]] | None = None
        if follow:  # kernels load now: later a frame would wait 80 ms for them
            still = find_motion(estimator.motion, first.shape).identity(first.ndim)
            self._follow_frames(self._reference, [(np.array(first), still)])

    @property
    def image(self) -> NDArray[np.float32]:
        """The template as it is now, ([z,] y, x)."""
        return self._reference.image

    def estimate(self, frame: Frames) -> Estimates:
        """How one frame moved, ([z,] y, x)."""
        self._renew()
        registered = np.array(frame, order="C")[None]
        found = self._estimator.estimate(self._state, self._defects.view(registered), self._device)
        found = self._defects.judge(registered, found)
        if found.verdicts[0] is Verdict.OK:
            self._take(frame, found.parameters[0])
        return found

    def _renew(self) -> None:
        """Take what was learned meanwhile; where that failed, the old template goes on and it is tried again."""
        learning = self._learning
        if learning is None or not learning.done():
            return
        self._learning = None
        try:
            self._reference, self._defects, self._state = learning.result()
            self._knows_noise = True
        except (HoldstillError, MemoryError) as error:
            warnings.warn(f"the template stays as it is, learning failed: {error or 'out of memory'}", stacklevel=4)

    def close(self) -> None:
        """End the thread."""
        self._learner.shutdown(wait=True, cancel_futures=True)

    def _take(self, frame: Frames, parameters: FloatArray) -> None:
        if self._knows_noise and not self._follow:
            return
        self._recent.append((np.array(frame), parameters))
        self._n_good += 1
        every = (self._recent.maxlen or 1) if self._knows_noise else N_LEARNED
        if self._n_good % every == 0 and self._learning is None:
            recent = list(self._recent) if self._knows_noise else list(self._recent)[-N_LEARNED:]
            self._learning = self._learner.submit(self._learn, recent, self._reference, not self._knows_noise)

    def _learn(
        self, recent: list[tuple[Frames, FloatArray]], reference: Reference, is_first: bool
    ) -> tuple[Reference, Defects, Any]:
        """The noise, at first; then the image."""
        learnt, defects = reference, self._defects
        if is_first:
            sample = _sample(np.stack([frame for frame, _ in recent]))
            learned = build_reference(
                Given(reference.image), sample, self._estimator, device=self._device,
                engine=ThreadsEngine(1), mask=reference.mask,
            )  # fmt: skip
            learnt, defects = replace(reference, noise=learned.reference.noise), learned.defects
        elif self._follow:
            learnt = self._follow_frames(learnt, recent)
        return learnt, defects, self._estimator.prepare(learnt, self._device)

    def _follow_frames(self, reference: Reference, recent: list[tuple[Frames, FloatArray]]) -> Reference:
        """The template moved towards the mean of aligned frames; where they show nothing it stays."""
        n, total = len(recent), np.zeros(reference.image.shape, np.float32)
        for first in range(0, n, N_ALIGNED):
            some = recent[first : first + N_ALIGNED]
            frames, parameters = (np.stack(parts) for parts in zip(*some, strict=True))
            aligned = np.empty(frames.shape, np.float32)
            Trajectory.of(self._estimator.motion, parameters, frames.shape[1:]).resample(
                self._device, frames, interpolation="cubic", edge="constant", fill=np.nan, out=aligned
            )
            total += aligned.sum(axis=0)
        known = np.isfinite(total)
        share = 1 - (1 - self._follow) ** n
        image = reference.image.copy()
        image[known] += np.float32(share) * (total[known] / np.float32(n) - image[known])
        # variances of the old image and of n frames, in units of one frame's
        noise = (1 - share) ** 2 / reference.n_averaged + share**2 / n
        power = reference.noise_power
        power = None if power is None else power * (noise * reference.n_averaged)
        return replace(reference, image=image, n_averaged=1 / noise, noise_power=power)


def _sample(frames: Frames) -> Sample:
    axes = "TYX" if frames.ndim == 3 else "TZYX"
    return Sample(ArraySource(frames, axes=axes, name="live"), np.arange(len(frames)), keep_bytes=0)
