"""From what callers give, by name, number, path or value, to a registration of an open source."""

from __future__ import annotations

import warnings
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Estimator, ImagesInfo, Source, ignore_progress, list_changed
from holdstill.devices.choosing import find_device
from holdstill.engines.choosing import open_engine
from holdstill.engines.plan import choose_bin, make_plan, parse_memory
from holdstill.engines.progress import open_progress
from holdstill.engines.records import Records
from holdstill.engines.threads import available_cores
from holdstill.errors import InputError
from holdstill.reference.kinds import is_sequential
from holdstill.result.folding import warn_of_fine_grid, warn_of_folds
from holdstill.result.registration import Registration
from holdstill.run import pipeline
from holdstill.run.fineness import settle_grid
from holdstill.run.judging import describe_choice, exclude_motion, is_auto, judge
from holdstill.run.limits import shift_limit, speed_limit
from holdstill.run.options import RegisteringOptions
from holdstill.run.outcome import make_registration
from holdstill.run.parts import (
    channel_of,
    check_frames,
    colours_of,
    estimator_for,
    mask_for,
    mask_of,
    reference_of,
    resolve_limits,
    see,
)
from holdstill.run.projection import ProjectedSource, lift
from holdstill.run.records import register_records
from holdstill.run.reduction import ReducedSource, enlarge, expand, reduce_grid
from holdstill.run.refocus import Part, check_events, register_parts
from holdstill.run.scanning import ScanSource, check_scan, describe_phases, follow_phases, look_at_phases
from holdstill.run.settling import Outcome
from holdstill.run.setup import Setup, Target
from holdstill.run.sizes import register_sizes
from holdstill.run.timing import place_in_time, warn_of_times
from holdstill.transforms.motions import find_motion
from holdstill.transforms.trajectory import Trajectory

__all__ = ["learn_template", "register", "register_collection", "register_settled", "settle_bin"]


def register(
    source: Source, options: RegisteringOptions, target: Target | None = None, *, single: bool = False
) -> Registration:
    """Register an open source and, given a target, write it corrected.

    Parameters
    ----------
    source : Source
    options : RegisteringOptions
    target : Target, optional
        Where to write.
    single : bool
        One frame alone is enough.
    """
    found = register_settled(source, settle_bin(options, source), target, single=single)
    return replace(found, provenance={**found.provenance, "asked": list_changed(options)})


def register_settled(
    source: Source, options: RegisteringOptions, target: Target | None = None, *, single: bool = False
) -> Registration:
    """The same with options as `settle_bin` gives them."""
    name, settled = source.info.name, settle_grid(source, options, lambda few, how: _register(few, how, None, False))
    found = _register(source, settled, target, single)
    warn_of_times(options, source.info)
    warn_of_fine_grid(found, name, getattr(settled.method, "grid", settled.grid))
    warn_of_folds(found, name, "take control points further apart (grid, spacing), or average frames")
    return replace(found, provenance={**found.provenance, "asked": list_changed(options)})


def _register(source: Source, options: RegisteringOptions, target: Target | None, single: bool) -> Registration:
    """The same, without a note of what was asked for, and a word on control points."""
    source, options = place_in_time(source, options)
    if options.scan is not None:
        return _register_scanned(source, options, target, single)
    if is_auto(options):
        return _register_chosen(source, options, target, single)
    if options.project is not None:
        return _register_projected(source, options, target)
    if options.bin != 1 or options.average != 1:
        return _register_reduced(source, options, target, single)
    events = check_events(options.refocus_at, options.reference, source.info)
    if target is None or target.sink is None:
        options = replace(options, reference=reference_of(options.reference, options.channel, source.info))
        if _is_of_another_size(options.reference, source.info):
            return register_sizes(
                source, options, lambda seen, placed: _register_whole(seen, placed, Target(), single=True)[0]
            )
    if not events:
        return _register_whole(source, options, target or Target(), single)[0]
    whole = replace(options, refocus_at=None)

    given = mask_for(options.mask, source.info)

    def register_template(template: Source, reference: NDArray[np.float32], mask: NDArray[np.bool_]) -> Registration:
        where = mask if given is None else mask & given
        plain = replace(whole, reference=reference, mask=where, channel=0, max_speed=None, smooth=None)
        return _register_whole(template, plain, Target(), single=True)[0]

    return register_parts(source, events, lambda part: _register_part(part, whole), register_template)


