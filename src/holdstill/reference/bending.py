"""How much frames bend, as a sample teaches it, for estimators that ask."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Chunk, Device, Engine, Estimator, FloatArray, Reference
from holdstill.reference.prepared import PreparedEstimator
from holdstill.reference.sample import Sample

__all__ = ["learn_prior"]

# each tells as much as it has control points; they are weighed in so many parts, whatever the workers
N_FRAMES, N_PARTS = 16, 2


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
    n = min(len(rows), N_FRAMES, estimator.count_telling(sample.frame_shape))
    chosen = rows[np.unique(np.linspace(0, len(rows) - 1, n).astype(int))]
    prepared = PreparedEstimator(estimator, reference, device)
    edges = np.unique(np.linspace(0, n, N_PARTS + 1).astype(int))
    parts = [Chunk(int(start), int(stop)) for start, stop in pairwise(edges)]
    evidence = np.concatenate(list(engine.map(_Weighing(sample, chosen, prepared), parts)))
    return replace(reference, prior=prepared.find_prior(evidence))


@dataclass(frozen=True, eq=False)
class _Weighing:
    sample: Sample
    rows: NDArray[np.int64]
    prepared: PreparedEstimator

    def __call__(self, part: Chunk) -> FloatArray:
        return self.prepared.weigh_priors(self.sample.read(self.rows[part.start : part.stop]))
