"""From what options name to what a run works with: an estimator, an image, a mask, a channel, limits in px."""

from __future__ import annotations

import warnings
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Estimator, ImagesInfo, Source
from holdstill.errors import InputError
from holdstill.io import require_frames, require_sequence
from holdstill.io.colours import see_colours, see_image
from holdstill.io.image import read_image
from holdstill.run import registry
from holdstill.run.limits import check_limits, shift_limit, speed_limit
from holdstill.run.options import GRID_PX, LINE_AXIS, RegisteringOptions
from holdstill.run.timing import time_lines
from holdstill.transforms.motions import find_motion
from holdstill.transforms.motions.piecewise import LEAST_SPACING_PX
from holdstill.transforms.treatment import Treating

__all__ = [
    "channel_of",
    "check_frames",
    "colours_of",
    "estimator_for",
    "estimator_of",
    "mask_for",
    "mask_of",
    "reference_of",
    "resolve_limits",
    "see",
]

# the method that is taken if none is named: the first that finds the motion
AUTO = ("direct", "cross_correlation", "piecewise", "lines", "optical_flow")


def resolve_limits(options: RegisteringOptions, info: ImagesInfo) -> tuple[RegisteringOptions, Treating]:
    """The options with their limits in px, and what is done with estimates."""
    limit, speed = shift_limit(options.max_shift, info), speed_limit(options.max_speed, info)
    check_limits(limit, speed, info)
    return replace(options, max_shift=limit), replace(options.treating, max_speed=speed)


def check_frames(info: ImagesInfo, single: bool) -> None:
    """Raise InputError unless the frames can be registered, and are several where one is not enough."""
    require_frames(info)
    if not single:
        require_sequence(info)


def estimator_for(options: RegisteringOptions, info: ImagesInfo) -> Estimator:
    """The estimator that was asked for, if it fits the images."""
    find_motion(options.motion)  # an unknown name is told from one that the method does not estimate
    estimator = estimator_of(
        options.method, options.motion, options.max_shift, options.grid, options.line_axis, options.line_time
    )
    _check_grid(getattr(estimator, "grid", None), info)
    find_motion(estimator.motion).check(info.ndim)
    if estimator.bends:
        _tell_short_axes(estimator, info)
    return time_lines(estimator, options, info)


def _tell_short_axes(estimator: Estimator, info: ImagesInfo) -> None:
    """Warn where frames are shorter than the distance of control points; where each axis has its own it is meant."""
    grid, shape = getattr(estimator, "grid", ()), " x ".join(map(str, info.frame_shape))
    told = f"{info.name}: its frames of {shape} px are"
    if find_motion(estimator.motion, info.frame_shape).count_parameters(info.ndim) == info.ndim:
        warnings.warn(
            f"{told} smaller than the distance of control points, so that they move as a whole; take a grid below "
            f"{max(info.frame_shape)}",
            stacklevel=3,
        )
    elif not isinstance(grid, tuple) and not hasattr(estimator, "line_axis"):
        axes = dict(zip("zyx"[-info.ndim :], info.frame_shape, strict=True))
        short = [axis for axis, n in axes.items() if LEAST_SPACING_PX <= n < grid]
        if short:
            follows, meant = (
                ", ".join(f"{n if axis in chosen else grid:g}" for axis, n in axes.items()) for chosen in (short, ())
            )
            warnings.warn(
                f"{told} shorter than the distance of control points along {' and '.join(short)}, where nothing bends "
                f"then; grid=({follows}) or less follows that, and grid=({meant}) says that this is meant",
                stacklevel=3,
            )


def _check_grid(grid: Any, info: ImagesInfo) -> None:
    """Raise InputError for several distances that are not one for each axis."""
    if isinstance(grid, tuple | list) and len(grid) not in (1, info.ndim):
        axes = ", ".join("zyx"[-info.ndim :])
        raise InputError(
            f"grid {grid} has {len(grid)} distances; {info.name} has the axes {axes}: give one, or one each"
        )


