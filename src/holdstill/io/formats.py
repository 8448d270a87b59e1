"""Which class reads and writes which file: the suffix table, and the two doors that use it."""

from __future__ import annotations

import glob
import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

from holdstill.contracts import ImagesInfo, Sink, Source
from holdstill.errors import FileError, InputError, MissingFile
from holdstill.io.array import ArraySource
from holdstill.io.array_files import SEPARATOR, Hdf5Source, NpySource
from holdstill.io.folder_source import FolderSource
from holdstill.io.tiff_sink import TiffSink
from holdstill.io.tiff_source import TiffSource

__all__ = ["check_shared", "create_sink", "open_source"]

Part = TypeVar("Part")


# formats that several processes may write at once
SHARED = (".zarr",)


def _later(module: str, name: str) -> Callable[..., Any]:
    """A class whose module, which is slow to import, is loaded when it is asked for."""
    return lambda *arguments, **options: getattr(import_module(f"holdstill.io.{module}"), name)(*arguments, **options)


READERS: dict[str, Callable[..., Source]] = {
    ".tif": TiffSource,
    ".tiff": TiffSource,
    ".btf": TiffSource,
    ".tf2": TiffSource,
    ".tf8": TiffSource,
    ".lsm": TiffSource,
    ".stk": TiffSource,
    ".zarr": _later("zarr_source", "ZarrSource"),
    ".npy": NpySource,
    ".h5": Hdf5Source,
    ".hdf5": Hdf5Source,
}
WRITERS: dict[str, Callable[..., Sink]] = {
    ".tif": TiffSink,
    ".tiff": TiffSink,
    ".btf": TiffSink,
    ".tf2": TiffSink,
    ".tf8": TiffSink,
    ".zarr": _later("zarr_sink", "ZarrSink"),
}


def open_source(images: Any, *, axes: str | None = None) -> Source:
    """Open images for reading, whatever they are.

    Parameters
    ----------
    images : path, array or Source
        A file of a known suffix, ``file.h5::/dataset``, a folder or a pattern of single images, the address of a Zarr;
        anything with a shape, a dtype and slices (NumPy, Dask, Zarr, xarray); or a source, which is returned as it is.
    axes : str, optional
        Names of the axes that are longer than 1, a subset of ``TCZYX`` in that order. By default what the file or the
        xarray says; a plain array of three dimensions is ``TYX``.

    Returns
    -------
    Source
        To be closed by the caller.

    Raises
    ------
    MissingFile
        There is no such file.
    FileError
        The file is damaged or of a format that is not read.
    AxesError
        The axes are ambiguous or do not fit.
    """
    if isinstance(images, Source):
        if axes is not None and axes != images.info.axes:
            raise InputError(
                f"{images.info.name}: is open already with axes {images.info.axes}; leave out axes={axes!r}"
            )
        return images
    if not isinstance(images, str | os.PathLike):
        return ArraySource(images, axes=axes)
    if "://" in str(images) or ".zarr" in (parent.suffix for parent in Path(images).parents):
        return READERS[".zarr"](str(images), axes=axes)  # an address, or something inside of a Zarr
    if SEPARATOR in str(images):
        return _by_suffix(Path(str(images).partition(SEPARATOR)[0]), READERS, "read")(str(images), axes=axes)
    path = Path(images)
    if glob.has_magic(str(path)) and not path.exists():
        return FolderSource(path, axes=axes)
    if path.is_dir() and path.suffix.lower() not in READERS:
        return FolderSource(path, axes=axes)
    if not path.exists():
        raise MissingFile(f"{path}: no such file; check the name and the folder {path.absolute().parent}")
    return _by_suffix(path, READERS, "read")(path, axes=axes)


def create_sink(
    path: str | os.PathLike[str], info: ImagesInfo, *, overwrite: bool = False, workspace: Path | None = None
) -> Sink:
    """Create a file that takes the frames of images like `info`; its suffix says which format.

    Parameters
    ----------
    path : path
        The target. It appears when the sink is finished, and not before.
    info : ImagesInfo
        Axes, shape, dtype and pixel size of what will be written.
    overwrite : bool
        Replace a target that exists.
    workspace : path, optional
        A folder beside the target that keeps what is unfinished when the sink is closed, so that it can be resumed.

    Raises
    ------
    FileInTheWay
        The target exists and `overwrite` is False.
    NoSpace
        The disk cannot hold the result.
    FileError
        The format is not written, cannot hold these pixels, or the folder is missing or read-only.
    """
    return _by_suffix(Path(path), WRITERS, "written")(Path(path), info, overwrite=overwrite, workspace=workspace)


def check_shared(path: str | os.PathLike[str]) -> None:
    """Raise FileError unless several processes may write such a file at once."""
    if Path(path).suffix.lower() not in SHARED:
        raise FileError(
            f"{path}: several processes cannot write such a file at once; write OME-Zarr, as OUT.ome.zarr, or take "
            "engine='threads'"
        )


def _by_suffix(path: Path, table: dict[str, Part], verb: str) -> Part:
    part = table.get(path.suffix.lower())
    if part is None:
        raise FileError(f"{path}: no format of the suffix {path.suffix!r} is {verb}; known are {', '.join(table)}")
    return part
