"""Images on a larger canvas."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Frames, Source
from holdstill.io.view import SourceView

__all__ = ["CanvasSource", "pad", "place_on_canvas", "round_to"]

NUMPY_MODES = {"nearest": "edge", "reflect": "symmetric", "wrap": "wrap"}


class CanvasSource(SourceView):
    """Frames on a canvas, float32, NaN where they show nothing.

    Parameters
    ----------
    source : Source
        Stays the caller's to close.
    shape : tuple of int, ([z,] y, x)
        Of the canvas, px.
    corner : tuple of int, ([z,] y, x), optional
        Where on it the first pixel of a frame lies, perhaps outside. Default: in its first corner.
    """

    def __init__(self, source: Source, shape: tuple[int, ...], corner: tuple[int, ...] | None = None) -> None:
        info = source.info
        lengths = {"T": info.n_frames, "C": info.n_channels, **dict(zip("ZYX"[-len(shape) :], shape, strict=True))}
        super().__init__(source)
        self._shape, self._corner = shape, corner
        self.info = replace(
            info, shape=tuple(lengths[axis] for axis in info.axes), dtype=np.dtype(np.float32)
        )  # fmt: skip

    def read(self, start: int, stop: int, *, channel: int | None = None) -> Frames:
        frames = self._source.read(start, stop, channel=channel)
        corner = None if self._corner is None else (0, 0, *self._corner)
        return pad(np.asarray(frames, np.float32), (*frames.shape[:2], *self._shape), np.nan, corner)


def place_on_canvas(frames: Frames, shape: tuple[int, ...], edge: str) -> Frames:
    """Frames, (n, [z,] y, x), in the first corner of a canvas, floats; beyond them what `edge` says, or NaN."""
    wide = np.asarray(frames, np.float64 if frames.dtype.itemsize > 2 else np.float32)
    if edge == "constant":
        return pad(wide, (len(frames), *shape), np.nan)
    beyond = [(0, 0), *((0, n - own) for n, own in zip(shape, frames.shape[1:], strict=True))]
    return np.pad(wide, beyond, mode=NUMPY_MODES[edge])  # type: ignore[call-overload]  # a str that is not literal


def round_to(values: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    """Values as pixels of a type: rounded and clamped where it is of integers."""
    if dtype.kind == "f":
        return values.astype(dtype)
    limits = np.iinfo(dtype)
    return np.clip(np.rint(values), limits.min, limits.max).astype(dtype)


def pad(image: NDArray[Any], shape: tuple[int, ...], value: Any, corner: tuple[int, ...] | None = None) -> NDArray[Any]:
    """An image on a canvas that is `value` elsewhere, its first pixel at `corner`, which may lie outside."""
    out = np.full(shape, value, image.dtype)
    at = corner or (0,) * image.ndim
    there = tuple(slice(max(0, c), max(0, c + n)) for c, n in zip(at, image.shape, strict=True))
    here = tuple(slice(max(0, -c), max(0, side - c)) for c, side in zip(at, shape, strict=True))
    out[there] = image[here]
    return out
