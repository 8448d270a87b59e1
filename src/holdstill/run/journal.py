"""What a run has done so far: in memory, in its checkpoint, and in its target."""

from __future__ import annotations

from collections.abc import Sequence

from holdstill.contracts import Chunk, Estimates, Sink
from holdstill.engines.plan import Plan
from holdstill.run.checkpoint import Checkpoint, rechunk

__all__ = ["Journal"]


class Journal:
    """Estimates of chunks, and which of them are written.

    Parameters
    ----------
    checkpoint : Checkpoint or None
        Where to note it, and where what was done before is taken from.
    sink : Sink or None
        The target.
    chunks : sequence of Chunk
        How the frames are cut; what was done in other chunks is told of these.
    """

    def __init__(self, checkpoint: Checkpoint | None, sink: Sink | None, chunks: Sequence[Chunk]) -> None:
        self._checkpoint, self._sink = checkpoint, sink
        self.estimates: dict[Chunk, Estimates] = {}
        self.written: dict[Chunk, int] = {}
        if checkpoint:
            self.estimates = {**checkpoint.estimates, **rechunk(checkpoint.estimates, chunks, Estimates.join)}
        if checkpoint and sink:
            before = rechunk(checkpoint.written, chunks, sum)
            self.written = {chunk: n for chunk, n in before.items() if sink.recall(chunk.start, chunk.stop)}

    def everything(self, plan: Plan) -> Estimates | None:
        """Estimates of all frames at once, if they are known."""
        return self.estimates.get(Chunk(0, plan.n_frames))

    def add(self, chunk: Chunk, estimates: Estimates) -> None:
        """Note the transforms of a chunk."""
        if chunk not in self.estimates and self._checkpoint:
            self._checkpoint.add_estimates(chunk, estimates)
        self.estimates[chunk] = estimates

    def add_written(self, chunk: Chunk, clamped: int) -> None:
        """Note that a chunk is in the target."""
        if self._checkpoint:
            self._checkpoint.add_written(chunk, clamped)
        if self._sink:
            self._sink.mark(chunk.start, chunk.stop)
        self.written[chunk] = clamped
