"""Read, estimate, judge, repair, resample, write: chunk by chunk, in memory that does not grow with the movie.

One pass does it all where every frame of a chunk is good. Chunks with frames to repair are estimated first and written
once their neighbours are known.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import (
    Chunk,
    Device,
    Engine,
    Estimates,
    Estimator,
    FloatArray,
    Frames,
    ImagesInfo,
    Sink,
    Source,
    Verdict,
)  # fmt: skip
from holdstill.defects import Defects
from holdstill.errors import InputError
from holdstill.following import follow, is_following
from holdstill.geometry.motions import find_motion
from holdstill.learning import Learned, learn
from holdstill.plan import Plan
from holdstill.references import Index, Sample, Strategy, make_strategy
from holdstill.trajectory import Trajectory

__all__ = ["Outcome", "Progress", "Resampling", "apply", "register", "repair"]

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
        """Raise InputError if `fill` cannot be a pixel of `dtype`."""
        if np.issubdtype(dtype, np.integer):
            limits = np.iinfo(dtype)
            if not np.isfinite(self.fill) or not limits.min <= self.fill <= limits.max:
                raise InputError(
                    f"fill {self.fill} is no value of {dtype} pixels; choose one of {limits.min} to {limits.max}"
                )

    def result(self, info: ImagesInfo) -> ImagesInfo:
        """What the corrected images are. Raises InputError if cropping leaves nothing."""
        if self.crop is None:
            return info
        lengths = [box.stop - box.start for box in self.crop]
        if min(lengths) < 1:
            raise InputError(f"{info.name}: no region is covered by all good frames; there is nothing to crop to")
        return replace(info, shape=(*info.shape[: len(info.shape) - len(lengths)], *lengths))


@dataclass(frozen=True, kw_only=True, eq=False)
class Outcome:
    """All that a run found.

    Attributes
    ----------
    trajectory : Trajectory
        Transforms of all frames; bad frames interpolated.
    errors : ndarray of float64, (T, n_params)
        Of the parameters; NaN for bad frames.
    corner_errors : ndarray of float64, (T,)
        Of where the frame's corners come to lie, px; NaN for bad frames.
    estimates : Estimates
        Scores and verdicts of all frames.
    learned : Learned
        The reference and what came with it.
    clamped : int
        Pixels clamped to the range of the dtype.
    seconds : dict
        Time of each stage.
    """

    trajectory: Trajectory
    errors: FloatArray
    corner_errors: FloatArray
    estimates: Estimates
    learned: Learned
    clamped: int
    seconds: dict[str, float] = field(default_factory=dict)


class _Scratch(threading.local):
    """One buffer a thread: the first touch of fresh memory costs more than the work done in it."""

    buffer: NDArray[np.uint8] | None = None

    def get(self, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Frames:
        size = int(np.prod(shape)) * dtype.itemsize
        if self.buffer is None or self.buffer.size < size:
            self.buffer = np.empty(size, np.uint8)
        return self.buffer[:size].view(dtype).reshape(shape)


class _Writer:
    """Resamples frames of all channels and writes them."""

    def __init__(self, sink: Sink, device: Device, resampling: Resampling) -> None:
        self.sink, self.device, self.resampling = sink, device, resampling
        self.scratch = _Scratch()

    def write(self, start: int, frames: Frames, trajectory: Trajectory) -> int:
        """Resample and store `frames`, (n, c, [z,] y, x); returns how many pixels were clamped."""
        settings, n_channels = self.resampling, frames.shape[1]
        flat = frames.reshape(-1, *frames.shape[2:])
        out = self.scratch.get(flat.shape, frames.dtype)
        clamped = trajectory.repeated(n_channels).resample(
            self.device, flat, interpolation=settings.interpolation, edge=settings.edge, fill=settings.fill, out=out
        )
        result = out.reshape(frames.shape)
        if settings.crop is not None:
            result = np.ascontiguousarray(result[(slice(None), slice(None), *settings.crop)])
        self.sink.write(start, result)
        return int(clamped.sum())


@dataclass(frozen=True, eq=False)
class _Job:
    """Estimates a chunk and, where all its frames are good, writes it corrected."""

    source: Source
    estimator: Estimator
    state: Any
    device: Device
    channel: int
    origin: FloatArray
    defects: Defects
    writer: _Writer | None

    def __call__(self, chunk: Chunk) -> tuple[Chunk, Estimates, bool, int]:
        everything = self.writer is not None
        frames = self.source.read(chunk.start, chunk.stop, channel=None if everything else self.channel)
        steering = np.ascontiguousarray(frames[:, self.channel if everything else 0])
        with self.defects.bridged(steering):
            estimates = self.estimator.estimate(self.state, steering, self.device)
        good = all(verdict is Verdict.OK for verdict in estimates.verdicts)
        if self.writer is None or not good:
            return chunk, estimates, False, 0
        trajectory = Trajectory.of(self.estimator.motion, estimates.parameters, self.source.info.frame_shape)
        return chunk, estimates, True, self.writer.write(chunk.start, frames, trajectory.relative_to(self.origin))


def register(
    source: Source,
    estimator: Estimator,
    *,
    plan: Plan,
    reference: Any,
    channel: int,
    mask: NDArray[np.bool_] | None,
    device: Device,
    engine: Engine,
    progress: Progress,
    sink: Sink | None = None,
    resampling: Resampling | None = None,
) -> Outcome:
    """Estimate the motion of every frame and, given a sink, write the corrected movie in the same pass.

    Parameters
    ----------
    source : Source
    estimator : Estimator
    plan : Plan
    reference : str, int or ndarray
        Strategy, frame number or image.
    channel : int
        The channel that steers.
    mask : ndarray of bool, ([z,] y, x), or None
    device : Device
    engine : Engine
    progress : callable (stage, done, total)
    sink : Sink, optional
    resampling : Resampling, optional
        Needed with `sink`.

    Returns
    -------
    Outcome
    """
    began = time.perf_counter()
    follows = is_following(reference)
    strategy = _strategy(source, "first" if follows else reference, channel)
    sample = _read_sample(source, plan, channel, progress)
    learned = learn(strategy, sample, estimator, device=device, engine=engine, mask=mask)
    learned_at = time.perf_counter()
    writer = _Writer(sink, device, resampling) if sink is not None and resampling is not None else None
    origin = find_motion(estimator.motion, source.info.frame_shape).identity(source.info.ndim)
    pending, clamped = plan.chunks(), 0
    if follows:
        everything = follow(
            source, estimator, reference, learned, plan=plan, channel=channel, mask=mask, device=device, engine=engine,
            progress=progress,
        )  # fmt: skip
    else:
        state = estimator.prepare(learned.reference, device)
        if learned.anchored:
            origin = _first_good(source, estimator, state, device, channel, learned.defects, origin)
        job = _Job(source, estimator, state, device, channel, origin, learned.defects, writer)
        everything, pending, clamped = _one_pass(job, plan, engine, progress)
    trajectory = Trajectory.of(estimator.motion, everything.parameters, source.info.frame_shape).relative_to(origin)
    covariances = trajectory.errors_relative_to(origin, everything.full_covariances)
    trajectory, errors, corner_errors = repair(trajectory, covariances, everything.verdicts)
    if writer is not None:
        clamped += _write(source, writer, trajectory, pending, engine)
    seconds = {"template": learned_at - began, "frames": time.perf_counter() - learned_at}
    return Outcome(
        trajectory=trajectory, errors=errors, corner_errors=corner_errors, estimates=everything, learned=learned,
        clamped=clamped, seconds=seconds,
    )  # fmt: skip


def _one_pass(job: _Job, plan: Plan, engine: Engine, progress: Progress) -> tuple[Estimates, list[Chunk], int]:
    """Estimates of all frames, the chunks that are still to be written, and pixels clamped so far."""
    parts, pending, clamped = [], [], 0
    for chunk, estimates, written, n_clamped in engine.map(job, plan.chunks()):
        parts.append(estimates)
        clamped += n_clamped
        if not written:
            pending.append(chunk)
        progress("correct" if job.writer else "estimate", chunk.stop, plan.n_frames)
    return Estimates.join(parts), pending, clamped


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
    writer = _Writer(sink, device, resampling)
    clamped = 0
    job = _apply_job(source, writer, trajectory)
    for chunk, n_clamped in engine.map(job, plan.chunks()):
        clamped += n_clamped
        progress("apply", chunk.stop, plan.n_frames)
    return clamped


def repair(
    trajectory: Trajectory, covariances: FloatArray, verdicts: Sequence[Verdict]
) -> tuple[Trajectory, FloatArray, FloatArray]:
    """Bad frames interpolated between their good neighbours in time; errors of parameters and of corners.

    Before the first and after the last good frame the nearest good one is repeated; without any, nothing moves. Errors
    of bad frames are NaN.
    """
    good = np.array([verdict is Verdict.OK for verdict in verdicts], bool)
    parameters, covariances = trajectory.parameters.copy(), covariances.copy()
    covariances[~good] = np.nan
    if not good.any():
        parameters[:] = trajectory.motion.identity(trajectory.ndim)
    else:
        times = np.arange(len(good))
        for k in range(parameters.shape[1]):
            parameters[~good, k] = np.interp(times[~good], times[good], parameters[good, k])
    repaired = replace(trajectory, parameters=parameters)
    errors = np.sqrt(np.einsum("nii->ni", covariances))
    return repaired, errors, repaired.corner_errors(covariances)


def _apply_job(source: Source, writer: _Writer, trajectory: Trajectory) -> Callable[[Chunk], tuple[Chunk, int]]:
    def job(chunk: Chunk) -> tuple[Chunk, int]:
        frames = source.read(chunk.start, chunk.stop)
        return chunk, writer.write(chunk.start, frames, trajectory.part(slice(chunk.start, chunk.stop)))

    return job


def _write(source: Source, writer: _Writer, trajectory: Trajectory, chunks: list[Chunk], engine: Engine) -> int:
    return sum(clamped for _, clamped in engine.map(_apply_job(source, writer, trajectory), chunks))


def _strategy(source: Source, reference: Any, channel: int) -> Strategy:
    if isinstance(reference, str) and reference == "first":
        reference = 0
    if not isinstance(reference, (int, np.integer)):
        return make_strategy(reference)
    n_frames = source.info.n_frames
    if not -n_frames <= reference < n_frames:
        raise InputError(f"{source.info.name} has {n_frames} frames; there is no frame {reference} to be the reference")
    index = int(reference) % n_frames
    return Index(source.read(index, index + 1, channel=channel)[0, 0])


def _read_sample(source: Source, plan: Plan, channel: int, progress: Progress) -> Sample:
    indices = plan.sample()
    frames = np.empty((len(indices), *source.info.frame_shape), source.info.dtype)
    for n, index in enumerate(indices):
        frames[n] = source.read(int(index), int(index) + 1, channel=channel)[0, 0]
        progress("sample", n + 1, len(indices))
    with np.errstate(invalid="ignore"):
        if not np.fmax.reduce(frames, axis=None) > np.fmin.reduce(frames, axis=None):
            raise InputError(f"{source.info.name}: all pixels of the movie are equal; there is nothing to register")
    return Sample(frames, indices)


def _first_good(
    source: Source,
    estimator: Estimator,
    state: Any,
    device: Device,
    channel: int,
    defects: Defects,
    otherwise: FloatArray,
) -> FloatArray:
    """Parameters of the first good frame, or `otherwise` if none is good."""
    info = source.info
    for start in range(0, info.n_frames, 8):
        frames = np.ascontiguousarray(source.read(start, min(start + 8, info.n_frames), channel=channel)[:, 0])
        with defects.bridged(frames):
            estimates = estimator.estimate(state, frames, device)
        for verdict, parameters in zip(estimates.verdicts, estimates.parameters, strict=True):
            if verdict is Verdict.OK:
                return np.array(parameters)
    return otherwise
