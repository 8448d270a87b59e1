"""How far and how fast frames may move: numbers in px, text with a unit, both told in px of the images at hand."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np

from holdstill.contracts import Estimates, ImagesInfo, Verdict
from holdstill.errors import InputError
from holdstill.io.ome_xml import MICROMETRES, SECONDS
from holdstill.transforms.speed import Speed, find_unsupported
from holdstill.transforms.trajectory import Trajectory

__all__ = ["check_length", "check_limits", "flag_fast", "shift_limit", "speed_limit"]

QUANTITY = re.compile(r"\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*([^\s\d/.,][^\s/,]*)?\s*(?:/\s*(\S+))?\s*")
EXAMPLES = {"max_shift": "20, 3um or 20,40", "max_speed": "2 (px per frame), 0.2um/s or 5px/s"}


def shift_limit(limit: Any, info: ImagesInfo | None = None) -> tuple[float, ...] | float | None:
    """`max_shift` in px: a number, text such as ``"3um"``, or one of them for each axis.

    Raises
    ------
    InputError
        It is none, or the images do not say how large a pixel is.
    """
    if not any(isinstance(one, str) for one in _split(limit)):
        return limit  # numbers: the estimators refuse those that do not fit
    parts = [_quantity("max_shift", one) for one in _split(limit)]
    if any(per for _, _, per in parts):
        raise InputError(f"max_shift {limit!r} is a speed; give a length as {EXAMPLES['max_shift']}, or max_speed")
    return _in_px("max_shift", limit, [(number, unit) for number, unit, _ in parts], info)


def check_length(text: str) -> None:
    """Raise InputError where a text is not a length or one for each axis, whatever images it will be of."""
    for each in _split(text):
        _, unit, per = _quantity("max_shift", each)
        if per or (unit not in ("", "px") and unit not in MICROMETRES):
            raise InputError(f"max_shift {text!r} is not a length; give it as {EXAMPLES['max_shift']}")


def speed_limit(limit: Any, info: ImagesInfo) -> Speed | None:
    """`max_speed` in px of each axis: a number of px per frame, text such as ``"0.2um/s"``, or one for each axis.

    Raises
    ------
    InputError
        It is none, or the images do not say how large a pixel is or when frames were taken.
    """
    if limit is None or isinstance(limit, Speed):
        return limit
    if isinstance(limit, int | float | np.number):
        return Speed(px=(float(_require_positive("max_speed", limit)),) * info.ndim, text=f"{limit} px/frame")
    parts = [_quantity("max_speed", one) for one in _split(limit)]
    ticks = {per or "frame" for _, _, per in parts}
    per = ticks.pop()
    if ticks or (per not in ("frame", "px") and per not in SECONDS) or any(unit and not p for _, unit, p in parts):
        raise InputError(f"max_speed {limit!r} is not a speed; give it as {EXAMPLES['max_speed']}")
    per_second = per in SECONDS
    if per_second and info.frame_times is None:
        raise InputError(f"max_speed {limit!r}: {info.name} does not say when its frames were taken; give px per frame")
    px = _in_px("max_speed", limit, [(number, unit) for number, unit, _ in parts], info)
    each = np.broadcast_to(px, info.ndim) / (SECONDS[per] if per_second else 1.0)
    return Speed(px=tuple(each.tolist()), per_second=per_second, text=str(limit))


def check_limits(max_shift: Any, speed: Speed | None, info: ImagesInfo) -> None:
    """Raise InputError where the limits contradict each other: a speed that no two frames could ever exceed."""
    if speed is None or max_shift is None:
        return
    steps = np.ones(1) if not speed.per_second or info.frame_times is None else np.diff(info.frame_times)
    farthest = 2 * np.broadcast_to(max_shift, info.ndim)
    if steps.size and (np.array(speed.px) * steps.min() >= farthest).all():
        raise InputError(
            f"max_speed {speed.text} never comes to bear: with max_shift {max_shift} px no two frames differ by more; "
            "leave one of them out"
        )


def flag_fast(everything: Estimates, found: Trajectory, info: ImagesInfo, speed: Speed) -> Estimates:
    """Estimates of which those beyond the speed, that no neighbour bears out, are called ``mismatch``.

    Raises
    ------
    InputError
        No two frames keep to the speed.
    """
    times = info.frame_times if speed.per_second else None
    ticks = np.arange(len(found), dtype=np.float64) if times is None else times
    good = everything.good
    fast = find_unsupported(found.shifts, found.shift_errors(everything.errors), good, ticks, speed.px)
    if good.sum() > 1 and fast[good].all():
        steps = np.linalg.norm(np.diff(found.shifts[good], axis=0), axis=1)
        raise InputError(
            f"{info.name}: no frame keeps to max_speed {speed.text}; from one to the next they move by "
            f"{np.median(steps):.3g} px in the median: allow more, or leave it out"
        )
    kept = (Verdict.MISMATCH if bad else verdict for bad, verdict in zip(fast, everything.verdicts, strict=True))
    return replace(everything, verdicts=tuple(kept))


def _split(limit: Any) -> list[Any]:
    if isinstance(limit, str):
        return limit.split(",")
    return list(limit) if isinstance(limit, tuple | list | np.ndarray) else [limit]


def _quantity(name: str, text: Any) -> tuple[float, str, str]:
    """Number, unit and what it is per; empty where there is none."""
    match = QUANTITY.fullmatch(str(text))
    if match is None:
        raise InputError(f"{name} {text!r} is not a number with a unit; give it as {EXAMPLES[name]}")
    return float(_require_positive(name, float(match[1]))), match[2] or "", match[3] or ""


def _in_px(name: str, limit: Any, parts: list[tuple[float, str]], info: ImagesInfo | None) -> float | tuple[float, ...]:
    """Lengths in px of each axis, one number where none has a unit and there is one for all."""
    if all(unit in ("", "px") for _, unit in parts):
        return parts[0][0] if len(parts) == 1 else tuple(number for number, _ in parts)
    unknown = [unit for _, unit in parts if unit not in ("", "px") and unit not in MICROMETRES]
    if unknown:
        raise InputError(f"{name} {limit!r}: there is no unit of length {unknown[0]!r}; known are px, nm, um and mm")
    if info is None:
        raise InputError(f"{name} {limit!r}: give it in px here, where no images tell how large a pixel is")
    if len(parts) not in (1, info.ndim):
        raise InputError(f"{name} {limit!r} has {len(parts)} values; {info.name} has {info.ndim} spatial axes")
    each, sizes = parts * (1 if len(parts) > 1 else info.ndim), info.pixel_size_um[-info.ndim :]
    if any(size is None and unit not in ("", "px") for (_, unit), size in zip(each, sizes, strict=True)):
        raise InputError(f"{name} {limit!r}: {info.name} does not say how large its pixels are; give it in px")
    return tuple(
        number if unit in ("", "px") or size is None else number * MICROMETRES[unit] / size
        for (number, unit), size in zip(each, sizes, strict=True)
    )


def _require_positive(name: str, number: Any) -> Any:
    if number is not None and not (np.isfinite(number) and number > 0):
        raise InputError(f"{name} {number} is not above zero; leave it out for no limit")
    return number
