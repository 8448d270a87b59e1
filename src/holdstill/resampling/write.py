"""Frames resampled and written, chunk by chunk."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Chunk, Device, Engine, Frames, ImagesInfo, Sink, Source
from holdstill.devices.interpolation import EDGES, INTERPOLATIONS
from holdstill.engines.plan import Plan
from holdstill.engines.remote import prepare_remote
from holdstill.errors import InputError, UnknownName
from holdstill.transforms.trajectory import Trajectory

__all__ = ["Applying", "Progress", "Resampling", "Writer", "apply"]

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, kw_only=True)
class Resampling:
    """How frames are resampled.

    Parameters
    ----------
    interpolation : {"cubic", "nearest", "linear", "lanczos"}
    edge : {"constant", "nearest", "reflect"}
    fill : float
        Value where a frame shows nothing, for ``edge="constant"``.
    crop : tuple of slice, optional
        Keep this box of the result, ``([z,] y, x)``.
    """

    interpolation: str = "cubic"
    edge: str = "constant"
    fill: float = 0
    crop: tuple[slice, ...] | None = None

    def check(self, dtype: np.dtype[Any]) -> None:
        """Raise InputError if `fill` cannot be a pixel of `dtype`, UnknownName for another interpolation or edge."""
        for what, name, known in (("interpolation", self.interpolation, INTERPOLATIONS), ("edge", self.edge, EDGES)):
            if name not in known:
                raise UnknownName(f"there is no {what} {name!r}; choose one of {', '.join(known)}")
        if not isinstance(self.fill, int | float | np.number):
            raise InputError(f"fill {self.fill!r} is not a number")
        if np.issubdtype(dtype, np.integer):
            limits = np.iinfo(dtype)
            if not np.isfinite(self.fill) or not limits.min <= self.fill <= limits.max:
                raise InputError(
                    f"fill {self.fill} is not a value of {dtype} pixels; choose one of {limits.min} to {limits.max}"
                )

    def result(self, info: ImagesInfo) -> ImagesInfo:
        """What the corrected images are. Raises InputError if cropping leaves nothing."""
        if self.crop is None:
            return info
        lengths = [box.stop - box.start for box in self.crop]
        if min(lengths) < 1:
            raise InputError(f"{info.name}: no region is covered by all good frames; there is nothing to crop to")
        starts = [0] * (3 - len(lengths)) + [box.start for box in self.crop]
        origin = [
            o + start * (size or 0.0) for o, start, size in zip(info.origin_um, starts, info.pixel_size_um, strict=True)
        ]
        shape = (*info.shape[: len(info.shape) - len(lengths)], *lengths)
        return replace(info, shape=shape, origin_um=(origin[0], origin[1], origin[2]))


class _Scratch(threading.local):
    """One buffer a thread: the first touch of fresh memory costs more than the work done in it."""

    buffer: NDArray[np.uint8] | None = None

    def get(self, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Frames:
        size = int(np.prod(shape)) * dtype.itemsize
        if self.buffer is None or self.buffer.size < size:
            self.buffer = np.empty(size, np.uint8)
        return self.buffer[:size].view(dtype).reshape(shape)


class Writer:
    """Resamples frames of all channels and writes them."""

    def __init__(self, sink: Sink, device: Device, resampling: Resampling) -> None:
        self.sink, self.device, self.resampling = sink, device, resampling
        self.scratch = _Scratch()

    def __reduce__(self) -> tuple[Any, ...]:
        return Writer, (self.sink, self.device, self.resampling)

    def write(self, start: int, frames: Frames, trajectory: Trajectory, held: Frames | None = None) -> int:
        """Resample and store `frames`, (n, c, [z,] y, x); returns how many pixels were clamped.

        `held` are the same images, (n * c, [z,] y, x), where the device already holds them.
        """
        settings, n_channels = self.resampling, frames.shape[1]
        flat = frames.reshape(-1, *frames.shape[2:]) if held is None else held
        out = self.scratch.get(flat.shape, frames.dtype)
        clamped = trajectory.repeated(n_channels).resample(
            self.device, flat, interpolation=settings.interpolation, edge=settings.edge, fill=settings.fill, out=out
        )
        result = out.reshape(frames.shape)
        if settings.crop is not None:
            result = np.ascontiguousarray(result[(slice(None), slice(None), *settings.crop)])
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
        frames = self.source.read(chunk.start, chunk.stop)
        return chunk, self.writer.write(chunk.start, frames, self.trajectory.part(slice(chunk.start, chunk.stop)))
