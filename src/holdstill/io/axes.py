"""Names of axes: what a user asks for, what a file says, and what may be registered."""

from __future__ import annotations

import numpy as np

from holdstill.contracts import AXES, ImagesInfo
from holdstill.errors import AxesError, InputError

__all__ = [
    "AXIS_NAMES",
    "COLOURS",
    "array_axes",
    "check_axes",
    "name_axes",
    "name_colours",
    "require_frames",
    "require_sequence",
    "sort_axes",
]

MIN_FRAME_PX = 3

# what other programs call them
AXIS_NAMES = {
    "t": "T", "time": "T", "frame": "T", "frames": "T", "c": "C", "ch": "C", "channel": "C", "channels": "C", "z": "Z",
    "depth": "Z", "y": "Y", "row": "Y", "rows": "Y", "x": "X", "col": "X", "column": "X", "columns": "X",
}  # fmt: skip
COLOURS = {"red": (255, 0, 0), "green": (0, 255, 0), "blue": (0, 0, 255)}  # channels of coloured images


def check_axes(axes: str, name: str) -> str:
    """Return `axes` in capitals if they are a subset of ``TCZYX`` in that order with Y and X, else raise AxesError."""
    wanted = axes.upper()
    if wanted != sort_axes(wanted) or not wanted.endswith("YX"):
        raise AxesError(f"{name}: axes={axes!r} does not fit; give a part of {AXES}, in that order, that ends with YX")
    return wanted


def sort_axes(axes: str) -> str:
    """Those letters of `axes` that stand in ``TCZYX``, once each and in that order."""
    return "".join(axis for axis in AXES if axis in axes)


def name_colours(axes: str) -> str:
    """`axes` in capitals, with S, colour samples, called C where there is none."""
    letters = axes.upper()
    return letters if "C" in letters else letters.replace("S", "C")


def array_axes(shape: tuple[int, ...], axes: str | None, name: str) -> str:
    """Axes of an array, in its order: those asked for, else ``YX`` or ``TYX``; more dimensions are ambiguous."""
    if axes is None:
        if len(shape) in (2, 3):
            return "TYX"[-len(shape) :]
        choices = {4: 'axes="TZYX", axes="TCYX" or, colours last, axes="TYXS"', 5: 'axes="TCZYX"'}.get(
            len(shape), "an array of 3 to 5 dimensions"
        )
        raise AxesError(f"{name}: an array of shape {shape} does not say what its axes are; pass {choices}")
    wanted, letters = axes.upper(), name_colours(axes)
    if sorted(letters) != sorted(sort_axes(letters)) or not {"Y", "X"} <= set(letters):
        raise AxesError(f"{name}: axes={axes!r} does not fit; give letters of {AXES}, each once, Y and X among them")
    if len(wanted) != len(shape):
        raise AxesError(f"{name}: axes={axes!r} names {len(wanted)} axes, but its shape is {shape}; name each of them")
    return wanted


def name_axes(found: str, axes: str | None, name: str) -> str:
    """Names from ``TCZYX`` for the axes `found` in a file, in the order of the file.

    Parameters
    ----------
    found : str
        Letters of the axes longer than 1, and of Y and X, as the file has them: S for samples, any other letter beyond
        ``TCZYX`` for an axis of unknown meaning.
    axes : str or None
        What the user calls them. An axis that the file names keeps its name where that is among them, and one
        unknown axis has the letter that is left; else letters go to the axes in the order ``TCZYX`` where all are
        known, else in that of the file.
    name : str
        Of the file, for messages.

    Raises
    ------
    AxesError
        An axis is unknown, and more than one name is possible; or `axes` does not fit.
    """
    given = found if "C" in found else found.replace("S", "C")
    unknown = [axis for axis in given if axis not in AXES]
    if axes is not None:
        return _rename(given, check_axes(axes, name), ordered=not unknown, name=name)
    if len(unknown) == 1 and "T" not in given:
        return given.replace(unknown[0], "T")
    if unknown:
        choice = {4: "TZYX", 5: "TCZYX"}.get(len(given), "TYX")
        raise AxesError(f"{name}: its axes {found} are ambiguous; pass axes={choice!r} or the like (--axes {choice})")
    return given


def _rename(given: str, wanted: str, *, ordered: bool, name: str) -> str:
    if ordered and set(given) <= set(wanted):
        return given
    if len(wanted) != len(given):
        raise AxesError(f"{name}: axes={wanted!r} does not fit its axes {given}; name {len(given)} axes (--axes)")
    unknown, left = set(given) - set(AXES), set(wanted) - set(given)
    if len(unknown) == len(left) == 1 and set(given) - unknown <= set(wanted):
        return given.replace(unknown.pop(), left.pop())
    order = sorted(range(len(given)), key=lambda i: AXES.index(given[i])) if ordered else range(len(given))
    names = dict(zip(order, wanted, strict=True))
    return "".join(names[i] for i in range(len(given)))


def require_sequence(info: ImagesInfo) -> None:
    """Raise where there is nothing to register: no time axis, or a single frame.

    Raises
    ------
    AxesError
        There is no time axis, but planes or channels that may be meant; the text says how to ask for that.
    InputError
        There is one frame alone, or none.
    """
    if info.n_frames > 1:
        return
    if info.n_frames == 0:
        raise InputError(f"{info.name}: has no frames (axes {info.axes}, shape {info.shape})")
    for axis in "ZC":
        if info.length(axis) > 1:
            wanted = sort_axes(info.axes.replace("T", "").replace(axis, "T"))
            members = "planes" if axis == "Z" else "channels"
            raise AxesError(
                f"{info.name}: has axes {info.axes} and no time axis; to register its {members} to each "
                f"other pass axes={wanted!r} (--axes {wanted})"
            )
    raise InputError(
        f"{info.name}: only one frame: nothing to register; align(fixed, moving) takes a pair "
        "(holdstill align FIXED MOVING OUT)"
    )


def require_frames(info: ImagesInfo) -> None:
    """Raise InputError for frames that are not computed with: of float16, or of a few pixels."""
    if info.dtype == np.float16:
        raise InputError(f"{info.name}: pixels of float16 are not computed with; convert them to float32")
    height, width = info.frame_shape[-2:]
    if min(height, width) < MIN_FRAME_PX:
        raise InputError(
            f"{info.name}: frames of {height} x {width} px are too small; at least {MIN_FRAME_PX} px are needed "
            "along y and x"
        )
