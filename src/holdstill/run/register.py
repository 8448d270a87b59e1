"""From what callers give, by name, number, path or value, to a registration of an open source."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from holdstill.contracts import ImagesInfo, Sink, Source
from holdstill.devices.choosing import find_device
from holdstill.engines.plan import parse_memory
from holdstill.engines.threads import available_cores
from holdstill.errors import InputError
from holdstill.io import require_frames, require_sequence
from holdstill.io.image import read_image
from holdstill.resampling.write import Progress, Resampling
from holdstill.result.registration import Registration
from holdstill.run import registry
from holdstill.run.checkpoint import Checkpoint
from holdstill.run.estimators import find_estimator
from holdstill.run.fit import FittingEstimator
from holdstill.run.projection import LIFTED, ProjectedSource, lift
from holdstill.run.reduction import ReducedSource, expand
from holdstill.transforms.motions import find_motion
from holdstill.transforms.planes import PLANES

__all__ = ["estimator_of", "mask_of", "run", "run_records"]

RECORD_SHAPE = (512, 512)


def run(
    source: Source,
    sink: Sink | None,
    resampling: Resampling | None,
    *,
    motion: str = "translation",
    method: str | FittingEstimator = "auto",
    reference: Any = "template",
    channel: int | str = 0,
    mask: ArrayLike | str | Path | None = None,
    max_shift: float | tuple[float, ...] | None = None,
    device: str = "cpu",
    engine: Any = "threads",
    workers: int | None = None,
    progress: bool | Progress = False,
    bin: int = 1,
    average: int = 1,
    project: str | None = None,
    memory: str | int | None = None,
    single: bool = False,
    checkpoint: Checkpoint | None = None,
) -> Registration:
    """Register an open source and, given a sink, write it corrected; the options are those of `holdstill.register`."""
    if bin != 1 or average != 1 or project is not None:
        return _register_reduced(
            source, bin, average, project, motion=motion, method=method, reference=reference, channel=channel,
            mask=mask, max_shift=max_shift, device=device, engine=engine, workers=workers, progress=progress,
            checkpoint=checkpoint, memory=memory,
        )  # fmt: skip
    require_frames(source.info)
    if not single:
        require_sequence(source.info)
    find_motion(motion)  # an unknown name is told from one that the method does not estimate
    estimator = estimator_of(method, motion, max_shift)
    find_motion(estimator.motion).check(source.info.ndim)
    settings: dict[str, Any] = {
        "channel": _channel_of(channel, source.info), "mask": mask_of(mask), "memory": parse_memory(memory),
        "progress": progress if callable(progress) else None,
    }  # fmt: skip
    with registry.open_engine(engine, workers) as opened:
        where = find_device(device, source.info.frame_shape, source.info.dtype, getattr(opened, "workers", 1))
        return estimator.fit(
            source, _reference_of(reference), device=where, engine=opened, sink=sink, resampling=resampling,
            checkpoint=checkpoint, **settings,
        )  # fmt: skip


def run_records(
    records: Any, *, motion: str, method: Any, reference: Any, mask: Any, max_shift: Any, device: str, memory: Any
) -> Registration:
    """Register a Spark collection of (key, array) records where they are."""
    estimator = estimator_of(method, motion, max_shift)
    where = find_device(device, RECORD_SHAPE, np.uint16)  # what they are is known to the workers
    return estimator.fit(
        records, _reference_of(reference), mask=mask_of(mask), device=where, memory=parse_memory(memory)
    )


def _register_reduced(source: Source, bin: int, average: int, project: str | None, **options: Any) -> Registration:
    """Register a projected, binned, averaged copy, and tell what was found of the frames as they are."""
    if project is not None:
        if options["motion"] not in LIFTED:
            raise InputError(f"motion {options['motion']!r} does not go with project; choose {', '.join(LIFTED)}")
        with ProjectedSource(source, project) as projected:
            return lift(run(projected, None, None, bin=bin, average=average, **options), source.info, project)
    device = find_device(
        options["device"], source.info.frame_shape, source.info.dtype, options["workers"] or available_cores()
    )
    if options["motion"] in PLANES:
        raise InputError(f"motion {options['motion']!r} is of single planes; leave out bin")
    with ReducedSource(source, bin=bin, average=average, device=device) as reduced:
        mask = mask_of(options.pop("mask"))
        if mask is not None and mask.shape == source.info.frame_shape and bin > 1:
            mask = device.bin(mask[None].astype(np.uint8), (bin,) * mask.ndim)[0] > 0.5
        reference = _reference_of(options.pop("reference"))
        if isinstance(reference, np.ndarray) and reference.shape == source.info.frame_shape and bin > 1:
            reference = device.bin(reference[None].astype(np.float32), (bin,) * reference.ndim)[0]
        largest = options.pop("max_shift")
        smaller = None if largest is None else tuple(np.broadcast_to(largest, source.info.ndim) / bin)
        # a frame's number is that of the movie as it is, and shifts are relative to that very frame
        anchor = 0 if isinstance(reference, str) and reference == "first" else reference
        anchor = int(anchor) % source.info.n_frames if isinstance(anchor, int | np.integer) else None
        if anchor is not None and average > 1:
            reference = anchor // average
        found = run(reduced, None, None, mask=mask, reference=reference, max_shift=smaller, **options)
    return expand(found, source.info, bin=bin, average=average, anchor=anchor if average > 1 else None)


def estimator_of(method: Any, motion: str, max_shift: float | tuple[float, ...] | None) -> FittingEstimator:
    """The estimator of that name, or the one that was given."""
    if isinstance(method, FittingEstimator):
        if max_shift is not None or motion not in ("translation", method.motion):
            raise InputError(f"motion and max_shift are settings of {type(method).__name__}; set them there")
        return method
    if method == "auto":
        method = "cross_correlation" if motion in PLANES else "direct"
    estimator: FittingEstimator = find_estimator(method)(motion=motion, max_shift=max_shift)
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
