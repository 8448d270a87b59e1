"""Images corrected with a known motion: in memory, lazily, from file to file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from holdstill.contracts import Device, ImagesInfo, Progress, ReadingOptions, Sink, Source
from holdstill.engines.choosing import open_engine
from holdstill.engines.options import ComputingOptions
from holdstill.engines.plan import make_plan, parse_memory
from holdstill.engines.progress import open_progress
from holdstill.engines.records import Records
from holdstill.errors import InputError
from holdstill.io import create_sink
from holdstill.io.array import ArraySink, read_labels
from holdstill.io.axes import name_colours, sort_axes
from holdstill.io.canvas import place_on_canvas, round_to
from holdstill.io.chosen import ChosenSource
from holdstill.io.image import reading
from holdstill.io.inputs import check_apart
from holdstill.io.transposing import find_order, transpose
from holdstill.io.workspace import Workspace
from holdstill.resampling import write as writing
from holdstill.resampling.lazy import correct_lazily, like
from holdstill.resampling.records import resample_records
from holdstill.resampling.settings import Resampling
from holdstill.resampling.slide_options import SlideOptions
from holdstill.result import devices, slow
from holdstill.result.value import RegistrationValue
from holdstill.result.wording import count
from holdstill.transforms.trajectory import Trajectory

__all__ = ["apply_to_file", "apply_to_images", "apply_to_records", "check_fit", "leave_out", "write_corrected"]


def apply_to_images(
    found: RegistrationValue,
    images: Any,
    options: ReadingOptions,
    resampling: Resampling,
    computing: ComputingOptions,
    *,
    out: Any = None,
    repeat: bool = False,
) -> Any:
    """Images of the same kind, corrected; lazy where they are; into the array `out` where one is given."""
    options = _name_axes(found, images, options, repeat)
    axes = (options.axes or read_labels(images) or "").upper() if hasattr(images, "shape") else ""
    if list(order := find_order(axes)) != sorted(order):
        options = replace(options, axes=sort_axes(name_colours(axes)))
        into = None if out is None else transpose(out, order)
        seen = transpose(images, order)
        made = apply_to_images(found, seen, options, resampling, computing, out=into, repeat=repeat)
        return out if out is not None else _order_back(made, order)
    with reading(images, options) as opened:
        resampling = _check(found, opened, resampling, repeat)
        source, images = leave_out(found, opened), _leave_out_lazily(found, images)
        info = _resulting(found, source, resampling)
        if out is None and info.frame_shape == resampling.result(source.info).frame_shape:
            device = devices.find_device(computing.device, info.frame_shape, info.dtype)
            lazy = correct_lazily(images, source, _repeat(found, source), resampling, device)
            if lazy is not None:
                return lazy
        sink = ArraySink(info, out, given=_find_dtype(images, resampling))
        write_corrected(found, source, sink, resampling, computing)
        sink.finish()
    if out is not None:
        return out
    corrected = sink.array
    if isinstance(images, np.ndarray):
        if resampling.dtype is not None:
            return corrected
        return corrected.astype(images.dtype, copy=False)  # bool and float16 were computed as something else
    return like(images, corrected, resampling)


def apply_to_file(
    found: RegistrationValue,
    images: Any,
    out: str | Path,
    options: ReadingOptions,
    resampling: Resampling,
    computing: ComputingOptions,
    *,
    overwrite: bool,
    repeat: bool = False,
    workspace: Workspace | None = None,
) -> Path:
    """Write images, corrected, to a file whose suffix says the format; returns where they are.

    That is in the `workspace` of the file, if there is one, which gives them their name.
    """
    with reading(images, _name_axes(found, images, options, repeat)) as opened:
        resampling = _check(found, opened, resampling, repeat)
        source = leave_out(found, opened)
        if len(found) == 1 and slow.is_slide(source):
            check_fit(found, source, repeat=repeat)
            return slow.write_aligned(
                found, source, out, resampling, SlideOptions(), overwrite=overwrite, device=computing.device,
                workspace=workspace,
            )  # fmt: skip
        check_apart([out], source.files)
        with create_sink(out, _resulting(found, source, resampling), overwrite=overwrite, workspace=workspace) as sink:
            write_corrected(found, source, sink, resampling, computing)
            sink.note_shifts(found.shifts[found.kept])
            sink.finish()
    return Path(out) if workspace is None else sink.part


def apply_to_records(found: RegistrationValue, records: Records, resampling: Resampling) -> Any:
    """Records of Spark, corrected where they are when they are asked for."""
    resampling = _check(found, records, resampling, False)
    resampling.result(records.info)
    if not found.kept.all():
        raise InputError("records of Spark are corrected where they are, all of them; leave repair='drop' out")
    return resample_records(records, found.trajectory, resampling, devices.CpuDevice())


def leave_out(found: RegistrationValue, source: Source) -> Source:
    """The source without the frames that the result drops.

    Raises
    ------
    InputError
        None is left.
    """
    kept = found.kept
    if kept.all() or len(found) != source.info.n_frames:
        return source
    if not kept.any():
        raise InputError(f"{source.info.name}: all its frames are flagged, and repair='drop' leaves out all of them")
    return ChosenSource(source, np.flatnonzero(kept))


def write_corrected(
    found: RegistrationValue, source: Source, sink: Sink, resampling: Resampling, computing: ComputingOptions
) -> None:
    """Write an open source, which `leave_out` gave, corrected to a sink, which the caller finishes."""
    info = source.info
    as_registered = info.frame_shape == found.frame_shape
    with (
        open_engine(computing.engine, computing.workers, reads=source if as_registered else None) as engine,
        open_progress(computing.progress) as progress,
    ):
        device = devices.find_device(computing.device, info.frame_shape, info.dtype, engine.workers)
        if not as_registered:
            _write_resized(found, source, sink, resampling, device, progress)
            return
        memory = parse_memory(computing.memory)
        plan = make_plan(info, engine.workers, memory, block_bytes=source.block_bytes, learn=False)
        writing.apply(
            source, _repeat(found, source), sink, plan=plan, resampling=resampling, device=device,
            engine=engine.limit(plan.workers), progress=progress,
        )  # fmt: skip


def _write_resized(
    found: RegistrationValue, source: Source, sink: Sink, resampling: Resampling, device: Device, progress: Progress
) -> None:
    """Write images of another size than the reference, frame by frame, in the extent of the reference."""
    shape, info = found.frame_shape, source.info
    canvas = tuple(max(sides) for sides in zip(shape, info.frame_shape, strict=True))
    offset = (np.array(canvas) - np.array(shape)) / 2
    trajectory = _repeat(found, source).rescale(np.ones(len(shape)), offset, canvas)
    box = tuple(slice(0, n) for n in shape)
    for t in range(info.n_frames):
        frames = source.read(t, t + 1)
        placed = place_on_canvas(frames[0], canvas, resampling.edge)
        out = np.empty_like(placed)
        trajectory.part([t] * len(placed)).resample(
            device, placed, interpolation=resampling.interpolation, edge=resampling.edge, fill=np.nan, out=out
        )
        corrected = out[(slice(None), *box)]
        corrected = round_to(
            np.where(np.isfinite(corrected), corrected, resampling.fill), resampling.result(info).dtype
        )[None]
        kept = corrected if resampling.box is None else corrected[(slice(None), slice(None), *resampling.box)]
        sink.write(t, np.ascontiguousarray(kept))
        progress("apply", t + 1, info.n_frames)


def check_fit(found: RegistrationValue, source: Source, *, repeat: bool = False) -> None:
    """Raise InputError unless the images fit a result in number and shape of frames.

    One that was aligned with a reference of another size keeps its own; with `repeat` one transform is for all frames.
    """
    info = source.info
    shapes = (found.frame_shape, tuple(found.provenance.get("moving_shape", found.frame_shape)))
    if (info.n_frames == len(found) or (repeat and len(found) == 1)) and info.frame_shape in shapes:
        return
    hint = "; repeat=True applies one transform to all frames" if len(found) == 1 and info.frame_shape in shapes else ""
    if sorted((info.n_frames, *info.frame_shape)) == sorted((len(found), *shapes[1])):
        hint = "; where its axes stand in another order, name them again, as in axes='YXT'"
    raise InputError(
        f"{info.name} has {count(info.n_frames, 'frame')} of {_times(info.frame_shape)} px, this result {len(found)} "
        f"of {_times(shapes[1])}; apply it to images of the same length and shape{hint}"
    )


def _check(found: RegistrationValue, source: Source, resampling: Resampling, repeat: bool) -> Resampling:
    """The settings with the box to crop to, where all fits together."""
    check_fit(found, source, repeat=repeat)
    resampling.check(source.info.dtype)
    return resampling.crop_to(found.coverage) if resampling.crop else resampling


def _resulting(found: RegistrationValue, source: Source, resampling: Resampling) -> ImagesInfo:
    """What the corrected images are: of the extent of the reference, or of a box in it."""
    info = source.info
    lengths = dict(zip("ZYX"[-len(found.frame_shape) :], found.frame_shape, strict=True))
    shape = tuple(lengths.get(axis, n) for axis, n in zip(info.axes, info.shape, strict=True))
    return resampling.result(replace(info, shape=shape))


def _repeat(found: RegistrationValue, source: Source) -> Trajectory:
    """The transforms, the only one as often as there are frames."""
    n, kept = source.info.n_frames, found.kept
    if len(found) != n and kept.sum() == n:
        return found.trajectory.part(kept)
    return found.trajectory if len(found) == n else found.trajectory.repeat(n)


def _leave_out_lazily(found: RegistrationValue, images: Any) -> Any:
    """Images that know their axes without the frames that the result drops; others as they are."""
    kept = np.flatnonzero(found.kept)
    if len(kept) == len(found):
        return images
    if hasattr(images, "isel") and hasattr(images, "dims"):
        return images.isel({images.dims[0]: kept})
    return images[kept] if hasattr(images, "__dask_graph__") else images


def _name_axes(found: RegistrationValue, images: Any, options: ReadingOptions, repeat: bool) -> ReadingOptions:
    """Axes of a plain array that says none: as they were named or read for registering, or one frame, or a movie."""
    if options.axes is not None or not isinstance(images, np.ndarray):
        return options
    shape = tuple(found.provenance.get("moving_shape", found.frame_shape))
    frame = "ZYX"[-len(shape) :]
    known = str(found.provenance.get("axes", frame))
    coloured = f"{known.replace('C', '')}S" if "C" in known else ""
    reading = found.provenance.get("reading")
    named = str(reading.get("axes", "")).upper() if isinstance(reading, dict) else ""
    for axes in (named, known, coloured, frame, f"{frame}S", f"T{frame}"):
        lengths = dict(zip(axes, images.shape, strict=False))
        n_frames, space = lengths.get("T", 1), tuple(lengths.get(axis) for axis in frame)
        if len(axes) == images.ndim and space == shape and (n_frames == len(found) or repeat):
            return replace(options, axes=axes)
    return options


def _find_dtype(images: Any, resampling: Resampling) -> np.dtype[Any] | None:
    """Of an array, which bool and float16 are not computed as; None where another is asked for."""
    dtype = getattr(images, "dtype", None)
    return dtype if isinstance(dtype, np.dtype) and resampling.dtype is None else None


def _order_back(made: Any, order: tuple[int, ...]) -> Any:
    back = transpose(made, tuple(np.argsort(order).tolist()))
    return np.ascontiguousarray(back) if isinstance(back, np.ndarray) else back


def _times(shape: tuple[int, ...]) -> str:
    return " x ".join(str(n) for n in shape)
