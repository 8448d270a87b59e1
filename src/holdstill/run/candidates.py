"""Where else flagged frames may lie, looked for once all frames are known: clean movies pay nothing for it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Candidates, Chunk, Estimates, Estimator, Source, Verdict
from holdstill.methods.direct import Direct
from holdstill.reference.defects import Defects
from holdstill.reference.learned import LearnedReference
from holdstill.reference.prepared import PreparedEstimator
from holdstill.run.setup import Setup

__all__ = ["find_candidates"]

# of a movie that cannot be registered nobody looks at more, and a frame costs several times what its estimate did
MOST_FRAMES = 1000
# a few frames of a chunk are read one by one
FEW = 0.5


def find_candidates(source: Source, setup: Setup, learned: LearnedReference, everything: Estimates) -> Candidates:
    """The best few places of the first thousand flagged frames, as found in each by itself; of shifts only."""
    flagged, n_parameters = _list_flagged(everything), everything.parameters.shape[1]
    if n_parameters != len(source.info.frame_shape) or not len(flagged):
        return Candidates.none(n_parameters)
    prepared = learned.prepare(_choose_method(setup.estimator), setup.device)
    job = _Searching(source, prepared, setup.channel, learned.defects, flagged)
    chunks = [chunk for chunk in setup.plan.chunks() if len(job.choose(chunk))]
    parts = []
    for chunk, part in setup.engine.map(job, chunks):
        parts.append((chunk.start, part))
        setup.progress(job.name, chunk.stop, setup.plan.n_frames)
    setup.progress(job.name, setup.plan.n_frames, setup.plan.n_frames)
    return Candidates.join([part for _, part in sorted(parts, key=lambda each: each[0])])


def _choose_method(estimator: Estimator) -> Direct:
    """What looks for places: direct alignment, within the same limits, whatever found the shifts."""
    return estimator if isinstance(estimator, Direct) else Direct(max_shift=getattr(estimator, "max_shift", None))


def _list_flagged(everything: Estimates) -> NDArray[np.int64]:
    """Frames that are flagged, and show something."""
    unread = np.array([verdict is Verdict.UNREADABLE for verdict in everything.verdicts], bool)
    shown = np.isfinite(everything.parameters).all(axis=1)
    return np.flatnonzero(~everything.good & ~unread & shown)[:MOST_FRAMES]


@dataclass(frozen=True, eq=False)
class _Searching:
    """Looks for the places of the flagged frames of a chunk."""

    source: Source
    prepared: PreparedEstimator
    channel: int
    defects: Defects
    flagged: NDArray[np.int64]
    name: str = field(default="candidates", init=False)

    def choose(self, chunk: Chunk) -> NDArray[np.int64]:
        """The flagged frames of a chunk."""
        return self.flagged[(self.flagged >= chunk.start) & (self.flagged < chunk.stop)]

    def __call__(self, chunk: Chunk) -> tuple[Chunk, Candidates]:
        chosen = self.choose(chunk)
        if len(chosen) < FEW * len(chunk):
            read = [self.source.read(int(t), int(t) + 1, channel=self.channel)[:, 0] for t in chosen]
            frames = np.concatenate(read)
        else:
            frames = self.source.read(chunk.start, chunk.stop, channel=self.channel)[chosen - chunk.start, 0]
        found = self.prepared.list_candidates(self.defects.view(np.ascontiguousarray(frames)))
        return chunk, found.renumber(chosen)
