"""Jobs of a run: estimate the frames of a chunk and write them corrected, or look for the first good frame."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from holdstill.contracts import Chunk, Estimates, FloatArray, Frames, Source, Verdict
from holdstill.errors import DeviceFull
from holdstill.io.colours import average_colours
from holdstill.reference.defects import Defects
from holdstill.reference.prepared import PreparedEstimator
from holdstill.resampling.write import Writer
from holdstill.run.alone import may_be_alone
from holdstill.transforms.motions import find_motion
from holdstill.transforms.trajectory import Trajectory

__all__ = ["ChunkJob", "FirstGood", "mark_unreadable"]


@dataclass(frozen=True, eq=False)
class ChunkJob:
    """Estimates a chunk and, where all its frames are good and will stay so, writes it corrected."""

    source: Source
    prepared: PreparedEstimator
    channel: int
    colours: int
    origin: FloatArray
    defects: Defects
    writer: Writer | None

    @property
    def name(self) -> str:
        """What it does, in a word."""
        return "correct" if self.writer else "estimate"

    def __call__(self, chunk: Chunk) -> tuple[Chunk, Estimates, int | None]:
        """Estimates, and how many pixels were clamped, or None if nothing was written."""
        everything = self.writer is not None or self.colours > 0
        frames = self.source.peek(chunk.start, chunk.stop, channel=None if everything else self.channel)
        held = self._upload(frames) if everything else frames
        if held is not frames:
            try:
                return self._finish(chunk, frames, held[self.channel :: frames.shape[1]], held)
            except DeviceFull:
                del held  # room for smaller batches
        if self.colours:
            return self._finish(chunk, frames, average_colours(frames, self.colours)[:, 0])
        return self._finish(chunk, frames, np.ascontiguousarray(frames[:, self.channel if everything else 0]))

    def _upload(self, frames: Frames) -> Frames:
        """All images on the device, to be sent there once and used twice; the frames where that cannot be."""
        if self.defects or self.colours or not self.prepared.estimator.takes_uploaded:
            return frames
        flat = frames.reshape(-1, *frames.shape[2:])
        held = self.prepared.device.upload(flat)
        return frames if held is flat else held

    def _finish(
        self, chunk: Chunk, frames: Frames, registered: Frames, held: Frames | None = None
    ) -> tuple[Chunk, Estimates, int | None]:
        seen = self.defects.view(registered, self.prepared.scratch)
        estimates = self.prepared.estimate(seen)
        recorded = registered if held is None else frames[:, self.channel]
        estimates = self.prepared.judge_focus(recorded if held is not None else seen, estimates, self.defects.widening)
        estimates = self.defects.judge(recorded, estimates)
        estimates = mark_unreadable(estimates, self.source, chunk)
        good = all(verdict is Verdict.OK for verdict in estimates.verdicts)
        if self.writer is None or not good:
            return chunk, estimates, None
        motion = self.prepared.estimator.motion
        trajectory = Trajectory.of(motion, estimates.parameters, self.source.info.frame_shape)
        if may_be_alone(estimates, trajectory):
            return chunk, estimates, None
        return chunk, estimates, self.writer.write(chunk.start, frames, trajectory.relative_to(self.origin), held)


@dataclass(frozen=True, eq=False)
class FirstGood:
    """Parameters of the first good frame, or `otherwise` if none is good."""

    source: Source
    prepared: PreparedEstimator
    channel: int
    defects: Defects
    otherwise: FloatArray

    def __call__(self, everything: Chunk) -> FloatArray:
        # the first one mostly is
        edges = [0, *range(1, everything.stop, 8), everything.stop]
        for start, stop in pairwise(edges):
            frames = np.ascontiguousarray(self.source.read(start, stop, channel=self.channel)[:, 0])
            estimates = self.prepared.estimate(self.defects.view(frames))
            for verdict, parameters in zip(estimates.verdicts, estimates.parameters, strict=True):
                if verdict is Verdict.OK:
                    shape = self.source.info.frame_shape
                    motion = find_motion(self.prepared.estimator.motion, shape)
                    return motion.anchor(np.array(parameters), shape)
        return self.otherwise


def mark_unreadable(estimates: Estimates, source: Source, chunk: Chunk) -> Estimates:
    """The same, with a verdict of its own for frames of a chunk that could not be read."""
    bad = set(source.unreadable(chunk.start, chunk.stop))
    if not bad:
        return estimates
    times = range(chunk.start, chunk.stop)
    verdicts = (Verdict.UNREADABLE if t in bad else v for t, v in zip(times, estimates.verdicts, strict=True))
    return replace(estimates, verdicts=tuple(verdicts))
