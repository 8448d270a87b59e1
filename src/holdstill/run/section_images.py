"""Sections as they are aligned: read once, binned to what is worked on, and prepared as one grey image."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import ImagesInfo, Source
from holdstill.methods.sections.local import FloatImage, bin_picture
from holdstill.methods.sections.staining import find_kind, prepare_section

__all__ = ["Binned", "Grey", "choose_factor", "is_plane", "prepare_grey", "read_binned"]

# sections are aligned on copies that are at least so many px long, and less than twice that: beyond it neighbouring
# sections of tissue show different cells
WORKING_PX = 1024
# bytes of an image that are taken into memory at once; larger ones are read in bands of rows
WHOLE_BYTES, BAND_BYTES = 256 << 20, 32 << 20


@dataclass(frozen=True, eq=False)
class Binned:
    """One image at the resolution at which it is aligned.

    Attributes
    ----------
    planes : ndarray of float32, (channels, y, x)
    info : ImagesInfo
        Of the image as it is.
    factor : int
        Its pixels along each axis that became one.
    top : float
        The grey of paper: the top of the range of integers, of floats the largest there is.
    """

    planes: NDArray[np.float32]
    info: ImagesInfo
    factor: int
    top: float

    @property
    def shape(self) -> tuple[int, ...]:
        """Of the image as it is."""
        return self.info.frame_shape


@dataclass(frozen=True, eq=False)
class Grey:
    """One grey image, NaN beside the slide, and what kind of image it was made from."""

    image: FloatImage
    kind: str


def is_plane(source: Source) -> bool:
    """Whether a source holds a single plane, of any number of channels."""
    return source.info.n_frames == 1 and len(source.info.frame_shape) == 2


def choose_factor(*sources: Source) -> int:
    """Pixels along each axis of which one is made, the same for all."""
    return max(1, max(max(source.info.frame_shape) for source in sources) // WORKING_PX)


def read_binned(source: Source, factor: int, channel: int | None = None) -> Binned:
    """One plane, all channels or one, binned; an image beyond 256 MB is read in bands and never held whole."""
    bands = [
        np.stack([bin_picture(np.asarray(plane, np.float32), factor) for plane in band])
        for band in _walk(source, factor, channel)
    ]
    planes = np.concatenate(bands, axis=1)
    return Binned(planes, source.info, factor, _find_top(source.info.dtype, planes))


def _walk(source: Source, factor: int, channel: int | None) -> Iterator[NDArray[Any]]:
    """Bands of rows, (channels, rows, x), each of whole blocks but for the last one."""
    info, (height, width) = source.info, source.info.frame_shape
    channels = range(info.n_channels) if channel is None else (channel,)
    row_bytes = width * len(channels) * max(info.dtype.itemsize, 4)
    together = max(1, -(-source.rows_together // factor)) * factor
    rows = max(BAND_BYTES // row_bytes // together, 1) * together
    whole = source.read(0, 1, channel=channel)[0] if info.frame_bytes <= WHOLE_BYTES else None
    for top in range(0, height // factor * factor, rows):
        band = slice(top, min(top + rows, height // factor * factor))
        if whole is not None:
            yield whole[:, band]
        else:
            yield np.stack([source.read_window(0, band, slice(0, width), channel=one) for one in channels])


def _find_top(dtype: np.dtype[Any], planes: NDArray[np.float32]) -> float:
    if dtype.kind in "ui":
        return float(np.iinfo(dtype).max)
    return max(float(planes[np.isfinite(planes)].max(initial=0.0)), 1e-12)


def prepare_grey(binned: Binned, prepare: str) -> Grey:
    """The grey image of one in colours, prepared as its kind says, or as it is asked for."""
    if prepare == "none":
        return Grey(binned.planes[0], "none")
    kind = find_kind(binned.planes, binned.top) if prepare == "auto" else prepare
    return Grey(prepare_section(binned.planes, kind), kind)
