"""From what callers give, by name, number, path or value, to a registration of an open source."""

from __future__ import annotations

import warnings
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Estimator, ImagesInfo, NoiseModel, Source, ignore_progress, list_changed
from holdstill.devices.choosing import find_device
from holdstill.engines.choosing import open_engine
from holdstill.engines.plan import choose_bin, make_plan, parse_memory
from holdstill.engines.progress import open_progress
from holdstill.engines.records import Records
from holdstill.engines.threads import available_cores
from holdstill.errors import InputError
from holdstill.io import require_frames, require_sequence
from holdstill.io.image import read_image
from holdstill.reference.sequential import is_sequential
from holdstill.result.registration import Registration
from holdstill.run import pipeline, registry
from holdstill.run.judging import describe_choice, exclude_motion, is_auto, judge
from holdstill.run.limits import check_limits, shift_limit, speed_limit
from holdstill.run.options import RegisteringOptions
from holdstill.run.outcome import make_registration
from holdstill.run.pipeline import Outcome, Setup, Target
from holdstill.run.projection import ProjectedSource, lift
from holdstill.run.records import register_records
from holdstill.run.reduction import ReducedSource, enlarge, expand
from holdstill.run.refocus import Part, check_events, register_parts
from holdstill.run.scanning import ScanSource, check_scan, describe_phases, follow_phases, look_at_phases
from holdstill.transforms.motions import find_motion
from holdstill.transforms.trajectory import Trajectory
from holdstill.transforms.treatment import Treating

__all__ = ["estimator_of", "learn_template", "mask_of", "register", "register_collection", "settle_bin"]

# the method that is taken if none is named: the first that finds the motion
AUTO = ("direct", "cross_correlation")


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
    found = _register(source, options, target, single)
    return replace(found, provenance={**found.provenance, "asked": list_changed(options)})


def _register(source: Source, options: RegisteringOptions, target: Target | None, single: bool) -> Registration:
    """The same, without a note of what was asked for."""
    if options.scan is not None:
        return _register_scanned(source, options, target, single)
    if is_auto(options):
        return _register_chosen(source, options, target, single)
    if options.project is not None:
        return _register_projected(source, options, target)
    options = settle_bin(options, source)
    if options.bin != 1 or options.average != 1:
        return _register_reduced(source, options, target)
    events = check_events(options.refocus_at, options.reference, source.info)
    if not events:
        return _register_whole(source, options, target or Target(), single)[0]
    whole = replace(options, refocus_at=None)

    given = _mask_for(options.mask, source.info)

    def register_template(template: Source, reference: NDArray[np.float32], mask: NDArray[np.bool_]) -> Registration:
        where = mask if given is None else mask & given
        plain = replace(whole, reference=reference, mask=where, channel=0, max_speed=None, smooth=None)
        return _register_whole(template, plain, Target(), single=True)[0]

    return register_parts(source, events, lambda part: _register_part(part, whole), register_template)


def _register_part(source: Source, options: RegisteringOptions) -> Part:
    """Some frames, with a template of their own."""
    found, outcome = _register_whole(source, options, Target(), single=False)
    return Part(found=found, template=outcome.learned.reference.image, origin=outcome.origin)


def learn_template(source: Source, options: RegisteringOptions) -> tuple[Registration, NDArray[np.float32], NoiseModel]:
    """What a movie shows: its registration, its template, and the noise of a frame."""
    found, outcome = _register_whole(source, options, Target(), single=False)
    noise = outcome.learned.reference.noise
    if noise is None:
        raise InputError(f"{source.info.name}: nothing is known of its noise; take reference='template'")
    return found, outcome.learned.reference.image, noise


