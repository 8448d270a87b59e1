"""What a run is given: parts in place of options with names, and where it writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Device, Engine, Estimator, Progress, Sink
from holdstill.engines.plan import Plan
from holdstill.resampling.settings import Resampling
from holdstill.run.checkpoint import Book
from holdstill.transforms.treatment import Treating

__all__ = ["AS_USUAL", "Setup", "Target"]

AS_USUAL = Treating()


@dataclass(frozen=True, kw_only=True, eq=False)
class Setup:
    """Options come true for one sequence: parts where options have names.

    Attributes
    ----------
    estimator : Estimator
    reference : str, int or ndarray
        Strategy, frame number or image.
    channel : int
        The registration channel.
    mask : ndarray of bool, ([z,] y, x), or None
    device : Device
    engine : Engine
    plan : Plan
    progress : callable (stage, done, total)
    treating : Treating
        What is done with estimates once all are known.
    colours : int
        How many channels, from the first, are seen as their mean in place of the registration channel; 0: none.
    """

    estimator: Estimator
    reference: Any
    channel: int
    mask: NDArray[np.bool_] | None
    device: Device
    engine: Engine
    plan: Plan
    progress: Progress
    treating: Treating = AS_USUAL
    colours: int = 0


@dataclass(frozen=True, kw_only=True, eq=False)
class Target:
    """Where a run writes.

    Attributes
    ----------
    sink : Sink or None
        Takes the corrected images, in the same pass; the caller finishes it.
    resampling : Resampling
        How they are made.
    book : Book or None
        Where to note what is done, and where what was done before is taken from.
    """

    sink: Sink | None = None
    resampling: Resampling = Resampling()
    book: Book | None = None
