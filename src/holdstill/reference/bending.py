"""How much frames bend, as a sample teaches it, for estimators that ask."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Chunk, Device, Engine, Estimator, Reference
from holdstill.reference.prepared import PreparedEstimator
from holdstill.reference.sample import Sample, run_once

__all__ = ["learn_prior"]

# each tells as much as it has control points
N_FRAMES = 16


def learn_prior(
    reference: Reference,
    sample: Sample,
    rows: NDArray[np.int64],
    estimator: Estimator,
    device: Device,
    engine: Engine,
) -> Reference:
    """The reference with what frames `rows` of the sample say about how they move beside it."""
    if not estimator.bends or not len(rows):
        return reference
    chosen = rows[np.unique(np.linspace(0, len(rows) - 1, min(len(rows), N_FRAMES)).astype(int))]
    prior = run_once(engine, _Weighing(sample, chosen, PreparedEstimator(estimator, reference, device)))
    return replace(reference, prior=prior)


@dataclass(frozen=True, eq=False)
class _Weighing:
    sample: Sample
    rows: NDArray[np.int64]
    prepared: PreparedEstimator

    def __call__(self, everything: Chunk) -> tuple[float, ...]:
        return self.prepared.find_prior(self.sample.read(self.rows))
