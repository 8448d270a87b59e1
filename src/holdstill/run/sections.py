"""Stained sections and other unlike images: prepared as grey images, aligned, told in full-size pixels."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Estimates, Estimator, FloatArray, Reference, Source, as_plain
from holdstill.devices.cpu import CpuDevice
from holdstill.errors import InputError
from holdstill.io.canvas import pad
from holdstill.methods.deformable import Deformable
from holdstill.methods.sections.local import FloatImage, bin_picture
from holdstill.methods.sections.staining import find_kind, prepare_section
from holdstill.result.registration import Registration
from holdstill.run.options import RegisteringOptions, SectionOptions
from holdstill.run.parts import mask_of
from holdstill.transforms.fields import BentAffine
from holdstill.transforms.motions.dense import DENSE
from holdstill.transforms.trajectory import Trajectory

__all__ = ["align_sections", "choose_estimator", "wants_sections"]

# sections are aligned on copies that are at least so many px long, and less than twice that: beyond it neighbouring
# sections of tissue show different cells
WORKING_PX = 1024
METHOD = "deformable"
# the motion of `holdstill.align` where nobody says one
UNSAID = "affine"


@dataclass(frozen=True, eq=False)
class _Section:
    """One image, prepared: grey, NaN beside the slide, binned; and what it was."""

    grey: FloatImage
    kind: str
    shape: tuple[int, ...]


def wants_sections(fixed: Source, moving: Source, registering: RegisteringOptions, options: SectionOptions) -> bool:
    """Whether two images are aligned as sections: where it is asked for, or both are stains on bright paper.

    Raises
    ------
    InputError
        Options of sections with a method that knows none.
    """
    method, asked = registering.method, options != SectionOptions()
    if isinstance(method, Deformable) or method == METHOD or (method == "auto" and registering.motion == DENSE):
        return True
    if asked and (isinstance(method, Estimator) or method != "auto"):
        raise InputError(
            "prepare, allow_flip and allow_scale go with method='deformable'; leave them or the method out"
        )
    if asked:
        return True
    if method != "auto" or str(registering.channel) != "0":
        return False
    return _is_plane(fixed) and _is_plane(moving) and all(_find_kind(one) == "absorption" for one in (fixed, moving))


def align_sections(
    fixed: Source, moving: Source, registering: RegisteringOptions, options: SectionOptions
) -> Registration:
    """Align two images as sections, of the same or another size."""
    began, started = datetime.now(UTC), time.perf_counter()
    for source in (fixed, moving):
        if not _is_plane(source):
            raise InputError(
                f"{source.info.name} has axes {source.info.axes}; sections are single planes, of any number of channels"
            )
    shapes = fixed.info.frame_shape, moving.info.frame_shape
    factor = max(1, max(max(shape) for shape in shapes) // WORKING_PX)
    estimator = choose_estimator(registering, options, factor)
    first, second = (_prepare(source, options.prepare, factor) for source in (fixed, moving))
    grey = _leave_out(first.grey, mask_of(registering.mask), shapes[0], factor)
    canvas = tuple(max(sides) for sides in zip(grey.shape, second.grey.shape, strict=True))
    state = estimator.prepare(Reference(image=pad(grey, canvas, np.nan)), CpuDevice())
    found = estimator.estimate(state, pad(second.grey, canvas, np.nan)[None], CpuDevice())
    trajectory = _enlarge(found, estimator.motion, canvas, shapes[0], factor)
    provenance = {
        "version": version("holdstill"), "input": moving.info.name, "axes": moving.info.axes,
        "shape": list(moving.info.shape), "dtype": str(moving.info.dtype), "method": type(estimator).__name__,
        "settings": as_plain(asdict(estimator)), "reference": "image", "channel": 0, "device": "cpu",
        "prepared": [first.kind, second.kind], "binned": factor, "moving_shape": list(shapes[1]),
        "options": {**registering.describe(), **options.describe()}, "created": began.isoformat(timespec="seconds"),
        "seconds": {"frames": round(time.perf_counter() - started, 4)},
    }  # fmt: skip
    if found.good.all() and isinstance(way := trajectory.transform(0), BentAffine):
        provenance["smallest_jacobian"] = round(way.smallest_determinant, 4)
    return _tell(found, trajectory, provenance, moving, _picture(grey))


def _tell(
    found: Estimates, trajectory: Trajectory, provenance: dict[str, Any], moving: Source, reference: FloatImage
) -> Registration:
    """The result; where nothing could be found the image is not moved."""
    estimates = trajectory.parameters
    known = np.asarray(np.isfinite(estimates).all(axis=1))
    still = trajectory.motion.identity(trajectory.ndim)
    used = np.where((known & found.good)[:, None], estimates, still)
    return Registration.of_trajectory(
        Trajectory(trajectory.motion, used, trajectory.shape), found.verdicts, estimates=estimates,
        scores=found.scores, provenance=provenance, images={"reference": reference},
        pixel_size_um=moving.info.pixel_size_um,
    )  # fmt: skip


def choose_estimator(registering: RegisteringOptions, options: SectionOptions, factor: int) -> Deformable:
    """The method for copies of which `factor` pixels became one along each axis. Raises InputError."""
    method, motion = registering.method, registering.motion
    if isinstance(method, Deformable):
        if motion not in (UNSAID, method.motion) or registering.max_shift is not None:
            raise InputError("motion and max_shift are settings of Deformable; set them there")
        if (options.allow_flip, options.allow_scale) != (SectionOptions().allow_flip, SectionOptions().allow_scale):
            raise InputError("allow_flip and allow_scale are settings of Deformable; set them there")
        return replace(method, max_shift=_scale_limit(method.max_shift, factor))
    limit = registering.max_shift
    if isinstance(limit, str) or (isinstance(limit, tuple) and any(isinstance(each, str) for each in limit)):
        raise InputError(f"max_shift of sections is in px, not {limit!r}")
    return Deformable(
        motion=motion, max_shift=_scale_limit(limit, factor), allow_flip=options.allow_flip,
        allow_scale=options.allow_scale,
    )  # fmt: skip


def _scale_limit(limit: Any, factor: int) -> tuple[float, ...] | None:
    """The limit of a copy of which so many pixels became one, for each axis."""
    if limit is None:
        return None
    scaled = [float(each) / factor for each in np.atleast_1d(np.asarray(limit, np.float64))]
    return tuple(scaled * 2 if len(scaled) == 1 else scaled)


def _is_plane(source: Source) -> bool:
    return source.info.n_frames == 1 and len(source.info.frame_shape) == 2


def _find_kind(source: Source) -> str:
    planes = _read(source, max(1, max(source.info.frame_shape) // 256))
    return find_kind(planes, _find_top(source, planes))


def _find_top(source: Source, planes: NDArray[np.float32]) -> float:
    """The grey of paper: the top of the range of integers, of floats the largest there is."""
    dtype = source.info.dtype
    return float(np.iinfo(dtype).max) if dtype.kind in "ui" else max(float(np.nanmax(planes, initial=0.0)), 1e-12)


def _read(source: Source, step: int = 1) -> NDArray[np.float32]:
    """All channels, (channels, y, x); of every `step` pixels along each axis one."""
    return np.asarray(source.read(0, 1)[0][..., ::step, ::step], np.float32)


def _prepare(source: Source, prepare: str, factor: int) -> _Section:
    planes = _read(source)
    binned = np.stack([bin_picture(plane, factor) for plane in planes])
    if prepare == "none":
        return _Section(binned[0], "none", source.info.frame_shape)
    kind = find_kind(binned, _find_top(source, binned)) if prepare == "auto" else prepare
    return _Section(prepare_section(binned, kind), kind, source.info.frame_shape)


def _leave_out(grey: FloatImage, mask: NDArray[np.bool_] | None, shape: tuple[int, ...], factor: int) -> FloatImage:
    """The grey image where the mask, of the whole fixed image, says that it counts."""
    if mask is None:
        return grey
    if mask.shape != shape:
        raise InputError(f"the mask has shape {mask.shape}, the fixed image {shape}")
    return np.where(bin_picture(mask.astype(np.float32), factor) >= 0.5, grey, np.nan).astype(np.float32)


def _enlarge(found: Estimates, motion: str, canvas: tuple[int, ...], shape: tuple[int, ...], factor: int) -> Trajectory:
    """What was found of binned images on a canvas, told in pixels of the fixed image as it is."""
    offset = ((np.array(shape) - 1) / 2 - (factor - 1) / 2) / factor - (np.array(canvas) - 1) / 2
    scale: FloatArray = np.full(len(shape), 1 / factor)
    known = np.asarray(np.isfinite(found.parameters).all(axis=1))
    small = Trajectory.of(motion, found.parameters, canvas)
    filled = np.where(known[:, None], small.parameters, small.motion.identity(len(canvas)))
    large = Trajectory(small.motion, filled, canvas).rescale(scale, offset, shape)
    parameters = np.where(known[:, None], large.parameters, np.nan)
    return Trajectory(large.motion, parameters, shape)


def _picture(grey: FloatImage) -> FloatImage:
    return bin_picture(grey, max(1, int(np.ceil(max(grey.shape) / 512))))
