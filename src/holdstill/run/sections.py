"""Stained sections and other unlike images: prepared as grey images, aligned, told in full-size pixels."""

from __future__ import annotations

import time
from dataclasses import asdict, replace
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import (
    Device,
    Estimates,
    Estimator,
    FloatArray,
    ImagesInfo,
    Reference,
    Source,
    Verdict,
    as_plain,
)
from holdstill.devices.choosing import DEVICES
from holdstill.devices.cpu import CpuDevice
from holdstill.errors import InputError, UnknownName
from holdstill.io.canvas import pad
from holdstill.methods.deformable import Deformable
from holdstill.methods.sections.field_fit import MOST_CELLS
from holdstill.methods.sections.local import FloatImage, bin_picture
from holdstill.methods.sections.staining import find_kind
from holdstill.resampling.slides import is_plane, is_volume
from holdstill.result.registration import Registration
from holdstill.run.options import RegisteringOptions, SectionOptions
from holdstill.run.outcome import make_picture
from holdstill.run.parts import channel_of, mask_of
from holdstill.run.section_images import (
    PRINT,
    Binned,
    choose_factor,
    choose_factors,
    prepare_grey,
    read_binned,
    read_volumes,
)
from holdstill.run.section_sizes import check_scale, read_scale
from holdstill.transforms.fields import BentAffine
from holdstill.transforms.motions.dense import DENSE
from holdstill.transforms.trajectory import Trajectory

__all__ = ["align_sections", "asks_for_sections", "choose_estimator", "choose_motion", "read_sections"]

ON_PROCESSOR = ("cpu", "plain", "auto")
# an image of so many channels may be one in colours
COLOURS = 3
METHOD = "deformable"
# control points are no nearer to each other, px of the copies
NEAREST_PX = 4.0
# of the pictures of a report
LARGEST_PX = 512
# the motion of `holdstill.align` where nobody says one
UNSAID = "affine"
TURNED = ("rigid", "similarity")
# what means nothing for two images
OF_MOVIES = ("reference", "max_speed", "smooth", "refocus_at", "scan", "average", "project")


def read_sections(
    fixed: Source, moving: Source, registering: RegisteringOptions, options: SectionOptions
) -> tuple[Binned, Binned] | None:
    """Two images, binned, if they are aligned as sections: where that is asked for, or both are stains on bright paper.

    None where they are not.

    Raises
    ------
    InputError
        Options of sections with a method that knows none, options of movies with sections, or no planes.
    UnknownName
        There is no such channel or device.
    """
    is_asked = asks_for_sections(registering, options)
    pair = (fixed, moving)
    if not is_asked and not _may_be_stains(pair, registering):
        return None
    if is_asked:
        _check_options(registering)
    if all(is_volume(source) for source in pair):
        return _read_volumes(fixed, moving, registering, options)
    for source in pair:
        if not is_plane(source):
            raise InputError(
                f"{source.info.name} has axes {source.info.axes}; sections are single planes, of any number of "
                "channels, or two single volumes"
            )
    factor = registering.bin or choose_factor(fixed, moving, level=options.level)
    first, second = (read_binned(source, factor, _choose_channel(registering, source)) for source in pair)
    if is_asked:
        return first, second
    if any(find_kind(one.planes, one.top) != "absorption" for one in (first, second)):
        return None
    _check_options(registering)
    return first, second


def _read_volumes(
    fixed: Source, moving: Source, registering: RegisteringOptions, options: SectionOptions
) -> tuple[Binned, Binned]:
    if options.level is not None:
        raise InputError("volumes have no levels to align on; leave level out")
    method = registering.method
    motion = method.motion if isinstance(method, Deformable) else registering.motion
    factors = choose_factors(fixed, moving, asked=registering.bin, is_turned=motion in TURNED)
    channels = _choose_channel(registering, fixed), _choose_channel(registering, moving)
    first, second = read_volumes(fixed, moving, channels, factors)
    return first, second


def _may_be_stains(pair: tuple[Source, Source], registering: RegisteringOptions) -> bool:
    """Whether two images, which nobody called sections, are planes in colours."""
    is_default = registering.method == "auto" and registering.channel is None
    return is_default and all(is_plane(one) and one.info.n_channels >= COLOURS for one in pair)


def asks_for_sections(registering: RegisteringOptions, options: SectionOptions) -> bool:
    """Whether the options can only mean sections. Raises InputError for options of sections with another method."""
    method, asked = registering.method, options != SectionOptions()
    if isinstance(method, Deformable) or method == METHOD or (method == "auto" and registering.motion == DENSE):
        return True
    if asked and (isinstance(method, Estimator) or method != "auto"):
        raise InputError(
            "prepare, allow_flip, allow_scale and level go with method='deformable'; leave them or the method out"
        )
    return asked


