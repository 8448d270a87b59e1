"""Frames on the adapter: packed as they are stored, every row from a whole word on."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Frames
from holdstill.devices.gpu.machine import Call, Machine
from holdstill.errors import DeviceFull, InputError

__all__ = ["Held", "Images", "as_volumes", "images_of", "kind_of", "pack_rows", "row_words", "to_stored", "upload"]

# what kernels read; other dtypes are converted before
STORED = {np.dtype(np.uint8): "u1", np.dtype(np.uint16): "u2", np.dtype(np.int16): "i2", np.dtype(np.float32): "f4"}
# float32 holds whole numbers up to twice this; half is left for what interpolation adds
LARGEST = 1 << 23


@dataclass(frozen=True, eq=False)
class Images:
    """A buffer of images, (n, z, y, x), with one z in two dimensions, of a `kind` of `STORED`."""

    buffer: Any
    shape: tuple[int, int, int, int]
    kind: str

    @property
    def size(self) -> NDArray[np.uint32]:
        """What kernels know of an image: planes, rows, columns, words a row; the result has as many unless it says."""
        return self.size_for(self.shape[1:])

    def size_for(self, made: tuple[int, ...]) -> NDArray[np.uint32]:
        """The same for a result of `made` planes, rows and columns."""
        return np.array([*self.shape[1:], row_words(self.shape[3], self.kind), *made], np.uint32)


class Held:
    """Frames that stay on the adapter, (n, [z,] y, x).

    ``held[rows]`` are some of them, held too; `numpy.asarray` gives their pixels. `pixels` are those that were sent
    there, if they are still at hand.
    """

    def __init__(
        self, machine: Machine, images: Images, dtype: Any, ndim: int, rows: NDArray[np.intp],
        pixels: Frames | None = None,
    ) -> None:  # fmt: skip
        self.machine, self.images, self.rows, self.pixels = machine, images, rows, pixels
        self.dtype, self.shape = np.dtype(dtype), (len(rows), *images.shape[4 - ndim :])
        self.ndim = ndim + 1

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, rows: Any) -> Held:
        return Held(self.machine, self.images, self.dtype, self.ndim - 1, self.rows[rows], self.pixels)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        chosen = self._read() if self.pixels is None else self._choose(self.pixels)
        found = np.ascontiguousarray(chosen, dtype or self.dtype)
        shared = copy and self.pixels is not None and np.may_share_memory(found, self.pixels)
        return found.copy() if shared else found

    def _choose(self, frames: Frames) -> Frames:
        everything = len(self.rows) == len(frames) and (self.rows == np.arange(len(frames))).all()
        return frames if everything else frames[self.rows]

    def _read(self) -> Frames:
        n, depth, height, width = self.images.shape
        words = row_words(width, self.images.kind)
        with self.machine.call() as call:
            read = call.read(self.images.buffer, (n, depth, height, words), np.uint32)
        return self._choose(read.view(self.images.kind)[..., :width].reshape(n, *self.shape[1:]))


def row_words(width: int, kind: str) -> int:
    """Words of 4 bytes that a row takes."""
    return -(-width * int(kind[1]) // 4)


def kind_of(dtype: Any) -> str:
    """How pixels of that dtype are stored on the adapter."""
    return STORED.get(np.dtype(dtype), "f4")


def to_stored(frames: Frames, *, exact: bool = False) -> Frames:
    """Frames of a dtype that kernels read.

    Raises
    ------
    InputError
        They should be `exact`, and hold numbers to whose last digits float32 does not reach.
    """
    if frames.dtype in STORED:
        return frames
    if exact and frames.dtype.itemsize > 2 and frames.size:
        top = max(float(np.fmax.reduce(frames, axis=None)), -float(np.fmin.reduce(frames, axis=None)))
        if top > LARGEST:
            raise InputError(
                f'device="gpu" computes in float32, which holds whole numbers up to {LARGEST:,}, and the frames reach '
                f'{top:,.0f}; use device="cpu"'
            )
    return frames.astype(np.float32)


def as_volumes(frames: Frames) -> Frames:
    """(n, z, y, x), with one z in two dimensions."""
    return frames[:, None] if frames.ndim == 3 else frames


def pack_rows(frames: Frames) -> NDArray[Any]:
    """Volumes of a dtype that kernels read, each row filled up to a whole word."""
    volumes = as_volumes(frames)
    spare = -volumes.shape[3] * volumes.itemsize % 4 // volumes.itemsize
    return np.ascontiguousarray(np.pad(volumes, ((0, 0), (0, 0), (0, 0), (0, spare))) if spare else volumes)


def images_of(call: Call, frames: Any, part: slice, *, exact: bool = False) -> tuple[Images, NDArray[np.uint32]]:
    """A part of the frames on the adapter, and which of those there are meant; `exact` as in `to_stored`."""
    if isinstance(frames, Held):
        return frames.images, frames.rows[part].astype(np.uint32)
    pixels = to_stored(frames[part], exact=exact)
    volumes = as_volumes(pixels)
    images = Images(call.put(pack_rows(pixels)), volumes.shape, STORED[pixels.dtype])
    return images, np.arange(len(volumes), dtype=np.uint32)


def upload(machine: Machine, frames: Frames) -> Any:
    """Frames that stay on the adapter, or, where they do not fit or are of a dtype that is converted, as they are."""
    if isinstance(frames, Held) or frames.dtype not in STORED or not frames.size:
        return frames
    n_bytes = math.prod(frames.shape[:-1]) * 4 * row_words(frames.shape[-1], kind_of(frames.dtype))
    if n_bytes > machine.batch_bytes:
        return frames
    try:
        with machine.call() as call:
            images, rows = images_of(call, frames, slice(None))
            call.keep(images.buffer, images)
    except DeviceFull:
        return frames
    return Held(machine, images, frames.dtype, frames.ndim - 1, rows.astype(np.intp), frames)
