"""Arrays whose axes stand in another order than ``TCZYX``: seen in that order, without a copy."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import AXES
from holdstill.io.axes import name_colours

__all__ = ["TransposedArray", "find_order", "transpose"]


def find_order(axes: str) -> tuple[int, ...]:
    """Where in `axes` each of its letters stands, in the order ``TCZYX``; S, colour samples, counts as C."""
    letters = name_colours(axes)
    return tuple(letters.index(axis) for axis in AXES if axis in letters)


def transpose(images: Any, order: Sequence[int]) -> Any:
    """View of `images` with its axes in that order, lazy where they are."""
    if list(order) == sorted(order):
        return images
    if hasattr(images, "dims") and hasattr(images, "transpose"):  # of xarray, which knows its axes by their names
        return images.transpose(*(images.dims[axis] for axis in order))
    return images.transpose(order) if hasattr(images, "transpose") else TransposedArray(images, order)


class TransposedArray:
    """Slices of something that slices and cannot be transposed itself, such as a dataset of HDF5.

    Parameters
    ----------
    images : array
        Is read as it lies.
    order : sequence of int
        Which of its axes comes first, second, ...
    """

    def __init__(self, images: Any, order: Sequence[int]) -> None:
        self._images, self._order = images, tuple(order)
        self.shape = tuple(int(images.shape[axis]) for axis in self._order)
        self.dtype, self.ndim, self.size = images.dtype, len(self._order), math.prod(self.shape)

    def __getattr__(self, name: str) -> Any:
        """Where it lies: `file` of HDF5, `store` of Zarr."""
        if name not in ("file", "filename", "store"):
            raise AttributeError(name)
        return getattr(self._images, name)

    def __len__(self) -> int:
        return self.shape[0]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        """All of it, for `numpy.asarray`."""
        return np.asarray(self[...], dtype=dtype)

    def __getitem__(self, key: Any) -> Any:
        """Slices and single places along the axes in their new order; axes that are left out come whole."""
        given = list(key) if isinstance(key, tuple) else [key]
        if Ellipsis in given:
            place = given.index(Ellipsis)
            given[place : place + 1] = [slice(None)] * (self.ndim - len(given) + 1)
        slices: list[slice] = [slice(None)] * self.ndim
        places: list[slice | int] = [slice(None)] * self.ndim
        for k, wanted in enumerate(given):
            if isinstance(wanted, slice):
                slices[self._order[k]] = wanted
            else:  # a single place is read as a range, and taken from it at the end
                first = range(self.shape[k])[wanted]
                slices[self._order[k]], places[k] = slice(first, first + 1), 0
        return np.asanyarray(self._images[tuple(slices)]).transpose(self._order)[tuple(places)]
