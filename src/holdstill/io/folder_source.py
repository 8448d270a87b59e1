"""A folder, or a pattern, of single images, one for each frame, in natural order."""

from __future__ import annotations

import glob
import os
from pathlib import Path
from typing import Any

import numpy as np
import tifffile
from numpy.typing import NDArray

from holdstill.contracts import Frames, ImagesInfo, Source
from holdstill.errors import AxesError, FileError, MissingFile
from holdstill.io.axes import COLOURS
from holdstill.io.blocks import block_shape, check_dtype, check_range
from holdstill.io.colours import count_colours
from holdstill.io.inputs import check_readable
from holdstill.io.joined_source import natural_order
from holdstill.io.pictures import read_picture
from holdstill.io.quiet import quiet_tifffile

__all__ = ["FolderSource", "are_parts", "files_of"]

TIFF = (".tif", ".tiff")
SUFFIXES = (*TIFF, ".png", ".jpg", ".jpeg", ".bmp")


class FolderSource(Source):
    """Reads frame t from the t-th image; only the first is opened to know what all are.

    Parameters
    ----------
    path : str or path
        A folder, or a pattern such as ``"run/*.tif"``.
    axes : str, optional
        ``TYX``, ``TCYX`` for coloured images. Volumes, or channels in pages of their own, are parts to be joined.
    trust : bool
        Read images even if they claim to unpack to more than a thousand times their size.

    Raises
    ------
    MissingFile, FileError
        There are no images, or the first cannot be read.
    AxesError
        The axes do not fit.
    """

    def __init__(self, path: str | Path, *, axes: str | None = None, trust: bool = False) -> None:
        self._path, self._axes = str(path), axes
        self._files = files_of(self._path)
        self._trust = trust
        first = self._one(0)
        self._coloured = first.ndim == 3 and first.shape[-1] in (3, 4)
        own = "TCYX" if self._coloured else "TYX"
        wanted = (axes or own).upper()
        if wanted != own:
            raise AxesError(f"{self._path}: axes={axes!r} does not fit images of shape {first.shape}; they are {own}")
        shape = self._colours_first(first).shape
        self.info = ImagesInfo(
            name=self._path, axes=wanted, shape=(len(self._files), *shape), dtype=check_dtype(first.dtype, self._path),
            channel_names=tuple(COLOURS) if self._coloured and shape[0] == len(COLOURS) else (),
            n_colours=count_colours(shape[0]) if self._coloured else 0,
        )  # fmt: skip

    def read(self, start: int, stop: int, *, channel: int | None = None) -> Frames:
        check_range(self.info, start, stop, channel)
        out = np.empty(block_shape(self.info, stop - start, channel), self.info.dtype)
        expected = self.info.shape[1:]
        for row, number in enumerate(range(start, stop)):
            image = self._colours_first(self._one(number))
            if image.shape != expected or image.dtype.newbyteorder("=") != self.info.dtype:
                raise FileError(
                    f"{self._files[number]}: frame {number} is {image.dtype} of shape {image.shape}, the first one "
                    f"{self.info.dtype} of {expected}; move it elsewhere, or name the others by a pattern"
                )
            chosen = image[channel] if channel is not None and "C" in self.info.axes else image
            out[row] = chosen.reshape(out.shape[1:])
        return out

    @property
    def files(self) -> tuple[Path, ...]:
        return tuple(self._files)

    def close(self) -> None:
        """Do nothing: a file is open while it is read."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (os.path.abspath(self._path), self._axes, self._trust)

    def _one(self, number: int) -> NDArray[Any]:
        return read_picture(self._files[number], f"frame {number} cannot be read", trust=self._trust)

    def _colours_first(self, image: NDArray[Any]) -> NDArray[Any]:
        """Colours first, without transparency."""
        if image.ndim == 3 and image.shape[-1] == 2:
            return image[..., 0]
        return np.moveaxis(image[..., :3], -1, 0) if self._coloured and image.ndim == 3 else image


def _again(path: str, axes: str | None, trust: bool) -> FolderSource:
    return FolderSource(path, axes=axes, trust=trust)


def files_of(path: str | Path, known: tuple[str, ...] = ()) -> list[Path]:
    """Images of a folder or pattern in natural order, 2 before 10; without any, files of the first suffix in `known`.

    Raises MissingFile where there is nothing, FileError where a pipe or a device is among them.
    """
    folder = Path(path)
    if folder.is_dir():
        inside = _inside(folder)
        kinds = (SUFFIXES, *((suffix,) for suffix in known))
        found = next((some for kind in kinds if (some := [f for f in inside if f.suffix.lower() in kind])), [])
    else:
        found = [Path(name) for name in glob.glob(str(path))]
        for file in found:
            check_readable(file)
    if not found:
        raise MissingFile(f"{path}: no images there; images are {', '.join(SUFFIXES)}")
    return natural_order(found)


def _inside(folder: Path) -> list[Path]:
    """What may be images; a pipe among them is told here, for whoever opens it waits for ever.

    The folder itself tells what its entries are: asking each of 100,000 on a network share takes minutes.
    """
    with os.scandir(folder) as entries:
        found = [entry for entry in entries if not entry.name.startswith(".")]
    for entry in found:
        if not (entry.is_file() or entry.is_dir()):
            check_readable(Path(entry.path))
    return [folder / entry.name for entry in found]


def are_parts(first: Path, axes: str | None) -> bool:
    """Whether files like `first` are parts to be strung together: anything but a plane, or a coloured one, each.

    Raises AxesError where a stack does not say, and `axes` neither, whether its pages are frames or planes.
    """
    if first.suffix.lower() not in TIFF:
        return first.suffix.lower() not in SUFFIXES
    found = _leading(first)
    if axes is None and set(found) - set("TCZS"):
        raise AxesError(
            f"{first}: does not say what its pages are; pass axes='TYX' (--axes TYX) to string the files together as "
            "one movie, axes='TZYX' if each is a volume"
        )
    return bool(found)


def axes_of_part(first: Path, axes: str | None) -> str | None:
    """Axes of each part, where `axes` are those of the whole: without the time that stringing together adds."""
    if axes is None or first.suffix.lower() not in TIFF:
        return axes
    return axes.upper().replace("T", "") if len(axes) - 2 > len(_leading(first)) else axes


def _leading(file: Path) -> str:
    """Axes of a TIFF longer than 1 before those of the plane, planar samples among them."""
    try:
        with quiet_tifffile(), tifffile.TiffFile(file) as tif:
            series = tif.series[0]
            axes = series.axes[: series.axes.index("Y")]
            return "".join(axis for axis, n in zip(axes, series.shape, strict=False) if n > 1)
    except (OSError, ValueError, IndexError, tifffile.TiffFileError):
        return ""  # what is wrong with it is told by who reads it
