"""Volumes of medical imaging: NIfTI, NRRD and MetaImage, read by SimpleITK."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdstill.contracts import Frames, ImagesInfo, Segment, Source
from holdstill.errors import AxesError, FileError
from holdstill.extras import require
from holdstill.io.axes import check_axes
from holdstill.io.blocks import block_shape, check_dtype, check_range

__all__ = ["VolumeSource"]

UM_PER_MM = 1000.0
HEADER_BYTES, MOST_FILES = 1 << 20, 100_000
DATA_KEYS = (b"elementdatafile", b"data file", b"datafile")
WHOLE_BYTES = 1 << 28
OWN_AXES = {2: "YX", 3: "ZYX", 4: "TZYX"}


class VolumeSource(Source):
    """Reads volumes of a ``.nii``, ``.nii.gz``, ``.nrrd``, ``.mha`` or ``.mhd`` file; pixel sizes are taken for mm.

    A file below 256 MB of pixels is read once, since most of these formats cannot be read in parts without unpacking
    what is before; a larger one is read by regions.

    Parameters
    ----------
    path : str or path
    axes : str, optional
        Names of its axes; by default ``TZYX`` of four, ``ZYX`` of three dimensions.

    Raises
    ------
    FileError
        It is damaged, or its pixels are vectors.
    AxesError
        The axes do not fit.
    MissingExtra
        SimpleITK is not installed.
    """

    def __init__(self, path: str | Path, *, axes: str | None = None) -> None:
        self._itk = require("SimpleITK", "itk", f"reading {path}")
        self._path, self._axes = Path(path), axes
        reader = self._itk.ImageFileReader()
        reader.SetFileName(str(path))
        try:
            reader.ReadImageInformation()
        except RuntimeError as error:
            raise FileError(f"{path}: cannot be read ({_last_line(error)}); copy or export it again") from error
        shape, spacing = reader.GetSize()[::-1], reader.GetSpacing()[::-1]
        if reader.GetNumberOfComponents() != 1 or len(shape) not in OWN_AXES:
            raise FileError(
                f"{path}: {reader.GetNumberOfComponents()} values a pixel in {len(shape)} dimensions are not read; "
                "export one value a pixel, in two to four dimensions"
            )
        wanted = check_axes(axes or OWN_AXES[len(shape)], str(path))
        if len(wanted) != len(shape):
            raise AxesError(f"{path}: axes={axes!r} does not fit its {len(shape)} dimensions; name each of them")
        kind = self._itk.GetArrayViewFromImage(self._itk.Image([1] * len(shape), reader.GetPixelID())).dtype
        sizes = dict(zip(wanted, spacing, strict=True))
        self.info = ImagesInfo(
            name=str(path), axes=wanted, shape=tuple(int(n) for n in shape), dtype=check_dtype(kind, str(path)),
            pixel_size_um=(_um(sizes.get("Z")), _um(sizes["Y"]), _um(sizes["X"])),
            frame_interval_s=sizes.get("T") if len(shape) == 4 else None,
        )  # fmt: skip
        self._whole: NDArray[Any] | None = None
        self._lock = threading.Lock()

    def read(self, start: int, stop: int, *, channel: int | None = None) -> Frames:
        check_range(self.info, start, stop, channel)
        images = self._all() if self.info.n_frames * self.info.frame_bytes <= WHOLE_BYTES else None
        if "T" not in self.info.axes:
            part = images if images is not None else self._region([0] * self.info.ndim, self.info.shape)
            part = part[None] if stop > start else part[None][:0]
        elif images is not None or start == stop:
            part = np.empty((0,)) if images is None else images[start:stop]
        else:
            part = self._region([start] + [0] * (len(self.info.shape) - 1), (stop - start, *self.info.shape[1:]))
        return np.array(part, self.info.dtype, order="C", copy=True).reshape(
            block_shape(self.info, stop - start, channel)
        )

    @property
    def stored_bytes(self) -> int | None:
        return None if self._path.suffix.lower() == ".mhd" else self._path.stat().st_size

    @property
    def segment(self) -> Segment | None:
        whole, stored = self.info.n_frames * self.info.frame_bytes, self.stored_bytes
        is_packed = stored is not None and stored < whole
        return Segment(unpacked=whole, stored=stored) if is_packed else None

    @property
    def files(self) -> tuple[Path, ...]:
        return (self._path, *_data_files(self._path))

    def close(self) -> None:
        self._whole = None

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, (self._path.absolute(), self._axes)

    def _all(self) -> NDArray[Any]:
        with self._lock:
            if self._whole is None:
                self._whole = self._region([0] * len(self.info.shape), self.info.shape)
            return self._whole

    def _region(self, start: list[int], size: tuple[int, ...]) -> NDArray[Any]:
        reader = self._itk.ImageFileReader()
        reader.SetFileName(str(self._path))
        reader.SetExtractIndex(start[::-1])
        reader.SetExtractSize(size[::-1])
        try:
            return np.asarray(self._itk.GetArrayFromImage(reader.Execute()))
        except RuntimeError as error:
            raise FileError(
                f"{self._path}: frames {start[0]} to {start[0] + size[0] - 1} cannot be read ({_last_line(error)}); "
                "the file is damaged or cut short: copy it again"
            ) from error


def _again(path: Path, axes: str | None) -> VolumeSource:
    return VolumeSource(path, axes=axes)


def _data_files(path: Path) -> list[Path]:
    """Files beside a header, MHD's or NRRD's, in which it says that the pixels lie."""
    if path.suffix.lower() not in (".mhd", ".mha", ".nrrd"):
        return []
    with path.open("rb") as file:
        head = file.read(HEADER_BYTES).replace(b"\r", b"").split(b"\n\n")[0].splitlines()
    for number, line in enumerate(head):
        key, _, value = line.replace(b"=", b":", 1).partition(b":")
        if key.strip().lower() in DATA_KEYS:
            words = os.fsdecode(value.strip())
            listed = [os.fsdecode(name.strip()) for name in head[number + 1 :]]
            names = listed if words.upper().startswith("LIST") else _of_pattern(words)
            return [path.parent / name for name in names if name.upper() != "LOCAL"]
    return []


def _of_pattern(words: str) -> list[str]:
    """Names of ``slice%03d.raw 1 20 1``, or the one name."""
    pattern, *numbers = words.rsplit(maxsplit=3)
    if "%" not in pattern or len(numbers) != 3 or not all(number.lstrip("-").isdigit() for number in numbers):
        return [words]
    first, last, step = map(int, numbers)
    many = range(first, last + 1, max(step, 1))
    try:
        return [pattern % number for number in many[:MOST_FILES]]
    except (TypeError, ValueError):
        return [words]


def _um(millimetres: float | None) -> float | None:
    return millimetres * UM_PER_MM if millimetres is not None and 0 < millimetres < np.inf else None


def _last_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1] if lines else type(error).__name__
