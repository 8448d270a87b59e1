"""A folder, or a pattern, of single images, one for each frame, in natural order."""

from __future__ import annotations

import glob
import re
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import tifffile
from numpy.typing import NDArray

from holdstill.contracts import Frames, ImagesInfo, Source
from holdstill.errors import AxesError, FileError, MissingFile
from holdstill.io.blocks import block_shape, check_dtype, check_range
from holdstill.io.tiff_log import quiet_tifffile

__all__ = ["FolderSource"]

TIFF = (".tif", ".tiff")
SUFFIXES = (*TIFF, ".png", ".jpg", ".jpeg", ".bmp")
COLOURS = ("red", "green", "blue")


class FolderSource(Source):
    """Reads frame t from the t-th image; only the first is opened to know what all are.

    Parameters
    ----------
    path : str or path
        A folder, or a pattern such as ``"run/*.tif"``.
    axes : str, optional
        ``TYX``, ``TCYX`` for coloured images, ``TZYX`` for a volume in each file.

    Raises
    ------
    MissingFile, FileError
        There are no images, or the first cannot be read.
    AxesError
        The axes do not fit.
    """

    def __init__(self, path: str | Path, *, axes: str | None = None) -> None:
        self._path, self._axes = str(path), axes
        self._files = _images_of(self._path)
        first = self._one(0)
        own = "TYX" if first.ndim == 2 else "TCYX" if _is_coloured(self._files[0], first) else "TZYX"
        self._coloured = own == "TCYX"
        wanted = (axes or own).upper()
        if len(wanted) != first.ndim + 1 or wanted not in ("TYX", "TCYX", "TZYX"):
            raise AxesError(f"{self._path}: axes={axes!r} does not fit images of shape {first.shape}; they are {own}")
        shape = self._arranged(first).shape
        self.info = ImagesInfo(
            name=self._path, axes=wanted, shape=(len(self._files), *shape), dtype=check_dtype(first.dtype, self._path),
            channel_names=COLOURS[: shape[0]] if self._coloured and shape[0] == len(COLOURS) else (),
        )  # fmt: skip

    def read(self, start: int, stop: int, *, channel: int | None = None) -> Frames:
        check_range(self.info, start, stop, channel)
        out = np.empty(block_shape(self.info, stop - start, channel), self.info.dtype)
        expected = self.info.shape[1:]
        for row, number in enumerate(range(start, stop)):
            image = self._arranged(self._one(number))
            if image.shape != expected or image.dtype.newbyteorder("=") != self.info.dtype:
                raise FileError(
                    f"{self._files[number]}: frame {number} is {image.dtype} of shape {image.shape}, the first one "
                    f"{self.info.dtype} of {expected}; move it elsewhere, or name the others by a pattern"
                )
            chosen = image[channel] if channel is not None and "C" in self.info.axes else image
            out[row] = chosen.reshape(out.shape[1:])
        return out

    def close(self) -> None:
        """Do nothing: a file is open while it is read."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self._path, self._axes)

    def _one(self, number: int) -> NDArray[Any]:
        file = self._files[number]
        try:
            with quiet_tifffile():
                read = tifffile.imread if file.suffix.lower() in TIFF else imagecodecs.imread
                return np.asarray(read(file))
        except (OSError, ValueError, RuntimeError, EOFError, tifffile.TiffFileError) as error:
            raise FileError(
                f"{file}: frame {number} cannot be read ({error}); copy it again, or move it away"
            ) from error

    def _arranged(self, image: NDArray[Any]) -> NDArray[Any]:
        """Colours first, without their transparency."""
        return np.moveaxis(image[..., :3], -1, 0) if self._coloured else image


def _again(path: str, axes: str | None) -> FolderSource:
    return FolderSource(path, axes=axes)


def _images_of(path: str) -> list[Path]:
    """Images in natural order: 2 before 10."""
    folder = Path(path)
    if folder.is_dir():
        found = [file for file in folder.iterdir() if file.suffix.lower() in SUFFIXES and not file.name.startswith(".")]
    else:
        found = [Path(name) for name in glob.glob(path)]
    if not found:
        raise MissingFile(f"{path}: no images there; images are {', '.join(SUFFIXES)}")
    return sorted(
        found, key=lambda file: [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", str(file))]
    )


def _is_coloured(file: Path, image: NDArray[Any]) -> bool:
    return image.ndim == 3 and image.shape[-1] in (3, 4) and (file.suffix.lower() not in TIFF or image.shape[0] > 4)