def _check_options(registering: RegisteringOptions) -> None:
    """Raise InputError or UnknownName for what sections make nothing of."""
    given, plain = registering.describe(), RegisteringOptions().describe()
    for name in OF_MOVIES:
        if given[name] != plain[name]:
            raise InputError(f"{name} goes with movies, not with two sections; leave it out")
    _ = registering.treating  # an unknown repair is told before anything is computed
    device = registering.device
    if not isinstance(device, Device) and device not in (*DEVICES, "auto"):
        raise UnknownName(f"there is no device {device!r}. Known: auto, {', '.join(DEVICES)}")
    if device not in ON_PROCESSOR and not isinstance(device, CpuDevice):
        raise InputError("sections are computed by the processor; leave device out")
    if registering.bin is not None and registering.bin < 1:
        raise InputError(f"bin={registering.bin}: at least one pixel becomes one; give 1 or more")


def _choose_channel(registering: RegisteringOptions, source: Source) -> int | None:
    """The channel to look at; None for all, where nobody named one."""
    return None if registering.channel is None else channel_of(registering.channel, source.info)


def align_sections(
    first: Binned, second: Binned, registering: RegisteringOptions, options: SectionOptions
) -> Registration:
    """Align two images, as `read_sections` gives them, of the same or another size."""
    began, started = datetime.now(UTC), time.perf_counter()
    fixed, moving, factors = prepare_grey(first, options.prepare), prepare_grey(second, options.prepare), first.factors
    told = read_scale(first.info, second.info) if len(factors) == 2 else 1.0
    estimator = choose_estimator(registering, options, factors)
    if told != 1.0 and not estimator.keeps_size:
        estimator = replace(estimator, scales=tuple(dict.fromkeys((*estimator.scales, told, 1 / told))))
    grey = _leave_out(fixed.image, mask_of(registering.mask), first.shape, factors)
    canvas = tuple(max(sides) for sides in zip(grey.shape, moving.image.shape, strict=True))
    if estimator.motion == DENSE:
        spacing = max(NEAREST_PX, (max(canvas) - 1) / MOST_CELLS[len(canvas)])
        estimator = replace(estimator, motion=f"{DENSE}:{spacing:.6g}px")
    state = estimator.prepare(Reference(image=pad(grey, canvas, np.nan)), CpuDevice())
    found = estimator.estimate(state, pad(moving.image, canvas, np.nan)[None], CpuDevice())
    if PRINT in (fixed.kind, moving.kind) and found.verdicts[0] is not Verdict.BLANK:
        # labels of one layout agree, whatever is written on them
        found = replace(found, verdicts=(Verdict.MISMATCH,))
    trajectory = _enlarge(found, estimator.motion, canvas, first.shape, factors)
    info = second.info
    provenance = {
        "version": version("holdstill"), "input": info.name, "axes": info.axes,
        "shape": list(info.shape), "dtype": str(info.dtype), "method": type(estimator).__name__,
        "settings": as_plain(asdict(estimator)), "reference": "image", "channel": registering.channel, "device": "cpu",
        "prepared": [fixed.kind, moving.kind], "binned": factors[-1], "moving_shape": list(second.shape),
        "fixed_pixel_size_um": list(first.info.pixel_size_um),
        "options": {**registering.describe(), **options.describe()}, "created": began.isoformat(timespec="seconds"),
        "seconds": {"frames": round(time.perf_counter() - started, 4)},
    }  # fmt: skip
    if found.good.all():
        way = trajectory.transform(0)
        check_scale(told, way, first.info, info, is_free=estimator.allow_scale)
        if isinstance(way, BentAffine):
            provenance["smallest_jacobian"] = round(way.smallest_determinant, 4)
    result = _tell(found, trajectory, provenance, info)
    result = replace(result, images=_show(grey, moving.image, found, estimator.motion, canvas))
    return result if registering.repair == "interpolate" else result.repair(registering.repair)


def _tell(found: Estimates, trajectory: Trajectory, provenance: dict[str, Any], moving: ImagesInfo) -> Registration:
    """The result; where nothing could be found the image is not moved."""
    estimates = trajectory.parameters
    known = np.asarray(np.isfinite(estimates).all(axis=1))
    still = trajectory.motion.identity(trajectory.ndim)
    used = np.where((known & found.good)[:, None], estimates, still)
    return Registration.of_trajectory(
        Trajectory(trajectory.motion, used, trajectory.shape), found.verdicts, estimates=estimates,
        scores=found.scores, provenance=provenance, pixel_size_um=moving.pixel_size_um,
    )  # fmt: skip


