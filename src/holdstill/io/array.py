"""Arrays in memory, and whatever slices like one (Dask, Zarr, HDF5, xarray)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from holdstill.contracts import Frames, ImagesInfo, Sink, Source
from holdstill.errors import AxesError, InputError
from holdstill.io.axes import AXIS_NAMES, COLOURS, array_axes, name_colours, sort_axes
from holdstill.io.blocks import FrameLedger, block_shape, check_block, check_dtype, check_range
from holdstill.io.colours import count_colours
from holdstill.io.lazy_array import BlockReader, has_long_blocks
from holdstill.io.transposing import find_order, transpose

# pixels of types that are not computed with are read as these
COMPUTED_AS: dict[str, np.dtype[Any]] = {"b1": np.dtype(np.uint8), "f2": np.dtype(np.float32)}

__all__ = ["ArraySink", "ArraySource", "compute_as", "read_labels"]


def compute_as(dtype: np.dtype[Any]) -> np.dtype[Any]:
    """The type as which pixels are computed with, native: bool as uint8, float16 as float32, others as they are."""
    return COMPUTED_AS.get(dtype.str[1:], dtype.newbyteorder("="))


class ArraySource(Source):
    """Reads from anything with a shape, a dtype and slices; what is lazy stays so until a range is read.

    Parameters
    ----------
    images : array
        Not copied, and never changed. Masked pixels are unknown: NaN, so that masked integers are read as floats. Bool
        is read as uint8, float16 as float32.
    axes : str, optional
        Names of all its axes, in the order in which the array has them; S stands for colour samples, which are read as
        channels. Frames come in the order ``TCZYX`` all the same. Default: the dimensions of an xarray if they are
        called T, C, Z, Y, X; ``TYX`` for three dimensions, ``YX`` for two.
    name : str
        What to call it in messages.
    """

    unnamed = "array"

    def __init__(self, images: Any, *, axes: str | None = None, name: str = unnamed) -> None:
        if not (hasattr(images, "shape") and hasattr(images, "dtype")):
            raise InputError(
                f"cannot read images from {type(images).__name__}; pass a path, an array, or an open source"
            )
        if not all(np.isfinite(length) for length in images.shape):
            raise InputError(f"{name}: its shape {images.shape} is not known; compute_chunk_sizes() finds it")
        shape = tuple(int(length) for length in images.shape)
        axes = array_axes(shape, axes or read_labels(images), name)
        order = find_order(axes)
        n_colours = count_colours(shape[axes.index("S")]) if "S" in axes else 0
        axes, shape = sort_axes(name_colours(axes)), tuple(shape[axis] for axis in order)
        given: np.dtype[Any] = np.dtype(images.dtype)
        dtype = check_dtype(compute_as(given), name)
        if isinstance(images, np.ma.MaskedArray):
            dtype = np.result_type(dtype, np.float32) if np.ma.is_masked(images) else dtype
        self.info = ImagesInfo(
            name=name, axes=axes, shape=shape, dtype=dtype, n_colours=n_colours,
            channel_names=tuple(COLOURS) if dict(zip(axes, shape, strict=True)).get("C") == n_colours else (),
        )  # fmt: skip
        self._images = images = transpose(images, order)
        self._blocks = BlockReader(images) if "T" in axes and has_long_blocks(images) else None

    def read(self, start: int, stop: int, *, channel: int | None = None) -> Frames:
        check_range(self.info, start, stop, channel)
        chosen = self._slices(start, stop, channel)
        if self._blocks is not None:
            part = self._blocks.read(start, stop, chosen[1:])
        else:
            part = self._images[chosen] if chosen else self._images
        block = self._without_mask(part)
        if "T" not in self.info.axes and start == stop:
            block = block[:0]
        return block.reshape(block_shape(self.info, stop - start, channel))

    def peek(self, start: int, stop: int, *, channel: int | None = None) -> Frames:
        images, chosen = self._images, self._slices(start, stop, channel)
        as_is = type(images) is np.ndarray and images.dtype == self.info.dtype and "T" in self.info.axes
        if not as_is or type(self).read is not ArraySource.read:  # who reads otherwise looks otherwise
            return self.read(start, stop, channel=channel)
        check_range(self.info, start, stop, channel)
        part = images[chosen]
        if not part.flags.carray:  # for what is read-only or not aligned kernels would be compiled anew
            return self.read(start, stop, channel=channel)
        return part.reshape(block_shape(self.info, stop - start, channel))

    def _slices(self, start: int, stop: int, channel: int | None) -> tuple[slice, ...]:
        """What is to be sliced along T and C."""
        chosen = (slice(start, stop),) if "T" in self.info.axes else ()
        return (*chosen, slice(channel, channel + 1)) if channel is not None and "C" in self.info.axes else chosen

    @property
    def block_bytes(self) -> int:
        return self._blocks.block_bytes if self._blocks is not None else 0

    @property
    def files(self) -> tuple[Path, ...]:
        """Where a memory map, an HDF5 dataset or a local Zarr array lies."""
        lies = (
            getattr(self._images, "filename", None)
            or getattr(getattr(self._images, "file", None), "filename", None)
            or getattr(getattr(self._images, "store", None), "root", None)
        )
        return (Path(lies),) if isinstance(lies, str | Path) else ()

    def _without_mask(self, part: Any) -> Frames:
        """A fresh copy in which pixels that are masked are NaN: unknown."""
        if not isinstance(part, np.ma.MaskedArray):
            part = part.compute() if hasattr(part, "__dask_graph__") and hasattr(part, "compute") else part
        if not isinstance(part, np.ma.MaskedArray):
            return np.array(part, dtype=self.info.dtype, order="C", copy=True)
        if np.ma.is_masked(part) and self.info.dtype.kind != "f":
            raise InputError(
                f"{self.info.name}: some of its {self.info.dtype} pixels are masked, which whole numbers cannot say; "
                "convert it with astype(np.float32)"
            )
        block = np.array(part.data, dtype=self.info.dtype, order="C", copy=True)
        if np.ma.is_masked(part):
            block[np.ma.getmaskarray(part)] = np.nan
        return block

    def close(self) -> None:
        """Do nothing: the array belongs to the caller."""

    def __getstate__(self) -> dict[str, Any]:
        """Lazy arrays travel, pixels do not."""
        self.check_travels()
        return self.__dict__

    def check_travels(self) -> None:
        if isinstance(self._images, np.ndarray) or isinstance(getattr(self._images, "data", None), np.ndarray):
            raise InputError(
                f"{self.info.name}: pixels in the memory of this process do not travel to workers; write them to a "
                "file, pass a Dask array made from files, or take engine='threads'"
            )


class ArraySink(Sink):
    """Collects frames in memory.

    Parameters
    ----------
    info : ImagesInfo
        Axes, shape and dtype of the result.
    array : ndarray, optional
        Where to put them, of that shape and dtype. Default: a new array.
    given : dtype, optional
        What the pixels were before they were read as another type, see `compute_as`: an array of it is taken as well.
    """

    def __init__(self, info: ImagesInfo, array: Frames | None = None, *, given: np.dtype[Any] | None = None) -> None:
        if array is None:
            array = np.empty(info.shape, info.dtype)
        dtypes = {info.dtype} if given is None or compute_as(given) != info.dtype else {info.dtype, given}
        if not isinstance(array, np.ndarray):
            raise InputError(
                f"out: is {type(array).__name__}; give an array of {given or info.dtype} and shape {info.shape}"
            )
        if not array.flags.writeable:
            raise InputError("out: this array cannot be written; give a copy of it")
        if array.shape != info.shape or array.dtype not in dtypes:
            raise InputError(
                f"out: is {array.dtype} of shape {array.shape}, but the result is {given or info.dtype} of shape "
                f"{info.shape}"
            )
        self.info = info
        self._array = array
        # With T, C in front where the axes lack them: a view, whatever the strides of `array`.
        lacking = [i for i, axis in enumerate("TC") if axis not in info.axes]
        self._block = np.expand_dims(array, tuple(lacking))
        self._ledger = FrameLedger(info)
        self._is_finished = False

    @property
    def array(self) -> Frames:
        """The result, in the axes of `info`, once the sink is finished."""
        if not self._is_finished:
            raise InputError("the array is not complete; call finish() first")
        return self._array

    def lend(self, start: int, stop: int) -> Frames | None:
        part = self._block[start:stop]
        return part if part.flags.c_contiguous and part.dtype == self.info.dtype else None

    def write(self, start: int, frames: Frames) -> None:
        check_block(self.info, start, frames)
        there = self._block[start : start + len(frames)]
        if frames.ctypes.data != there.ctypes.data or frames.strides != there.strides:  # they were not made there
            there[...] = frames
        self._ledger.mark(start, start + len(frames))

    def finish(self) -> None:
        self._ledger.require_all()
        self._is_finished = True

    def close(self) -> None:
        """Do nothing: the memory belongs to whoever holds the array."""


def read_labels(images: Any) -> str | None:
    """Axes that an xarray names, None for an array without names."""
    dims = getattr(images, "dims", None)
    if not dims or not all(isinstance(dim, str) for dim in dims):
        return None
    axes = "".join(AXIS_NAMES.get(str(dim).lower(), str(dim).upper()) for dim in dims)
    if len(axes) != len(dims) or sorted(axes) != sorted(sort_axes(axes)):
        raise AxesError(f"array: its dimensions {tuple(dims)} are not of T, C, Z, Y, X, each once; rename them")
    return axes
