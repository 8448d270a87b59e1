"""Frames resampled and written, chunk by chunk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from holdstill.contracts import Chunk, Device, Engine, Frames, Progress, Sink, Source
from holdstill.engines.plan import Plan
from holdstill.engines.remote import prepare_remote
from holdstill.resampling.scratch import Scratch
from holdstill.resampling.settings import Resampling
from holdstill.transforms.trajectory import Trajectory

__all__ = ["Applying", "Writer", "apply"]


class Writer:
    """Resamples frames of all channels and writes them."""

    def __init__(self, sink: Sink, device: Device, resampling: Resampling) -> None:
        self.sink, self.device, self.resampling = sink, device, resampling
        self.scratch = Scratch()

    def __reduce__(self) -> tuple[Any, ...]:
        return Writer, (self.sink, self.device, self.resampling)

    def write(self, start: int, frames: Frames, trajectory: Trajectory, held: Frames | None = None) -> int:
        """Resample and store `frames`, (n, c, [z,] y, x); returns how many pixels were clamped.

        `held` are the same images, (n * c, [z,] y, x), where the device already holds them.
        """
        settings, n_channels = self.resampling, frames.shape[1]
        frames = settings.convert(frames)
        as_read = held is None or settings.dtype is not None or settings.edge == "wrap"
        flat = frames.reshape(-1, *frames.shape[2:]) if as_read or held is None else held
        room = self.sink.lend(start, start + len(frames)) if settings.box is None else None
        if room is None or np.may_share_memory(room, frames):  # images that are corrected in place
            out = self.scratch.get(flat.shape, frames.dtype)
        else:
            out = room.reshape(flat.shape)
        clamped = trajectory.repeat(n_channels).resample(
            self.device, flat, interpolation=settings.interpolation, edge=settings.edge, fill=settings.fill, out=out
        )
        result = out.reshape(frames.shape)
        if settings.box is not None:
            result = np.ascontiguousarray(result[(slice(None), slice(None), *settings.box)])
        self.sink.write(start, result)
        return int(clamped.sum())


def apply(
    source: Source,
    trajectory: Trajectory,
    sink: Sink,
    *,
    plan: Plan,
    resampling: Resampling,
    device: Device,
    engine: Engine,
    progress: Progress,
) -> int:
    """Write `source`, corrected by a known trajectory, to `sink`; returns how many pixels were clamped."""
    there, shared, plan = prepare_remote(source, sink, plan, engine)
    job = Applying(there, Writer(shared or sink, device, resampling), trajectory)
    clamped = 0
    for chunk, n_clamped in engine.map(job, plan.chunks()):
        clamped += n_clamped
        sink.mark(chunk.start, chunk.stop)
        progress("apply", chunk.stop, plan.n_frames)
    return clamped


@dataclass(frozen=True, eq=False)
class Applying:
    """A job that writes a chunk, corrected by a known trajectory."""

    source: Source
    writer: Writer
    trajectory: Trajectory
    name = "apply"

    def __call__(self, chunk: Chunk) -> tuple[Chunk, int]:
        """The chunk, and how many of its pixels were clamped."""
        frames = self.source.peek(chunk.start, chunk.stop)
        return chunk, self.writer.write(chunk.start, frames, self.trajectory.part(slice(chunk.start, chunk.stop)))