def choose_motion(motion: str | None, method: Any) -> str:
    """What is asked for; where nothing is, the motion of an estimator that is given, else affine."""
    return motion or (method.motion if isinstance(method, Estimator) else UNSAID)


def choose_estimator(registering: RegisteringOptions, options: SectionOptions, factors: tuple[int, ...]) -> Deformable:
    """The method for copies of which so many pixels became one along each axis. Raises InputError."""
    method, motion = registering.method, registering.motion
    if isinstance(method, Deformable):
        if motion not in (UNSAID, method.motion) or registering.max_shift is not None:
            raise InputError("motion and max_shift are settings of Deformable; set them there")
        if (options.allow_flip, options.allow_scale) != (SectionOptions().allow_flip, SectionOptions().allow_scale):
            raise InputError("allow_flip and allow_scale are settings of Deformable; set them there")
        return replace(method, max_shift=_scale_limit(method.max_shift, factors))
    limit = registering.max_shift
    if isinstance(limit, str) or (isinstance(limit, tuple) and any(isinstance(each, str) for each in limit)):
        raise InputError(f"max_shift of sections is in px, not {limit!r}")
    return Deformable(
        motion=motion, max_shift=_scale_limit(limit, factors), allow_flip=options.allow_flip,
        allow_scale=options.allow_scale,
    )  # fmt: skip


def _scale_limit(limit: Any, factors: tuple[int, ...]) -> tuple[float, ...] | None:
    """The limit of a copy of which so many pixels became one, for each axis."""
    if limit is None:
        return None
    given = [float(each) for each in np.atleast_1d(np.asarray(limit, np.float64))]
    given = given * len(factors) if len(given) == 1 else given
    if len(given) != len(factors):
        raise InputError(f"max_shift={limit}: give one number, or one for each of {len(factors)} axes")
    return tuple(each / factor for each, factor in zip(given, factors, strict=True))


def _leave_out(
    grey: FloatImage, mask: NDArray[np.bool_] | None, shape: tuple[int, ...], factors: tuple[int, ...]
) -> FloatImage:
    """The grey image where the mask, of the whole fixed image, says that it counts."""
    if mask is None:
        return grey
    if mask.shape != shape:
        raise InputError(f"the mask has shape {mask.shape}, the fixed image {shape}")
    return np.where(bin_picture(mask.astype(np.float32), factors) >= 0.5, grey, np.nan).astype(np.float32)


def _enlarge(
    found: Estimates, motion: str, canvas: tuple[int, ...], shape: tuple[int, ...], factors: tuple[int, ...]
) -> Trajectory:
    """What was found of binned images on a canvas, told in pixels of the fixed image as it is."""
    sizes = np.array(factors, np.float64)
    offset = ((np.array(shape) - 1) / 2 - (sizes - 1) / 2) / sizes - (np.array(canvas) - 1) / 2
    scale: FloatArray = 1 / sizes
    known = np.asarray(np.isfinite(found.parameters).all(axis=1))
    small = Trajectory.of(motion, found.parameters, canvas)
    filled = np.where(known[:, None], small.parameters, small.motion.identity(len(canvas)))
    large = Trajectory(small.motion, filled, canvas).rescale(scale, offset, shape)
    parameters = np.where(known[:, None], large.parameters, np.nan)
    return Trajectory(large.motion, parameters, shape)


def _show(
    grey: FloatImage, moving: FloatImage, found: Estimates, motion: str, canvas: tuple[int, ...]
) -> dict[str, FloatImage]:
    """Pictures for the report: the fixed image, and in its frame the moving one as it is and aligned."""
    there = tuple(slice(n) for n in grey.shape)
    before = pad(moving, canvas, np.nan)
    pictures = {"reference": grey, "mean_before": before[there]}
    if found.good.all():
        aligned = np.empty((1, *canvas), np.float32)
        Trajectory.of(motion, found.parameters, canvas).resample(
            CpuDevice(), before[None], interpolation="linear", edge="constant", fill=np.nan, out=aligned
        )
        pictures["mean_after"] = aligned[0][there]
    if grey.ndim == 3:
        return {name: make_picture(image, LARGEST_PX) for name, image in pictures.items()}
    step = max(1, -(-max(grey.shape) // LARGEST_PX))
    return {name: bin_picture(image, step) for name, image in pictures.items()}
