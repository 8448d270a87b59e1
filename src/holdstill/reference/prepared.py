"""A reference that many processes need: it travels as an image and is prepared once in each."""

from __future__ import annotations

import threading
from typing import Any

from holdstill.contracts import Candidates, Device, Estimates, Estimator, FloatArray, Frames, Reference
from holdstill.reference.focus import Focus, prepare_focus
from holdstill.resampling.scratch import Scratch

__all__ = ["PreparedEstimator"]


class PreparedEstimator:
    """An estimator with the reference that it compares frames with.

    What `Estimator.prepare` makes is several times as large as the image, so that a copy for another process leaves it
    behind and makes it there.

    Parameters
    ----------
    estimator : Estimator
    reference : Reference
    device : Device

    Attributes
    ----------
    scratch : Scratch
        For the frames that are compared, as they are seen.
    """

    def __init__(self, estimator: Estimator, reference: Reference, device: Device) -> None:
        self.estimator, self.reference, self.device = estimator, reference, device
        self._state: Any = None
        self._is_ready = False
        self._focus: tuple[Focus | None] | None = None
        self._lock = threading.Lock()
        self.scratch = Scratch()

    def estimate(self, frames: Frames) -> Estimates:
        """Transforms of `frames`, (n, [z,] y, x)."""
        return self.estimator.estimate(self._prepare(), frames, self.device)

    def estimate_roughly(self, frames: Frames) -> Estimates:
        """The same, good enough for averages; see `Estimator.estimate_roughly`."""
        return self.estimator.estimate_roughly(self._prepare(), frames, self.device)

    def list_candidates(self, frames: Frames) -> Candidates:
        """The best few places of each of `frames`, (n, [z,] y, x)."""
        return self.estimator.list_candidates(self._prepare(), frames, self.device)

    def judge_focus(self, frames: Frames, estimates: Estimates, widening: float) -> Estimates:
        """The same with `focus_lost` for frames that lack the reference's detail; see `Focus.judge`."""
        with self._lock:
            if self._focus is None:
                self._focus = (prepare_focus(self.reference, estimates.parameters.shape[1]),)
        focus = self._focus[0]
        return estimates if focus is None else focus.judge(frames, estimates, widening)

    def weigh_priors(self, frames: Frames) -> FloatArray:
        """How well priors of motion explain each good one of some frames, see `Estimator.weigh_priors`."""
        return self.estimator.weigh_priors(self._prepare(), frames, self.device)

    def find_prior(self, evidence: FloatArray) -> tuple[float, ...]:
        """What that teaches about how frames move, see `Estimator.find_prior`; empty where no frame is good."""
        return self.estimator.find_prior(self._prepare(), evidence) if len(evidence) else ()

    def _prepare(self) -> Any:
        with self._lock:
            if not self._is_ready:
                self._state, self._is_ready = self.estimator.prepare(self.reference, self.device), True
        return self._state

    def __reduce__(self) -> tuple[Any, ...]:
        return PreparedEstimator, (self.estimator, self.reference, self.device)