def _register_whole(
    source: Source, options: RegisteringOptions, target: Target, single: bool
) -> tuple[Registration, Outcome]:
    """Register all frames of a source with one reference."""
    began = datetime.now(UTC)
    options, treating = _resolve_limits(options, source.info)
    _check_frames(source.info, single)
    estimator = _estimator_for(options, source.info)
    with open_engine(options.engine, options.workers) as engine, open_progress(options.progress) as progress:
        plan = make_plan(source.info, engine.workers, parse_memory(options.memory), block_bytes=source.block_bytes)
        setup = Setup(
            estimator=estimator,
            reference=_reference_of(options.reference),
            channel=_channel_of(options.channel, source.info),
            mask=_mask_for(options.mask, source.info),
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
    if options.is_reduced or str(options.channel) != "0" or is_sequential(options.reference):
        raise InputError(
            "records of Spark have one channel, are not binned, averaged or projected, and know no reference that "
            "changes from frame to frame; take template or first"
        )
    began, records = datetime.now(UTC), Records(collection)
    options, treating = _resolve_limits(options, records.info)
    _check_frames(records.info, single=False)
    setup = Setup(
        estimator=_estimator_for(options, records.info),
        reference=_reference_of(options.reference),
        channel=0,
        mask=_mask_for(options.mask, records.info),
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
    channel = _channel_of(options.channel, info)
    with open_engine(options.engine, options.workers) as engine, open_progress(options.progress) as progress:
        plan = make_plan(info, engine.workers, parse_memory(options.memory), block_bytes=source.block_bytes)
        if scan == "auto":
            phases = look_at_phases(source, channel, plan)
        else:
            phases = follow_phases(source, channel, plan, engine.limit(plan.workers), progress)
    seen = source if scan == "auto" else ScanSource(source, phases.values)
    found = register(seen, replace(options, scan=None), target, single=single)
    about = {**found.provenance, "scan": describe_phases(phases, info.name, scan)}
    return replace(found, phases=None if scan == "auto" else phases.values, provenance=about)


def _register_chosen(source: Source, options: RegisteringOptions, target: Target | None, single: bool) -> Registration:
    """Choose motion and reference by pixels that are not fitted to; where none is better than none, nothing moves."""
    options = replace(options, mask=_mask_for(options.mask, source.info))
    taken, chosen = judge(source, options, _channel_of(options.channel, source.info), register)
    found = register(source, taken, target, single=single)
    if chosen.name == "none":
        found = exclude_motion(found)
    return replace(found, provenance={**found.provenance, "chosen": describe_choice(chosen)})


def _register_projected(source: Source, options: RegisteringOptions, target: Target | None) -> Registration:
    """Register projections of volumes, and give what was found for the volumes."""
    kind = str(options.project)
    motion = find_motion(options.motion)
    motion.lift(motion.identity(2)[None])  # refused before anything is read
    with ProjectedSource(source, kind) as projected:
        return lift(register(projected, replace(options, project=None), target), source.info, kind)


def _register_reduced(source: Source, options: RegisteringOptions, target: Target | None) -> Registration:
    """Register a binned, averaged copy, and give what was found for the frames as they are."""
    bin, average, info = 1 if options.bin is None else options.bin, options.average, source.info
    device = find_device(options.device, info.frame_shape, info.dtype, options.workers or available_cores())
    with ReducedSource(source, bin=bin, average=average, device=device) as reduced:
        # what cannot be told of the frames as they are is refused before anything is read
        enlarge(_stand_still(options.motion, reduced.info), bin, info.frame_shape)
        anchor = _anchor_of(options.reference, info) if average > 1 else None
        limit, speed = shift_limit(options.max_shift, info), speed_limit(options.max_speed, info)
        smaller = replace(
            options, bin=1, average=1, repair="interpolate",
            mask=reduced.reduce_mask(mask_of(options.mask)),
            reference=reduced.reduce_image(_reference_of(options.reference)) if anchor is None else anchor // average,
            max_shift=None if limit is None else tuple(np.broadcast_to(limit, info.ndim) / bin),
            refocus_at=_reduce_events(options.refocus_at, info, average),
            max_speed=None if speed is None else speed.reduce(bin=bin, average=average),
        )  # fmt: skip
        found = register(reduced, smaller, target)
    return expand(found, info, bin=bin, average=average, anchor=anchor).repair(options.repair)


def _reduce_events(events: Any, info: ImagesInfo, average: int) -> tuple[int, ...] | None:
    """Frames of the copy at which the focus was changed."""
    numbers = check_events(events, "template", info)
    return tuple(sorted({max(number // average, 1) for number in numbers})) or None


def _resolve_limits(options: RegisteringOptions, info: ImagesInfo) -> tuple[RegisteringOptions, Treating]:
    """The options with their limits in px, and what is done with estimates."""
    limit, speed = shift_limit(options.max_shift, info), speed_limit(options.max_speed, info)
    check_limits(limit, speed, info)
    return replace(options, max_shift=limit), replace(options.treating, speed=speed)


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


def _check_frames(info: ImagesInfo, single: bool) -> None:
    require_frames(info)
    if not single:
        require_sequence(info)


def _estimator_for(options: RegisteringOptions, info: ImagesInfo) -> Estimator:
    """The estimator that was asked for, if it fits the images."""
    find_motion(options.motion)  # an unknown name is told from one that the method does not estimate
    estimator = estimator_of(options.method, options.motion, options.max_shift)
    find_motion(estimator.motion).check(info.ndim)
    return estimator


def estimator_of(method: Any, motion: str, max_shift: Any) -> Estimator:
    """The estimator of that name, or the one that was given."""
    if isinstance(method, Estimator):
        if max_shift is not None or motion not in ("translation", method.motion):
            raise InputError(f"motion and max_shift are settings of {type(method).__name__}; set them there")
        return method
    if method == "auto":
        method = next((name for name in AUTO if motion in registry.find("methods", name).motions), AUTO[0])
    limit = shift_limit(max_shift)
    estimator: Estimator = registry.find("methods", method)(motion=motion, max_shift=limit)
    return estimator


def _reference_of(reference: Any) -> Any:
    """An image for a path, else what was given."""
    if isinstance(reference, Path) or (isinstance(reference, str) and ("." in reference or "/" in reference)):
        return read_image(reference)
    return reference


def mask_of(mask: Any) -> NDArray[np.bool_] | None:
    """True where the image, or that of a file, is above zero."""
    if mask is None:
        return None
    return np.asarray(read_image(mask) if isinstance(mask, (str, Path)) else mask) > 0


def _mask_for(mask: Any, info: ImagesInfo) -> NDArray[np.bool_] | None:
    """The mask that was given, if it fits the frames."""
    checked = mask_of(mask)
    if checked is None:
        return None
    if checked.shape != info.frame_shape:
        raise InputError(f"the mask has shape {checked.shape}, a frame of {info.name} {info.frame_shape}")
    if not checked.any():
        raise InputError("the mask excludes every pixel; True marks the pixels that count")
    return checked


def _channel_of(channel: int | str, info: ImagesInfo) -> int:
    """Number of a channel given by number or name."""
    known = ", ".join(info.channel_names) or f"0 to {info.n_channels - 1}"
    if isinstance(channel, str) and channel in info.channel_names:
        return info.channel_names.index(channel)
    if not isinstance(channel, int | np.integer) and not str(channel).isdigit():
        raise InputError(f"{info.name} has no channel {channel!r}; it has {known}")
    if not 0 <= int(channel) < info.n_channels:
        raise InputError(f"{info.name} has no channel {channel}; it has {known}")
    return int(channel)