def _is_of_another_size(reference: Any, info: ImagesInfo) -> bool:
    """Whether it is an image with as many axes as a frame, and other lengths."""
    return isinstance(reference, np.ndarray) and reference.ndim == info.ndim and reference.shape != info.frame_shape


def _register_part(source: Source, options: RegisteringOptions) -> Part:
    """Some frames, with a template of their own."""
    found, outcome = _register_whole(source, options, Target(), single=False)
    return Part(found=found, template=outcome.learned.reference.image, origin=outcome.origin)


def learn_template(source: Source, options: RegisteringOptions) -> NDArray[np.float32]:
    """What a movie shows, in its own grey levels however its frames are compared; NaN where nothing is known."""
    return _register_whole(source, options, Target(), single=False)[1].learned.after


def _register_whole(
    source: Source, options: RegisteringOptions, target: Target, single: bool
) -> tuple[Registration, Outcome]:
    """Register all frames of a source with one reference."""
    began = datetime.now(UTC)
    options, treating = resolve_limits(options, source.info)
    check_frames(source.info, single)
    estimator = estimator_for(options, source.info)
    with (
        open_engine(options.engine, options.workers, reads=source) as engine,
        open_progress(options.progress) as progress,
    ):
        plan = make_plan(source.info, engine.workers, parse_memory(options.memory), block_bytes=source.block_bytes)
        setup = Setup(
            estimator=estimator,
            reference=reference_of(options.reference, options.channel, source.info),
            channel=channel_of(options.channel, source.info),
            colours=colours_of(options.channel, source.info),
            mask=mask_for(options.mask, source.info),
            device=find_device(options.device, source.info.frame_shape, source.info.dtype, engine.workers),
            engine=engine.limit(plan.workers),
            plan=plan,
            progress=progress,
            treating=treating,
        )
        outcome = pipeline.register(source, setup, target)
    made = make_registration(source.info, outcome, setup, options, began, target.resampling if target.sink else None)
    return made, outcome


def settle_bin(options: RegisteringOptions, source: Source) -> RegisteringOptions:
    """The options with a number for `bin`: where nobody gave one, the least at which the frames fit into the memory.

    Projections are smaller than their volumes: theirs is settled when they are registered.
    """
    if options.bin is not None or options.project is not None:
        return options
    if isinstance(options.method, Estimator):  # its settings are in px of the frames as they are
        return replace(options, bin=1)
    info = source.info
    bin = choose_bin(info, parse_memory(options.memory), block_bytes=source.block_bytes)
    if bin > 1:
        warnings.warn(
            f"{info.name}: frames of {info.frame_shape} px do not fit into the memory that may be taken; motion is "
            f"estimated on a copy binned by {bin} px (allow more with --memory, or say --bin)",
            stacklevel=2,
        )
    return replace(options, bin=bin)


def register_collection(collection: Any, options: RegisteringOptions) -> Registration:
    """Register a Spark collection of (key, array) records where they are.

    Raises
    ------
    InputError
        It is none, or an option does not go with it.
    """
    if options.refocus_at is not None or options.scan is not None:
        raise InputError("records of Spark are registered as one, as they are; leave refocus_at and scan out")
    if options.is_reduced or str(options.channel) not in ("None", "0") or is_sequential(options.reference):
        raise InputError(
            "records of Spark have one channel, are not binned, averaged or projected, and know no reference that "
            "changes from frame to frame; take template or first"
        )
    began, records = datetime.now(UTC), Records(collection)
    options, treating = resolve_limits(options, records.info)
    check_frames(records.info, single=False)
    setup = Setup(
        estimator=estimator_for(options, records.info),
        reference=reference_of(options.reference, None, records.info),
        channel=0,
        mask=mask_for(options.mask, records.info),
        device=find_device(options.device, records.info.frame_shape, records.info.dtype),
        engine=records.engine,
        plan=make_plan(records.info, 1, parse_memory(options.memory)),
        progress=ignore_progress,
        treating=treating,
    )
    return make_registration(records.info, register_records(records, setup), setup, options, began, None)