def estimator_of(
    method: Any,
    motion: str,
    max_shift: Any,
    grid: float | tuple[float, ...] = GRID_PX,
    line_axis: str = LINE_AXIS,
    line_time: Any = None,
) -> Estimator:
    """The estimator of that name, or the one that was given."""
    asked = (max_shift is None, grid == GRID_PX, line_axis == LINE_AXIS, not line_time)
    if isinstance(method, Estimator):
        if not all(asked) or motion not in ("translation", method.motion):
            raise InputError(
                f"motion, max_shift, line_axis, line_time and grid are settings of {type(method).__name__}; set them "
                "there"
            )
        return method
    if method == "auto":
        method = next((name for name in AUTO if motion in registry.find("methods", name).motions), AUTO[0])
    kind = registry.find("methods", method)
    settings: dict[str, Any] = {"motion": motion, "max_shift": shift_limit(max_shift)}
    known = {each.name for each in fields(kind)}
    if "line_axis" in known:
        settings |= {"line_axis": line_axis, "line_time": line_time}
    elif line_axis != LINE_AXIS:
        raise InputError(f"line_axis is the axis of the lines of motion 'lines'; '{motion}' has none")
    elif line_time:
        raise InputError(f"line_time is the time of a line of motion 'lines'; '{motion}' has none")
    if "grid" in known:
        settings["grid"] = tuple(grid) if isinstance(grid, list) else grid
    elif grid != GRID_PX:
        raise InputError(
            f"grid is the distance of the control points of motion 'piecewise' and 'lines'; '{motion}' has none"
        )
    _check_motion(kind, motion)
    estimator: Estimator = kind(**settings)
    return estimator


def _check_motion(kind: type[Estimator], motion: str) -> None:
    """Raise InputError for a motion that a method does not estimate and others do."""
    family = motion.partition(":")[0] if isinstance(motion, str) else find_motion(motion).name
    if family in kind.motions:
        return
    others = [name for name in registry.names("methods") if family in registry.find("methods", name).motions]
    if others:
        known = " or ".join(map(repr, others))
        raise InputError(f"{kind.__name__} does not estimate motion {motion!r}; take method={known}, or leave it out")


def reference_of(reference: Any, channel: int | str | None, info: ImagesInfo) -> Any:
    """An image for a path, and for one in colours what frames are compared by; else what was given."""
    if isinstance(reference, Path) or (isinstance(reference, str) and ("." in reference or "/" in reference)):
        reference = read_image(reference, coloured=True)
    if info.ndim != 2 or not isinstance(reference, np.ndarray):
        return reference
    return see_image(reference, channel_of(channel, info) if channel is not None and info.n_colours else None)


def mask_of(mask: Any) -> NDArray[np.bool_] | None:
    """True where the image, or that of a file, is above zero."""
    if mask is None:
        return None
    return np.asarray(read_image(mask) if isinstance(mask, (str, Path)) else mask) > 0


def mask_for(mask: Any, info: ImagesInfo) -> NDArray[np.bool_] | None:
    """The mask that was given, if it fits the frames."""
    checked = mask_of(mask)
    if checked is None:
        return None
    if checked.shape != info.frame_shape:
        raise InputError(f"the mask has shape {checked.shape}, a frame of {info.name} {info.frame_shape}")
    if not checked.any():
        raise InputError("the mask excludes every pixel; True marks the pixels that count")
    return checked


def colours_of(channel: int | str | None, info: ImagesInfo) -> int:
    """How many colours are seen as their mean: all of them where no channel is named."""
    return info.n_colours if channel is None else 0


def see(source: Source, channel: int | str | None) -> tuple[Source, int]:
    """What motion is estimated on, and which of its channels."""
    return see_colours(source, colours_of(channel, source.info)), channel_of(channel, source.info)


def channel_of(channel: int | str | None, info: ImagesInfo) -> int:
    """Number of a channel given by number, from 0, or name; the first where none is, see `colours_of`."""
    if channel is None:
        return 0
    known = ", ".join(info.channel_names) or (f"0 to {info.n_channels - 1}" if info.n_channels > 1 else "0 alone")
    if isinstance(channel, str) and channel in info.channel_names:
        return info.channel_names.index(channel)
    told = str(channel)
    if not (isinstance(channel, int | np.integer) or (told.isascii() and told.isdecimal())):
        raise InputError(f"{info.name} has no channel {channel!r}; it has {known}")
    if not 0 <= int(channel) < info.n_channels:
        raise InputError(f"{info.name} has no channel {channel}; it has {known}")
    return int(channel)
