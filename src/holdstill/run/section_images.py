"""Sections and volumes as they are aligned: read once, binned to what is worked on, and prepared as one grey image."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import ImagesInfo, Source
from holdstill.errors import InputError
from holdstill.io import slow
from holdstill.methods.deformable import LEAST_PX
from holdstill.methods.sections.local import FloatImage, bin_picture
from holdstill.methods.sections.paper_labels import shows_print
from holdstill.methods.sections.staining import find_kind, prepare_section

if TYPE_CHECKING:
    from holdstill.io.pyramids.levels import Level

__all__ = ["PRINT", "Binned", "Grey", "choose_factor", "choose_factors", "prepare_grey", "read_binned", "read_volumes"]

# the kind of an image that shows the label of a slide
PRINT = "print"
# sections are aligned on copies that are at least so many px long, and less than twice that: beyond it neighbouring
# sections of tissue show different cells
WORKING_PX = 1024
# what is aligned on at most, where a level is asked for: beyond it memory and time are those of full slides
LARGEST_PX = 4096
# and volumes on copies of so many px along each axis at most
VOLUME_PX = 256
# bytes of an image that are taken into memory at once; larger ones are read in bands of rows
WHOLE_BYTES, BAND_BYTES = 256 << 20, 32 << 20


@dataclass(frozen=True, eq=False)
class Binned:
    """One image at the resolution at which it is aligned.

    Attributes
    ----------
    planes : ndarray of float32, (channels, [z,] y, x)
    info : ImagesInfo
        Of the image as it is.
    factors : tuple of int
        Its pixels along each axis that became one.
    top : float
        The grey of paper: the top of the range of integers, of floats the largest there is.
    """

    planes: NDArray[np.float32]
    info: ImagesInfo
    factors: tuple[int, ...]
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


def choose_factor(*sources: Source, level: int | None = None) -> int:
    """Pixels along each axis of which one is made, the same for all: as a resolution that all of them hold.

    With `level` that of a resolution of the first one, 0 the full one. Raises InputError where there is none of that
    number, or it is too large to be aligned on.
    """
    if level is not None:
        return _find_level(sources[0], level).factor
    most = max(1, max(max(source.info.frame_shape) for source in sources) // WORKING_PX)
    if most == 1:
        return 1
    stored = [{one.factor for one in slow.list_levels(source)} for source in sources]
    shared = max(factor for factor in set.intersection(*stored) if factor <= most)
    return most // shared * shared


def _find_level(source: Source, level: int) -> Level:
    levels, name = slow.list_levels(source), source.info.name
    if not 0 <= level < len(levels):
        listed = ", ".join(f"{k} of {_times(one.shape)} px" for k, one in enumerate(levels))
        raise InputError(f"{name} has no level {level}; there are {listed}")
    if max(levels[level].shape) > LARGEST_PX:
        fit = [k for k, one in enumerate(levels) if max(one.shape) <= LARGEST_PX]
        remedy = f"take level {fit[0]}" if fit else "leave level out"
        raise InputError(
            f"{name}: level {level} has {_times(levels[level].shape)} px, and sections are aligned on copies of "
            f"{LARGEST_PX} px at most; {remedy}"
        )
    return levels[level]


def _times(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape))


def read_binned(source: Source, factor: int, channel: int | None = None) -> Binned:
    """One plane, all channels or one, binned: from a coarser resolution that the file holds, where that fits.

    An image beyond 256 MB of which it holds none is read in bands and never held whole.
    """
    stored = [one for one in slow.list_levels(source) if factor % one.factor == 0] if factor > 1 else []
    if stored and stored[-1].factor > 1 and source.info.frame_bytes // stored[-1].factor ** 2 <= WHOLE_BYTES:
        pixels = slow.read_level(source, stored[-1])
        pixels = pixels if channel is None else pixels[channel : channel + 1]
        rest = factor // stored[-1].factor
        planes = np.stack([bin_picture(np.asarray(plane, np.float32), rest) for plane in pixels])
        return Binned(planes, source.info, (factor, factor), _find_top(source.info.dtype, planes))
    bands = [
        np.stack([bin_picture(np.asarray(plane, np.float32), factor) for plane in band])
        for band in _walk(source, factor, channel)
    ]
    planes = np.concatenate(bands, axis=1)
    return Binned(planes, source.info, (factor, factor), _find_top(source.info.dtype, planes))


def choose_factors(fixed: Source, moving: Source, *, asked: int | None, is_turned: bool) -> tuple[int, ...]:
    """Pixels along each axis of two volumes of which one is made: as many as are asked for, or leave `VOLUME_PX`.

    The same along all axes of what is turned and not bent. Raises InputError where what is asked for leaves too few.
    """
    shapes = np.array([source.info.frame_shape for source in (fixed, moving)])
    wanted, most = -(-shapes.max(axis=0) // VOLUME_PX), shapes.min(axis=0)
    thinnest = max(1, min(int(shapes.max(axis=0).min()) // LEAST_PX, int(most.min())))
    if asked is not None and asked > thinnest:
        raise InputError(
            f"bin={asked} makes these volumes too thin, of which {LEAST_PX} px and more must be left along each axis; "
            f"give {thinnest} at most"
        )
    # rotations of what was binned along one axis alone would be none
    alike = asked or (min(int(wanted.max()), thinnest) if is_turned else 0)
    return tuple(alike or int(n) for n in np.minimum(wanted, most))


def read_volumes(
    fixed: Source, moving: Source, channels: tuple[int | None, int | None], factors: tuple[int, ...]
) -> list[Binned]:
    """Two volumes, all channels or one, binned by the same factors; held whole."""
    found = []
    for source, channel in zip((fixed, moving), channels, strict=True):
        pixels = source.read(0, 1, channel=channel)[0]
        planes = np.stack([bin_picture(np.asarray(one, np.float32), factors) for one in pixels])
        found.append(Binned(planes, source.info, factors, _find_top(source.info.dtype, planes)))
    return found


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
            columns = slice(0, width)
            yield (
                source.read_region(band, columns) if channel is None
                else source.read_window(0, band, columns, channel=channel)[None]
            )  # fmt: skip


def _find_top(dtype: np.dtype[Any], planes: NDArray[np.float32]) -> float:
    if dtype.kind in "ui":
        return float(np.iinfo(dtype).max)
    return max(float(planes[np.isfinite(planes)].max(initial=0.0)), 1e-12)


def prepare_grey(binned: Binned, prepare: str) -> Grey:
    """The grey image of one in colours, prepared as its kind says, or as it is asked for.

    Where nobody says the kind, print on paper, as on the label of a slide, is told from stained tissue: `PRINT`.
    """
    if prepare == "none":
        return Grey(binned.planes[0], "none")
    kind = find_kind(binned.planes, binned.top) if prepare == "auto" else prepare
    grey = prepare_section(binned.planes, kind)
    is_print = prepare == "auto" and kind == "absorption" and shows_print(grey)
    return Grey(grey, PRINT if is_print else kind)
