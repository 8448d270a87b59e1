"""Read, estimate, judge, repair, resample, write: chunk by chunk, in memory that does not grow with the movie.

One pass does it all where every frame of a chunk is good. Chunks with frames to repair are estimated first and written
once their neighbours are known.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import numpy as np

from holdstill.contracts import (
    Chunk,
    Estimates,
    Source,
)  # fmt: skip
from holdstill.engines.remote import prepare_remote
from holdstill.engines.reporting import ReportingEngine
from holdstill.errors import InputError
from holdstill.io.colours import see_colours
from holdstill.reference.kinds import is_sequential
from holdstill.reference.learned import LearnedReference, pack_template, unpack_template
from holdstill.reference.moving_mean import choose_frames, learn_reference
from holdstill.reference.sample import Sample, leave_out_blank, run_once
from holdstill.reference.sequential import follow
from holdstill.reference.strategies import Index, Strategy, make_strategy
from holdstill.resampling.write import Applying, Writer
from holdstill.run.candidates import find_candidates
from holdstill.run.checkpoint import Book
from holdstill.run.chunks import ChunkJob, FirstGood, mark_unreadable
from holdstill.run.grey_range import check_grey_range, check_sample_range
from holdstill.run.settling import Outcome, place_candidates, settle
from holdstill.run.setup import Setup, Target
from holdstill.transforms.motions import find_motion
from holdstill.transforms.trajectory import Trajectory
from holdstill.transforms.treatment import DEPENDENT

__all__ = ["learn", "register"]

# of the sample one process elsewhere keeps so much
KEEP_BYTES = 128 << 20


def register(source: Source, setup: Setup, target: Target) -> Outcome:
    """Estimate the motion of every frame and, given a sink, write the corrected movie in the same pass."""
    began, book = time.perf_counter(), target.book or Book()
    motion, info = setup.estimator.motion, source.info
    source, sink, plan = prepare_remote(source, target.sink, setup.plan, setup.engine)
    setup, seen = replace(setup, plan=plan), see_colours(source, setup.colours)
    if setup.treating.smooth is not None and is_sequential(setup.reference):
        raise InputError(DEPENDENT)
    learned = _learn_or_recall(seen, setup, book)
    learned_at = time.perf_counter()
    writer = Writer(sink, setup.device, target.resampling) if sink is not None else None
    origin = np.array(learned.place) if learned.place else find_motion(motion, info.frame_shape).identity(info.ndim)
    with book.open_for(target.sink, plan.chunks()):
        if is_sequential(setup.reference):
            everything = _follow_or_recall(seen, setup, learned, book)
        else:
            prepared = learned.prepare(setup.estimator, setup.device)
            if learned.anchored:
                first_good = FirstGood(seen, prepared, setup.channel, learned.defects, origin)
                origin = run_once(setup.engine, first_good, plan.n_frames)
            waits = setup.treating.needs_all or setup.estimator.joins
            taken = None if waits else writer
            job = ChunkJob(source, prepared, setup.channel, setup.colours, origin, learned.defects, taken)
            everything = _one_pass(job, setup, book)
        outcome = settle(motion, info, everything, origin, learned, setup.treating, setup.estimator)
        if not is_sequential(setup.reference):
            outcome = place_candidates(outcome, find_candidates(seen, setup, learned, outcome.estimates))
        if writer is not None:
            _write_pending(source, writer, outcome.trajectory, setup, book)
    seconds = {"template": learned_at - began, "frames": time.perf_counter() - learned_at}
    return replace(outcome, clamped=sum(book.written.values()), seconds=seconds)


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
    strategy = _strategy_of(source, "first" if is_sequential(setup.reference) else setup.reference, setup.channel)
    few = choose_frames(strategy, sample)
    shown = leave_out_blank(few, setup.engine, setup.progress)
    if shown is None and (few is sample or leave_out_blank(sample, setup.engine, setup.progress) is None):
        what = "the movie" if source.info.n_frames > 1 else "the image"
        raise InputError(f"{source.info.name}: all pixels of {what} are equal; there is nothing to register")
    check_grey_range(setup.reference, "the reference")
    check_sample_range(few if shown is None else shown, source.info.name, setup.engine)
    engine = ReportingEngine(setup.engine, "template", setup.progress)
    told = few if shown is None else shown
    return learn_reference(
        strategy, told if few is sample else sample, setup.estimator, few=told, device=setup.device, engine=engine,
        mask=setup.mask, lasting=not is_sequential(setup.reference),
    )  # fmt: skip


def _follow_or_recall(source: Source, setup: Setup, learned: LearnedReference, book: Book) -> Estimates:
    """Estimates of all frames against a reference that changes, or those from before the interruption."""
    plan = setup.plan
    everything = book.estimates.get(Chunk(0, plan.n_frames)) or follow(
        source, setup.estimator, setup.reference, learned, plan=plan, channel=setup.channel, mask=setup.mask,
        device=setup.device, engine=setup.engine, progress=setup.progress,
    )  # fmt: skip
    everything = mark_unreadable(everything, source, Chunk(0, plan.n_frames))
    book.add(Chunk(0, plan.n_frames), everything)
    return everything


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


def _strategy_of(source: Source, reference: Any, channel: int) -> Strategy:
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
