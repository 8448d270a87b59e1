"""Which part of the plane an aligned image is written in: that of the fixed image, what both show, or all of both."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import AnyTransform, FloatArray
from holdstill.errors import InputError, UnknownName
from holdstill.transforms.coverage import BORDER_PX

__all__ = ["EXTENTS", "find_extent"]

EXTENTS = ("fixed", "overlap", "union")
# points along each side of planes, and of volumes, at which borders are looked at
DENSE_SIDE, COARSE_SIDE = 257, 33


def find_extent(way: AnyTransform, fixed: tuple[int, ...], moving: tuple[int, ...], extent: str) -> tuple[slice, ...]:
    """Box in px of the fixed image, one slice for each axis; of a union it may begin below zero.

    Parameters
    ----------
    way : AnyTransform
        From the fixed to the moving image.
    fixed, moving : tuple of int, ([z,] y, x)
        Their shapes.
    extent : {"fixed", "overlap", "union"}
        ``"overlap"`` is the box around what both show.

    Raises
    ------
    InputError
        They have nothing in common, or the map folds and has no way back.
    UnknownName
        There is no such extent.
    """
    if extent not in EXTENTS:
        raise UnknownName(f"there is no extent {extent!r}; choose one of {', '.join(EXTENTS)}")
    if extent == "fixed":
        return tuple(slice(0, n) for n in fixed)
    theirs = way.inverse.map(_outline(moving))
    if extent == "union":
        low = np.minimum(np.floor(theirs.min(axis=0)), 0)
        return _as_slices(low, np.maximum(np.ceil(theirs.max(axis=0)) + 1, fixed))
    # the border of what both show is made of parts of either border
    ours = _outline(fixed)
    border = np.concatenate([ours[_is_within(way.map(ours), moving)], theirs[_is_within(theirs, fixed)]])
    if not len(border):
        raise InputError("the images have nothing in common: there is no overlap to keep; take extent='fixed'")
    high = np.minimum(np.ceil(border.max(axis=0) - BORDER_PX) + 1, fixed)
    return _as_slices(np.maximum(np.floor(border.min(axis=0) + BORDER_PX), 0), high)


def _is_within(points: FloatArray, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    return np.asarray(np.all((points >= -BORDER_PX) & (points <= np.array(shape) - 1 + BORDER_PX), axis=1))


def _outline(shape: tuple[int, ...]) -> FloatArray:
    """Points on the border of an image, (k, ndim) px, its corners among them."""
    count = DENSE_SIDE if len(shape) == 2 else COARSE_SIDE
    axes = [np.linspace(0, n - 1, min(n, count)) for n in shape]
    points = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, len(shape))
    return np.asarray(points[np.any((points == 0) | (points == np.array(shape) - 1), axis=1)], np.float64)


def _as_slices(low: FloatArray, high: FloatArray) -> tuple[slice, ...]:
    return tuple(slice(int(a), int(b)) for a, b in zip(low, high, strict=True))
