"""Read, estimate, judge, repair, resample, write: chunk by chunk, in memory that does not grow with the movie.

One pass does it all where every frame of a chunk is good. Chunks with frames to repair are estimated first and written
once their neighbours are known.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import (
    Chunk,
    Covariance,
    Device,
    Engine,
    Estimates,
    Estimator,
    FloatArray,
    Frames,
    ImagesInfo,
    Progress,
    Sink,
    Source,
    Treatment,
    Verdict,
)  # fmt: skip
from holdstill.engines.plan import Plan
from holdstill.engines.remote import prepare_remote
from holdstill.engines.reporting import ReportingEngine
from holdstill.errors import DeviceFull, InputError
from holdstill.reference.defects import Defects
from holdstill.reference.prepared import PreparedEstimator
from holdstill.reference.sample import Sample, has_contrast, run_once
from holdstill.reference.sequential import follow, is_sequential
from holdstill.reference.strategies import Index, Strategy, make_strategy
from holdstill.reference.template import LearnedReference, build_reference, pack_template, unpack_template
from holdstill.resampling.settings import Resampling
from holdstill.resampling.write import Applying, Writer
from holdstill.run.checkpoint import Book
from holdstill.run.limits import flag_fast
from holdstill.transforms.composition import change_known
from holdstill.transforms.motions import find_motion
from holdstill.transforms.trajectory import Trajectory
from holdstill.transforms.treatment import DEPENDENT, Treating, treat

__all__ = ["ChunkJob", "Outcome", "Setup", "Target", "find_first", "learn", "register", "settle", "strategy_of"]

# of the sample one process elsewhere keeps so much
KEEP_BYTES = 128 << 20
AS_USUAL = Treating()


@dataclass(frozen=True, kw_only=True, eq=False)
class Outcome:
    """All that a run found.

    Attributes
    ----------
    trajectory : Trajectory
        Transforms of all frames; bad frames interpolated.
    estimated : Trajectory
        The same before repair, as found in each frame; NaN where nothing could be computed.
    covariance : Covariance
        Of the parameters; NaN for bad frames.
    treatments : tuple of Treatment
        What was done with each frame's estimate.
    bound : Covariance
        The least that the light allows; NaN where it is not known.
    corner_errors : ndarray of float64, (T,)
        Of where the frame's corners come to lie, px; NaN for bad frames.
    estimates : Estimates
        Scores and verdicts of all frames.
    learned : LearnedReference
        The reference and what came with it.
    origin : ndarray of float64, (n_params,)
        Parameters, as found, of the frame that transforms are relative to.
    clamped : int
        Pixels clamped to the range of the dtype.
    seconds : dict
        Time of each stage.
    """

    trajectory: Trajectory
    estimated: Trajectory
    covariance: Covariance
    treatments: tuple[Treatment, ...]
    bound: Covariance
    corner_errors: FloatArray
    estimates: Estimates
    learned: LearnedReference
    origin: FloatArray
    clamped: int = 0
    seconds: dict[str, float] = field(default_factory=dict)


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


@dataclass(frozen=True, eq=False)
class ChunkJob:
    """Estimates a chunk and, where all its frames are good, writes it corrected."""

    source: Source
    prepared: PreparedEstimator
    channel: int
    origin: FloatArray
    defects: Defects
    writer: Writer | None

    @property
    def name(self) -> str:
        """What it does, in a word."""
        return "correct" if self.writer else "estimate"

    def __call__(self, chunk: Chunk) -> tuple[Chunk, Estimates, int | None]:
        """Estimates, and how many pixels were clamped, or None if nothing was written."""
        everything = self.writer is not None
        frames = self.source.read(chunk.start, chunk.stop, channel=None if everything else self.channel)
        held = self._upload(frames) if everything else frames
        if held is not frames:
            try:
                return self._finish(chunk, frames, held[self.channel :: frames.shape[1]], held)
            except DeviceFull:
                del held  # room for smaller batches
        return self._finish(chunk, frames, np.ascontiguousarray(frames[:, self.channel if everything else 0]))

    def _upload(self, frames: Frames) -> Frames:
        """All images on the device, to be sent there once and used twice; the frames where that cannot be."""
        if self.defects or not self.prepared.estimator.takes_uploaded:
            return frames
        flat = frames.reshape(-1, *frames.shape[2:])
        held = self.prepared.device.upload(flat)
        return frames if held is flat else held

    def _finish(
        self, chunk: Chunk, frames: Frames, registered: Frames, held: Frames | None = None
    ) -> tuple[Chunk, Estimates, int | None]:
        estimates = self.prepared.estimate(self.defects.view(registered))
        estimates = self.defects.judge(registered, estimates)
        estimates = _mark_unreadable(estimates, self.source, chunk)
        good = all(verdict is Verdict.OK for verdict in estimates.verdicts)
        if self.writer is None or not good:
            return chunk, estimates, None
        motion = self.prepared.estimator.motion
        trajectory = Trajectory.of(motion, estimates.parameters, self.source.info.frame_shape)
        return chunk, estimates, self.writer.write(chunk.start, frames, trajectory.relative_to(self.origin), held)


def register(source: Source, setup: Setup, target: Target) -> Outcome:
    """Estimate the motion of every frame and, given a sink, write the corrected movie in the same pass."""
    began, book = time.perf_counter(), target.book or Book()
    motion, info = setup.estimator.motion, source.info
    source, sink, plan = prepare_remote(source, target.sink, setup.plan, setup.engine)
    setup = replace(setup, plan=plan)
    if setup.treating.smooth is not None and is_sequential(setup.reference):
        raise InputError(DEPENDENT)
    learned = _learn_or_recall(source, setup, book)
    learned_at = time.perf_counter()
    writer = Writer(sink, setup.device, target.resampling) if sink is not None else None
    origin = find_motion(motion, info.frame_shape).identity(info.ndim)
    with book.open_for(target.sink, plan.chunks()):
        if is_sequential(setup.reference):
            everything = _follow_or_recall(source, setup, learned, book)
        else:
            prepared = PreparedEstimator(setup.estimator, learned.reference, setup.device)
            if learned.anchored:
                first_good = _FirstGood(source, prepared, setup.channel, learned.defects, origin)
                origin = run_once(setup.engine, first_good, plan.n_frames)
            job = ChunkJob(
                source, prepared, setup.channel, origin, learned.defects, None if setup.treating.needs_all else writer
            )
            everything = _one_pass(job, setup, book)
        outcome = settle(motion, info, everything, origin, learned, setup.treating)
        if writer is not None:
            _write_pending(source, writer, outcome.trajectory, setup, book)
    seconds = {"template": learned_at - began, "frames": time.perf_counter() - learned_at}
    return replace(outcome, clamped=sum(book.written.values()), seconds=seconds)


def settle(
    motion: str,
    info: ImagesInfo,
    everything: Estimates,
    origin: FloatArray,
    learned: LearnedReference,
    treating: Treating = AS_USUAL,
) -> Outcome:
    """What estimates of all frames come to: relative to the `origin`, bad frames treated as asked for."""
    if treating.speed is not None:
        found = Trajectory.of(motion, everything.parameters, info.frame_shape)
        everything = flag_fast(everything, found, info, treating.speed)
        origin = find_first(everything, origin) if learned.anchored else origin
    good = everything.good
    estimated, (covariance, bound) = change_known(
        lambda trajectory: trajectory.relative_to(origin),
        Trajectory.of(motion, everything.parameters, info.frame_shape),
        everything.covariance, everything.known_bound,
    )  # fmt: skip
    treated = treat(estimated, covariance, good, treating, info.frame_times)
    return Outcome(
        trajectory=treated.trajectory, estimated=estimated, covariance=treated.covariance,
        treatments=treated.treatments, bound=bound,
        corner_errors=treated.trajectory.corner_errors(treated.covariance), estimates=everything, learned=learned,
        origin=origin,
    )  # fmt: skip


def find_first(everything: Estimates, otherwise: FloatArray) -> FloatArray:
    """Parameters of the first good frame; `otherwise` where none is."""
    good = np.flatnonzero(everything.good)
    return everything.parameters[good[0]] if len(good) else otherwise


def _learn_or_recall(source: Source, setup: Setup, book: Book) -> LearnedReference:
    """What the sample teaches, or taught before the interruption."""
    known = book.load_learned()
    if known is not None:
        return unpack_template(known)
    keep_bytes = KEEP_BYTES if setup.engine.is_distributed else 1 << 62
    sample = Sample(source, setup.plan.sample(), setup.channel, keep_bytes=keep_bytes)
    learned = learn(source, setup, sample)
    book.save_learned(pack_template(learned))
    return learned


def learn(source: Source, setup: Setup, sample: Sample) -> LearnedReference:
    """What a sample of the source teaches. Raises InputError where all its pixels are equal."""
    strategy = strategy_of(source, "first" if is_sequential(setup.reference) else setup.reference, setup.channel)
    if not has_contrast(sample, setup.engine, setup.progress):
        raise InputError(f"{source.info.name}: all pixels of the movie are equal; there is nothing to register")
    engine = ReportingEngine(setup.engine, "template", setup.progress)
    return build_reference(
        strategy, sample, setup.estimator, device=setup.device, engine=engine, mask=setup.mask,
        lasting=not is_sequential(setup.reference),
    )  # fmt: skip


def _follow_or_recall(source: Source, setup: Setup, learned: LearnedReference, book: Book) -> Estimates:
    """Estimates of all frames against a reference that changes, or those from before the interruption."""
    plan = setup.plan
    everything = book.estimates.get(Chunk(0, plan.n_frames)) or follow(
        source, setup.estimator, setup.reference, learned, plan=plan, channel=setup.channel, mask=setup.mask,
        device=setup.device, engine=setup.engine, progress=setup.progress,
    )  # fmt: skip
    everything = _mark_unreadable(everything, source, Chunk(0, plan.n_frames))
    book.add(Chunk(0, plan.n_frames), everything)
    return everything


def _mark_unreadable(estimates: Estimates, source: Source, chunk: Chunk) -> Estimates:
    """The same, with a verdict of its own for frames of a chunk that could not be read."""
    bad = set(source.unreadable(chunk.start, chunk.stop))
    if not bad:
        return estimates
    times = range(chunk.start, chunk.stop)
    verdicts = (Verdict.UNREADABLE if t in bad else v for t, v in zip(times, estimates.verdicts, strict=True))
    return replace(estimates, verdicts=tuple(verdicts))


def _one_pass(job: ChunkJob, setup: Setup, book: Book) -> Estimates:
    """Estimates of all frames; chunks whose frames are all good are written at once."""
    chunks = setup.plan.chunks()
    pending = [chunk for chunk in chunks if chunk not in book.estimates]
    for chunk, estimates, clamped in setup.engine.map(job, pending):
        book.add(chunk, estimates)
        if clamped is not None:
            book.add_written(chunk, clamped)
        setup.progress(job.name, chunk.stop, setup.plan.n_frames)
    everything = Estimates.join([book.estimates[chunk] for chunk in chunks])
    book.estimates.clear()
    return everything


def _write_pending(source: Source, writer: Writer, trajectory: Trajectory, setup: Setup, book: Book) -> None:
    """Write the chunks that had to wait for their neighbours."""
    pending = [chunk for chunk in setup.plan.chunks() if chunk not in book.written]
    for chunk, clamped in setup.engine.map(Applying(source, writer, trajectory), pending):
        book.add_written(chunk, clamped)
        setup.progress("apply", chunk.stop, setup.plan.n_frames)


def strategy_of(source: Source, reference: Any, channel: int) -> Strategy:
    """Strategy for what a caller gives as `reference`: a name, an image, or the number of a frame."""
    if isinstance(reference, str) and reference == "first":
        reference = 0
    if not isinstance(reference, (int, np.integer)):
        return make_strategy(reference)
    n_frames = source.info.n_frames
    if not -n_frames <= reference < n_frames:
        raise InputError(f"{source.info.name} has {n_frames} frames; there is no frame {reference} to be the reference")
    index = int(reference) % n_frames
    return Index(source.read(index, index + 1, channel=channel)[0, 0])


@dataclass(frozen=True, eq=False)
class _FirstGood:
    """Parameters of the first good frame, or `otherwise` if none is good."""

    source: Source
    prepared: PreparedEstimator
    channel: int
    defects: Defects
    otherwise: FloatArray

    def __call__(self, everything: Chunk) -> FloatArray:
        for start in range(0, everything.stop, 8):
            stop = min(start + 8, everything.stop)
            frames = np.ascontiguousarray(self.source.read(start, stop, channel=self.channel)[:, 0])
            estimates = self.prepared.estimate(self.defects.view(frames))
            for verdict, parameters in zip(estimates.verdicts, estimates.parameters, strict=True):
                if verdict is Verdict.OK:
                    return np.array(parameters)
        return self.otherwise