def _register_scanned(source: Source, options: RegisteringOptions, target: Target | None, single: bool) -> Registration:
    """Measure the phase of the rows first; if it is to be corrected, register frames that lack it."""
    scan, info = str(options.scan), source.info
    check_scan(scan)
    whole, channel = see(source, options.channel)
    with (
        open_engine(options.engine, options.workers, reads=source) as engine,
        open_progress(options.progress) as progress,
    ):
        plan = make_plan(info, engine.workers, parse_memory(options.memory), block_bytes=source.block_bytes)
        if scan == "auto":
            phases = look_at_phases(whole, channel, plan)
        else:
            phases = follow_phases(whole, channel, plan, engine.limit(plan.workers), progress)
    seen = source if scan == "auto" else ScanSource(source, phases.values)
    found = _register(seen, replace(options, scan=None), target, single)
    about = {**found.provenance, "scan": describe_phases(phases, info.name, scan)}
    return replace(found, phases=None if scan == "auto" else phases.values, provenance=about)


def _register_chosen(source: Source, options: RegisteringOptions, target: Target | None, single: bool) -> Registration:
    """Choose motion and reference by pixels that are not fitted to; where none is better than none, nothing moves."""
    options = replace(options, mask=mask_for(options.mask, source.info))
    taken, chosen = judge(*see(source, options.channel), options, lambda few, how: _register(few, how, None, False))
    found = _register(source, taken, target, single)
    if chosen.name == "none":
        found = exclude_motion(found)
    return replace(found, provenance={**found.provenance, "chosen": describe_choice(chosen)})


def _register_projected(source: Source, options: RegisteringOptions, target: Target | None) -> Registration:
    """Register projections of volumes, and give what was found for the volumes."""
    kind = str(options.project)
    motion = find_motion(options.motion)
    motion.lift(motion.identity(2)[None])  # refused before anything is read
    with ProjectedSource(source, kind) as projected:
        flat = settle_bin(replace(options, project=None), projected)
        return lift(_register(projected, flat, target, False), source.info, kind)


def _register_reduced(source: Source, options: RegisteringOptions, target: Target | None, single: bool) -> Registration:
    """Register a binned, averaged copy, and give what was found for the frames as they are."""
    bin, average, info = 1 if options.bin is None else options.bin, options.average, source.info
    device = find_device(options.device, info.frame_shape, info.dtype, options.workers or available_cores())
    with ReducedSource(source, bin=bin, average=average, device=device) as reduced:
        # what cannot be told of the frames as they are is refused before anything is read
        enlarge(_stand_still(options.motion, reduced.info), bin, info.frame_shape)
        anchor = _anchor_of(options.reference, info) if average > 1 else None
        limit, speed = shift_limit(options.max_shift, info), speed_limit(options.max_speed, info)
        smaller = replace(
            options, line_time=_reduce_line_time(options, bin), bin=1, average=1, repair="interpolate",
            mask=reduced.reduce_mask(mask_of(options.mask)),
            reference=reduced.reduce_image(reference_of(options.reference, options.channel, info)) if anchor is None
            else anchor // average,
            max_shift=None if limit is None else tuple(np.broadcast_to(limit, info.ndim) / bin),
            grid=reduce_grid(options.grid, bin, options.motion),
            refocus_at=_reduce_events(options.refocus_at, info, average),
            max_speed=None if speed is None else speed.reduce(bin=bin, average=average),
        )  # fmt: skip
        found = _register(reduced, smaller, target, single)
    return expand(found, info, bin=bin, average=average, anchor=anchor).repair(options.repair)


def _reduce_line_time(options: RegisteringOptions, bin: int) -> float | None:
    """From one line of the copy to the next, s. Raises InputError for means of frames, whose lines have many times."""
    given: Any = options.line_time
    if options.average == 1:
        return None if given is None else given * bin
    if given:
        raise InputError("means of frames have no line of one time; leave line_time out, or average")
    return 0.0


def _reduce_events(events: Any, info: ImagesInfo, average: int) -> tuple[int, ...] | None:
    """Frames of the copy at which the focus was changed."""
    numbers = check_events(events, "template", info)
    return tuple(sorted({max(number // average, 1) for number in numbers})) or None


def _stand_still(motion: str, info: ImagesInfo) -> Trajectory:
    """One frame that did not move."""
    family = find_motion(motion, info.frame_shape)
    family.check(info.ndim)
    return Trajectory(family, family.identity(info.ndim)[None], info.frame_shape)


def _anchor_of(reference: Any, info: ImagesInfo) -> int | None:
    """The number of the frame that is the reference, if it is one: shifts are relative to that very frame."""
    if isinstance(reference, str) and reference == "first":
        return 0
    return int(reference) % info.n_frames if isinstance(reference, int | np.integer) else None
