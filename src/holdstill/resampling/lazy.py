"""Images that are corrected when they are looked at, and not before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from holdstill.contracts import Device, Frames, ImagesInfo, Source
from holdstill.io.array import ArraySource
from holdstill.io.view import SourceView
from holdstill.resampling.settings import Resampling
from holdstill.transforms.trajectory import Trajectory

__all__ = ["CorrectedImages", "CorrectedSource", "correct_lazily", "like"]


class CorrectedSource(SourceView):
    """Another source, corrected as it is read.

    Parameters
    ----------
    source : Source
        Stays the caller's to close.
    trajectory : Trajectory
        As long as the source.
    resampling : Resampling
    open_device : callable
        Gives the device when the first frame is read: what compiles its kernels is not loaded before.
    """

    def __init__(
        self, source: Source, trajectory: Trajectory, resampling: Resampling, open_device: Callable[[], Device]
    ) -> None:
        super().__init__(source)
        self._trajectory, self._resampling, self._open_device = trajectory, resampling, open_device
        self.info = resampling.result(source.info)

    def read(self, start: int, stop: int, *, channel: int | None = None) -> Frames:
        settings = self._resampling
        frames = settings.convert(self._source.read(start, stop, channel=channel))
        flat = frames.reshape(-1, *frames.shape[2:])
        out = np.empty_like(flat)
        self._trajectory.part(slice(start, stop)).repeat(frames.shape[1]).resample(
            self._open_device(),
            flat,
            interpolation=settings.interpolation,
            edge=settings.edge,
            fill=settings.fill,
            out=out,
        )
        out = out.reshape(frames.shape)
        return out if settings.box is None else np.ascontiguousarray(out[(slice(None), slice(None), *settings.box)])


class CorrectedImages:
    """A corrected movie that looks like an array: frames are read and corrected when they are indexed.

    ``images[5]``, ``images[10:20, 64:128]`` and ``np.asarray(images)`` give NumPy arrays; napari and Dask take it
    as it is.

    Parameters
    ----------
    source : Source
        Already corrected.
    """

    def __init__(self, source: Source) -> None:
        self._source = source

    @property
    def info(self) -> ImagesInfo:
        """Axes, pixel size and names of channels."""
        return self._source.info

    @property
    def shape(self) -> tuple[int, ...]:
        """Length of each axis."""
        return self.info.shape

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the pixels."""
        return self.info.dtype

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return len(self.info.shape)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, key: Any) -> NDArray[Any]:
        keys = key if isinstance(key, tuple) else (key,)
        if "T" not in self.info.axes:
            return np.asarray(self._frames(0, 1)[0][keys])
        is_open = bool(keys) and keys[0] is Ellipsis
        first = keys[0] if keys and not is_open else slice(None)
        if isinstance(first, (int, np.integer)):
            return np.asarray(self._frames(*_range_of(first, len(self)))[(0, *keys[1:])])
        numbers = np.arange(len(self))[first]
        if not len(numbers):
            return np.empty((0, *self.shape[1:]), self.dtype)[(slice(None), *keys[1:])]
        frames = self._pick(numbers)
        return np.asarray(frames[keys] if is_open else frames[(slice(None), *keys[1:])])

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> NDArray[Any]:
        return np.asarray(self[:], dtype)

    def __repr__(self) -> str:
        """One line: shape, dtype, axes."""
        return f"<CorrectedImages {self.shape} {self.dtype}, axes {self.info.axes}>"

    def _pick(self, numbers: NDArray[np.intp]) -> NDArray[Any]:
        """Frames of these numbers, in their order; neighbours are read in one go, and none that is not asked for."""
        wanted, places = np.unique(numbers, return_inverse=True)
        runs = np.split(wanted, np.flatnonzero(np.diff(wanted) != 1) + 1)
        parts = [self._frames(int(run[0]), int(run[-1]) + 1) for run in runs]
        frames = parts[0] if len(parts) == 1 else np.concatenate(parts)
        return frames if np.array_equal(numbers, wanted) else frames[places.reshape(numbers.shape)]

    def _frames(self, start: int, stop: int) -> NDArray[Any]:
        return self._source.read(start, stop).reshape(stop - start, *self.shape["T" in self.info.axes :])


def correct_lazily(
    images: Any, source: Source, trajectory: Trajectory, resampling: Resampling, device: Device
) -> Any | None:
    """Lazy images as images of the same kind, corrected when they are computed or looked at; None for others.

    Dask arrays and xarrays of them stay what they are; what only slices like an array (Zarr, HDF5) becomes
    `CorrectedImages`.
    """
    if _is_labelled(images):
        inner = correct_lazily(images.data, source, trajectory, resampling, device)
        return None if inner is None or isinstance(inner, CorrectedImages) else like(images, inner, resampling)
    if hasattr(images, "__dask_graph__"):
        return _dask(images, source.info, trajectory, resampling, device)
    if isinstance(images, np.ndarray | Source | str | list | tuple) or not hasattr(images, "__getitem__"):
        return None
    return CorrectedImages(CorrectedSource(source, trajectory, resampling, lambda: device))


def like(images: Any, corrected: Any, resampling: Resampling) -> Any:
    """Corrected pixels with the names, coordinates and attributes of an xarray if `images` is one, else as they are."""
    if not _is_labelled(images):
        return corrected
    boxes = resampling.box or ()
    kept = dict(zip(images.dims[len(images.dims) - len(boxes) :], boxes, strict=True))
    return images.isel(kept).copy(data=corrected)


def _is_labelled(images: Any) -> bool:
    return hasattr(images, "dims") and hasattr(images, "isel") and hasattr(images, "data")


def _dask(images: Any, info: ImagesInfo, trajectory: Trajectory, resampling: Resampling, device: Device) -> Any:
    whole = dict.fromkeys(range(len(info.shape)), -1)
    if "T" in info.axes:
        whole.pop(0)  # the pieces along time stay as they are
    blocks = images.rechunk(whole)
    shape, dtype = resampling.result(info).shape, resampling.result(info).dtype
    chunks = tuple(parts if axis not in whole else (shape[axis],) for axis, parts in enumerate(blocks.chunks))
    return blocks.map_blocks(
        _correct_block, info=info, trajectory=trajectory, resampling=resampling, device=device, dtype=dtype,
        chunks=chunks, meta=np.empty((0,) * len(info.shape), dtype),
    )  # fmt: skip


def _correct_block(
    block: NDArray[Any],
    *,
    info: ImagesInfo,
    trajectory: Trajectory,
    resampling: Resampling,
    device: Device,
    block_info: Any = None,
) -> NDArray[Any]:
    start, stop = block_info[0]["array-location"][0] if "T" in info.axes else (0, 1)
    part = ArraySource(block, axes=info.axes, name=info.name)
    corrected = CorrectedSource(part, trajectory.part(slice(start, stop)), resampling, lambda: device)
    return corrected.read(0, stop - start).reshape(corrected.info.shape)


def _range_of(number: Any, length: int) -> tuple[int, int]:
    index = int(number) + (length if number < 0 else 0)
    if not 0 <= index < length:
        raise IndexError(f"there is no frame {number} of {length}")
    return index, index + 1
