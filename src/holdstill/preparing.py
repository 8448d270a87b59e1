"""A reference that many processes need: it travels as an image and is prepared once in each."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import Any

import numpy as np

from holdstill.contracts import Device, Estimates, Estimator, FloatArray, Frames, ImagesInfo, NoiseModel, Reference
from holdstill.errors import HoldstillError
from holdstill.geometry.motions import find_motion
from holdstill.trajectory import Trajectory

__all__ = ["Prepared", "compile_here"]

TRIAL_PX = 96


def compile_here(estimator: Estimator, info: ImagesInfo, device: Device) -> None:
    """Compile, on noise, what frames like `info` need, before other processes of this machine do so at the same time.

    They then load the same code from the disk. Two that compile at once may round the eighth digit differently, as one
    finds parts of the code compiled and the other does not.
    """
    shape = tuple(min(n, TRIAL_PX) for n in info.frame_shape)
    frame = np.random.default_rng(0).integers(0, 100, shape).astype(info.dtype)
    reference = Reference(image=frame.astype(np.float32), noise=NoiseModel())
    with suppress(HoldstillError):  # a region outside of so small a frame; who has one waits for nothing worse
        estimator.estimate(estimator.prepare(reference, device), frame[None], device)
    trajectory = Trajectory.of(estimator.motion, _identity(estimator, shape), shape)
    out = np.empty_like(frame)[None]
    trajectory.resample(device, frame[None], interpolation="cubic", edge="constant", fill=0, out=out)


def _identity(estimator: Estimator, shape: tuple[int, ...]) -> FloatArray:
    return find_motion(estimator.motion, shape).identity(len(shape))[None]


class Prepared:
    """An estimator with the reference that it compares frames with.

    What `Estimator.prepare` makes is several times as large as the image, so that a copy for another process leaves it
    behind and makes it there.

    Parameters
    ----------
    estimator : Estimator
    reference : Reference
    device : Device
    """

    def __init__(self, estimator: Estimator, reference: Reference, device: Device) -> None:
        self.estimator, self.reference, self.device = estimator, reference, device
        self._state: Any = None
        self._is_ready = False
        self._lock = threading.Lock()

    def estimate(self, frames: Frames) -> Estimates:
        """Transforms of `frames`, (n, [z,] y, x)."""
        with self._lock:
            if not self._is_ready:
                self._state, self._is_ready = self.estimator.prepare(self.reference, self.device), True
        return self.estimator.estimate(self._state, frames, self.device)

    def __reduce__(self) -> tuple[Any, ...]:
        return Prepared, (self.estimator, self.reference, self.device)
